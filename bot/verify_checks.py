"""The checks that prove the books, each a question to the database that gives a sentence for whatever is wrong.

Nothing here is shared with the code that keeps the ledger: what an entry must hold is worked out anew, from the
judgments alone. The standard library only; nothing is written.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

SHOWN_MAX = 20
"""Findings shown of each check; the rest are counted."""
HOUR_MS = 3_600_000
GENESIS = "0" * 64
TIME = "TIME"
GUARDS = {f"{table}_no_{verb}" for table in ("entries", "postings", "audit") for verb in ("update", "delete")}
MOVES = """
    SELECT destination AS account, asset, amount FROM postings
    UNION ALL SELECT source, asset, -amount FROM postings"""

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


class Judgment(NamedTuple):
    """What the ledger must say of a judgment."""

    id: int
    person_id: int
    project_id: int
    credited_ms: int
    amount_micro: int
    currency: str
    approved_ms: int | None
    undone_ms: int | None


def check_file(connection: sqlite3.Connection) -> Iterator[str]:
    """The engine finds its own file whole, every reference leads somewhere, and the guards stand."""
    for (line,) in connection.execute(f"PRAGMA integrity_check({SHOWN_MAX})"):
        if line != "ok":
            yield f"the file is damaged: {line}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row} points to something in {parent} that is not there"
    triggers = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for name in sorted(GUARDS - triggers):
        yield f"the guard {name} that keeps the ledger append-only is gone"


def check_chain(connection: sqlite3.Connection) -> Iterator[str]:
    """Each entry's hash covers its content and the hash before it, so none was changed, removed or put between."""
    previous = GENESIS
    for entry in _entries(connection):
        if entry.previous_hash != previous:
            yield f"entry {entry.id} ({entry.key}) does not follow the entry before it"
        if _hash(entry) != entry.hash:
            yield f"entry {entry.id} ({entry.key}) was changed after it was written"
        previous = entry.hash


def _hash(entry: Entry) -> str:
    lines = [list(posting) for posting in entry.postings]
    content = [
        entry.previous_hash,
        entry.key,
        entry.kind,
        entry.actor,
        entry.reason,
        entry.recorded_ms,
        lines,
    ]
    canonical = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    rows = connection.execute("""
        SELECT e.id, e.key, e.kind, e.person_id, e.actor, e.reason, e.recorded_ms, e.previous_hash, e.hash,
            p.source, p.destination, p.amount, p.asset
        FROM entries AS e LEFT JOIN postings AS p ON p.entry_id = e.id ORDER BY e.id, p.line""")
    for head, lines in itertools.groupby(rows, key=lambda row: row[:9]):
        postings = [Posting(*line[9:]) for line in lines if line[9] is not None]
        yield Entry._make([*head, postings])


def check_balances(connection: sqlite3.Connection) -> Iterator[str]:
    """Every asset sums to zero over all accounts, and no student's account is below zero."""
    for asset, total in connection.execute(
        f"SELECT asset, SUM(amount) FROM ({MOVES}) GROUP BY asset"  # noqa: S608
    ):
        if total:
            yield f"{asset} does not sum to zero over all accounts but to {total}"
    below = f"""
        SELECT account, asset, SUM(amount) AS total FROM ({MOVES})
        WHERE account LIKE 'student:%' GROUP BY account, asset HAVING total < 0"""  # noqa: S608
    for account, asset, total in connection.execute(below):
        yield f"{account} holds {total} {asset}"
    for (key,) in connection.execute("SELECT key FROM entries GROUP BY key HAVING COUNT(*) > 1"):
        yield f"{key} is in the ledger more than once"


