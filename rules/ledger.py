"""The ledger's pure part: postings, what an event moves, and the hash that chains an entry to the one before it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Literal

TIME = "TIME"
"""The asset of hours, in milliseconds. Every other asset is a currency, in millionths."""
STUDENT_STATES = ("pending", "approved", "in_payout", "paid", "withheld")
"""What a student earned passes through these accounts."""
OFFICE = "office"
"""The account of corrections that no project pays."""
KINDS = frozenset(
    {
        "earning",
        "reversal",
        "approval",
        "topup",
        "bonus",
        "adjustment",
        "withholding",
        "release",
        "forfeit",
        "payout",
        "payment",
        "return",
    }
)
POSTING_MAX = 10**15
"""The largest amount of one posting: a thousand million units of money. Nine thousand such postings fit a balance."""
GENESIS = "0" * 64


@dataclasses.dataclass(frozen=True, slots=True)
class Posting:
    """An amount of an asset that moves from one account to another; so it balances by construction."""

    source: str
    destination: str
    amount: int
    asset: str

    def reversed(self) -> Posting:
        """Give the posting that takes this one back."""
        return Posting(self.destination, self.source, self.amount, self.asset)


def project_account(project_id: int) -> str:
    """Name the account that a project's pay and time come from."""
    return f"project:{project_id}"


def student_account(person_id: int, state: str) -> str:
    """Name a student's account; `state` is one of STUDENT_STATES."""
    return f"student:{person_id}:{state}"


def earning(
    project_id: int, person_id: int, credited_ms: int, amount_micro: int, currency: str
) -> list[Posting]:
    """Post the time and the money of one judgment to a student's pending account. Nothing earned moves nothing."""
    return _time_and_money(
        project_account(project_id),
        student_account(person_id, "pending"),
        credited_ms,
        amount_micro,
        currency,
    )


def approval(person_id: int, credited_ms: int, amount_micro: int, currency: str) -> list[Posting]:
    """Move the time and the money of one judgment from pending to approved. `amount_micro`: 0 when the money was withheld before."""
    return _time_and_money(
        student_account(person_id, "pending"),
        student_account(person_id, "approved"),
        credited_ms,
        amount_micro,
        currency,
    )


def _time_and_money(
    source: str, destination: str, credited_ms: int, amount_micro: int, currency: str
) -> list[Posting]:
    both = [
        Posting(source, destination, amount_micro, currency),
        Posting(source, destination, credited_ms, TIME),
    ]
    return [posting for posting in both if posting.amount > 0]


class BadAmount(ValueError):
    """This is no amount that the ledger can move; it takes whole millionths above zero, of a currency."""


def _move(source: str, destination: str, amount_micro: int, currency: str) -> list[Posting]:
    """Move money, and money only. Raise BadAmount for anything but whole millionths above zero and within bounds, of a currency."""
    if type(amount_micro) is not int or not 0 < amount_micro <= POSTING_MAX:
        raise BadAmount(f"The ledger cannot move {amount_micro!r}; it moves 1 to {POSTING_MAX:,} millionths.")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        raise BadAmount(
            f"The ledger cannot move {currency!r}; it moves a currency, by three capital letters."
        )
    return [Posting(source, destination, amount_micro, currency)]


def topup(project_id: int, person_id: int, amount_micro: int, currency: str) -> list[Posting]:
    """Pay a student what a week's items lacked to their project's hourly floor."""
    return _move(project_account(project_id), student_account(person_id, "approved"), amount_micro, currency)


def bonus(project_id: int, person_id: int, amount_micro: int, currency: str) -> list[Posting]:
    """Pay a student something extra from a project."""
    return _move(project_account(project_id), student_account(person_id, "approved"), amount_micro, currency)


def adjustment(person_id: int, amount_micro: int, currency: str, *, gives: bool) -> list[Posting]:
    """Correct what a student is owed: to them from the office (`gives`), or from them to it."""
    approved = student_account(person_id, "approved")
    source, destination = (OFFICE, approved) if gives else (approved, OFFICE)
    return _move(source, destination, amount_micro, currency)


def withholding(
    person_id: int, amount_micro: int, currency: str, *, held_in: Literal["pending", "approved"]
) -> list[Posting]:
    """Hold back the pay of a judgment. `held_in`: where it lies until now."""
    source, destination = student_account(person_id, held_in), student_account(person_id, "withheld")
    return _move(source, destination, amount_micro, currency)


def release(person_id: int, amount_micro: int, currency: str) -> list[Posting]:
    """Give pay that was held back to its student after all."""
    source, destination = student_account(person_id, "withheld"), student_account(person_id, "approved")
    return _move(source, destination, amount_micro, currency)


def forfeit(project_id: int, person_id: int, amount_micro: int, currency: str) -> list[Posting]:
    """Give pay that was held back to its project for good."""
    return _move(student_account(person_id, "withheld"), project_account(project_id), amount_micro, currency)


def payout(person_id: int, amount_micro: int, currency: str) -> list[Posting]:
    """Put a student's approved money into a batch."""
    source, destination = student_account(person_id, "approved"), student_account(person_id, "in_payout")
    return _move(source, destination, amount_micro, currency)


def payment(person_id: int, amount_micro: int, currency: str) -> list[Posting]:
    """Note that a batch's money reached a student."""
    source, destination = student_account(person_id, "in_payout"), student_account(person_id, "paid")
    return _move(source, destination, amount_micro, currency)


def payment_return(
    person_id: int, amount_micro: int, currency: str, *, held_in: Literal["in_payout", "paid"]
) -> list[Posting]:
    """Note that a batch's money came back, or never left. `held_in`: how far it had got."""
    source, destination = student_account(person_id, held_in), student_account(person_id, "approved")
    return _move(source, destination, amount_micro, currency)


@dataclasses.dataclass(frozen=True, slots=True)
class Payable:
    """What an entry adds to a student's approved money, or takes from it (below zero), for payouts to pick up."""

    person_id: int
    currency: str
    amount_micro: int
    judgment_id: int | None


def payable(key: str, kind: str, postings: Iterable[Posting]) -> Payable | None:
    """Tell what an entry makes payable; None for what moves no approved money, and for payouts and returns, which move it as a whole."""
    if kind in ("earning", "payout", "payment", "return"):
        return None
    for (account, asset), amount in balances(postings).items():
        owner, _, state = account.removeprefix("student:").partition(":")
        if state == "approved" and asset != TIME and amount:
            about = key.rpartition(":")[2] if kind in _OF_JUDGMENTS else ""
            return Payable(int(owner), asset, amount, int(about) if about else None)
    return None


_OF_JUDGMENTS = ("approval", "withholding", "release")
"""Entries whose keys end with a judgment's id."""


def balances(postings: Iterable[Posting]) -> dict[tuple[str, str], int]:
    """Sum postings into (account, asset) → amount. Over all accounts each asset sums to zero."""
    sums: dict[tuple[str, str], int] = {}
    for posting in postings:
        for account, amount in ((posting.source, -posting.amount), (posting.destination, posting.amount)):
            sums[account, posting.asset] = sums.get((account, posting.asset), 0) + amount
    return sums


def chain_hash(
    previous_hash: str,
    key: str,
    kind: str,
    actor: str,
    reason: str,
    recorded_ms: int,
    postings: Sequence[Posting],
) -> str:
    """Hash an entry with the hash before it: SHA-256 of a canonical JSON list, in hex."""
    lines = [[p.source, p.destination, p.amount, p.asset] for p in postings]
    fields = [previous_hash, key, kind, actor, reason, recorded_ms, lines]
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
