"""When an item has enough, who waits, how often gold comes, and what confidence is told."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quality import confidence, gold_plan, routing, stopping
from rules.quality.model import Bounds, waits, wants_more, worth
from rules.quality.model_em import even
from rules.quality.model_kinds import SHARES, channels, tables
from rules.quality.model_state import VERSION, Belief, Curve, Model, Person

COST = 0.02


def held(posterior: tuple[float, ...], answers: int) -> Belief:
    kinds = tuple(tuple(share * chance for chance in posterior) for share in SHARES)
    return Belief(posterior, int(np.argmax(posterior)), 0.5, 0.4, 0.6, answers, kinds)


def model_of(people: dict[int, Person], typical: float = 0.4) -> Model:
    pooled = Person(0.8, ((0.8, 0.2), (0.2, 0.8)))
    return Model(VERSION, 2, 100, 30, (0.5, 0.5), pooled, people, 0.5, (0.8, 0.8), Curve(), typical)


def alike(posterior: np.ndarray) -> np.ndarray:
    """Give [item, kind, class] of items of one kind."""
    return posterior[:, None, :]


def by_hand(chances: np.ndarray, channels: np.ndarray, cost: float, left: int) -> float:
    """Solve it plainly, [kind, class]: the best of stopping now and of asking, with so many answers left."""
    if not left:
        return float(chances.sum(axis=0).max())
    total = -cost
    for told in range(channels.shape[2]):
        after = chances * channels[:, :, told]
        seen = after.sum()
        after = after / seen
        total += seen * max(after.sum(axis=0).max(), by_hand(after, channels, cost, left - 1))
    return float(total)


@pytest.mark.parametrize("chance", [0.5, 0.62, 0.8, 0.93, 0.99])
@pytest.mark.parametrize("accuracy", [0.6, 0.8, 0.95])
def test_the_gain_is_that_of_optimal_stopping(chance: float, accuracy: float) -> None:
    both = channels(even(accuracy, 2), 1.0)
    joint = np.array([[0.6 * chance, 0.2 * (1 - chance)], [0.4 * chance, 0.8 * (1 - chance)]])
    found = stopping.gains(joint[None], both, COST)[0]
    best = joint.sum(axis=0).max()
    assert found == pytest.approx(by_hand(joint, both, COST, stopping.depth_for(2)) - best, abs=1e-12)


def test_a_murky_item_is_not_asked_for_ever() -> None:
    both = channels(even(0.8, 2), 1.0)
    even_split = np.full(2, 0.5)
    murky, clear = (np.outer(np.array([share, 1 - share]), even_split)[None] for share in (0.95, 0.05))
    assert stopping.gains(clear, both, 0.0)[0] > 2 * stopping.gains(murky, both, 0.0)[0] > 0


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=7), st.floats(0.3, 0.97))
def test_a_gain_never_exceeds_the_doubt_nor_falls_below_the_price(
    weights: list[float], accuracy: float
) -> None:
    posterior = np.array([weights]) / sum(weights)
    found = stopping.gains(alike(posterior), even(accuracy, len(weights))[None], COST)[0]
    assert -COST - 1e-9 <= found <= 1 - posterior.max() - COST + 1e-9


def test_people_who_cannot_tell_two_classes_apart_are_not_asked_again() -> None:
    channel = np.array([[0.45, 0.45, 0.1], [0.45, 0.45, 0.1], [0.05, 0.05, 0.9]])
    confused = np.array([[0.5, 0.5, 0.0]])
    apart = np.array([[0.5, 0.0, 0.5]])
    assert stopping.gains(alike(confused), channel[None], COST)[0] == pytest.approx(-COST)
    assert stopping.gains(alike(apart), channel[None], COST)[0] > 0.2


def test_many_items_are_answered_as_each_alone() -> None:
    chance = np.random.default_rng(3)
    posterior = chance.dirichlet(np.ones(12), size=5000).reshape(5000, 2, 6)
    both = chance.dirichlet(np.ones(6), size=(2, 6)) * 0.4 + 0.6 * np.eye(6)
    together = stopping.gains(posterior, both, COST)
    for n in (0, 17, 4096, 4999):
        assert stopping.gains(posterior[n : n + 1], both, COST)[0] == pytest.approx(together[n])


def test_the_bounds_hold_whatever_the_gain() -> None:
    found = model_of({})
    sure, split = (0.999, 0.001), (0.5, 0.5)
    assert wants_more(found, held(sure, 1), Bounds(2, 5, 0.95))
    assert not wants_more(found, held(sure, 2), Bounds(2, 5, 0.95))
    assert wants_more(found, held(split, 4), Bounds(2, 5, 0.95))
    assert not wants_more(found, held(split, 5), Bounds(2, 5, 0.95))
    every = np.array([sure, sure, split, split])
    asked = stopping.wanted(alike(every), np.array([1, 2, 4, 5]), even(0.8, 2)[None], Bounds(2, 5, 0.95))
    assert asked.tolist() == [True, False, True, False]


def test_a_higher_confidence_asks_longer() -> None:
    found, doubtful = model_of({}), held((0.85, 0.15), 3)
    asked = [wants_more(found, doubtful, Bounds(2, 10, confidence)) for confidence in (0.5, 0.8, 0.99)]
    assert asked == [False, False, True]


def test_tempering_makes_answers_tell_less() -> None:
    one = np.array([[[0.5, 0.5]]])
    full, half = (stopping.gains(one, tables(even(0.8, 2)[None], power), 0.0)[0] for power in (1.0, 0.5))
    assert full > half > 0


def test_who_tells_little_waits_and_who_is_new_does_not() -> None:
    people = {n: Person(0.8, (), 40, 4, 0.1 * n) for n in range(1, 8)}
    found = model_of(people | {50: Person(0.5, (), 3, 1, 0.0)})
    assert [n for n in people if waits(found, n)] == [1, 2, 3]
    assert not waits(found, 50)
    assert not waits(found, 99)
    assert worth(found, 99) == 1.0
    assert worth(found, 2) == pytest.approx(0.5)


def test_the_typical_answer_is_that_of_whoever_gives_most() -> None:
    few, many = Person(0.9, (), 10, 1, 0.6), Person(0.7, (), 90, 9, 0.2)
    assert routing.typical([few, many]) == 0.2
    assert routing.typical([]) == 0.0


def test_information_is_none_for_clickers_and_all_for_the_faultless() -> None:
    prior = np.array([0.5, 0.5])
    rows = np.array([even(0.5, 2), even(0.9, 2), even(1.0, 2)])
    tells = routing.information(rows, prior)
    assert tells[0] == pytest.approx(0.0, abs=1e-9)
    assert tells[2] == pytest.approx(np.log(2))
    assert routing.one_coin_information(np.array([0.9]), 2)[0] == pytest.approx(tells[1])
    always = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    assert routing.information(always, prior)[0] == pytest.approx(0.0, abs=1e-9)


def test_gold_comes_early_then_rarely() -> None:
    bounds = (0.03, 0.30)

    def asked(golds: int, answers: int, trust: float, standing: str = "active") -> float:
        return gold_plan.share(bounds, 0.10, golds, answers, trust, standing)

    assert asked(0, 0, 1.0) == 0.30
    assert asked(5, 40, 1.2) == 0.03
    assert asked(5, 40, 0.7) == 0.05
    assert asked(5, 10, 1.2) == 0.05
    assert asked(50, 900, 1.2, "watched") == 0.30
    assert gold_plan.share(bounds, 0.0, 0, 0, 1.0, "watched") == 0.0


def test_few_golds_never_back_a_high_confidence() -> None:
    stated, right = np.full(30, 0.999), np.ones(30)
    curve = confidence.fit_curve(stated, right)
    told, low, high = confidence.told(curve, 0.9999, 30, 2)
    assert told <= 32 / 34
    assert low < told <= high
    many = confidence.fit_curve(np.full(3000, 0.999), np.ones(3000))
    assert confidence.told(many, 0.9999, 3000, 2)[0] > 0.98


def test_the_curve_learns_that_a_model_claims_too_much() -> None:
    chance = np.random.default_rng(2)
    stated = chance.uniform(0.5, 0.99, 3000)
    right = (chance.random(3000) < 0.5 + (stated - 0.5) * 0.7).astype(np.float64)
    curve = confidence.fit_curve(stated, right)
    for claimed in (0.6, 0.75, 0.9):
        assert confidence.told(curve, claimed, 3000, 2)[0] == pytest.approx(
            0.5 + (claimed - 0.5) * 0.7, abs=0.03
        )


def test_more_golds_narrow_the_interval() -> None:
    widths = []
    for golds in (10, 100, 1000):
        stated = np.linspace(0.6, 0.97, golds)
        right = (np.random.default_rng(5).random(golds) < stated).astype(np.float64)
        _, low, high = confidence.told(confidence.fit_curve(stated, right), 0.9, golds, 2)
        widths.append(high - low)
    assert widths[0] > widths[1] > widths[2]


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_certainty_is_never_told_as_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    curve = dataclasses.replace(Curve(), shift=-0.3, slope=0.6, spread=(0.05, 0.02, -0.01))
    assert confidence.told(curve, low, 80, 3)[0] <= confidence.told(curve, high, 80, 3)[0] + 1e-6
