"""A crowd of students of known accuracy who work through a small project, and the refits that come in between."""

from __future__ import annotations

import random

from actions import quality, refits, work
from actions.people import Visitor
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.working import judge, start


class Crowd:
    """Students of known accuracy who work through a project in turns; every item is right ("o0") where its number is even."""

    def __init__(self, db: Db, project: Project, accuracies: list[float], seed: int = 3) -> None:
        self.db, self.project, self.chance = db, project, random.Random(seed)
        self.people: list[tuple[Visitor, float]] = []
        self.following: list[work.Next] = []
        for number, accuracy in enumerate(accuracies):
            visitor, following = start(db, project, 100 + number)
            self.people.append((visitor, accuracy))
            self.following.append(following)

    def truth(self, item_id: int) -> str:
        use = self.db.value("SELECT use FROM items WHERE id = :id", id=item_id)
        return "o0" if use == "gold" or item_id % 2 == 0 else "o1"

    def turn(self, student: int) -> bool:
        """Let a student answer once. False when there was nothing for them."""
        visitor, accuracy = self.people[student]
        following = self.following[student]
        if isinstance(following, work.SetEnded):
            following = self.db.run(work.begin_set, visitor, self.project.id)
        elif not isinstance(following, work.Card):
            following = self.db.run(work.go_on, visitor, self.project.id)
        if not isinstance(following, work.Card):
            self.following[student] = following
            return False
        item_id = self.db.value("SELECT item_id FROM assignments WHERE token = :token", token=following.token)
        right = self.truth(item_id)
        other = "o1" if right == "o0" else "o0"
        tap = right if self.chance.random() < accuracy else other
        self.following[student] = judge(self.db, visitor, following, tap)
        return True

    def work(self, turns: int, *, fits: bool = True) -> None:
        """Let everybody answer so often, in turns, and the timetable do its part."""
        for _ in range(turns):
            for student in range(len(self.people)):
                self.turn(student)
            if fits:
                refit(self.db)


def refit(db: Db) -> int:
    """Refit what is due, as the timetable does. Return how many projects that were."""
    found = db.run(refits.due)
    for project_id in found:
        loaded = db.run(refits.load, project_id)
        fitted = refits.fit(loaded)
        db.run(refits.install, loaded, fitted)
        db.run(quality.look_again, project_id, db.run(refits.to_look_at, loaded, fitted))
        db.run(refits.finish, loaded)
    return len(found)


def labels(db: Db) -> dict[int, str | None]:
    return dict(db.rows("SELECT item_id, label FROM beliefs WHERE question = 'correct'"))


def live(db: Db) -> int:
    return int(db.value("SELECT COUNT(*) FROM judgments WHERE use = 'work' AND undone_ms IS NULL"))
