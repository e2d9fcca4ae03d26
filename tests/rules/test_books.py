"""The table of kinds under any sequence: every asset sums to zero, nobody's account falls below zero, what is split adds up again.

No store: the postings alone, beside a model that knows only where each amount lies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import ledger
from rules.ledger import BadAmount, Posting

AMOUNTS = st.integers(1, 10**9)
MOVES: dict[str, tuple[Callable[[int], list[Posting]], str, str]] = {
    "topup": (lambda amount: ledger.topup(7, 3, amount, "USD"), "project", "approved"),
    "bonus": (lambda amount: ledger.bonus(7, 3, amount, "USD"), "project", "approved"),
    "give": (lambda amount: ledger.adjustment(3, amount, "USD", gives=True), "office", "approved"),
    "take": (lambda amount: ledger.adjustment(3, amount, "USD", gives=False), "approved", "office"),
    "withhold pending": (
        lambda amount: ledger.withholding(3, amount, "USD", held_in="pending"),
        "pending",
        "withheld",
    ),
    "withhold approved": (
        lambda amount: ledger.withholding(3, amount, "USD", held_in="approved"),
        "approved",
        "withheld",
    ),
    "release": (lambda amount: ledger.release(3, amount, "USD"), "withheld", "approved"),
    "forfeit": (lambda amount: ledger.forfeit(7, 3, amount, "USD"), "withheld", "project"),
    "payout": (lambda amount: ledger.payout(3, amount, "USD"), "approved", "in_payout"),
    "payment": (lambda amount: ledger.payment(3, amount, "USD"), "in_payout", "paid"),
    "return unpaid": (
        lambda amount: ledger.payment_return(3, amount, "USD", held_in="in_payout"),
        "in_payout",
        "approved",
    ),
    "return paid": (
        lambda amount: ledger.payment_return(3, amount, "USD", held_in="paid"),
        "paid",
        "approved",
    ),
    "earn": (lambda amount: ledger.earning(7, 3, amount, amount, "USD"), "project", "pending"),
    "approve": (lambda amount: ledger.approval(3, amount, amount, "USD"), "pending", "approved"),
}
ACCOUNTS = {"project": "project:7", "office": "office"} | {
    state: f"student:3:{state}" for state in ledger.STUDENT_STATES
}


@pytest.mark.parametrize("name", sorted(MOVES))
def test_each_kind_moves_from_and_to_its_own_accounts(name: str) -> None:
    make, source, destination = MOVES[name]
    postings = make(5)
    assert {(one.source, one.destination) for one in postings} == {(ACCOUNTS[source], ACCOUNTS[destination])}
    moves_time = name in ("earn", "approve")
    assert [one.asset for one in postings] == ["USD", "TIME"][: 1 + moves_time], (
        "time moves with judgments alone"
    )


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), AMOUNTS), max_size=40))
def test_any_sequence_keeps_the_books(steps: list[tuple[str, int]]) -> None:
    lies: dict[str, int] = {}
    booked: list[Posting] = []
    for name, wanted in steps:
        make, source, destination = MOVES[name]
        # A student's account gives what it holds at most, as the balances' own constraint has it.
        amount = wanted if source in ("project", "office") else min(wanted, lies.get(source, 0))
        if not amount:
            continue
        booked += [one for one in make(amount) if one.asset == "USD"]
        lies[source] = lies.get(source, 0) - amount
        lies[destination] = lies.get(destination, 0) + amount
    sums = ledger.balances(booked)
    assert sum(sums.values()) == 0
    assert {account: sums.get((ACCOUNTS[account], "USD"), 0) for account in lies} == lies
    assert all(amount >= 0 for (account, _), amount in sums.items() if account.startswith("student:"))


@given(st.sampled_from(sorted(MOVES)), st.lists(AMOUNTS, min_size=1, max_size=20))
def test_splitting_and_then_adding_gives_the_whole(name: str, parts: list[int]) -> None:
    make, _, _ = MOVES[name]
    split = ledger.balances(one for part in parts for one in make(part))
    assert split == ledger.balances(make(sum(parts)))


MONEY_ONLY = sorted(set(MOVES) - {"earn", "approve"})
BAD: list[Any] = [
    0,
    -1,
    1.0,
    1.5,
    float("nan"),
    float("inf"),
    "1",
    None,
    True,
    ledger.POSTING_MAX + 1,
    10**30,
]


@pytest.mark.parametrize("name", MONEY_ONLY)
@pytest.mark.parametrize("amount", BAD)
def test_what_is_no_amount_is_refused(name: str, amount: Any) -> None:
    make, _, _ = MOVES[name]
    with pytest.raises(BadAmount):
        make(amount)
    assert make(1)
    assert make(ledger.POSTING_MAX)


@pytest.mark.parametrize("currency", ["TIME", "usd", "", "US", "USDT", "ÜSD", "US1"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(BadAmount):
        ledger.bonus(7, 3, 1, currency)


@given(AMOUNTS)
def test_what_is_payable_is_what_moves_in_and_out_of_approved_money(amount: int) -> None:
    found = {
        name: ledger.payable(f"{kind}:1:9", kind, MOVES[name][0](amount))
        for name, kind in {
            "earn": "earning",
            "approve": "approval",
            "topup": "topup",
            "bonus": "bonus",
            "give": "adjustment",
            "take": "adjustment",
            "withhold pending": "withholding",
            "withhold approved": "withholding",
            "release": "release",
            "forfeit": "forfeit",
            "payout": "payout",
            "payment": "payment",
            "return unpaid": "return",
            "return paid": "return",
        }.items()
    }
    moved = {name: (one.amount_micro, one.judgment_id) for name, one in found.items() if one is not None}
    assert moved == {
        "approve": (amount, 9),
        "topup": (amount, None),
        "bonus": (amount, None),
        "give": (amount, None),
        "take": (-amount, None),
        "withhold approved": (-amount, 9),
        "release": (amount, 9),
    }
    assert all((one.person_id, one.currency) == (3, "USD") for one in found.values() if one is not None)


def test_time_alone_is_not_payable() -> None:
    assert ledger.payable("approve:9", "approval", ledger.approval(3, 1000, 0, "USD")) is None
