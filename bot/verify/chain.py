"""The ledger as such: the chain of hashes, sums per asset and entry, kept balances, and no student's account ever below zero."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator

from bot.verify.base import GENESIS, OFFICE, STATES, TIME, Entry, columns, entries

_CANONICAL = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def check_chain(connection: sqlite3.Connection) -> Iterator[str]:
    """Each entry's hash covers its content and the hash before it, so none was changed, removed or put between."""
    previous = GENESIS
    for entry in entries(connection):
        if entry.previous_hash != previous:
            yield f"{entry.name} does not follow the entry before it"
        if _hash(entry) != entry.hash:
            yield f"{entry.name} was changed after it was written"
        previous = entry.hash
    lost = (
        "SELECT p.entry_id FROM postings AS p LEFT JOIN entries AS e ON e.id = p.entry_id WHERE e.id IS NULL"
    )
    for (number,) in connection.execute(lost):
        yield f"a posting belongs to entry {number}, which is not there"
    torn = "SELECT entry_id FROM postings GROUP BY entry_id HAVING MIN(line) <> 1 OR MAX(line) <> COUNT(*)"
    for (number,) in connection.execute(torn):
        yield f"the postings of entry {number} are not numbered from 1 on"


def _hash(entry: Entry) -> str:
    content = [
        entry.previous_hash,
        entry.key,
        entry.kind,
        entry.actor,
        entry.reason,
        entry.recorded_ms,
        entry.postings,
    ]
    return hashlib.sha256(_CANONICAL.encode(content).encode("ascii")).hexdigest()


def check_balances(connection: sqlite3.Connection) -> Iterator[str]:
    """Every asset sums to zero over all accounts and within each entry, no key is there twice, accounts are such as the books know, and
    no student's account falls below zero at any entry."""
    sums: dict[tuple[str, str], int] = {}
    low: set[tuple[str, str]] = set()
    keys: set[str] = set()
    for entry in entries(connection):
        if entry.key in keys:
            yield f"{entry.key} is in the ledger more than once"
        keys.add(entry.key)
        yield from _moves(entry)
        for source, destination, amount, asset in entry.postings:
            sums[destination, asset] = sums.get((destination, asset), 0) + amount
            left = sums[source, asset] = sums.get((source, asset), 0) - amount
            if left < 0 and source.startswith("student:") and (source, asset) not in low:
                low.add((source, asset))
                yield f"{source} holds {left} {asset} after {entry.name}"
    for asset, total in _totals(sums).items():
        if total:
            yield f"{asset} does not sum to zero over all accounts but to {total}"
    yield from _unlike_the_kept(connection, sums)


def _totals(sums: dict[tuple[str, str], int]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for (_, asset), amount in sums.items():
        totals[asset] = totals.get(asset, 0) + amount
    return totals


def _moves(entry: Entry) -> Iterator[str]:
    """See that each posting moves something that can be moved, between accounts that there are."""
    seen = set()
    for source, destination, amount, asset in entry.postings:
        if type(amount) is not int or amount <= 0 or source == destination:
            yield f"{entry.name} moves {amount} {asset} from {source} to {destination}"
        if asset != TIME and not (
            len(asset) == 3 and asset.isascii() and asset.isalpha() and asset.isupper()
        ):
            yield f"{entry.name} moves {asset!r}, which is no currency"
        if asset in seen:
            yield f"{entry.name} moves {asset} more than once"
        seen.add(asset)
        for name in (source, destination):
            if not _is_account(name):
                yield f"{entry.name} names the account {name!r}, which cannot be"


def _is_account(name: str) -> bool:
    kind, _, rest = name.partition(":")
    number, _, state = rest.partition(":")
    if kind == "student":
        return number.isascii() and number.isdigit() and state in STATES
    return name == OFFICE or (kind == "project" and rest.isascii() and rest.isdigit())


def _unlike_the_kept(connection: sqlite3.Connection, sums: dict[tuple[str, str], int]) -> Iterator[str]:
    """Hold the kept balances against the sums of the postings."""
    if not columns(connection, "balances"):
        return
    kept = {
        (account, asset): amount
        for account, asset, amount in connection.execute("SELECT account, asset, amount FROM balances")
    }
    for account, asset in sorted(kept.keys() | sums.keys()):
        said, true = kept.get((account, asset)), sums.get((account, asset), 0)
        if said != true:
            yield f"{account} is kept as {said} {asset}, but its postings make {true}"
