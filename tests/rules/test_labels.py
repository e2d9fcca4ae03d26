"""Labels: the leading answer of every kind of question, ties that lead nowhere, and what must hold for any judgments."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import labels
from rules.kinds import Steps
from rules.labels import Leading
from rules.project_file import Project
from tests.rules.definitions import choice, define, preference, scale, span, steps, tags, text


def asked(question: dict[str, Any]) -> Project:
    """Define a project with one question."""
    shown: list[dict[str, Any]] = [{"field": "question"}, {"field": "solution"}]
    if question["kind"] == "steps":
        shown.append({"field": "steps", "as": "steps"})
    return define(show=shown, ask=[question])


def leading(question: dict[str, Any], *values: Any) -> Leading:
    project = asked(question)
    return labels.of_item(project, [{question["id"]: value} for value in values])[question["id"]]


@pytest.mark.parametrize(
    ("question", "values", "value", "share"),
    [
        (choice("q", "yes", "no"), ["yes", "no", "no"], "no", 0.6667),
        (choice("q", "yes", "no"), ["yes", "no"], None, None),
        (choice("q", "yes", "no", "unsure"), ["yes", "no", "no", "yes", "unsure"], None, None),
        (choice("q", "yes", "no"), ["yes"], "yes", 1.0),
        (choice("q", "yes", "no"), [], None, None),
        (scale("q"), [5, 4, 4], 4, 0.6667),
        (scale("q"), [1, 5], None, None),
        (preference("q"), ["both_bad", "both_bad", "a"], "both_bad", 0.6667),
        (preference("q"), ["tie", "a"], None, None),
        (tags("q", "x", "y"), [["x"], ["x", "y"], ["x"]], ["x"], 0.6667),
        (tags("q", "x", "y"), [["y"], ["x", "y"], ["x", "y"]], ["x", "y"], 0.6667),
        (tags("q", "x", "y"), [["x"], ["y"]], None, None),
        (tags("q", "x", "y", "z"), [["x"], ["y"], ["z"]], None, None),
        (tags("q", "x", at_least=0), [[], [], ["x"]], [], 0.6667),
        (tags("q", "x", "y"), [["x"], ["x", "y"], ["x", "y"], ["x"]], None, None),
        (text("q"), ["one", "", "two"], None, None),
    ],
)
def test_the_leading_answer(
    question: dict[str, Any], values: list[Any], value: Any, share: float | None
) -> None:
    found = leading(question, *values)
    assert (found.value, found.share, found.given) == (value, share, len(values))


def test_texts_are_kept_and_lead_nowhere() -> None:
    assert leading(text("q"), "one", "", "two").texts == ("one", "two")


def test_quotes_lead_place_by_place_in_the_order_of_the_text() -> None:
    first, second = {"start": 2, "end": 9}, {"start": 10, "end": 12}
    found = leading(span("q", at_most=2), [first, second], [first, second], [second])
    assert found.value == [first, second]
    assert (found.counts, found.share) == ({"10-12": 3, "2-9": 2}, 0.6667)
    assert leading(span("q", at_most=2), [first], [second]).value is None


def rated(end: str, *ratings: int) -> dict[str, Any]:
    return {"ratings": list(ratings), "end": end}


@pytest.mark.parametrize(
    ("values", "value"),
    [
        (
            [rated("found_error", 1, -1), rated("found_error", 0, -1), rated("solution", 1, 1, 1)],
            {"first_wrong": 1, "ratings": [1, -1], "end": "found_error"},
        ),
        (
            [rated("solution", 1, 0, 1), rated("solution", 1, 1, 1)],
            {"first_wrong": -1, "ratings": [1, None, 1], "end": "solution"},
        ),
        (
            [rated("bad_problem"), rated("bad_problem", 1), rated("solution", 1, 1)],
            {"first_wrong": None, "ratings": [], "end": "bad_problem"},
        ),
        (
            # Three rate the first step wrong, more than rate it either good or neutral; but most find it not wrong.
            [rated("found_error", 1, -1), rated("found_error", 0, -1)] * 2 + [rated("found_error", -1)] * 3,
            {"first_wrong": 1, "ratings": [None, -1], "end": "found_error"},
        ),
        ([rated("found_error", -1), rated("solution", 1)], None),
        ([rated("give_up", 1), rated("give_up")], None),
        (
            [rated("give_up", 1), rated("give_up"), rated("solution", 1, 1)],
            {"first_wrong": -1, "ratings": [1, 1], "end": "solution"},
        ),
    ],
)
def test_steps_lead_by_the_first_wrong_one(
    values: list[dict[str, Any]], value: dict[str, Any] | None
) -> None:
    assert leading(steps("q"), *values).value == value


def test_steps_behind_the_first_wrong_one_are_rated_where_the_chain_goes_on() -> None:
    found = leading(
        steps("q", stop_at_error=False), rated("found_error", 1, -1, 1), rated("found_error", 1, -1, 0)
    )
    assert found.value == {"first_wrong": 1, "ratings": [1, -1, None], "end": "found_error"}


def test_nobody_is_asked_why_what_leads_as_right_is_wrong() -> None:
    project = define(ask=[choice("correct", "yes", "no"), tags("why", "x", "y", when={"correct": "no"})])
    given_answers: list[dict[str, Any]] = [
        {"correct": "yes"},
        {"correct": "yes"},
        {"correct": "no", "why": ["x"]},
    ]
    found = labels.of_item(project, given_answers)
    assert (found["correct"].value, found["why"].value) == ("yes", None)
    assert found["why"].counts == {"x": 1}
    found = labels.of_item(project, given_answers[1:])
    assert (found["correct"].value, found["why"].value) == (None, None)
    found = labels.of_item(project, [given_answers[2]])
    assert (found["correct"].value, found["why"].value) == ("no", ["x"])


WORDS = st.lists(st.sampled_from(["yes", "no", "unsure"]), max_size=9)


@given(WORDS, st.randoms(use_true_random=False))
def test_a_choice_leads_only_when_more_say_so_than_anything_else(words: list[str], chance: Any) -> None:
    question = choice("q", "yes", "no", "unsure")
    found, counts = leading(question, *words), Counter(words)
    ahead = [
        word for word in counts if all(counts[word] > counts[other] for other in counts if other != word)
    ]
    assert found.value == (ahead[0] if ahead else None)
    assert found.counts == dict(counts)
    assert found.share is None or found.share == round(counts[ahead[0]] / len(words), 4)
    shuffled = list(words)
    chance.shuffle(shuffled)
    assert leading(question, *shuffled) == found, "the order of the judgments does not matter"


def chains(count: int) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what students may answer on so many steps."""
    whole = st.lists(st.sampled_from([1, 0]), min_size=count, max_size=count).map(
        lambda r: rated("solution", *r)
    )
    wrong = st.lists(st.sampled_from([1, 0]), max_size=count - 1).map(lambda r: rated("found_error", *r, -1))
    left = st.builds(rated, st.sampled_from(["bad_problem", "give_up"]))
    return st.one_of(whole, wrong, left)


