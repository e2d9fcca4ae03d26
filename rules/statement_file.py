"""A week's postings as a CSV file, for a spreadsheet or another program: exact amounts, cells guarded against formulas."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Mapping

from rules import money
from rules.formats.exports.cells import guarded
from rules.ledger import TIME
from rules.statement import OUTSIDE, Entry, state_of, told_ms

COLUMNS = ("recorded_utc", "kind", "project", "item", "from", "to", "asset", "amount", "reason")
"""`recorded_utc`: of an approval only its day. `amount`: with six decimals of the currency, or seconds with three for TIME. `from`, `to`:
states, empty for outside."""


def csv_text(person_id: int, entries: Iterable[Entry], titles: Mapping[int, str]) -> str:
    """Write entries, a row for each posting; the amounts of the rows from and to each state sum up to the statement's."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for entry in entries:
        for posting in entry.postings:
            rows.writerow(
                (
                    written_utc(told_ms(entry)),
                    entry.kind,
                    guarded(titles.get(entry.project_id, "")),
                    "" if entry.judgment_id is None else entry.judgment_id,
                    state_of(posting.source, person_id) or OUTSIDE,
                    state_of(posting.destination, person_id) or OUTSIDE,
                    posting.asset,
                    exact(posting.amount, posting.asset),
                    guarded(entry.reason),
                )
            )
    return file.getvalue()


def exact(amount: int, asset: str) -> str:
    """Write an amount with all its decimals: six of a currency, three of a second."""
    if asset != TIME:
        return money.exact(amount)
    whole, part = divmod(abs(amount), 1000)
    return f"{'-' if amount < 0 else ''}{whole}.{part:03d}"


def written_utc(at_ms: int) -> str:
    """Write a moment as the standards say: "2023-11-20T08:15:00.000Z"."""
    at = datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"
