"""Disputes on a screen: every kind of question has its ruling buttons, long items are read page by page, and everything fits a message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.disputes import Dispute, Item, Look
from actions.offers import SecondLook
from actions.projects import Project
from actions.rulings import Contested
from handlers.screen import Screen
from handlers.views import disputes as view
from handlers.views import second_looks
from rules import project_file, rulings
from rules.text import MESSAGE_UNITS_MAX, units
from tests.rules.definitions import define, scale
from tests.stories.projects import CHAIN, COMPARE, REASON, SCALES, chain

LAST = 99


def project(definition: str) -> Project:
    """Give a project that a file describes."""
    rules = project_file.parse(definition)
    return Project(1, rules.slug, rules.title, project_file.dump(rules), "open", None)


def dispute(
    definition: str, fields: dict[str, Any], given: list[dict[str, Any]], labels: dict[str, str], **more: Any
) -> Dispute:
    """Put a dispute together. `labels`: what the answers lean to, by question."""
    found = project(definition)
    item = Item(7_000_001, 1, "i7", "work", json.dumps(fields), None, None, None, 0)
    sides = rulings.sides(found.rules, list(labels), given)
    contested = [Contested(question, label, 610_000, "unsure") for question, label in labels.items()]
    settings = {"looks": [], "ruling": None, "place": 0, "of": 3, "is_rich": False} | more
    return Dispute(project=found, item=item, questions=contested, sides=sides, **settings)


def said(screen: Screen) -> str:
    """Give what a screen says, once it is sure that Telegram would take it."""
    payload = screen.payload()
    assert units(payload["text"]) <= MESSAGE_UNITS_MAX
    if screen.rich:
        screen.rich_payload()
    return str(payload["text"])


def labels(screen: Screen) -> list[str]:
    """Give the labels of its buttons."""
    return [button.label for row in screen.rows for button in row]


def test_a_chain_is_ruled_by_the_steps_that_were_named_or_any_other() -> None:
    given = [
        {"check": {"ratings": [1, -1], "end": "found_error"}},
        {"check": {"ratings": [1, 1, 1], "end": "solution"}},
        {"check": {"ratings": [1], "end": "give_up"}},
    ]
    found = dispute(CHAIN, chain(3), given, {"check": "1"})
    screen = view.one(found)
    for words in (
        "1 × Step 2 is wrong",
        "1 × No step is wrong",
        "1 × Gave up",
        "Which step is the first wrong one?",
    ):
        assert words in said(screen), words
    assert labels(screen)[:4] == ["Step 2 is wrong", "No step is wrong", "Bad problem", "Another step"]
    assert screen.rows[0][0].data == "j:rule:7000001:0:k1"
    every = view.one(found, LAST, all_steps=True)
    assert labels(every)[:4] == ["1", "2", "3", "Back"]
    said(every)


def test_a_hundred_steps_fit_a_keyboard() -> None:
    found = dispute(
        CHAIN, chain(100), [{"check": {"ratings": [1] * 99 + [-1], "end": "found_error"}}], {"check": "99"}
    )
    screen = view.one(found, LAST, all_steps=True)
    said(screen)
    assert len(labels(screen)) <= 100


def test_two_long_answers_are_read_page_by_page_and_ruled_on_the_last() -> None:
    fields = {"prompt": "What is it?", "one": "One thing. " * 500, "two": "Another. " * 500}
    given: list[dict[str, Any]] = [{"better": "a"}, {"better": "b"}]
    found = dispute(COMPARE, fields, given, {"better": "a"})
    first, last = view.one(found), view.one(found, LAST)
    assert "A better" not in labels(first)
    assert labels(first)[0] == "·"
    assert {"A better", "B better", "Tie", "Both bad"} <= set(labels(last))
    pages = int(labels(last)[1].partition("/")[2])
    words = "".join(said(view.one(found, page)) for page in range(pages))
    for word in ("One thing.", "Another."):
        assert words.count(word) >= 500, "nothing of an item is lost"


def test_several_questions_are_ruled_one_after_the_other() -> None:
    given = [{"helpful": value, "correct": value, "harmless": 5} for value in (1, 5)]
    found = dispute(SCALES, {"text": "Hello."}, given, {"helpful": "1", "correct": "5"})
    screen = view.one(found)
    assert "How helpful?" in said(screen)
    assert "Weighed by who answered: Helpful 1, 61 %" in said(screen)
    second = view.one(found, LAST, ["v4"])
    assert "How correct?" in said(second)
    assert second.rows[0][0].data == "j:rule:7000001:0:v4.v1"


def test_long_reasons_are_told_whole_on_pages_of_their_own() -> None:
    given = [{"correct": "no", "reason": f"{place} " + "so it is " * 20} for place in range(60)]
    found = dispute(REASON, {"text": "Hello."}, given, {"correct": "no"})
    pages = int(labels(view.one(found))[1].partition("/")[2])
    words = "".join(said(view.one(found, page)) for page in range(pages))
    assert words.count("so it is") == 1200
    assert "Correct" in labels(view.one(found, LAST))


def test_a_formula_is_read_as_a_rich_message_with_all_its_buttons() -> None:
    fields = {"text": "| a | b |\n|---|---|\n| 1 | 2 |"}
    found = dispute(SCALES, fields, [{"helpful": 1}, {"helpful": 5}], {"helpful": "1"}, is_rich=True)
    screen = view.one(found)
    assert "<table" in screen.rich
    assert "How helpful?" in screen.rich
    said(screen)


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (Look("doubted", "judged"), "A senior student finds that it can be read both ways."),
        (Look("passed", "judged"), "leaves it to you"),
        (Look("given", "open"), "has it before them now"),
        (Look("given", "judged"), "has it before them now"),
    ],
)
def test_what_became_of_it_with_a_senior_is_told(look: Look, words: str) -> None:
    found = dispute(
        SCALES, {"text": "Hello."}, [{"helpful": 1}, {"helpful": 5}], {"helpful": "1"}, looks=[look]
    )
    assert words in said(view.one(found))


def test_who_gave_up_cannot_be_sure_of_it() -> None:
    found = project(CHAIN)
    others: list[dict[str, Any]] = [{"check": {"ratings": [1, -1], "end": "found_error"}}]
    look = SecondLook(
        project=found,
        token="t" * 22,
        fields=json.dumps(chain(3)),
        flipped=False,
        questions=("check",),
        own={"check": {"ratings": [1], "end": "give_up"}},
        sides=tuple(rulings.sides(found.rules, ["check"], others)),
    )
    screen = second_looks.screen(look)
    assert "Your answer: Gave up" in said(screen)
    assert labels(screen) == ["I overlooked it: Step 2 is wrong", "It can be read both ways", "Next"]


def test_an_answer_to_more_questions_than_a_button_carries_has_none() -> None:
    rules = define(ask=[scale(f"q{number}", 91, 100) for number in range(10)])
    found = Project(1, rules.slug, rules.title, project_file.dump(rules), "open", None)
    asked = tuple(ask.id for ask in rules.ask)
    others: list[dict[str, Any]] = [dict.fromkeys(asked, 100)]
    look = SecondLook(
        project=found,
        token="t" * 22,
        fields=json.dumps(dict.fromkeys(rules.fields, "?")),
        flipped=False,
        questions=asked,
        own=dict.fromkeys(asked, 95),
        sides=tuple(rulings.sides(rules, list(asked), others)),
    )
    screen = second_looks.screen(look)
    assert said(screen)
    assert labels(screen)[-2:] == ["It can be read both ways", "Next"], "nobody is kept from going on"


def test_of_two_answers_a_senior_reads_theirs_in_the_order_in_which_they_read_them() -> None:
    found = project(COMPARE)
    look = SecondLook(
        project=found,
        token="t" * 22,
        fields=json.dumps({"prompt": "?", "one": "First", "two": "Second"}),
        flipped=True,
        questions=("better",),
        own={"better": "b"},
        sides=tuple(rulings.sides(found.rules, ["better"], [{"better": "a"}])),
    )
    screen = second_looks.screen(look)
    text = said(screen)
    assert "Your answer: A better" in text
    assert text.index("Second") < text.index("First")
    assert screen.rows[1][0].label == "I overlooked it: B better"
    assert screen.rows[1][0].data.endswith(":cw1"), (
        "the button names the item's side, whatever was read first"
    )
