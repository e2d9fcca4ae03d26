"""Students who work through a small project, for tests that look at what their work left behind."""

from __future__ import annotations

from actions import judgments, outcomes, qualifications, work
from actions.outcomes import ExamEnded, Explained
from actions.people import Visitor
from actions.projects import Project
from actions.work import Card, Next
from tests.actions.conftest import Db

TAPS = ("o0", "o1", "o0", "o0")
SECONDS = (7, 41, 19, 300)


def start(db: Db, project: Project, telegram_id: int) -> tuple[Visitor, Next]:
    """Let a new student join and begin."""
    visitor, _ = db.join(telegram_id)
    db.run(qualifications.join, visitor, project.id)
    return visitor, db.run(work.begin_stage, visitor, project.id)


def judge(db: Db, visitor: Visitor, card: Card, operation: str, seconds: int = 20) -> Next:
    """Answer a card; a "wrong" also names its first reason. Give what comes next."""
    db.clock.advance(seconds * 1000)
    outcome = db.run(judgments.tap, visitor, card.token, card.step, operation)
    while isinstance(outcome, outcomes.Stepped):
        card = outcome.card
        tick = "d" if card.draft.marks else "t0+"
        outcome = db.run(judgments.tap, visitor, card.token, card.step, tick)
    if isinstance(outcome, Explained | ExamEnded):
        return db.run(work.begin_stage, visitor, outcome.project.id)
    assert isinstance(outcome, outcomes.Recorded), outcome
    return outcome.next


def work_through(db: Db, project: Project, students: int, items: int = 50) -> None:
    """Let so many students answer what they are given, one after the other, with varied answers and times."""
    for number in range(students):
        visitor, following = start(db, project, 100 + number)
        for done in range(items):
            if not isinstance(following, Card):
                break
            tap, seconds = TAPS[(done + number) % 4], SECONDS[(done * 3 + number) % 4]
            following = judge(db, visitor, following, tap, seconds)
