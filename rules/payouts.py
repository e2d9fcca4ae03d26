"""Payouts, the pure part: what a batch takes and pays, its references and its digest, and when the next one is.

A line pays whole coins, rounded down. What is left over stays in the student's approved account, and a later line picks it up.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rules.money import MICRO, decimals

DAY_MS = 24 * 60 * 60 * 1000
HOLD_MS = 7 * DAY_MS
"""After payout details were changed, nothing is sent to the new ones for so long."""
LINES_MAX = 2_000
"""So many people a batch; freezing writes them all down at once, and nobody's tap should wait long."""
MINIMUM_UNITS = 5
"""What is owed at least before it is paid out, unless an admin says otherwise."""
REFERENCE_MAX = 30
"""As long as a reference may be: PayPal takes no more as a customer id."""
NOON_HOUR = 12


class Row(NamedTuple):
    """A payable that no line has taken yet, recorded after the end of a batch's period."""

    entry_id: int
    amount_micro: int
    judgment_id: int | None


class Sealed(NamedTuple):
    """A line of a batch, as its digest knows it."""

    reference: str
    person_id: int
    method: str
    payee_digest: str
    amount_micro: int


def coin_micro(currency: str) -> int:
    """Give the smallest amount that can be paid in a currency: a cent of a dollar, a whole yen, a fils."""
    return int(MICRO // 10 ** decimals(currency))


def whole_coins(amount_micro: int, currency: str) -> int:
    """Round an amount down to whole coins; nothing owed is nothing paid."""
    return max(0, amount_micro - amount_micro % coin_micro(currency))


def minimum_micro(currency: str) -> int:
    """Give the usual minimum of a currency."""
    return MINIMUM_UNITS * MICRO * (100 if decimals(currency) == 0 else 1)


def left_out(later: Iterable[Row]) -> list[Row]:
    """Tell which rows of one person from after the period a batch leaves to the next one.

    What was earned later stays out. What takes earlier money back goes in at once, or it would be paid although it is owed no more; what
    takes back later money stays out together with it. So what is left out never sums below zero.
    """
    groups: dict[object, list[Row]] = {}
    for row in later:
        about: object = ("entry", row.entry_id) if row.judgment_id is None else ("judgment", row.judgment_id)
        groups.setdefault(about, []).append(row)
    return [row for rows in groups.values() if sum(one.amount_micro for one in rows) >= 0 for row in rows]


def line_amount(approved_micro: int, rows_left_out: Iterable[Row], currency: str) -> int:
    """Give what a line pays: all that is approved, what it leaves out aside, in whole coins."""
    return whole_coins(approved_micro - sum(row.amount_micro for row in rows_left_out), currency)


def reference(frozen_ms: int, number: int) -> str:
    """Name a line for banks and people: the week of its freezing and a number that no other line ever has, as in "W46-0193"."""
    week = datetime.datetime.fromtimestamp(frozen_ms / 1000, datetime.UTC).isocalendar().week
    return f"W{week:02d}-{number:04d}"


def payee_digest(line_reference: str, payee_hash: str) -> str:
    """Stand for a payee in a digest: two lines to the same payee do not look alike, and nobody can read either."""
    return hashlib.sha256(f"{line_reference}:{payee_hash}".encode()).hexdigest()


def digest(currency: str, period_end_ms: int, minimum: int, lines: Sequence[Sealed]) -> str:
    """Hash a batch: SHA-256 of a canonical JSON list of its currency, end of period, minimum and lines in their order, in hex."""
    fields = [currency, period_end_ms, minimum, [list(line) for line in lines]]
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def next_day_ms(now_ms: int, weekday: int) -> int:
    """Give the next noon (UTC) of a weekday, 0 for Monday: at noon the date is the same nearly everywhere."""
    now = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC)
    noon = now.replace(hour=NOON_HOUR, minute=0, second=0, microsecond=0)
    noon += datetime.timedelta(days=(weekday - now.weekday()) % 7)
    if noon <= now:
        noon += datetime.timedelta(days=7)
    return int(noon.timestamp()) * 1000
