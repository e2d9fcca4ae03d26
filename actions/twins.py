"""Twins: texts of two students on the same project and question that are nearly the same, noted as they are written. Nothing is decided by
them; coordinators can read them, and rules of quality may count them.

What a write costs does not grow with what was written before: a text is found by at most ten marks, of each student a mark keeps the first
judgment only, and no more than a few others are compared in full.
"""

from __future__ import annotations

import dataclasses
import json

from actions import projects
from actions.people import Visitor
from rules import near_text
from storage.tx import Tx

CANDIDATES_MOST = 8
"""Others' texts compared in full for one new text: those that share most marks with it."""
CANDIDATES_LEAST = 3
COMPARED_CHARACTERS = 3_000
"""For a long text only so many as make up this, so that no write takes long."""
LISTED_MOST = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Twin:
    """Two texts of two students, by pseudonym; the other was there first. `similarity`: 0.0 to 1.0."""

    question: str
    similarity: float
    item: str
    other_item: str
    student: str
    other_student: str
    text: str
    other_text: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    answers: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    question: str
    similarity: int
    item: str
    other_item: str
    student: str
    other_student: str
    answers: str
    other_answers: str


def note(tx: Tx, judgment_id: int, project_id: int, person_id: int, question: str, text: str) -> int:
    """Note a text that a student just gave, and the texts of others that are nearly the same. Return how many those are.

    A text that says too little to be a copy of anything leaves no trace; see `rules.near_text`.
    """
    folded = near_text.fold(text)
    marks = near_text.marks(folded, f"{project_id}:{question}")
    if not marks:
        return 0
    # The queries take a fixed number of marks; a short text has only its first.
    named = {f"mark_{place}": marks[place % len(marks)] for place in range(near_text.MARKS)}
    most = min(CANDIDATES_MOST, max(CANDIDATES_LEAST, COMPARED_CHARACTERS // len(folded)))
    found = tx.all("twins.candidates", _Candidate, person_id=person_id, most=most, **named)
    tx.run("twins.add_marks", judgment_id=judgment_id, person_id=person_id, **named)
    others = (near_text.fold(_text(other.answers, question)) for other in found)
    likenesses = near_text.similarities(folded, others) if found else []
    twins = [pair for pair in zip(found, likenesses, strict=True) if pair[1] >= near_text.NOTED_FROM]
    for other, likeness in twins:
        _add(tx, judgment_id, other.id, question, project_id, likeness)
    return len(twins)


def _add(tx: Tx, judgment_id: int, other_id: int, question: str, project_id: int, likeness: float) -> None:
    tx.run(
        "twins.add",
        judgment_id=judgment_id,
        other_judgment_id=other_id,
        question=question,
        project_id=project_id,
        similarity=int(likeness * 1000),
    )


def forget(tx: Tx, judgment_id: int) -> None:
    """Take back everything that was noted of a judgment that was undone. It must be its student's last one: marks that a later judgment
    shares with it would go as well."""
    tx.run("twins.forget_marks", judgment_id=judgment_id)
    tx.run("twins.forget", judgment_id=judgment_id)
    tx.run("twins.forget_others", judgment_id=judgment_id)


def of_project(tx: Tx, visitor: Visitor, project_id: int, limit: int = LISTED_MOST) -> list[Twin]:
    """List a project's newest twins for whoever manages it, at most `LISTED_MOST`. Students whose consent ended are left out."""
    _, project = projects.managed_by_id(tx, visitor, project_id)
    most = max(0, min(limit, LISTED_MOST))
    rows = tx.all("twins.of_project", _Row, project_id=project.id, most=most)
    return [
        Twin(
            row.question,
            row.similarity / 1000,
            row.item,
            row.other_item,
            row.student,
            row.other_student,
            _text(row.answers, row.question),
            _text(row.other_answers, row.question),
        )
        for row in rows
    ]


def _text(answers: str, question: str) -> str:
    return str(json.loads(answers).get(question, ""))
