"""The model of answers: what it makes of golds, of agreement, of little and of bad input, and that names and order change nothing."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from rules.quality import model
from rules.quality.model import Bounds, Model, belief, fit, review, urgency, wants_more
from rules.quality.model_settings import MURKY_SHARE
from rules.quality.model_state import VERSION
from rules.quality.votes import UNKNOWN, Votes, votes_of

BOUNDS = Bounds(2, 10, 0.95)
Rows = list[tuple[int, int, int]]


def crowd(
    accuracies: Sequence[float],
    *,
    items: int = 150,
    classes: int = 3,
    golds: int = 40,
    each: int = 60,
    seed: int = 4,
) -> tuple[Rows, dict[int, int], list[int]]:
    """Let each person answer some items: rows of (person, item, class), the golds, and the truth."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(classes, size=items).tolist()
    rows = []
    for person, accuracy in enumerate(accuracies):
        for item in chance.choice(items, size=each, replace=False).tolist():
            right = chance.random() < accuracy
            told = truth[item] if right else (truth[item] + int(chance.integers(1, classes))) % classes
            rows.append((100 + person, item, told))
    chance.shuffle(rows)
    return rows, {item: truth[item] for item in range(golds)}, truth


MIXED = [0.95] * 4 + [0.8] * 4 + [0.34] * 5


def fitted(rows: Rows, golds: dict[int, int], classes: int = 3) -> tuple[Model, Votes]:
    votes, _, _ = votes_of(rows, golds, classes)
    return fit(votes, BOUNDS), votes


def share_right(posterior: np.ndarray, votes: Votes, truth: Sequence[int]) -> float:
    open_items = [n for n, item in enumerate(votes.item_ids) if votes.known[n] == UNKNOWN]
    return float(np.mean([posterior[n].argmax() == truth[votes.item_ids[n]] for n in open_items]))


def test_votes_are_numbered_as_they_come() -> None:
    votes, people, items = votes_of([(7, 30, 1), (5, 20, 0), (7, 20, 1)], {20: 1, 99: 0}, 2)
    assert (people, items) == ([7, 5], [30, 20])
    assert votes.people.tolist() == [0, 1, 0]
    assert votes.items.tolist() == [0, 1, 1]
    assert votes.known.tolist() == [UNKNOWN, 1]
    assert votes.golds == 1
    with pytest.raises(ValueError, match="no class 2"):
        votes_of([(7, 30, 2)], {}, 2)


def test_careful_people_outweigh_many_clickers() -> None:
    rows, golds, truth = crowd(MIXED)
    found, votes = fitted(rows, golds)
    counts = np.zeros((len(votes.known), 3))
    np.add.at(counts, (votes.items, votes.labels), 1)
    best = share_right(review(found, votes), votes, truth)
    assert best > 0.9
    assert best > share_right(counts, votes, truth) + 0.05


def test_people_are_known_by_their_accuracy() -> None:
    rows, golds, _ = crowd(MIXED)
    found, _ = fitted(rows, golds)
    assert [found.person(100 + n).accuracy for n in range(4)] == pytest.approx([0.95] * 4, abs=0.08)
    assert max(found.person(108 + n).accuracy for n in range(5)) < 0.6
    assert found.person(100).answers == 60
    assert found.person(100).golds > 5
    assert found.person(-1) == found.pooled


def test_who_leans_to_one_answer_is_read_by_table() -> None:
    chance = np.random.default_rng(1)
    truth = (np.arange(200) % 2).tolist()
    # Everybody says 0 of every 0, and of two ones in five as well: a lone 1 is worth more than a 0.
    rows = [(p, i, 0 if not truth[i] or chance.random() < 0.4 else 1) for i in range(200) for p in range(5)]
    found, _ = fitted(rows, {item: truth[item] for item in range(60)}, 2)
    assert found.blend > 0.5
    one = belief(found, [(0, 1)])
    other = belief(found, [(0, 0)])
    assert one.label == 1
    assert other.label == 0
    assert max(one.posterior) > max(other.posterior) + 0.1


def test_names_of_classes_and_people_change_nothing() -> None:
    rows, golds, _ = crowd(MIXED)
    turned = {0: 2, 1: 0, 2: 1}
    one, votes = fitted(rows, golds)
    other, _ = fitted(
        [(7000 - person, item, turned[label]) for person, item, label in rows],
        {item: turned[label] for item, label in golds.items()},
    )
    posterior = review(one, votes)
    for item in range(30):
        mine = [(person, label) for person, at, label in rows if at == votes.item_ids[item]]
        found = belief(other, [(7000 - person, turned[label]) for person, label in mine])
        assert [found.posterior[turned[label]] for label in range(3)] == pytest.approx(
            posterior[item], abs=1e-9
        )
    assert other.person(6900).information == pytest.approx(one.person(100).information)


