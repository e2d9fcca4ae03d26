"""What a student gets next: the card that lies open, the next item, the end of a set, or the reason why there is nothing."""

from __future__ import annotations

from actions import (
    assignments,
    budgets,
    choice,
    people,
    practice,
    projects,
    qualifications,
    quality,
    refusals,
    reviews,
    rich,
    round_cards,
    standings_told,
)
from actions.assignments import Assignment
from actions.offers import BreakDue, Card, ChooseProject, ExamToRetry, Next, NothingNow, SetEnded, StageBegins
from actions.people import Person, Visitor
from actions.projects import Project
from actions.qualifications import Standing
from rules import calendar, credit
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
    if standing is None or standing.standing == "left":
        raise refusals.NotOnProject(title=project.title)
    return standing


def next_for(
    tx: Tx,
    person: Person,
    project: Project,
    standing: Standing,
    *,
    asked: bool,
    may: choice.May | None = None,
) -> Next:
    """Give a student's next thing on a project. `asked`: they came by themselves, so a stage introduces itself first. `may`: asked of each
    item, in the order in which they would be given."""
    if standing.standing == "removed":
        return standings_told.removed(tx, person, project) or NothingNow(project, "standing")
    look = reviews.second_look(tx, person, project) if standing.standing in WORKING else None
    if look is not None:
        return look
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
    if standing.standing == "paused":
        return _paused(tx, person, project, standing, asked=asked)
    if standing.standing not in WORKING:
        return NothingNow(project, "standing")
    asked_now = _round_card(tx, person, project, standing)
    if asked_now is not None:
        return asked_now
    if standing.set_done >= SET_SIZE:
        return set_ended(tx, person, project, standing)
    return _work_card(tx, person, project, standing, may)


def _was_trained(project: Project, standing: Standing) -> bool:
    return standing.attempt == 1 and project.rules.qualification.training > 0


def _round_card(tx: Tx, person: Person, project: Project, standing: Standing) -> Next | None:
    """Give a student the next item of a calibration round, before any other work. None when no round asks them anything."""
    wanted = round_cards.wanted(tx, person.id, project.id)
    if wanted is None:
        return None
    terms = _terms(tx, person, project, "work")
    if not budgets.can_pay(tx, project, terms.most_micro):
        return NothingNow(budgets.pause(tx, project, terms.most_micro), "paused")
    if wanted.token is None:
        return _lease(tx, person, project, standing, wanted.item_id, "work", terms, wanted.round_id)
    ended = assignments.by_token(tx, wanted.token)
    assert ended is not None
    round_cards.note(tx, wanted.round_id, ended.token)
    return as_card(tx, person, project, standing, assignments.start(tx, ended))


def _paused(tx: Tx, person: Person, project: Project, standing: Standing, *, asked: bool) -> Next:
    """Say why a project is paused for a student; once they begin the practice that brings them back, give its next item."""
    step = None if asked else practice.next_step(tx, person.id, project.id)
    if step is None:
        return standings_told.paused(tx, person, project) or NothingNow(project, "standing")
    terms = _terms(tx, person, project, practice.USE)
    if not budgets.can_pay(tx, project, terms.most_micro):
        return NothingNow(budgets.pause(tx, project, terms.most_micro), "paused")
    if step.token is None:
        return _lease(tx, person, project, standing, step.item_id, practice.USE, terms, step=step)
    ended = assignments.by_token(tx, step.token)
    assert ended is not None
    return as_card(tx, person, project, standing, assignments.start(tx, ended))


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
        choice.Pick,
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


def _work_card(tx: Tx, person: Person, project: Project, standing: Standing, may: choice.May | None) -> Next:
    """Lease a work item, or a gold one in its place. Where there is no work there is no gold either: alone, it would show itself."""
    reading = quality.of_person(tx, project, person.id)
    before = standing
    # Who is asked of each item whether they may get it replays what others did, where nobody was a senior.
    disputed = reviews.wanted(tx, person, project, standing, reading) if may is None else None
    if disputed is not None:
        found: choice.Found | None = choice.Found(
            choice.Pick(disputed, disputed), is_fresh=False, is_review=True
        )
    else:
        standing, found = choice.seek_work(tx, person, project, standing, may)
    if found is None:
        if standing != before:
            choice.move(tx, standing)
        return NothingNow(project, "none_left")
    if (
        disputed is None
        and reading is not None
        and reading.waits
        and choice.others_do_it(tx, person, project)
    ):
        return NothingNow(project, "waiting")
    terms = _terms(tx, person, project, "work")
    if not budgets.can_pay(tx, project, terms.most_micro):
        return NothingNow(budgets.pause(tx, project, terms.most_micro), "paused")
    hidden = choice.seek_gold(tx, person, project, standing, reading, may)
    if hidden is not None:
        choice.move(tx, standing, gold_cursor=hidden.place)
        return _lease(tx, person, project, standing, hidden.item_id, "gold", terms)
    choice.take(tx, project, standing, found)
    leased = _lease(tx, person, project, standing, found.pick.item_id, "work", terms)
    if found.is_review and isinstance(leased, Card):
        reviews.note(tx, project.id, found.pick.item_id, person.id, leased.token)
    return leased


def _terms(tx: Tx, person: Person, project: Project, use: str) -> Terms:
    """Give what an item is shown with to a student now; their profile is opened only where rates differ by degree."""
    pay = project.rules.pay
    return pay.terms(people.profile_of(tx, person).degree if pay.rates else "", use)


def _lease(
    tx: Tx,
    person: Person,
    project: Project,
    standing: Standing,
    item_id: int,
    use: str,
    terms: Terms,
    round_id: int | None = None,
    step: practice.Step | None = None,
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
        attempt=step.attempt if step is not None else standing.attempt if use in QUALIFYING else 1,
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
    if round_id is not None:
        round_cards.note(tx, round_id, token)
    if step is not None:
        practice.given_out(tx, step, token)
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
    in_round = round_cards.place_of(tx, held.token, held.item_id) if held.use == "work" else None
    if in_round is not None:
        stage, place, of = "round", in_round.place, in_round.of
    exercise = practice.exercise(tx, held)
    if exercise is not None:
        stage, place, of = "practice", exercise.place, exercise.of
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
