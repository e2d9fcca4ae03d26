"""Signals of one answer: what speaks, what never speaks alone, and that nothing is excluded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quality import signals
from rules.quality.signals import HELD_MOST_MS, Seen, decide_held, weigh, words_of

EVEN = (0.5, 0.5)
FAST = Seen(words=200, spent_ms=5_000, usual_ms=60_000)
SAME = Seen(labels=[0] * 30, usual=EVEN)
WRONG = Seen(agreed=25, compared=60, by_chance=0.5)
MISSED = Seen(golds_right=2, golds=12, golds_by_chance=0.5)
REPEATS = Seen(repeats=12, repeats_alike=2)
SIDES = Seen(first=40, second=4)
EACH = {"haste": FAST, "buttons": SAME, "peers": WRONG, "golds": MISSED, "repeats": REPEATS, "sides": SIDES}


def together(*seen: Seen) -> Seen:
    """Put what was seen several times into one."""
    whole = Seen()
    changes = {
        name: getattr(one, name)
        for one in seen
        for name in Seen.__slots__
        if getattr(one, name) != getattr(whole, name)
    }
    return Seen(**changes)


@pytest.mark.parametrize(("name", "seen"), EACH.items())
def test_no_signal_holds_an_answer_alone(name: str, seen: Seen) -> None:
    verdict = weigh(seen)
    assert (verdict.status, verdict.rule) == ("counted", name)
    assert set(verdict.figures) == {name}


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("haste", "buttons"), "held"),
        (("haste", "peers"), "held"),
        (("golds", "buttons"), "held"),
        (("haste", "repeats"), "counted"),
        (("repeats", "sides"), "counted"),
        (("haste", "repeats", "sides"), "held"),
        # Being wrong is for the sequential test, which knows how often it errs.
        (("golds", "peers"), "counted"),
        (("golds", "peers", "sides"), "held"),
    ],
)
def test_two_that_matter_hold_it(names: tuple[str, ...], status: str) -> None:
    verdict = weigh(together(*(EACH[name] for name in names)))
    assert verdict.status == status
    assert set(verdict.rule.split("+")) == set(names)
    assert verdict.version == signals.VERSION


def test_where_nothing_is_known_nothing_speaks() -> None:
    assert weigh(Seen()) == signals.Verdict("counted", "", {})


@pytest.mark.parametrize(
    ("words", "spent_ms", "usual_ms", "speaks"),
    [
        (200, 5_000, None, True),
        (200, 39_999, None, True),
        (200, 40_000, None, False),
        # A third of what is usual, where that lies below the floor: many look for what matters.
        (2_000, 19_000, 60_000, True),
        (2_000, 21_000, 60_000, False),
        # On a short text the quick answers are the good ones.
        (30, 500, 60_000, False),
        (200, 0, 60_000, False),
    ],
)
def test_haste(words: int, spent_ms: int, usual_ms: int | None, speaks: bool) -> None:
    verdict = weigh(Seen(words=words, spent_ms=spent_ms, usual_ms=usual_ms))
    assert ("haste" in verdict.figures) == speaks


@pytest.mark.parametrize(
    ("labels", "usual", "speaks"),
    [
        ([0] * 14, EVEN, False),
        ([0] * 20, EVEN, True),
        # Where nine in ten answers are this one, fifty in a row are no wonder.
        ([0] * 50, (0.9, 0.1), False),
        ([1] * 12 + [0] * 8, (0.97, 0.03), True),
        ([0, 1] * 25, EVEN, False),
        ([0] * 50, (), False),
    ],
)
def test_buttons(labels: list[int], usual: tuple[float, ...], speaks: bool) -> None:
    assert ("buttons" in weigh(Seen(labels=labels, usual=usual)).figures) == speaks


def test_careful_people_are_hardly_ever_found_at_their_buttons() -> None:
    chance = np.random.default_rng(5)
    found = sum(
        "buttons"
        in weigh(Seen(labels=chance.choice(3, 50, p=(0.6, 0.3, 0.1)).tolist(), usual=(0.6, 0.3, 0.1))).figures
        for _ in range(2_000)
    )
    assert found <= 1, "stated: 1 in 10,000 looks"


@given(st.integers(0, 300), st.integers(0, 300))
def test_whoever_agrees_as_often_as_acceptable_is_silent(right: int, more: int) -> None:
    verdict = weigh(Seen(agreed=right, compared=right + more, by_chance=0.5))
    if right >= 0.675 * (right + more):
        assert verdict.rule == ""


def test_words_are_counted_in_scripts_without_spaces_too() -> None:
    assert words_of(["two words", "", "and\nthree more"]) == 5
    assert words_of(["机器学习模型的输出"]) == 1 + 9 // 2


@pytest.mark.parametrize(
    ("held_ms", "log_e", "stops", "is_removed", "status"),
    [
        (0, 0.0, False, False, "counted"),
        (0, 1.0, False, False, "held"),
        (HELD_MOST_MS, 1.0, False, False, "counted"),
        (HELD_MOST_MS, 5.0, True, False, "held"),
        (0, 0.0, False, True, "excluded"),
    ],
)
def test_what_becomes_of_a_held_answer(
    held_ms: int, log_e: float, stops: bool, is_removed: bool, status: str
) -> None:
    assert decide_held(held_ms, log_e, stops=stops, is_removed=is_removed) == status
