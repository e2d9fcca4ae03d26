"""Weekly statements: closing a week once for each student, and reading what was closed and what is still open.

What belongs to a week is decided by `rules.statement`; a closed statement is never changed, and what is booked late falls into the next.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections import defaultdict

from actions import deliveries, people
from actions.people import Visitor
from rules import statement
from rules.credit import DAY_MS
from rules.ledger import GENESIS, Posting
from rules.statement import EASTERNMOST_MS, EMPTY, OFFICE, Content, Entry, Week
from storage.tx import Tx

PEOPLE_A_RUN = 5
"""Students whose week is closed in one transaction: a busy week is thousands of entries, and taps wait for it."""
WEEKS_A_PAGE = 8
NOTICE = "statement"
"""The kind of notice that brings a statement."""
_AFTER_ALL = "9999-12-27"
_NO_END_MS = 2**62


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """A student's closed week. `projects`: their titles and zones by id, as the zones were at the closing."""

    week: str
    through_id: int
    head_hash: str
    digest: str
    closed_ms: int
    content: Content
    projects: dict[int, Named]


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """A project on a statement. `end_ms`: when the week ended there."""

    title: str
    time_zone: str
    end_ms: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class OpenWeek:
    """What is in no statement yet, of one week."""

    week: str
    content: Content
    projects: dict[int, Named]


@dataclasses.dataclass(frozen=True, slots=True)
class Weeks:
    """A student's weeks, newest first: open ones, on the first page, and closed ones. `before` leads to the next page."""

    open: list[OpenWeek]
    closed: list[Statement]
    before: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Week:
    week: str
    through_id: int
    head_hash: str
    person_cursor: int
    closed_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Head:
    id: int
    hash: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Bound:
    project_id: int
    time_zone: str
    end_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Project:
    id: int
    title: str
    definition: str

    @property
    def time_zone(self) -> str:
        """Where its weeks begin; read without checking the whole definition, since this is asked often."""
        return str(json.loads(self.definition)["pay"].get("time_zone") or "UTC")


@dataclasses.dataclass(frozen=True, slots=True)
class _Person:
    id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    id: int
    key: str
    kind: str
    recorded_ms: int
    reason: str
    source: str | None
    destination: str | None
    amount: int | None
    asset: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Of:
    id: int
    project_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Stored:
    person_id: int
    week: str
    through_id: int
    head_hash: str
    resume_id: int
    content: str
    digest: str
    closed_ms: int


def close_due(tx: Tx) -> int:
    """Close the oldest week that has ended in every zone, for some students at a time. Return how much was done, 0 when nothing is due."""
    newest = tx.one("statements.newest_week", _Week)
    if newest is None or newest.closed_ms is not None:
        return _open_week(tx, newest.week if newest else None)
    week = _week(tx, newest)
    found = tx.all(
        "statements.people",
        _Person,
        cursor=newest.person_cursor,
        through_id=newest.through_id,
        most=PEOPLE_A_RUN,
    )
    tells = _ends_ms(tx, statement.following(week.week)) > tx.now_ms
    for person in found:
        if _close(tx, person.id, week) and tells:
            notice = {"kind": NOTICE, "week": week.week}
            deliveries.enqueue(
                tx, person_id=person.id, key=f"statement:{week.week}:{person.id}", notice=notice
            )
    if found:
        tx.run("statements.note_reached", week=week.week, person_id=found[-1].id)
    if len(found) < PEOPLE_A_RUN:
        tx.run("statements.close_week", week=week.week, now_ms=tx.now_ms)
    return len(found) + 1


def _open_week(tx: Tx, last: str | None) -> int:
    """Write down where the next week ends and which entry is the newest, once it has ended everywhere."""
    if last is None:
        first_ms = tx.value("statements.first_entry")
        if first_ms is None:
            return 0
        # A day earlier, since in some zone it was still the week before.
        week = statement.week_of(first_ms - DAY_MS, "UTC")
    else:
        week = statement.following(last)
    if tx.now_ms < statement.start_ms(statement.following(week), "UTC") - EASTERNMOST_MS:
        return 0
    if tx.now_ms < _ends_ms(tx, week):
        return 0
    head = tx.one("statements.head", _Head) or _Head(0, GENESIS)
    tx.run("statements.open_week", week=week, through_id=head.id, head_hash=head.hash, now_ms=tx.now_ms)
    for project_id, zone in _zones(tx).items():
        end_ms = statement.start_ms(statement.following(week), zone)
        tx.run("statements.add_bound", week=week, project_id=project_id, time_zone=zone, end_ms=end_ms)
    return 1


