"""Reviews: disputed items in the hands of senior students, as the choice of the next card sees them, and who is senior on a project.

A review is ordinary work: paid, capped and recorded like it. Only its slot is taken from nobody.
"""

from __future__ import annotations

import dataclasses
import json

from actions import people, projects, refusals, rich, rulings
from actions.offers import SecondLook
from actions.people import Person, Visitor
from actions.projects import Project
from actions.qualifications import Standing
from actions.quality import Reading
from actions.rulings import Contested
from rules import rulings as rules
from rules import seniors
from rules.card import wants_rich
from rules.rulings import Answers
from rules.seniors import Figures
from storage.tx import Tx

LOOKED_AT = 100
"""Disputes looked at for one that a senior has not met. Each look begins elsewhere, so that nothing stays behind what was met."""
CANDIDATES_SHOWN = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Review:
    """A disputed item that a senior student judged. `answers`: JSON, what they answered on their own."""

    token: str
    project_id: int
    item_id: int
    person_id: int
    state: str
    judgment_id: int
    answers: str
    flipped: int

    @property
    def own(self) -> Answers:
        """What they answered on their own, by question."""
        found: Answers = json.loads(self.answers)
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Extent:
    first: int | None
    last: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Pick:
    item_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Opinion:
    person_id: int
    answers: str


def wanted(
    tx: Tx, person: Person, project: Project, standing: Standing, reading: Reading | None
) -> int | None:
    """Name a disputed item that a student is to judge as a senior. None when there is none, or they are no senior."""
    if not project.rules.quality.senior:
        return None
    extent = tx.one("reviews.extent", _Extent, project_id=project.id)
    if extent is None or extent.first is None or extent.last is None:
        return None
    if not seniors.is_senior(_figures(tx, project, standing, reading)):
        return None
    start = extent.first + int(tx.draw() * (extent.last - extent.first + 1))
    for begin in (start, extent.first):
        pick = tx.one(
            "reviews.next_for",
            _Pick,
            project_id=project.id,
            person_id=person.id,
            start=begin,
            looked=LOOKED_AT,
        )
        if pick is not None:
            return pick.item_id
    return None


def _figures(tx: Tx, project: Project, standing: Standing, reading: Reading | None) -> Figures:
    named = tx.value("reviews.named", project_id=project.id, person_id=standing.person_id)
    return Figures(
        standing.standing,
        standing.gold_right,
        standing.gold_right + standing.gold_wrong,
        reading.worth_milli if reading is not None else None,
        reading.log_e_milli if reading is not None else None,
        None if named is None else bool(named),
    )


def note(tx: Tx, project_id: int, item_id: int, person_id: int, token: str) -> None:
    """Remember that an assignment was leased as a review."""
    tx.run("reviews.add", token=token, project_id=project_id, item_id=item_id, person_id=person_id)


def is_review(tx: Tx, token: str) -> bool:
    """Tell whether an assignment is a review: who has seen the other answers cannot take their own back."""
    return tx.value("reviews.is_review", token=token) is not None


def second_look(tx: Tx, person: Person, project: Project) -> SecondLook | None:
    """Give the dispute that a student has judged and that their answer did not settle, with the other answers. None when there is none."""
    found = tx.one("reviews.to_look_at", Review, person_id=person.id, project_id=project.id)
    return shown(tx, person, project, found) if found is not None else None


def by_token(tx: Tx, token: str) -> Review | None:
    """Find a review that was judged by the token of its card."""
    return tx.one("reviews.by_token", Review, token=token)


def shown(tx: Tx, person: Person, project: Project, found: Review) -> SecondLook:
    """Lay a review before its student together with what others answered; who they are cannot be told."""
    contested = questions_of(tx, project, found.item_id)
    others: list[Answers] = [
        json.loads(row.answers)
        for row in tx.all("reviews.others", _Opinion, item_id=found.item_id, token=found.token)
    ]
    fields = str(tx.value("reviews.fields", item_id=found.item_id))
    return SecondLook(
        project=project,
        token=found.token,
        fields=fields,
        flipped=bool(found.flipped),
        questions=tuple(contested),
        own=found.own,
        sides=tuple(rules.sides(project.rules, contested, others)),
        is_rich=not person.plain_text and wants_rich(project.definition, fields) and rich.serves(tx),
    )


def questions_of(tx: Tx, project: Project, item_id: int) -> list[str]:
    """Name the questions of an item that are in dispute now."""
    found: list[Contested] = rulings.contested(tx, project, item_id)
    return [one.question for one in found if one.state == "unsure"]


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A student who is, or could be, a senior on a project."""

    person_id: int
    pseudonym: str
    standing: str
    gold_right: int
    golds: int
    worth_milli: int | None
    log_e_milli: int | None
    named: int | None

    @property
    def figures(self) -> Figures:
        """What the rule looks at."""
        named = None if self.named is None else bool(self.named)
        return Figures(self.standing, self.gold_right, self.golds, self.worth_milli, self.log_e_milli, named)

    @property
    def is_senior(self) -> bool:
        """Whether disputes go to them."""
        return seniors.is_senior(self.figures)


@dataclasses.dataclass(frozen=True, slots=True)
class Seniors:
    """Who on a project is senior, and who could be named."""

    project: Project
    candidates: list[Candidate]


def candidates(tx: Tx, visitor: Visitor, project_id: int) -> Seniors:
    """List a project's best students to whoever manages it: those who were named first, then those who tell most."""
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    found = tx.all("reviews.candidates", Candidate, project_id=project.id, most=CANDIDATES_SHOWN)
    return Seniors(project, found)


def name(tx: Tx, visitor: Visitor, project_id: int, person_id: int, *, named: bool) -> Seniors:
    """Make a student a senior, or say that they are none; this stands whatever the figures say later."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    if figures_of(tx, project.id, person_id) is None:
        raise refusals.OutOfDate
    tx.run(
        "reviews.name",
        project_id=project.id,
        person_id=person_id,
        named=int(named),
        by=person.id,
        now_ms=tx.now_ms,
    )
    deed = "named senior" if named else "unnamed senior"
    people.audit(tx, f"person:{person.id}", deed, f"project:{project.id}", f"person:{person_id}")
    return candidates(tx, visitor, project_id)


def figures_of(tx: Tx, project_id: int, person_id: int) -> Candidate | None:
    """Give a student's figures on a project; None for somebody who is not on it."""
    return tx.one("reviews.figures_of", Candidate, project_id=project_id, person_id=person_id)
