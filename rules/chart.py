"""The geometry of a chart of weeks: panels of bars, one above the other, with their figures as digits. Pure; drawing it is another's.

Whole pixels, origin at the top left. No bar is taken for nothing: a week of zero has a line and a "0", and a small one is seen.
"""

from __future__ import annotations

import dataclasses

WIDTH = 1080
MARGIN = 40
TITLE_HEIGHT = 64
BARS_HEIGHT = 260
VALUE_HEIGHT = 52
GAP = 36
LABEL_HEIGHT = 64
BAR_LEAST = 6
"""The height of a bar whose value is more than nothing."""
LINE = 4
TEXT_SIZE = 38
TEXT_SIZE_LEAST = 20
DIGIT_SHARE = 62
"""A digit's width in hundredths of the size of its text."""
PANELS_MAX = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Panel:
    """A row of bars. `title`: such as "h" or "USD"; `values` in any whole unit; `figures`: how each is written. `hue`: which colour."""

    title: str
    values: tuple[int, ...]
    figures: tuple[str, ...]
    hue: str


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """Panels over the same weeks, whose labels stand below them. The last week is not over yet."""

    labels: tuple[str, ...]
    panels: tuple[Panel, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """A rectangle to fill, its edges included on the left and on top only. `fades`: of the week that is not over."""

    left: int
    top: int
    right: int
    bottom: int
    hue: str
    fades: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """A text around a point. `anchor`: as Pillow names it: "mb" is centred above, "mt" centred below, "lm" to the right of it."""

    x: int
    y: int
    text: str
    anchor: str
    size: int
    hue: str


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]


def lay_out(chart: Chart) -> Picture:
    """Lay a chart out. Raise ValueError for panels that do not fit the labels, too many panels, or no weeks."""
    weeks = len(chart.labels)
    if not 0 < len(chart.panels) <= PANELS_MAX:
        raise ValueError(f"a chart has 1 to {PANELS_MAX} panels, not {len(chart.panels)}")
    if not weeks or any(len(panel.values) != weeks or len(panel.figures) != weeks for panel in chart.panels):
        raise ValueError("each panel has a value and a figure for each week")
    boxes: list[Box] = []
    words: list[Words] = []
    top = MARGIN
    for panel in chart.panels:
        _panel(panel, top, boxes, words)
        top += TITLE_HEIGHT + VALUE_HEIGHT + BARS_HEIGHT + GAP
    size = _size(chart.labels, _slot(weeks))
    for place, label in enumerate(chart.labels):
        words.append(Words(_middle(place, weeks), top - GAP + 18, label, "mt", size, "muted"))
    return Picture(WIDTH, top - GAP + LABEL_HEIGHT + MARGIN // 2, tuple(boxes), tuple(words))


def _panel(panel: Panel, top: int, boxes: list[Box], words: list[Words]) -> None:
    weeks = len(panel.values)
    words.append(Words(MARGIN, top + TITLE_HEIGHT // 2, panel.title, "lm", TEXT_SIZE, panel.hue))
    foot = top + TITLE_HEIGHT + VALUE_HEIGHT + BARS_HEIGHT
    boxes.append(Box(MARGIN, foot, WIDTH - MARGIN, foot + LINE, "line"))
    highest = max(*panel.values, 1)
    half = _slot(weeks) * 3 // 8
    size = _size(panel.figures, _slot(weeks))
    for place, (value, figure) in enumerate(zip(panel.values, panel.figures, strict=True)):
        middle, height = _middle(place, weeks), _height(value, highest)
        if height:
            boxes.append(
                Box(middle - half, foot - height, middle + half, foot, panel.hue, fades=place == weeks - 1)
            )
        words.append(Words(middle, foot - height - 8, figure, "mb", size, "text" if height else "muted"))


def _height(value: int, highest: int) -> int:
    return max(BAR_LEAST, value * BARS_HEIGHT // highest) if value > 0 else 0


def _slot(weeks: int) -> int:
    return (WIDTH - 2 * MARGIN) // weeks


def _middle(place: int, weeks: int) -> int:
    return MARGIN + (2 * place + 1) * (WIDTH - 2 * MARGIN) // (2 * weeks)


def _size(texts: tuple[str, ...], slot: int) -> int:
    """Give the size at which the longest of some texts keeps to its week."""
    longest = max(1, *(len(text) for text in texts))
    return max(TEXT_SIZE_LEAST, min(TEXT_SIZE, (slot - 8) * 100 // (longest * DIGIT_SHARE)))
