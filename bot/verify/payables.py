"""What is owed and what is sent: payables are what makes up each approved balance, and batches are their lines, their postings and the
digest under which they were frozen."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from bot.verify.base import TIME, columns

SENT = "('frozen', 'approved', 'exported', 'settled', 'cancelled')"


def check_payables(connection: sqlite3.Connection) -> Iterator[str]:
    """Each entry that moves money into an approved account, or out of it, is one payable of that amount; a line took what is its own."""
    if not columns(connection, "payables"):
        return
    rows = connection.execute(
        """
        SELECT e.id, e.key, e.person_id, p.asset,
            CASE WHEN p.destination LIKE '%:approved' THEN p.amount ELSE -p.amount END AS moved,
            CASE WHEN e.kind IN ('approval', 'withholding', 'release')
                THEN CAST(SUBSTR(e.key, LENGTH(RTRIM(e.key, '0123456789')) + 1) AS BIGINT) END AS about,
            y.person_id, y.currency, y.amount_micro, y.judgment_id
        FROM entries AS e JOIN postings AS p ON p.entry_id = e.id
        LEFT JOIN payables AS y ON y.entry_id = e.id
        WHERE p.asset <> :time AND e.kind NOT IN ('earning', 'reversal', 'payout', 'payment', 'return', 'forfeit')
            AND (p.destination LIKE '%:approved' OR p.source LIKE '%:approved')""",
        {"time": TIME},
    )
    owing = set()
    for number, key, person_id, asset, moved, about, *kept in rows:
        owing.add(number)
        if kept != [person_id, asset, moved, about]:
            yield f"entry {number} ({key}) owes person {person_id} {moved} {asset}, but is kept as {kept}"
    for (number,) in connection.execute("SELECT entry_id FROM payables"):
        if number not in owing:
            yield f"a payable is kept for entry {number}, which moves nothing into or out of an approved account"
    yield from _owed(connection)


def _owed(connection: sqlite3.Connection) -> Iterator[str]:
    """What payables and payouts make is what is in the approved accounts."""
    rows = connection.execute("""
        SELECT account, asset, SUM(amount) AS total FROM (
            SELECT 'student:' || person_id || ':approved' AS account, currency AS asset, -amount_micro AS amount FROM payables
            UNION ALL
            SELECT p.source, p.asset, p.amount FROM postings AS p JOIN entries AS e ON e.id = p.entry_id WHERE e.kind = 'payout'
            UNION ALL
            SELECT p.destination, p.asset, -p.amount FROM postings AS p JOIN entries AS e ON e.id = p.entry_id WHERE e.kind = 'return'
            UNION ALL
            SELECT account, asset, amount FROM balances WHERE account LIKE 'student:%:approved' AND asset <> 'TIME')
        GROUP BY account, asset HAVING total <> 0""")
    for account, asset, total in rows:
        yield f"{account} holds {total} {asset} more than its payables and payouts make"


class _Batch(NamedTuple):
    """A batch that was frozen."""

    id: int
    currency: str
    period_end_ms: int
    minimum_micro: int
    state: str
    drafted_by: int
    frozen_by: int | None
    approved_by: int | None
    frozen_ms: int | None
    approved_ms: int | None
    lines: int
    total_micro: int
    digest: str


class _Line(NamedTuple):
    """A line of a batch, with what the ledger and the payables say of it."""

    id: int
    number: int
    person_id: int
    reference: str
    method: str
    payee_digest: str
    taken_micro: int
    amount_micro: int
    state: str
    reported_micro: int | None
    sent: int | None
    paid: int | None
    returned: int
    taken: int


LINES = """
    SELECT l.id, l.number, l.person_id, l.reference, l.method, l.payee_digest, l.taken_micro, l.amount_micro, l.state, l.reported_micro,
        (SELECT SUM(p.amount) FROM entries AS e JOIN postings AS p ON p.entry_id = e.id
            WHERE e.key = 'payout:' || l.batch_id || ':' || l.person_id AND p.asset = :currency) AS sent,
        (SELECT SUM(p.amount) FROM entries AS e JOIN postings AS p ON p.entry_id = e.id
            WHERE e.key = 'paid:' || l.batch_id || ':' || l.person_id AND p.asset = :currency) AS paid,
        (SELECT COALESCE(SUM(p.amount), 0) FROM entries AS e JOIN postings AS p ON p.entry_id = e.id
            WHERE e.key >= 'return:' || l.batch_id || ':' || l.person_id || ':'
                AND e.key < 'return:' || l.batch_id || ':' || l.person_id || ';' AND p.asset = :currency) AS returned,
        (SELECT COALESCE(SUM(y.amount_micro), 0) FROM payables AS y
            WHERE y.line_id = l.id AND y.person_id = l.person_id AND y.currency = :currency) AS taken
    FROM payout_lines AS l WHERE l.batch_id = :batch ORDER BY l.number"""


def check_batches(connection: sqlite3.Connection) -> Iterator[str]:
    """A frozen batch is its lines: as many, as much, under its digest, sent as posted, and seen by two people."""
    if not columns(connection, "payout_batches"):
        return
    batches = connection.execute(f"""
        SELECT id, currency, period_end_ms, minimum_micro, state, drafted_by, frozen_by, approved_by, frozen_ms, approved_ms,
            lines, total_micro, digest
        FROM payout_batches WHERE state IN {SENT} ORDER BY id""")  # noqa: S608
    for batch in [_Batch._make(row) for row in batches]:
        rows = connection.execute(LINES, {"batch": batch.id, "currency": batch.currency})
        lines = [_Line._make(row) for row in rows]
        yield from _frozen(connection, batch, lines)
        for line in lines:
            yield from _line(batch, line)
    last = 0
    for (number,) in connection.execute("SELECT id FROM payout_lines ORDER BY number"):
        if number <= last:
            yield f"line {number} is numbered after line {last}, but was made before it"
        last = number
    lost = f"""
        SELECT l.id FROM payout_lines AS l LEFT JOIN payout_batches AS b ON b.id = l.batch_id AND b.state IN {SENT}
        WHERE b.id IS NULL
        UNION ALL SELECT y.line_id FROM payables AS y LEFT JOIN payout_lines AS l
            ON l.id = y.line_id AND l.person_id = y.person_id WHERE y.line_id IS NOT NULL AND l.id IS NULL"""  # noqa: S608
    for (number,) in connection.execute(lost):
        yield f"line {number} belongs to no batch that was frozen, or to nobody whose payables it takes"


def _frozen(connection: sqlite3.Connection, batch: _Batch, lines: list[_Line]) -> Iterator[str]:
    total = sum(line.amount_micro for line in lines)
    if (len(lines), total) != (batch.lines, batch.total_micro):
        yield f"batch {batch.id} says {batch.lines} lines of {batch.total_micro}, but has {len(lines)} of {total}"
    if _digest(batch, lines) != batch.digest:
        yield f"batch {batch.id} is not what was frozen"
    yield from _hands(connection, batch)
    if batch.approved_by is not None and batch.approved_by in (batch.drafted_by, batch.frozen_by):
        yield f"batch {batch.id} was approved by whoever drafted or froze it"


def _hands(connection: sqlite3.Connection, batch: _Batch) -> Iterator[str]:
    """Hold who froze and who approved a batch, and when, against the audit, which only grows."""
    deeds = [("freeze payout", batch.frozen_by, batch.frozen_ms)]
    if batch.approved_by is not None:
        deeds.append(("approve payout", batch.approved_by, batch.approved_ms))
    for deed, person, moment in deeds:
        rows = connection.execute(
            "SELECT actor, done_ms FROM audit WHERE deed = ? AND subject = ?", (deed, f"payout:{batch.id}")
        ).fetchall()
        if rows != [(f"person:{person}", moment)]:
            yield f"batch {batch.id}: {deed} by person {person} at {moment} is not what the audit says"


def _digest(batch: _Batch, lines: list[_Line]) -> str:
    rows = [
        [line.reference, line.person_id, line.method, line.payee_digest, line.amount_micro] for line in lines
    ]
    fields = [batch.currency, batch.period_end_ms, batch.minimum_micro, rows]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


def _line(batch: _Batch, line: _Line) -> Iterator[str]:
    """Hold a line's state against what the ledger says was sent, arrived and came back."""
    name = f"line {line.reference} of batch {batch.id}"
    if line.sent != line.amount_micro:
        yield f"{name} is of {line.amount_micro}, but {line.sent} was put into the batch"
    expected = {
        "open": (None, 0),
        "short": (None, 0),
        "paid": (line.amount_micro, 0),
        "returned": (line.paid, line.amount_micro),
        "cancelled": (None, line.amount_micro),
    }[line.state]
    if (line.paid, line.returned) != expected:
        yield f"{name} is {line.state}, but {line.paid} is posted as paid and {line.returned} as returned"
    if not line.reference.endswith(f"-{line.number:04d}"):
        yield f"{name} has the number {line.number}"
    is_free = line.state in ("returned", "cancelled")
    if line.taken != (0 if is_free else line.taken_micro):
        yield f"{name} took payables of {line.taken_micro}, but {line.taken} are its own"
    if line.reported_micro is not None and line.state == "paid" and line.reported_micro > line.amount_micro:
        yield f"{name} was reported as {line.reported_micro}, more than it is of"
