"""Krippendorff's alpha and Gwet's AC1: published examples, cases computed by hand, intervals, and what must hold for any answers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.agreement import Agreement, alpha, measure

# The reliability data of the worked example in Krippendorff's "Computing Krippendorff's Alpha-Reliability" (2011), part C:
# four observers, twelve units, answers missing where there is a dot.
OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
UNITS = [
    [int(word) for word in column if word != "."]
    for column in zip(*(line.split() for line in OBSERVERS.strip().splitlines()), strict=True)
]


def test_the_published_example() -> None:
    nominal, ordinal = alpha(UNITS), alpha(UNITS, ordered=True)
    assert nominal is not None
    assert ordinal is not None
    assert round(nominal, 3) == 0.743
    assert round(ordinal, 3) == 0.815


@pytest.mark.parametrize(
    ("units", "nominal"),
    [
        # Two observers, binary, from the same paper, part A: n = 20, o01 = 4, n0 = 14, n1 = 6.
        ([[0, 1], [1, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [1, 1], [0, 1], [0, 1]], 0.095),
        ([["a", "a"], ["b", "b"]], 1.0),
        # 1 - 3 * 4 / 8: the only answers differ wherever they meet.
        ([["a", "b"], ["a", "b"]], -0.5),
        ([["a", "a", "b"], ["b", "b"]], 1 - 4 * 2 / 12),
    ],
)
def test_cases_computed_by_hand(units: list[list[str | int]], nominal: float) -> None:
    found = alpha(units)
    assert found is not None
    assert abs(found - nominal) < 5e-4


@pytest.mark.parametrize("units", [[], [["a"]], [["a"], ["b"]], [["a", "a"], ["a", "a", "a"]]])
def test_where_nothing_could_differ_there_is_no_figure(units: list[list[str]]) -> None:
    assert alpha(units) is None
    assert alpha(units, ordered=True) is None


def plain(units: Sequence[Sequence[int]], *, ordered: bool) -> float | None:
    """Compute alpha from the matrix of coincidences, cell by cell, as the paper writes it."""
    kept = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in kept for value in unit})
    together = dict.fromkeys(itertools.product(values, values), 0.0)
    for unit in kept:
        for one, other in itertools.permutations(range(len(unit)), 2):
            together[unit[one], unit[other]] += 1 / (len(unit) - 1)
    alone = {value: sum(together[value, other] for other in values) for value in values}

    def distance(one: int, other: int) -> float:
        if not ordered:
            return float(one != other)
        between = values[values.index(min(one, other)) : values.index(max(one, other)) + 1]
        return (sum(alone[value] for value in between) - (alone[one] + alone[other]) / 2) ** 2

    expected = sum(alone[c] * alone[k] * distance(c, k) for c in values for k in values)
    if not expected:
        return None
    observed = sum(together[c, k] * distance(c, k) for c in values for k in values)
    return 1 - (sum(alone.values()) - 1) * observed / expected


ANSWERS = st.lists(st.lists(st.integers(1, 5), max_size=6), max_size=8)


@given(ANSWERS, st.booleans())
def test_it_is_what_the_matrix_gives(units: list[list[int]], ordered: bool) -> None:
    found, wanted = alpha(units, ordered=ordered), plain(units, ordered=ordered)
    assert (found is None) == (wanted is None)
    assert found is None or wanted is None or abs(found - wanted) < 1e-9


@given(ANSWERS)
def test_neither_the_order_of_items_nor_of_answers_matters(units: list[list[int]]) -> None:
    shuffled = [sorted(unit) for unit in reversed(units)]
    one, other = alpha(units), alpha(shuffled)
    assert (one is None) == (other is None)
    assert one is None or other is None or abs(one - other) < 1e-9


@given(ANSWERS)
def test_what_stands_alone_changes_nothing(units: list[list[int]]) -> None:
    agreement = Agreement()
    for unit in units:
        agreement.add(unit)
    before = agreement.nominal(), agreement.ordinal(), agreement.items, agreement.answers
    agreement.add([9])
    agreement.add([])
    assert (agreement.nominal(), agreement.ordinal(), agreement.items, agreement.answers) == before


def test_ac1_by_hand() -> None:
    # 125 items, two judgments each: 118 twice yes, 7 split. The usual share of yes is 243 / 250, so chance agrees on
    # 2 · .972 · .028 = .0544, and AC1 = (118 / 125 - .0544) / (1 - .0544) = .9408, where kappa and alpha are below zero.
    agreement = Agreement()
    for unit in [["yes", "yes"]] * 118 + [["yes", "no"]] * 7:
        agreement.add(unit)
    ac1, nominal = agreement.ac1(), agreement.nominal()
    assert ac1 is not None
    assert nominal is not None
    assert round(ac1, 4) == 0.9408
    assert nominal < 0


def test_where_all_answers_are_alike_ac1_is_full_agreement_and_alpha_undefined() -> None:
    # Gwet (2008): chance is sum(share · (1 - share)) / (q - 1), which is 0 where one of q answers is all that was given.
    agreement = Agreement()
    for unit in [["yes", "yes"]] * 30:
        agreement.add(unit)
    found = agreement.measure()
    assert (found.alpha, found.ac1) == (None, 1.0)
    assert found.is_alike
    assert (found.ac1_low, found.ac1_high) == (None, None), (
        "what never differs says nothing of how far it may"
    )
    agreement.add(["yes", "no"])
    assert 0.9 < (agreement.ac1() or 0) < 1.0, "the first other answer does not make it jump"
    assert not agreement.measure().is_alike
    lone = Agreement()
    lone.add(["yes"])
    assert lone.ac1() is None
    assert not lone.measure().is_alike, "a lone answer agrees with nothing"


def test_ac1_of_several_answers_with_some_missing_by_hand() -> None:
    # Agreement of the items: 1/3 (one pair of three), 1, and the lone c says nothing of it: 2/3 on average. Shares: a 2/3 and 0 and 0,
    # b 1/3 and 1 and 0, c 0 and 0 and 1; means 2/9, 4/9, 3/9. Chance: (2/9·7/9 + 4/9·5/9 + 3/9·6/9) / 2 = 52/162.
    agreement = Agreement()
    for unit in (["a", "a", "b"], ["b", "b"], ["c"]):
        agreement.add(unit)
    assert agreement.ac1() == pytest.approx((2 / 3 - 52 / 162) / (1 - 52 / 162))


@given(ANSWERS, st.booleans())
def test_arrays_give_what_items_give(units: list[list[int]], ordered: bool) -> None:
    agreement = Agreement()
    for unit in units:
        agreement.add(unit)
    rows = [(item, value) for item, unit in enumerate(units) for value in unit]
    items, labels = (
        np.array([row[0] for row in rows], dtype=int),
        np.array([row[1] for row in rows], dtype=int),
    )
    one, other = agreement.measure(ordered=ordered, draws=0), measure(items, labels, ordered=ordered, draws=0)
    assert (one.items, one.answers) == (other.items, other.answers)
    assert one.alpha == pytest.approx(other.alpha)
    assert one.ac1 == pytest.approx(other.ac1)


def crowd(items: int, seed: int, right: float = 0.8) -> Agreement:
    """Let three people answer items of two classes, each right so often."""
    chance, agreement = np.random.default_rng(seed), Agreement()
    for _ in range(items):
        truth = int(chance.random() < 0.3)
        agreement.add([truth if chance.random() < right else 1 - truth for _ in range(3)])
    return agreement


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    # Of three people who are right on 80 %: two agree with .68; yes has .3 · .8 + .7 · .2 = .38, so alpha is 1 - .32 / (2 · .38 · .62).
    true_alpha = 1 - 0.32 / (2 * 0.38 * 0.62)
    true_ac1 = (0.68 - 2 * 0.38 * 0.62) / (1 - 2 * 0.38 * 0.62)
    found = [crowd(150, seed).measure(draws=200) for seed in range(100)]
    held = [(one.alpha_low or 0) <= true_alpha <= (one.alpha_high or 0) for one in found]
    held_ac1 = [(one.ac1_low or 0) <= true_ac1 <= (one.ac1_high or 0) for one in found]
    assert 88 <= sum(held) <= 99
    assert 88 <= sum(held_ac1) <= 99


def test_more_items_say_it_closer_and_few_not_at_all() -> None:
    wide, narrow = crowd(50, 1).measure(), crowd(5_000, 1).measure()
    assert None not in (wide.alpha_low, wide.alpha_high, narrow.alpha_low, narrow.alpha_high)
    assert (narrow.alpha_high or 0) - (narrow.alpha_low or 0) < 0.2 * (
        (wide.alpha_high or 0) - (wide.alpha_low or 0)
    )
    assert wide == crowd(50, 1).measure(), "a rerun gives the same"
    few = crowd(9, 1).measure()
    assert few.alpha is not None
    assert (few.alpha_low, few.ac1_high) == (None, None)


def test_each_answer_is_held_against_all_others() -> None:
    agreement = Agreement()
    for unit in [["a", "a"], ["b", "c"], ["c", "b"], ["a", "a"]]:
        agreement.add(unit)
    found = agreement.of_each()
    assert found["a"] == 1.0
    assert found["b"] == found["c"] < 0
