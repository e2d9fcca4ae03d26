"""Money as whole millionths of a currency unit: reading it from text, earning it by time, writing it for people. No floats."""

from __future__ import annotations

import re

MICRO = 1_000_000
HOUR_MS = 3_600_000
AMOUNT_MAX_MICRO = 1_000_000 * MICRO
SIGNS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "UAH": "₴",
    "NGN": "₦",
    "BRL": "R$",
    "MXN": "MX$",
    "JPY": "¥",
}
NO_CENTS = frozenset({"JPY", "KRW", "VND"})
_AMOUNT = re.compile(r"\A[0-9]{1,7}(\.[0-9]{1,6})?\Z")


def parse_amount(text: str) -> int:
    """Read an amount such as "24.00" into millionths. Raise ValueError with a sentence for anything else."""
    if not _AMOUNT.match(text):
        raise ValueError(
            f'"{text}" is not an amount of money; write digits and at most six decimals, such as "24.00"'
        )
    whole, _, part = text.partition(".")
    amount = int(whole) * MICRO + int(part.ljust(6, "0") or 0)
    if amount > AMOUNT_MAX_MICRO:
        raise ValueError(f'"{text}" is more than the largest amount, 1,000,000')
    return amount


def earned_micro(credited_ms: int, rate_micro: int) -> int:
    """Give the pay for credited time at a rate per hour, to the nearest millionth, halves to even."""
    whole, rest = divmod(credited_ms * rate_micro, HOUR_MS)
    if rest * 2 > HOUR_MS or (rest * 2 == HOUR_MS and whole % 2):
        whole += 1
    return whole


def show(amount_micro: int, currency: str) -> str:
    """Write an amount for people: "$3.12". Rounded to the cent for display only, halves to even."""
    decimals = 0 if currency in NO_CENTS else 2
    unit = MICRO // 10**decimals
    cents, rest = divmod(abs(amount_micro), unit)
    if rest * 2 > unit or (rest * 2 == unit and cents % 2):
        cents += 1
    whole, part = divmod(cents, 10**decimals)
    figures = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
    minus = "−" if amount_micro < 0 and cents else ""
    sign = SIGNS.get(currency)
    return f"{minus}{sign}{figures}" if sign else f"{minus}{figures} {currency}"


def exact(amount_micro: int) -> str:
    """Write an amount with all six decimals, for files and audits: "3.120000"."""
    sign = "-" if amount_micro < 0 else ""
    whole, part = divmod(abs(amount_micro), MICRO)
    return f"{sign}{whole}.{part:06d}"
