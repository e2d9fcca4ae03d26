"""What a student gets next: the card that lies open, the next item, the end of a set, or the reason why there is nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

from actions import assignments, budgets, people, projects, qualifications, refusals, rich
from actions.assignments import Assignment
from actions.offers import BreakDue, Card, ChooseProject, ExamToRetry, Next, NothingNow, SetEnded, StageBegins
from actions.people import Person, Visitor
from actions.projects import Project
from actions.qualifications import Standing
from rules import calendar, credit, gold
from rules.answers import Draft
from rules.card import wants_rich
from rules.pay import Terms
from rules.qualification import QUALIFYING, WORKING
from storage.tx import Tx

__all__ = [
    "BreakDue",
    "Card",
    "ChooseProject",
    "ExamToRetry",
    "Next",
    "NothingNow",
    "SetEnded",
    "StageBegins",
]

SET_SIZE = 20


@dataclasses.dataclass(frozen=True, slots=True)
class _Pick:
    place: int
    item_id: int


def go_on(tx: Tx, visitor: Visitor, project_id: int | None = None) -> Next:
    """Answer /work: show what lies open on a project, or the next thing to do."""
    person = people.require_ready(tx, visitor)
    if project_id is None:
        project = qualifications.current_project(tx, person)
        if project is None:
            return ChooseProject()
    else:
        project = qualifications.known_project(tx, project_id)
    standing = _standing_on(tx, person, project)
    if person.project_id != project.id:
        tx.run("people.set_project", id=person.id, project_id=project.id)
    return next_for(tx, person, project, standing, asked=True)


def begin_set(tx: Tx, visitor: Visitor, project_id: int) -> Next:
    """Start a new set of items on a project."""
    person = people.require_ready(tx, visitor)
    tx.run("qualifications.begin_set", person_id=person.id, project_id=project_id)
    return go_on(tx, visitor, project_id)


def begin_stage(tx: Tx, visitor: Visitor, project_id: int) -> Next:
    """Start training or the exam after its introduction."""
    person = people.require_ready(tx, visitor)
    project = qualifications.known_project(tx, project_id)
    return next_for(tx, person, project, _standing_on(tx, person, project), asked=False)


def _standing_on(tx: Tx, person: Person, project: Project) -> Standing:
    standing = qualifications.of(tx, person.id, project.id)
    if standing is None or standing.standing in ("left", "removed"):
        raise refusals.NotOnProject(title=project.title)
    return standing


def next_for(tx: Tx, person: Person, project: Project, standing: Standing, *, asked: bool) -> Next:
    """Give a student's next thing on a project. `asked`: they came by themselves, so a stage introduces itself first."""
    held = _held(tx, person, project)
    if held is not None:
        return as_card(tx, person, project, standing, held)
    if project.state != "open":
        return NothingNow(project, "paused" if project.state == "draft" else project.state)
    if standing.retry_ms is not None and standing.retry_ms > tx.now_ms:
        return ExamToRetry(project, standing.retry_ms, people.profile_of(tx, person).time_zone)
    if standing.standing in QUALIFYING:
        if asked and standing.answered == 0:
            return StageBegins(
                project,
                standing.standing,
                standing.standing == "exam" and _was_trained(project, standing),
                people.profile_of(tx, person).degree,
            )
        return _qualifying_card(tx, person, project, standing)
    if standing.standing not in WORKING:
        return NothingNow(project, "standing")
    if standing.set_done >= SET_SIZE:
        return set_ended(tx, person, project, standing)
    return _work_card(tx, person, project, standing)


def _was_trained(project: Project, standing: Standing) -> bool:
    return standing.attempt == 1 and project.rules.qualification.training > 0


def _held(tx: Tx, person: Person, project: Project) -> Assignment | None:
    """Give what the student already holds on this project, laid open; an open item of another project is paused."""
    opened = assignments.open_of(tx, person.id)
    if opened is not None and opened.project_id == project.id:
        return opened
    if opened is not None:
        assignments.stop(tx, opened, "paused")
    aside = assignments.laid_aside(tx, person.id, project.id)
    return assignments.start(tx, aside) if aside is not None else None


