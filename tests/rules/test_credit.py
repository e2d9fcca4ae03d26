"""Credited time: never negative, never above the cap or the clock on the wall."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import credit

MOMENTS = st.integers(-(2**53), 2**53)
CAPS = st.integers(1_000, credit.HOUR_MS)


@given(MOMENTS, MOMENTS)
def test_a_stretch_is_what_passed_and_a_clock_set_back_is_no_time(shown_ms: int, until_ms: int) -> None:
    assert credit.segment_ms(shown_ms, until_ms) == (until_ms - shown_ms if until_ms > shown_ms else 0)


@given(st.lists(st.integers(0, credit.DAY_MS), max_size=12), CAPS)
def test_stretches_are_credited_up_to_the_cap_and_the_clock_on_the_wall(
    steps: list[int], cap_ms: int
) -> None:
    spent, now_ms = 0, 0
    for step in steps:
        spent += credit.segment_ms(now_ms, now_ms + step)
        now_ms += step
    assert credit.credited_ms(spent, cap_ms) == min(now_ms, cap_ms)


@given(MOMENTS, CAPS)
def test_credit_lies_between_nothing_and_the_cap(spent_ms: int, cap_ms: int) -> None:
    assert 0 <= credit.credited_ms(spent_ms, cap_ms) <= cap_ms


@given(st.integers(1, credit.HOUR_MS))
def test_an_item_is_held_long_enough_to_use_its_cap(cap_ms: int) -> None:
    assert max(cap_ms, 10 * credit.MINUTE_MS) <= credit.lease_ms(cap_ms) <= credit.HOUR_MS


@pytest.mark.parametrize(
    ("duration_ms", "shown"),
    [
        (0, "0 s"),
        (999, "0 s"),
        (41_000, "41 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (850_000, "14 min 10 s"),
        (3_600_000, "1 h 00 min"),
        (11_100_000, "3 h 05 min"),
        (4_000_000_000, "1,111 h 06 min"),
    ],
)
def test_durations_are_written_as_people_write_them(duration_ms: int, shown: str) -> None:
    assert credit.show(duration_ms) == shown


@pytest.mark.parametrize(
    ("duration_ms", "shown"),
    [
        (45_000, "45 s"),
        (44_001, "45 s"),
        (89_999, "90 s"),
        (90_000, "2 minutes"),
        (840_000, "14 minutes"),
        (3_541_000, "1 h 00 min"),
        (4_200_000, "1 h 10 min"),
    ],
)
def test_rough_durations_are_rounded_up(duration_ms: int, shown: str) -> None:
    assert credit.show_about(duration_ms) == shown