def _zones(tx: Tx) -> dict[int, str]:
    return {OFFICE: "UTC"} | {
        project.id: project.time_zone for project in tx.all("statements.projects", _Project)
    }


def _ends_ms(tx: Tx, week: str) -> int:
    """Tell when a week has ended in every zone that is in use."""
    after = statement.following(week)
    return max(statement.start_ms(after, zone) for zone in set(_zones(tx).values()))


def _week(tx: Tx, row: _Week | _Stored) -> Week:
    ends = {bound.project_id: bound.end_ms for bound in tx.all("statements.bounds", _Bound, week=row.week)}
    return Week(row.week, row.through_id, row.head_hash, ends)


def _close(tx: Tx, person_id: int, week: Week) -> bool:
    before = _newest(tx, person_id)
    every = _entries_after(tx, person_id, before, week.through_id, max(week.ends.values()))
    inside = [entry for entry in every if week.holds(entry)]
    if not inside:
        return False
    written = statement.dump(statement.content(person_id, inside, _content(before)))
    later = tx.value(
        "statements.first_later",
        person_id=person_id,
        from_id=before.resume_id if before else 0,
        through_id=week.through_id,
        before_ms=max(week.ends.values()),
    )
    outside = [entry.id for entry in every if not week.holds(entry)]
    resume_id = min([week.through_id + 1, *outside, *([later] if later else [])])
    digest = statement.digest(person_id, week.week, week.through_id, week.head_hash, written)
    tx.run(
        "statements.add",
        person_id=person_id,
        week=week.week,
        resume_id=resume_id,
        content=written,
        digest=digest,
        now_ms=tx.now_ms,
    )
    return True


def _newest(tx: Tx, person_id: int, before: str = _AFTER_ALL) -> _Stored | None:
    return tx.one("statements.newest", _Stored, person_id=person_id, before=before)


def _content(stored: _Stored | None) -> Content:
    return statement.load(stored.content) if stored else EMPTY


def _entries_after(
    tx: Tx, person_id: int, before: _Stored | None, through_id: int = _NO_END_MS, before_ms: int = _NO_END_MS
) -> list[Entry]:
    """Give a student's entries that a statement and those before it do not hold, in the order of the books."""
    from_id = before.resume_id if before else 0
    rows = tx.all(
        "statements.rows",
        _Row,
        person_id=person_id,
        from_id=from_id,
        through_id=through_id,
        before_ms=before_ms,
    )
    entries = _entries(tx, person_id, rows)
    if before is None:
        return entries
    closed = _week(tx, before)
    return [entry for entry in entries if not closed.holds(entry)]


def _entries(tx: Tx, person_id: int, rows: list[_Row]) -> list[Entry]:
    judged = [found for row in rows if (found := statement.judgment_of(row.kind, row.key)) is not None]
    projects: dict[int, int] = {}
    if judged:
        owners = tx.all(
            "statements.projects_of", _Of, person_id=person_id, least=min(judged), most=max(judged)
        )
        projects = {one.id: one.project_id for one in owners}
    entries = []
    for _id, group in itertools.groupby(rows, key=lambda row: row.id):
        lines = list(group)
        row = lines[0]
        postings = tuple(posting for line in lines if (posting := _posting(line)) is not None)
        judgment_id = statement.judgment_of(row.kind, row.key)
        project_id = projects.get(judgment_id) if judgment_id is not None else statement.project_of(postings)
        entries.append(
            Entry(row.id, row.kind, project_id or OFFICE, judgment_id, row.recorded_ms, row.reason, postings)
        )
    return entries


def _posting(row: _Row) -> Posting | None:
    if row.source is None or row.destination is None or row.amount is None or row.asset is None:
        return None
    return Posting(row.source, row.destination, row.amount, row.asset)


def of(tx: Tx, visitor: Visitor, week: str) -> Statement | None:
    """Give a student's own statement of a week; None when there is none."""
    return of_person(tx, people.known(tx, visitor).id, week)


def of_person(tx: Tx, person_id: int, week: str) -> Statement | None:
    """Give a person's statement of a week; None when there is none."""
    stored = tx.one("statements.of_week", _Stored, person_id=person_id, week=week)
    return _statement(tx, stored) if stored else None


