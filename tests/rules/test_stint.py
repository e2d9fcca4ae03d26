"""Stints: a break is due after 25 active minutes, and never because of a clock."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import stint
from rules.credit import MINUTE_MS
from rules.stint import BREAK_MS, WORK_MS, Stint

START_MS = 1_700_000_000_000


def due_at(*gaps_minutes: float, opened_minutes: float = 0) -> list[int]:
    """Answer after each of these gaps and name the answers, counted from 0, with which a break was due."""
    moments = itertools.accumulate([START_MS, *(int(gap * MINUTE_MS) for gap in gaps_minutes)])
    state, found = None, []
    for place, moment in enumerate(moments):
        state, due = stint.after_answer(state, moment - int(opened_minutes * MINUTE_MS), moment)
        found += [place] * due
    return found


@pytest.mark.parametrize(
    ("gaps", "due"),
    [
        ([1] * 24, []),
        ([1] * 25, [25]),
        ([1] * 49, [25]),
        ([1] * 50, [25, 50]),
        ([4.99] * 6, [6]),
        # A pause of just as long as a break is one; what was done before it no longer counts.
        ([1] * 24 + [5] + [1] * 24, []),
        ([1] * 24 + [5] + [1] * 25, [50]),
        ([1] * 24 + [600] + [1] * 25, [50]),
        ([5] * 20, []),
    ],
)
def test_a_break_is_due_after_each_25_active_minutes(gaps: list[float], due: list[int]) -> None:
    assert due_at(*gaps) == due


def test_the_first_item_counts_from_when_it_was_shown() -> None:
    assert due_at(*[1] * 24, opened_minutes=1) == [24]
    assert due_at(*[1] * 24, opened_minutes=0) == []
    assert due_at(*[1] * 24, opened_minutes=5) == [], "an item that lay open for the length of a break"


def test_a_clock_set_back_costs_nothing_and_time_goes_on_from_there() -> None:
    assert due_at(*[1] * 20, -60, *[1] * 5) == [26]
    assert due_at(*[1] * 20, -60, *[1] * 4) == []


@given(st.lists(st.tuples(st.integers(-(2**50), 2**50), st.integers(-(2**50), 2**50)), max_size=60))
def test_no_clock_breaks_it(moments: list[tuple[int, int]]) -> None:
    state: Stint | None = None
    for shown_ms, answered_ms in moments:
        before = state
        state, due = stint.after_answer(state, shown_ms, answered_ms)
        assert 0 <= state.active_ms < WORK_MS
        assert state.answered_ms == answered_ms
        if due:
            assert state.active_ms == 0
            assert before is not None
            assert before.active_ms > WORK_MS - BREAK_MS, "no single stretch is longer than a break"


@given(st.lists(st.integers(0, BREAK_MS - 1), max_size=200))
def test_without_a_break_every_25_minutes_are_counted(gaps: list[int]) -> None:
    state, _ = stint.after_answer(None, START_MS, START_MS)
    moment, since, count = START_MS, 0, 0
    for gap in gaps:
        moment, since = moment + gap, since + gap
        state, due = stint.after_answer(state, moment - gap, moment)
        assert due == (since >= WORK_MS)
        if due:
            since, count = 0, count + 1
    assert state.active_ms == since
    assert count <= sum(gaps) // WORK_MS
