"""Pairs to look at: what a nightly look at a project's answers found that honest work hardly explains, and what a coordinator thinks of it.
Nothing here holds an answer or pay back; that is a withholding, which a person drafts and a second one confirms.

A look is three steps, so that nobody waits for it: `load` on a reader, `look` on a thread, `keep` in one small transaction.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from actions import budgets, deliveries, people, projects, refusals
from actions.people import Visitor
from actions.projects import Project
from rules.kinds import Value
from rules.quality import questions, suspicions
from rules.quality.questions import Asked
from rules.quality.suspicions import Data, Found, Given
from storage.tx import Tx

EVERY_MS = 20 * 3600 * 1000
"""A project is looked at once a night, a little earlier or later."""
ANSWERS_MOST = 200_000
"""The newest of a project; what is years old says nothing about who works on it now."""
A_PAGE = 6
ITEMS_SHOWN = 5
ANSWERS_OF_ITEM = 300
SURPRISE_MOST = 99.0
DECIDED = {"no": "dismissed", "yes": "confirmed", "back": "open"}


@dataclasses.dataclass(frozen=True, slots=True)
class Suspicion:
    """Something to look at, as stored. Kind: pair, leak, script, moves; state: open, dismissed, confirmed, faded. `one`, `other`:
    pseudonyms; `surprise_milli`: 3000 is a chance of 1 in 1,000."""

    id: int
    project_id: int
    kind: str
    one_id: int
    other_id: int | None
    surprise_milli: int | None
    figures: str
    state: str
    found_ms: int
    one: str
    other: str | None

    @property
    def evidence(self) -> dict[str, Any]:
        """The figures, as `rules.quality.suspicions` made them."""
        found: dict[str, Any] = json.loads(self.figures)
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A page of what is open on a project. `page` counts from 0; `looked_ms`: None before the first look; `tested`: by kind."""

    project: Project
    suspicions: list[Suspicion]
    page: int
    pages: int
    open: int
    decided: int
    looked_ms: int | None
    tested: Mapping[str, int]
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Shared:
    """An item on which two people gave the same answer: theirs, and how often each other answer was given by others."""

    item: str
    answer: str
    others: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A suspicion with its evidence, for its coordinator."""

    suspicion: Suspicion
    project: Project
    shared: list[Shared]
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Loaded:
    """What a look was given. `through_id`: the newest judgment among it."""

    project_id: int
    data: Data
    through_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Id:
    id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    id: int
    person_id: int
    item_id: int
    answers: str
    shown_ms: int
    answered_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Payee:
    person_id: int
    payee_hash: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Gold:
    id: int
    gold: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Look:
    looked_ms: int
    tested: str


@dataclasses.dataclass(frozen=True, slots=True)
class _New:
    found: int
    newest_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Said:
    person_id: int
    answers: str


def due(tx: Tx) -> list[int]:
    """Name the projects that were not looked at for a night and got answers since."""
    return [row.id for row in tx.all("pairs.due", _Id, before_ms=tx.now_ms - EVERY_MS)]


def load(tx: Tx, project_id: int) -> Loaded:
    """Read all that a look at a project needs. Only reads."""
    project = projects.get(tx, project_id)
    rows = tx.all("pairs.answers", _Answer, project_id=project_id, most=ANSWERS_MOST)
    lead = lead_of(project)
    payees = tx.all("pairs.payees", _Payee, project_id=project_id)
    data = Data(
        _given(rows, lead),
        _golds(tx, project_id, lead),
        len(lead.classes) if lead else 1,
        {row.person_id: row.payee_hash for row in payees},
    )
    return Loaded(project_id, data, rows[0].id if rows else 0)


def lead_of(project: Project) -> Asked | None:
    """Give the question that says most of an item: the first that decides. None where all answers are words or quotes."""
    deciding = questions.deciding(questions.of_definition(project.definition))
    return deciding[0] if deciding else None


def _given(rows: list[_Answer], lead: Asked | None) -> list[Given]:
    # Most answers are one of a few texts, and each is parsed once.
    parsed: dict[str, int] = {}
    found = []
    for row in reversed(rows):
        label = parsed.get(row.answers)
        if label is None:
            label = parsed[row.answers] = _class(lead, json.loads(row.answers))
        found.append(
            Given(row.person_id, row.item_id, label, row.answered_ms, row.answered_ms - row.shown_ms)
        )
    return found


def _class(lead: Asked | None, answers: Mapping[str, Value]) -> int:
    place = None if lead is None else questions.class_of(lead, answers)
    return -1 if place is None else place


def _golds(tx: Tx, project_id: int, lead: Asked | None) -> dict[int, int]:
    if lead is None:
        return {}
    golds = tx.all("pairs.golds", _Gold, project_id=project_id)
    keys = {row.id: questions.gold_class(lead, json.loads(row.gold)) for row in golds}
    return {item: key for item, key in keys.items() if key is not None}


def look(loaded: Loaded) -> Found:
    """Do the slow part: no transaction, no store."""
    return suspicions.look(loaded.data)


def keep(tx: Tx, loaded: Loaded, found: Found) -> int:
    """Keep what a look found, and tell who looks after the project what is new. What somebody decided stays decided; what was open and is
    no longer found fades. Return how much is open."""
    project_id = loaded.project_id
    for one in found.suspicions:
        tx.run(
            "pairs.keep",
            project_id=project_id,
            kind=one.kind,
            people="+".join(map(str, one.people)),
            one_id=one.people[0],
            other_id=one.people[1] if len(one.people) > 1 else None,
            surprise_milli=_surprise_milli(one.chance),
            figures=json.dumps(dict(one.figures)),
            now_ms=tx.now_ms,
        )
    tx.run("pairs.fade", project_id=project_id, now_ms=tx.now_ms)
    tested = json.dumps(dict(found.tested))
    tx.run(
        "pairs.keep_look",
        project_id=project_id,
        through_id=loaded.through_id,
        tested=tested,
        now_ms=tx.now_ms,
    )
    _tell(tx, project_id)
    return count_open(tx, project_id)


def _tell(tx: Tx, project_id: int) -> None:
    """Send one notice of all that this look found for the first time; what fades and comes back was told before."""
    new = tx.one("pairs.new_ones", _New, project_id=project_id, found_ms=tx.now_ms)
    if new is None or not new.found:
        return
    for one in tx.all("budgets.staff", _Staff, project_id=project_id, most=budgets.STAFF_TOLD_MAX):
        deliveries.enqueue(
            tx,
            person_id=one.person_id,
            key=f"pairs:{project_id}:{new.newest_id}:{one.person_id}",
            notice={"kind": "pairs", "project_id": project_id, "found_ms": tx.now_ms},
        )


def news(tx: Tx, project_id: int, found_ms: int) -> tuple[Project, int]:
    """Give a project and how much of what a look found for the first time still waits for somebody."""
    new = tx.one("pairs.new_ones", _New, project_id=project_id, found_ms=found_ms)
    return projects.get(tx, project_id), new.found if new is not None else 0


def _surprise_milli(chance: float | None) -> int | None:
    if chance is None:
        return None
    return round(1000 * min(SURPRISE_MOST, -math.log10(max(chance, 1e-300))))


def count_open(tx: Tx, project_id: int) -> int:
    """Count what waits for a look on a project."""
    return tx.number("pairs.count_open", project_id=project_id)


def of_project(tx: Tx, visitor: Visitor, project_id: int, page: int = 0) -> Listed:
    """Give whoever manages a project a page of what is open, the least likely first."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    waiting = count_open(tx, project.id)
    pages = max(1, -(-waiting // A_PAGE))
    page = max(0, min(page, pages - 1))
    found = tx.all(
        "pairs.listed", Suspicion, project_id=project.id, state="open", most=A_PAGE, skipped=page * A_PAGE
    )
    decided = sum(
        tx.number("pairs.count", project_id=project.id, state=state) for state in ("dismissed", "confirmed")
    )
    looked = tx.one("pairs.look_of", _Look, project_id=project.id)
    return Listed(
        project,
        found,
        page,
        pages,
        waiting,
        decided,
        looked.looked_ms if looked else None,
        json.loads(looked.tested) if looked else {},
        people.profile_of(tx, person).time_zone,
    )


def see(tx: Tx, visitor: Visitor, suspicion_id: int) -> Seen:
    """Give whoever manages the project one suspicion with its evidence. Raises OutOfDate when there is none."""
    found = tx.one("pairs.by_id", Suspicion, id=suspicion_id)
    if found is None:
        raise refusals.OutOfDate
    person, project = projects.managed_by_id(tx, visitor, found.project_id)
    return Seen(found, project, _shared(tx, project, found), people.profile_of(tx, person).time_zone)


def decide(tx: Tx, visitor: Visitor, suspicion_id: int, verb: str) -> Seen:
    """Note what a coordinator thinks: "no" there is nothing, "yes" there is, "back" neither. Nobody's answers or pay change by it."""
    seen = see(tx, visitor, suspicion_id)
    person = people.require_role(tx, visitor, "coordinator")
    state = DECIDED[verb]
    if tx.run("pairs.decide", id=suspicion_id, state=state, decided_by=person.id, now_ms=tx.now_ms):
        who = " ".join(f"person:{one}" for one in (seen.suspicion.one_id, seen.suspicion.other_id) if one)
        people.audit(tx, f"person:{person.id}", f"found suspicion {state}", f"suspicion:{suspicion_id}", who)
    return see(tx, visitor, suspicion_id)


def _shared(tx: Tx, project: Project, found: Suspicion) -> list[Shared]:
    """Look up the first items on which two people said the same against all others."""
    lead = lead_of(project)
    if found.kind != "pair" or lead is None:
        return []
    shared = [_shared_item(tx, lead, int(item), found) for item in found.evidence.get("items", ())]
    return [one for one in shared if one is not None][:ITEMS_SHOWN]


def _shared_item(tx: Tx, lead: Asked, item_id: int, found: Suspicion) -> Shared | None:
    rows = tx.all("pairs.answers_of", _Said, item_id=item_id, most=ANSWERS_OF_ITEM)
    said = {row.person_id: _class(lead, json.loads(row.answers)) for row in rows}
    mine, theirs = said.pop(found.one_id, -1), said.pop(found.other_id or 0, -1)
    if mine != theirs or mine < 0:
        # One of the two was undone since the look.
        return None
    others = Counter(lead.classes[label] for label in said.values() if label >= 0)
    name = tx.value("pairs.external_id", item_id=item_id)
    return Shared(str(name), lead.classes[mine], dict(others.most_common()))
