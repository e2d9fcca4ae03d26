"""The generic payout file: a row for each line, whatever its method, for spreadsheets and for paying by hand."""

from __future__ import annotations

from rules.payout_files.base import BOM, Batch, File, amount, row

HEADER = [
    "batch",
    "reference",
    "pseudonym",
    "method",
    "payee",
    "name",
    "amount",
    "currency",
    "period_end",
]


def write(batch: Batch) -> File:
    """Write a batch as CSV, with a header, for Excel as well."""
    rows = [
        [
            str(batch.id),
            line.reference,
            line.pseudonym,
            line.method,
            line.account,
            line.name,
            amount(line.amount_micro, batch.currency),
            batch.currency,
            batch.period_end,
        ]
        for line in batch.lines
    ]
    text = "".join(row(cells) for cells in [HEADER, *rows])
    return File(f"{batch.stem}.csv", f"{BOM}{text}".encode(), len(rows))
