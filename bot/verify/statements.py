"""Weekly statements: each is the sum of the postings of its week, and carries the head that the ledger had when it was closed.

Weeks are worked out anew, from the zone that was written down for each project as the week was closed.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from bot.verify.base import GENESIS, Entry, columns, entries
from bot.verify.topups import zone

NO_PROJECT = 0
OUTSIDE = ""
OF_JUDGMENTS = {"earning", "reversal", "approval", "withholding", "release", "forfeit"}
Sums = dict[tuple[Any, ...], int]


class _Week(NamedTuple):
    """A week that was closed."""

    week: str
    through_id: int
    head_hash: str
    ends: dict[int, int]

    def holds(self, entry: Entry, project: int) -> bool:
        """Tell whether an entry is in this week or in one before it."""
        end = self.ends.get(project)
        return entry.id <= self.through_id and end is not None and entry.recorded_ms < end


class _Statement(NamedTuple):
    """A student's statement of a week."""

    person_id: int
    week: str
    resume_id: int
    content: str
    digest: str


def check_statements(connection: sqlite3.Connection) -> Iterator[str]:
    """Each statement is exactly the postings of its student's week, opens where the one before closed, and bears its digest."""
    if not columns(connection, "statements"):
        return
    weeks = _weeks(connection)
    for week in weeks.values():
        yield from _week(connection, week)
    rows = connection.execute(
        "SELECT person_id, week, resume_id, content, digest FROM statements ORDER BY person_id, week"
    )
    kept = {
        person: list(own)
        for person, own in itertools.groupby(map(_Statement._make, rows), lambda row: row.person_id)
    }
    by_person = _by_person(connection, weeks)
    for person in sorted(kept.keys() | by_person.keys()):
        yield from _of_person(person, kept.get(person, []), by_person.get(person, []), weeks)


def _weeks(connection: sqlite3.Connection) -> dict[str, _Week]:
    ends: dict[str, dict[int, int]] = {}
    for week, project, end in connection.execute("SELECT week, project_id, end_ms FROM statement_bounds"):
        ends.setdefault(week, {})[project] = end
    # A week that is being closed has statements for some students only.
    rows = connection.execute(
        "SELECT week, through_id, head_hash FROM statement_weeks WHERE closed_ms IS NOT NULL ORDER BY week"
    )
    return {week: _Week(week, through, head, ends.get(week, {})) for week, through, head in rows}


def _week(connection: sqlite3.Connection, week: _Week) -> Iterator[str]:
    head = connection.execute("SELECT hash FROM entries WHERE id = ?", (week.through_id,)).fetchone()
    if (head[0] if head else GENESIS) != week.head_hash:
        yield f"week {week.week} was closed under a head that the ledger no longer holds at entry {week.through_id}"
    bounds = connection.execute(
        "SELECT project_id, time_zone, end_ms FROM statement_bounds WHERE week = ?", (week.week,)
    )
    for project, name, end in bounds:
        here = zone(name)
        due = None if here is None else _end_ms(week.week, here)
        if due not in (None, end):
            yield f"week {week.week} of project {project} ends at {end}, where {name} ends it at {due}"


def _end_ms(week: str, here: Any) -> int:
    monday = date.fromisoformat(week) + timedelta(days=7)
    return int(datetime.combine(monday, time(), here).timestamp()) * 1000


def _by_person(connection: sqlite3.Connection, weeks: dict[str, _Week]) -> dict[int, list[tuple[int, Entry]]]:
    """Give each student's entries up to the last week that was closed, each with its project."""
    through = max((week.through_id for week in weeks.values()), default=0)
    projects = dict(connection.execute("SELECT id, project_id FROM judgments").fetchall())
    found: dict[int, list[tuple[int, Entry]]] = {}
    for entry in entries(connection):
        if entry.id > through:
            break
        if entry.person_id is not None:
            found.setdefault(entry.person_id, []).append((_project(entry, projects), entry))
    return found


def _project(entry: Entry, projects: dict[int, int]) -> int:
    last = entry.key.rpartition(":")[2]
    if entry.kind in OF_JUDGMENTS and last.isdigit():
        return projects.get(int(last), NO_PROJECT)
    for posting in entry.postings:
        for name in (posting.source, posting.destination):
            if name.startswith("project:"):
                return int(name.partition(":")[2])
    return NO_PROJECT


def _of_person(
    person: int, kept: list[_Statement], own: list[tuple[int, Entry]], weeks: dict[str, _Week]
) -> Iterator[str]:
    by_week = {row.week: row for row in kept}
    before: dict[str, Sums] = {}
    left = own
    for week in weeks.values():
        inside = [pair for pair in left if week.holds(pair[1], pair[0])]
        left = [pair for pair in left if not week.holds(pair[1], pair[0])]
        row = by_week.pop(week.week, None)
        if row is None:
            if inside:
                yield f"person {person} has no statement of week {week.week}, but {len(inside)} entries in it"
            continue
        before = _sums(person, inside, before)
        written = _written(before)
        if row.content != written:
            yield f"the statement of person {person} for week {week.week} is not what its postings make"
        if row.digest != _digest(row, week, written):
            yield f"the statement of person {person} for week {week.week} does not bear its digest"
        if row.resume_id != min(
            [week.through_id + 1, *(entry.id for _, entry in left if entry.id <= week.through_id)]
        ):
            yield f"the statement of person {person} for week {week.week} resumes at another entry than the first one left"
    for row in by_week.values():
        if row.week <= max(weeks, default=""):
            yield f"the statement of person {person} for week {row.week} is of a week that was not closed"


def _sums(person: int, inside: Iterable[tuple[int, Entry]], before: dict[str, Sums]) -> dict[str, Sums]:
    """Sum up a week after the one before it."""
    counts: Sums = {}
    moved: Sums = {}
    totals = dict(before.get("totals", {}))
    total_counts = dict(before.get("total_counts", {}))
    closing = dict(before.get("closing", {}))
    prefix = f"student:{person}:"
    for project, entry in inside:
        for sums in (counts, total_counts):
            _add(sums, (project, entry.kind), 1)
        for posting in entry.postings:
            source, destination = (
                name.removeprefix(prefix) if name.startswith(prefix) else OUTSIDE
                for name in (posting.source, posting.destination)
            )
            _add(moved, (project, entry.kind, source, destination, posting.asset), posting.amount)
            if OUTSIDE in (source, destination):
                sign = 1 if source == OUTSIDE else -1
                _add(totals, (project, entry.kind, posting.asset), sign * posting.amount)
            for state, amount in ((source, -posting.amount), (destination, posting.amount)):
                if state != OUTSIDE:
                    _add(closing, (state, posting.asset), amount)
    opening = {key: before.get("closing", {}).get(key, 0) for key in closing}
    parts = (counts, moved, opening, closing, totals, total_counts)
    return dict(zip(("counts", "moved", "opening", "closing", "totals", "total_counts"), parts, strict=True))


def _add(sums: Sums, key: tuple[Any, ...], amount: int) -> None:
    sums[key] = sums.get(key, 0) + amount


def _written(parts: dict[str, Sums]) -> str:
    rows = {name: sorted([*key, amount] for key, amount in sums.items()) for name, sums in parts.items()}
    return json.dumps(rows, separators=(",", ":"), sort_keys=True)


def _digest(row: _Statement, week: _Week, written: str) -> str:
    fields = [row.person_id, week.week, week.through_id, week.head_hash, written]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()
