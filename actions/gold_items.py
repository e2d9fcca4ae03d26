"""Gold items that need a person: those whose key good people contradict, frozen at once and without effect until their owner decides, and
those that leaked, retired at once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions import budgets, deliveries, disputes, people, projects, refusals
from actions.disputes import Item
from actions.people import Person, Visitor
from actions.projects import Project
from rules import answers, project_state, rulings
from rules.kinds import GoldTrouble, Value
from rules.quality import questions
from rules.quality.bad_golds import DoubtfulGold, LeakedGold
from rules.rulings import Side
from storage.tx import Tx

DOUBTFUL, LEAKED = "doubtful", "leaked"
KINDS = (DOUBTFUL, LEAKED)


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """How many gold items are in use, frozen until somebody decides, and shown no more."""

    live: int
    frozen: int
    retired: int


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A gold item that needs a person. `figures`: JSON, why; `kind`: doubtful or leaked."""

    id: int
    project_id: int
    item_id: int
    kind: str
    figures: str
    state: str
    found_ms: int

    @property
    def seen(self) -> Mapping[str, Any]:
        """The figures behind it."""
        return dict(json.loads(self.figures))


@dataclasses.dataclass(frozen=True, slots=True)
class Laid:
    """A case as its coordinator reads it. `question`: the one that its key answers first; `place` counts from 0 among `of`."""

    project: Project
    case: Case
    item: Item
    question: str
    sides: list[Side]
    place: int
    of: int
    is_rich: bool

    @property
    def key(self) -> Mapping[str, Value]:
        """The gold answer as it stands."""
        return dict(json.loads(self.item.gold or "{}"))


@dataclasses.dataclass(frozen=True, slots=True)
class _Judgment:
    id: int
    person_id: int
    answers: str
    correct: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Id:
    item_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


def health(tx: Tx, project_id: int) -> Health:
    """Count a project's gold items by how they are."""
    return tx.one("gold_items.health", Health, project_id=project_id) or Health(0, 0, 0)


def vouched(tx: Tx, project_id: int, kind: str = DOUBTFUL) -> frozenset[int]:
    """Name the gold items whose owner has looked at such a case and stands by them."""
    rows = tx.all("gold_items.vouched", _Id, project_id=project_id, kind=kind)
    return frozenset(row.item_id for row in rows)


def look(tx: Tx, project: Project, doubtful: Iterable[DoubtfulGold], leaked: Iterable[LeakedGold]) -> int:
    """Freeze golds that a refit found doubtful, retire those that it found leaked, and tell the project's coordinators. Return how many."""
    lead = disputes.lead_of(project)
    asked = next((one for one in questions.of_definition(project.definition) if one.key == lead), None)
    if asked is None:
        return 0
    found = 0
    known = vouched(tx, project.id)
    for gold in doubtful:
        if gold.item_id in known or not tx.run("gold_items.freeze", item_id=gold.item_id, now_ms=tx.now_ms):
            continue
        figures = dataclasses.asdict(gold) | {
            "key": asked.classes[gold.key],
            "likely": asked.classes[gold.likely],
        }
        _open(tx, project, gold.item_id, DOUBTFUL, figures)
        _recount(tx, project, gold.item_id, counts=False)
        found += 1
    known = vouched(tx, project.id, LEAKED)
    for sold in leaked:
        if sold.item_id in known or not tx.run("gold_items.retire", item_id=sold.item_id, now_ms=tx.now_ms):
            continue
        _open(tx, project, sold.item_id, LEAKED, dataclasses.asdict(sold))
        found += 1
    if found:
        _tell(tx, project)
    return found


def _open(tx: Tx, project: Project, item_id: int, kind: str, figures: Mapping[str, Any]) -> None:
    kept = {name: value for name, value in figures.items() if name != "item_id"}
    text = json.dumps(kept, ensure_ascii=False)
    case_id = tx.number(
        "gold_items.add_case",
        project_id=project.id,
        item_id=item_id,
        kind=kind,
        figures=text,
        now_ms=tx.now_ms,
    )
    people.audit(tx, "system", f"gold {kind}", f"item:{item_id}", f"case {case_id}")


def _tell(tx: Tx, project: Project) -> None:
    for one in tx.all("budgets.staff", _Staff, project_id=project.id, most=budgets.STAFF_TOLD_MAX):
        deliveries.enqueue(
            tx,
            person_id=one.person_id,
            key=f"golds:{project.id}:{tx.now_ms}:{one.person_id}",
            notice={"kind": "golds", "project_id": project.id},
        )


def _recount(tx: Tx, project: Project, item_id: int, *, counts: bool) -> None:
    """Bring everybody's figures in step with a gold item whose key changed, or that counts no more or again."""
    item, rules = disputes.item_of(tx, item_id), project.rules
    key = json.loads(item.gold or "{}")
    for one in tx.all("gold_items.judgments_of", _Judgment, item_id=item_id):
        right = answers.meets_gold(rules, key, json.loads(one.answers)) if counts else None
        was = None if one.correct is None else bool(one.correct)
        if right == was:
            continue
        tx.run("gold_items.set_correct", id=one.id, correct=None if right is None else int(right))
        tx.run(
            "gold_items.add_golds",
            person_id=one.person_id,
            project_id=project.id,
            right=int(right is True) - int(was is True),
            wrong=int(right is False) - int(was is False),
        )