def check_entries(connection: sqlite3.Connection) -> Iterator[str]:
    """Each entry moves exactly what its judgment says, from and to the right accounts."""
    for entry in _entries(connection):
        name, _, number = entry.key.partition(":")
        row = connection.execute(
            "SELECT id, person_id, project_id, credited_ms, amount_micro, currency, approved_ms, undone_ms "
            "FROM judgments WHERE id = ?",
            (number,),
        ).fetchone()
        if KINDS.get(name) != entry.kind:
            yield f"entry {entry.id} ({entry.key}) is of the kind {entry.kind!r}, which no event makes"
        elif row is None:
            yield f"entry {entry.id} ({entry.key}) is about a judgment that is not there"
        else:
            yield from _compare(entry, Judgment(*row))


KINDS = {"judgment": "earning", "undo": "reversal", "approve": "approval"}


def _compare(entry: Entry, judgment: Judgment) -> Iterator[str]:
    expected = _expected(entry.kind, judgment)
    if sorted(entry.postings) != sorted(expected):
        moved, owed = _say(entry.postings), _say(expected)
        yield f"entry {entry.id} ({entry.key}) moves {moved}, where judgment {judgment.id} calls for {owed}"
    if entry.person_id != judgment.person_id:
        yield f"entry {entry.id} ({entry.key}) names person {entry.person_id}, not {judgment.person_id}"
    if entry.kind == "reversal" and judgment.undone_ms is None:
        yield f"entry {entry.id} takes back judgment {judgment.id}, which was not undone"
    if entry.kind == "approval" and (judgment.approved_ms is None or judgment.undone_ms is not None):
        yield f"entry {entry.id} approves judgment {judgment.id}, which is undone or not approved"


def _expected(kind: str, judgment: Judgment) -> list[Posting]:
    project = f"project:{judgment.project_id}"
    pending, approved = (f"student:{judgment.person_id}:{state}" for state in ("pending", "approved"))
    source, destination = {
        "earning": (project, pending),
        "reversal": (pending, project),
        "approval": (pending, approved),
    }[kind]
    both = ((judgment.amount_micro, judgment.currency), (judgment.credited_ms, TIME))
    return [Posting(source, destination, amount, asset) for amount, asset in both if amount > 0]


def _say(postings: list[Posting]) -> str:
    return ", ".join(f"{p.amount} {p.asset} {p.source} → {p.destination}" for p in postings) or "nothing"


def check_judgments(connection: sqlite3.Connection) -> Iterator[str]:
    """No judgment is without its earning, no undone one without its reversal, no approval without its entry."""
    for name, condition, words in (
        ("judgment", "1 = 1", "is not in the ledger"),
        ("undo", "j.undone_ms IS NOT NULL", "was undone, but its pay was not taken back"),
        ("approve", "j.approved_ms IS NOT NULL", "is marked approved, but its pay was not approved"),
    ):
        sql = f"""
            SELECT j.id FROM judgments AS j LEFT JOIN entries AS e ON e.key = :name || ':' || j.id
            WHERE {condition} AND e.id IS NULL ORDER BY j.id"""  # noqa: S608
        rows = connection.execute(sql, {"name": name})
        for (judgment_id,) in rows:
            yield f"judgment {judgment_id} {words}"


def check_pay(connection: sqlite3.Connection) -> Iterator[str]:
    """Credited time is within the cap and the clock, and pay is credited time at the rate that was told."""
    rows = connection.execute("""
        SELECT j.id, j.credited_ms, j.answered_ms - j.shown_ms, j.amount_micro, j.currency,
            a.cap_ms, a.rate_micro, a.currency,
            j.person_id = a.person_id AND j.item_id = a.item_id AND j.project_id = a.project_id AND j.use = a.use
        FROM judgments AS j JOIN assignments AS a ON a.token = j.token ORDER BY j.id""")
    for number, credited, elapsed, amount, currency, cap, rate, agreed, fits in rows:
        if credited > cap:
            yield f"judgment {number} is credited {credited} ms, above its cap of {cap} ms"
        if credited > max(elapsed, 0):
            yield f"judgment {number} is credited {credited} ms, but only {elapsed} ms went by"
        if (amount, currency) != (_pay(credited, rate), agreed):
            due = f"{_pay(credited, rate)} {agreed}"
            yield f"judgment {number} pays {amount} {currency}, where {credited} ms at its rate make {due}"
        if not fits:
            yield f"judgment {number} does not belong to the assignment that it answers"


