"""Exact chances: against counting all outcomes, against tables worked out by hand, and against simulation of the definition."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quality.chances import adjusted, discoveries, poisson_binomial_tail, table_tail


def counted(chances: list[float], least: int) -> float:
    """Add up all outcomes, one by one."""
    total = 0.0
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        if sum(outcome) >= least:
            total += math.prod(p if one else 1 - p for p, one in zip(chances, outcome, strict=True))
    return total


def test_a_sum_of_unlike_coins_by_hand() -> None:
    # At least one: 1 - .5 * .8 * .9; all three: .5 * .2 * .1; two: each pair without the third, and all three.
    assert poisson_binomial_tail([0.5, 0.2, 0.1], 1) == pytest.approx(0.64)
    assert poisson_binomial_tail([0.5, 0.2, 0.1], 3) == pytest.approx(0.01)
    assert poisson_binomial_tail([0.5, 0.2, 0.1], 2) == pytest.approx(
        0.5 * 0.2 * 0.9 + 0.5 * 0.8 * 0.1 + 0.5 * 0.2 * 0.1 + 0.5 * 0.2 * 0.1
    )


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 8))
def test_it_is_the_sum_over_all_outcomes(chances: list[float], least: int) -> None:
    assert poisson_binomial_tail(chances, least) == pytest.approx(counted(chances, least), abs=1e-12)


def test_alike_coins_are_a_binomial_and_far_tails_keep_their_digits() -> None:
    exact = sum(math.comb(60, k) * 0.1**k * 0.9 ** (60 - k) for k in range(40, 61))
    assert poisson_binomial_tail([0.1] * 60, 40) == pytest.approx(exact, rel=1e-9)
    assert poisson_binomial_tail([0.5] * 60, 60) == pytest.approx(0.5**60, rel=1e-9)


def test_fishers_tea() -> None:
    # The lady tasting tea: all 4 of 4 right among 8 cups is 1 in 70, 3 or more are 17 in 70.
    assert table_tail(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert table_tail(3, 4, 1, 4) == pytest.approx(17 / 70)
    assert table_tail(0, 4, 4, 4) == 1.0


def test_with_odds_of_two_the_easier_kind_is_expected_to_be_right_more_often() -> None:
    # Two of each, two right in all: weights 1 · 2^0, 4 · 2^1, 1 · 2^2, so that P(both of the first kind) = 4 / 13.
    assert table_tail(2, 2, 0, 2, odds=2.0) == pytest.approx(4 / 13)
    assert table_tail(2, 2, 0, 2) == pytest.approx(1 / 6)


def test_which_discoveries_may_be_believed() -> None:
    # Benjamini and Hochberg's own rule: the largest k with p(k) <= k / m * rate, and all before it.
    chances = np.array([0.9, 0.001, 0.02, 0.012, 0.039])
    assert discoveries(chances, 0.05).tolist() == [False, True, True, True, True]
    assert discoveries(chances, 0.04).tolist() == [False, True, True, True, False]
    assert discoveries(chances, 0.05, tested=100).tolist() == [False] * 5
    assert adjusted(chances).tolist() == pytest.approx([0.9, 0.005, 1 / 30, 0.03, 0.04875])
    assert (adjusted(chances) <= 0.04).tolist() == discoveries(chances, 0.04).tolist()
