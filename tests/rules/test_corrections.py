"""Amounts with a sign, reasons, days, and when two people are needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import corrections, money
from rules.money import MICRO


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5", 5 * MICRO),
        ("+5.00", 5 * MICRO),
        ("-0.25", -MICRO // 4),
        ("−0.000001", -1),
        (" + 1000000 ", 10**6 * MICRO),
    ],
)
def test_an_amount_with_a_sign_is_read(text: str, amount: int) -> None:
    assert corrections.parse_signed(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *"0 -0 0.000000 NaN nan inf -inf 1e3 1,50 1.0000001 1000000.01 99999999999".split(),
        *"++5 5- $5 five ٥ 0x5 1_000 . - +".split(),
        *("", " ", "5\n6", "5 6"),
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        corrections.parse_signed(text)


@given(st.integers(-(10**12), 10**12).filter(bool))
def test_what_is_written_exactly_is_read_back(amount: int) -> None:
    assert corrections.parse_signed(money.exact(amount)) == amount


@pytest.mark.parametrize("text", ["0", "-1", "+1", "1.0000001", ""])
def test_a_bonus_is_above_zero_and_without_a_sign(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        corrections.parse_positive(text)


def test_words_keep_their_letters_and_lose_their_line_breaks() -> None:
    assert corrections.parse_words("  two\n items ", 5, 300) == "two items"
    assert corrections.parse_words("नमस्ते\u200d जी", 5, 300) == "नमस्ते\u200d जी"


@pytest.mark.parametrize("text", ["four", "", "     ", "x" * 301, "abc\x00def", "abc\u202edef"])
def test_words_too_few_too_many_or_hidden_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="between"):
        corrections.parse_words(text, 5, 300)


def test_a_day_begins_at_midnight_where_the_coordinator_is() -> None:
    assert corrections.parse_day("2023-11-14", "UTC") == 1_699_920_000_000
    assert corrections.parse_day("2023-11-14", "Europe/Kyiv") == 1_699_920_000_000 - 2 * 3_600_000


@pytest.mark.parametrize(
    "text",
    ["2023-02-30", "14.11.2023", "2023-1-1", "yesterday", "", "0000-01-01", "0001-01-01", "1969-12-31"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        corrections.parse_day(text, "UTC")


@pytest.mark.parametrize(
    ("amount", "alone", "is_own", "needed"),
    [
        (50, 0, False, False),
        (51, 0, False, True),
        (-50, 0, False, False),
        (-51, 0, False, True),
        (30, 20, False, False),
        (30, 21, False, True),
        (1, 0, True, True),
    ],
)
def test_above_the_limit_two_are_needed_and_small_steps_add_up(
    amount: int, alone: int, is_own: bool, needed: bool
) -> None:
    assert corrections.needs_second(amount, alone, 50, is_own=is_own) is needed


@given(st.lists(st.integers(1, 100), max_size=20), st.integers(0, 100))
def test_nobody_moves_more_than_the_limit_alone(steps: list[int], limit: int) -> None:
    alone = 0
    for step in steps:
        if not corrections.needs_second(step, alone, limit, is_own=False):
            alone += step
    assert alone <= limit
