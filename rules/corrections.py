"""Corrections, the pure part: amounts with a sign, reasons, when a second person is needed, and the deadlines of what is held back."""

from __future__ import annotations

import datetime
import re
import unicodedata

from rules import calendar, money
from rules.credit import DAY_MS

LIMIT_MICRO = 50 * money.MICRO
"""Above so much of a currency a second person must agree, until an admin sets another limit."""
LIMIT_MAX_MICRO = 10_000 * money.MICRO
ALONE_MS = 7 * DAY_MS
"""What one person gave alone within this time counts towards the limit, so that it cannot be passed in small steps."""
REASON_LEAST, REASON_MOST = 5, 300
TEXT_LEAST, TEXT_MOST = 10, 1_000
"""What a student may write in an appeal, and a person in its answer, in characters."""
DECIDE_MS = 14 * DAY_MS
"""Pay that is held back is decided within this time, or released."""
APPEAL_MS = 7 * DAY_MS
"""So long a student has to answer before pay that is held back can be taken for good."""
COORDINATOR_MS = 3 * DAY_MS
"""So long an appeal is its coordinator's; then an admin gets it."""
_SIGNED = re.compile(r"\A([+\-−])?\s*(\S+)\Z")
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of the words after them, so that a reason could read otherwise than it is written."""
_DAY = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def parse_signed(text: str) -> int:
    """Read "+5.00", "5.00", "-5.00" or "−5.00" into millionths. Raise ValueError for zero and for anything that is no amount."""
    found = _SIGNED.match(text.strip())
    if found is None:
        raise ValueError("this is no amount of money")
    amount = money.parse_amount(found[2])
    if not amount:
        raise ValueError("zero corrects nothing")
    return amount if found[1] in (None, "+") else -amount


def parse_positive(text: str, most_micro: int = money.AMOUNT_MAX_MICRO) -> int:
    """Read "5.00" into millionths. Raise ValueError for zero, anything below it, and anything that is no amount."""
    amount = money.parse_amount(text.strip(), most_micro)
    if not amount:
        raise ValueError("zero gives nothing")
    return amount


def parse_words(text: str, least: int, most: int) -> str:
    """Take a reason or an answer as typed, with single spaces. Raise ValueError when it is too short, too long, or has hidden signs."""
    words = " ".join(text.split())
    shown = [
        sign for sign in words if unicodedata.category(sign) not in ("Cc", "Cs", "Co") and sign not in _HIDDEN
    ]
    if not least <= len(words) <= most or len(shown) < len(words):
        raise ValueError(f"between {least} and {most} characters")
    return words


def parse_day(text: str, time_zone: str) -> int:
    """Read "2026-11-03" into the moment when that day began. Raise ValueError for anything else."""
    if not _DAY.match(text.strip()):
        raise ValueError("this is no day")
    day = datetime.date.fromisoformat(text.strip())
    noon = datetime.datetime.combine(day, datetime.time(12), calendar.zone(time_zone))
    start_ms = calendar.day_start_ms(int(noon.timestamp() * 1000), time_zone)
    if start_ms <= 0:
        raise ValueError("nobody judged anything that long ago")
    return start_ms


def needs_second(amount_micro: int, alone_micro: int, limit_micro: int, *, is_own: bool) -> bool:
    """Tell whether a second person must agree.

    `amount_micro`: what moves, either way. `alone_micro`: what the same person moved alone before, within ALONE_MS. `is_own`: whether it
    is the person's own money; that is never moved alone.
    """
    return is_own or abs(amount_micro) + alone_micro > limit_micro
