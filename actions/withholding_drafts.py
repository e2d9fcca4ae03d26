"""Drafting a withholding in the chat: whose pay, from which day on, and what was seen. Nothing is held back here."""

from __future__ import annotations

import dataclasses
import json

from actions import people, projects, refusals, withholdings
from actions.bonuses import Student, student_by_id, student_of
from actions.corrections import typed_words
from actions.people import Visitor
from actions.projects import Project
from actions.withholdings import Share
from rules import corrections as rules
from storage.tx import Tx

AWAITS_STUDENT = "withhold:student"
AWAITS_DAY = "withhold:day"
AWAITS_REASON = "withhold:reason"


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A withholding under way: whose, from when on, and what is unpaid since then."""

    project: Project
    student: Student
    from_ms: int
    shares: list[Share]
    time_zone: str


def await_student(tx: Tx, visitor: Visitor, project_id: int) -> Project:
    """Wait for the pseudonym of whose pay to hold back."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    people.await_input(tx, person.id, AWAITS_STUDENT, str(project.id))
    return project


def type_student(tx: Tx, visitor: Visitor, text: str) -> Begun:
    """Take the pseudonym that was typed. Raises NoSuchStudent, HeldAlready or NothingToHold."""
    person = people.require_role(tx, visitor, "coordinator")
    project_id = int(_awaited(tx, person.id, AWAITS_STUDENT))
    projects.managed_by_id(tx, visitor, project_id)
    student = student_of(tx, project_id, text)
    people.stop_awaiting(tx, person.id)
    return begin(tx, visitor, project_id, student.id)


def begin(tx: Tx, visitor: Visitor, project_id: int, person_id: int, from_ms: int = 0) -> Begun:
    """Show what of a student is unpaid on a project. Raises HeldAlready or NothingToHold."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    student = student_by_id(tx, project.id, person_id)
    if person.id == student.id:
        raise refusals.YourOwnMoney
    if tx.value("withholdings.open_of", project_id=project.id, person_id=student.id) is not None:
        raise refusals.HeldAlready
    shares = withholdings.unpaid(tx, project.id, student.id, from_ms, tx.now_ms)
    if not shares:
        raise refusals.NothingToHold
    return Begun(project, student, from_ms, shares, people.profile_of(tx, person).time_zone)


def await_day(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> Begun:
    """Wait for the day from which on pay is to be held back."""
    begun = begin(tx, visitor, project_id, person_id)
    detail = json.dumps({"project": project_id, "student": person_id})
    people.await_input(tx, people.require(tx, visitor).id, AWAITS_DAY, detail)
    return begun


def type_day(tx: Tx, visitor: Visitor, text: str) -> Begun:
    """Take the day that was typed, in the coordinator's time zone, and wait for the reason. Raises NotADay or NothingToHold."""
    person = people.require_role(tx, visitor, "coordinator")
    draft = json.loads(_awaited(tx, person.id, AWAITS_DAY))
    try:
        from_ms = rules.parse_day(text, people.profile_of(tx, person).time_zone)
    except (ValueError, OverflowError) as error:
        raise refusals.NotADay(text=text.strip()[:40]) from error
    if from_ms > tx.now_ms:
        raise refusals.NotADay(text=text.strip()[:40])
    return await_reason(tx, visitor, draft["project"], draft["student"], from_ms)


def await_reason(tx: Tx, visitor: Visitor, project_id: int, person_id: int, from_ms: int = 0) -> Begun:
    """Wait for what was seen."""
    begun = begin(tx, visitor, project_id, person_id, from_ms)
    detail = json.dumps({"project": project_id, "student": person_id, "from": from_ms})
    people.await_input(tx, people.require(tx, visitor).id, AWAITS_REASON, detail)
    return begun


def type_reason(tx: Tx, visitor: Visitor, text: str) -> withholdings.Seen:
    """Take what was seen, and show it all before anybody is asked. Raises WordsOutOfBounds."""
    person = people.require_role(tx, visitor, "coordinator")
    draft = json.loads(_awaited(tx, person.id, AWAITS_REASON))
    begun = begin(tx, visitor, draft["project"], draft["student"], draft["from"])
    reason = typed_words(text, rules.REASON_LEAST, rules.REASON_MOST)
    withholding_id = tx.number(
        "withholdings.add",
        project_id=begun.project.id,
        person_id=begun.student.id,
        from_ms=begun.from_ms,
        until_ms=tx.now_ms,
        reason=reason,
        proposed_by=person.id,
    )
    people.stop_awaiting(tx, person.id)
    return withholdings.see(tx, visitor, withholding_id)


def _awaited(tx: Tx, person_id: int, kind: str) -> str:
    awaited = people.awaited(tx, person_id)
    if awaited is None or awaited.kind != kind:
        raise refusals.OutOfDate
    return awaited.detail
