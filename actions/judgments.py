"""Judgments: what a tap on a task card does. Whatever is tapped, twice, late, forged, from another account or an old card: a judgment is
recorded exactly once, with its time and its pay, in the transaction that takes the tap.

Pure rules decide what a tap means and what follows; this module only carries their decisions into the books.
"""

from __future__ import annotations

import dataclasses
import json

from actions import assignments, ledger, overlap, people, projects, qualifications, refusals, work
from actions.assignments import Assignment
from actions.outcomes import (
    AlreadyJudged,
    AlreadyLeft,
    CannotUndo,
    ExamEnded,
    Explained,
    LeaseEnded,
    Left,
    Noted,
    OldCard,
    Outcome,
    ProjectEnded,
    Recorded,
    Stepped,
    Undone,
)
from actions.people import Person, Visitor
from actions.projects import Project
from actions.qualifications import Standing
from actions.work import Card, Next
from rules import answers, calendar, credit, gold, money, qualification
from rules import ledger as books
from rules.answers import Draft
from rules.qualification import QUALIFYING, WORKING
from storage.tx import Tx

FLAG_REASONS = {
    "text": "Text is broken",
    "unclear": "Question is unclear",
    "harmful": "Upsetting content",
    "other": "Other",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Judgment:
    """A judgment as stored, as far as taps need it."""

    id: int
    token: str
    project_id: int
    item_id: int
    use: str
    answers: str
    correct: int | None
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str
    approved_ms: int | None
    undone_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Desk:
    """Everything that a tap on a card concerns."""

    person: Person
    project: Project
    standing: Standing
    held: Assignment

    def card(self, tx: Tx) -> Card:
        return work.as_card(tx, self.person, self.project, self.standing, self.held)


def tap(tx: Tx, visitor: Visitor, token: str, step: int, operation: str) -> Outcome:
    """Take a tap on a task card: an answer, a tick, a page, skip, flag or undo.

    `operation`: those of `rules.answers.after_tap`, and `g2` go to the third page, `s` skip, `f…` flag with a reason, `u` undo the answer
    before. Refuses what belongs to somebody else.
    """
    desk = _desk(tx, visitor, token)
    match desk.held.state:
        case "judged":
            return _already_judged(tx, desk)
        case "skipped" | "flagged":
            return AlreadyLeft()
        case "open":
            return _act(tx, desk, step, operation)
    return _take_up(tx, desk, step, operation)


def _take_up(tx: Tx, desk: _Desk, step: int, operation: str) -> Outcome:
    """Go on with an item that was laid aside or whose lease ran out, if its student may still have it; the tap then counts."""
    held = desk.held
    if held.state == "expired" and desk.project.state == "closed":
        return ProjectEnded(desk.project)
    if not _is_due(desk):
        if held.state != "expired":
            assignments.give_up(tx, held, "expired")
        return LeaseEnded(_next(tx, desk))
    if held.state == "parked" and operation == "u":
        following = _next(tx, desk)
        if isinstance(following, Card):
            # A second tap on Undo: the first one has laid another item open.
            return OldCard(following)
    if held.state == "expired" and held.use not in QUALIFYING:
        # A work item's place may have gone to somebody else, a gold item's never: taking back what is free would tell them apart.
        return LeaseEnded(_next(tx, desk))
    assignments.start(tx, held)
    return _act(tx, _again(tx, desk), step, operation)


def _is_due(desk: _Desk) -> bool:
    """Tell whether an item belongs to where its student stands now: work for those at work, the exam of this attempt, and so on."""
    held, standing = desk.held, desk.standing
    if held.use in QUALIFYING:
        return (held.use, held.attempt) == (standing.standing, standing.attempt)
    return standing.standing in WORKING


def look(tx: Tx, visitor: Visitor, token: str) -> Card | None:
    """Give a card as it stands, if it lies open before its student; nothing is changed."""
    desk = _desk(tx, visitor, token)
    return desk.card(tx) if desk.held.state == "open" else None


def _desk(tx: Tx, visitor: Visitor, token: str) -> _Desk:
    person = people.require_ready(tx, visitor)
    held = assignments.by_token(tx, token)
    if held is None or held.person_id != person.id:
        raise refusals.NotYours
    standing = qualifications.of(tx, person.id, held.project_id)
    if standing is None:
        raise refusals.NotYours
    return _Desk(person, projects.get(tx, held.project_id), standing, held)


def _again(tx: Tx, desk: _Desk) -> _Desk:
    """Look at the assignment anew, after it changed."""
    held = assignments.by_token(tx, desk.held.token)
    assert held is not None
    return dataclasses.replace(desk, held=held)


def _act(tx: Tx, desk: _Desk, step: int, operation: str) -> Outcome:
    if step != desk.held.step:
        return OldCard(desk.card(tx))
    kind, rest = operation[:1], operation[1:]
    if kind == "g":
        return _turn_page(tx, desk, rest)
    if kind == "s" and not rest:
        return _leave(tx, desk, "skipped")
    if kind == "f" and rest in FLAG_REASONS:
        return _flag(tx, desk, rest)
    if kind == "u" and not rest:
        return _undo(tx, desk)
    return _answer(tx, desk, operation)


def _turn_page(tx: Tx, desk: _Desk, rest: str) -> Outcome:
    count = work.pages_of(desk.project, desk.held)
    page = int(rest) if rest.isascii() and rest.isdigit() else count
    if page >= count or page > desk.held.pages_seen + 1:
        return OldCard(desk.card(tx))
    tx.run(
        "assignments.set_page",
        token=desk.held.token,
        page=page,
        pages_seen=max(page, desk.held.pages_seen),
    )
    return Stepped(_again(tx, desk).card(tx))


def _flag(tx: Tx, desk: _Desk, reason: str) -> Outcome:
    """Note that an item is broken. A training or exam item is answered all the same, since the set needs it."""
    tx.run("assignments.set_flag", token=desk.held.token, reason=reason)
    if desk.held.use in QUALIFYING:
        return Noted(desk.card(tx))
    return _leave(tx, desk, "flagged")


def _leave(tx: Tx, desk: _Desk, how: str) -> Outcome:
    """Leave an item unanswered and go on. Training and exam items cannot be left."""
    if desk.held.use in QUALIFYING:
        return OldCard(desk.card(tx))
    assignments.give_up(tx, desk.held, how)
    return Left(how, _next(tx, desk))


def _next(tx: Tx, desk: _Desk) -> Next:
    return work.next_for(tx, desk.person, desk.project, _standing(tx, desk), asked=True)


def _answer(tx: Tx, desk: _Desk, operation: str) -> Outcome:
    rules = desk.project.rules
    draft = Draft.load(desk.held.draft)
    if desk.held.pages_seen < work.pages_of(desk.project, desk.held) - 1:
        return OldCard(desk.card(tx))
    after = answers.after_tap(rules, draft, operation)
    if after is None:
        return OldCard(desk.card(tx))
    if answers.question_now(rules, after) is None:
        return _record(tx, desk, after)
    # A tick leaves the step as it is, so that quick ticks do not make each other old.
    step = desk.held.step + (after.answers != draft.answers)
    tx.run("assignments.set_draft", token=desk.held.token, draft=after.dump(), step=step)
    held = dataclasses.replace(desk.held, draft=after.dump(), step=step)
    return Stepped(dataclasses.replace(desk, held=held).card(tx))


def _record(tx: Tx, desk: _Desk, draft: Draft) -> Outcome:
    held, rules = desk.held, desk.project.rules
    spent = assignments.spent_ms(held, tx.now_ms)
    credited = credit.credited_ms(spent, held.cap_ms)
    amount = money.earned_micro(credited, held.rate_micro)
    right = json.loads(held.gold) if held.gold is not None else None
    correct = None if right is None else answers.meets_gold(rules, right, draft.answers)
    judgment_id = tx.value(
        "judgments.add",
        token=held.token,
        person_id=held.person_id,
        project_id=held.project_id,
        item_id=held.item_id,
        use=held.use,
        answers=json.dumps(dict(draft.answers), ensure_ascii=False),
        correct=None if correct is None else int(correct),
        shown_ms=held.first_shown_ms,
        now_ms=tx.now_ms,
        credited_ms=credited,
        amount_micro=amount,
        currency=held.currency,
    )
    if judgment_id is None:
        return _already_judged(tx, desk)
    assignments.stop(tx, held, "judged")
    _add_earned(tx, held.person_id, tx.now_ms, held.currency, credited, amount)
    ledger.post(
        tx,
        key=f"judgment:{judgment_id}",
        kind="earning",
        person_id=held.person_id,
        actor=f"person:{held.person_id}",
        reason=f"{held.use if held.use in QUALIFYING else 'work'} item judged",
        postings=books.earning(held.project_id, held.person_id, credited, amount, held.currency),
    )
    if held.use in QUALIFYING:
        ledger.plan_approval(tx, judgment_id)
        return _qualify(tx, desk, bool(correct), credited, amount)
    if held.use == "work":
        overlap.review(tx, desk.project, held.item_id)
    _tally(tx, desk, 1, credited, amount, correct)
    return Recorded(credited, amount, held.currency, _next(tx, desk))


def _add_earned(
    tx: Tx, person_id: int, answered_ms: int, currency: str, credited_ms: int, amount_micro: int
) -> None:
    """Keep the sums that every card shows in step with the judgments."""
    tx.run(
        "judgments.add_earned",
        person_id=person_id,
        quarter_ms=calendar.quarter_start_ms(answered_ms),
        currency=currency,
        credited_ms=credited_ms,
        amount_micro=amount_micro,
    )


def _tally(tx: Tx, desk: _Desk, done: int, credited: int, amount: int, correct: bool | None) -> None:
    """Add an answer to the set and to the golds (or take it back: `done` -1), and see whether the student is to be watched."""
    standing, rules = desk.standing, desk.project.rules
    right, wrong = (done if correct else 0, 0 if correct else done) if correct is not None else (0, 0)
    word = standing.standing
    if word in WORKING and correct is not None:
        score = rules.qualification.pass_score
        word = gold.standing_after(standing.gold_right + right, standing.gold_wrong + wrong, score)
    tx.run(
        "qualifications.tally",
        person_id=standing.person_id,
        project_id=standing.project_id,
        done=done,
        credited_ms=done * credited,
        amount_micro=done * amount,
        gold_right=right,
        gold_wrong=wrong,
        standing=word,
    )


def _qualify(tx: Tx, desk: _Desk, correct: bool, credited: int, amount: int) -> Outcome:
    """Move a student on after a training or exam answer."""
    standing, plan = desk.standing, desk.project.rules.qualification.plan
    before = standing.progress
    after = qualification.after_answer(plan, before, correct, tx.now_ms)
    qualifications.set_progress(tx, standing, after)
    if before.standing == "training":
        return _explained(desk, correct, credited, amount)
    if after.standing == "exam" and after.attempt == before.attempt:
        return Recorded(credited, amount, desk.held.currency, _next(tx, desk))
    return ExamEnded(
        project=desk.project,
        passed=after.standing in WORKING,
        right=before.exam_right + correct,
        of=plan.exam,
        needed=qualification.needed_right(plan),
        retry_ms=after.retry_ms,
        credited_ms=credited,
        amount_micro=amount,
        currency=desk.held.currency,
        time_zone=people.profile_of(tx, desk.person).time_zone,
    )


def _explained(desk: _Desk, correct: bool, credited: int, amount: int) -> Explained:
    rules = desk.project.rules
    return Explained(
        project=desk.project,
        fields=desk.held.fields,
        correct=correct,
        right_answer=answers.words(rules, json.loads(desk.held.gold or "{}")),
        explanation=desk.held.explanation or "",
        credited_ms=credited,
        amount_micro=amount,
        currency=desk.held.currency,
        place=desk.standing.answered + 1,
        of=rules.qualification.training,
    )


def _already_judged(tx: Tx, desk: _Desk) -> AlreadyJudged:
    live = tx.one("judgments.live_of", Judgment, token=desk.held.token)
    return AlreadyJudged(answers.words(desk.project.rules, json.loads(live.answers)) if live else "")


def _undo(tx: Tx, desk: _Desk) -> Outcome:
    """Take back the answer before this card: its pay is reversed, and it lies open again. The present card waits its turn."""
    last = tx.one("judgments.last_of", Judgment, person_id=desk.person.id)
    if last is None or not _can_undo(tx, desk, last):
        return CannotUndo(desk.card(tx))
    held = assignments.by_token(tx, last.token)
    assert held is not None
    tx.run("judgments.undo", id=last.id, now_ms=tx.now_ms)
    _add_earned(tx, desk.person.id, last.answered_ms, last.currency, -last.credited_ms, -last.amount_micro)
    ledger.reverse(
        tx,
        key=f"undo:{last.id}",
        of=f"judgment:{last.id}",
        person_id=desk.person.id,
        actor=f"person:{desk.person.id}",
        reason="undone by the student",
    )
    tx.run("ledger.forget_approval", judgment_id=last.id)
    assignments.stop(tx, desk.held, "parked")
    assignments.restart(tx, held)
    _take_back(tx, desk, last)
    return Undone(_again(tx, _Desk(desk.person, desk.project, _standing(tx, desk), held)).card(tx))


def _standing(tx: Tx, desk: _Desk) -> Standing:
    standing = qualifications.of(tx, desk.person.id, desk.project.id)
    assert standing is not None
    return standing


def _can_undo(tx: Tx, desk: _Desk, last: Judgment) -> bool:
    """One level, within the window, on the same project, and not across the end of a set, training or exam."""
    behind = desk.standing.answered if last.use == "exam" else desk.standing.set_done
    return (
        last.undone_ms is None
        and last.approved_ms is None
        and tx.now_ms - last.answered_ms < ledger.UNDO_WINDOW_MS
        and last.project_id == desk.project.id
        and _stage(last.use) == _stage(desk.held.use) != "training"
        and behind > 0
    )


def _stage(use: str) -> str:
    return use if use in QUALIFYING else "work"


def _take_back(tx: Tx, desk: _Desk, last: Judgment) -> None:
    """Undo what recording the answer did besides the ledger."""
    correct = None if last.correct is None else bool(last.correct)
    if last.use == "exam":
        progress = desk.standing.progress
        progress = dataclasses.replace(
            progress, answered=progress.answered - 1, exam_right=progress.exam_right - bool(correct)
        )
        qualifications.set_progress(tx, desk.standing, progress)
        return
    if last.use == "work":
        overlap.reopen(tx, last.item_id)
    _tally(tx, desk, -1, last.credited_ms, last.amount_micro, correct)
