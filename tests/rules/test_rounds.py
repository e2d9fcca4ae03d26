"""What a calibration round is made of: confusion, spreads, rulings as gold, agreement, and leniency beside others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import leniency, project_file, rounds
from rules.kinds import GoldTrouble
from rules.project_file import Project
from tests.stories.projects import CHAIN, COMPARE, REASON, SCALES

YES, NO = {"correct": "yes"}, {"correct": "no", "reason": "because"}


@pytest.fixture(scope="module")
def choice() -> Project:
    return project_file.parse(REASON)


@pytest.mark.parametrize(
    ("less", "more"),
    [("aa", "ab"), ("ab", "aabb"), ("aaab", "aab"), ("aaab", "aabb"), ("aabb", "abcd"), ("a", "ab")],
)
def test_what_confuses_more(less: str, more: str) -> None:
    assert rounds.confusion(list(less)) < rounds.confusion(list(more))


@given(st.lists(st.integers(0, 3), max_size=12), st.randoms())
def test_confusion_knows_neither_order_nor_names(values: list[int], chance: Any) -> None:
    mixed = [f"answer {3 - value}" for value in values]
    chance.shuffle(mixed)
    assert rounds.confusion(values) == rounds.confusion(mixed)
    assert 0.0 <= rounds.confusion(values) < 1.0


def test_only_items_on_which_answers_part_are_proposed(choice: Project) -> None:
    found = {1: [YES, YES], 2: [YES, NO], 3: [YES, YES, NO, NO], 4: [YES], 5: [NO, YES]}
    assert rounds.propose(choice, found, 10) == [3, 2, 5]
    assert rounds.propose(choice, found, 2) == [3, 2]


def test_pairs_of_answers_take_turns() -> None:
    project = project_file.parse(COMPARE)
    given_ = {
        1: [{"better": "a"}, {"better": "b"}],
        2: [{"better": "a"}, {"better": "b"}],
        3: [{"better": "a"}, {"better": "tie"}],
    }
    assert rounds.propose(project, given_, 2) == [1, 3], "not two rounds about the same pair"


def test_a_spread_keeps_the_order_of_the_buttons_and_what_nobody_chose() -> None:
    project = project_file.parse(SCALES)
    spread = rounds.spreads(project, [{"helpful": 4}, {"helpful": 4}, {"helpful": 1}])[0]
    assert [(bar.value, bar.count) for bar in spread.bars] == [(1, 1), (2, 0), (3, 0), (4, 2), (5, 0)]
    assert spread.given == 3
    assert len(rounds.spreads(project, [{"helpful": 4}])) == 1, "a question nobody was asked is left out"


def test_words_of_students_are_never_spread(choice: Project) -> None:
    assert [one.question for one in rounds.spreads(choice, [NO, YES])] == ["correct"]
    assert [ask.id for ask in rounds.verdicts(choice).ask] == ["correct"]


def test_steps_spread_by_the_first_wrong_one_and_ends_come_last() -> None:
    project = project_file.parse(CHAIN)
    found: list[rounds.Answers] = [
        {"check": {"ratings": [1, -1], "end": "found_error"}},
        {"check": {"ratings": [1, 1, 1], "end": "solution"}},
        {"check": {"ratings": [], "end": "give_up"}},
        {"check": {"ratings": [-1], "end": "found_error"}},
    ]
    assert [bar.value for bar in rounds.spreads(project, found)[0].bars] == [0, 1, -1, "give_up"]
    figure = rounds.agreement_of(project, {1: found[:2], 2: found[2:3] * 2})[0]
    assert (figure.items, figure.answers) == (1, 2), (
        "who gave up agrees with nobody, also not with another one"
    )


def test_a_ruling_is_a_gold_answer() -> None:
    project = project_file.parse(CHAIN)
    fields = {"problem": "p", "steps": ["a", "b"]}
    given_ = {"check": {"ratings": [1, -1], "end": "found_error"}}
    assert rounds.ruled(project, fields, given_) == {"check": 1}
    with pytest.raises(GoldTrouble):
        rounds.ruled(project, fields, {"check": {"ratings": [1], "end": "give_up"}})


def test_a_verdict_agrees_whatever_its_reasons(choice: Project) -> None:
    assert rounds.agrees(choice, {"correct": "no"}, NO)
    assert not rounds.agrees(choice, {"correct": "no"}, YES)


def test_agreement_says_what_it_rests_on(choice: Project) -> None:
    figure = rounds.agreement_of(choice, {1: [YES, YES], 2: [NO, NO], 3: [YES]})[0]
    assert (figure.items, figure.answers, figure.alpha) == (2, 4, 1.0)
    assert figure.low is None, "two items make no interval"
    empty = rounds.agreement_of(choice, {})[0]
    assert (empty.items, empty.alpha, empty.ac1) == (0, None, None)
    assert rounds.load(rounds.dump([figure, empty])) == [figure, empty]


def test_leniency_is_measured_on_the_same_items() -> None:
    project = project_file.parse(SCALES)
    mild = [({"helpful": 4}, [{"helpful": 3}, {"helpful": 2}])] * 10 + [
        ({"helpful": 5}, [{"helpful": 3}])
    ] * 10
    found = leniency.measure(project, mild)[0]
    assert (found.mine, found.theirs, found.items) == (4.5, 2.75, 20)
    assert found.beyond_chance
    assert found.is_milder
    assert leniency.measure(project, mild[:19]) == []
    alone: list[tuple[rounds.Answers, list[rounds.Answers]]] = [({"helpful": 4}, [])] * 30
    assert leniency.measure(project, alone) == []


def test_chance_is_no_leniency(choice: Project) -> None:
    pairs = [(YES, [NO]), (NO, [YES]), (YES, [YES])] * 10
    found = leniency.measure(choice, pairs)[0]
    assert found.mine == pytest.approx(2 / 3)
    assert found.theirs == pytest.approx(2 / 3)
    assert not found.beyond_chance


def test_two_sides_are_no_leniency() -> None:
    assert leniency.questions(project_file.parse(COMPARE)) == []