@given(st.integers(1, 5).flatmap(lambda count: st.lists(chains(count), max_size=9)))
def test_no_rating_contradicts_the_first_wrong_step(values: list[dict[str, Any]]) -> None:
    project = asked(steps("q"))
    ask = project.ask[0]
    assert isinstance(ask, Steps)
    found = leading(steps("q"), *values)
    if not isinstance(found.value, dict):
        return
    assert found.value["end"] in {value["end"] for value in values}
    if found.value["first_wrong"] is not None:
        ratings = found.value["ratings"]
        assert ask.compared(found.value) == found.value["first_wrong"]
        assert all(rating in (1, 0, None) for rating in ratings[:-1])
        assert -1 not in ratings or ratings.index(-1) == found.value["first_wrong"] == len(ratings) - 1


PICKS = st.lists(st.lists(st.sampled_from("xyz"), unique=True), max_size=7)


@given(PICKS)
def test_a_tag_leads_only_with_more_than_half(picks: list[list[str]]) -> None:
    found = leading(tags("q", "x", "y", "z", at_least=0), *picks)
    counts = Counter(tag for one in picks for tag in one)
    majority = [tag for tag in "xyz" if 2 * counts[tag] > len(picks)]
    if found.value is not None:
        assert found.value == majority
        assert found.share is not None
        assert found.share >= 0.5
    else:
        tied = any(2 * count == len(picks) for count in counts.values())
        assert tied or not majority
