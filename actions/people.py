"""People: who they are, what they agreed to, how they may be reached, and erasing them."""

from __future__ import annotations

import dataclasses
from typing import Any

from actions import refusals
from rules.audience import Profile
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever stands behind an update, known to us or not. `key` is the keyed hash of the Telegram id."""

    key: str
    telegram_id: int
    name: str
    username: str
    language_code: str


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A person as stored; contact and profile are sealed."""

    id: int
    pseudonym: str
    contact: str
    profile: str
    state: str
    muted_ms: int | None
    project_id: int | None
    plain_text: int
    """1: task texts without formatting."""


def find(tx: Tx, key: str) -> Person | None:
    """Find a person by the keyed hash of their Telegram id."""
    return tx.one("people.by_key", Person, key=key)


def get(tx: Tx, person_id: int) -> Person:
    """Give a person who must exist."""
    person = tx.one("people.by_id", Person, id=person_id)
    if person is None:
        raise LookupError(f"no person {person_id}")
    return person


def known(tx: Tx, visitor: Visitor) -> Person:
    """Give the person behind a visitor, suspended or not: for what nobody may be kept from, their data and their pay. Refuse strangers."""
    person = find(tx, visitor.key)
    if person is None:
        raise refusals.Stranger
    return person


def require(tx: Tx, visitor: Visitor) -> Person:
    """Give the person behind a visitor, or refuse strangers and suspended people."""
    person = known(tx, visitor)
    if person.state == "suspended":
        raise refusals.Suspended
    return person


def require_ready(tx: Tx, visitor: Visitor) -> Person:
    """Give a person who has agreed and finished their profile; refuse with what is missing otherwise."""
    person = require(tx, visitor)
    if person.state in ("invited", "withdrawn"):
        if "student" not in roles(tx, person.id):
            # The road of a student begins with a student's link; /start greets coordinators and admins otherwise.
            raise refusals.NotAllowed(role="student")
        raise refusals.ConsentNeeded
    if person.state == "profiling":
        raise refusals.ProfileNeeded
    return person


def require_role(tx: Tx, visitor: Visitor, role: str) -> Person:
    """Give a person who holds a role; an admin holds every role. A refusal is written to the audit by the caller's handler."""
    person = require(tx, visitor)
    if not has_role(tx, person.id, role):
        raise refusals.NotAllowed(role=role)
    return person


def has_role(tx: Tx, person_id: int, role: str) -> bool:
    """Tell whether a person holds a role now; an admin holds every role."""
    held = set(roles(tx, person_id))
    return role in held or "admin" in held


@dataclasses.dataclass(frozen=True, slots=True)
class _Role:
    role: str


def roles(tx: Tx, person_id: int) -> list[str]:
    """List the roles that a person holds."""
    return [row.role for row in tx.all("people.roles", _Role, person_id=person_id)]


def contact_of(tx: Tx, person: Person) -> dict[str, Any]:
    """Open a person's contact: telegram_id, name, username, language_code. Empty once erased."""
    return dict(tx.vault.open("contact", person.contact)) if person.contact else {}


def profile_of(tx: Tx, person: Person) -> Profile:
    """Open a person's profile."""
    if not person.profile:
        return Profile()
    raw = tx.vault.open("profile", person.profile)
    return Profile(raw["degree"], raw["field"], tuple(raw["languages"]), raw["time_zone"])


def seal_profile(tx: Tx, profile: Profile) -> str:
    """Seal a profile for storing."""
    return tx.vault.seal("profile", dataclasses.asdict(profile))


def enrol(tx: Tx, visitor: Visitor) -> Person:
    """Give the person behind a visitor, added as invited when unknown; their contact is brought up to date."""
    contact = tx.vault.seal(
        "contact",
        {
            "telegram_id": visitor.telegram_id,
            "name": visitor.name,
            "username": visitor.username,
            "language_code": visitor.language_code,
        },
    )
    known = find(tx, visitor.key)
    if known is not None:
        tx.run("people.set_contact", id=known.id, contact=contact)
        return dataclasses.replace(known, contact=contact)
    person_id = tx.number(
        "people.add", key=visitor.key, pseudonym=f"s-{tx.new_id()[:10]}", contact=contact, now_ms=tx.now_ms
    )
    return get(tx, person_id)


def await_input(tx: Tx, person_id: int, kind: str, detail: str = "") -> None:
    """Remember what the next message of a person is for; it replaces whatever was awaited before."""
    tx.run("people.await_input", person_id=person_id, kind=kind, detail=detail, now_ms=tx.now_ms)


@dataclasses.dataclass(frozen=True, slots=True)
class Awaited:
    """What the bot waits for from a person."""

    kind: str
    detail: str
    since_ms: int


def awaited(tx: Tx, person_id: int) -> Awaited | None:
    """Tell what the bot waits for from a person, if anything."""
    return tx.one("people.awaited", Awaited, person_id=person_id)


def stop_awaiting(tx: Tx, person_id: int) -> bool:
    """Forget what was awaited. Tell whether there was anything."""
    return tx.run("people.stop_awaiting", person_id=person_id) > 0


def place_card(tx: Tx, visitor: Visitor, message_id: int) -> None:
    """Remember where a person's living card is."""
    person = find(tx, visitor.key)
    if person is not None:
        tx.run("people.place_card", person_id=person.id, message_id=message_id, now_ms=tx.now_ms)


def audit(tx: Tx, actor: str, deed: str, subject: str, detail: str = "") -> None:
    """Write down what somebody did. Never item text, never personal data."""
    tx.run("people.audit", actor=actor, deed=deed, subject=subject, detail=detail, now_ms=tx.now_ms)
