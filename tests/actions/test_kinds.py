"""Preference, steps, words and quotes through the actions: what is recorded, what is undone, and how few taps it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions import items, judgments, projects, work
from actions.outcomes import CannotUndo, LeaseEnded, OldCard, Outcome, Recorded, Stepped, Typed, Undone
from actions.people import Visitor
from actions.work import Card
from rules.item_file import Item
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of
from tests.actions.working import start

HEAD = """
slug = "kinds"
title = "Kinds"
instructions = "Read it."
[pay]
currency = "USD"
rate_per_hour = "36.00"
expected_seconds = 30
cap_seconds = 600
[quality]
gold_share = 0.0
overlap = [2, 4]
"""
PREFERENCE = """
[[show]]
field = "prompt"
[[ask]]
id = "better"
kind = "preference"
text = "Which is better?"
a = "one"
b = "two"
"""
CHAIN = """
[[show]]
field = "problem"
[[show]]
field = "steps"
as = "steps"
[[ask]]
id = "check"
kind = "steps"
text = "Is this step right?"
field = "steps"
"""
WORDS = """
[[show]]
field = "answer"
[[ask]]
id = "correct"
kind = "choice"
text = "Right?"
options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]
[[ask]]
id = "where"
kind = "span"
text = "Where?"
field = "answer"
when = { correct = "no" }
[[ask]]
id = "why"
kind = "text"
text = "Why?"
required = true
least = 5
most = 40
when = { correct = "no" }
"""


def begin(db: Db, definition: str, *fields: dict[str, Any], student: int = 7) -> tuple[Visitor, Card]:
    """Make an open project of these items and let a student begin on it."""
    project = db.run(projects.create_or_update, None, HEAD + definition).project
    batch = [Item(str(n), "work", json.dumps(one), None, None) for n, one in enumerate(fields)]
    db.run(items.import_batch, project.id, batch)
    db.run(_open, project.id)
    visitor, following = start(db, db.run(projects.by_slug, "kinds"), student)
    return visitor, card_of(following)


def _open(tx: Tx, project_id: int) -> None:
    tx.run("projects.set_state", id=project_id, state="open", now_ms=tx.now_ms)


def tap(db: Db, visitor: Visitor, card: Card, operation: str) -> Outcome:
    """Tap a button of a card, five seconds after it was shown."""
    db.clock.advance(5_000)
    return db.run(judgments.tap, visitor, card.token, card.step, operation)


def row(db: Db) -> tuple[Any, int]:
    """Give the answers of the last live judgment, and whether its sides were flipped."""
    found = db.connection.execute(
        "SELECT answers, flipped FROM judgments WHERE undone_ms IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return json.loads(found[0]), found[1]


STEPS = {"problem": "Solve it.", "steps": [f"Step {n} of them." for n in range(1, 16)]}


def test_fifteen_steps_are_fifteen_taps_on_one_card(db: Db) -> None:
    visitor, card = begin(db, CHAIN, STEPS, STEPS | {"problem": "Another."})
    token = card.token
    for place in range(14):
        outcome = tap(db, visitor, card, f"k{place}+")
        assert isinstance(outcome, Stepped)
        card = outcome.card
        assert card.token == token
        assert len(card.draft.marks) == place + 1
    outcome = tap(db, visitor, card, "k14o")
    assert isinstance(outcome, Recorded)
    assert outcome.credited_ms == 15 * 5_000
    assert row(db)[0] == {"check": {"ratings": [1] * 14 + [0], "end": "solution"}}


def test_a_long_chain_turns_to_the_step_that_is_rated(db: Db) -> None:
    long = {"problem": "P", "steps": [f"{n} " + "word " * 150 for n in range(12)]}
    visitor, card = begin(db, CHAIN, long)
    pages = [card.page]
    for place in range(11):
        outcome = tap(db, visitor, card, f"k{place}+")
        assert isinstance(outcome, Stepped)
        card = outcome.card
        pages.append(card.page)
        assert card.page == card.layout.begin_of(place + 1)
    assert pages == sorted(pages)
    assert pages[-1] > 1
    back = tap(db, visitor, card, "u")
    assert isinstance(back, Stepped)
    assert len(back.card.draft.marks) == 10
    assert back.card.page == back.card.layout.begin_of(10)


def test_a_second_tap_on_a_step_rates_no_other_one(db: Db) -> None:
    visitor, card = begin(db, CHAIN, STEPS)
    assert isinstance(tap(db, visitor, card, "k0+"), Stepped)
    again = tap(db, visitor, card, "k0+")
    assert isinstance(again, OldCard)
    assert again.card.draft.marks == ("+",)


def test_undo_takes_steps_back_one_by_one_and_then_the_item_before(db: Db) -> None:
    visitor, card = begin(db, CHAIN, STEPS, STEPS | {"problem": "Another."})
    first = card.token
    recorded = tap(db, visitor, card, "k0-")
    assert isinstance(recorded, Recorded)
    second = tap(db, visitor, card_of(recorded.next), "k0+")
    assert isinstance(second, Stepped)
    back = tap(db, visitor, second.card, "u")
    assert isinstance(back, Stepped)
    assert back.card.draft.marks == ()
    undone = tap(db, visitor, back.card, "u")
    assert isinstance(undone, Undone)
    assert undone.card.token == first
    again = tap(db, visitor, undone.card, "k0+")
    assert isinstance(again, Stepped)
    assert isinstance(tap(db, visitor, again.card, "xb"), Recorded)
    assert row(db)[0] == {"check": {"ratings": [1], "end": "bad_problem"}}


def test_an_undone_chain_goes_on_where_it_was_finished(db: Db) -> None:
    short = {"problem": "P", "steps": ["one", "two", "three"]}
    visitor, card = begin(db, CHAIN, short, short | {"problem": "Q"})
    for place in range(2):
        outcome = tap(db, visitor, card, f"k{place}+")
        assert isinstance(outcome, Stepped)
        card = outcome.card
    recorded = tap(db, visitor, card, "k2+")
    assert isinstance(recorded, Recorded)
    undone = tap(db, visitor, card_of(recorded.next), "u")
    assert isinstance(undone, Undone)
    assert undone.card.draft.marks == ("+", "+")
    assert isinstance(tap(db, visitor, undone.card, "k2-"), Recorded)
    assert row(db)[0]["check"] == {"ratings": [1, 1, -1], "end": "found_error"}


def test_nobody_undoes_what_is_not_there(db: Db) -> None:
    visitor, card = begin(db, CHAIN, STEPS)
    assert isinstance(tap(db, visitor, card, "u"), CannotUndo)


ANSWERS = {"prompt": "Say hello.", "one": "Hello", "two": "Go away"}


def test_the_order_of_two_answers_is_drawn_and_recorded(db: Db) -> None:
    many = [ANSWERS | {"prompt": f"Say hello {n} times."} for n in range(40)]
    visitor, card = begin(db, PREFERENCE, *many)
    seen = []
    following: object = card
    for _ in range(20):
        card = card_of(following)
        outcome = tap(db, visitor, card, "w1")
        assert isinstance(outcome, Recorded)
        answers, flipped = row(db)
        assert bool(flipped) == card.flipped
        assert answers == {"better": "b" if flipped else "a"}
        text = "".join(piece.text for piece in card.layout.pages[0].block.pieces)
        assert (text.index("Hello") > text.index("Go away")) == card.flipped
        seen.append(flipped)
        following = outcome.next
    assert 3 < sum(seen) < 17, "both orders come, by chance"


def test_long_answers_are_both_opened_before_a_verdict(db: Db) -> None:
    long = {"prompt": "Which?", "one": "A" * 4_000, "two": "B" * 4_000}
    visitor, card = begin(db, PREFERENCE, long)
    last = card.layout.last
    assert last >= 3
    assert isinstance(tap(db, visitor, card, "w1"), OldCard)
    second = card.layout.first_of_side(2)
    assert isinstance(tap(db, visitor, card, f"g{second}"), OldCard), (
        "the second answer comes after the first"
    )
    for page in range(1, last + 1):
        outcome = tap(db, visitor, card, f"g{page}")
        assert isinstance(outcome, Stepped)
        card = outcome.card
    back = tap(db, visitor, card, f"g{card.layout.first_of_side(1)}")
    assert isinstance(back, Stepped)
    assert isinstance(tap(db, visitor, back.card, "wt"), Recorded), "both were read, whichever is in sight"


SUM = {"answer": "Two and two are four. Three and three are seven."}


def at_words(db: Db) -> tuple[Visitor, Card]:
    """Lead a student to where words are asked for."""
    visitor, card = begin(db, WORDS, SUM, {"answer": "One. Two."})
    assert db.run(judgments.typed, visitor, "too early") is None
    wrong = tap(db, visitor, card, "o1")
    assert isinstance(wrong, Stepped)
    picked = tap(db, visitor, wrong.card, "t1+")
    assert isinstance(picked, Stepped)
    assert picked.card.draft.answers["where"] == [{"start": 22, "end": 48}]
    return visitor, picked.card


def test_words_stand_on_the_card_until_done_keeps_them(db: Db) -> None:
    visitor, card = at_words(db)
    assert db.run(judgments.asks_for_words, visitor)
    typed = db.run(judgments.typed, visitor, "  It is \ud800six. ")
    assert isinstance(typed, Typed)
    assert typed.card.draft.marks == ("It is ?six.",)
    typed = db.run(judgments.typed, visitor, "  It is six. ")
    assert isinstance(typed, Typed)
    assert typed.card.draft.marks == ("It is six.",)
    replaced = db.run(judgments.typed, visitor, "It is six!")
    assert isinstance(replaced, Typed)
    assert isinstance(tap(db, visitor, card, "d"), OldCard), "a card from before the words keeps nothing"
    assert isinstance(tap(db, visitor, replaced.card, "d"), Recorded)
    assert row(db)[0]["why"] == "It is six!"
    assert db.run(judgments.typed, visitor, "more") is None, "the next card asks something else"


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("a", "short"),
        ("x" * 100_000, "long"),
        (None, "not_text"),
        ("\u200b" * 9, "short"),
        ("\u3164 " * 9, "short"),
    ],
)
def test_words_out_of_bounds_change_nothing(db: Db, text: str | None, trouble: str) -> None:
    visitor, card = at_words(db)
    typed = db.run(judgments.typed, visitor, text)
    assert isinstance(typed, Typed)
    assert typed.trouble == trouble
    assert typed.card == card


def test_pay_does_not_depend_on_how_much_was_typed(db: Db) -> None:
    amounts: list[int] = []
    for words in ("six it is", "x" * 40):
        visitor, _ = at_words(db) if not amounts else again(db)
        typed = db.run(judgments.typed, visitor, words)
        assert isinstance(typed, Typed)
        outcome = tap(db, visitor, typed.card, "d")
        assert isinstance(outcome, Recorded)
        amounts.append(outcome.amount_micro)
    assert amounts[0] == amounts[1] > 0


def again(db: Db) -> tuple[Visitor, Card]:
    """Lead another student there."""
    visitor, following = start(db, db.run(projects.by_slug, "kinds"), 8)
    card = card_of(following)
    for operation in ("o1", "t1+"):
        outcome = tap(db, visitor, card, operation)
        assert isinstance(outcome, Stepped)
        card = outcome.card
    return visitor, card


def test_nothing_is_typed_into_a_card_that_was_left(db: Db) -> None:
    visitor, _ = at_words(db)
    db.run(work.pause, visitor)
    assert db.run(judgments.typed, visitor, "It is six.") is None
    assert not isinstance(db.run(work.go_on, visitor), LeaseEnded)
    typed = db.run(judgments.typed, visitor, "It is six.")
    assert isinstance(typed, Typed), "the card lies open again"


def test_the_place_chosen_is_counted_and_an_undo_takes_it_back(db: Db) -> None:
    visitor, card = begin(db, PREFERENCE, *[ANSWERS | {"prompt": str(n)} for n in range(4)])
    first = tap(db, visitor, card, "w1")
    assert isinstance(first, Recorded)
    second = tap(db, visitor, card_of(first.next), "w2")
    assert isinstance(second, Recorded)
    assert counts(db) == (1, 1)
    assert isinstance(tap(db, visitor, card_of(second.next), "u"), Undone)
    assert counts(db) == (1, 0)


def counts(db: Db) -> tuple[int, int]:
    """Give how often the first and the second place were chosen."""
    found = db.connection.execute("SELECT first_chosen, second_chosen FROM position_counts").fetchone()
    return found[0], found[1]


def test_the_same_words_of_two_students_are_noted(db: Db) -> None:
    why = "the sum of three and three is six"
    for lead in (at_words, again):
        visitor, _ = lead(db)
        typed = db.run(judgments.typed, visitor, why)
        assert isinstance(typed, Typed)
        following = tap(db, visitor, typed.card, "d")
        assert isinstance(following, Recorded)
        if lead is again:
            assert db.value("SELECT similarity FROM text_twins") == 1000
            assert isinstance(tap(db, visitor, card_of(following.next), "u"), Undone)
    assert db.value("SELECT COUNT(*) FROM text_twins") == 0


def test_after_25_active_minutes_a_break_is_offered_and_nothing_lies_open(db: Db) -> None:
    visitor, card = begin(db, PREFERENCE, *[ANSWERS | {"prompt": str(n)} for n in range(40)])
    following: object = card
    for _ in range(8):
        db.clock.advance(4 * 60_000)
        outcome = tap(db, visitor, card_of(following), "w1")
        assert isinstance(outcome, Recorded)
        following = outcome.next
        if isinstance(following, work.BreakDue):
            break
    assert isinstance(following, work.BreakDue)
    assert following.done == 7
    assert db.value("SELECT COUNT(*) FROM assignments WHERE state = 'open'") == 0
    assert isinstance(db.run(work.go_on, visitor), Card)


def test_who_gives_up_agrees_with_nobody(db: Db) -> None:
    visitor, card = begin(db, CHAIN, STEPS)
    assert isinstance(tap(db, visitor, card, "xg"), Recorded)
    other, following = start(db, db.run(projects.by_slug, "kinds"), 8)
    assert isinstance(tap(db, other, card_of(following), "xg"), Recorded)
    assert db.value("SELECT settled_ms FROM items") is None
    third, following = start(db, db.run(projects.by_slug, "kinds"), 9)
    assert isinstance(tap(db, third, card_of(following), "k0-"), Recorded), "another one is asked"


def test_cancel_takes_typed_words_off_the_card(db: Db) -> None:
    visitor, _ = at_words(db)
    assert db.run(judgments.forget_words, visitor) is None
    assert db.run(judgments.typed, visitor, "It is six.") is not None
    cleared = db.run(judgments.forget_words, visitor)
    assert cleared is not None
    assert cleared.draft.marks == ()
    assert isinstance(tap(db, visitor, cleared, "d"), OldCard)
