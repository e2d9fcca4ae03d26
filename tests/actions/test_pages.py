"""Pages that change under a card: another form of the item, a sentence to quote, a chain that was left. What is judged has been read, and
nobody is stranded on a page that is no longer there."""

from __future__ import annotations

from typing import Any

from actions import judgments, settings
from actions.outcomes import OldCard, Stepped
from actions.people import Visitor
from actions.work import Card
from handlers.views import card as view
from tests.actions.conftest import Db
from tests.actions.test_kinds import CHAIN, PREFERENCE, begin, tap

QUOTE_FIRST = """
[[ask]]
id = "where"
kind = "span"
text = "Which are wrong?"
field = "prompt"
at_least = 0
at_most = 3
"""
FIX = """
[[ask]]
id = "fix"
kind = "text"
text = "How should it go?"
when = { check = "found_error" }
"""
SURE = """
[[ask]]
id = "sure"
kind = "choice"
text = "Are you sure?"
options = [{ value = "yes", label = "Yes" }, { value = "no", label = "No" }]
"""
LONG_CHAIN = {"problem": "P", "steps": [f"So $x = {n}$ " + "and so on " * 40 for n in range(30)]}
LONG_PAIR = {"prompt": "One. Two. Three.", "one": "A" * 4_000, "two": "B" * 4_000}


def stepped(outcome: object) -> Card:
    """Give the card as it lies after a tap that was taken."""
    assert isinstance(outcome, Stepped), outcome
    return outcome.card


def rate(db: Db, visitor: Visitor, card: Card, count: int) -> Card:
    """Find so many steps good."""
    for _ in range(count):
        card = stepped(tap(db, visitor, card, f"k{len(card.draft.marks)}+"))
    return card


def looked(db: Db, visitor: Visitor, card: Card) -> Card:
    """Look at the card anew."""
    found = db.run(judgments.look, visitor, card.token)
    assert found is not None
    return found


def offered(card: Card) -> list[str]:
    """Name the operations that the card's buttons carry, in the form in which they are seen."""
    screen = view.screen(card)
    rows: Any = screen.rich_rows if screen.rich else screen.rows
    return [button.data.rpartition(":")[2] for row in rows for button in row]


def test_a_chain_can_be_rated_on_whenever_its_form_changes(db: Db) -> None:
    visitor, card = begin(db, CHAIN, LONG_CHAIN)
    assert card.layout.is_rich
    db.run(settings.set_plain, visitor, True)
    plain = rate(db, visitor, looked(db, visitor, card), 20)
    db.run(settings.set_plain, visitor, False)
    card = looked(db, visitor, plain)
    assert card.layout.last < plain.page, "the page that lay open is none of this form"
    assert "k20+" in offered(card)
    card = rate(db, visitor, card, 5)
    db.run(settings.set_plain, visitor, True)
    assert "k25+" in offered(looked(db, visitor, card)), "nor has anybody to turn pages to where they were"


def test_the_form_for_a_server_that_refuses_this_text_shows_the_step_that_is_rated(db: Db) -> None:
    visitor, card = begin(db, CHAIN, LONG_CHAIN)
    screen = view.screen(rate(db, visitor, card, 20))
    assert screen.rich
    assert "Step 21 of 30" in str(screen.text)
    assert any(button.data.endswith(":k20+") for row in screen.rows for button in row)


def test_a_text_that_is_refused_as_several_rich_pages_is_read_to_its_end(db: Db) -> None:
    long = "| a | b |\n|---|---|\n| 1 | 2 |\n" + "".join(
        f"\n\nParagraph {n} goes on." + " And on." * 12 for n in range(200)
    )
    definition = CHAIN.replace('field = "problem"', 'field = "problem"\nas = "markdown"')
    visitor, card = begin(db, definition, {"problem": long, "steps": ["One."]})
    rich_last = card.layout.last
    assert card.layout.is_rich
    assert rich_last >= 1
    for page in range(1, rich_last + 2):
        card = stepped(tap(db, visitor, card, f"g{page}"))
    assert not card.layout.is_rich
    assert card.page == rich_last + 1
    assert isinstance(tap(db, visitor, card, f"g{card.layout.last + 1}"), OldCard)


def test_two_answers_are_read_before_their_verdict_though_a_quote_came_first(db: Db) -> None:
    visitor, card = begin(db, PREFERENCE.replace("[[ask]]", QUOTE_FIRST + "[[ask]]"), LONG_PAIR)
    assert not card.layout.last
    card = stepped(tap(db, visitor, card, "d"))
    assert card.layout.last
    assert (card.page, card.pages_seen) == (0, 0)
    assert isinstance(tap(db, visitor, card, "w1"), OldCard)
    assert "w1" not in offered(card)


def test_what_was_read_before_a_quote_is_not_read_again(db: Db) -> None:
    visitor, card = begin(db, PREFERENCE + QUOTE_FIRST + SURE, LONG_PAIR)
    for page in range(1, card.layout.last + 1):
        card = stepped(tap(db, visitor, card, f"g{page}"))
    card = stepped(tap(db, visitor, card, "w1"))
    assert "d" in offered(card)
    card = stepped(tap(db, visitor, card, "d"))
    assert "o0" in offered(card)


def test_undo_gives_back_the_sentences_that_were_picked(db: Db) -> None:
    visitor, card = begin(db, PREFERENCE.replace("[[ask]]", QUOTE_FIRST + "[[ask]]"), LONG_PAIR)
    card = stepped(tap(db, visitor, card, "t2+"))
    card = stepped(tap(db, visitor, card, "t0+"))
    card = stepped(tap(db, visitor, card, "d"))
    assert stepped(tap(db, visitor, card, "u")).draft.marks == ("0", "2")


def test_after_a_chain_nobody_turns_pages_that_are_no_longer_told(db: Db) -> None:
    visitor, card = begin(db, CHAIN + FIX + SURE, LONG_CHAIN | {"steps": ["word " * 200] * 12})
    assert card.layout.last
    card = stepped(tap(db, visitor, card, "k0-"))
    assert "n" in offered(card)
    assert db.run(judgments.asks_for_words, visitor)
    card = stepped(tap(db, visitor, card, "n"))
    assert "o0" in offered(card)
    assert not isinstance(tap(db, visitor, card, "o0"), OldCard)


def test_a_chain_stands_below_two_answers_to_compare(db: Db) -> None:
    both = CHAIN + PREFERENCE.replace('[[show]]\nfield = "prompt"\n', "")
    visitor, card = begin(db, both, {"problem": "P", "steps": ["Step."], "one": "First.", "two": "Second."})
    text = str(view.screen(card).text)
    assert "First." in text
    assert "Second." in text
    assert "Step." in text
    assert "w1" in offered(stepped(tap(db, visitor, card, "k0+")))