def _qualifying_card(tx: Tx, person: Person, project: Project, standing: Standing) -> Next:
    ended = assignments.run_out(tx, person.id, project.id, standing.standing, standing.attempt)
    if ended is not None:
        # There may be no more items than the stage asks for, so one that ran out must come again.
        if not budgets.can_pay(tx, project, ended.terms.most_micro):
            return NothingNow(budgets.pause(tx, project, ended.terms.most_micro), "paused")
        return as_card(tx, person, project, standing, assignments.start(tx, ended))
    pick = tx.one(
        "work.next_qualifying",
        _Pick,
        project_id=project.id,
        person_id=person.id,
        use=standing.standing,
        attempt=standing.attempt,
    )
    if pick is None:
        return NothingNow(project, "none_left")
    terms = _terms(tx, person, project, standing.standing)
    if not budgets.can_pay(tx, project, terms.most_micro):
        return NothingNow(budgets.pause(tx, project, terms.most_micro), "paused")
    return _lease(tx, person, project, standing, pick.item_id, standing.standing, terms)


def _work_card(tx: Tx, person: Person, project: Project, standing: Standing) -> Next:
    """Lease a work item, or a gold one in its place. Where there is no work there is no gold either: alone, it would show itself."""
    standing, returned = _seek_returned(tx, person, project, standing)
    queued = None
    if returned is None:
        standing, queued = _seek_queued(tx, person, project, standing)
        if queued is None:
            return NothingNow(project, "none_left")
    terms = _terms(tx, person, project, "work")
    if not budgets.can_pay(tx, project, terms.most_micro):
        return NothingNow(budgets.pause(tx, project, terms.most_micro), "paused")
    hidden = _seek_gold(tx, person, project, standing)
    if hidden is not None:
        _move(tx, standing, gold_cursor=hidden.place)
        return _lease(tx, person, project, standing, hidden.item_id, "gold", terms)
    if returned is not None:
        tx.run("work.take_returned", id=returned.place)
        _move(tx, standing, returned_cursor=returned.place)
        return _lease(tx, person, project, standing, returned.item_id, "work", terms)
    assert queued is not None
    assignments.take_slot(tx, project.id, queued.item_id)
    _move(tx, standing, queue_cursor=queued.place)
    return _lease(tx, person, project, standing, queued.item_id, "work", terms)


def _seek(tx: Tx, query: str, person: Person, project: Project, cursor: int) -> _Pick | None:
    """Look on from a cursor; at the end, once more from the front."""
    pick = tx.one(query, _Pick, project_id=project.id, person_id=person.id, cursor=cursor)
    if pick is None and cursor > 0:
        pick = tx.one(query, _Pick, project_id=project.id, person_id=person.id, cursor=0)
    return pick


def _seek_gold(tx: Tx, person: Person, project: Project, standing: Standing) -> _Pick | None:
    """Find a gold item that the student has not met, when one is due."""
    quality = project.rules.quality
    seen = standing.gold_right + standing.gold_wrong
    share = gold.probability(quality.gold_share, quality.gold_share_bounds, seen, standing.standing)
    if not gold.is_due(tx.draw(), share):
        return None
    return _seek(tx, "work.next_gold", person, project, standing.gold_cursor)


def _seek_returned(
    tx: Tx, person: Person, project: Project, standing: Standing
) -> tuple[Standing, _Pick | None]:
    """Find a slot that came back, of an item that the student has not met."""
    cursor = standing.returned_cursor
    pick = tx.one("work.next_returned", _Pick, project_id=project.id, person_id=person.id, cursor=cursor)
    if pick is None:
        # All there is has been met by this student: read on from here next time.
        last = tx.number("work.last_returned", project_id=project.id)
        if last > cursor:
            standing = _move(tx, standing, returned_cursor=last)
    return standing, pick


def _seek_queued(
    tx: Tx, person: Person, project: Project, standing: Standing
) -> tuple[Standing, _Pick | None]:
    """Find an item of the queue that the student has not met; who has met all is not searched for again until items come."""
    if standing.exhausted_ms is not None:
        return standing, None
    pick = _seek(tx, "work.next_queued", person, project, standing.queue_cursor)
    return (standing if pick else _move(tx, standing, exhausted_ms=tx.now_ms)), pick


def _move(tx: Tx, standing: Standing, **changes: Any) -> Standing:
    """Store where a student's cursors stand now."""
    moved = dataclasses.replace(standing, **changes)
    tx.run(
        "qualifications.set_cursors",
        person_id=moved.person_id,
        project_id=moved.project_id,
        queue_cursor=moved.queue_cursor,
        returned_cursor=moved.returned_cursor,
        gold_cursor=moved.gold_cursor,
        exhausted_ms=moved.exhausted_ms,
    )
    return moved


