"""The ledger: posting an event once under its key, chained to the one before; approving what is due; balances.

Nobody sets a balance. A correction is a new entry that names what it reverses.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rules import ledger
from rules.credit import DAY_MS, HOUR_MS, MINUTE_MS
from rules.ledger import Posting
from storage.tx import Tx

UNDO_WINDOW_MS = 10 * MINUTE_MS
"""Within this time a judgment can be undone, so it is not approved before."""
PENDING_MAX_MS = 7 * DAY_MS
GOLD_WAIT_MAX_MS = 6 * HOUR_MS
"""A gold item is approved at most so long after the work item that followed it."""
APPROVALS_A_RUN = 200
SYSTEM = "system"


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """A live judgment that is not approved yet. `amount_micro`: 0 when its money was withheld meanwhile."""

    id: int
    person_id: int
    project_id: int
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str
    use: str


class KeyTaken(Exception):
    """The ledger has another entry under this key; an event is booked once, and never as two different things."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    person_id: int | None
    reason: str


def post(
    tx: Tx,
    *,
    key: str,
    kind: str,
    person_id: int | None,
    actor: str,
    reason: str,
    postings: Sequence[Posting],
) -> bool:
    """Add an entry under a unique key, chained by hash; move the balances and note what became payable.

    False when the very same request is in the books already; then nothing changes. Raises KeyTaken when the key stands for another one.
    A student's account that would fall below zero breaks a constraint, and nothing changes.
    """
    previous = tx.value("ledger.head") or ledger.GENESIS
    digest = ledger.chain_hash(previous, key, kind, actor, reason, tx.now_ms, postings)
    entry_id = tx.value(
        "ledger.add_entry",
        key=key,
        kind=kind,
        person_id=person_id,
        actor=actor,
        reason=reason,
        now_ms=tx.now_ms,
        previous_hash=previous,
        hash=digest,
    )
    if entry_id is None:
        _require_same(tx, key, _Entry(kind, person_id, reason), postings)
        return False
    for line, posting in enumerate(postings, start=1):
        _add_posting(tx, entry_id, line, posting)
    payable = ledger.payable(key, kind, postings)
    if payable is not None:
        tx.run("ledger.add_payable", entry_id=entry_id, **dataclasses.asdict(payable))
    return True


def _require_same(tx: Tx, key: str, asked: _Entry, postings: Sequence[Posting]) -> None:
    booked = tx.one("ledger.entry_of", _Entry, key=key)
    if booked != asked or tx.all("ledger.postings_of", Posting, key=key) != list(postings):
        raise KeyTaken(
            f"{key} is in the books as {booked}; another thing was asked for: {asked}, {list(postings)}."
        )


def _add_posting(tx: Tx, entry_id: int, line: int, posting: Posting) -> None:
    tx.run(
        "ledger.add_posting",
        entry_id=entry_id,
        line=line,
        source=posting.source,
        destination=posting.destination,
        amount=posting.amount,
        asset=posting.asset,
    )
    source, destination, amount, asset = (
        posting.source,
        posting.destination,
        posting.amount,
        posting.asset,
    )
    moved = tx.run("ledger.move", source=source, destination=destination, amount=amount, asset=asset)
    if moved < 2:
        tx.run("ledger.open_account", account=source, asset=asset, amount=-amount)
        tx.run("ledger.open_account", account=destination, asset=asset, amount=amount)


def reverse(tx: Tx, *, key: str, of: str, person_id: int, actor: str, reason: str) -> bool:
    """Take an entry back by posting its opposite under a key of its own."""
    postings = [posting.reversed() for posting in tx.all("ledger.postings_of", Posting, key=of)]
    return post(
        tx, key=key, kind="reversal", person_id=person_id, actor=actor, reason=reason, postings=postings
    )


def plan_approval(tx: Tx, judgment_id: int) -> None:
    """Have a judgment's pay approved once it can no longer be undone."""
    tx.run("ledger.plan_approval", judgment_id=judgment_id, due_ms=tx.now_ms + UNDO_WINDOW_MS)


def approve_due(tx: Tx) -> int:
    """Approve what is due: settled or qualifying judgments past the undo window, and whatever has waited for seven days.

    A gold item has no moment of settling of its own. It waits for the work item that its student answered next on the project, and then for
    a drawn while, so that it waits about as long as work does and neither what is approved nor when tells anything. Return how many were
    approved.
    """
    due = tx.all("ledger.due", Pending, now_ms=tx.now_ms, most=APPROVALS_A_RUN)
    late = tx.all("ledger.overdue", Pending, before_ms=tx.now_ms - PENDING_MAX_MS, most=APPROVALS_A_RUN)
    done = sum(_approve(tx, judgment, "settled") for judgment in due)
    done += sum(_approve(tx, judgment, "seven days have passed") for judgment in late)
    for judgment in due + late:
        for gold in _golds_before(tx, judgment) if judgment.use == "work" else ():
            # Squared: like work, most of it follows soon, and some of it late.
            wait_ms = int(tx.draw() ** 2 * GOLD_WAIT_MAX_MS)
            tx.run("ledger.plan_approval", judgment_id=gold.id, due_ms=tx.now_ms + wait_ms)
    return done


def _golds_before(tx: Tx, judgment: Pending) -> list[Pending]:
    return tx.all(
        "ledger.golds_before",
        Pending,
        person_id=judgment.person_id,
        project_id=judgment.project_id,
        before_ms=judgment.answered_ms,
        before_id=judgment.id,
    )


def _approve(tx: Tx, judgment: Pending, reason: str) -> bool:
    tx.run("ledger.forget_approval", judgment_id=judgment.id)
    if not tx.run("ledger.mark_approved", id=judgment.id, now_ms=tx.now_ms):
        # It was due for two reasons, and one has had it approved.
        return False
    return post(
        tx,
        key=f"approve:{judgment.id}",
        kind="approval",
        person_id=judgment.person_id,
        actor=SYSTEM,
        reason=reason,
        postings=ledger.approval(
            judgment.person_id, judgment.credited_ms, judgment.amount_micro, judgment.currency
        ),
    )


def balance(tx: Tx, account: str, asset: str) -> int:
    """Give the balance of an account in an asset: what came in less what went out. One row is read, whatever the history."""
    return tx.number("ledger.balance", account=account, asset=asset)


@dataclasses.dataclass(frozen=True, slots=True)
class Balance:
    """A balance in one asset."""

    asset: str
    amount: int


def balances(tx: Tx, account: str) -> list[Balance]:
    """Give the balances of an account in all its assets."""
    return tx.all("ledger.balances", Balance, account=account)
