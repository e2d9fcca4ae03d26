"""Appeals: a student asks a person to look again, at pay that is held back, at one judgment or at their standing, in one text; the
project's coordinator answers within three days, and after that an admin gets it. The answer to a withholding or a standing decides it."""

from __future__ import annotations

import dataclasses
from typing import Any

from actions import (
    budgets,
    deliveries,
    people,
    projects,
    refusals,
    standing_appeals,
    two_people,
    withholdings,
)
from actions.corrections import typed_words
from actions.people import Person, Visitor
from actions.projects import Project
from actions.standing_appeals import Stands
from actions.withholdings import Seen
from rules import corrections as rules
from storage.tx import Tx

AWAITS_TEXT = "appeal:text"
AWAITS_ANSWER = "appeal:answer"
WITHHOLDING, JUDGMENT, STANDING = "withholding", "judgment", "standing"
VERDICTS = {WITHHOLDING: ("release", "uphold"), JUDGMENT: ("answer",), STANDING: ("back", "stay")}
OPEN_MAX = 5
SHOWN_MAX = 12
ESCALATED_A_RUN = 20
PURPOSE = "appeal"


@dataclasses.dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as stored; both texts are sealed. State: open, released, upheld, answered, lapsed."""

    id: int
    person_id: int
    project_id: int
    withholding_id: int | None
    judgment_id: int | None
    change_id: int | None
    text: str
    state: str
    asked_ms: int
    answer_by_ms: int
    escalated_ms: int | None
    answer: str
    answered_by: int | None
    answered_ms: int | None

    @property
    def about(self) -> str:
        """Tell which kind of thing it is about."""
        if self.change_id is not None:
            return STANDING
        return WITHHOLDING if self.withholding_id is not None else JUDGMENT

    @property
    def thing_id(self) -> int:
        """The number of the withholding, the judgment or the change of standing that it is about."""
        return self.change_id or self.withholding_id or self.judgment_id or 0


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """The judgment that an appeal is about, with the figures that its pay came from."""

    id: int
    person_id: int
    project_id: int
    stage: str
    answered_ms: int
    spent_ms: int
    credited_ms: int
    cap_ms: int
    amount_micro: int
    rate_micro: int
    scheme: str
    currency: str
    status: str
    approved_ms: int | None
    undone_ms: int | None
    withheld_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Thing:
    """What a student is about to ask about."""

    about: str
    id: int
    project: Project


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """An appeal as its student reads it, with both texts opened."""

    appeal: Appeal
    project: Project
    text: str
    answer: str
    time_zone: str
    became: str = ""
    """What the student became, where the appeal is about their standing: paused or removed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """An appeal with everything needed to answer it: the student's words, and the withholding, line or standing that it is about."""

    appeal: Appeal
    project: Project
    pseudonym: str
    text: str
    answer: str
    withheld: Seen | None
    line: Line | None
    stands: Stands | None
    time_zone: str
    can_release: bool
    can_uphold: bool
    can_answer: bool
    can_bring_back: bool
    can_stay: bool
    is_admin: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


def begin(tx: Tx, visitor: Visitor, about: str, number: int) -> Thing:
    """Wait for a student's text about something of their own; also from somebody who is suspended.

    Raises OutOfDate, AlreadyAsked, TooLateToAsk or TooManyAppeals.
    """
    person = people.known(tx, visitor)
    thing = _thing(tx, person, about, number)
    people.await_input(tx, person.id, AWAITS_TEXT, f"{thing.about}:{thing.id}")
    return thing


def type_text(tx: Tx, visitor: Visitor, text: str) -> Told:
    """Send a student's text to whoever looks after the project. Raises WordsOutOfBounds, and what `begin` raises."""
    person = people.known(tx, visitor)
    about, number = _awaited(tx, person.id, AWAITS_TEXT)
    thing = _thing(tx, person, about, int(number))
    words = typed_words(text, rules.TEXT_LEAST, rules.TEXT_MOST)
    appeal_id = tx.number(
        "appeals.add",
        person_id=person.id,
        project_id=thing.project.id,
        withholding_id=thing.id if about == WITHHOLDING else None,
        judgment_id=thing.id if about == JUDGMENT else None,
        change_id=thing.id if about == STANDING else None,
        text=tx.vault.seal(PURPOSE, words),
        answer_by_ms=tx.now_ms + rules.COORDINATOR_MS,
        now_ms=tx.now_ms,
    )
    people.stop_awaiting(tx, person.id)
    people.audit(tx, f"person:{person.id}", "appealed", f"appeal:{appeal_id}", f"{about}:{thing.id}")
    remover_id = standing_appeals.remover_id(tx, thing.id) if about == STANDING else None
    for one in tx.all("budgets.staff", _Staff, project_id=thing.project.id, most=budgets.STAFF_TOLD_MAX):
        if one.person_id != person.id:
            _tell_staff(tx, appeal_id, one.person_id, "asked")
    if remover_id is not None:
        # Whoever removed somebody cannot answer that it stays so, and may be the only coordinator.
        notice = {"what": "appeal", "id": appeal_id}
        two_people.ask_for_second(tx, f"appeal:{appeal_id}:removal", notice, but=person.id, nor=remover_id)
    return _told(tx, existing(tx, appeal_id))


