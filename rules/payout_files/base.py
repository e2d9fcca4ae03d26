"""What every payout file is made of: the lines of one batch, amounts as decimals, cells that no spreadsheet runs."""

from __future__ import annotations

import dataclasses

from rules.formats.exports import cells
from rules.money import MICRO, decimals

BOM = "\ufeff"
"""Excel takes a file for UTF-8 only when it begins with this."""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One student's line of a batch. `account` and `name`: where the money goes."""

    reference: str
    pseudonym: str
    method: str
    account: str
    name: str
    amount_micro: int


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """A batch as its files tell it; one currency, lines in their order. `period_end`: a date such as 2026-11-23."""

    id: int
    currency: str
    period_end: str
    lines: tuple[Line, ...]

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return f"payout-{self.id}-{self.currency}"


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file to hand to an admin."""

    name: str
    data: bytes
    rows: int


def amount(amount_micro: int, currency: str) -> str:
    """Write whole coins as a decimal with as many places as the currency has: "52.90", "1200"."""
    places = decimals(currency)
    coins, rest = divmod(amount_micro, MICRO // 10**places)
    if rest or coins < 0:
        raise ValueError(f"{amount_micro} millionths of {currency} are no whole coins")
    whole, part = divmod(coins, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)


def row(values: list[str]) -> str:
    """Write one row, its cells guarded against being run as formulas."""
    return cells.line(cells.guarded(value) for value in values)
