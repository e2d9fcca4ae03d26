"""Simulated people answer as they were made to."""

import numpy as np
import pytest

from rules.quality import crowd


def rate(made: crowd.Crowd, person: int, given: int = 0) -> float:
    chance = np.random.default_rng(1)
    right = sum(
        made.answer(person, item, chance, given) == int(made.truth[item]) for item in range(made.items)
    )
    return right / made.items


@pytest.mark.parametrize("classes", [2, 4])
def test_each_kind_is_as_good_as_it_is_said(classes: int) -> None:
    made = crowd.crowd_of(
        [crowd.Person("good", 0.9), crowd.Person("random")], 4000, classes, 2, hard_share=0.0
    )
    assert rate(made, 0) == pytest.approx(0.9, abs=0.02)
    assert rate(made, 1) == pytest.approx(1 / classes, abs=0.03)


def test_hard_items_lure_everybody_to_one_class() -> None:
    made = crowd.crowd_of([crowd.Person("good", 0.9)], 3000, 4, 2, hard_share=1.0)
    chance = np.random.default_rng(1)
    answers = np.array([made.answer(0, item, chance) for item in range(made.items)])
    assert np.mean(answers == made.truth) == pytest.approx(0.65, abs=0.03)
    assert set(answers == made.lure) == {True, False}
    assert np.all((answers == made.truth) | (answers == made.lure))
    assert not np.any(made.truth == made.lure)


def test_who_drifts_guesses_from_there_on() -> None:
    made = crowd.crowd_of([crowd.Person("drifting", 1.0, drifts_at=60)], 2000, 4, 3, hard_share=0.0)
    assert rate(made, 0, given=59) == 1.0
    assert rate(made, 0, given=60) == pytest.approx(0.25, abs=0.04)


def test_the_mixed_crowd_is_the_one_of_80() -> None:
    made = crowd.mixed(300, 4, 7)
    kinds = [person.kind for person in made.people]
    assert len(kinds) == 80
    assert {kind: kinds.count(kind) for kind in set(kinds)} == dict(crowd.MIXED)
    chance = np.random.default_rng(2)
    ring = [n for n, kind in enumerate(kinds) if kind == "ring"]
    for item in range(50):
        assert len({made.answer(person, item, chance) for person in ring}) == 1


def test_classes_are_as_usual_as_asked() -> None:
    made = crowd.crowd_of([], 5000, 3, 1, shares=(0.9, 0.07, 0.03))
    assert np.bincount(made.truth, minlength=3) / made.items == pytest.approx([0.9, 0.07, 0.03], abs=0.02)


def test_a_survey_repeats_with_its_seed_and_asks_nobody_twice() -> None:
    made = crowd.mixed(400, 2, 3)
    rows, keys = crowd.survey(made, 9, each=20)
    assert (rows, keys) == crowd.survey(crowd.mixed(400, 2, 3), 9, each=20)
    assert rows != crowd.survey(made, 10, each=20)[0]
    asked = [(person, item) for person, item, _ in rows]
    assert len(asked) == len(set(asked))
    assert max(np.bincount([person for person, _ in asked])) <= 20
    assert all(keys[item] == made.truth[item] for item in keys)
    assert any(item in keys for _, item in asked)
