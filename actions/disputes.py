"""Disputes, for their coordinators: the queue of items whose answers do not decide, each with all that was said, and ruling on them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import people, projects, refusals, rich, rulings
from actions.corrections import typed_words
from actions.people import Person, Visitor
from actions.projects import Project
from actions.rulings import Contested, Ruling
from rules import rulings as rules
from rules.card import wants_rich
from rules.quality import questions
from rules.rulings import Answers, Side
from storage.tx import Tx

AWAITS_REASON = "dispute:reason"
RULED_SHOWN = 10
PROJECTS_SHOWN = 20
HANDS = ("open", "parked", "paused")


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """An item as its coordinator reads it."""

    id: int
    project_id: int
    external_id: str
    use: str
    fields: str
    gold: str | None
    frozen_ms: int | None
    retired_ms: int | None
    exposure: int

    @property
    def values(self) -> dict[str, Any]:
        """Its fields by name."""
        found: dict[str, Any] = json.loads(self.fields)
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Opinion:
    """One counted judgment of an item."""

    person_id: int
    answers: str


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What became of an item in the hands of a senior student. `state`: of their second look; `card`: of their assignment."""

    state: str
    card: str


@dataclasses.dataclass(frozen=True, slots=True)
class Dispute:
    """An item whose answers do not decide. `place` counts from 0 among `of`; `questions`: what is to be ruled; `ruling`: once it was.

    `sides`: the answers that stand against each other, without names. `is_rich`: its reader is served rich messages.
    """

    project: Project
    item: Item
    questions: list[Contested]
    sides: list[Side]
    looks: list[Look]
    ruling: Ruling | None
    place: int
    of: int
    is_rich: bool

    @property
    def asked(self) -> list[str]:
        """The ids of the questions that are to be ruled."""
        return [one.question for one in self.questions]

    @property
    def is_in_hand(self) -> bool:
        """Whether a senior student has it before them now."""
        return any(
            look.card in HANDS or (look.card == "judged" and look.state == "given") for look in self.looks
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Queue:
    """A project's disputes: all of them, and those that a senior student has judged and left open."""

    project: Project
    open: int
    reviewed: int


def count(tx: Tx, project_id: int) -> int:
    """Count a project's disputes."""
    return tx.number("disputes.count", project_id=project_id)


def queues(tx: Tx, visitor: Visitor) -> list[Queue]:
    """List the projects that a person manages and that have disputes."""
    found = [queue_of(tx, project) for project in projects.all_managed(tx, visitor)]
    return [queue for queue in found if queue.open][:PROJECTS_SHOWN]


def queue_of(tx: Tx, project: Project) -> Queue:
    """Count a project's disputes, and those that wait for nobody but its coordinator."""
    reviewed = tx.number("disputes.count_reviewed", project_id=project.id)
    return Queue(project, count(tx, project.id), reviewed)


def at(tx: Tx, visitor: Visitor, project_id: int, place: int = 0) -> Dispute | None:
    """Give one dispute of the queue; behind its end, the first. None when there is none at all."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    of = count(tx, project.id)
    place = place if 0 <= place < of else 0
    item_id = tx.value("disputes.at", project_id=project.id, place=place)
    return None if item_id is None else _dispute(tx, person, project, int(item_id), place, of)


def see(tx: Tx, visitor: Visitor, item_id: int, place: int = 0) -> Dispute:
    """Give a dispute by its item, ruled or not. Raises OutOfDate where its answers decide by themselves."""
    person, project, item = _managed(tx, visitor, item_id)
    found = _dispute(tx, person, project, item.id, place, count(tx, project.id))
    if not found.questions:
        raise refusals.OutOfDate
    return found


def _managed(tx: Tx, visitor: Visitor, item_id: int) -> tuple[Person, Project, Item]:
    item = item_of(tx, item_id)
    person, project = projects.managed_by_id(tx, visitor, item.project_id)
    return person, project, item


def item_of(tx: Tx, item_id: int) -> Item:
    """Give an item. Raises OutOfDate when there is none."""
    found = tx.one("disputes.item", Item, item_id=item_id)
    if found is None:
        raise refusals.OutOfDate
    return found


def _dispute(tx: Tx, person: Person, project: Project, item_id: int, place: int, of: int) -> Dispute:
    item, contested = item_of(tx, item_id), rulings.contested(tx, project, item_id)
    return Dispute(
        project=project,
        item=item,
        questions=contested,
        sides=sides_of(tx, project, item_id, [one.question for one in contested]),
        looks=tx.all("disputes.looks", Look, item_id=item_id),
        ruling=rulings.of_item(tx, item_id),
        place=place,
        of=of,
        is_rich=reads_rich(tx, person, project, item),
    )


def sides_of(tx: Tx, project: Project, item_id: int, asked: list[str]) -> list[Side]:
    """Give what the counted answers of an item say, without names."""
    given: list[Answers] = [
        json.loads(row.answers) for row in tx.all("disputes.opinions", Opinion, item_id=item_id)
    ]
    return rules.sides(project.rules, asked, given)


def reads_rich(tx: Tx, person: Person, project: Project, item: Item) -> bool:
    """Tell whether a person reads an item as a rich message."""
    return not person.plain_text and wants_rich(project.definition, item.fields) and rich.serves(tx)


def lead_of(project: Project) -> str | None:
    """Name the first question that decides; None where none does."""
    found = questions.deciding(questions.of_definition(project.definition))
    return found[0].question if found else None


def rule(tx: Tx, visitor: Visitor, item_id: int, operations: list[str]) -> Dispute | Answers:
    """Rule on a dispute, an operation for each of its questions. While some are missing, nothing is kept and the answers so far come back.

    Raises OutOfDate for a forged button, or when its answers decide by themselves meanwhile.
    """
    found = see(tx, visitor, item_id)
    verdict = rules.ruled(found.project.rules, found.asked, found.item.values, operations)
    if verdict is None:
        raise refusals.OutOfDate
    if len(verdict) < len(found.asked):
        return verdict
    person = people.require_role(tx, visitor, "coordinator")
    if found.ruling is None or found.ruling.verdict != verdict or found.ruling.role != "coordinator":
        rulings.rule(tx, found.project, item_id, verdict, role="coordinator", person_id=person.id)
    return see(tx, visitor, item_id)


def take_back(tx: Tx, visitor: Visitor, ruling_id: int) -> Project:
    """Take a ruling back, a coordinator's or a senior student's. Raises OutOfDate when that was done before."""
    ruling = rulings.get(tx, ruling_id)
    if ruling is None:
        raise refusals.OutOfDate
    person, project = projects.managed_by_id(tx, visitor, ruling.project_id)
    if not rulings.take_back(tx, project, ruling, person.id):
        raise refusals.OutOfDate
    return project


def begin_reason(tx: Tx, visitor: Visitor, ruling_id: int) -> Dispute:
    """Wait for the words behind a ruling; it stands without them."""
    ruling = _live(tx, ruling_id)
    found = see(tx, visitor, ruling.item_id)
    person = people.require_role(tx, visitor, "coordinator")
    people.await_input(tx, person.id, AWAITS_REASON, str(ruling.id))
    return found


def type_reason(tx: Tx, visitor: Visitor, text: str) -> Dispute:
    """Take the words behind a ruling. Raises WordsOutOfBounds."""
    person = people.require_role(tx, visitor, "coordinator")
    awaited = people.awaited(tx, person.id)
    if awaited is None or awaited.kind != AWAITS_REASON:
        raise refusals.OutOfDate
    ruling = _live(tx, int(awaited.detail))
    _managed(tx, visitor, ruling.item_id)
    tx.run(
        "disputes.set_reason", id=ruling.id, reason=typed_words(text, rules.REASON_LEAST, rules.REASON_MOST)
    )
    people.stop_awaiting(tx, person.id)
    return see(tx, visitor, ruling.item_id)


def _live(tx: Tx, ruling_id: int) -> Ruling:
    ruling = rulings.get(tx, ruling_id)
    if ruling is None or ruling.taken_back_ms is not None:
        raise refusals.OutOfDate
    return ruling


@dataclasses.dataclass(frozen=True, slots=True)
class Ruled:
    """The newest rulings of a project, and how many there are by whom."""

    project: Project
    rulings: list[tuple[Ruling, Item]]
    by_seniors: int
    by_coordinators: int
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    role: str
    rulings: int


def count_ruled(tx: Tx, project_id: int) -> dict[str, int]:
    """Count the live rulings of a project by the role of who ruled."""
    return {row.role: row.rulings for row in tx.all("disputes.count_rulings", _Count, project_id=project_id)}


def ruled(tx: Tx, visitor: Visitor, project_id: int) -> Ruled:
    """List the newest rulings of a project; each can be looked at and overruled."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    found = tx.all("disputes.rulings_on", Ruling, project_id=project.id, most=RULED_SHOWN)
    counts = count_ruled(tx, project.id)
    zone = people.profile_of(tx, person).time_zone
    pairs = [(ruling, item_of(tx, ruling.item_id)) for ruling in found]
    return Ruled(project, pairs, counts.get("senior", 0), counts.get("coordinator", 0), zone)
