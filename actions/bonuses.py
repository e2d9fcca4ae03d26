"""Bonuses: something extra from a project, to one student or to all who work on it, with a reason and within its budget.

Above a limit, and for the giver's own money, an admin who is somebody else must agree. Who gets it is fixed with the draft.
"""

from __future__ import annotations

import dataclasses
import json

from actions import budgets, deliveries, ledger, people, projects, refusals, two_people
from actions.corrections import typed_words
from actions.people import Visitor
from actions.projects import Project
from rules import corrections as rules
from rules import ledger as books
from rules import money
from storage.tx import Tx

AWAITS_STUDENT = "bonus:student"
AWAITS_AMOUNT = "bonus:amount"
AWAITS_REASON = "bonus:reason"
STUDENTS_MAX = 500
SHOWN_MAX = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """A bonus as stored, `amount_micro` to each of so many students. State: draft, discarded, waiting, booked, refused."""

    id: int
    project_id: int
    currency: str
    amount_micro: int
    reason: str
    students: int
    state: str
    needs_second: int
    proposed_by: int
    proposed_ms: int
    decided_by: int | None
    decided_ms: int | None

    @property
    def total_micro(self) -> int:
        """What it costs the project."""
        return self.amount_micro * self.students


@dataclasses.dataclass(frozen=True, slots=True)
class Student:
    """A student on a project, by pseudonym."""

    id: int
    pseudonym: str


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A bonus under way: `student` is None for all who work on the project; `left_micro` of its budget, None without one."""

    project: Project
    student: Student | None
    students: int
    left_micro: int | None
    amount_micro: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A bonus as staff see it. `pseudonym`: of its only student. `changed`: whether the last tap did anything."""

    grant: Grant
    project: Project
    pseudonym: str
    left_micro: int | None
    is_yours: bool
    can_decide: bool
    seconds: int = 0
    changed: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """A bonus as its student is told of it."""

    id: int
    project_id: int
    currency: str
    amount_micro: int
    reason: str
    needs_second: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Recipient:
    id: int
    person_id: int


def start(tx: Tx, visitor: Visitor, project_id: int) -> tuple[Project, int, list[Grant]]:
    """Give the project, how many work on it and the last bonuses."""
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    recent = tx.all("bonuses.recent", Grant, project_id=project.id, most=SHOWN_MAX)
    return project, len(_active(tx, project.id)), recent


def await_student(tx: Tx, visitor: Visitor, project_id: int) -> Project:
    """Wait for the pseudonym of whom to give a bonus."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    people.await_input(tx, person.id, AWAITS_STUDENT, str(project.id))
    return project


def student_of(tx: Tx, project_id: int, pseudonym: str) -> Student:
    """Find a student of a project. Raises NoSuchStudent."""
    typed = pseudonym.strip()[:40]
    found = tx.one("bonuses.student", Student, pseudonym=typed, project_id=project_id)
    if found is None:
        raise refusals.NoSuchStudent(pseudonym=typed)
    return found


def student_by_id(tx: Tx, project_id: int, person_id: int) -> Student:
    """Give a student of a project. Raises OutOfDate when there is none of that number."""
    found = tx.one("bonuses.student_by_id", Student, id=person_id, project_id=project_id)
    if found is None:
        raise refusals.OutOfDate
    return found


def type_student(tx: Tx, visitor: Visitor, text: str) -> Begun:
    """Take the pseudonym that was typed, and wait for the amount."""
    person = people.require_role(tx, visitor, "coordinator")
    project_id = int(_awaited(tx, person.id, AWAITS_STUDENT))
    projects.managed_by_id(tx, visitor, project_id)
    return begin(tx, visitor, project_id, student_of(tx, project_id, text).id)


def begin(tx: Tx, visitor: Visitor, project_id: int, person_id: int | None) -> Begun:
    """Begin a bonus for one student, or for all who work on the project (None); wait for the amount."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    begun = _begun(tx, project, person_id)
    people.await_input(
        tx, person.id, AWAITS_AMOUNT, json.dumps({"project": project.id, "student": person_id})
    )
    return begun


def type_amount(tx: Tx, visitor: Visitor, text: str) -> Begun:
    """Take the amount for each that was typed, and wait for the reason. Raises NotAnAmount or OverBudget."""
    person = people.require_role(tx, visitor, "coordinator")
    draft = json.loads(_awaited(tx, person.id, AWAITS_AMOUNT))
    _person, project = projects.managed_by_id(tx, visitor, draft["project"])
    try:
        amount = rules.parse_positive(text)
    except ValueError as error:
        raise refusals.NotAnAmount(text=text.strip()[:40]) from error
    begun = dataclasses.replace(_begun(tx, project, draft["student"]), amount_micro=amount)
    _check_budget(tx, project, amount * begun.students)
    people.await_input(tx, person.id, AWAITS_REASON, json.dumps(draft | {"amount": amount}))
    return begun


