"""Krippendorff's alpha: the published worked example, cases computed by hand, and what must hold for any answers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.agreement import Agreement, alpha

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