def told(tx: Tx, appeal_id: int, person_id: int) -> Told | None:
    """Give an appeal to the student who made it."""
    found = tx.one("appeals.by_id", Appeal, id=appeal_id)
    return _told(tx, found) if found is not None and found.person_id == person_id else None


def own(tx: Tx, person_id: int) -> list[dict[str, Any]]:
    """List what a person asked and what they were answered, for them to take away."""
    rows = [_told(tx, found) for found in tx.all("appeals.of_person", Appeal, person_id=person_id)]
    return [
        {
            "project": one.project.title,
            one.appeal.about: one.appeal.thing_id,
            "text": one.text,
            "state": one.appeal.state,
            "answer": one.answer,
            "asked_ms": one.appeal.asked_ms,
            "answered_ms": one.appeal.answered_ms,
        }
        for one in rows
    ]


def listing(tx: Tx, visitor: Visitor) -> list[Told]:
    """List the open appeals on the projects that a person manages, the one due first on top."""
    person = people.require_role(tx, visitor, "coordinator")
    everything = int(people.has_role(tx, person.id, "admin"))
    zone = people.profile_of(tx, person).time_zone
    rows = tx.all("appeals.open", Appeal, everything=everything, manager_id=person.id, most=SHOWN_MAX)
    return [dataclasses.replace(_told(tx, found), time_zone=zone) for found in rows]


def case(tx: Tx, visitor: Visitor, appeal_id: int) -> Case:
    """Give an appeal with everything needed to whoever manages its project. Raises OutOfDate when there is none."""
    found = existing(tx, appeal_id)
    person, project = projects.managed_by_id(tx, visitor, found.project_id)
    withheld, line, stands = None, None, None
    if found.withholding_id is not None:
        withheld = withholdings.see(tx, visitor, found.withholding_id)
    elif found.change_id is not None:
        stands = standing_appeals.see(tx, found.change_id)
    else:
        line = tx.one("appeals.judgment", Line, id=found.judgment_id)
    is_admin = people.has_role(tx, person.id, "admin")
    may = found.state == "open" and person.id != found.person_id
    proposer = withheld.withholding.proposed_by if withheld else None
    return Case(
        found,
        project,
        people.get(tx, found.person_id).pseudonym,
        _opened(tx, found.text),
        _opened(tx, found.answer),
        withheld,
        line,
        stands,
        people.profile_of(tx, person).time_zone,
        can_release=may and withheld is not None,
        can_uphold=may and withheld is not None and is_admin and person.id != proposer,
        can_answer=may and line is not None,
        can_bring_back=may and stands is not None,
        can_stay=may and stands is not None and not stands.is_removed_by(person.id),
        is_admin=is_admin,
    )


def begin_answer(tx: Tx, visitor: Visitor, appeal_id: int, verdict: str) -> Case:
    """Wait for the words of an answer; sending them decides. `verdict`: release, uphold, answer, back or stay."""
    found, person = _decidable(tx, visitor, appeal_id, verdict)
    people.await_input(tx, person.id, AWAITS_ANSWER, f"{found.id}:{verdict}")
    return case(tx, visitor, found.id)


def type_answer(tx: Tx, visitor: Visitor, text: str) -> Case:
    """Answer an appeal; for a withholding, release it or take it, and for a standing, bring back or leave it. The student gets the answer.

    Of two people the first decides. Raises WordsOutOfBounds, AppealClosed, SamePerson, YourOwnMoney or YourOwnStanding.
    """
    person = people.require_role(tx, visitor, "coordinator")
    number, verdict = _awaited(tx, person.id, AWAITS_ANSWER)
    found, _person = _decidable(tx, visitor, int(number), verdict)
    sealed = tx.vault.seal(PURPOSE, typed_words(text, rules.REASON_LEAST, rules.TEXT_MOST))
    people.stop_awaiting(tx, person.id)
    if found.withholding_id is None:
        if verdict == "back":
            standing_appeals.grant(tx, found.thing_id, person.id)
        moved = tx.run(
            "appeals.close",
            id=found.id,
            state={"back": "released", "stay": "upheld"}.get(verdict, "answered"),
            answer=sealed,
            answered_by=person.id,
            now_ms=tx.now_ms,
        )
    else:
        tx.run("appeals.add_answer", id=found.id, answer=sealed)
        held = withholdings.existing(tx, found.withholding_id)
        moved = withholdings.settle_as(tx, held, person.id, takes=verdict == "uphold", tells=False)
    if not moved:
        raise refusals.AppealClosed
    people.audit(tx, f"person:{person.id}", "answered appeal", f"appeal:{found.id}", verdict)
    deliveries.enqueue(
        tx,
        person_id=found.person_id,
        key=f"appeal:{found.id}:answered",
        notice={"kind": "appeal_answered", "id": found.id},
    )
    return case(tx, visitor, found.id)


