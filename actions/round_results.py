"""What students read of a round: that it is open, and afterwards, item by item, how the answers spread, the ruling, why, and their own.

Nobody's name is in it. An item that somebody never met is not shown to them, since they may still be asked it.
"""

from __future__ import annotations

import dataclasses
import json

from actions import people, projects, qualifications, refusals, round_figures
from actions.people import Visitor
from actions.projects import Project
from actions.round_figures import Round
from actions.rounds import Item
from rules import rounds as rules
from rules.kinds import Value
from storage.tx import Tx

LISTED_MOST = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """An open round as its student is told of it. `items`: how many wait for them."""

    project: Project
    round: Round
    items: int
    degree: str
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """One item of a round to one student. `own`: None when they left it out. `flipped`: of two answers they read the second first."""

    item: Item
    answers: list[dict[str, Value]]
    own: dict[str, Value] | None
    flipped: bool

    def is_alike(self, project: Project) -> bool:
        """Tell whether their verdict is the ruling's."""
        if self.own is None or self.item.ruling is None:
            return False
        return rules.agrees(project.rules, json.loads(self.item.ruling), self.own)


@dataclasses.dataclass(frozen=True, slots=True)
class Results:
    """A round's results as one student reads them. `outcomes`: the items that they met."""

    project: Project
    round: Round
    outcomes: list[Outcome]

    @property
    def answered(self) -> int:
        """How many items they answered."""
        return sum(one.own is not None for one in self.outcomes)

    @property
    def alike(self) -> int:
        """How many of their verdicts are the ruling's."""
        return sum(one.is_alike(self.project) for one in self.outcomes)


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """The rounds of a project whose results a student can read."""

    project: Project
    rounds: list[Results]
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Met:
    item_id: int
    place: int
    answers: str | None
    flipped: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Member:
    person_id: int


def opened(tx: Tx, round_id: int, person_id: int) -> Open | None:
    """Give an open round to somebody who is asked in it; None when it is over or they are through."""
    found = tx.one("rounds.by_id", Round, id=round_id)
    if found is None or found.state != "open" or not _is_member(tx, found, person_id):
        return None
    standing = qualifications.of(tx, person_id, found.project_id)
    met = {one.item_id for one in tx.all("rounds.met", _Met, id=found.id, person_id=person_id)}
    waiting = [item for item in tx.all("rounds.items", Item, id=found.id) if item.item_id not in met]
    if standing is None or standing.standing not in ("active", "watched") or not waiting:
        return None
    profile = people.profile_of(tx, people.get(tx, person_id))
    return Open(projects.get(tx, found.project_id), found, len(waiting), profile.degree, profile.time_zone)


def closed(tx: Tx, round_id: int) -> tuple[Project, Round] | None:
    """Give a round that waits for its rulings; None when they were made."""
    found = tx.one("rounds.by_id", Round, id=round_id)
    if found is None or found.state != "closed":
        return None
    return projects.get(tx, found.project_id), found


def told(tx: Tx, round_id: int, person_id: int) -> Results | None:
    """Give a round's results to somebody of its cohort; None for anybody else, before they are told, and when there is nothing for them."""
    found = tx.one("rounds.by_id", Round, id=round_id)
    if found is None or found.state != "told" or not _is_member(tx, found, person_id):
        return None
    results = _results(tx, found, person_id)
    return results if results.outcomes else None


def see(tx: Tx, visitor: Visitor, round_id: int) -> Results:
    """Give a round's results to a visitor. Raises OutOfDate where they have none."""
    found = told(tx, round_id, people.known(tx, visitor).id)
    if found is None:
        raise refusals.OutOfDate
    return found


def listing(tx: Tx, visitor: Visitor, project_id: int) -> Told:
    """List the rounds of a project whose results a visitor can read."""
    person = people.known(tx, visitor)
    project = qualifications.known_project(tx, project_id)
    rows = tx.all("rounds.told_to", Round, person_id=person.id, project_id=project.id, most=LISTED_MOST)
    found = [_results(tx, one, person.id) for one in rows]
    zone = people.profile_of(tx, person).time_zone
    return Told(project, [one for one in found if one.outcomes], zone)


def has_any(tx: Tx, person_id: int, project_id: int) -> bool:
    """Tell whether a student has results of rounds on a project."""
    return bool(tx.all("rounds.told_to", Round, person_id=person_id, project_id=project_id, most=1))


def _is_member(tx: Tx, found: Round, person_id: int) -> bool:
    return any(one.person_id == person_id for one in tx.all("rounds.cohort", _Member, id=found.id))


def _results(tx: Tx, found: Round, person_id: int) -> Results:
    given = round_figures.cohort_answers(tx, found.id)
    items = {item.item_id: item for item in tx.all("rounds.items", Item, id=found.id)}
    outcomes = [
        Outcome(
            items[met.item_id],
            given[met.item_id],
            json.loads(met.answers) if met.answers is not None else None,
            bool(met.flipped),
        )
        for met in tx.all("rounds.met", _Met, id=found.id, person_id=person_id)
    ]
    return Results(projects.get(tx, found.project_id), found, outcomes)