def type_reason(tx: Tx, visitor: Visitor, text: str) -> Seen:
    """Take the reason that was typed, fix who gets it, and show it all before anything moves. Raises WordsOutOfBounds."""
    person = people.require_role(tx, visitor, "coordinator")
    draft = json.loads(_awaited(tx, person.id, AWAITS_REASON))
    _person, project = projects.managed_by_id(tx, visitor, draft["project"])
    reason = typed_words(text, rules.REASON_LEAST, rules.REASON_MOST)
    students = _recipients(tx, project.id, draft["student"])
    total = draft["amount"] * len(students)
    is_own = person.id in {one.id for one in students}
    grant_id = tx.number(
        "bonuses.add_grant",
        project_id=project.id,
        currency=project.rules.pay.currency,
        amount_micro=draft["amount"],
        reason=reason,
        students=len(students),
        needs_second=int(_needs_second(tx, person.id, project.id, total, is_own=is_own)),
        proposed_by=person.id,
        now_ms=tx.now_ms,
    )
    for one in students:
        tx.run("bonuses.add", grant_id=grant_id, person_id=one.id)
    people.stop_awaiting(tx, person.id)
    return see(tx, visitor, grant_id)


def see(tx: Tx, visitor: Visitor, grant_id: int, *, seconds: int = 0, changed: bool = True) -> Seen:
    """Give a bonus as staff see it. Raises OutOfDate when there is none."""
    found = _existing(tx, grant_id)
    person, project = projects.managed_by_id(tx, visitor, found.project_id)
    recipients = _granted(tx, found.id)
    only = people.get(tx, recipients[0].person_id).pseudonym if len(recipients) == 1 else ""
    concerned = {found.proposed_by, *(one.person_id for one in recipients)}
    is_admin = people.has_role(tx, person.id, "admin")
    return Seen(
        found,
        project,
        only,
        budgets.left(tx, project),
        is_yours=found.proposed_by == person.id,
        can_decide=found.state == "waiting" and is_admin and person.id not in concerned,
        seconds=seconds,
        changed=changed,
    )


def get(tx: Tx, grant_id: int) -> Grant | None:
    """Give a bonus, if there is one of that number."""
    return tx.one("bonuses.grant", Grant, id=grant_id)


def waiting(tx: Tx, visitor: Visitor) -> list[Grant]:
    """List the bonuses that wait for an admin."""
    people.require_role(tx, visitor, "admin")
    return tx.all("bonuses.waiting", Grant, most=SHOWN_MAX)


def confirm(tx: Tx, visitor: Visitor, grant_id: int) -> Seen:
    """Book a draft of one's own, or have it wait for an admin. A second tap changes nothing. Raises OverBudget."""
    found = _existing(tx, grant_id)
    person, project = projects.managed_by_id(tx, visitor, found.project_id)
    if found.proposed_by != person.id:
        raise refusals.OutOfDate
    if found.state != "draft":
        return see(tx, visitor, found.id, changed=False)
    _check_budget(tx, project, found.total_micro)
    is_own = person.id in {one.person_id for one in _granted(tx, found.id)}
    second = _needs_second(tx, person.id, project.id, found.total_micro, is_own=is_own)
    state, decided_by = ("waiting", None) if second else ("booked", person.id)
    if not _move(tx, found, state, decided_by, needs_second=second):
        return see(tx, visitor, found.id, changed=False)
    if second:
        people.audit(tx, f"person:{person.id}", "proposed bonus", f"bonus_grant:{found.id}", _detail(found))
        notice = {"what": "bonus", "id": found.id}
        told = two_people.ask_for_second(tx, f"bonus:{found.id}", notice, but=person.id)
        return see(tx, visitor, found.id, seconds=told)
    _book(tx, found, person.id)
    return see(tx, visitor, found.id)


def discard(tx: Tx, visitor: Visitor, grant_id: int) -> Seen:
    """Drop a draft of one's own, or take back what waits."""
    found = _existing(tx, grant_id)
    person, _project = projects.managed_by_id(tx, visitor, found.project_id)
    if found.proposed_by != person.id:
        raise refusals.OutOfDate
    changed = found.state in ("draft", "waiting") and _move(
        tx, found, "discarded", None, needs_second=bool(found.needs_second)
    )
    if changed and found.state == "waiting":
        people.audit(tx, f"person:{person.id}", "took back bonus", f"bonus_grant:{found.id}", _detail(found))
    return see(tx, visitor, found.id, changed=changed)


