"""The kinds of question: what each takes from a tap, which gold it lets in, when an answer meets it, and how an answer is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import answers
from rules.answers import EMPTY, Draft
from rules.kinds import GoldTrouble, Sheet, TextAnswer
from rules.kinds.text import distance, folded
from rules.project_file import Project, ProjectTrouble
from tests.rules.definitions import choice, define, preference, scale, span, steps, tags, text

SHOWN_STEPS = [{"field": "problem"}, {"field": "steps", "as": "steps"}]
CHAIN = Sheet({"problem": "P", "steps": ["one", "two", "three"]})
CHECKING = define(show=SHOWN_STEPS, ask=[steps("check")])
TO_THE_END = define(show=SHOWN_STEPS, ask=[steps("check", stop_at_error=False, neutral=False)])
COMPARING = define(show=[{"field": "prompt"}], ask=[preference("better")])
SOLUTION = "She eats 3 eggs. 16 - 3 = 13 are left.\nShe sells them for $2. That makes $26."
QUOTING = define(ask=[span("where", at_most=2)])
ON_SOLUTION = Sheet({"question": "Q", "solution": SOLUTION})


def taps(project: Project, sheet: Sheet, *operations: str) -> Draft:
    """Tap one after the other; each must fit."""
    draft = EMPTY
    for operation in operations:
        after = answers.after_tap(project, draft, operation, sheet)
        assert after is not None, f"{operation} does not fit"
        draft = after
    return draft


# Reasons.


def test_where_one_reason_is_asked_for_one_tap_gives_it() -> None:
    project = define(ask=[tags("why", "digit", "logic", at_most=1)])
    assert taps(project, Sheet(), "t1+").answers == {"why": ["logic"]}
    assert answers.after_tap(project, EMPTY, "d") is None
    assert answers.after_undo(project, Draft({"why": ["logic"]})) == EMPTY
    two = define(ask=[tags("why", "digit", "logic", "sign", at_most=2)])
    assert answers.after_tap(two, Draft({}, ("digit", "logic")), "t2+") is None, "two are enough"


# Preference.


@pytest.mark.parametrize(
    ("operation", "flipped", "answer"),
    [
        ("w1", False, "a"), ("w2", False, "b"), ("w1", True, "b"), ("w2", True, "a"),
        ("wt", True, "tie"), ("wb", False, "both_bad"),
    ],
)  # fmt: skip
def test_a_preference_names_the_side_of_the_item_whatever_was_read_first(
    operation: str, flipped: bool, answer: str
) -> None:
    assert taps(COMPARING, Sheet({}, flipped), operation).answers == {"better": answer}


def test_a_preference_takes_only_what_it_offers() -> None:
    strict = define(show=[], ask=[preference("better", tie=False, both_bad=False)])
    assert [answers.after_tap(strict, EMPTY, one) for one in ("wt", "wb", "w3", "w", "o0")] == [None] * 5
    with pytest.raises(GoldTrouble, match='gold for "better" is "tie"; it can be a, b'):
        answers.gold_of(strict, {}, {"better": "tie"})
    assert answers.gold_of(strict, {}, {"better": "b"}) == {"better": "b"}


# Steps.


def test_a_chain_ends_at_its_first_wrong_step() -> None:
    draft = taps(CHECKING, CHAIN, "k0+", "k1-")
    assert draft.answers == {"check": {"ratings": [1, -1], "end": "found_error"}}


def test_a_chain_without_a_wrong_step_is_a_solution() -> None:
    draft = taps(CHECKING, CHAIN, "k0+", "k1o", "k2+")
    assert draft.answers == {"check": {"ratings": [1, 0, 1], "end": "solution"}}


def test_a_chain_can_be_rated_to_its_end() -> None:
    draft = taps(TO_THE_END, CHAIN, "k0-", "k1+", "k2-")
    assert draft.answers == {"check": {"ratings": [-1, 1, -1], "end": "found_error"}}
    assert answers.after_tap(TO_THE_END, EMPTY, "k0o", CHAIN) is None, "there is no neutral there"


@pytest.mark.parametrize(("operation", "end"), [("xb", "bad_problem"), ("xg", "give_up")])
def test_a_chain_can_be_left_at_any_step(operation: str, end: str) -> None:
    assert taps(CHECKING, CHAIN, operation).answers == {"check": {"ratings": [], "end": end}}
    assert taps(CHECKING, CHAIN, "k0+", operation).answers == {"check": {"ratings": [1], "end": end}}


@given(st.lists(st.text("k0123+-oxbg", max_size=3), max_size=30))
def test_a_step_is_rated_once_and_in_its_turn(operations: list[str]) -> None:
    draft = EMPTY
    for operation in operations:
        after = answers.after_tap(CHECKING, draft, operation, CHAIN)
        if after is not None and operation.startswith("k"):
            assert int(operation[1:-1]) == len(draft.marks), (
                "a second tap on the same button rates no other step"
            )
        draft = after or draft
    value = draft.answers.get("check")
    if isinstance(value, dict):
        assert len(value["ratings"]) <= 3
        assert (value["end"] == "found_error") == (-1 in value["ratings"])


@pytest.mark.parametrize(
    ("gold", "answer", "tolerance", "met"),
    [
        (1, {"ratings": [1, -1], "end": "found_error"}, 0, True),
        (2, {"ratings": [1, -1], "end": "found_error"}, 0, False),
        (2, {"ratings": [1, -1], "end": "found_error"}, 1, True),
        (-1, {"ratings": [1, 1, 1], "end": "solution"}, 0, True),
        (-1, {"ratings": [-1], "end": "found_error"}, 3, False),
        (0, {"ratings": [1, 1, 1], "end": "solution"}, 3, False),
        ("bad_problem", {"ratings": [], "end": "bad_problem"}, 0, True),
        ("bad_problem", {"ratings": [1], "end": "give_up"}, 0, False),
        (1, {"ratings": [1], "end": "give_up"}, 3, False),
    ],
)
def test_a_chain_meets_its_gold_by_the_first_wrong_step(
    gold: Any, answer: Any, tolerance: int, met: bool
) -> None:
    project = define(show=SHOWN_STEPS, ask=[steps("check", tolerance=tolerance)])
    assert answers.gold_of(project, CHAIN.fields, {"check": gold}) == {"check": gold}
    assert answers.meets_gold(project, {"check": gold}, {"check": answer}) is met


@pytest.mark.parametrize("gold", [3, -2, True, "solution", None, 1.0, [1]])
def test_no_gold_names_a_step_that_is_not_there(gold: object) -> None:
    with pytest.raises(
        GoldTrouble, match=r'gold for "check" is .*; it is the first wrong step counted from 0'
    ):
        answers.gold_of(CHECKING, CHAIN.fields, {"check": gold})


def test_judgments_of_a_chain_are_held_beside_each_other_by_the_first_wrong_step() -> None:
    one = answers.comparable(CHECKING, {"check": {"ratings": [1, -1], "end": "found_error"}})
    other = answers.comparable(CHECKING, {"check": {"ratings": [0, -1], "end": "found_error"}})
    assert one == other != answers.comparable(CHECKING, {"check": {"ratings": [-1], "end": "found_error"}})


# Words.


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a reason ", "a reason"),
        ("ab", None),
        ("x" * 21, None),
        ("\0abc", "abc"),
        ("", None),
        (" \n", None),
    ],
)
def test_words_are_kept_within_their_bounds(typed: str, kept: str | None) -> None:
    project = define(ask=[text("why", least=3, most=20)])
    draft = answers.typed(project, EMPTY, typed)
    assert (draft.marks[0] if draft else None) == kept


def test_words_are_kept_by_done_cleared_or_left_out() -> None:
    project = define(ask=[text("why")])
    typed = answers.typed(project, EMPTY, "because")
    assert typed is not None
    done = answers.after_tap(project, typed, "d")
    assert done is not None
    assert done.answers == {"why": "because"}
    assert answers.after_tap(project, typed, "c") == EMPTY
    assert answers.after_tap(project, EMPTY, "d") is None, "nothing was typed"
    left_out = answers.after_tap(project, EMPTY, "n")
    assert left_out is not None
    assert left_out.answers == {"why": ""}
    needed = define(ask=[text("why", required=True)])
    assert answers.after_tap(needed, EMPTY, "n") is None


def test_undo_takes_typed_words_away_before_the_answer_before_them() -> None:
    project = define(ask=[choice("correct", "yes", "no"), text("why")])
    typed = answers.typed(project, Draft({"correct": "no"}), "because")
    assert typed is not None
    assert answers.after_undo(project, typed) == Draft({"correct": "no"})


def test_words_are_taken_only_for_a_question_that_asks_for_them() -> None:
    assert answers.typed(COMPARING, EMPTY, "hello") is None
    assert answers.typed(define(ask=[text("why")]), Draft({"why": ""}), "hello") is None


@pytest.mark.parametrize(
    ("given_text", "tolerance", "met"),
    [
        ("x = 13", 0.0, True), ("X  =  13.", 0.0, True), ("x = 14", 0.0, False), ("thirteen", 0.0, True),
        ("thirten", 0.2, True), ("thrtn", 0.1, False), ("", 0.5, False),
    ],
)  # fmt: skip
def test_words_meet_gold_but_for_case_spaces_and_a_few_characters(
    given_text: str, tolerance: float, met: bool
) -> None:
    project = define(ask=[text("why", tolerance=tolerance)])
    gold = answers.gold_of(project, {}, {"why": ["x = 13", "thirteen"]})
    assert answers.meets_gold(project, gold, {"why": given_text}) is met


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_the_distance_of_texts_is_a_distance(one: str, other: str, third: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, third) <= distance(one, other) + distance(other, third)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


def test_folding_keeps_what_carries_meaning_in_any_script() -> None:
    assert folded("Ｘ + 1 = 2!") == "x+1=2"
    assert folded("Да, так.") == "датак"
    assert folded("नमस्ते!") == "नमस्ते"
    assert folded("?!") == "?!"


# Together.

EVERYTHING = define(
    show=[{"field": "question"}, {"field": "solution"}, {"field": "steps", "as": "steps"}],
    ask=[
        scale("helpful"),
        steps("check"),
        choice("sure", "yes", "no", when={"check": "found_error"}),
        span("where", at_most=3, at_least=0),
        tags("why", "digit", "logic", when={"sure": "yes"}),
        text("words"),
    ],
)
WHOLE = Sheet({"question": "Q", "solution": SOLUTION, "steps": ["one", "two", "three"]})
OPERATIONS = ["v3", "k0+", "k0-", "k1+", "k1-", "k2+", "k2-", "xb", "o0", "o1", "t0+", "t1+", "t0-", "d", "n"]


@given(st.lists(st.sampled_from(OPERATIONS), max_size=40))
def test_undo_goes_back_step_by_step_to_the_empty_card(operations: list[str]) -> None:
    draft, behind = EMPTY, 0
    for operation in operations:
        after = answers.after_tap(EVERYTHING, draft, operation, WHOLE)
        if after is None:
            continue
        assert Draft.load(after.dump()) == after
        draft = after
        behind += 1
    for _ in range(behind):
        back = answers.after_undo(EVERYTHING, draft)
        if back is None:
            break
        assert len(back.answers) + len(back.marks) <= len(draft.answers) + len(draft.marks) + 3
        draft = back
    assert answers.after_undo(EVERYTHING, Draft(draft.answers)) is None or draft.answers or draft.marks
    assert not draft.answers


@given(st.lists(st.sampled_from(OPERATIONS), max_size=60))
def test_every_complete_answer_of_every_kind_meets_itself_where_it_can_be_gold(operations: list[str]) -> None:
    draft = EMPTY
    for operation in [*operations, *["v3", "k0+", "k1+", "k2+", "o0", "d", "t0+", "d", "n"] * 3]:
        draft = answers.after_tap(EVERYTHING, draft, operation, WHOLE) or draft
    assert answers.question_now(EVERYTHING, draft) is None
    value = draft.answers["check"]
    assert isinstance(value, dict)
    gold: dict[str, Any] = {"helpful": draft.answers["helpful"], "where": draft.answers["where"]}
    if value["end"] in ("found_error", "solution"):
        gold["check"] = -1 if value["end"] == "solution" else value["ratings"].index(-1)
    stored = answers.gold_of(EVERYTHING, WHOLE.fields, gold)
    assert answers.meets_gold(EVERYTHING, stored, draft.answers)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"ask": [preference("p", b="answer_a")]}, 'a and b are both "answer_a"'),
        ({"ask": [preference("p", a="question")]}, '"question" is shown by the question "p" already'),
        ({"ask": [steps("s")]}, '"s" rates the steps of "steps"; show that field as = "steps"'),
        ({"show": SHOWN_STEPS, "ask": [span("w", field="steps")]}, 'show that field as plain, markdown or code'),
        ({"ask": [span("w", field="nothing")]}, 'quotes from "nothing"'),
        ({"ask": [text("t", least=9, most=3)]}, "most is 3, below least, which is 9"),
        ({"ask": [tags("t", "x", "y", at_least=2, at_most=1)]}, "at_most is 1, below at_least, which is 2"),
        ({"ask": [span("w", at_least=3)]}, "at_most is 1, below at_least, which is 3"),
        ({"ask": [preference("p"), preference("q", a="other")]}, "must compare the same two fields"),
        ({"show": [], "ask": [choice("c", "x", "y")]}, "Show is missing"),
        ({"ask": [text("t"), tags("u", "x", when={"t": "yes"})]}, "waits for t = 'yes', which nobody can answer"),
        ({"ask": [preference("p", a="gold")]}, "is a key of Veritap's own"),
    ],
)  # fmt: skip
def test_a_definition_that_does_not_fit_together_says_so(parts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProjectTrouble) as trouble:
        define(**parts)
    assert sentence in "\n".join(trouble.value.lines)


def test_a_condition_can_wait_for_the_new_kinds() -> None:
    project = define(
        show=SHOWN_STEPS,
        ask=[
            steps("check"),
            text("fix", when={"check": "found_error"}),
            choice("odd", "yes", "no", when={"check": ["bad_problem", "give_up"]}),
        ],
    )
    wrong = taps(project, CHAIN, "k0-")
    assert isinstance(answers.question_now(project, wrong), TextAnswer)
    left = taps(project, CHAIN, "xg")
    asked = answers.question_now(project, left)
    assert asked is not None
    assert asked.id == "odd"
    assert answers.gold_trouble(project, {"check": 0, "odd": "yes"}, CHAIN.fields) is not None
    assert answers.gold_trouble(project, {"check": "bad_problem", "odd": "yes"}, CHAIN.fields) is None
