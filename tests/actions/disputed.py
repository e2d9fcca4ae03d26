"""An item in dispute, for tests that rule on it: four students who do not agree, a coordinator, and a senior student who has not met it."""

from __future__ import annotations

import dataclasses

from actions import judgments, outcomes, qualifications, reviews, roles, work
from actions.people import Person, Visitor
from actions.projects import Project
from actions.work import Card, Next
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make

VOTES = ("o0", "o1", "o0", "o1")


@dataclasses.dataclass(slots=True)
class Scene:
    """A project "sums" whose only item, number 1, took all its answers."""

    db: Db
    project: Project
    students: list[Visitor]
    coordinator: Visitor
    coordinator_id: int

    def state(self, item_id: int = 1) -> str:
        """Give the state of what is believed of the item."""
        return str(self.db.value("SELECT state FROM beliefs WHERE item_id = :id", id=item_id))

    def belief(self) -> tuple[str, str, int]:
        """Give state, label and confidence of what is believed of the first item."""
        return self.db.rows("SELECT state, label, confidence FROM beliefs WHERE item_id = 1")[0]

    def join(self, telegram_id: int) -> tuple[Visitor, Person]:
        """Let one student more join the project."""
        visitor, person = self.db.join(telegram_id)
        self.db.run(qualifications.join, visitor, self.project.id)
        return visitor, person

    def senior(self, telegram_id: int = 50, golds: int = 40, right: int = 38) -> tuple[Visitor, Person]:
        """Let somebody join and be named a senior, with so many golds behind them."""
        visitor, person = self.join(telegram_id)
        self.db.connection.execute(
            "UPDATE qualifications SET gold_right = :right, gold_wrong = :wrong WHERE person_id = :id",
            {"right": right, "wrong": golds - right, "id": person.id},
        )
        self.db.run(reviews.name, self.coordinator, self.project.id, person.id, named=True)
        return visitor, person

    def next(self, visitor: Visitor) -> Next:
        """Ask for work."""
        return self.db.run(work.go_on, visitor, self.project.id)

    def answer(self, visitor: Visitor, card: Card, operation: str, seconds: int = 20) -> Next:
        """Answer a card; a "wrong" also names its first reason. Give what follows."""
        return answer(self.db, visitor, card, operation, seconds)


def answer(db: Db, visitor: Visitor, card: Card, operation: str, seconds: int = 20) -> Next:
    """Answer a card as its student would, and give what follows."""
    db.clock.advance(seconds * 1000)
    outcome = db.run(judgments.tap, visitor, card.token, card.step, operation)
    while isinstance(outcome, outcomes.Stepped):
        card = outcome.card
        tick = "d" if card.draft.marks else "t0+"
        outcome = db.run(judgments.tap, visitor, card.token, card.step, tick)
    assert isinstance(outcome, outcomes.Recorded), outcome
    return outcome.next


def scene(db: Db, items: int = 1, votes: tuple[str, ...] = VOTES) -> Scene:
    """Let four students answer all items, and disagree on each."""
    project = make(db, work_items=items)
    coordinator, person = db.join(900, "coordinator")
    db.run(roles.let_manage, person.id, project.id)
    made = Scene(db, project, [], coordinator, person.id)
    for number in range(len(votes)):
        made.students.append(made.join(number + 1)[0])
    for visitor, vote in zip(made.students, votes, strict=True):
        for _ in range(items):
            made.answer(visitor, card_of(made.next(visitor)), vote)
    return made
