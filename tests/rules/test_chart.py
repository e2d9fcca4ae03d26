"""The geometry of the chart: bars within their panels, as high as their values, and figures that keep to their weeks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import chart
from rules.chart import Chart, Panel

VALUES = st.lists(st.one_of(st.just(0), st.integers(0, 10**12)), min_size=1, max_size=12)


def panel(values: list[int], figure: str = "12.5") -> Panel:
    return Panel("h", tuple(values), (figure,) * len(values), "time")


@given(VALUES, st.integers(1, chart.PANELS_MAX), st.text("0123456789.", min_size=1, max_size=9))
def test_everything_is_inside_and_no_bar_lies_on_another(values: list[int], panels: int, figure: str) -> None:
    picture = chart.lay_out(Chart(("20.11",) * len(values), (panel(values, figure),) * panels))
    for box in picture.boxes:
        assert 0 <= box.left < box.right <= picture.width
        assert 0 <= box.top < box.bottom <= picture.height
    for words in picture.words:
        assert 0 < words.x < picture.width
        assert 0 < words.y < picture.height
    bars = sorted((box for box in picture.boxes if box.hue == "time"), key=lambda box: (box.bottom, box.left))
    for one, other in itertools.pairwise(bars):
        assert one.bottom < other.bottom or one.right < other.left


@given(VALUES)
def test_a_bar_is_as_high_as_its_value_and_nothing_has_none(values: list[int]) -> None:
    picture = chart.lay_out(Chart(("1.1",) * len(values), (panel(values),)))
    heights = [box.bottom - box.top for box in picture.boxes if box.hue == "time"]
    worked = [value for value in values if value]
    assert len(heights) == len(worked)
    for value, height in zip(worked, heights, strict=True):
        assert height == max(chart.BAR_LEAST, value * chart.BARS_HEIGHT // max(values))
    muted = [words for words in picture.words if words.hue == "muted" and words.anchor == "mb"]
    assert len(muted) == len(values) - len(worked)


def test_the_week_that_is_not_over_fades() -> None:
    picture = chart.lay_out(Chart(("1.1", "8.1"), (panel([5, 5]),)))
    assert [box.fades for box in picture.boxes if box.hue == "time"] == [False, True]


@pytest.mark.parametrize("bad", [Chart((), ()), Chart(("1.1",), ()), Chart(("1.1",), (panel([1, 2]),))])
def test_what_cannot_be_laid_out_is_refused(bad: Chart) -> None:
    with pytest.raises(ValueError, match=r"chart has|each panel"):
        chart.lay_out(bad)
