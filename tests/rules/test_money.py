"""Money: read strictly, earned exactly, shown honestly."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import money

AMOUNTS = st.integers(0, money.AMOUNT_MAX_MICRO)
DURATIONS = st.integers(0, 10 * money.HOUR_MS)


@pytest.mark.parametrize(
    ("text", "micro"),
    [
        ("24.00", 24_000_000),
        ("0", 0),
        ("0.000001", 1),
        ("007", 7_000_000),
        ("1000000", 1_000_000_000_000),
        ("12.5", 12_500_000),
    ],
)
def test_amounts_are_read(text: str, micro: int) -> None:
    assert money.parse_amount(text) == micro


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "-1",
        "1.",
        ".5",
        "1,5",
        "1_000",
        "1e3",
        "0x10",
        "NaN",
        "inf",
        "$1",
        "1.0000001",
        "1000000.000001",
        "9999999",
        "12345678",
        "٣",
        "１２",
        "1.५",
        "1..2",
        "1\0",
    ],
)
def test_whatever_is_odd_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        money.parse_amount(text)


@given(st.text(max_size=12))
def test_no_text_is_read_as_anything_but_what_it_says(text: str) -> None:
    try:
        micro = money.parse_amount(text)
    except ValueError:
        return
    assert text.isascii()
    assert Decimal(text) * money.MICRO == micro


@given(AMOUNTS)
def test_an_exact_amount_is_read_back_as_itself(micro: int) -> None:
    assert money.parse_amount(money.exact(micro)) == micro
    assert money.exact(-micro) == ("-" if micro else "") + money.exact(micro)


@given(DURATIONS, AMOUNTS)
@example(1, 1_800_000)
@example(3, 1_800_000)
@example(5, 1_800_000)
def test_pay_is_the_nearest_millionth_and_halves_go_to_even(credited_ms: int, rate_micro: int) -> None:
    assert money.earned_micro(credited_ms, rate_micro) == round(
        Fraction(credited_ms * rate_micro, money.HOUR_MS)
    )


@given(st.lists(DURATIONS, min_size=1, max_size=30), AMOUNTS)
def test_time_paid_in_parts_never_drifts_by_more_than_half_a_millionth_a_part(
    parts: list[int], rate_micro: int
) -> None:
    paid = sum(money.earned_micro(part, rate_micro) for part in parts)
    owed = Fraction(sum(parts) * rate_micro, money.HOUR_MS)
    assert abs(paid - owed) <= Fraction(len(parts), 2)


@given(DURATIONS, DURATIONS, AMOUNTS)
def test_more_time_is_never_less_pay(some: int, more: int, rate_micro: int) -> None:
    assert money.earned_micro(some, rate_micro) <= money.earned_micro(some + more, rate_micro)


@given(
    st.integers(-money.AMOUNT_MAX_MICRO, money.AMOUNT_MAX_MICRO),
    st.sampled_from([*money.SIGNS, "KRW", "CHF"]),
)
@example(-1, "USD")
@example(15_000, "USD")
@example(25_000, "USD")
@example(999_995_000, "EUR")
@example(2_500_000, "JPY")
def test_a_shown_amount_is_the_amount_rounded(micro: int, currency: str) -> None:
    places = Decimal(1) if currency in money.NO_CENTS else Decimal("0.01")
    expected = (Decimal(micro) / money.MICRO).quantize(places, ROUND_HALF_EVEN)
    shown = money.show(micro, currency)
    figures = "".join(letter for letter in shown if letter.isdigit() or letter == ".")
    assert Decimal(figures) == abs(expected)
    assert shown.startswith("−") == (expected < 0), "nothing is written as less than nothing"


@pytest.mark.parametrize(
    ("micro", "currency", "shown"),
    [
        (3_120_000, "USD", "$3.12"),
        (1_234_567_890_000, "USD", "$1,234,567.89"),
        (-53_333, "USD", "−$0.05"),
        (5_000_000, "CHF", "5.00 CHF"),
        (1_500_000, "JPY", "¥2"),
        (0, "BRL", "R$0.00"),
    ],
)
def test_amounts_are_written_as_people_write_them(micro: int, currency: str, shown: str) -> None:
    assert money.show(micro, currency) == shown
