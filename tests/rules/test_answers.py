"""From taps to an answer: whatever is tapped, only what fits the question asked now changes the draft."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import answers
from rules.answers import EMPTY, Draft
from rules.kinds import AnyQuestion, Tags, Value
from tests.rules.definitions import EVERY_KIND, choice, define, scale, tags

FITTING = [f"o{n}" for n in range(4)] + [f"v{n}" for n in range(-3, 7)] + ["d"]
FITTING += [f"t{n}{sign}" for n in range(4) for sign in "+-"]
OPERATIONS = st.one_of(st.sampled_from(FITTING), st.text(max_size=8))
ODD = [
    "",
    "o",
    "o-1",
    "o99",
    "o٣",
    "o²",
    "o1 ",
    "oo",
    "v",
    "v--1",
    "v1.0",
    "v99999",
    "t",
    "t+",
    "t0",
    "t0*",
    "t-1+",
    "dd",
    "d0",
    "x",
]


@given(st.lists(OPERATIONS, max_size=40))
def test_no_row_of_taps_raises_and_only_fitting_ones_change_the_draft(operations: list[str]) -> None:
    draft = EMPTY
    for operation in operations:
        asked = answers.question_now(EVERY_KIND, draft)
        after = answers.after_tap(EVERY_KIND, draft, operation)
        if after is None:
            continue
        assert asked is not None, "a complete answer takes no more taps"
        assert operation in FITTING or operation[1:].lstrip("-0") != operation[1:], "leading noughts are read"
        changed = {name for name in after.answers if name not in draft.answers}
        assert changed <= {asked.id}
        assert {name: after.answers[name] for name in draft.answers} == draft.answers
        if asked.id in changed:
            _check_value(asked, after)
        else:
            assert isinstance(asked, Tags)
            assert set(after.marks) ^ set(draft.marks) <= {option.value for option in asked.options}
        assert Draft.load(after.dump()) == after
        draft = after


def _check_value(asked: AnyQuestion, after: Draft) -> None:
    value = after.answers[asked.id]
    assert after.marks == ()
    if isinstance(asked, Tags):
        assert isinstance(value, list)
        assert len(value) >= asked.at_least
        assert [option.value for option in asked.options if option.value in value] == value
    else:
        assert asked.can_sign(value)


@pytest.mark.parametrize("operation", ODD)
def test_odd_taps_fit_no_question(operation: str) -> None:
    drafts = [EMPTY, Draft({"correct": "no"}), Draft({"correct": "no", "why": ["digit"]})]
    assert [answers.after_tap(EVERY_KIND, draft, operation) for draft in drafts] == [None, None, None]


@given(st.lists(st.sampled_from(FITTING), min_size=60, max_size=60))
def test_every_answer_comes_to_an_end(operations: list[str]) -> None:
    draft = EMPTY
    for operation in [*operations, *["o0", "v1", "t0+", "d"] * 6]:
        draft = answers.after_tap(EVERY_KIND, draft, operation) or draft
    assert answers.question_now(EVERY_KIND, draft) is None
    assert {"correct", "clear"} <= set(draft.answers)


def asked_after(**given_so_far: Value) -> str | None:
    ask = answers.question_now(EVERY_KIND, Draft(given_so_far))
    return None if ask is None else ask.id


def test_questions_come_in_order_and_only_when_they_apply() -> None:
    assert asked_after() == "correct"
    assert asked_after(correct="yes") == "clear"
    assert asked_after(correct="unsure") == "why"
    assert asked_after(correct="no", why=["digit"], clear=3) is None
    assert asked_after(correct="no", why=["digit", "sign"], clear=3) == "how"
    assert asked_after(correct="yes", clear=5) == "praise"
    assert asked_after(correct="yes", clear=1) == "cold"
    assert asked_after(correct="yes", clear=1, cold=-2) is None


def test_the_order_of_ticks_is_no_matter() -> None:
    for order in itertools.permutations(["t0+", "t2+", "t1+", "t1-"]):
        if order.index("t1-") < order.index("t1+"):
            continue
        draft = Draft({"correct": "no"})
        for operation in order:
            draft = answers.after_tap(EVERY_KIND, draft, operation) or draft
        done = answers.after_tap(EVERY_KIND, draft, "d")
        assert done is not None
        assert done.answers["why"] == ["digit", "logic"]


def test_a_tick_twice_is_a_tick_once() -> None:
    draft = Draft({"correct": "no"}, ("sign",))
    assert answers.after_tap(EVERY_KIND, draft, "t1+") == draft
    unticked = answers.after_tap(EVERY_KIND, draft, "t1-")
    assert unticked == Draft({"correct": "no"})
    assert answers.after_tap(EVERY_KIND, unticked, "t1-") == unticked
    assert answers.after_tap(EVERY_KIND, unticked, "d") is None, "at least one is asked for"


def test_done_without_a_tick_is_an_answer_where_none_are_asked_for() -> None:
    done = answers.after_tap(EVERY_KIND, Draft({"correct": "yes", "clear": 4}), "d")
    assert done is not None
    assert done.answers["praise"] == []


@pytest.mark.parametrize(
    ("gold", "given_answers", "met"),
    [
        ({"correct": "no"}, {"correct": "no", "why": ["digit"], "clear": 1}, True),
        ({"correct": "no"}, {"correct": "yes", "clear": 1}, False),
        ({"correct": "no"}, {}, False),
        ({"clear": 3}, {"clear": 2}, True),
        ({"clear": 3}, {"clear": 4}, True),
        ({"clear": 3}, {"clear": 5}, False),
        ({"cold": 0}, {"cold": 1}, False),
        ({"cold": 0}, {}, False),
        ({"why": ["sign", "logic"]}, {"why": ["digit", "logic"]}, True),
        ({"why": ["sign"]}, {"why": ["digit"]}, False),
        ({"why": ["sign"]}, {"correct": "yes"}, False),
        ({"praise": []}, {"praise": []}, True),
        ({"praise": []}, {"praise": ["short"]}, False),
        ({"correct": "yes", "clear": 5}, {"correct": "yes", "clear": 2}, False),
    ],
)
def test_an_answer_meets_gold_or_does_not(
    gold: dict[str, Value], given_answers: dict[str, Value], met: bool
) -> None:
    assert answers.meets_gold(EVERY_KIND, gold, given_answers) is met


@given(st.lists(st.sampled_from(FITTING), max_size=60))
def test_every_complete_answer_meets_itself_as_gold(operations: list[str]) -> None:
    draft = EMPTY
    for operation in [*operations, *["o0", "v1", "t0+", "d"] * 6]:
        draft = answers.after_tap(EVERY_KIND, draft, operation) or draft
    assert answers.gold_trouble(EVERY_KIND, dict(draft.answers)) is None
    assert answers.meets_gold(EVERY_KIND, draft.answers, draft.answers)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["yes", "sign"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    st.one_of(
        JSON, st.dictionaries(st.sampled_from(["correct", "why", "clear", "cold", "x"]), JSON, max_size=3)
    )
)
def test_no_gold_raises_and_what_is_let_in_can_be_compared(gold: object) -> None:
    if answers.gold_trouble(EVERY_KIND, gold) is None:
        assert isinstance(gold, dict)
        assert answers.meets_gold(EVERY_KIND, gold, {}) in (True, False)


def test_judgments_agree_in_choices_and_scales_whatever_their_reasons() -> None:
    one = answers.comparable(EVERY_KIND, {"correct": "no", "why": ["digit"], "clear": 3})
    other = answers.comparable(EVERY_KIND, {"clear": 3, "why": ["sign"], "correct": "no"})
    assert one == other
    assert one != answers.comparable(EVERY_KIND, {"correct": "no", "why": ["digit"], "clear": 4})
    assert json.loads(one) == {"correct": "no", "clear": 3}


def test_a_question_may_depend_on_several() -> None:
    project = define(
        ask=[choice("a", "x", "y"), scale("b"), tags("c", "p", "q", when={"a": "x", "b": [1, 2]})]
    )
    assert answers.question_now(project, Draft({"a": "x", "b": 3})) is None
    assert answers.question_now(project, Draft({"a": "y", "b": 2})) is None
    assert answers.question_now(project, Draft({"a": "x", "b": 2})) == project.asked("c")
