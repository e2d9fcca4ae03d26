"""Reports that come back: what a bank or PayPal says became of each line, read from its CSV; and what follows from it for the line.

A line only ever goes up: open, short, paid, returned. So reports may come in any order, and as often as they like.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Literal

from rules.money import AMOUNT_MAX_MICRO, MICRO
from rules.payout_files import table
from rules.payout_files.table import folded

COLUMNS = {
    "reference": (
        "reference",
        "customer id",
        "sender item id",
        "unique id",
        "unique identifier",
        "payment reference",
        "custom number",
        "custom field",
        "invoice number",
    ),
    "amount": ("amount", "gross", "payment amount", "transaction amount", "gross amount", "target amount"),
    "status": ("status", "transaction status", "payment status", "state"),
    "currency": ("currency", "target currency", "payment currency"),
}
PAID = "paid success successful completed complete sent outgoingpaymentsent processed settled executed matched".split()
RETURNED = (
    "returned refunded reversed failed blocked denied rejected bounced bouncedback canceled cancelled declined "
    "fundsrefunded expired chargedback"
).split()
WAITING = (
    "unclaimed pending onhold held new processing inprogress created queued incomingpaymentwaiting waiting fundsconverted"
).split()
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3}){1,3}(\.\d{1,6})?", re.ASCII)
_PLAIN = re.compile(r"-?\d{1,10}([.,]\d{1,6})?", re.ASCII)

Outcome = Literal["paid", "returned", "waiting"]
STATES = ("open", "short", "paid", "returned")


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What a report says about a reference. `line`: where in the file."""

    line: int
    reference: str
    amount_micro: int
    currency: str
    outcome: Outcome


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """A line of a report that says nothing. `why`: reference, amount, status, duplicate; `cell`: what stands there."""

    line: int
    why: str
    cell: str


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A report as read."""

    rows: list[Row]
    problems: list[Problem]


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """A line of a batch, as a report meets it. `batch`: the state of its batch."""

    amount_micro: int
    currency: str
    state: str
    batch: str = "exported"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What a row came to.

    `verdict`: matched, returned, short (another amount), waiting; repeated (known already), late (paid after it came back); foreign
    (no such reference), currency (another one), unsent (its batch is not out), cancelled (its batch was taken back).
    """

    row: Row
    verdict: str
    state: str


def read(data: bytes) -> Report:
    """Read a report. Raises BadTable when it has no reference, amount and status, or is no text."""
    found = table.read(table.decode(data), dict(COLUMNS), ["reference", "amount", "status"])
    rows: list[Row] = []
    problems: list[Problem] = []
    seen: set[tuple[str, int, str, Outcome]] = set()
    for line, cells in found.rows:
        row = _row(line, {name: found.cell(cells, name) for name in COLUMNS})
        if isinstance(row, Problem):
            problems.append(row)
            continue
        said = (row.reference, row.amount_micro, row.currency, row.outcome)
        if said in seen:
            problems.append(Problem(line, "duplicate", row.reference))
        else:
            seen.add(said)
            rows.append(row)
    return Report(rows, problems)


def _row(line: int, cells: Mapping[str, str]) -> Row | Problem:
    if not cells["reference"]:
        return Problem(line, "reference", "")
    amount_micro = _amount(cells["amount"])
    if amount_micro is None:
        return Problem(line, "amount", cells["amount"])
    outcome = _outcome(cells["status"])
    if outcome is None:
        return Problem(line, "status", cells["status"])
    return Row(line, cells["reference"].upper(), amount_micro, cells["currency"].upper(), outcome)


def _amount(text: str) -> int | None:
    """Read an amount; one that went out may have a minus. None for anything that is not one."""
    bare = text.strip().lstrip("$€£¥").replace("\u2212", "-").replace(" ", "").replace("\u00a0", "")
    if _GROUPED.fullmatch(bare):
        plain = bare.replace(",", "")
    elif _PLAIN.fullmatch(bare):
        plain = bare.replace(",", ".")
    else:
        return None
    whole, _dot, part = plain.lstrip("-").partition(".")
    amount_micro = int(whole) * MICRO + int(part.ljust(6, "0") or 0)
    return amount_micro if 0 < amount_micro <= AMOUNT_MAX_MICRO else None


def _outcome(text: str) -> Outcome | None:
    word = folded(text)
    if word in PAID:
        return "paid"
    if word in RETURNED:
        return "returned"
    return "waiting" if word in WAITING else None


def judge(row: Row, known: Known | None) -> Finding:
    """Say what a row of a report comes to for the line of its reference."""
    if known is None:
        return Finding(row, "foreign", "")
    if known.batch == "cancelled" or known.state == "cancelled":
        return Finding(row, "cancelled", known.state)
    if known.batch not in ("exported", "settled"):
        return Finding(row, "unsent", known.state)
    if row.currency and row.currency != known.currency:
        return Finding(row, "currency", known.state)
    if row.outcome == "waiting":
        return Finding(row, "waiting", known.state)
    if row.amount_micro != known.amount_micro:
        return Finding(row, "short", _higher(known.state, "short"))
    if known.state == "returned":
        return Finding(row, "repeated" if row.outcome == "returned" else "late", known.state)
    if known.state == row.outcome:
        return Finding(row, "repeated", known.state)
    return Finding(row, "matched" if row.outcome == "paid" else "returned", row.outcome)


def _higher(state: str, other: str) -> str:
    return max(state, other, key=STATES.index)
