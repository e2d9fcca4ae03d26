"""Agreement on a project: how far the counted answers to its work agree beyond chance, question by question. Only reads."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict

from actions.projects import Project
from rules.agreement import Agreement, Measured
from rules.quality import questions
from rules.quality.questions import Asked
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """The agreement on one question, by its key; of tags each is a question of its own."""

    asked: Asked
    measured: Measured


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    item_id: int
    answers: str


def of_project(tx: Tx, project: Project, *, lead_only: bool = False) -> list[Figure]:
    """Measure every question that has classes, in the project's order, the figures that an order of classes asks for where there is one.

    `lead_only`: only the first question that decides, as for a page that opens with it.
    """
    asked = list(questions.of_definition(project.definition))
    if lead_only:
        asked = questions.deciding(asked)[:1]
    found = {one.key: Agreement() for one in asked}
    for given in _by_item(tx, project, asked):
        for key, classes in given.items():
            found[key].add(classes)
    return [Figure(one, found[one.key].measure(ordered=one.ordered)) for one in asked]


def _by_item(tx: Tx, project: Project, asked: list[Asked]) -> list[dict[str, list[int]]]:
    # Most answers are one of a few texts, and each of these is parsed once.
    known: dict[str, list[tuple[str, int]]] = {}
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in tx.each("agreements.answers", _Answer, project_id=project.id):
        classes = known.get(row.answers)
        if classes is None:
            answers = json.loads(row.answers)
            pairs = ((one.key, questions.class_of(one, answers)) for one in asked)
            classes = known[row.answers] = [(key, place) for key, place in pairs if place is not None]
        for key, place in classes:
            found[row.item_id][key].append(place)
    return list(found.values())
