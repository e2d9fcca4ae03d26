"""PayPal's file for mass payments: no header; recipient, amount, currency, customer id, note, wallet; at most 5,000 rows."""

from __future__ import annotations

import itertools

from rules.payout_files.base import Batch, File, amount, row

ROWS_MAX = 5_000
WALLET = "PAYPAL"


def write(batch: Batch) -> list[File]:
    """Write the PayPal lines of a batch, in as many files as PayPal needs; none when no line goes by PayPal.

    No byte order mark: what comes first is somebody's address.
    """
    lines = [line for line in batch.lines if line.method == "paypal"]
    parts = [lines[start : start + ROWS_MAX] for start in range(0, len(lines), ROWS_MAX)]
    files = []
    for number, part in zip(itertools.count(1), parts, strict=False):
        text = "".join(
            row(
                [
                    line.account,
                    amount(line.amount_micro, batch.currency),
                    batch.currency,
                    line.reference,
                    f"Veritap {line.reference}",
                    WALLET,
                ]
            )
            for line in part
        )
        name = f"{batch.stem}-paypal{f'-{number}' if len(parts) > 1 else ''}.csv"
        files.append(File(name, text.encode(), len(part)))
    return files
