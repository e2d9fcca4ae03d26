"""Gold: how often it comes, and that its arithmetic is right and fair."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import gold

SHARES = st.floats(0.001, 1.0)


@given(SHARES, st.tuples(SHARES, SHARES), st.integers(0, 500), st.sampled_from(["active", "watched"]))
def test_gold_comes_within_its_bounds(
    share: float, ends: tuple[float, float], golds_seen: int, standing: str
) -> None:
    bounds = (min(ends), max(ends))
    assert bounds[0] <= gold.probability(share, bounds, golds_seen, standing) <= bounds[1]


@pytest.mark.parametrize(
    ("golds_seen", "standing", "probability"),
    [(0, "active", 0.2), (1, "active", 0.2), (2, "active", 0.1), (50, "active", 0.1), (50, "watched", 0.3)],
)
def test_gold_comes_more_often_at_first_and_while_watched(
    golds_seen: int, standing: str, probability: float
) -> None:
    assert gold.probability(0.1, (0.03, 0.3), golds_seen, standing) == probability


def test_a_project_without_a_share_has_no_gold() -> None:
    assert gold.probability(0.0, (0.03, 0.3), 0, "watched") == 0.0
    assert not gold.is_due(0.0, 0.0)


@given(st.floats(0.0, 1.0, exclude_max=True), SHARES)
def test_a_draw_below_the_share_is_gold(draw: float, share: float) -> None:
    assert gold.is_due(draw, share) == (draw < share)
    assert gold.is_due(draw, 1.0)


def exact_tail(right: int, seen: int, accuracy: Fraction) -> Fraction:
    ways = (comb(seen, k) * accuracy**k * (1 - accuracy) ** (seen - k) for k in range(right + 1))
    return sum(ways, Fraction(0))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))
@example(0, 60, 15)
@example(60, 0, 15)
def test_the_tail_is_exact(right: int, wrong: int, twentieths: int) -> None:
    accuracy = Fraction(twentieths, 20)
    exact = float(exact_tail(right, right + wrong, accuracy))
    assert gold.binomial_tail(right, right + wrong, float(accuracy)) == pytest.approx(
        exact, rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("seen", [300, 540, 1_100, 5_000, 100_000])
@pytest.mark.parametrize("pass_score", [0.5, 0.75, 0.9, 0.95, 0.99, 1.0])
def test_a_good_student_is_still_good_after_years(seen: int, pass_score: float) -> None:
    assert gold.standing_after(seen, 0, pass_score) == "active"
    assert gold.standing_after(seen - seen // 50, seen // 50, pass_score) == "active", (
        "two in a hundred go wrong"
    )
    assert gold.standing_after(0, seen, pass_score) == "watched"


@given(st.integers(1, 3_000), st.integers(0, 3_000), st.sampled_from([0.5, 0.6, 0.75, 0.9]))
def test_one_more_right_answer_never_makes_things_worse(right: int, wrong: int, accuracy: float) -> None:
    seen = right + wrong
    assert gold.binomial_tail(right - 1, seen, accuracy) <= gold.binomial_tail(right, seen, accuracy) + 1e-12


def ever_watched(accuracy: float, pass_score: float, golds: int) -> float:
    """Give the chance that a student of an accuracy is watched at any time within so many golds, by dynamic programming."""
    unwatched, watched = {0: 1.0}, 0.0
    for seen in range(1, golds + 1):
        following: dict[int, float] = {}
        for right, chance in unwatched.items():
            for now_right, weight in ((right + 1, accuracy), (right, 1.0 - accuracy)):
                if gold.standing_after(now_right, seen - now_right, pass_score) == "watched":
                    watched += chance * weight
                else:
                    following[now_right] = following.get(now_right, 0.0) + chance * weight
        unwatched = following
    return watched


def test_a_careful_student_is_practically_never_watched() -> None:
    assert 0.0 < ever_watched(0.90, 0.75, 200) < 0.0012, "the exact figure is 0.0011"
    assert ever_watched(0.95, 0.75, 200) < 0.00005


def test_chance_answers_are_watched_soon() -> None:
    assert ever_watched(0.5, 0.75, 20) > 0.80
    assert ever_watched(0.5, 0.75, 40) > 0.96
    assert ever_watched(0.25, 0.75, 10) > 0.95, "one of four options, picked blindly"


def test_nobody_is_watched_on_too_few_golds() -> None:
    seen = gold.FEWEST_FOR_A_VIEW - 1
    assert gold.standing_after(0, seen, 1.0) == "active"
    assert gold.standing_after(0, seen + 1, 0.75) == "watched"


def test_one_slip_is_forgiven_even_where_the_exam_forgives_none() -> None:
    assert gold.standing_after(19, 1, 1.0) == "active"


def test_being_watched_ends_when_the_figures_recover() -> None:
    wrong = 6
    standings = [gold.standing_after(right, wrong, 0.75) for right in range(4, 40)]
    assert standings[0] == "watched"
    assert standings[-1] == "active"
    assert standings == sorted(standings, reverse=True), "once recovered, right answers never bring it back"
