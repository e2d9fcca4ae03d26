"""Consent: asked for, given for one version of a text, withdrawn, erased. Exports ask here who is in."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import (
    appeals,
    assignments,
    languages,
    ledger,
    payout_details,
    people,
    roles,
    rulings,
    standings_told,
)
from actions.people import Visitor
from rules import consent
from rules.audience import Profile
from rules.ledger import STUDENT_STATES, student_account
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Consent:
    """A live consent: the version agreed to and when."""

    version: str
    given_ms: int


def live(tx: Tx, person_id: int) -> Consent | None:
    """Give a person's consent to the present text's version or an earlier one, unless withdrawn."""
    return tx.one("consents.live", Consent, person_id=person_id)


def give(tx: Tx, visitor: Visitor, shown_in: str = "en") -> Profile:
    """Record that a person agrees to the present version; agreeing twice changes nothing. Return their profile so far.

    What is agreed to is the English text, and its digest says so. `shown_in`: the language of the translation that stood above it.
    """
    person = people.require(tx, visitor)
    agreed = live(tx, person.id)
    if agreed is None or agreed.version != consent.VERSION:
        # Agreement to an earlier text ends as this one begins; its row stays, as what was agreed to then.
        tx.run("consents.withdraw", person_id=person.id, now_ms=tx.now_ms)
        tx.run(
            "consents.give",
            person_id=person.id,
            version=consent.VERSION,
            digest=consent.digest(),
            now_ms=tx.now_ms,
        )
        people.audit(tx, f"person:{person.id}", "agree", f"consent:{consent.VERSION}", f"shown in {shown_in}")
    profile = people.profile_of(tx, person)
    if person.state in ("invited", "withdrawn"):
        complete = bool(profile.time_zone)
        tx.run("people.set_state", id=person.id, state="ready" if complete else "profiling")
    return profile


def ask_again(tx: Tx) -> int:
    """After the text has changed, have everybody who agreed to an earlier one read it before they go on. Return how many."""
    return tx.run("consents.ask_again", version=consent.VERSION)


def withdraw(tx: Tx, visitor: Visitor) -> None:
    """Take consent back: no more work, no more calls, and new exports leave the answers out. Pay goes on."""
    person = people.known(tx, visitor)
    tx.run("consents.withdraw", person_id=person.id, now_ms=tx.now_ms)
    if person.state != "suspended":
        # A suspension outlasts it, or agreeing again would lift it.
        tx.run("people.set_state", id=person.id, state="withdrawn")
    assignments.release_all(tx, person.id)


def erase(tx: Tx, visitor: Visitor) -> None:
    """Cut a person's name from their number: contact, profile, the way to find them and what was set aside of
    their messages are emptied. The ledger stays.

    Raises LastAdmin for somebody without whom nobody could act as an admin.
    """
    person = people.known(tx, visitor)
    roles.keep_an_admin(tx, person.id)
    withdraw(tx, visitor)
    people.stop_awaiting(tx, person.id)
    tx.run("consents.forget_card", person_id=person.id)
    tx.run("consents.forget_roles", person_id=person.id)
    tx.run("consents.forget_updates", person_key=visitor.key)
    payout_details.forget(tx, person.id)
    appeals.forget(tx, person.id)
    tx.run("consents.erase", id=person.id)
    people.audit(tx, f"person:{person.id}", "erase", f"person:{person.id}")


def own_data(tx: Tx, visitor: Visitor) -> dict[str, Any]:
    """Gather everything kept about a person, for them to take away."""
    person = people.known(tx, visitor)
    agreed = live(tx, person.id)
    projects = tx.all("consents.own_projects", _OwnProject, person_id=person.id)
    rows = tx.all("consents.own_judgments", _OwnJudgment, person_id=person.id)
    return {
        "number": person.id,
        "pseudonym": person.pseudonym,
        "contact": people.contact_of(tx, person),
        "language": languages.chosen(tx, visitor.key),
        "profile": dataclasses.asdict(people.profile_of(tx, person)),
        "roles": people.roles(tx, person.id),
        "consent": dataclasses.asdict(agreed) if agreed else None,
        "projects": [dataclasses.asdict(row) | {"standing": _as_told(row.standing)} for row in projects],
        "payout": payout_details.own_data(tx, person.id),
        "judgments": [dataclasses.asdict(row) | {"answers": json.loads(row.answers)} for row in rows],
        "appeals": appeals.own(tx, person.id),
        "standings": standings_told.own(tx, person.id),
        "rulings": rulings.own(tx, person.id),
        "balances": {
            state: {one.asset: one.amount for one in ledger.balances(tx, student_account(person.id, state))}
            for state in STUDENT_STATES
        },
    }


def _as_told(standing: str) -> str:
    """Give a standing as its student knows it. Watched means only that gold comes more often; saying so would tell that golds failed."""
    return "active" if standing == "watched" else standing


@dataclasses.dataclass(frozen=True, slots=True)
class _OwnProject:
    project: str
    standing: str
    attempt: int
    joined_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _OwnJudgment:
    judgment: int
    project: str
    answers: str
    shown_ms: int
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str
    approved_ms: int | None
    undone_ms: int | None
