"""A student's desk: everything that a tap on a task card concerns, looked up once. What belongs to somebody else is refused."""

from __future__ import annotations

import dataclasses

from actions import assignments, people, projects, qualifications, refusals, work
from actions.assignments import Assignment
from actions.people import Person, Visitor
from actions.projects import Project
from actions.qualifications import Standing
from actions.work import BreakDue, Card, Next
from rules.answers import Draft
from rules.kinds import AnyQuestion, Span, Steps
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """A person, the item before them, and where they stand on its project."""

    person: Person
    project: Project
    standing: Standing
    held: Assignment


def of_token(tx: Tx, visitor: Visitor, token: str) -> Desk:
    """Look up the desk that a card's button belongs to. Refuses what is somebody else's."""
    person = people.require_ready(tx, visitor)
    held = assignments.by_token(tx, token)
    if held is None or held.person_id != person.id:
        raise refusals.NotYours
    standing = qualifications.of(tx, person.id, held.project_id)
    if standing is None:
        raise refusals.NotYours
    return Desk(person, projects.get(tx, held.project_id), standing, held)


def open_before(tx: Tx, visitor: Visitor) -> Desk | None:
    """Look up the desk of whoever has an item open; None for anybody else."""
    person = people.find(tx, visitor.key)
    held = assignments.open_of(tx, person.id) if person is not None and person.state == "ready" else None
    return of_token(tx, visitor, held.token) if held is not None else None


def again(tx: Tx, desk: Desk) -> Desk:
    """Look at the assignment anew, after it changed."""
    held = assignments.by_token(tx, desk.held.token)
    assert held is not None
    return dataclasses.replace(desk, held=held)


def standing_now(tx: Tx, desk: Desk) -> Standing:
    """Give where the student stands on the project, after that changed."""
    standing = qualifications.of(tx, desk.person.id, desk.project.id)
    assert standing is not None
    return standing


def card(tx: Tx, desk: Desk) -> Card:
    """Describe the item as its student sees it."""
    return work.as_card(tx, desk.person, desk.project, desk.standing, desk.held)


def bare_card(tx: Tx, desk: Desk) -> Card:
    """Describe the item for deciding about it; nobody sees this card."""
    return work.without_sums(tx, desk.person, desk.project, desk.standing, desk.held)


def following(tx: Tx, desk: Desk, *, is_break_due: bool = False) -> Next:
    """Give what comes after this item: the next one, or a break in which none lies open."""
    standing = standing_now(tx, desk)
    if is_break_due and standing.set_done < work.SET_SIZE:
        today_micro = work.earned_today(tx, desk.person, desk.held.currency)
        return BreakDue(desk.project, standing.set_done, work.SET_SIZE, today_micro, desk.held.currency)
    return work.next_for(tx, desk.person, desk.project, standing, asked=True)


def set_draft(tx: Tx, desk: Desk, before: Card, draft: Draft, *, makes_old: bool) -> Card:
    """Keep what is answered so far, and open the page on which the next question is answered. Give the card as it looks then."""
    after = dataclasses.replace(before, draft=draft, step=before.step + makes_old)
    after = _at_its_page(before, after)
    after = dataclasses.replace(after, today_micro=work.earned_today(tx, desk.person, desk.held.currency))
    tx.run(
        "assignments.set_draft",
        token=desk.held.token,
        draft=draft.dump(),
        step=after.step,
        page=after.page,
        pages_seen=after.pages_seen,
    )
    return after


def _at_its_page(before: Card, after: Card) -> Card:
    """Turn to the step that is rated next; where the pages are others than before, to what was not read on those."""
    layout, ask = after.layout, after.question
    page, seen = after.page, after.pages_seen
    if _quoting(ask) != _quoting(before.question):
        page, seen = (layout.begin_of(0), layout.last) if _has_read(before, after) else (0, 0)
    if isinstance(ask, Steps):
        page = layout.begin_of(len(after.draft.marks))
        seen = max(seen, page)
    return dataclasses.replace(after, page=min(page, layout.last), pages_seen=seen)


def _has_read(before: Card, after: Card) -> bool:
    """Tell whether the student has read all that stands on other pages now: for another answer, or as sentences to quote, beside which
    two answers to compare do not stand. What was answered once and taken back was read for that."""
    rules, asked = before.project.rules, before.question
    if any(not isinstance(rules.asked(one), Span) for one in after.draft.answers):
        return True
    if isinstance(asked, Span) and before.pages_seen >= before.layout.last:
        return rules.preference is None
    return after.question is not None and after.question.id in before.draft.answers


def _quoting(ask: AnyQuestion | None) -> str:
    """Name the question for which sentences are numbered on other pages than those that are read."""
    return ask.id if isinstance(ask, Span) else ""
