"""Rulings: what somebody decided about an item whose answers did not, kept over anything that answers say later, and taken back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from actions import overlap, people
from actions.projects import Project
from rules import rulings as rules
from rules.quality import questions
from rules.rulings import Answers
from storage.tx import Tx

MILLION = 1_000_000
CERTAIN = (1.0, 1.0, 1.0)
"""Whoever looks after a project says what is right on it: that is no estimate, and its status tells it from one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ruling:
    """A ruling as stored. `answers`: JSON, question to answer; `role`: senior or coordinator; `reason`: empty where none was given."""

    id: int
    project_id: int
    item_id: int
    answers: str
    reason: str
    role: str
    person_id: int
    ruled_ms: int
    taken_back_ms: int | None

    @property
    def verdict(self) -> Answers:
        """The answers that were ruled, by question."""
        found: Answers = json.loads(self.answers)
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Contested:
    """A question of an item that its answers did not decide. `confidence`: how far its label is believed, in millionths."""

    question: str
    label: str | None
    confidence: int
    state: str


def contested(tx: Tx, project: Project, item_id: int) -> list[Contested]:
    """Give the questions of an item that are in dispute or were ruled, in the project's order."""
    found = {row.question: row for row in tx.all("disputes.questions", Contested, item_id=item_id)}
    return [found[ask.id] for ask in project.rules.ask if ask.id in found]


def of_item(tx: Tx, item_id: int) -> Ruling | None:
    """Give the live ruling on an item."""
    return tx.one("disputes.ruling_of", Ruling, item_id=item_id)


def get(tx: Tx, ruling_id: int) -> Ruling | None:
    """Give a ruling, live or not."""
    return tx.one("disputes.ruling", Ruling, id=ruling_id)


def rule(
    tx: Tx,
    project: Project,
    item_id: int,
    verdict: Answers,
    *,
    role: str,
    person_id: int,
    reason: str = "",
    told: Sequence[float] = CERTAIN,
) -> int:
    """Decide an item and give the ruling's id. A ruling from before is taken back. `told`: how far this one is believed, and its interval.

    Its judgments stay as they are and stay paid; nobody else is asked about the item.
    """
    before = of_item(tx, item_id)
    if before is not None:
        tx.run("disputes.take_back", id=before.id, now_ms=tx.now_ms)
    ruling_id = tx.number(
        "disputes.add_ruling",
        project_id=project.id,
        item_id=item_id,
        answers=json.dumps(dict(verdict), ensure_ascii=False),
        reason=reason,
        role=role,
        person_id=person_id,
        now_ms=tx.now_ms,
    )
    confidence, low, high = (round(MILLION * chance) for chance in told)
    deciding = {one.key for one in questions.deciding(questions.of_definition(project.definition))}
    for question, value in verdict.items():
        if question not in deciding:
            continue
        tx.run(
            "disputes.adjudicate",
            project_id=project.id,
            item_id=item_id,
            question=question,
            label=rules.word_of(value),
            posterior="{}",
            confidence=confidence,
            low=min(low, confidence),
            high=max(high, confidence),
            now_ms=tx.now_ms,
        )
    overlap.review(tx, project, item_id)
    people.audit(tx, f"person:{person_id}", "ruled", f"item:{item_id}", role)
    return ruling_id


@dataclasses.dataclass(frozen=True, slots=True)
class _Own:
    project: str
    answers: str
    reason: str
    ruled_ms: int


def own(tx: Tx, person_id: int) -> list[dict[str, Any]]:
    """List what somebody ruled as a senior student, for them to take away."""
    rows = tx.all("disputes.own", _Own, person_id=person_id)
    return [dataclasses.asdict(row) | {"answers": json.loads(row.answers)} for row in rows]


def take_back(tx: Tx, project: Project, ruling: Ruling, person_id: int) -> bool:
    """Let an item's answers speak for themselves again. False when the ruling was taken back before."""
    if not tx.run("disputes.take_back", id=ruling.id, now_ms=tx.now_ms):
        return False
    tx.run("disputes.reopen", item_id=ruling.item_id, now_ms=tx.now_ms)
    overlap.review(tx, project, ruling.item_id)
    people.audit(tx, f"person:{person_id}", "took a ruling back", f"item:{ruling.item_id}")
    return True
