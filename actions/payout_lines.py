"""Lines of payouts: one student's money in one batch, moved on or back, and what its student is told of it."""

from __future__ import annotations

import dataclasses

from actions import deliveries, ledger, payout_details
from actions.refusals import OutOfDate
from rules import ledger as books
from rules.payees import Payee
from storage.tx import Tx

NOTICE = "payout_line"
"""The kind of notice that something became of a student's line."""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of a frozen batch. `payee`: sealed, empty once forgotten."""

    id: int
    batch_id: int
    person_id: int
    pseudonym: str
    person_state: str
    reference: str
    method: str
    payee: str
    amount_micro: int
    state: str
    reported_micro: int | None
    currency: str
    batch_state: str


def get(tx: Tx, line_id: int) -> Line:
    """Give a line; raise OutOfDate when there is none of that number."""
    line = tx.one("payouts.line", Line, id=line_id)
    if line is None:
        raise OutOfDate
    return line


def own(tx: Tx, person_id: int, line_id: int) -> Line | None:
    """Give a line of a student's own; None when it is not theirs."""
    line = tx.one("payouts.line", Line, id=line_id)
    return line if line is not None and line.person_id == person_id else None


def lines_of(tx: Tx, batch_id: int) -> list[Line]:
    """Give the lines of a batch in the order of their references."""
    return tx.all("payouts.lines", Line, batch_id=batch_id)


def payee_of(tx: Tx, line: Line) -> Payee | None:
    """Open where a line's money goes, as it stood at freezing; None once it was forgotten."""
    return Payee(**tx.vault.open(payout_details.PURPOSE, line.payee)) if line.payee else None


def give_back(tx: Tx, line: Line, actor: str, state: str) -> None:
    """Move a line's money back to approved, and free what it had taken. `state`: what the line is from now on."""
    ledger.post(
        tx,
        key=f"return:{line.batch_id}:{line.person_id}:1",
        kind="return",
        person_id=line.person_id,
        actor=actor,
        reason=f"{line.reference} {state}",
        postings=books.payment_return(
            line.person_id,
            line.amount_micro,
            line.currency,
            held_in="paid" if line.state == "paid" else "in_payout",
        ),
    )
    tx.run("payouts.free", line_id=line.id)
    move_line(tx, line, state)


def move_line(tx: Tx, line: Line, state: str, reported_micro: int | None = None) -> None:
    """Write a line's new state down; an erased person's payee is forgotten once nothing more is sent there."""
    settled_ms = None if state == "short" else tx.now_ms
    tx.run("payouts.move_line", id=line.id, state=state, settled_ms=settled_ms, reported_micro=reported_micro)
    if line.person_state == "erased" and state != "short":
        tx.run("payouts.forget_payee", id=line.id)


def tell(tx: Tx, line: Line, what: str) -> None:
    """Tell a student what became of their line: sent, paid or returned. Once each."""
    key, notice = f"payout:{what}:{line.id}", {"kind": NOTICE, "line": line.id, "what": what}
    deliveries.enqueue(tx, person_id=line.person_id, key=key, notice=notice)


def pay(tx: Tx, line: Line, actor: str) -> None:
    """Note that a line's money arrived, and tell its student."""
    ledger.post(
        tx,
        key=f"paid:{line.batch_id}:{line.person_id}",
        kind="payment",
        person_id=line.person_id,
        actor=actor,
        reason=line.reference,
        postings=books.payment(line.person_id, line.amount_micro, line.currency),
    )
    move_line(tx, line, "paid")
    tell(tx, line, "paid")


def bring_back(tx: Tx, line: Line, actor: str) -> None:
    """Note that a line's money came back, and tell its student."""
    give_back(tx, line, actor, "returned")
    tell(tx, line, "returned")
