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
_TWO_DECIMALS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK
    DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT
    LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
    QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS
    VED VES WST XCD YER ZAR ZMW ZWG"""
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
DECIMALS = {
    code: decimals
    for decimals, codes in ((2, _TWO_DECIMALS), (0, _NO_DECIMALS), (3, _THREE_DECIMALS))
    for code in codes.split()
}
"""The currencies that people are paid in, and the decimals that each is written with: ISO 4217, without funds, metals and test codes."""
NO_CENTS = frozenset(_NO_DECIMALS.split())
_AMOUNT = re.compile(r"\A[0-9]{1,10}(\.[0-9]{1,6})?\Z")


def currency(code: str) -> str:
    """Let the code of a currency stand. Raise ValueError with a sentence for anything else."""
    if code not in DECIMALS:
        raise ValueError(f'"{code}" is not a currency; write its three capital letters, such as "USD"')
    return code


def decimals(currency: str) -> int:
    """Tell with how many decimals a currency is written: 0, 2 or 3."""
    return DECIMALS.get(currency, 2)


def parse_amount(text: str, most_micro: int = AMOUNT_MAX_MICRO) -> int:
    """Read an amount such as "24.00" into millionths, at most so many. Raise ValueError with a sentence for anything else."""
    if not _AMOUNT.match(text):
        raise ValueError(
            f'"{text}" is not an amount of money; write digits and at most six decimals, such as "24.00"'
        )
    whole, _, part = text.partition(".")
    amount = int(whole) * MICRO + int(part.ljust(6, "0") or 0)
    if amount > most_micro:
        raise ValueError(f'"{text}" is more than the largest amount, {most_micro // MICRO:,}')
    return amount


def earned_micro(credited_ms: int, rate_micro: int) -> int:
    """Give the pay for credited time at a rate per hour, to the nearest millionth, halves to even."""
    whole, rest = divmod(credited_ms * rate_micro, HOUR_MS)
    if rest * 2 > HOUR_MS or (rest * 2 == HOUR_MS and whole % 2):
        whole += 1
    return whole


def show(amount_micro: int, currency: str) -> str:
    """Write an amount for people: "$3.12". Rounded to the currency's decimals for display only, halves to even."""
    places = decimals(currency)
    unit = MICRO // 10**places
    cents, rest = divmod(abs(amount_micro), unit)
    if rest * 2 > unit or (rest * 2 == unit and cents % 2):
        cents += 1
    whole, part = divmod(cents, 10**places)
    figures = f"{whole:,}" + (f".{part:0{places}d}" if places else "")
    minus = "−" if amount_micro < 0 and cents else ""
    sign = SIGNS.get(currency)
    return f"{minus}{sign}{figures}" if sign else f"{minus}{figures} {currency}"


def exact(amount_micro: int) -> str:
    """Write an amount with all six decimals, for files and audits: "3.120000"."""
    sign = "-" if amount_micro < 0 else ""
    whole, part = divmod(abs(amount_micro), MICRO)
    return f"{sign}{whole}.{part:06d}"