def decide(tx: Tx, visitor: Visitor, grant_id: int, *, agrees: bool) -> Seen:
    """Agree to a bonus that somebody else proposed, or refuse it. Of two admins the first decides.

    Raises SamePerson, YourOwnMoney or OverBudget.
    """
    admin, found = people.require_role(tx, visitor, "admin"), _existing(tx, grant_id)
    if admin.id == found.proposed_by:
        raise refusals.SamePerson
    if admin.id in {one.person_id for one in _granted(tx, found.id)}:
        raise refusals.YourOwnMoney
    state = "booked" if agrees else "refused"
    if found.state != "waiting" or not _move(tx, found, state, admin.id, needs_second=True):
        return see(tx, visitor, found.id, changed=False)
    if agrees:
        _check_budget(tx, projects.get(tx, found.project_id), found.total_micro)
        _book(tx, found, admin.id)
    else:
        people.audit(tx, f"person:{admin.id}", "refused bonus", f"bonus_grant:{found.id}", _detail(found))
    notice = {"what": "bonus", "id": found.id}
    two_people.tell_first(tx, f"bonus:{found.id}", found.proposed_by, notice)
    return see(tx, visitor, found.id)


def given(tx: Tx, bonus_id: int, person_id: int) -> tuple[Given, Project] | None:
    """Give a student's bonus and the project that it comes from."""
    found = tx.one("bonuses.given", Given, id=bonus_id, person_id=person_id)
    return None if found is None else (found, projects.get(tx, found.project_id))


def _book(tx: Tx, found: Grant, decided_by: int) -> None:
    for one in _granted(tx, found.id):
        ledger.post(
            tx,
            key=f"bonus:{one.id}",
            kind="bonus",
            person_id=one.person_id,
            actor=f"person:{decided_by}",
            reason=found.reason,
            postings=books.bonus(found.project_id, one.person_id, found.amount_micro, found.currency),
        )
        notice = {"kind": "bonus", "id": one.id}
        deliveries.enqueue(tx, person_id=one.person_id, key=f"bonus:{one.id}", notice=notice)
    people.audit(tx, f"person:{decided_by}", "booked bonus", f"bonus_grant:{found.id}", _detail(found))


def _existing(tx: Tx, grant_id: int) -> Grant:
    found = get(tx, grant_id)
    if found is None:
        raise refusals.OutOfDate
    return found


def _granted(tx: Tx, grant_id: int) -> list[_Recipient]:
    return tx.all("bonuses.recipients", _Recipient, grant_id=grant_id)


def _active(tx: Tx, project_id: int) -> list[Student]:
    return tx.all("bonuses.active", Student, project_id=project_id, most=STUDENTS_MAX + 1)


def _recipients(tx: Tx, project_id: int, person_id: int | None) -> list[Student]:
    if person_id is not None:
        return [student_by_id(tx, project_id, person_id)]
    found = _active(tx, project_id)
    if not found:
        raise refusals.NobodyForBonus
    if len(found) > STUDENTS_MAX:
        raise refusals.TooManyForBonus(most=STUDENTS_MAX)
    return found


def _begun(tx: Tx, project: Project, person_id: int | None) -> Begun:
    students = _recipients(tx, project.id, person_id)
    only = None if person_id is None else students[0]
    return Begun(project, only, len(students), budgets.left(tx, project))


def _check_budget(tx: Tx, project: Project, total_micro: int) -> None:
    left = budgets.left(tx, project)
    if left is not None and total_micro > left:
        raise refusals.OverBudget(left=money.show(max(0, left), project.rules.pay.currency))


def _move(tx: Tx, found: Grant, state: str, decided_by: int | None, *, needs_second: bool) -> bool:
    changed = tx.run(
        "bonuses.move",
        id=found.id,
        before=found.state,
        state=state,
        needs_second=int(needs_second),
        decided_by=decided_by,
        decided_ms=None if decided_by is None else tx.now_ms,
    )
    return changed > 0


def _needs_second(tx: Tx, person_id: int, project_id: int, total_micro: int, *, is_own: bool) -> bool:
    since_ms = tx.now_ms - rules.ALONE_MS
    alone = tx.number(
        "bonuses.granted_alone", project_id=project_id, proposed_by=person_id, since_ms=since_ms
    )
    return rules.needs_second(total_micro, alone, two_people.limit_micro(tx), is_own=is_own)


def _awaited(tx: Tx, person_id: int, kind: str) -> str:
    awaited = people.awaited(tx, person_id)
    if awaited is None or awaited.kind != kind:
        raise refusals.OutOfDate
    return awaited.detail


def _detail(found: Grant) -> str:
    return f"{money.exact(found.amount_micro)} {found.currency} to {found.students} on project:{found.project_id}"