def count(tx: Tx, project_id: int, kind: str) -> int:
    """Count the open cases of a kind."""
    return tx.number("gold_items.count_cases", project_id=project_id, kind=kind)


def at(tx: Tx, visitor: Visitor, project_id: int, kind: str, place: int = 0) -> Laid | None:
    """Give one open case of a kind; behind their end, the first. None when there is none."""
    if kind not in KINDS:
        raise refusals.OutOfDate
    person, project = projects.managed_by_id(tx, visitor, project_id)
    of = count(tx, project.id, kind)
    place = place if 0 <= place < of else 0
    found = tx.one("gold_items.case_at", Case, project_id=project.id, kind=kind, place=place)
    return None if found is None else _laid(tx, person, project, found, place, of)


def _laid(tx: Tx, person: Person, project: Project, case: Case, place: int, of: int) -> Laid:
    item, lead = disputes.item_of(tx, case.item_id), disputes.lead_of(project)
    if lead is None:
        raise refusals.OutOfDate
    sides = disputes.sides_of(tx, project, item.id, [lead])
    return Laid(project, case, item, lead, sides, place, of, disputes.reads_rich(tx, person, project, item))


def keep(tx: Tx, visitor: Visitor, case_id: int) -> Case:
    """Say that a gold is as it should be: it is used again, and what people answered to it counts again."""
    person, project, case = _decidable(tx, visitor, case_id)
    tx.run("gold_items.use_again", item_id=case.item_id)
    return _decided(tx, person, project, case, "kept", counts=True)


def rekey(tx: Tx, visitor: Visitor, case_id: int, operation: str) -> Case:
    """Give a doubtful gold another key, by the operation of its card; what people answered is held to the new one."""
    person, project, case = _decidable(tx, visitor, case_id)
    item, lead = disputes.item_of(tx, case.item_id), disputes.lead_of(project)
    ask = project.rules.asked(lead) if lead is not None else None
    value = rulings.value_of(ask, item.values, operation) if ask is not None else None
    if lead is None or value is None or case.kind != DOUBTFUL:
        raise refusals.OutOfDate
    try:
        gold = rulings.rekeyed(project.rules, item.values, json.loads(item.gold or "{}"), lead, value)
    except GoldTrouble as trouble:
        raise refusals.OutOfDate from trouble
    tx.run("gold_items.set_key", item_id=item.id, gold=json.dumps(gold, ensure_ascii=False))
    return _decided(tx, person, project, case, "changed", counts=True)


def drop(tx: Tx, visitor: Visitor, case_id: int) -> Case:
    """Use a gold no more; a doubtful one stays without effect for good."""
    person, project, case = _decidable(tx, visitor, case_id)
    tx.run("gold_items.retire", item_id=case.item_id, now_ms=tx.now_ms)
    return _decided(tx, person, project, case, "dropped", counts=case.kind != DOUBTFUL)


def _decidable(tx: Tx, visitor: Visitor, case_id: int) -> tuple[Person, Project, Case]:
    case = tx.one("gold_items.case", Case, id=case_id)
    if case is None:
        raise refusals.OutOfDate
    person, project = projects.managed_by_id(tx, visitor, case.project_id)
    if case.state != "open":
        raise refusals.OutOfDate
    return person, project, case


def _decided(tx: Tx, person: Person, project: Project, case: Case, state: str, *, counts: bool) -> Case:
    tx.run("gold_items.decide", id=case.id, state=state, by=person.id, now_ms=tx.now_ms)
    _recount(tx, project, case.item_id, counts=counts)
    # The models learn of it soon; whoever a wrong key spoke against is read anew then.
    tx.run("quality.ask_fit", project_id=project.id, now_ms=tx.now_ms)
    people.audit(tx, f"person:{person.id}", f"gold {state}", f"item:{case.item_id}", f"case {case.id}")
    return dataclasses.replace(case, state=state)


@dataclasses.dataclass(frozen=True, slots=True)
class Outlook:
    """What a project's golds are good for. `keys`: how many different answers they have; `useful`: fewer cannot bear its confidence out."""

    golds: int
    keys: int
    useful: int


def outlook(tx: Tx, visitor: Visitor, project_id: int) -> Outlook | None:
    """Look at the golds that a project is opened with. None where it goes by agreement alone."""
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    plan = project.rules.quality
    if not plan.gold_share or disputes.lead_of(project) is None:
        return None
    golds = health(tx, project.id).live
    return Outlook(golds, len(by_key(tx, project)), project_state.golds_useful(plan.confidence))


@dataclasses.dataclass(frozen=True, slots=True)
class _Key:
    gold: str
    golds: int


def by_key(tx: Tx, project: Project) -> dict[str, int]:
    """Count the golds in use by what they say to the lead question, in the order of its answers."""
    lead = disputes.lead_of(project)
    asked: Sequence[questions.Asked] = questions.of_definition(project.definition)
    one = next((found for found in asked if found.key == lead), None)
    if one is None:
        return {}
    counts: dict[int, int] = {}
    for row in tx.all("gold_items.keys", _Key, project_id=project.id):
        place = questions.gold_class(one, json.loads(row.gold))
        if place is not None:
            counts[place] = counts.get(place, 0) + row.golds
    return {one.classes[place]: counts[place] for place in sorted(counts)}
