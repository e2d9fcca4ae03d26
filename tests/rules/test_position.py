"""Position bias: the interval and the test against one half, held to figures worked out in another way."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import position

COUNTS = st.integers(0, 400)


def exact(first: int, of: int) -> float:
    """Sum the binomial probabilities of all that is at least as uneven, in whole numbers."""
    reach = abs(2 * first - of)
    ways = sum(math.comb(of, count) for count in range(of + 1) if abs(2 * count - of) >= reach)
    return float(Fraction(ways, 2**of))


@given(COUNTS, COUNTS)
def test_the_test_against_one_half_is_exact(first: int, second: int) -> None:
    if first + second:
        expected = exact(first, first + second)
        assert position.p_value(first, first + second) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("first", "of", "low", "high"),
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_the_literature(first: int, of: int, low: float, high: float) -> None:
    assert position.wilson(first, of) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, COUNTS)
def test_both_places_are_measured_alike(first: int, second: int) -> None:
    if not first + second:
        return
    one, other = position.measure(first, second), position.measure(second, first)
    assert one.p == other.p
    assert one.beyond_chance == other.beyond_chance
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-12)
    assert 0 <= one.low <= one.share <= one.high <= 1
    assert one.prefers_first == (first > second)


@pytest.mark.parametrize(
    ("first", "second", "compared", "beyond"),
    [
        (23, 17, 1, False),
        (1, 0, 1, False),
        (8, 0, 1, True),
        (7, 0, 1, False),
        (8, 0, 10, False),
        (40, 10, 100, True),
        (10, 40, 100, True),
        (500_000, 500_000, 1, False),
        (502_000, 498_000, 1, True),
        (1_000_000, 0, 1_000, True),
    ],
)
def test_only_what_chance_hardly_explains_is_called_a_bias(
    first: int, second: int, compared: int, beyond: bool
) -> None:
    assert position.measure(first, second, compared).beyond_chance is beyond


def test_a_project_that_asks_for_a_preference_is_told_by_its_kinds() -> None:
    assert position.asks_preference(["choice", "preference"])
    assert not position.asks_preference(["choice", "tags"])
