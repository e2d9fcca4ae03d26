"""Golds that are wrong, known or worn out, and those that could come instead."""

import pytest

from rules.quality import bad_golds, crowd
from rules.quality.votes import UNKNOWN, votes_of

GOLDS = 60


def answered(classes: int, accuracy: float = 0.88) -> tuple[list[tuple[int, int, int]], dict[int, int]]:
    made = crowd.honest(24, 500, classes, 8, accuracy)
    return crowd.survey(made, 8, each=100, golds=GOLDS, gold_share=0.5)


@pytest.mark.parametrize("classes", [2, 4])
def test_wrong_keys_are_found_and_right_ones_left_alone(classes: int) -> None:
    rows, keys = answered(classes)
    wrong = {5, 17, 42}
    corrupted = {item: (key + 1) % classes if item in wrong else key for item, key in keys.items()}
    found = bad_golds.doubtful(votes_of(rows, corrupted, classes)[0])
    assert wrong <= {gold.item_id for gold in found}
    assert len(found) <= len(wrong) + 0.05 * GOLDS
    for gold in found:
        if gold.item_id in wrong:
            assert (gold.key, gold.likely) == (corrupted[gold.item_id], keys[gold.item_id])
            assert gold.agreed < gold.answers / 2
    assert [gold.right for gold in found] == sorted(gold.right for gold in found)


def test_right_keys_are_seldom_doubted_however_often_one_looks() -> None:
    made = crowd.mixed(1500, 2, 200)
    rows, keys = crowd.survey(made, 200, each=100, overlap=4, golds=100, gold_share=0.16)
    looks = [rows[: len(rows) * part // 12] for part in range(2, 13)]
    doubted = {gold.item_id for seen in looks for gold in bad_golds.doubtful(votes_of(seen, keys, 2)[0])}
    assert len(doubted) <= 0.05 * len(keys)


@pytest.mark.parametrize("wrong", [GOLDS // 3, GOLDS])
def test_a_crowd_that_contradicts_many_keys_is_in_doubt_itself(wrong: int) -> None:
    rows, keys = answered(2, accuracy=0.97)
    keys = {item: 1 - key if item < wrong else key for item, key in keys.items()}
    found = bad_golds.doubtful(votes_of(rows, keys, 2)[0])
    assert len(found) <= bad_golds.DOUBTED_SHARE_MAX * GOLDS


def test_few_answers_doubt_nothing() -> None:
    rows = [(person, 1, 0) for person in range(bad_golds.DOUBT_ANSWERS - 1)]
    assert bad_golds.doubtful(votes_of(rows, {1: 1}, 2)[0]) == []
    assert bad_golds.doubtful(votes_of(rows, {}, 2)[0]) == []


def test_a_frozen_gold_weighs_on_nobody() -> None:
    rows, keys = answered(2)
    votes, _, items = votes_of(rows, keys, 2)
    thawed = bad_golds.without_keys(votes, {3, 4})
    assert thawed.known[items.index(3)] == UNKNOWN
    assert thawed.golds == votes.golds - 2
    assert votes.known[items.index(3)] == keys[3]


def leak(knows_from: int) -> list[tuple[int, int, int]]:
    """Let careful people work, and clickers who meet the gold item 0: those from `knows_from` on know its key."""
    people = [crowd.Person("good", 0.92)] * 15 + [crowd.Person("random")] * 30
    made = crowd.crowd_of(people, 700, 4, 6)
    rows, keys = crowd.survey(made, 6, each=60, golds=1, gold_share=0.0)
    key = keys[0]
    return rows + [(15 + n, 0, key if n >= knows_from else (key + 1 + n % 3) % 4) for n in range(30)]


def test_a_gold_that_the_unskilled_suddenly_pass_is_leaked() -> None:
    rows = leak(knows_from=15)
    key = rows[-1][2]
    (found,) = bad_golds.leaked(votes_of(rows, {0: key}, 4)[0])
    assert found.item_id == 0
    assert found.passed >= 14
    assert found.expected < found.passed / 2


@pytest.mark.parametrize("knows_from", [0, 30])
def test_a_gold_that_was_always_easy_or_hard_is_not(knows_from: int) -> None:
    rows = leak(knows_from)
    assert bad_golds.leaked(votes_of(rows, {0: leak(0)[-1][2]}, 4)[0]) == []


def test_good_people_who_pass_after_others_failed_tell_of_no_leak() -> None:
    rows = leak(knows_from=30)
    key = leak(knows_from=0)[-1][2]
    able = [(person, 0, key) for person in range(15)]
    assert bad_golds.leaked(votes_of(rows + able, {0: key}, 4)[0]) == []


def test_exposure_has_a_cap_and_none_is_none() -> None:
    assert bad_golds.exposed({1: 200, 2: 199, 3: 350}, 200) == [1, 3]
    assert bad_golds.exposed({1: 10_000}, 0) == []


def test_new_golds_are_sure_and_much_answered() -> None:
    settled = [(1, 0, 0.995, 5), (2, 1, 0.999, 4), (3, 1, 0.98, 9), (4, 2, 0.999, 6)]
    assert [gold.item_id for gold in bad_golds.proposals(settled)] == [4, 1]
    assert len(bad_golds.proposals(settled, most=1)) == 1
