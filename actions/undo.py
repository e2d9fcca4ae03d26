"""Undo: within a card the last step of its answer; behind it, the judgment before, with its time and its pay."""

from __future__ import annotations

import dataclasses
import json

from actions import assignments, budgets, desk, ledger, qualifications, quality, reviews, tallies
from actions.assignments import Assignment
from actions.desk import Desk
from actions.outcomes import CannotUndo, Outcome, Stepped, Undone
from actions.tallies import Judgment
from rules import answers
from rules.answers import Draft
from rules.kinds import Sheet
from rules.qualification import QUALIFYING
from storage.tx import Tx


def undo(tx: Tx, held: Desk) -> Outcome:
    """Take back the last rating or answer of this card; on a fresh card, the answer before it."""
    card = desk.bare_card(tx, held)
    draft = answers.after_undo(held.project.rules, card.draft, card.sheet)
    if draft is not None:
        return Stepped(desk.set_draft(tx, held, card, draft, makes_old=True))
    return _undo_before(tx, held)


def _undo_before(tx: Tx, held: Desk) -> Outcome:
    """Take back the answer before this card: its pay is reversed, and it lies open again. The present card waits its turn."""
    last = tx.one("judgments.last_of", Judgment, person_id=held.person.id)
    if last is None or not _can_undo(tx, held, last):
        return CannotUndo(desk.card(tx, held))
    earlier = assignments.by_token(tx, last.token)
    assert earlier is not None
    if not _can_pay_again(tx, held, last, earlier):
        return CannotUndo(desk.card(tx, held))
    tx.run("judgments.undo", id=last.id, now_ms=tx.now_ms)
    tallies.add_earned(
        tx, held.person.id, last.answered_ms, last.currency, -last.credited_ms, -last.amount_micro
    )
    ledger.reverse(
        tx,
        key=f"undo:{last.id}",
        of=f"judgment:{last.id}",
        person_id=held.person.id,
        actor=f"person:{held.person.id}",
        reason="undone by the student",
    )
    tx.run("ledger.forget_approval", judgment_id=last.id)
    tallies.forget_answers(tx, held, last)
    assignments.stop(tx, held.held, "parked")
    given, sheet = Draft(json.loads(last.answers)), Sheet(json.loads(earlier.fields), bool(earlier.flipped))
    reopened = answers.after_undo(held.project.rules, given, sheet) or answers.EMPTY
    assignments.restart(tx, earlier, reopened.dump())
    _take_back(tx, held, last)
    standing = desk.standing_now(tx, held)
    back = desk.again(tx, Desk(held.person, held.project, standing, earlier))
    return Undone(desk.card(tx, back))


def _can_undo(tx: Tx, held: Desk, last: Judgment) -> bool:
    """One level, within the window, on the same project, and not across the end of a set, training or exam; nor by who has seen what
    others answered."""
    behind = held.standing.answered if last.use == "exam" else held.standing.set_done
    return (
        last.undone_ms is None
        and last.approved_ms is None
        and tx.now_ms - last.answered_ms < ledger.UNDO_WINDOW_MS
        and last.project_id == held.project.id
        and _stage(last.use) == _stage(held.held.use) != "training"
        and behind > 0
        and last.withheld_id is None
        and not reviews.is_review(tx, last.token)
    )


def _can_pay_again(tx: Tx, held: Desk, last: Judgment, earlier: Assignment) -> bool:
    """Tell whether the budget holds what an item that lies open again may cost beyond what its answer was paid."""
    more = earlier.terms.most_micro - earlier.terms.most_topup_micro - last.amount_micro
    return more <= 0 or budgets.can_pay(tx, held.project, more)


def _stage(use: str) -> str:
    return use if use in QUALIFYING else "work"


def _take_back(tx: Tx, held: Desk, last: Judgment) -> None:
    """Undo what recording the answer did besides the ledger."""
    correct = None if last.correct is None else bool(last.correct)
    if last.use == "exam":
        progress = held.standing.progress
        progress = dataclasses.replace(
            progress, answered=progress.answered - 1, exam_right=progress.exam_right - bool(correct)
        )
        qualifications.set_progress(tx, held.standing, progress)
        return
    quality.forget(tx, held.project, last.item_id, last.use)
    tallies.tally(tx, held, -1, last.credited_ms, last.amount_micro, correct)
