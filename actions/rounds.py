"""Calibration rounds: the same few items for a whole cohort, paid as work; then how the answers spread, the ruling on each and why.

draft → open → closed → told. Drafts are made and opened in `round_drafts`, rulings are in `round_rulings`, what students read is in
`round_results`, agreement in `round_figures`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from actions import deliveries, people, projects, refusals, round_candidates, round_figures
from actions.people import Person, Visitor
from actions.projects import Project
from actions.round_candidates import NOTHING_LEFT, Left
from actions.round_figures import Round
from rules import rounds as rules
from rules.kinds import Value
from rules.rounds import Figure
from storage.tx import Tx

ANSWERS_SHOWN_MOST = 50
COHORT_MOST = 500
LISTED_MOST = 8
STAFF_TOLD_MAX = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """An item of a round. `ruling` is in the form of gold; `draft` is one under way."""

    item_id: int
    place: int
    external_id: str
    fields: str
    draft: str
    ruling: str | None
    why: str
    training_item_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """An item of a round with the answers to it: of anybody in a draft, of the cohort from then on."""

    item: Item
    answers: list[dict[str, Value]]


@dataclasses.dataclass(frozen=True, slots=True)
class Student:
    """A student at work on the project; `chosen`: 1 for the cohort of a draft."""

    person_id: int
    pseudonym: str
    chosen: int


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A round as its coordinators see it. `cohort`: how many people; `done`: answers of theirs; `figures`: before, on it, after."""

    project: Project
    round: Round
    items: list[Asked]
    cohort: int
    done: int
    before: list[Figure]
    during: list[Figure]
    after: list[Figure]
    time_zone: str
    left: Left = NOTHING_LEFT
    """What a draft could still get; nothing of any other round."""

    @property
    def is_ruled(self) -> bool:
        """Whether every item has its ruling."""
        return not self.to_rule

    @property
    def to_rule(self) -> int:
        """How many items have no ruling yet."""
        return sum(one.item.ruling is None for one in self.items)


@dataclasses.dataclass(frozen=True, slots=True)
class ToRule:
    """A round that is over: `missing` of its items have no ruling yet."""

    round_id: int
    missing: int
    items: int


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A project's rounds, the newest first; of those that are over, by id, how many rulings are still to come."""

    project: Project
    rounds: list[Round]
    time_zone: str
    to_rule: Mapping[int, ToRule] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """A project's rounds in a line: how many are open, wait for rulings, were told; and agreement before and after the last one told."""

    open: int
    to_rule: int
    told: int
    last_before: Figure | None
    last_after: Figure | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Given:
    item_id: int
    answers: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Member:
    person_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


def of_project(tx: Tx, visitor: Visitor, project_id: int) -> Listed:
    """List a project's rounds to whoever manages it."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    found = tx.all("rounds.of_project", Round, project_id=project.id, most=LISTED_MOST)
    waiting = tx.all("rounds.to_rule", ToRule, project_id=project.id)
    time_zone = people.profile_of(tx, person).time_zone
    return Listed(project, found, time_zone, {one.round_id: one for one in waiting})


def summary(tx: Tx, project_id: int) -> Summary:
    """Sum up a project's rounds."""
    found = tx.all("rounds.of_project", Round, project_id=project_id, most=COHORT_MOST)
    states = [one.state for one in found]
    last = next((one for one in found if one.state == "told"), None)
    before, after = (rules.load(last.before), rules.load(last.after)) if last is not None else ([], [])
    return Summary(
        states.count("open"),
        states.count("closed"),
        states.count("told"),
        before[0] if before else None,
        after[0] if after else None,
    )


def see(tx: Tx, visitor: Visitor, round_id: int) -> Seen:
    """Give a round with all that its coordinators need. Raises OutOfDate when there is none."""
    person, project, found = managed(tx, visitor, round_id)
    asked = items_of(tx, found)
    is_draft = found.state == "draft"
    cohort = len(members(tx, found)) if is_draft else len(cohort_of(tx, found))
    return Seen(
        project,
        found,
        asked,
        cohort,
        0 if is_draft else sum(len(one.answers) for one in asked),
        round_figures.before(tx, project, found),
        []
        if is_draft
        else rules.agreement_of(project.rules, {one.item.item_id: one.answers for one in asked}),
        round_figures.after_now(tx, project, found),
        people.profile_of(tx, person).time_zone,
        round_candidates.left(tx, project) if is_draft else NOTHING_LEFT,
    )