def _terms(tx: Tx, person: Person, project: Project, use: str) -> Terms:
    """Give what an item is shown with to a student now; their profile is opened only where rates differ by degree."""
    pay = project.rules.pay
    return pay.terms(people.profile_of(tx, person).degree if pay.rates else "", use)


def _lease(
    tx: Tx, person: Person, project: Project, standing: Standing, item_id: int, use: str, terms: Terms
) -> Next:
    pay = project.rules.pay
    if pay.budget is not None:
        budgets.reserve(tx, project.id, terms.most_micro)
    token = tx.new_id()
    tx.run(
        "assignments.add",
        token=token,
        person_id=person.id,
        project_id=project.id,
        item_id=item_id,
        attempt=standing.attempt if use in QUALIFYING else 1,
        use=use,
        now_ms=tx.now_ms,
        steady_ms=tx.steady_ms,
        lease_expires_ms=tx.now_ms + credit.lease_ms(terms.cap_ms),
        rate_micro=terms.rate_micro,
        currency=pay.currency,
        cap_ms=terms.cap_ms,
        scheme=terms.scheme,
        piece_micro=terms.piece_micro,
        flipped=int(project.rules.preference is not None and tx.draw() < 0.5),
    )
    leased = assignments.by_token(tx, token)
    assert leased is not None
    return as_card(tx, person, project, standing, leased)


def as_card(tx: Tx, person: Person, project: Project, standing: Standing, held: Assignment) -> Card:
    """Describe an assignment as the card that its student sees."""
    today_micro = earned_today(tx, person, held.currency)
    return _as_stored(tx, person, project, standing, held, today_micro).on_a_page()


def without_sums(tx: Tx, person: Person, project: Project, standing: Standing, held: Assignment) -> Card:
    """Describe an assignment as a card that nobody will see: what was earned today is not looked up."""
    return _as_stored(tx, person, project, standing, held, 0).on_a_page()


def _as_stored(
    tx: Tx, person: Person, project: Project, standing: Standing, held: Assignment, today_micro: int
) -> Card:
    plan = project.rules.qualification.plan
    stage = held.use if held.use in QUALIFYING else "work"
    place, of = {
        "training": (standing.answered + 1, plan.training),
        "exam": (standing.answered + 1, plan.exam),
        "work": (standing.set_done + 1, SET_SIZE),
    }[stage]
    return Card(
        project=project,
        token=held.token,
        step=held.step,
        stage=stage,
        fields=held.fields,
        draft=Draft.load(held.draft),
        page=held.page,
        pages_seen=held.pages_seen,
        place=place,
        of=of,
        today_micro=today_micro,
        currency=held.currency,
        flipped=bool(held.flipped),
        is_rich=reads_rich(tx, person, project, held),
    )


def reads_rich(tx: Tx, person: Person, project: Project, held: Assignment) -> bool:
    """Tell whether a person reads an item as a rich message: its texts ask for it, they do not want plain text, and the server takes it."""
    return (
        not person.plain_text
        and not held.plain
        and wants_rich(project.definition, held.fields)
        and rich.serves(tx)
    )


def earned_today(tx: Tx, person: Person, currency: str) -> int:
    """Sum what a student earned since midnight where they live."""
    since_ms = calendar.day_start_ms(tx.now_ms, people.profile_of(tx, person).time_zone)
    return tx.number("judgments.earned_since", person_id=person.id, since_ms=since_ms, currency=currency)


def set_ended(tx: Tx, person: Person, project: Project, standing: Standing) -> SetEnded:
    """Sum up the set under way."""
    since_ms = calendar.week_start_ms(tx.now_ms, people.profile_of(tx, person).time_zone)
    currency = project.rules.pay.currency
    return SetEnded(
        project=project,
        done=standing.set_done,
        credited_ms=standing.set_credited_ms,
        amount_micro=standing.set_amount_micro,
        currency=currency,
        week_credited_ms=tx.number("judgments.credited_since", person_id=person.id, since_ms=since_ms),
        week_amount_micro=tx.number(
            "judgments.earned_since", person_id=person.id, since_ms=since_ms, currency=currency
        ),
    )


def pause(tx: Tx, visitor: Visitor) -> SetEnded | None:
    """Lay the open item aside and sum up the set so far. None when nothing lies open."""
    person = people.require(tx, visitor)
    opened = assignments.open_of(tx, person.id)
    if opened is None:
        return None
    assignments.stop(tx, opened, "paused")
    project = projects.get(tx, opened.project_id)
    standing = qualifications.of(tx, person.id, project.id)
    assert standing is not None
    return set_ended(tx, person, project, standing)
