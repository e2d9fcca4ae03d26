"""The open card of a person, for showing it again when no tap asked for it."""

from __future__ import annotations

from actions import assignments, people, projects, qualifications, work
from actions.people import Visitor
from actions.work import Card
from storage.tx import Tx


def open_card(tx: Tx, person_id: int, token: str) -> tuple[Card, int | None] | None:
    """Give a person's open card and where it was placed last; None when that item is no longer open."""
    opened = assignments.open_of(tx, person_id)
    if opened is None or opened.token != token:
        return None
    standing = qualifications.of(tx, person_id, opened.project_id)
    if standing is None:
        return None
    person = people.get(tx, person_id)
    card = work.as_card(tx, person, projects.get(tx, opened.project_id), standing, opened)
    place = tx.value("people.card", person_id=person_id)
    return card, int(place) if place is not None else None


def living(tx: Tx, visitor: Visitor, message_id: int) -> Card | None:
    """Give the card that lies open before a visitor, when this message is where it was placed last."""
    person = people.find(tx, visitor.key)
    opened = assignments.open_of(tx, person.id) if person is not None else None
    if person is None or opened is None:
        return None
    found = open_card(tx, person.id, opened.token)
    return found[0] if found is not None and found[1] == message_id else None


def place(tx: Tx, visitor: Visitor) -> int | None:
    """Give the message in which a visitor's card was placed last."""
    person = people.find(tx, visitor.key)
    found = tx.value("people.card", person_id=person.id) if person is not None else None
    return int(found) if found is not None else None