def test_a_rerun_gives_the_same_whatever_was_before() -> None:
    rows, golds, _ = crowd(MIXED)
    votes, _, _ = votes_of(rows, golds, 3)
    first = fit(votes, BOUNDS)
    assert fit(votes, BOUNDS, previous=first) == first
    assert fit(votes, BOUNDS).to_json() == first.to_json()


def test_all_at_once_is_the_same_as_one_by_one() -> None:
    rows, golds, _ = crowd(MIXED)
    found, votes = fitted(rows, golds)
    found = dataclasses.replace(found, powers=(0.6, 0.7), blend=0.4)
    posterior = review(found, votes)
    for item in (0, 5, 60, 149):
        given = [(p, label) for p, at, label in rows if at == votes.item_ids[item]]
        assert belief(found, given).posterior == pytest.approx(posterior[item], abs=1e-12)


def test_answers_that_disagree_make_an_item_murky() -> None:
    rows, golds, _ = crowd([0.8] * 8, classes=2)
    found, _ = fitted(rows, golds, 2)
    murky = [
        sum(belief(found, list(enumerate(told, 100))).kinds[0]) for told in ([0, 0, 0], [0, 0, 0, 0, 1, 1])
    ]
    assert murky[0] < MURKY_SHARE < murky[1]
    # The same lead is worth less where it was hard won.
    plain, won = (
        max(belief(found, list(enumerate(told, 100))).posterior) for told in ([0, 0], [0, 0, 0, 0, 1, 1])
    )
    assert plain > won + 0.03


def test_a_model_comes_back_from_its_text_as_it_was() -> None:
    rows, golds, _ = crowd(MIXED)
    found, _ = fitted(rows, golds)
    again = Model.from_json(found.to_json())
    assert again == found
    assert belief(again, [(100, 1), (108, 2)]) == belief(found, [(100, 1), (108, 2)])
    with pytest.raises(ValueError, match="version"):
        Model.from_json(found.to_json().replace(f'"version":{VERSION}', '"version":0'))


def test_without_golds_only_agreement_is_told() -> None:
    rows, _, truth = crowd([0.9] * 8)
    found, votes = fitted(rows, {})
    assert found.is_opinion
    assert found.golds == 0
    assert share_right(review(found, votes), votes, truth) > 0.9
    assert not fitted(*crowd([0.9] * 8)[:2])[0].is_opinion


def test_golds_are_believed_against_everybody() -> None:
    rows, golds, _ = crowd([0.95] * 6, classes=2, golds=100, each=100)
    found, _ = fitted(rows, {item: label if item % 4 else 1 - label for item, label in golds.items()}, 2)
    assert max(found.person(100 + n).accuracy for n in range(6)) < 0.87


def test_golds_that_people_miss_do_not_turn_labels_round() -> None:
    # Most of those who are there press the other button; the golds know it.
    rows, golds, truth = crowd([0.9] * 3 + [0.2] * 5, classes=2, golds=60, each=100)
    found, votes = fitted(rows, golds, 2)
    assert share_right(review(found, votes), votes, truth) > 0.8


@pytest.mark.parametrize("classes", [1, 2, 13, 200])
def test_no_votes_at_all_is_an_even_guess(classes: int) -> None:
    found, _ = fitted([], {}, classes)
    nothing = belief(found, [])
    assert nothing.posterior == pytest.approx([1 / classes] * classes)
    assert nothing.given == 0
    assert wants_more(found, nothing, BOUNDS)


def test_one_person_with_many_options_is_believed_a_little() -> None:
    found, _ = fitted([(1, 1, 150), (1, 2, 3)], {}, 200)
    held = belief(found, [(1, 150)])
    assert held.label == 150
    assert 0.05 < held.posterior[150] < 0.95
    assert sum(held.posterior) == pytest.approx(1)


def test_gold_of_one_class_leaves_the_others_possible() -> None:
    rows, _, truth = crowd([0.9] * 8)
    golds = {item: label for item, label in enumerate(truth[:60]) if label == 0}
    found, votes = fitted(rows, golds)
    assert share_right(review(found, votes), votes, truth) > 0.9


def test_an_even_split_is_the_most_urgent_and_agreement_the_least() -> None:
    found, _ = fitted(*crowd([0.9] * 8)[:2])
    split = belief(found, [(100, 0), (101, 1)])
    agreed = belief(found, [(100, 0), (101, 0)])
    assert urgency(found, split) > urgency(found, belief(found, [(100, 0)])) > urgency(found, agreed)
    assert 0 <= urgency(found, agreed) <= urgency(found, belief(found, [])) <= model.URGENCY_MOST


def test_a_person_without_answers_counts_as_anybody() -> None:
    found, _ = fitted(*crowd(MIXED)[:2])
    assert belief(found, [(9999, 1)]) == belief(found, [(8888, 1)])
    assert belief(found, [(9999, 1)]).label == 1
