"""Pictures: draws what `rules.chart` laid out, as PNG, on a thread of its own so that nobody's tap waits for it."""

from __future__ import annotations

import asyncio
import functools
import io

from PIL import Image, ImageDraw, ImageFont

from rules import chart
from rules.chart import Chart

KEPT = 256
"""Pictures kept by what they show, some twenty kilobytes each."""
BACKGROUND = (34, 41, 51)
"""Between Telegram's light and dark chats; its words are read on either."""
HUES = {
    "text": (236, 239, 243),
    "muted": (150, 161, 174),
    "line": (84, 95, 109),
    "time": (96, 170, 244),
    "money": (98, 199, 142),
    "other": (233, 178, 84),
}


async def draw(wanted: Chart) -> bytes:
    """Draw a chart as PNG. The same chart is drawn once."""
    return await asyncio.to_thread(png, wanted)


@functools.lru_cache(maxsize=KEPT)
def png(wanted: Chart) -> bytes:
    """Draw a chart as PNG, with nothing but what Pillow brings along."""
    picture = chart.lay_out(wanted)
    image = Image.new("RGB", (picture.width, picture.height), BACKGROUND)
    pen = ImageDraw.Draw(image)
    for box in picture.boxes:
        hue = _faded(HUES[box.hue]) if box.fades else HUES[box.hue]
        pen.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=hue)
    for words in picture.words:
        font = _font(words.size)
        pen.text((words.x, words.y), words.text, fill=HUES[words.hue], font=font, anchor=words.anchor)
    file = io.BytesIO()
    # Flat colours: a palette of them is a third of the size.
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, so it cannot write figures.")
    return font


def _faded(hue: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = ((one + other) // 2 for one, other in zip(hue, BACKGROUND, strict=True))
    return red, green, blue
