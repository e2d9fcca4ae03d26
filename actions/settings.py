"""A person's own switches: whether they want calls for new projects."""

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


def of(tx: Tx, visitor: Visitor) -> Settings:
    """Give a person's settings."""
    person = people.require_ready(tx, visitor)
    return Settings(people.profile_of(tx, person), person.muted_ms is not None)


def mute(tx: Tx, visitor: Visitor, *, muted: bool) -> Settings:
    """Switch calls for new projects off or on."""
    person = people.require_ready(tx, visitor)
    tx.run("people.set_muted", id=person.id, muted_ms=tx.now_ms if muted else None)
    return of(tx, visitor)
