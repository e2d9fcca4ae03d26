"""Pay by the hour, by the item, and by the item with an hourly floor; what an item can cost, and what a week is topped up by."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import money, pay
from rules.pay import FLOOR, HOUR, ITEM, Share, Terms, Topup

SCHEMES = st.sampled_from([HOUR, ITEM, FLOOR])
RATES = st.integers(0, 100 * money.MICRO)
CAPS = st.integers(1, money.HOUR_MS)
DURATIONS = st.integers(0, money.HOUR_MS)


def terms(scheme: str, rate_micro: int, piece_micro: int, cap_ms: int) -> Terms:
    return Terms(scheme, 0 if scheme == ITEM else rate_micro, 0 if scheme == HOUR else piece_micro, cap_ms)


TERMS = st.builds(terms, SCHEMES, RATES, RATES, CAPS)


def test_each_scheme_pays_by_its_own_measure() -> None:
    hour, item = Terms(HOUR, 24_000_000, 0, 180_000), Terms(ITEM, 0, 400_000, 180_000)
    floor = Terms(FLOOR, 24_000_000, 400_000, 180_000)
    assert [one.amount_micro(30_000) for one in (hour, item, floor)] == [200_000, 400_000, 400_000]
    assert [one.most_micro for one in (hour, item, floor)] == [1_200_000, 400_000, 1_200_000]
    assert [one.topup_micro(90_000) for one in (hour, item, floor)] == [0, 0, 200_000]
    assert floor.topup_micro(60_000) == 0, "a week at the floor exactly lacks nothing"


@given(TERMS, DURATIONS, DURATIONS)
def test_no_item_comes_to_cost_more_than_its_most(one: Terms, credited_ms: int, median_ms: int) -> None:
    paid = one.amount_micro(min(credited_ms, one.cap_ms)) + one.topup_micro(median_ms)
    assert 0 <= paid <= one.most_micro
    assert 0 <= one.topup_micro(median_ms) <= one.most_topup_micro


@given(RATES, RATES, CAPS, DURATIONS)
def test_a_top_up_brings_the_typical_item_to_the_floor_and_no_further(
    floor_micro: int, piece_micro: int, cap_ms: int, median_ms: int
) -> None:
    one = Terms(FLOOR, floor_micro, piece_micro, cap_ms)
    paid = piece_micro + one.topup_micro(median_ms)
    owed = Fraction(min(median_ms, cap_ms) * floor_micro, money.HOUR_MS)
    assert paid >= owed - 1, "to the nearest millionth"
    if one.topup_micro(median_ms):
        assert paid <= owed + 1


@given(st.lists(DURATIONS, min_size=1, max_size=50))
def test_the_median_is_the_middle(durations: list[int]) -> None:
    found = pay.median_ms(durations)
    assert 0 <= found - statistics.median(durations) <= 0.5
    assert pay.median_ms(durations[::-1]) == found


def test_no_judgments_have_no_median() -> None:
    assert pay.median_ms([]) == 0


@given(st.lists(st.builds(Share, st.integers(1, 4), st.integers(0, 500), TERMS), max_size=12), DURATIONS)
def test_everybody_is_topped_up_by_the_difference_for_each_judgment(
    shares: list[Share], median_ms: int
) -> None:
    found = pay.topups(shares, median_ms)
    one_by_one: dict[int, int] = {}
    for share in shares:
        for _ in range(share.judgments):
            one_by_one[share.person_id] = one_by_one.get(share.person_id, 0) + share.terms.topup_micro(
                median_ms
            )
    assert {person: topup.amount_micro for person, topup in found.items()} == {
        person: amount for person, amount in one_by_one.items() if amount
    }, "splitting and adding give the whole"


def test_the_slow_and_the_quick_get_the_same() -> None:
    floor = Terms(FLOOR, 24_000_000, 400_000, 180_000)
    found = pay.topups([Share(1, 3, floor), Share(2, 1, floor), Share(2, 2, floor)], 90_000)
    assert found == {1: Topup(3, 600_000), 2: Topup(3, 600_000)}


@pytest.mark.parametrize(("most", "over"), [(100, False), (101, True), (0, False)])
def test_a_budget_holds_to_the_millionth(most: int, over: bool) -> None:
    assert pay.is_overspent_by(most, budget_micro=1000, spent_micro=600, reserved_micro=300) is over
