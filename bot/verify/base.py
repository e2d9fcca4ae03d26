"""What all checks share: entries as they stand in the file, the words for them, and what a file has. It judges nothing."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

SHOWN_MAX = 20
"""Findings shown of each check; the rest are counted."""
HOUR_MS = 3_600_000
GENESIS = "0" * 64
TIME = "TIME"
OFFICE = "office"
STATES = ("pending", "approved", "in_payout", "paid", "withheld")
KINDS = {
    "judgment": "earning",
    "undo": "reversal",
    "approve": "approval",
    "topup": "topup",
    "bonus": "bonus",
    "adjust": "adjustment",
    "withhold": "withholding",
    "release": "release",
    "forfeit": "forfeit",
    "payout": "payout",
    "paid": "payment",
    "return": "return",
}
"""How the key of an entry begins, and the kind that it then is of."""

Check = Callable[[sqlite3.Connection], Iterator[str]]


class Posting(NamedTuple):
    """An amount of an asset that moved."""

    source: str
    destination: str
    amount: int
    asset: str


class Entry(NamedTuple):
    """An entry of the ledger with its postings."""

    id: int
    key: str
    kind: str
    person_id: int | None
    actor: str
    reason: str
    recorded_ms: int
    previous_hash: str
    hash: str
    postings: list[Posting]

    @property
    def name(self) -> str:
        """Name the entry in a finding."""
        return f"entry {self.id} ({self.key})"


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """Read the ledger from its beginning, each entry with its postings in their order."""
    rows = connection.execute("""
        SELECT e.id, e.key, e.kind, e.person_id, e.actor, e.reason, e.recorded_ms, e.previous_hash, e.hash,
            p.source, p.destination, p.amount, p.asset
        FROM entries AS e LEFT JOIN postings AS p ON p.entry_id = e.id ORDER BY e.id, p.line""")
    for head, lines in itertools.groupby(rows, key=lambda row: row[:9]):
        postings = [Posting(*line[9:]) for line in lines if line[9] is not None]
        yield Entry._make([*head, postings])


def say(postings: list[Posting]) -> str:
    """Write postings for people."""
    return ", ".join(f"{p.amount} {p.asset} {p.source} → {p.destination}" for p in postings) or "nothing"


def account(person_id: int, state: str) -> str:
    """Name a student's account."""
    return f"student:{person_id}:{state}"


def tables(connection: sqlite3.Connection) -> set[str]:
    """Name the tables of a file; one that an earlier version wrote has fewer."""
    return {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """Name the columns of a table; none when there is no such table."""
    return {str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")}
