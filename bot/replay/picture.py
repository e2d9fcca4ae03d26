"""The picture of reliability: a diagram for each recording, what was told across, what was right upwards, and below it bars of how many
items stand behind each point. Drawn with Pillow at four times its size and made smaller, so that lines and dots are smooth."""

from __future__ import annotations

import dataclasses
import functools
import io
import itertools
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from bot.replay.reliability import BIN_WIDTH, Curve, Panel

WIDTH, HEIGHT = 460, 580
"""Of one diagram, in points; a picture has two pixels a point."""
LEFT, RIGHT, TOP, SQUARE = 58, 20, 78, 382
BARS_TOP, BARS_HEIGHT = 514, 44
MARGIN = 18
COLUMNS_MOST = 3
DRAWN, KEPT = 4, 2
PAPER, INK, MUTED, GRID = (255, 255, 255), (29, 36, 44), (104, 115, 128), (227, 231, 236)
HUES = ((31, 111, 209), (176, 137, 62), (140, 148, 158))
DOT = 5.0

Colour = tuple[int, int, int]


@dataclasses.dataclass(slots=True)
class _Pen:
    """Draws in points from the top left of one diagram."""

    draw: ImageDraw.ImageDraw
    x: float
    y: float

    def line(
        self, one: tuple[float, float], other: tuple[float, float], hue: Colour, width: float = 1.0
    ) -> None:
        self.draw.line((*self._at(*one), *self._at(*other)), hue, max(1, round(width * DRAWN)))

    def box(self, left: float, top: float, right: float, bottom: float, hue: Colour) -> None:
        if right > left and bottom > top:
            self.draw.rectangle((*self._at(left, top), *self._at(right, bottom)), hue)

    def dot(self, x: float, y: float, hue: Colour, *, hollow: bool) -> None:
        spot = (*self._at(x - DOT, y - DOT), *self._at(x + DOT, y + DOT))
        self.draw.ellipse(spot, PAPER if hollow else hue, hue, round(1.8 * DRAWN))

    def words(self, x: float, y: float, words: str, size: int, hue: Colour, anchor: str) -> None:
        self.draw.text(self._at(x, y), words, hue, _font(size * DRAWN), anchor)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (self.x + x) * DRAWN, (self.y + y) * DRAWN


def png(panels: Sequence[Panel]) -> bytes:
    """Draw the diagrams side by side, three in a row at most."""
    columns = min(COLUMNS_MOST, len(panels))
    rows = math.ceil(len(panels) / columns)
    size = columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN
    image = Image.new("RGB", (size[0] * DRAWN, size[1] * DRAWN), PAPER)
    draw = ImageDraw.Draw(image)
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        _panel(_Pen(draw, MARGIN + column * WIDTH, MARGIN + row * HEIGHT), panel)
    file = io.BytesIO()
    small = image.resize((size[0] * KEPT, size[1] * KEPT), Image.Resampling.LANCZOS)
    small.quantize(128).save(file, "PNG", optimize=True)
    return file.getvalue()


def _panel(pen: _Pen, panel: Panel) -> None:
    pen.words(LEFT, 20, panel.title, 19, INK, "ls")
    pen.words(LEFT, 41, panel.words, 12, MUTED, "ls")
    _legend(pen, panel.curves)
    _axes(pen, panel.least)
    for number, one in reversed(list(enumerate(panel.curves))):
        _curve(pen, one, panel.least, HUES[number % len(HUES)], hollow=number > 0)
    if panel.curves:
        _bars(pen, panel.curves[0].counts, panel.least)


def _legend(pen: _Pen, curves: Sequence[Curve]) -> None:
    x = float(LEFT)
    for number, one in enumerate(curves):
        hue = HUES[number % len(HUES)]
        pen.dot(x + DOT, 56, hue, hollow=number > 0)
        pen.words(x + 16, 60, one.name, 12, INK, "ls")
        x += 16 + _font(12 * DRAWN).getlength(one.name) / DRAWN + 22


def _axes(pen: _Pen, least: float) -> None:
    """Draw a grid at the tenths, or at the twentieths where few of them are shown, and the diagonal on which all would lie."""
    step = 0.05 if least >= 0.79 else 0.1
    for number in range(round((1 - least) / step) + 1):
        value = least + number * step
        across, up = _x(value, least), _y(value, least)
        pen.line((across, TOP), (across, TOP + SQUARE), GRID)
        pen.line((LEFT, up), (LEFT + SQUARE, up), GRID)
        pen.words(LEFT - 8, up, f"{value * 100:.0f}", 12, MUTED, "rm")
        pen.words(across, TOP + SQUARE + 16, f"{value * 100:.0f}", 12, MUTED, "mm")
    for number in range(0, 60, 2):
        start, end = (least + (1 - least) * place / 60 for place in (number, number + 1))
        pen.line((_x(start, least), _y(start, least)), (_x(end, least), _y(end, least)), MUTED, 1.2)
    pen.words(LEFT + 8, TOP + 16, "right, %", 12, MUTED, "ls")
    pen.words(LEFT + SQUARE - 6, TOP + SQUARE - 8, "told, %", 12, MUTED, "rs")


def _curve(pen: _Pen, shown: Curve, least: float, hue: Colour, *, hollow: bool) -> None:
    spots = [(_x(one.told, least), _y(one.right, least)) for one in shown.bins]
    for start, end in itertools.pairwise(spots):
        pen.line(start, end, _pale(hue), 1.4)
    for one, (x, y) in zip(shown.bins, spots, strict=True):
        if not hollow:
            pen.line((x, _y(max(one.low, least), least)), (x, _y(one.high, least)), hue, 1.6)
        pen.dot(x, y, hue, hollow=hollow)


def _bars(pen: _Pen, counts: Sequence[float], least: float) -> None:
    """Draw how many items were told with each confidence; the largest bar has its figure."""
    most = max(counts)
    bottom = BARS_TOP + BARS_HEIGHT
    for place, count in enumerate(counts):
        left, right = (max(_x((place + more) * BIN_WIDTH, least), LEFT) for more in (0, 1))
        if count and right > left:
            height = max(1.0, BARS_HEIGHT * count / most)
            pen.box(left + 1, bottom - height, right - 1, bottom, _pale(HUES[0]))
        if count == most:
            pen.words(right - 1, BARS_TOP - 5, f"{count:,.0f} items", 12, MUTED, "rs")
    pen.line((LEFT, bottom), (LEFT + SQUARE, bottom), MUTED)


def _x(value: float, least: float) -> float:
    return LEFT + SQUARE * (value - least) / (1 - least)


def _y(value: float, least: float) -> float:
    return TOP + SQUARE * (1 - (value - least) / (1 - least))


def _pale(hue: Colour) -> Colour:
    red, green, blue = (round(part + (255 - part) * 0.55) for part in hue)
    return red, green, blue


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, so it cannot write figures.")
    return font
