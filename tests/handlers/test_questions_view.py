"""How questions look: every button that is offered is taken, verdicts keep their order, and an answer is said in the words they read."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.work import Card
from handlers.views import card as card_view
from handlers.views import questions, raw
from rules import answers
from rules import card as layout
from rules.answers import EMPTY, Draft
from rules.kinds import Sheet, Span, Steps, Tags
from rules.project_file import Project
from tests.handlers.screens import data, labels, sound
from tests.handlers.test_card_view import TOKEN, card
from tests.rules.definitions import EVERY_KIND, choice, define, preference, scale, span, steps, tags, text

SOLUTION = "She eats 3 eggs. 16 - 3 = 12 are left. She sells them for $2. That makes $24."
CHAIN = {"problem": "P", "steps": [f"Step {n}." for n in range(1, 6)]}
CHECKING = define(
    show=[{"field": "problem"}, {"field": "steps", "as": "steps"}],
    ask=[steps("check"), text("fix", when={"check": "found_error"})],
)
COMPARING = define(
    show=[{"field": "prompt"}], ask=[preference("better"), text("why", required=True, least=3)]
)
QUOTING = define(
    ask=[choice("correct", "yes", "no"), span("where", at_most=2, at_least=0, when={"correct": "no"})]
)
SCALES = define(ask=[scale("helpful"), scale("fully_correct", 0, 9), tags("why", "x", "y", at_most=1)])
ITEMS: list[tuple[Project, dict[str, Any]]] = [
    (CHECKING, CHAIN),
    (CHECKING, {"problem": "P" * 900, "steps": ["s" * 1_500, "t" * 4_000, "u"]}),
    (COMPARING, {"prompt": "Which?", "answer_a": "Hello", "answer_b": "Go away"}),
    (COMPARING, {"prompt": "Which?", "answer_a": "a" * 5_000, "answer_b": "b " * 3_000}),
    (QUOTING, {"question": "Q", "solution": SOLUTION}),
    (QUOTING, {"question": "Q" * 3_500, "solution": "Yes. " * 60}),
    (SCALES, {"question": "Q", "solution": SOLUTION}),
]


def lying(rules: Project, fields: dict[str, Any], **changes: Any) -> Card:
    """Lay a card of an item before somebody."""
    return card(rules, fields=json.dumps(fields), **changes)


@given(st.sampled_from(ITEMS), st.booleans(), st.lists(st.integers(0, 30), max_size=40))
@settings(deadline=None)
def test_every_button_that_is_offered_is_taken(
    item: tuple[Project, dict[str, Any]], flipped: bool, choices: list[int]
) -> None:
    rules, fields = item
    shown = lying(rules, fields, flipped=flipped)
    for number in choices:
        ask = shown.question
        if ask is None:
            return
        screen = card_view.screen(shown)
        sound(screen)
        offered = [one.rpartition(":")[2] for one in data(screen)]
        turning = [one for one in offered if one[0] == "g"]
        verdicts = [one for one in offered if one[0] not in "gbusm"]
        assert turning or verdicts or not isinstance(ask, Steps), "nobody is left without a way on"
        for operation in turning:
            assert 0 <= int(operation[1:]) <= min(shown.layout.last, shown.pages_seen + 1)
        for operation in verdicts:
            assert layout.may_tap(shown.layout, ask, len(shown.draft.marks), shown.read_to, operation)
            after = answers.after_tap(rules, shown.draft, operation, shown.sheet)
            is_full = isinstance(ask, Span | Tags) and len(shown.draft.marks) == ask.at_most
            assert after is not None or (is_full and operation.endswith("+"))
        shown = _tapped(shown, [*turning, *verdicts], number)


def _tapped(shown: Card, offered: list[str], number: int) -> Card:
    if not offered:
        typed = answers.typed(shown.project.rules, shown.draft, "because")
        assert typed is not None, "words are asked for"
        return dataclasses.replace(shown, draft=typed)
    operation = offered[number % len(offered)]
    if operation[0] == "g":
        page = int(operation[1:])
        return dataclasses.replace(shown, page=page, pages_seen=max(page, shown.pages_seen))
    draft = answers.after_tap(shown.project.rules, shown.draft, operation, shown.sheet) or shown.draft
    after = dataclasses.replace(shown, draft=draft)
    ask = after.question
    if isinstance(ask, Steps):
        page = after.layout.begin_of(len(draft.marks))
        return dataclasses.replace(after, page=page, pages_seen=max(page, after.pages_seen))
    if isinstance(ask, Span) != isinstance(shown.question, Span):
        return dataclasses.replace(after, page=0, pages_seen=after.layout.last)
    return after


def test_verdicts_on_two_answers_keep_their_order_whatever_was_shuffled() -> None:
    fields = {"prompt": "Which?", "answer_a": "Hello", "answer_b": "Go away"}
    rows = [labels(card_view.screen(lying(COMPARING, fields, flipped=flipped))) for flipped in (False, True)]
    assert rows[0] == rows[1] == ["A better", "B better", "Tie", "Both bad", "Undo ↩", "Skip", "⋯"]
    texts = [sound(card_view.screen(lying(COMPARING, fields, flipped=flipped))) for flipped in (False, True)]
    assert "A ━━━\nHello\n\n━━━ B ━━━\nGo away" in texts[0]
    assert "A ━━━\nGo away\n\n━━━ B ━━━\nHello" in texts[1]


def test_long_answers_are_read_in_turn_by_their_names() -> None:
    fields = {"prompt": "Which?", "answer_a": "a" * 2_900, "answer_b": "b" * 2_900}
    first = card_view.screen(lying(COMPARING, fields))
    assert labels(first)[:2] == ["• Read A", "Read B"]
    assert "Read both answers to the end to compare them." in sound(first)
    assert "A better" not in labels(first)
    second = card_view.screen(lying(COMPARING, fields, page=1, pages_seen=1))
    assert labels(second)[:4] == ["Read A", "• Read B", "A better", "B better"]
    assert "Which?" in sound(second)


def test_a_step_is_rated_with_words_first() -> None:
    screen = card_view.screen(lying(CHECKING, CHAIN, draft=Draft({}, ("+", "o"))))
    assert labels(screen) == [
        "Good ✓",
        "Neutral ○",
        "Wrong ✗",
        "Bad problem",
        "I give up",
        "Undo ↩",
        "Skip",
        "⋯",
    ]
    text = sound(screen)
    assert "✓ 1  Step 1.\n○ 2  Step 2.\n▶ 3  Step 3.\n· 4  …" in text
    assert text.endswith("Step 3 of 5 · Is this step right?")
    assert "Step 4." not in text, "what comes later waits"


def test_what_was_typed_stands_on_the_card() -> None:
    ended = {"check": {"ratings": [1, -1], "end": "found_error"}}
    asked = card_view.screen(lying(CHECKING, CHAIN, draft=Draft(ended)))
    assert "Your answer: step 2 is wrong" in sound(asked)
    assert "Type it as a message, 1 to 500 characters." in sound(asked)
    assert labels(asked)[0] == "Leave it out"
    typed = card_view.screen(lying(CHECKING, CHAIN, draft=Draft(ended, ("It is 13.",))))
    assert sound(typed).endswith("It is 13.")
    assert labels(typed)[:2] == ["Done", "Clear"]
    long = card_view.screen(
        lying(CHECKING, CHAIN | {"problem": "p" * 2_800}, draft=Draft(ended, ("w" * 2_000,)))
    )
    sound(long)


def test_sentences_are_picked_by_number() -> None:
    shown = lying(QUOTING, {"question": "Q", "solution": SOLUTION}, draft=Draft({"correct": "no"}, ("1",)))
    screen = card_view.screen(shown)
    assert labels(screen)[:5] == ["1", "✓ 2", "3", "4", "Done"]
    assert "✓ 2  16 - 3 = 12 are left." in sound(screen)
    assert "Tap up to 2 numbers, then Done." in sound(screen)
    none = card_view.screen(dataclasses.replace(shown, draft=Draft({"correct": "no"})))
    assert "None of these" in labels(none)


ON_SOLUTION = Sheet({"solution": SOLUTION})


@pytest.mark.parametrize(
    ("rules", "given_answers", "sheet", "said"),
    [
        (
            EVERY_KIND,
            {"correct": "no", "why": ["digit", "sign"], "clear": 0, "praise": []},
            Sheet(),
            "No · Digit, Sign · Clear 0 · nothing",
        ),
        (EVERY_KIND, {}, Sheet(), ""),
        (define(ask=[scale("clear")]), {"clear": 4}, Sheet(), "4 of 5"),
        (
            SCALES,
            {"helpful": 4, "fully_correct": 9, "why": ["x"]},
            Sheet(),
            "Helpful 4 · Fully correct 9 · X",
        ),
        (COMPARING, {"better": "a", "why": "It says hello."}, Sheet(), "A better · “It says hello.”"),
        (COMPARING, {"better": "a", "why": ""}, Sheet({}, True), "B better · no comment"),
        (COMPARING, {"better": "both_bad"}, Sheet({}, True), "Both bad"),
        (CHECKING, {"check": {"ratings": [1, -1], "end": "found_error"}}, Sheet(), "step 2 is wrong"),
        (CHECKING, {"check": {"ratings": [1, 0], "end": "solution"}}, Sheet(), "no step is wrong"),
        (CHECKING, {"check": {"ratings": [1], "end": "give_up"}}, Sheet(), "gave up"),
        (CHECKING, {"check": 3}, Sheet(), "step 4 is wrong"),
        (CHECKING, {"check": "bad_problem"}, Sheet(), "bad problem"),
        (
            QUOTING,
            {"correct": "no", "where": [{"start": 17, "end": 38}]},
            ON_SOLUTION,
            "No · “16 - 3 = 12 are left.”",
        ),
        (QUOTING, {"correct": "no", "where": []}, ON_SOLUTION, "No · nothing"),
    ],
)
def test_an_answer_is_said_in_the_words_that_were_read(
    rules: Project, given_answers: dict[str, Any], sheet: Sheet, said: str
) -> None:
    assert questions.said(rules, given_answers, sheet) == said


def test_an_empty_card_has_said_nothing() -> None:
    assert "Your answer" not in sound(
        card_view.screen(lying(SCALES, {"question": "Q", "solution": "S"}, draft=EMPTY))
    )


def test_a_rich_card_carries_its_plain_pages_for_whom_it_is_refused() -> None:
    rules = define(show=[{"field": "solution", "as": "markdown"}])
    table = "| a | b |\n|---|---|\n" + "| 11111 | 22222 |\n" * 400
    screen = card_view.screen(lying(rules, {"solution": table}, is_rich=True))
    assert "<table" in screen.rich
    assert screen.rich_rows is not None
    rich = [button.label for row in screen.rich_rows for button in row]
    assert rich == ["Yes", "No", "Undo ↩", "Skip", "⋯"]
    assert "Yes" not in labels(screen), "the plain form is read to its last page first"
    assert any(":g1" in one for one in data(screen))
    menu = card_view.menu(lying(rules, {"solution": table}, is_rich=True))
    assert "Plain text" in labels(menu)
    assert menu.rich
    back = card_view.menu(lying(rules, {"solution": table}))
    assert "With formatting" in labels(back)


@given(st.text(max_size=50), st.integers(0, 400), st.booleans())
@settings(deadline=None)
def test_an_item_is_shown_as_it_came_page_by_page(letters: str, times: int, flipped: bool) -> None:
    fields = {"prompt": "# Which?", "answer_a": f"A{letters * times}*x*", "answer_b": "**B**"}
    shown = lying(COMPARING, fields, flipped=flipped)
    read, number = "", 0
    while True:
        screen = raw.screen(shown, number)
        sound(screen)
        read += "".join(piece.text for piece in screen.text.pieces)
        if f"a:{TOKEN}:0:r{number + 1}" not in data(screen):
            break
        number += 1
    assert read == raw.text(shown)
    assert fields["answer_a"] in read
    assert (read.index("**B**") < read.index(fields["answer_a"])) == flipped
    assert labels(screen)[-2:] == ["As a file", "Back"]
