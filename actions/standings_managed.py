"""What a coordinator sees and decides of standings: who is watched, paused or removed on a project, with the figures; bringing back,
leaving answers out, removing with a reason that its student reads."""

from __future__ import annotations

import dataclasses

from actions import people, projects, qualifications, quality, refusals, standings
from actions.corrections import typed_words
from actions.people import Person, Visitor
from actions.projects import Project
from actions.quality import Reading
from actions.standings import Change, Pause
from rules import corrections
from rules import standing as rules
from storage.tx import Tx

AWAITS_REASON = "standing:reason"
SHOWN_MAX = 30
HISTORY_MAX = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A student who needs a coordinator's eye. `ends_ms`: when a pause ends by itself."""

    person_id: int
    pseudonym: str
    standing: str
    ends_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """Who is paused, watched or removed on a project, in this order, and how many of each there are."""

    project: Project
    rows: list[Row]
    counts: dict[str, int]
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Student:
    """A student on a project, as whoever looks after it sees them. `reading`: the last one; the figures of a pause are with its change.

    `held`: answers that the pause under way put on hold; `since`: answers that a look of somebody watched would leave out. `changed`:
    whether the last tap did anything. `appeal_id`: what they asked a person about it, while nobody has answered.
    """

    project: Project
    person_id: int
    pseudonym: str
    standing: str
    reading: Reading | None
    pause: Pause | None
    held: int
    since: int
    history: list[Change]
    time_zone: str
    is_yours: bool
    can_remove: bool
    changed: bool = True
    appeal_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    standing: str
    people: int


def listing(tx: Tx, visitor: Visitor, project_id: int) -> Listing:
    """List who is paused, watched or removed on a project to whoever manages it."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    rows = tx.all("standings.listed", Row, project_id=project.id, most=SHOWN_MAX)
    return Listing(project, rows, counts(tx, project.id), people.profile_of(tx, person).time_zone)


def counts(tx: Tx, project_id: int) -> dict[str, int]:
    """Count who is paused, watched or removed on a project."""
    rows = tx.all("standings.count_listed", _Count, project_id=project_id)
    return {row.standing: row.people for row in rows}


def see(tx: Tx, visitor: Visitor, project_id: int, person_id: int, *, changed: bool = True) -> Student:
    """Give a student of a project to whoever manages it. Raises OutOfDate for somebody who was never on it."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    standing = qualifications.of(tx, person_id, project.id)
    if standing is None:
        raise refusals.OutOfDate
    under_way = standings.open_pause(tx, project.id, person_id)
    may = person.id != person_id
    return Student(
        project,
        person_id,
        people.get(tx, person_id).pseudonym,
        standing.standing,
        quality.of_person(tx, project, person_id),
        under_way,
        len(standings.held(tx, under_way)) if under_way else 0,
        len(_of_watched(tx, project, person_id, standing.standing)),
        standings.changes(tx, project.id, person_id, HISTORY_MAX),
        people.profile_of(tx, person).time_zone,
        is_yours=not may,
        can_remove=may and standing.standing in rules.ON_IT,
        changed=changed,
        appeal_id=tx.value("appeals.open_about_standing", person_id=person_id, project_id=project.id),
    )


def bring_back(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> Student:
    """End a student's pause, whose answers count again, or take their removal back. Of two people the first decides."""
    person, project = _require_other(tx, visitor, project_id, person_id)
    under_way = standings.open_pause(tx, project.id, person_id)
    if under_way is not None:
        change_id = standings.come_back(tx, under_way, "lifted", standings.PERSON, counts=True, by=person.id)
    else:
        gone = standings.newest_change(tx, project.id, person_id)
        if gone is None or gone.became != "removed":
            return see(tx, visitor, project.id, person_id, changed=False)
        change_id = standings.take_back(tx, gone, person.id, standings.PERSON)
    if change_id is not None:
        standings.tell(tx, change_id, person_id)
    return see(tx, visitor, project.id, person_id, changed=change_id is not None)


def leave_out(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> Student:
    """Leave the answers of a student's bad run out of the data: those on hold, or those since they came to be watched. They stay paid."""
    person, project = _require_other(tx, visitor, project_id, person_id)
    under_way = standings.open_pause(tx, project.id, person_id)
    if under_way is not None:
        if under_way.left_out_by is not None:
            return see(tx, visitor, project.id, person_id, changed=False)
        number = standings.decide_answers(tx, under_way, "excluded", person.id)
    else:
        standing = qualifications.of(tx, person_id, project.id)
        ids = _of_watched(tx, project, person_id, standing.standing if standing else "")
        number = quality.set_status(
            tx, ids, "excluded", standings.STATUS_RULE, {"since": ids[0] if ids else 0}, decided_by=person.id
        )
    if number:
        subject = f"person:{person_id}"
        people.audit(tx, f"person:{person.id}", "left answers out", subject, f"project:{project.id} {number}")
    return see(tx, visitor, project.id, person_id, changed=number > 0)


def _of_watched(tx: Tx, project: Project, person_id: int, standing: str) -> list[int]:
    """List the answers of somebody watched since the run began for which they are."""
    newest = standings.newest_change(tx, project.id, person_id) if standing == "watched" else None
    since_id = newest.seen.get("since_id") if newest is not None else None
    return standings.answers_since(tx, project.id, person_id, since_id) if since_id else []


def ask_removal(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> Student:
    """Say what removing a student does, before anything is done."""
    _require_other(tx, visitor, project_id, person_id)
    found = see(tx, visitor, project_id, person_id)
    if not found.can_remove:
        raise refusals.OutOfDate
    return found


def await_reason(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> Student:
    """Wait for the reason of a removal; sending it removes."""
    found = ask_removal(tx, visitor, project_id, person_id)
    person = people.known(tx, visitor)
    people.await_input(tx, person.id, AWAITS_REASON, f"{project_id}:{person_id}:{_newest_id(found)}")
    return found


def type_reason(tx: Tx, visitor: Visitor, text: str) -> Student:
    """Remove a student, in the words that they read. Raises WordsOutOfBounds, or OutOfDate when they moved in the meantime."""
    manager = people.known(tx, visitor)
    awaited = people.awaited(tx, manager.id)
    if awaited is None or awaited.kind != AWAITS_REASON:
        raise refusals.OutOfDate
    project_id, person_id, newest_id = (int(part) for part in awaited.detail.split(":"))
    found = ask_removal(tx, visitor, project_id, person_id)
    reason = typed_words(text, corrections.REASON_LEAST, corrections.REASON_MOST)
    people.stop_awaiting(tx, manager.id)
    if _newest_id(found) != newest_id:
        raise refusals.OutOfDate
    standings.remove(tx, project_id, person_id, found.standing, manager.id, reason)
    return see(tx, visitor, project_id, person_id)


def _newest_id(found: Student) -> int:
    return found.history[0].id if found.history else 0


def _require_other(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> tuple[Person, Project]:
    """Refuse whoever does not manage the project, and anybody's own standing."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    if person.id == person_id:
        raise refusals.YourOwnStanding
    return person, project
