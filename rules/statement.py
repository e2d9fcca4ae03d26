"""Weekly statements, pure: where weeks begin and end, which entries belong to one, what it carries, and the text that is hashed.

A statement holds the postings of one student's week and nothing else: each balance at its end is the one at its beginning plus what came in
less what went out. Nothing here looks anything up.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from rules import calendar
from rules.credit import DAY_MS
from rules.ledger import Posting

OFFICE = 0
"""Stands for no project in particular: payouts, and corrections by the office. Its weeks are those of UTC."""
OUTSIDE = ""
"""Where money comes from and goes to that lies in none of the student's accounts."""
EASTERNMOST_MS = 14 * 60 * 60 * 1000
"""No zone is farther ahead of UTC; before this much is left of a week, it has ended nowhere."""
Key = TypeVar("Key", bound=tuple[Any, ...])
WEEK = datetime.timedelta(days=7)


def week_of(at_ms: int, time_zone: str) -> str:
    """Name the week of a moment by the date of its Monday: "2023-11-20"."""
    here = calendar.local(at_ms, time_zone).date()
    week = (here - datetime.timedelta(days=here.weekday())).isoformat()
    # Where clocks go back over midnight, it is Sunday again after Monday has begun.
    while at_ms >= start_ms(following(week), time_zone):
        week = following(week)
    return week


def start_ms(week: str, time_zone: str) -> int:
    """Give the midnight that begins a week in a zone; it ends where the following one begins, after 167, 168 or 169 hours."""
    monday = datetime.date.fromisoformat(week)
    return (
        int(datetime.datetime.combine(monday, datetime.time(), calendar.zone(time_zone)).timestamp()) * 1000
    )


def following(week: str, count: int = 1) -> str:
    """Name the week that comes so many weeks later."""
    return (datetime.date.fromisoformat(week) + count * WEEK).isoformat()


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """An entry about one student. `project_id`: which project it concerns, or OFFICE; `judgment_id`: which answer, if one."""

    id: int
    kind: str
    project_id: int
    judgment_id: int | None
    recorded_ms: int
    reason: str
    postings: tuple[Posting, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Week:
    """A week at its closing. `through_id`: the newest entry then; `ends`: project to the moment at which the week ended there."""

    week: str
    through_id: int
    head_hash: str
    ends: Mapping[int, int]

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry is in this week or in one before it. Its statement is that of the first week of which this is true.

        What is booked later than the closing, by a clock that was set back, falls into the next one: a closed statement never changes.
        """
        end_ms = self.ends.get(entry.project_id)
        return entry.id <= self.through_id and end_ms is not None and entry.recorded_ms < end_ms


Moved = dict[tuple[int, str, str, str, str], int]
"""(project, kind, from, to, asset) → amount; from and to are states of the student's, or OUTSIDE."""
Counted = dict[tuple[int, str], int]
"""(project, kind) → entries."""
Held = dict[tuple[str, str], int]
"""(state, asset) → amount."""
Totals = dict[tuple[int, str, str], int]
"""(project, kind, asset) → what the student got since the beginning, below zero for what was taken."""


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """What a statement carries. `totals` and `total_counts` run since the student's first entry."""

    counts: Counted
    moved: Moved
    opening: Held
    closing: Held
    totals: Totals
    total_counts: Counted

    @property
    def earned(self) -> Totals:
        """What the student got in this week alone, by project, kind and asset."""
        return _got(self.moved)


def told_ms(entry: Entry) -> int:
    """Give the moment of an entry as its student may read it: of an approval only the day, in UTC.

    Gold is approved in the very moment of the work item after it, which would tell which items it was.
    """
    return day_ms(entry.recorded_ms) if entry.kind == "approval" else entry.recorded_ms


def day_ms(at_ms: int) -> int:
    """Give the beginning of the day (UTC) that a moment lies in."""
    return at_ms - at_ms % DAY_MS


EMPTY = Content({}, {}, {}, {}, {}, {})


def content(person_id: int, entries: Iterable[Entry], before: Content = EMPTY) -> Content:
    """Sum up the entries of a week after the statement before it."""
    counts: Counted = {}
    moved: Moved = {}
    for entry in entries:
        _add(counts, (entry.project_id, entry.kind), 1)
        for posting in entry.postings:
            source, destination = (
                state_of(account, person_id) for account in (posting.source, posting.destination)
            )
            _add(moved, (entry.project_id, entry.kind, source, destination, posting.asset), posting.amount)
    closing = dict(before.closing)
    for (_project, _kind, source, destination, asset), amount in moved.items():
        _add(closing, (source, asset), -amount)
        _add(closing, (destination, asset), amount)
    closing = {key: amount for key, amount in closing.items() if key[0] != OUTSIDE}
    opening = {key: before.closing.get(key, 0) for key in closing}
    return Content(
        counts, moved, opening, closing, _sum(before.totals, _got(moved)), _sum(before.total_counts, counts)
    )


def state_of(account: str, person_id: int) -> str:
    """Name the state of a student's account; OUTSIDE for any other account."""
    prefix = f"student:{person_id}:"
    return account.removeprefix(prefix) if account.startswith(prefix) else OUTSIDE


def _got(moved: Moved) -> Totals:
    got: Totals = {}
    for (project, kind, source, destination, asset), amount in moved.items():
        if OUTSIDE in (source, destination):
            _add(got, (project, kind, asset), amount if source == OUTSIDE else -amount)
    return got


def _add(sums: dict[Key, int], key: Key, amount: int) -> None:
    sums[key] = sums.get(key, 0) + amount


def _sum(one: Mapping[Key, int], other: Mapping[Key, int]) -> dict[Key, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


PARTS = ("counts", "moved", "opening", "closing", "totals", "total_counts")


def dump(found: Content) -> str:
    """Write a statement's content as canonical JSON: each part a sorted list of rows, the number last."""
    rows = {part: sorted([*key, number] for key, number in getattr(found, part).items()) for part in PARTS}
    return json.dumps(rows, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def load(text: str) -> Content:
    """Read what `dump` wrote."""
    raw = json.loads(text)
    return Content(*({tuple(row[:-1]): row[-1] for row in raw[part]} for part in PARTS))


def digest(person_id: int, week: str, through_id: int, head_hash: str, written: str) -> str:
    """Fingerprint a statement: SHA-256 of a canonical JSON list of these five, in hex. `written`: what `dump` gave."""
    fields = [person_id, week, through_id, head_hash, written]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


_JUDGMENT_LAST = frozenset({"approval", "withholding", "release", "forfeit", "earning", "reversal"})


def judgment_of(kind: str, key: str) -> int | None:
    """Read from an entry's key which answer it is about; None where it is about none."""
    last = key.rpartition(":")[2]
    return int(last) if kind in _JUDGMENT_LAST and last.isdigit() else None


def project_of(postings: Sequence[Posting]) -> int | None:
    """Read from an entry's postings which project pays or gets back; None where none does."""
    for posting in postings:
        for account in (posting.source, posting.destination):
            if account.startswith("project:"):
                return int(account.removeprefix("project:"))
    return None
