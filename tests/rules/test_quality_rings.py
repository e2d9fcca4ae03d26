"""Rings and copies in simulated crowds: all are found and no honest pair is; and what must not matter does not.

A longer proof over 24 crowds for 2 and for 4 classes each is `python -m benchmarks.rings`.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from benchmarks.rings import answered, sort_of
from rules.quality import crowd, rings
from rules.quality.crowd import Crowd, Person, crowd_of
from rules.quality.rings import Pair
from rules.quality.rings_null import LEARNT_AT, Null, Rows, _log_gamma
from rules.quality.votes import Votes, votes_of

FEW = {"good": 14, "decent": 7, "mediocre": 4, "random": 2, "same button": 2, "ring": 4, "copycat": 2}
PAIRS = {"ring": 6, "copies": 1}


def found(people: Crowd, votes: Votes) -> dict[str, int]:
    sorts = [sort_of(people, pair.one, pair.other) for pair in rings.look(votes).pairs]
    return {sort: sorts.count(sort) for sort in set(sorts)}


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("seed", [1, 2])
def test_rings_and_copies_are_found_and_honest_pairs_are_not(classes: int, seed: int) -> None:
    people = crowd.mixed(60, classes, seed, FEW)
    seen = found(people, answered(people, seed))
    assert {sort: seen.get(sort, 0) for sort in PAIRS} == PAIRS
    assert seen.get("honest", 0) == 0


def test_a_crowd_of_honest_people_on_hard_items_is_left_alone() -> None:
    # Half of the items lure everybody to the same wrong answer, and some people share a lean to one button.
    kinds = [Person("good", 0.9)] * 12 + [Person("decent", 0.8)] * 12 + [Person("mediocre", 0.7)] * 6
    for seed in range(3):
        people = crowd_of(kinds, 60, 2, seed, hard_share=0.5, shares=(0.8, 0.2))
        assert rings.look(answered(people, seed)).pairs == ()


def copied(wrong: int, seed: int = 3) -> tuple[Votes, rings.Rings]:
    """Let the second of twenty careful people copy the first, whose answers to so many items are wrong."""
    people = crowd.honest(20, 60, 3, seed)
    votes = answered(people, seed)
    labels, items = votes.labels.copy(), np.array(votes.item_ids)[votes.items]
    for row in np.flatnonzero(votes.people <= 1):
        item = items[row]
        labels[row] = (people.truth[item] + (item < wrong)) % 3
    votes = dataclasses.replace(votes, labels=labels)
    return votes, rings.look(votes)


def test_a_pair_comes_with_its_figures() -> None:
    votes, seen = copied(15)
    (pair,) = seen.pairs
    assert {pair.one, pair.other} == set(votes.person_ids[:2])
    assert (pair.common, pair.same) == (60, 60)
    assert 14 <= pair.wrong <= 17, "the others may be wrong themselves about some items"
    assert sum(item >= 15 for item in pair.items) <= 2, "where they were right, hardly anybody says otherwise"
    assert pair.wrong_expected < 4
    assert pair.chance <= pair.rate <= 0.01
    assert seen.tested == 190


def test_copies_of_somebody_who_is_never_wrong_are_left_alone() -> None:
    assert copied(0)[1].pairs == ()


def test_neither_the_names_of_people_items_and_labels_nor_the_order_matter() -> None:
    people = crowd.mixed(60, 4, 2, FEW)
    votes = answered(people, 2)
    rows = list(zip(votes.people.tolist(), votes.items.tolist(), votes.labels.tolist(), strict=True))
    other = votes_of([(900 - one, 70 + item, (label + 1) % 4) for one, item, label in reversed(rows)], {}, 4)[
        0
    ]
    mine = {
        frozenset((votes.person_ids.index(p.one), votes.person_ids.index(p.other)))
        for p in rings.look(votes).pairs
    }
    theirs = {frozenset((900 - p.one, 900 - p.other)) for p in rings.look(other).pairs}
    assert mine == theirs
    assert rings.look(votes) == rings.look(votes)


def test_many_classes_are_merged_and_copies_still_found() -> None:
    chance = np.random.default_rng(1)
    rows = []
    for item in range(40):
        truth, copied_label = int(chance.integers(200)), int(chance.integers(200))
        for person in range(12):
            guess = int(chance.integers(200)) if chance.random() < 0.3 else truth
            rows.append((person, item, copied_label if person < 2 and item % 2 else guess))
    (pair,) = rings.look(votes_of(rows, {}, 200)[0]).pairs
    assert {pair.one, pair.other} == {0, 1}


@pytest.mark.parametrize(
    "votes",
    [
        votes_of([], {}, 2)[0],
        votes_of([(1, item, 0) for item in range(50)], {}, 2)[0],
        votes_of([(person, item, 0) for person in (1, 2) for item in range(50)], {}, 1)[0],
        votes_of([(person, item, 0) for person in (1, 2) for item in range(50)], {0: 1, 1: 0}, 2)[0],
        votes_of([(1, 1, 0), (1, 1, 1), (2, 1, 0)] * 20, {}, 2)[0],
    ],
)
def test_little_or_odd_input_finds_nothing(votes: Votes) -> None:
    assert rings.look(votes).pairs == ()


def test_pairs_are_joined_into_rings() -> None:
    pairs = [
        Pair(one, other, 60, 30, 15.0, 60, 40.0, 0.0, 0.0, ())
        for one, other in ((1, 2), (5, 6), (2, 3), (3, 1))
    ]
    assert rings.groups(pairs) == [(1, 2, 3), (5, 6)]


def test_the_gamma_function_is_that_of_the_library() -> None:
    values = [0.01, 0.3, 1.0, 2.5, 17.0, 1e4]
    assert _log_gamma(np.array(values)).tolist() == pytest.approx(
        [math.lgamma(value) for value in values], rel=1e-8, abs=1e-8
    )


def test_sharing_right_answers_alone_is_no_evidence() -> None:
    wrong, same = np.array([1e-7, 0.5, 0.05]), np.array([0.5, 1e-7, 1e-7])
    assert rings._together(wrong, same).tolist() == pytest.approx([2e-7, 1.0, 2e-7])


def test_what_two_honest_people_share_by_hand() -> None:
    # A gold item of class 0, answered 0, 0, 1, 1, before anything was learnt: an average person says the wrong 1 with a share of
    # Beta(.3 A, .7 A + 2) once the two who said 1 are left out, where A is how alike items are. Both say it with its second moment.
    rows = Rows(np.arange(4), np.zeros(4, dtype=int), np.array([0, 0, 1, 1]), np.array([0]), 4, 2)
    met = Null(rows).joint(np.array([2, 0]), np.array([3, 1]))
    size, wrong, right = LEARNT_AT + 2, 0.3 * LEARNT_AT, 0.7 * LEARNT_AT
    second_moment = wrong * (wrong + 1) / (size * (size + 1))
    assert met.wrong[0] == pytest.approx(0.9995 * second_moment + 0.0005 * (right / size) ** 2)
    assert (met.is_wrong.tolist(), met.is_same.tolist()) == ([True, False], [True, True])