def managed(tx: Tx, visitor: Visitor, round_id: int) -> tuple[Person, Project, Round]:
    """Give a round to whoever manages its project. Raises OutOfDate when there is none or it was dropped."""
    found = tx.one("rounds.by_id", Round, id=round_id)
    if found is None or found.state == "discarded":
        raise refusals.OutOfDate
    person, project = projects.managed_by_id(tx, visitor, found.project_id)
    return person, project, found


def items_of(tx: Tx, found: Round) -> list[Asked]:
    """Give the items of a round with the answers to them."""
    items = tx.all("rounds.items", Item, id=found.id)
    if found.state == "draft":
        return [Asked(item, _answers_to(tx, item.item_id)) for item in items]
    given = round_figures.cohort_answers(tx, found.id)
    return [Asked(item, given[item.item_id]) for item in items]


def _answers_to(tx: Tx, item_id: int) -> list[dict[str, Value]]:
    rows = tx.all("rounds.answers_to_item", _Given, item_id=item_id, most=ANSWERS_SHOWN_MOST)
    return [json.loads(row.answers) for row in rows]


def close(tx: Tx, visitor: Visitor, round_id: int) -> int:
    """Close an open round before its time. What lies open can still be answered."""
    person, _project, found = managed(tx, visitor, round_id)
    if tx.run("rounds.close", id=found.id, now_ms=tx.now_ms):
        people.audit(tx, f"person:{person.id}", "closed round", f"round:{found.id}")
    return found.id


def close_due(tx: Tx) -> int:
    """Close the rounds whose time is over or whose cohort is through, and ask for the rulings. Return how many."""
    closed = 0
    for found in tx.all("rounds.open_ones", Round):
        is_over = found.closes_ms is not None and found.closes_ms <= tx.now_ms
        if not is_over and tx.value("rounds.unfinished", id=found.id) is not None:
            continue
        closed += tx.run("rounds.close", id=found.id, now_ms=tx.now_ms)
        for one in tx.all("budgets.staff", _Staff, project_id=found.project_id, most=STAFF_TOLD_MAX):
            notify(tx, found.id, one.person_id, "round_closed")
    return closed


def tell(tx: Tx, visitor: Visitor, round_id: int) -> int:
    """Give the results to the cohort. Telling again changes nothing. Raises NotAllRuled."""
    person, _project, found = managed(tx, visitor, round_id)
    if found.state == "told":
        return found.id
    if found.state != "closed" or any(
        item.ruling is None for item in tx.all("rounds.items", Item, id=found.id)
    ):
        raise refusals.NotAllRuled
    tx.run("rounds.tell", id=found.id, now_ms=tx.now_ms)
    for member in cohort_of(tx, found):
        notify(tx, found.id, member, "round_told")
    people.audit(tx, f"person:{person.id}", "told round", f"round:{found.id}")
    return found.id


def notify(tx: Tx, round_id: int, person_id: int, kind: str) -> None:
    """Send somebody a notice about a round, once."""
    deliveries.enqueue(
        tx,
        person_id=person_id,
        key=f"{kind}:{round_id}:{person_id}",
        notice={"kind": kind, "id": round_id},
    )


def students(tx: Tx, found: Round) -> list[Student]:
    """List who is at work on a round's project, in the order in which they joined."""
    return tx.all(
        "rounds.students", Student, round_id=found.id, project_id=found.project_id, most=COHORT_MOST
    )


def members(tx: Tx, found: Round) -> list[int]:
    """List whom a draft would ask if it were opened now."""
    return [one.person_id for one in students(tx, found) if found.everyone or one.chosen]


def cohort_of(tx: Tx, found: Round) -> list[int]:
    """List whom a round asks; of a draft, who was chosen so far."""
    return [one.person_id for one in tx.all("rounds.cohort", _Member, id=found.id)]
