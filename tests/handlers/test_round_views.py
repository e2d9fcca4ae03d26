"""Calibration rounds on the screen: bars that add up, one's own answer beside the ruling, and no message too long for Telegram."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.projects import Project
from actions.round_candidates import Left
from actions.round_figures import Round
from actions.round_results import Outcome, Results
from actions.round_rulings import Ruling
from actions.rounds import Asked, Item, Listed, Seen, ToRule
from handlers.views import round_items, round_results, round_rulings, rounds
from rules import project_file
from rules.rounds import Figure
from rules.text import MESSAGE_UNITS_MAX, units
from tests.rules.definitions import EVERY_KIND, define
from tests.rules.definitions import choice as asks_choice
from tests.rules.definitions import preference as asks_preference
from tests.rules.definitions import steps as asks_steps

ROUND = Round(7, 3, 2, "told", 1, 3, 1, 0, 0, 0, 0, 0, "", "")
HOUSE = define()
PAIRS = define(show=[{"field": "question"}], ask=[asks_preference("better")])
CHAIN = define(
    show=[{"field": "question"}, {"field": "steps", "as": "steps"}],
    ask=[asks_steps("check"), asks_choice("sure", "yes", "no", when={"check": "solution"})],
)


def stored(rules: project_file.Project) -> Project:
    """Give a project as the store would."""
    return Project(3, rules.slug, rules.title, project_file.dump(rules), "open", None)


def item(fields: dict[str, Any], ruling: dict[str, Any] | None = None, **more: Any) -> Item:
    """Make an item of a round."""
    told = {
        "item_id": 5,
        "place": 1,
        "external_id": "i5",
        "draft": "",
        "why": "Because.",
        "training_item_id": None,
    }
    return Item(
        **{**told, **more, "fields": json.dumps(fields), "ruling": json.dumps(ruling) if ruling else None}
    )


def result(
    rules: project_file.Project, one: Item, answers: list[Any], own: Any, flipped: bool = False
) -> Results:
    """Make the results of a round of one item."""
    return Results(stored(rules), ROUND, [Outcome(one, answers, own, flipped)])


TEXT = {"question": "1 + 1?", "solution": "2"}
YES: dict[str, Any] = {"correct": "yes"}
NO: dict[str, Any] = {"correct": "no"}


def test_own_answer_and_ruling_stand_behind_their_bars() -> None:
    found = result(HOUSE, item(TEXT, YES), [YES, YES, YES, NO], NO)
    said = str(round_results.item(found, 1).text)
    assert "▓▓▓▓▓▓░░ 3 · Yes ← the ruling\n▓▓░░░░░░ 1 · No ← yours\n" in said
    assert "Ruling: Yes\nBecause.\n\nYour answer: No" in said


def test_the_beginning_of_an_item_is_plain_words() -> None:
    fields = json.dumps({"question": "**Differentiate** $f(x) = x^2 \\sin x$.", "solution": "$2x$"})
    assert round_items.snippet(fields, HOUSE) == "Differentiate f(x) = x² sin x."
    code = define(show=[{"field": "question", "as": "code"}, {"field": "solution"}])
    assert round_items.snippet(fields, code).startswith("**Differentiate** $f(x)"), "code means its signs"


def drafted(given_: list[list[Any]], left: Left) -> Seen:
    """Make a draft of items with such answers."""
    draft = Round(7, 3, 2, "draft", 1, 3, 1, 0, None, None, None, None, "", "")
    asked = [Asked(item(TEXT, place=place), one) for place, one in enumerate(given_, 1)]
    return Seen(stored(HOUSE), draft, asked, 4, 0, [], [], [], "", left)


@pytest.mark.parametrize(
    ("given_", "left", "said", "button"),
    [
        (
            [],
            Left(0, 5),
            "Answers part on no item that a round has not had. A round takes 3",
            "Add 5 other items",
        ),
        ([[YES, NO]], Left(0, 5), "Answers part on only 1 item that no round has had.", "Add 4 other items"),
        ([[YES, NO]] * 2, Left(0, 1), "Answers part on only 2 items", "Add 1 other item"),
        ([[YES, NO]] * 5, Left(3, 5), "On these items answers differ most. Tap one", "More items"),
        ([[YES, NO]] * 5, Left(0, 5), "On these items answers differ most.", "Add 1 other item"),
        ([[YES, NO]] * 4 + [[YES, YES]], Left(0, 5), "Answers part on 4 of them. Tap", "Add 1 other item"),
        ([[YES, YES]] * 3, Left(0, 5), "Answers part on none of them: all agree", "Add 2 other items"),
    ],
)
def test_a_draft_says_on_how_many_of_its_items_answers_part(
    given_: list[list[Any]], left: Left, said: str, button: str
) -> None:
    screen = rounds.page(drafted(given_, left))
    labels = [one.label for row in screen.rows for one in row]
    assert said in str(screen.text)
    assert button in labels
    assert [one for one in labels if one.startswith(("Add", "More"))] == [button]
    assert ("Open it for 4 students" in labels) == (len(given_) >= 3)


def test_a_round_that_is_over_says_how_many_rulings_are_to_come() -> None:
    over = Round(7, 3, 2, "closed", 1, 3, 1, 0, 0, 0, 0, None, "", "")
    items = [Asked(item(TEXT, ruling, place=place), []) for place, ruling in enumerate((YES, None, None), 1)]
    seen = Seen(stored(HOUSE), over, items, 3, 2, [], [], [], "")
    assert "Ended. Your rulings are still to come: 2 of 3 items\n" in str(rounds.page(seen).text)
    listed = Listed(stored(HOUSE), [over], "UTC", {7: ToRule(7, 2, 3)})
    assert "Ended. Your rulings are still to come: 2 of 3 items\n" in str(rounds.listing(listed).text)
    ruled = Listed(stored(HOUSE), [over], "UTC", {7: ToRule(7, 0, 3)})
    assert "Ended. Every item has its ruling; the students were not told yet." in str(
        rounds.listing(ruled).text
    )


def test_two_answers_have_no_spread() -> None:
    said = str(round_results.item(result(HOUSE, item(TEXT, YES), [YES, NO], NO), 1).text)
    assert "▓" not in said
    assert "Too few answered" in said
    assert "Ruling: Yes" in said


def test_who_left_it_out_reads_so_and_the_ruling_all_the_same() -> None:
    found = result(HOUSE, item(TEXT, YES), [YES, YES, NO], None)
    assert "You left this one out." in str(round_results.item(found, 1).text)
    assert "yours" not in str(round_results.item(found, 1).text)


@pytest.mark.parametrize(
    ("flipped", "own", "ruling"), [(False, "A better", "B better"), (True, "B better", "A better")]
)
def test_two_answers_are_named_as_their_reader_saw_them(flipped: bool, own: str, ruling: str) -> None:
    fields = {"question": "?", "answer_a": "one", "answer_b": "two"}
    given_ = [{"better": side} for side in ("a", "b", "b")]
    found = result(PAIRS, item(fields, {"better": "b"}), given_, {"better": "a"}, flipped)
    said = str(round_results.item(found, 1, 99).text)
    assert f"1 · {own} ← yours" in said
    assert f"2 · {ruling} ← the ruling" in said
    assert f"Ruling: {ruling}" in said


def test_the_ruled_step_is_marked_in_the_chain() -> None:
    fields = {"question": "?", "steps": ["one", "two", "three"]}
    wrong = {"check": {"ratings": [1, -1], "end": "found_error"}}
    right = {"check": {"ratings": [1, 1, 1], "end": "solution"}, "sure": "yes"}
    found = result(CHAIN, item(fields, {"check": 1}), [wrong, wrong, right], right)
    said = str(round_results.item(found, 1).text)
    assert "✗ 2  two" in said
    assert "2 · step 2 is wrong ← the ruling" in said
    assert "1 · no step is wrong ← yours" in said


def ruling(rules: project_file.Project, fields: dict[str, Any], draft: str = "") -> Ruling:
    """Make an item of a closed round before its coordinator."""
    closed = Round(7, 3, 2, "closed", 1, 3, 1, 0, 0, 0, 0, None, "", "")
    return Ruling(stored(rules), closed, Asked(item(fields, draft=draft), []), 1)


def test_a_ruling_has_the_students_buttons_under_data_of_its_own() -> None:
    screen = round_rulings.ruling(ruling(CHAIN, {"question": "?", "steps": ["one", "two"]}))
    data = [button.data for row in screen.rows for button in row]
    rated = ["k0+", "k0o", "k0-", "xb"]
    assert data == [*(f"k:rtap:7:1:0:{one}" for one in rated), "k:ritem:7:1:-"], "nobody rules to give up"
    assert "today" not in str(screen.text), "a ruling earns nothing"


def test_a_figure_never_stands_without_what_it_rests_on() -> None:
    known = Figure("correct", 12, 30, 0.5, 0.6, 0.31, 0.7)
    none, alike = Figure("correct", 0, 0, None), Figure("correct", 4, 9, None)
    seen = Seen(stored(HOUSE), ROUND, [Asked(item(TEXT, YES), [YES, NO])], 3, 2, [known], [alike], [none], "")
    lines = str(rounds.page(seen).text).splitlines()
    assert "before: α 0.50 (0.31 to 0.70) · AC1 0.60 · 12 items" in lines
    assert "on its items: all answers alike · 4 items" in lines
    assert "after: no item that two of them answered" in lines
    assert "Few items swing by chance; take small changes for none." in lines


ANSWER = st.fixed_dictionaries(
    {
        "correct": st.sampled_from(["yes", "no", "unsure"]),
        "clear": st.integers(1, 5),
        "cold": st.integers(-2, 3),
    },
    optional={"why": st.lists(st.sampled_from(["digit", "sign", "logic"]), min_size=1, unique=True)},
)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=9_000), st.lists(ANSWER, max_size=6), ANSWER, st.text(min_size=5, max_size=600))
def test_no_page_is_too_long_and_no_word_of_the_item_is_lost(
    text: str, answers: list[Any], own: Any, why: str
) -> None:
    one = item({"question": text, "solution": "the very end"}, {"correct": "yes", "clear": 2}, why=why)
    found = result(EVERY_KIND, one, answers, own)
    pages = [round_results.item(found, 1, page) for page in range(12)]
    said = [str(page.text) for page in pages]
    assert all(units(page) <= MESSAGE_UNITS_MAX for page in said)
    assert any("the very end" in page for page in said)
    assert said[-1] == str(round_results.item(found, 1).text), "it opens where the answers are"
    for screen in pages:
        screen.payload()


def test_where_the_answers_do_not_fit_below_the_item_they_have_a_page_of_their_own() -> None:
    given_ = {"correct": "no", "why": ["digit"], "clear": 4, "cold": 1, "praise": ["short"]}
    text = "word " * 590
    one = item({"question": text, "solution": "the end"}, {"correct": "no"}, why="W" * 600)
    found = result(EVERY_KIND, one, [given_] * 5, given_)
    first, last = (str(round_results.item(found, 1, page).text) for page in (0, 9))
    assert units(first) <= MESSAGE_UNITS_MAX
    assert "the end" in first
    assert "▓" not in first
    assert "W" * 600 in last
    assert "▓▓▓▓▓▓▓▓ 5 · No" in last


def test_a_round_of_ten_wide_items_fits_one_message() -> None:
    wide = define(ask=[asks_choice("correct", *[f"{'W' * 30}{number}" for number in range(12)])])
    answers: list[dict[str, Any]] = [{"correct": f"{'W' * 30}{number}"} for number in range(12)]
    asked = [
        Asked(item({"question": "Q" * 300, "solution": "S"}, answers[0], place=place), answers)
        for place in range(1, 11)
    ]
    figures = [Figure("correct", 1_000, 9_000, 0.5, 0.6, 0.3, 0.7)]
    seen = Seen(stored(wide), ROUND, asked, 500, 5_000, figures, figures, figures, "")
    assert units(str(rounds.page(seen).text)) <= MESSAGE_UNITS_MAX
    assert len(rounds.page(seen).payload()["reply_markup"]["inline_keyboard"]) <= 6


def test_the_beginning_of_an_item_is_shown_without_its_marks() -> None:
    fields = json.dumps({"question": "What does **`-7 // 2`**\n\ngive?", "solution": "-4"})
    assert round_items.snippet(fields, HOUSE) == "What does -7 // 2 give?"
