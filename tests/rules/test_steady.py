"""Steady time: it goes on as time does, whatever the clock on the wall is set to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules import steady
from rules.credit import DAY_MS, HOUR_MS
from rules.steady import STEP_MS

WALL_MS = 1_700_000_000_000
PASSED = st.integers(0, DAY_MS)
STEPS = st.sampled_from(
    [0, 0, 0, 1, -1, 499, -499, 500, -500, 7_000, -7_000, HOUR_MS, -HOUR_MS]
) | st.integers(-3 * DAY_MS, 3 * DAY_MS)


@given(st.lists(st.tuples(PASSED, STEPS), max_size=40), st.integers(-DAY_MS, DAY_MS), st.integers(0, DAY_MS))
def test_it_never_goes_back_and_passes_as_time_does(
    readings: list[tuple[int, int]], stepped_ms: int, up_ms: int
) -> None:
    wall_ms, passed_ms = WALL_MS, up_ms
    state = first = steady.begin(wall_ms, passed_ms, stepped_ms)
    for passing_ms, step_ms in readings:
        wall_ms, passed_ms = wall_ms + passing_ms + step_ms, passed_ms + passing_ms
        before, state = state, steady.follow(state, wall_ms, passed_ms)
        assert state.steady_ms >= before.steady_ms
        gone_ms = passed_ms - up_ms
        assert abs(state.steady_ms - first.steady_ms - gone_ms) < STEP_MS, "however often the clock is set"


@given(st.lists(PASSED, max_size=20))
def test_a_clock_that_nobody_sets_is_steady_time(passing: list[int]) -> None:
    wall_ms, passed_ms = WALL_MS, 5
    state = steady.begin(wall_ms, passed_ms)
    for passing_ms in passing:
        wall_ms, passed_ms = wall_ms + passing_ms, passed_ms + passing_ms
        state = steady.follow(state, wall_ms, passed_ms)
        assert state == steady.Steady(wall_ms, 0, WALL_MS - 5)


@given(st.integers(-3 * DAY_MS, 3 * DAY_MS), st.integers(-DAY_MS, DAY_MS), st.integers(0, HOUR_MS))
def test_a_start_goes_on_where_the_books_end(set_by_ms: int, stepped_ms: int, down_ms: int) -> None:
    latest_ms = WALL_MS - stepped_ms
    wall_ms = WALL_MS + set_by_ms + down_ms
    state = steady.begin(wall_ms, 17, stepped_ms, latest_ms)
    assert state.steady_ms == max(latest_ms, latest_ms + set_by_ms + down_ms)
    assert state.steady_ms == wall_ms - state.stepped_ms
    after = steady.follow(state, wall_ms + 1_000, 1_017)
    assert after.steady_ms == state.steady_ms + 1_000
