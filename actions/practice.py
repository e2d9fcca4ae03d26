"""Practice: the few explained items that bring a paused student back. Which ones they are, which comes next, and how each was answered;
what follows from finishing them is decided in `standings`."""

from __future__ import annotations

import dataclasses
import json

from actions.assignments import Assignment
from actions.projects import Project
from rules import standing as rules
from rules.kinds import Steps, Value
from rules.quality import questions
from storage.tx import Tx

CANDIDATES_MAX = 200
USE = "training"


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """An item that practice can be made of. `gold`: the right answers as JSON. `given` and `confidence` (millionths): the figures behind
    the answer of an item that students settled; None for a training item, which explains itself."""

    item_id: int
    gold: str
    given: int | None
    confidence: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """The item of a practice that is to be answered. `attempt`: as what it is given, the training before work being the first one;
    `token`: of the assignment that it was given with before, whose time ran out."""

    pause_id: int
    place: int
    item_id: int
    attempt: int
    token: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Exercise:
    """An item of a practice as it lies before its student, and what is explained of it."""

    pause_id: int
    place: int
    of: int
    gold: str
    given: int | None
    confidence: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """How many items of a practice were answered, and how many of them right."""

    answered: int
    correct: int


def candidates(tx: Tx, project: Project, person_id: int) -> list[Candidate]:
    """Give the items that practice can be made of, the right answers in turn: the project's training items; where these are too few,
    items that others settled clearly."""
    found = tx.all(
        "practice.training", Candidate, project_id=project.id, person_id=person_id, most=CANDIDATES_MAX
    )
    if len(found) < rules.PRACTICE_LEAST:
        found = [*found, *_settled(tx, project, person_id)]
    return [found[place] for place in rules.mixed([one.gold for one in found], rules.PRACTICE_ITEMS)]


def _settled(tx: Tx, project: Project, person_id: int) -> list[Candidate]:
    """Find settled items by the lead question; on a project of words and quotes alone there are none."""
    lead = next(iter(questions.deciding(questions.of_definition(project.definition))), None)
    if lead is None:
        return []
    rows = tx.all(
        "practice.settled",
        Candidate,
        project_id=project.id,
        person_id=person_id,
        question=lead.key,
        confidence=rules.SETTLED_CONFIDENCE_MICRO,
        given=rules.SETTLED_ANSWERS,
        most=CANDIDATES_MAX,
    )
    return [dataclasses.replace(row, gold=_as_gold(project, lead, row.gold)) for row in rows]


def _as_gold(project: Project, lead: questions.Asked, word: str) -> str:
    """Write a class as the gold answer that an item's file would have."""
    value: Value = questions.value_of(project.rules, lead, word)
    if isinstance(project.rules.asked(lead.question), Steps) and word != questions.BAD_PROBLEM:
        value = int(word)
    return json.dumps({lead.question: value}, ensure_ascii=False)


def keep(tx: Tx, pause_id: int, chosen: list[Candidate]) -> None:
    """Keep the items of a pause's practice."""
    for place, one in enumerate(chosen, start=1):
        tx.run("practice.add", pause_id=pause_id, place=place, **dataclasses.asdict(one))


def next_step(tx: Tx, person_id: int, project_id: int) -> Step | None:
    """Give the item that comes next in the practice of a student for whom a project is paused; None when all are answered."""
    return tx.one("practice.next", Step, person_id=person_id, project_id=project_id)


def given_out(tx: Tx, step: Step, token: str) -> None:
    """Note the assignment with which an item of a practice was given."""
    tx.run("practice.set_token", pause_id=step.pause_id, place=step.place, token=token)


def exercise(tx: Tx, lease: Assignment) -> Exercise | None:
    """Give what is explained of an assignment that is practice; None for any other."""
    # The training before work is a first attempt, always; so a tap on anything else asks nothing.
    if lease.use != USE or lease.attempt == 1:
        return None
    return tx.one("practice.of_token", Exercise, token=lease.token)


def answer(tx: Tx, asked: Exercise, *, correct: bool) -> Done:
    """Note how an item of a practice was answered."""
    tx.run("practice.answer", pause_id=asked.pause_id, place=asked.place, correct=int(correct))
    return done(tx, asked.pause_id)


def done(tx: Tx, pause_id: int) -> Done:
    """Tell how far a practice is."""
    return tx.one("practice.done", Done, pause_id=pause_id) or Done(0, 0)
