"""The life of a project: which moves there are, what opening needs, and what may change once somebody has begun."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import project_state
from rules.project_file import Project
from rules.project_state import FEWEST_FOR_A_VIEW, MOVES, Stock
from tests.rules.definitions import EVERY_KIND, choice, define, scale, tags

READY = Stock(training=2, exam=3, gold=10, work=100)
PROJECT = define(qualification={"training": 2, "exam": 3})


def test_nothing_moves_to_where_it_is_and_nothing_becomes_a_draft_again() -> None:
    assert set(MOVES) == {"open", "paused", "closed"}
    assert all(state not in before for state, before in MOVES.items())
    assert "draft" not in MOVES["paused"]


def test_a_project_with_enough_of_everything_can_open() -> None:
    assert project_state.missing_to_open(PROJECT, READY) == []


@pytest.mark.parametrize(
    ("use", "words"),
    [
        ("work", "no items"),
        ("training", "2 training items"),
        ("exam", "3 exam items"),
        ("gold", "gold_share"),
    ],
)
def test_what_is_missing_is_named(use: str, words: str) -> None:
    [said] = project_state.missing_to_open(PROJECT, dataclasses.replace(READY, **{use: 0}))
    assert words in said


@given(st.floats(0.0, 1.0), st.integers(0, 10_000))
def test_gold_is_asked_for_by_its_share_and_no_more_than_a_view_takes(share: float, work: int) -> None:
    needed = project_state.gold_needed(share, work)
    assert 0 <= needed <= FEWEST_FOR_A_VIEW
    assert (needed == 0) == (share == 0)
    if share and needed < FEWEST_FOR_A_VIEW:
        assert needed == max(1, math.ceil(share * work))


def changed(before: Project, *, imported: bool = True, shown: bool = True, **parts: Any) -> str | None:
    after = Project.model_validate(before.model_dump(by_alias=True, mode="json") | parts, strict=False)
    return project_state.change_trouble(before, after, imported=imported, shown=shown)


def test_words_money_and_people_may_always_change() -> None:
    assert changed(PROJECT, title="Another", instructions="Read on.") is None
    assert changed(PROJECT, quality={"gold_share": 0.2, "overlap": [3, 7]}) is None


@pytest.mark.parametrize("part", ["show", "ask"])
def test_what_was_seen_and_answered_stays(part: str) -> None:
    others = {"show": [{"field": "question"}], "ask": [choice("correct", "yes", "no", "unsure")]}
    other: dict[str, Any] = {part: others[part]}
    said = changed(PROJECT, **other)
    assert said is not None
    assert f"[[{part}]]" in said
    assert changed(PROJECT, shown=False, **other) is None, "nobody has seen it yet"


def test_items_that_are_there_must_have_what_is_shown() -> None:
    more = [{"field": "question"}, {"field": "solution"}, {"field": "hint"}]
    said = changed(PROJECT, shown=False, show=more)
    assert said is not None
    assert '"hint"' in said
    assert changed(PROJECT, shown=False, imported=False, show=more) is None


@pytest.mark.parametrize(
    ("ask", "fits"),
    [
        ([choice("correct", "yes", "no", "unsure", "maybe")], True),
        ([choice("correct", "yes", "no")], False),
        ([choice("other", "yes", "no", "unsure")], False),
        ([tags("correct", "yes", "no", "unsure")], False),
    ],
)
def test_gold_that_is_there_must_stay_an_answer(ask: list[dict[str, object]], fits: bool) -> None:
    before = define(ask=[choice("correct", "yes", "no", "unsure")])
    assert (changed(before, shown=False, ask=ask) is None) is fits


@pytest.mark.parametrize(("low", "high", "fits"), [(1, 5, True), (0, 6, True), (1, 4, False), (2, 6, False)])
def test_a_scale_may_grow(low: int, high: int, fits: bool) -> None:
    before = define(ask=[scale("clear")])
    assert (changed(before, shown=False, ask=[scale("clear", low, high)]) is None) is fits


def test_a_file_that_says_the_same_changes_nothing() -> None:
    assert changed(EVERY_KIND) is None


@pytest.mark.parametrize(
    ("confidence", "golds"), [(0.5, 1), (0.9, 8), (0.95, 18), (0.99, 98), (1.0, 999_998)]
)
def test_so_many_golds_bear_a_confidence_out(confidence: float, golds: int) -> None:
    assert project_state.golds_useful(confidence) == golds
    if golds > 1:
        assert (golds + 1) / (golds + 2) >= min(confidence, 0.999999)
        assert golds / (golds + 1) < confidence