def _pay(credited_ms: int, rate_micro: int) -> int:
    """Give the pay in millionths, to the nearest, halves to even."""
    doubled = 2 * credited_ms * rate_micro
    whole, rest = divmod(doubled + HOUR_MS, 2 * HOUR_MS)
    return whole - (1 if rest == 0 and whole % 2 else 0)


def check_clock(connection: sqlite3.Connection) -> Iterator[str]:
    """Nobody is credited more time than went by: over every stretch in which their items touch or overlap."""
    rows = connection.execute("""
        SELECT person_id, shown_ms, answered_ms, credited_ms FROM judgments
        WHERE undone_ms IS NULL ORDER BY person_id, shown_ms, answered_ms""")
    for person_id, own in itertools.groupby(rows, key=lambda row: row[0]):
        begin = end = credited = 0
        for _, shown, answered, milliseconds in own:
            if shown > end:
                begin, credited = shown, 0
            end = max(end, answered, shown)
            credited += milliseconds
            if credited > end - begin:
                yield f"person {person_id} is credited {credited} ms within {end - begin} ms from {begin} on"
                break


def check_sums(connection: sqlite3.Connection) -> Iterator[str]:
    """The sums kept for the cards are those of the live judgments."""
    rows = connection.execute("""
        SELECT person_id, currency, SUM(kept_ms), SUM(kept), SUM(live_ms), SUM(live) FROM (
            SELECT person_id, currency, credited_ms AS kept_ms, amount_micro AS kept, 0 AS live_ms, 0 AS live FROM earned
            UNION ALL
            SELECT person_id, currency, 0, 0, credited_ms, amount_micro FROM judgments WHERE undone_ms IS NULL)
        GROUP BY person_id, currency""")
    for person_id, currency, kept_ms, kept, live_ms, live in rows:
        if (kept_ms, kept) != (live_ms, live):
            yield f"student {person_id}: cards sum {kept_ms} ms and {kept} {currency}, the judgments {live_ms} ms and {live}"


def check_overlap(connection: sqlite3.Connection) -> Iterator[str]:
    """No item has more judgments than its project asks for, and nobody met a work or gold item twice."""
    # A lowered overlap leaves earlier judgments standing; it binds the items that were handed out after it.
    rows = connection.execute("""
        SELECT j.item_id, r.slug, COUNT(*) AS judged, json_extract(r.definition, '$.quality.overlap[1]') AS most
        FROM judgments AS j JOIN projects AS r ON r.id = j.project_id
        WHERE j.use = 'work' AND j.undone_ms IS NULL
        GROUP BY j.item_id
        HAVING judged > most AND MAX(j.shown_ms) > COALESCE(
            (SELECT MAX(done_ms) FROM audit WHERE subject = 'project:' || r.id
                AND deed = 'changed project' AND detail LIKE '%quality%'), -1)""")
    for item_id, slug, judged, most in rows:
        yield f"item {item_id} of {slug} has {judged} judgments; at most {most} were asked for"
    for name, table, condition in (
        ("judged", "judgments", "AND undone_ms IS NULL"),
        ("was given", "assignments", ""),
    ):
        twice = connection.execute(
            f"SELECT person_id, item_id, COUNT(*) AS times FROM {table} "  # noqa: S608
            f"WHERE use IN ('work', 'gold') {condition} GROUP BY person_id, item_id HAVING times > 1"
        )
        for person_id, item_id, times in twice:
            yield f"person {person_id} {name} item {item_id} {times} times"


CHECKS: tuple[Check, ...] = (
    check_file,
    check_chain,
    check_balances,
    check_entries,
    check_judgments,
    check_pay,
    check_clock,
    check_sums,
    check_overlap,
)
