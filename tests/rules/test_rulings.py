"""Rulings: every answer that can be given can be ruled by its button, and no forged button rules anything."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import project_file, rulings
from rules.kinds import Choice, GoldTrouble, Preference, Scale, Steps
from rules.project_file import Project

HEAD = """
slug = "all"
title = "All kinds"
instructions = "Read."
[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 30
cap_seconds = 120
[[show]]
field = "steps"
as = "steps"
"""
ASKS = """
[[ask]]
id = "correct"
kind = "choice"
text = "Is it right?"
options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]
[[ask]]
id = "helpful"
kind = "scale"
text = "How helpful?"
low = 0
high = 4
low_label = "useless"
high_label = "just right"
[[ask]]
id = "better"
kind = "preference"
text = "Which is better?"
a = "one"
b = "two"
[[ask]]
id = "chain"
kind = "steps"
text = "Is this step right?"
field = "steps"
[[ask]]
id = "why"
kind = "tags"
text = "Why?"
when = { correct = "no" }
options = [{ value = "digit", label = "Digit" }, { value = "sign", label = "Sign" }]
"""
PROJECT = project_file.parse(HEAD + ASKS)
FIELDS: dict[str, Any] = {"one": "1", "two": "2", "steps": ["a", "b", "c"]}
VALUES: dict[str, list[Any]] = {
    "correct": ["yes", "no"],
    "helpful": [0, 1, 2, 3, 4],
    "better": ["a", "b", "tie", "both_bad"],
    "chain": [-1, 0, 1, 2, "bad_problem"],
}


def asked(project: Project, question: str) -> Choice | Scale | Preference | Steps:
    """Give a question of the project."""
    found = project.asked(question)
    assert isinstance(found, Choice | Scale | Preference | Steps)
    return found


@pytest.mark.parametrize(
    ("question", "value"), [(name, one) for name, values in VALUES.items() for one in values]
)
def test_every_answer_has_a_button_that_means_it(question: str, value: Any) -> None:
    ask = asked(PROJECT, question)
    operation = rulings.operation_of(ask, value)
    assert rulings.value_of(ask, FIELDS, operation) == value
    assert rulings.answer_of(ask, rulings.word_of(value)) == value
    assert rulings.ruled(PROJECT, [question], FIELDS, [operation]) == {question: value}


@given(st.text(max_size=6), st.sampled_from(sorted(VALUES)))
def test_a_forged_button_means_nothing_or_an_answer(operation: str, question: str) -> None:
    value = rulings.value_of(asked(PROJECT, question), FIELDS, operation)
    assert value is None or value in VALUES[question]


@pytest.mark.parametrize("operation", ["k3", "k-1", "k", "xg", "k99", "k²", "k1-", "k1+"])
def test_nobody_rules_a_step_that_is_not_there_or_to_give_up(operation: str) -> None:
    assert rulings.value_of(asked(PROJECT, "chain"), FIELDS, operation) is None


def test_a_row_of_taps_rules_one_question_after_the_other() -> None:
    questions = ["correct", "helpful"]
    assert rulings.ruled(PROJECT, questions, FIELDS, []) == {}
    assert rulings.ruled(PROJECT, questions, FIELDS, ["o1"]) == {"correct": "no"}
    assert rulings.ruled(PROJECT, questions, FIELDS, ["o1", "v4"]) == {"correct": "no", "helpful": 4}
    assert rulings.ruled(PROJECT, questions, FIELDS, ["o1", "v4", "v4"]) is None
    assert rulings.ruled(PROJECT, questions, FIELDS, ["v4"]) is None


def test_sides_gather_what_agrees_and_count_its_reasons() -> None:
    judgments: list[dict[str, Any]] = [
        {"correct": "no", "why": ["digit"]},
        {"correct": "yes"},
        {"correct": "no", "why": ["digit"]},
        {"correct": "no", "why": ["sign"]},
    ]
    found = rulings.sides(PROJECT, ["correct"], judgments)
    assert [(side.verdict, side.count) for side in found] == [({"correct": "no"}, 3), ({"correct": "yes"}, 1)]
    assert found[0].reasons == (({"why": ["digit"]}, 2), ({"why": ["sign"]}, 1))
    assert found == rulings.sides(PROJECT, ["correct"], judgments[::-1]), (
        "their order tells nobody who answered"
    )


def test_a_chain_is_held_beside_others_by_its_first_wrong_step() -> None:
    judgments: list[dict[str, Any]] = [
        {"chain": {"ratings": [1, -1], "end": "found_error"}},
        {"chain": {"ratings": [0, -1], "end": "found_error"}},
        {"chain": {"ratings": [1], "end": "give_up"}},
    ]
    found = rulings.sides(PROJECT, ["chain"], judgments)
    assert [side.verdict for side in found] == [{"chain": 1}, {"chain": "give_up"}]
    assert [rulings.can_be_ruled(PROJECT, side.verdict) for side in found] == [True, False]
    assert not rulings.can_be_ruled(PROJECT, {})


def test_another_key_keeps_of_the_old_one_what_somebody_could_still_give() -> None:
    old: dict[str, Any] = {"correct": "no", "why": ["digit"], "helpful": 3}
    assert rulings.rekeyed(PROJECT, FIELDS, old, "correct", "yes") == {"correct": "yes", "helpful": 3}
    assert rulings.rekeyed(PROJECT, FIELDS, old, "helpful", 1) == {**old, "helpful": 1}
    with pytest.raises(GoldTrouble):
        rulings.rekeyed(PROJECT, FIELDS, old, "helpful", 9)
