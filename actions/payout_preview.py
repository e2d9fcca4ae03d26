"""Drafts of payouts: who would be in a batch with which amount, and why others would not. Only reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from actions import payout_details
from actions.refusals import OutOfDate
from rules import payees, payouts
from rules.payees import Payee
from rules.payouts import Row, Sealed
from storage.tx import Tx

FINGERPRINT = 12
"""So many signs of a list's digest fit on a button, and tell it from any other."""
LEFT_OUT = ("minimum", "details", "hold", "erased", "room")
"""Why somebody is not in a batch: too little owed, no payout details, details just changed, erased, no room left."""


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """A batch as stored. What its state has not reached yet is None."""

    id: int
    currency: str
    period_end_ms: int
    minimum_micro: int
    state: str
    drafted_by: int
    drafted_ms: int
    frozen_by: int | None
    frozen_ms: int | None
    lines: int | None
    total_micro: int | None
    digest: str | None
    approved_by: int | None
    approved_ms: int | None
    exported_ms: int | None
    ended_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """Somebody whom a draft would pay, and where, masked. `sealed`, `payee_hash`: for the line that it becomes."""

    person_id: int
    pseudonym: str
    amount_micro: int
    method: str
    masked: str
    suspended: bool
    sealed: str
    payee_hash: str
    left_out: tuple[Row, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who is owed something and not in a draft. `why`: one of LEFT_OUT."""

    person_id: int
    pseudonym: str
    amount_micro: int
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Withheld:
    """How many people have pay held back in a currency, and how much: it is in no batch."""

    people: int
    amount_micro: int


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would become if it were frozen now.

    `same_payee`: people whose money goes to one place, where at least one of them is in the draft.
    """

    batch: Batch
    entries: list[Entry]
    left_out: list[LeftOut]
    same_payee: list[list[str]]
    withheld: Withheld

    @property
    def total_micro(self) -> int:
        """What the batch would pay in all."""
        return sum(entry.amount_micro for entry in self.entries)

    @property
    def fingerprint(self) -> str:
        """Tell this list from any other, so that nobody freezes what they have not seen."""
        lines = [
            Sealed("", one.person_id, one.method, one.payee_hash, one.amount_micro) for one in self.entries
        ]
        batch = self.batch
        return payouts.digest(batch.currency, batch.period_end_ms, batch.minimum_micro, lines)[:FINGERPRINT]


@dataclasses.dataclass(frozen=True, slots=True)
class _Candidate:
    person_id: int
    pseudonym: str
    state: str
    approved_micro: int
    method: str
    sealed: str
    payee_hash: str
    usable_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Sharing:
    payee_hash: str
    pseudonym: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Later:
    person_id: int
    entry_id: int
    amount_micro: int
    judgment_id: int | None


def get(tx: Tx, batch_id: int) -> Batch:
    """Give a batch; raise OutOfDate when there is none of that number."""
    batch = tx.one("payouts.batch", Batch, id=batch_id)
    if batch is None:
        raise OutOfDate
    return batch


def compose(tx: Tx, batch: Batch) -> Preview:
    """Work out who is in a draft and who is not, and why. Nothing is written."""
    later: dict[int, list[Row]] = {}
    if batch.period_end_ms < tx.now_ms:
        end = {"currency": batch.currency, "period_end_ms": batch.period_end_ms}
        for row in tx.all("payouts.later_rows", _Later, **end):
            later.setdefault(row.person_id, []).append(Row(row.entry_id, row.amount_micro, row.judgment_id))
    entries: list[Entry] = []
    left: list[LeftOut] = []
    for one in tx.all("payouts.candidates", _Candidate, currency=batch.currency):
        rows = tuple(payouts.left_out(later.get(one.person_id, [])))
        amount = payouts.line_amount(one.approved_micro, rows, batch.currency)
        why = _why_not(tx, one, amount, batch, len(entries))
        if why:
            left.append(LeftOut(one.person_id, one.pseudonym, amount, why))
        else:
            entries.append(_entry(tx, one, amount, rows))
    withheld = tx.one("payouts.withheld", Withheld, currency=batch.currency) or Withheld(0, 0)
    return Preview(batch, entries, [one for one in left if one.amount_micro], _sharing(tx, entries), withheld)


def _why_not(tx: Tx, one: _Candidate, amount_micro: int, batch: Batch, taken: int) -> str:
    """Say why somebody is not in a batch; empty when they are. Suspended people are paid what they earned."""
    reasons = {
        "minimum": amount_micro < batch.minimum_micro,
        "erased": one.state == "erased",
        "details": not one.sealed,
        "hold": one.usable_ms > tx.now_ms,
        "room": taken >= payouts.LINES_MAX,
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _entry(tx: Tx, one: _Candidate, amount_micro: int, rows: tuple[Row, ...]) -> Entry:
    masked = payees.masked(Payee(**tx.vault.open(payout_details.PURPOSE, one.sealed)))
    return Entry(
        person_id=one.person_id,
        pseudonym=one.pseudonym,
        amount_micro=amount_micro,
        method=one.method,
        masked=masked,
        suspended=one.state == "suspended",
        sealed=one.sealed,
        payee_hash=one.payee_hash,
        left_out=rows,
    )


def _sharing(tx: Tx, entries: Sequence[Entry]) -> list[list[str]]:
    paid = {entry.payee_hash for entry in entries}
    together: dict[str, list[str]] = {}
    for one in tx.all("payouts.sharing", _Sharing):
        if one.payee_hash in paid:
            together.setdefault(one.payee_hash, []).append(one.pseudonym)
    return list(together.values())