def escalate_due(tx: Tx) -> int:
    """Give appeals that their coordinator did not answer in time to the admins. Return how many."""
    due = tx.all("appeals.overdue", Appeal, now_ms=tx.now_ms, most=ESCALATED_A_RUN)
    for found in due:
        tx.run("appeals.escalate", id=found.id, now_ms=tx.now_ms)
        notice = {"what": "appeal", "id": found.id}
        two_people.ask_for_second(tx, f"appeal:{found.id}", notice, but=found.person_id)
    return len(due)


def count_open(tx: Tx, project_id: int) -> int:
    """Count the open appeals of a project."""
    return tx.number("appeals.count_open", project_id=project_id)


def forget(tx: Tx, person_id: int) -> None:
    """Empty the texts of somebody who is erased."""
    tx.run("appeals.forget", person_id=person_id)


def _thing(tx: Tx, person: Person, about: str, number: int) -> Thing:
    """Give what a student asks about, once it is sure that it is theirs and can still be asked about."""
    if about == WITHHOLDING:
        project_id = _own_withholding(tx, person, number)
    elif about == JUDGMENT:
        line = tx.one("appeals.judgment", Line, id=number)
        if line is None or line.person_id != person.id or line.undone_ms is not None:
            raise refusals.OutOfDate
        if line.withheld_id is not None and withholdings.existing(tx, line.withheld_id).state != "released":
            # What is held back is one question, however many answers it covers.
            return _thing(tx, person, WITHHOLDING, line.withheld_id)
        project_id = line.project_id
    elif about == STANDING:
        project_id = standing_appeals.require_own(tx, person.id, number)
    else:
        raise refusals.OutOfDate
    given = {one: number if one == about else None for one in (WITHHOLDING, JUDGMENT, STANDING)}
    if tx.value("appeals.asked", **given) is not None:
        raise refusals.AlreadyAsked
    if tx.number("appeals.count_open_of", person_id=person.id) >= OPEN_MAX:
        raise refusals.TooManyAppeals(most=OPEN_MAX)
    return Thing(about, number, projects.get(tx, project_id))


def _own_withholding(tx: Tx, person: Person, number: int) -> int:
    held = withholdings.existing(tx, number)
    if held.person_id != person.id or held.confirmed_ms is None:
        raise refusals.OutOfDate
    if held.state != "held":
        raise refusals.TooLateToAsk
    return held.project_id


def _decidable(tx: Tx, visitor: Visitor, appeal_id: int, verdict: str) -> tuple[Appeal, Person]:
    found = existing(tx, appeal_id)
    person, _project = projects.managed_by_id(tx, visitor, found.project_id)
    if verdict not in VERDICTS[found.about]:
        raise refusals.OutOfDate
    if found.state != "open":
        raise refusals.AppealClosed
    if person.id == found.person_id:
        raise refusals.YourOwnStanding if found.change_id is not None else refusals.YourOwnMoney
    if found.change_id is not None and verdict == "stay":
        standing_appeals.require_second(tx, found.change_id, person.id)
    if found.withholding_id is not None:
        held = withholdings.existing(tx, found.withholding_id)
        withholdings.require_decider(tx, person, held, takes=verdict == "uphold")
    return found, person


def existing(tx: Tx, appeal_id: int) -> Appeal:
    """Give an appeal. Raises OutOfDate when there is none."""
    found = tx.one("appeals.by_id", Appeal, id=appeal_id)
    if found is None:
        raise refusals.OutOfDate
    return found


def _told(tx: Tx, found: Appeal) -> Told:
    zone = people.profile_of(tx, people.get(tx, found.person_id)).time_zone
    project = projects.get(tx, found.project_id)
    became = standing_appeals.see(tx, found.change_id).change.became if found.change_id is not None else ""
    return Told(found, project, _opened(tx, found.text), _opened(tx, found.answer), zone, became)


def _opened(tx: Tx, sealed: str) -> str:
    return str(tx.vault.open(PURPOSE, sealed)) if sealed else ""


def _tell_staff(tx: Tx, appeal_id: int, person_id: int, why: str) -> None:
    deliveries.enqueue(
        tx,
        person_id=person_id,
        key=f"appeal:{appeal_id}:{why}:{person_id}",
        notice={"kind": "second", "what": "appeal", "id": appeal_id},
    )


def _awaited(tx: Tx, person_id: int, kind: str) -> tuple[str, str]:
    awaited = people.awaited(tx, person_id)
    if awaited is None or awaited.kind != kind:
        raise refusals.OutOfDate
    first, _colon, second = awaited.detail.partition(":")
    return first, second
