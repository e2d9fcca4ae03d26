"""What a payout takes, pays and leaves: whole coins rounded down, the rest carried and never lost; references, digests and dates."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import payouts
from rules.payouts import Row, Sealed

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD"])
MONDAY_MS = int(datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC).timestamp()) * 1000
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("amount", "currency", "pays"),
    [
        (52_909_999, "USD", 52_900_000),
        (52_910_000, "USD", 52_910_000),
        (9_999, "USD", 0),
        (1_999_999, "JPY", 1_000_000),
        (1_999_999, "KWD", 1_999_000),
        (-5_000_000, "USD", 0),
    ],
)
def test_a_line_pays_whole_coins_rounded_down(amount: int, currency: str, pays: int) -> None:
    assert payouts.whole_coins(amount, currency) == pays


@dataclasses.dataclass
class Model:
    """The books of one student in one currency, kept as plainly as can be."""

    approved: int = 0
    sent: int = 0
    open_rows: list[Row] = dataclasses.field(default_factory=list)
    lines: list[tuple[int, list[Row]]] = dataclasses.field(default_factory=list)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 30_000_000)),
        st.tuples(st.just("take"), st.integers(1, 30_000_000)),
        st.tuples(st.just("pay"), st.integers(0, 5)),
        st.tuples(st.just("return"), st.integers(0, 5)),
    ),
    max_size=40,
)


@given(STEPS, CURRENCIES)
def test_what_is_no_whole_coin_is_carried_and_never_lost(steps: list[tuple[str, int]], currency: str) -> None:
    model, coin, moved = Model(), payouts.coin_micro(currency), 0
    for number, (verb, value) in enumerate(steps):
        if verb == "earn" or (verb == "take" and value <= model.approved):
            amount = value if verb == "earn" else -value
            model.approved += amount
            moved += amount
            model.open_rows.append(Row(number, amount, None))
        elif verb == "pay":
            # The rows from after the period are the newest ones.
            later = model.open_rows[len(model.open_rows) - min(value, len(model.open_rows)) :]
            left = payouts.left_out(later)
            amount = payouts.line_amount(model.approved, left, currency)
            if amount:
                model.lines.append((amount, [row for row in model.open_rows if row not in left]))
                model.open_rows = list(left)
                model.approved -= amount
                model.sent += amount
                assert amount % coin == 0
        elif verb == "return" and model.lines:
            amount, rows = model.lines.pop(value % len(model.lines))
            model.approved += amount
            model.sent -= amount
            model.open_rows += rows
        carried = sum(sum(row.amount_micro for row in rows) - paid for paid, rows in model.lines)
        assert model.approved == sum(row.amount_micro for row in model.open_rows) + carried
        assert model.approved + model.sent == moved
        assert model.approved >= 0
    paid_out = payouts.line_amount(model.approved, [], currency)
    assert 0 <= model.approved - paid_out < coin


ROWS = st.lists(
    st.builds(
        Row, st.integers(1, 9), st.integers(-50_000, 50_000).filter(bool), st.none() | st.integers(1, 3)
    ),
    max_size=9,
)


@given(ROWS)
def test_what_is_left_to_the_next_batch_never_sums_below_zero(rows: list[Row]) -> None:
    left = payouts.left_out(rows)
    assert sum(row.amount_micro for row in left) >= 0
    assert payouts.left_out(left) == left


def test_what_takes_back_earlier_money_goes_in_and_what_takes_back_later_money_stays_out() -> None:
    earlier, bonus = Row(1, -500, 7), Row(2, 900, None)
    earned, withheld = Row(3, 300, 8), Row(4, -300, 8)
    assert payouts.left_out([earlier, bonus, earned, withheld]) == [bonus, earned, withheld]


@given(st.integers(0, 10**13), st.integers(1, 10**9))
def test_a_reference_is_short_and_has_no_space(frozen_ms: int, number: int) -> None:
    reference = payouts.reference(frozen_ms, number)
    assert len(reference) <= payouts.REFERENCE_MAX
    assert reference.isascii()
    assert " " not in reference
    assert reference != payouts.reference(frozen_ms, number + 1)


def test_a_reference_names_the_week_and_the_line() -> None:
    assert payouts.reference(1_763_000_000_000, 193) == "W46-0193"


def test_any_change_of_a_list_changes_its_digest() -> None:
    line = Sealed("W46-0001", 1, "paypal", "a" * 64, 5_000_000)
    whole = payouts.digest("USD", 1, 2, [line])
    others = [
        payouts.digest("EUR", 1, 2, [line]),
        payouts.digest("USD", 2, 2, [line]),
        payouts.digest("USD", 1, 3, [line]),
        payouts.digest("USD", 1, 2, [line, line]),
        *[
            payouts.digest("USD", 1, 2, [line._replace(**changed)])
            for changed in (
                {"reference": "W46-0002"},
                {"person_id": 2},
                {"method": "bank"},
                {"payee_digest": "b" * 64},
                {"amount_micro": 5_000_001},
            )
        ],
    ]
    assert len({whole, *others}) == 1 + len(others)


@pytest.mark.parametrize(
    ("weekday", "hours", "date"),
    [(0, 0, "2026-11-23"), (0, 3, "2026-11-30"), (4, 0, "2026-11-27"), (6, 0, "2026-11-29")],
)
def test_the_next_payout_is_the_next_noon_of_its_day(weekday: int, hours: int, date: str) -> None:
    at_ms = payouts.next_day_ms(MONDAY_MS + hours * HOUR_MS, weekday)
    found = datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC)
    assert (found.date().isoformat(), found.hour) == (date, 12)


def test_the_usual_minimum_follows_the_size_of_the_coins() -> None:
    assert [payouts.minimum_micro(currency) for currency in ("USD", "JPY")] == [5_000_000, 500_000_000]
