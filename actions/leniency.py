"""How mildly a student answers beside others on the same items, for themselves to know."""

from __future__ import annotations

import dataclasses
import json

from actions import people, qualifications
from actions.people import Visitor
from actions.projects import Project
from rules import leniency
from rules.kinds import Value
from rules.leniency import Leniency
from storage.tx import Tx

NEWEST = 200
"""A student's newest answers that are looked at: how they work now, and the same cost however many they have given."""
ROWS_MOST = 3_000


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What can be told of a student on a project; nothing while too few of their items were answered by others."""

    project: Project
    figures: list[Leniency]


@dataclasses.dataclass(frozen=True, slots=True)
class _Beside:
    item_id: int
    mine: str
    theirs: str


def of_person(tx: Tx, visitor: Visitor, project_id: int) -> Found:
    """Tell a visitor how mildly they answer on a project."""
    person = people.known(tx, visitor)
    project = qualifications.known_project(tx, project_id)
    if not leniency.questions(project.rules):
        return Found(project, [])
    rows = tx.all(
        "leniency.answers_beside",
        _Beside,
        person_id=person.id,
        project_id=project.id,
        newest=NEWEST,
        most=ROWS_MOST,
    )
    pairs: dict[int, tuple[dict[str, Value], list[dict[str, Value]]]] = {}
    for row in rows:
        pairs.setdefault(row.item_id, (json.loads(row.mine), []))[1].append(json.loads(row.theirs))
    return Found(project, leniency.measure(project.rules, list(pairs.values())))
