"""A person's own switches: whether they want calls for new projects, and how task texts are shown to them."""

from __future__ import annotations

import dataclasses

from actions import people
from actions.people import Visitor
from rules.audience import Profile
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What a person can change about themselves."""

    profile: Profile
    muted: bool
    plain_text: bool = False
    """Task texts without formatting: never as rich messages."""


def of(tx: Tx, visitor: Visitor) -> Settings:
    """Give a person's settings."""
    person = people.require_ready(tx, visitor)
    return Settings(people.profile_of(tx, person), person.muted_ms is not None, bool(person.plain_text))


def mute(tx: Tx, visitor: Visitor, *, muted: bool) -> Settings:
    """Switch calls for new projects off or on."""
    person = people.require_ready(tx, visitor)
    tx.run("people.set_muted", id=person.id, muted_ms=tx.now_ms if muted else None)
    return of(tx, visitor)


def set_plain(tx: Tx, visitor: Visitor, on: bool) -> Settings:
    """Have task texts shown to a person without formatting, or with it again."""
    person = people.require_ready(tx, visitor)
    tx.run("people.set_plain_text", id=person.id, plain_text=int(on))
    return of(tx, visitor)
