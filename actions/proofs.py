"""The nightly proof: when one is due, what it told the admins, and the lock on payouts while the books are red.

Proving is the top floor's business, with code that shares nothing with this; here is kept what came of it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from actions import deliveries, marks
from actions.payouts import BOOKS_RED
from rules.credit import DAY_MS, HOUR_MS
from rules.ledger import TIME
from storage.tx import Tx

PROVEN = "proof_ms"
"""The mark that says when the books were last proved, whatever came of it."""
THROUGH = "proof_entry"
"""The mark that says which entry was the newest then; the next night's totals begin after it."""
NIGHT_MS = 2 * HOUR_MS
"""The proof is due at this hour, UTC."""
NOTICE = "proof"
FINDINGS_TOLD = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What a proof came to. `findings`: sentences that name rows by number, never people."""

    head_hash: str
    findings: Sequence[str]
    wrong: int


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """The last proof. Moments are UTC milliseconds; 0 means never. `red_ms`: since when the books are wrong."""

    proven_ms: int
    red_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Total:
    kind: str
    asset: str
    entries: int
    amount: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Admin:
    person_id: int


def last(tx: Tx) -> Proof:
    """Give the last proof."""
    return Proof(marks.moment(tx, PROVEN), marks.moment(tx, BOOKS_RED))


def is_due(tx: Tx) -> bool:
    """Tell whether to prove the books now: once a night, and every time while they are red, so that mended books open the payouts again.

    New books wait for their first night.
    """
    proof = last(tx)
    if proof.red_ms:
        return True
    if not proof.proven_ms:
        marks.touch(tx, PROVEN)
        return False
    return _night(proof.proven_ms) != _night(tx.now_ms)


def _night(moment_ms: int) -> int:
    return (moment_ms - NIGHT_MS) // DAY_MS


def record(tx: Tx, result: Result) -> None:
    """Keep what a proof came to: lock the payouts or open them, and tell the admins the night's totals, or at once what is wrong."""
    before = last(tx)
    is_news = _night(before.proven_ms) != _night(tx.now_ms) or bool(result.wrong) != bool(before.red_ms)
    if result.wrong and not before.red_ms:
        marks.touch(tx, BOOKS_RED)
    if not result.wrong:
        marks.drop(tx, BOOKS_RED)
    if is_news:
        notice = _notice(tx, result, before)
        for admin in tx.all("deliveries.admins", _Admin):
            key = f"proof:{tx.now_ms}:{admin.person_id}"
            deliveries.enqueue(tx, person_id=admin.person_id, key=key, notice=notice)
        marks.put(tx, THROUGH, str(tx.number("proofs.newest_entry")))
    marks.touch(tx, PROVEN)


def _notice(tx: Tx, result: Result, before: Proof) -> dict[str, object]:
    totals = tx.all("proofs.totals", _Total, after_id=marks.moment(tx, THROUGH))
    money: dict[str, dict[str, int]] = {}
    for total in totals:
        word = _WORDS.get(total.kind)
        if word and total.asset != TIME:
            sums = money.setdefault(total.asset, {"earned": 0, "approved": 0, "paid": 0})
            sums[word] += total.amount if total.kind != "reversal" else -total.amount
    times = {total.kind: total.amount for total in totals if total.asset == TIME}
    return {
        "kind": NOTICE,
        "head_hash": result.head_hash,
        "wrong": result.wrong,
        "findings": list(result.findings[:FINDINGS_TOLD]),
        "was_red": bool(before.red_ms),
        "entries": tx.number("proofs.entries_after", after_id=marks.moment(tx, THROUGH)),
        "credited_ms": times.get("earning", 0) - times.get("reversal", 0),
        "money": json.dumps(money, sort_keys=True),
    }


_WORDS = {
    "earning": "earned",
    "reversal": "earned",
    "topup": "earned",
    "bonus": "earned",
    "approval": "approved",
    "payment": "paid",
}
"""Under which of the night's totals a kind of entry is told."""
