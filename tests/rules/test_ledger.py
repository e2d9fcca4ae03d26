"""The ledger's pure part: it balances by construction, can be taken back, and shows every change."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules import ledger
from rules.ledger import Posting

ACCOUNTS = st.sampled_from(["project:1", "student:1:pending", "student:1:approved", "student:12:pending"])
POSTINGS = st.builds(
    Posting, ACCOUNTS, ACCOUNTS, st.integers(1, 2**60), st.sampled_from(["USD", "EUR", ledger.TIME])
)
LISTS = st.lists(POSTINGS, max_size=10)
AMOUNTS = st.integers(0, 2**50)


@given(LISTS)
def test_every_asset_sums_to_zero(postings: list[Posting]) -> None:
    totals: dict[str, int] = {}
    for (_, asset), amount in ledger.balances(postings).items():
        totals[asset] = totals.get(asset, 0) + amount
    assert not any(totals.values())


@given(LISTS)
def test_a_reversal_leaves_nothing_behind(postings: list[Posting]) -> None:
    both = [*postings, *(posting.reversed() for posting in postings)]
    assert not any(ledger.balances(both).values())
    assert [posting.reversed().reversed() for posting in postings] == postings


@given(LISTS)
def test_a_balance_is_what_came_in_less_what_went_out(postings: list[Posting]) -> None:
    for (account, asset), amount in ledger.balances(postings).items():
        mine = [posting for posting in postings if posting.asset == asset]
        came = sum(posting.amount for posting in mine if posting.destination == account)
        assert amount == came - sum(posting.amount for posting in mine if posting.source == account)


@given(AMOUNTS, AMOUNTS)
def test_what_is_earned_is_pending_and_then_approved(credited_ms: int, amount_micro: int) -> None:
    earned = ledger.earning(7, 3, credited_ms, amount_micro, "USD")
    approved = ledger.approval(3, credited_ms, amount_micro, "USD")
    assert all(posting.amount > 0 for posting in earned + approved), "nothing moves nothing"
    sums = ledger.balances(earned + approved)
    assert sums.get(("project:7", "USD"), 0) == -amount_micro
    assert sums.get(("project:7", "TIME"), 0) == -credited_ms
    assert sums.get(("student:3:pending", "USD"), 0) == sums.get(("student:3:pending", "TIME"), 0) == 0
    assert sums.get(("student:3:approved", "USD"), 0) == amount_micro
    assert sums.get(("student:3:approved", "TIME"), 0) == credited_ms


ENTRIES = st.fixed_dictionaries(
    {
        "previous_hash": st.text("0123456789abcdef", min_size=64, max_size=64),
        "key": st.text(max_size=20),
        "kind": st.sampled_from(["earning", "reversal", "approval"]),
        "actor": st.text(max_size=10),
        "reason": st.text(max_size=10),
        "recorded_ms": st.integers(0, 2**53),
        "postings": LISTS,
    }
)


@given(ENTRIES, ENTRIES)
def test_any_change_of_an_entry_is_another_hash(entry: dict[str, Any], other: dict[str, Any]) -> None:
    whole = ledger.chain_hash(**entry)
    assert whole == ledger.chain_hash(**entry)
    assert len(whole) == 64
    for name, value in other.items():
        changed = ledger.chain_hash(**{**entry, name: value})
        assert (changed == whole) == (value == entry[name])


@given(ENTRIES, st.lists(POSTINGS, min_size=1, max_size=5))
def test_any_change_of_a_posting_is_another_hash(entry: dict[str, Any], postings: list[Posting]) -> None:
    entry["postings"] = postings
    whole, first = ledger.chain_hash(**entry), postings[0]
    for changed in (
        dataclasses.replace(first, amount=first.amount + 1),
        dataclasses.replace(first, asset="GBP"),
        dataclasses.replace(first, source="project:9"),
        dataclasses.replace(first, destination="project:9"),
    ):
        assert ledger.chain_hash(**{**entry, "postings": [changed, *postings[1:]]}) != whole
    assert ledger.chain_hash(**{**entry, "postings": postings[1:]}) != whole


def test_words_cannot_move_from_one_field_to_the_next() -> None:
    one = ledger.chain_hash("", "ab", "c", "", "", 0, [])
    assert one != ledger.chain_hash("", "a", "bc", "", "", 0, [])
    assert one != ledger.chain_hash("", 'ab","c', "", "", "", 0, [])