def _statement(tx: Tx, stored: _Stored) -> Statement:
    content = statement.load(stored.content)
    known = titles(tx)
    bounds = tx.all("statements.bounds", _Bound, week=stored.week)
    mine = {project for project, _kind in content.counts} | {OFFICE}
    named = {
        bound.project_id: Named(known.get(bound.project_id, ""), bound.time_zone, bound.end_ms)
        for bound in bounds
        if bound.project_id in mine
    }
    return Statement(
        stored.week, stored.through_id, stored.head_hash, stored.digest, stored.closed_ms, content, named
    )


def entries_of(tx: Tx, visitor: Visitor, week: str) -> tuple[int, list[Entry]]:
    """Give a student's id and the entries that their statement of a week sums up, by time and then by answer.

    Not in the order of the books, and approvals by their day alone: gold is approved some time after the work item that followed it, and
    that would tell which items it was.
    """
    person = people.known(tx, visitor)
    stored = tx.one("statements.of_week", _Stored, person_id=person.id, week=week)
    if stored is None:
        return person.id, []
    closed = _week(tx, stored)
    before = _newest(tx, person.id, week)
    every = _entries_after(tx, person.id, before, closed.through_id, max(closed.ends.values()))
    inside = [entry for entry in every if closed.holds(entry)]
    return person.id, sorted(
        inside, key=lambda entry: (statement.told_ms(entry), entry.judgment_id or 0, entry.kind)
    )


def listed(tx: Tx, visitor: Visitor, before: str | None = None, most: int = WEEKS_A_PAGE) -> Weeks:
    """Give a page of a student's weeks, newest first, before a week."""
    person = people.known(tx, visitor)
    found = tx.all(
        "statements.listed", _Stored, person_id=person.id, before=before or _AFTER_ALL, most=most + 1
    )
    shown = [_statement(tx, stored) for stored in found[:most]]
    opened = still_open(tx, person.id) if before is None else []
    return Weeks(opened, shown, shown[-1].week if len(found) > most else None)


def still_open(tx: Tx, person_id: int) -> list[OpenWeek]:
    """Sum up, week by week, what is in no statement of a person's yet; newest first."""
    before = _newest(tx, person_id)
    projects = {project.id: project for project in tx.all("statements.projects", _Project)}
    zones = {OFFICE: "UTC"} | {project.id: project.time_zone for project in projects.values()}
    by_week: dict[str, list[Entry]] = defaultdict(list)
    for entry in _entries_after(tx, person_id, before):
        week = statement.week_of(entry.recorded_ms, zones.get(entry.project_id, "UTC"))
        # What a clock that was set back puts into a closed week belongs to the first one that is open.
        by_week[max(week, statement.following(before.week)) if before else week].append(entry)
    found: list[OpenWeek] = []
    content = _content(before)
    for week in sorted(by_week):
        content = statement.content(person_id, by_week[week], content)
        mine = {project for project, _kind in content.counts}
        named = {one: Named(projects[one].title, zones[one]) for one in mine if one in projects}
        found.insert(0, OpenWeek(week, content, named))
    return found


def recent(tx: Tx, visitor: Visitor, count: int) -> list[tuple[str, Content]]:
    """Give a student's newest weeks up to the present one, oldest first; a week in which nothing moved is there, and empty."""
    person = people.known(tx, visitor)
    closed = tx.all("statements.listed", _Stored, person_id=person.id, before=_AFTER_ALL, most=count)
    contents = {stored.week: statement.load(stored.content) for stored in closed}
    contents.update({opened.week: opened.content for opened in still_open(tx, person.id)})
    if not contents:
        return []
    newest = max(statement.week_of(tx.now_ms, "UTC"), *contents)
    weeks = [statement.following(newest, -back) for back in reversed(range(count))]
    return [(week, contents.get(week, EMPTY)) for week in weeks]


def so_far(tx: Tx, person_id: int) -> Content:
    """Give the newest content there is of a person, open or closed: its totals run since their first entry."""
    before = _newest(tx, person_id)
    return statement.content(person_id, _entries_after(tx, person_id, before), _content(before))


def titles(tx: Tx) -> dict[int, str]:
    """Give the titles of all projects."""
    return {project.id: project.title for project in tx.all("statements.projects", _Project)}


def time_zone_of(tx: Tx, visitor: Visitor) -> str:
    """Give the time zone in which a person reads moments."""
    return people.profile_of(tx, people.known(tx, visitor)).time_zone
