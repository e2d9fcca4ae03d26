"""Position bias of a project and its students, from two counters for each student that go along with their live judgments."""

from __future__ import annotations

import dataclasses

from actions import people, projects
from actions.people import Visitor
from actions.projects import Project
from rules import position
from rules.position import Bias
from storage.tx import Tx

LISTED_MOST = 20


@dataclasses.dataclass(frozen=True, slots=True)
class StudentBias:
    """A student by pseudonym, and how they choose between the places."""

    pseudonym: str
    bias: Bias


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """How a project's students choose. `overall`: None before the first choice. `students`: those with enough choices, the most
    uneven first, at most `LISTED_MOST` of the `compared`."""

    project: Project
    overall: Bias | None
    students: list[StudentBias]
    compared: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Counts:
    first_chosen: int
    second_chosen: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Sums:
    first_chosen: int
    second_chosen: int
    compared: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Student:
    pseudonym: str
    first_chosen: int
    second_chosen: int


def count(tx: Tx, project_id: int, person_id: int, flipped: bool, value: str, done: int = 1) -> None:
    """Count a choice between two answers; `done` -1 takes one back that was counted. Ties and whatever else is no side are not counted.

    `value`: the item's side chosen, "a" or "b"; `flipped`: b was read first.
    """
    if value not in ("a", "b"):
        return
    is_first = (value == "b") == bool(flipped)
    query = "position.add" if done > 0 else "position.take_back"
    tx.run(query, project_id=project_id, person_id=person_id, first=int(is_first), second=int(not is_first))


def of_project(tx: Tx, visitor: Visitor, project_id: int) -> Report:
    """Report how the students of a project choose, to whoever manages it."""
    _, project = projects.managed_by_id(tx, visitor, project_id)
    least = position.LEAST_CHOICES
    sums = tx.one("position.sums", _Sums, project_id=project.id, least=least) or _Sums(0, 0, 0)
    rows = tx.all("position.students", _Student, project_id=project.id, least=least, most=LISTED_MOST)
    students = [
        StudentBias(
            row.pseudonym, position.measure(row.first_chosen, row.second_chosen, compared=sums.compared)
        )
        for row in rows
    ]
    return Report(project, _measured(sums), students, sums.compared)


def of_person(tx: Tx, visitor: Visitor, project_id: int) -> Bias | None:
    """Tell a student how they choose on a project themselves; None while they have made too few choices to tell."""
    person = people.known(tx, visitor)
    counts = tx.one("position.of", _Counts, project_id=project_id, person_id=person.id)
    if counts is None or counts.first_chosen + counts.second_chosen < position.LEAST_CHOICES:
        return None
    return _measured(counts)


def _measured(counts: _Counts | _Sums) -> Bias | None:
    first, second = counts.first_chosen, counts.second_chosen
    return position.measure(first, second) if first + second else None
