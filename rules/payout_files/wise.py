"""Wise's batch file: the admin's own template, filled. Its header stays as it is, since Wise takes no other."""

from __future__ import annotations

import csv
import dataclasses
import io

from rules.formats.exports import cells
from rules.payees import is_iban
from rules.payout_files import table
from rules.payout_files.base import Batch, File, Line, amount
from rules.payout_files.table import BadTable, Table

ROWS_MAX = 1_000
COLUMNS = {
    "amount": ("amount", "transfer amount", "target amount"),
    "id": ("recipientId", "recipient id"),
    "email": ("recipientEmail", "recipient email", "email"),
    "iban": ("IBAN", "account number (IBAN)"),
    "name": ("name", "recipient name", "account holder"),
    "reference": ("paymentReference", "payment reference", "reference"),
    "source": ("sourceCurrency", "source currency"),
    "target": ("targetCurrency", "target currency"),
    "fixed": ("amountCurrency", "amount currency"),
}
"""The columns that are filled, by the names under which they are looked for."""
PAYEES = ("id", "email", "iban")


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """The files that a template gave, and the references of Wise and bank lines that it has no column for."""

    files: list[File]
    left_out: list[str]


def fill(batch: Batch, template: bytes) -> Filled:
    """Fill a template with the lines that go by Wise, and by bank where it asks for an IBAN.

    What stood in the template's rows about the same recipient is kept. Raises BadTable with the columns that were looked for.
    """
    found = table.read(table.decode(template), dict(COLUMNS), ["amount"])
    if not any(name in found.columns for name in PAYEES):
        raise BadTable("columns", 1, [COLUMNS[name][0] for name in ("amount", *PAYEES)])
    wanted = [line for line in batch.lines if line.method in ("wise", "bank")]
    fitting = [line for line in wanted if _column(line, found)]
    parts = [fitting[start : start + ROWS_MAX] for start in range(0, len(fitting), ROWS_MAX)]
    files = []
    for number, part in enumerate(parts, start=1):
        rows = [found.header, *(_row(batch, line, found) for line in part)]
        name = f"{batch.stem}-wise{f'-{number}' if len(parts) > 1 else ''}.csv"
        files.append(File(name, _written(rows, found.delimiter).encode(), len(part)))
    return Filled(files, [line.reference for line in wanted if line not in fitting])


def _column(line: Line, found: Table) -> str | None:
    """Tell in which column of the template a line's payee stands."""
    if line.method == "bank":
        return "iban" if is_iban(line.account) and "iban" in found.columns else None
    kind = "email" if "@" in line.account else "id"
    return kind if kind in found.columns else None


def _row(batch: Batch, line: Line, found: Table) -> list[str]:
    kind = _column(line, found) or ""
    known = next((row for _line, row in found.rows if found.cell(row, kind) == line.account), [])
    filled = [*known, *[""] * len(found.header)][: len(found.header)]
    values = {
        "amount": amount(line.amount_micro, batch.currency),
        kind: line.account,
        "reference": line.reference,
        "source": found.cell(known, "source") or batch.currency,
        "target": batch.currency,
        # The amount that arrives is the one owed; what Wise takes for it is not the student's.
        "fixed": "target",
        "name": found.cell(known, "name") or line.name,
    }
    for column, value in values.items():
        place = found.columns.get(column)
        if place is not None:
            filled[place] = cells.guarded(value)
    return filled


def _written(rows: list[list[str]], delimiter: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
