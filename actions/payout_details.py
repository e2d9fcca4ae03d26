"""Payout details: where a student wants their money. Sealed, shown masked, asked for when they are first needed, and changed with a hold,
so that whoever takes an account over cannot take its money as well."""

from __future__ import annotations

import dataclasses
from typing import Any

from actions import deliveries, marks, people
from actions.people import Person, Visitor
from actions.refusals import NothingTyped, OutOfDate
from rules import payees, payouts
from rules.payees import Payee
from storage.tx import Tx

PURPOSE = "payout"
AWAITS_ACCOUNT, AWAITS_NAME, AWAITS_YES = "payout:account", "payout:name", "payout:yes"
"""What is awaited from somebody who tells their details: the address, the name, and that it was read right."""
MINIMUM = "payout_minimum"
"""The mark of a currency's minimum, as a batch was last drafted with it: `payout_minimum:USD`."""
ASKED_A_RUN = 200
NOTICE = "payout_details"
CHANGED = (
    "Where your pay is sent was changed. Nothing goes there for seven days. If that was not you, write to the person "
    "who invited you now."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Details:
    """Where somebody's money goes, as they may see it. `held_until_ms`: nothing is sent there before; None when it can be."""

    method: str
    masked: str
    name: str
    held_until_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Own:
    """The payout part of somebody's settings."""

    details: Details | None
    time_zone: str
    lately: list[OwnLine]


@dataclasses.dataclass(frozen=True, slots=True)
class OwnLine:
    """A payout to somebody."""

    reference: str
    currency: str
    amount_micro: int
    method: str
    state: str
    frozen_ms: int
    settled_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Typed:
    """What somebody told so far, in full, for them to read again. `wants`: name or yes."""

    payee: Payee
    wants: str
    holds: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """Payout details as stored."""

    method: str
    sealed: str
    payee_hash: str
    set_ms: int
    usable_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Person:
    id: int


def of(tx: Tx, visitor: Visitor) -> Own:
    """Give somebody's own payout details, and their last payouts."""
    person = people.known(tx, visitor)
    zone = people.profile_of(tx, person).time_zone
    return Own(_details(tx, person.id), zone, _lines(tx, person.id)[-3:])


def begin(tx: Tx, visitor: Visitor, method: str) -> None:
    """Ask for the address of a method; the next message is it."""
    if method not in payees.METHODS:
        raise OutOfDate
    people.await_input(tx, people.known(tx, visitor).id, AWAITS_ACCOUNT, method)


def take_account(tx: Tx, visitor: Visitor, text: str) -> Typed:
    """Take the address that was typed. Raises BadPayee, and goes on waiting, when it cannot be one."""
    person = people.known(tx, visitor)
    return _go_on(tx, person, payees.read(_awaited(tx, person, AWAITS_ACCOUNT), text))


def take_name(tx: Tx, visitor: Visitor, text: str) -> Typed:
    """Take the name that belongs to the address. Raises BadPayee, and goes on waiting, when it cannot be one."""
    person = people.known(tx, visitor)
    return _go_on(tx, person, payees.read_name(_opened(tx, _awaited(tx, person, AWAITS_NAME)), text))


def save(tx: Tx, visitor: Visitor) -> Own:
    """Keep what was typed. Details that replace others are held back for seven days, and their owner gets a notice."""
    person = people.known(tx, visitor)
    payee = _opened(tx, _awaited(tx, person, AWAITS_YES))
    before = stored(tx, person.id)
    if before is None or opened(tx, before) != payee:
        _put(tx, person, payee, before)
    people.stop_awaiting(tx, person.id)
    return of(tx, visitor)


def _put(tx: Tx, person: Person, payee: Payee, before: Stored | None) -> None:
    hold_ms = payouts.HOLD_MS if before is not None else 0
    tx.run(
        "payout_details.put",
        person_id=person.id,
        method=payee.method,
        sealed=seal(tx, payee),
        payee_hash=tx.vault.index(payees.same(payee)),
        now_ms=tx.now_ms,
        usable_ms=tx.now_ms + hold_ms,
    )
    deed = "change payout details" if before is not None else "tell payout details"
    people.audit(tx, f"person:{person.id}", deed, f"person:{person.id}", payee.method)
    if before is not None:
        key, notice = f"payout:changed:{tx.new_id()}", {"kind": "text", "text": CHANGED}
        deliveries.enqueue(tx, person_id=person.id, key=key, notice=notice)


def _go_on(tx: Tx, person: Person, payee: Payee) -> Typed:
    wants = "name" if payee.method in payees.WITH_NAME and not payee.name else "yes"
    people.await_input(tx, person.id, AWAITS_NAME if wants == "name" else AWAITS_YES, seal(tx, payee))
    return Typed(payee, wants, holds=stored(tx, person.id) is not None)


def _awaited(tx: Tx, person: Person, kind: str) -> str:
    awaited = people.awaited(tx, person.id)
    if awaited is None or awaited.kind != kind:
        raise NothingTyped
    return awaited.detail


def stored(tx: Tx, person_id: int) -> Stored | None:
    """Give somebody's payout details as stored."""
    return tx.one("payout_details.of", Stored, person_id=person_id)


def opened(tx: Tx, details: Stored) -> Payee:
    """Open payout details."""
    return _opened(tx, details.sealed)


def seal(tx: Tx, payee: Payee) -> str:
    """Seal a payee for storing."""
    return tx.vault.seal(PURPOSE, dataclasses.asdict(payee))


def _opened(tx: Tx, sealed: str) -> Payee:
    return Payee(**tx.vault.open(PURPOSE, sealed))


def _details(tx: Tx, person_id: int) -> Details | None:
    found = stored(tx, person_id)
    if found is None:
        return None
    payee = opened(tx, found)
    held = found.usable_ms if found.usable_ms > tx.now_ms else None
    return Details(found.method, payees.masked(payee), payee.name, held)


def _lines(tx: Tx, person_id: int) -> list[OwnLine]:
    return [
        line
        for line in tx.all("payout_details.own_lines", OwnLine, person_id=person_id)
        if line.state != "cancelled"
    ]


def forget(tx: Tx, person_id: int) -> None:
    """Forget where an erased person's money went; what is under way is forgotten once it is settled."""
    tx.run("payout_details.forget", person_id=person_id)
    tx.run("payout_details.forget_settled_payees", person_id=person_id)


def own_data(tx: Tx, person_id: int) -> dict[str, Any]:
    """Gather what is kept about somebody's payouts, for them to take away."""
    found = stored(tx, person_id)
    return {
        "details": dataclasses.asdict(opened(tx, found)) if found is not None else None,
        "payouts": [dataclasses.asdict(line) for line in _lines(tx, person_id)],
    }


def minimum_micro(tx: Tx, currency: str) -> int:
    """Give the least amount that is paid out in a currency, as the last batch had it."""
    return marks.moment(tx, f"{MINIMUM}:{currency}") or payouts.minimum_micro(currency)


def keep_minimum(tx: Tx, currency: str, amount_micro: int) -> None:
    """Remember the minimum of a currency for the next batch."""
    marks.put(tx, f"{MINIMUM}:{currency}", str(amount_micro))


def ask_due(tx: Tx) -> int:
    """Ask everybody for payout details who is owed enough for the first time. Return how many were asked."""
    asked = 0
    for currency in tx.all("payouts.currencies", Currency):
        least = minimum_micro(tx, currency.currency)
        found = tx.all(
            "payout_details.to_ask",
            _Person,
            currency=currency.currency,
            minimum_micro=least,
            most=ASKED_A_RUN,
        )
        asked += sum(ask(tx, person.id) for person in found)
    return asked


@dataclasses.dataclass(frozen=True, slots=True)
class Currency:
    """A currency in which something may be owed."""

    currency: str


def ask(tx: Tx, person_id: int, occasion: str = "") -> bool:
    """Ask somebody where to send their money, once an occasion. Tell whether they are asked now."""
    key = f"payout:ask:{person_id}{occasion}"
    return deliveries.enqueue(tx, person_id=person_id, key=key, notice={"kind": NOTICE})
