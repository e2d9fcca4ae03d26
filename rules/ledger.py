"""The ledger's pure part: postings, what an event moves, and the hash that chains an entry to the one before it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence

TIME = "TIME"
"""The asset of hours, in milliseconds. Every other asset is a currency, in millionths."""
STUDENT_STATES = ("pending", "approved", "paid")
"""What a student earned passes through these accounts."""
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
    source, destination = project_account(project_id), student_account(person_id, "pending")
    both = [
        Posting(source, destination, amount_micro, currency),
        Posting(source, destination, credited_ms, TIME),
    ]
    return [posting for posting in both if posting.amount > 0]


def approval(person_id: int, credited_ms: int, amount_micro: int, currency: str) -> list[Posting]:
    """Move the time and the money of one judgment from pending to approved."""
    source, destination = student_account(person_id, "pending"), student_account(person_id, "approved")
    both = [
        Posting(source, destination, amount_micro, currency),
        Posting(source, destination, credited_ms, TIME),
    ]
    return [posting for posting in both if posting.amount > 0]


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
