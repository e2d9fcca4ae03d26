"""The picture of the weeks: a PNG that Telegram takes as a photo, drawn once, on another thread."""

from __future__ import annotations

import io
import threading

import pytest
from PIL import Image

from bot import drawing
from rules import chart
from rules.chart import Chart, Panel

CHART = Chart(
    ("6.11", "13.11"),
    (
        Panel("h", (0, 3_600_000), ("0", "1.0"), "time"),
        Panel("USD", (0, 24_000_000), ("0", "24.0"), "money"),
        Panel("EUR", (1, 2), ("0.1", "0.1"), "other"),
    ),
)


async def test_a_chart_is_drawn_as_a_photo_of_few_bytes() -> None:
    data = await drawing.draw(CHART)
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.width == 1080
        assert 1 / 3 < image.width / image.height < 3
        colours = image.convert("RGB").getcolors(100_000)
    assert colours is not None
    assert max(colours)[1] == drawing.BACKGROUND, "the bars stand on the background"
    drawn = {colour for _count, colour in colours}
    assert {drawing.HUES["line"], drawing.HUES["text"], drawing.HUES["other"]} <= drawn
    assert len(data) < 60_000


async def test_the_same_chart_is_drawn_once_and_not_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing.png.cache_clear()
    where: list[str] = []
    lay_out = chart.lay_out

    def noted(wanted: Chart) -> object:
        where.append(threading.current_thread().name)
        return lay_out(wanted)

    monkeypatch.setattr(chart, "lay_out", noted)
    assert await drawing.draw(CHART) == await drawing.draw(CHART)
    assert len(where) == 1
    assert where[0] != threading.main_thread().name
