"""New gold items: settled items that their answers leave no doubt about, proposed one at a time and taken or declined with one tap."""

from __future__ import annotations

import dataclasses
import json

from actions import disputes, gold_items, people, projects, refusals
from actions.disputes import Item
from actions.people import Person, Visitor
from actions.projects import Project
from rules import rulings
from rules.kinds import GoldTrouble, Value
from rules.rulings import Side
from storage.tx import Tx

PROPOSED_MOST = 20
"""So many are proposed at a time; a project needs some golds, not all that it could have."""
KIND = "proposed"


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """An item that would make a good gold. `gold`: the key that it would get; `confidence` in millionths; `of`: how many are proposed.

    `golds`: how many in use have that key.
    """

    project: Project
    item: Item
    gold: dict[str, Value]
    confidence: int
    given: int
    golds: int
    sides: list[Side]
    of: int
    is_rich: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    label: str | None
    items: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Sure:
    item_id: int
    label: str
    confidence: int
    given: int


def count(tx: Tx, project: Project) -> int:
    """Count what is proposed now."""
    return min(PROPOSED_MOST, sum(_by_label(tx, project).values()))


def _by_label(tx: Tx, project: Project) -> dict[str, int]:
    lead = disputes.lead_of(project)
    if lead is None:
        return {}
    rows = tx.all("gold_items.proposable", _Count, project_id=project.id, question=lead)
    return {row.label: row.items for row in rows if row.label is not None}


def following(tx: Tx, visitor: Visitor, project_id: int) -> Proposal | None:
    """Give the next proposal: of the answer that the fewest golds have, so that no button is safe to press always. None for none."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    labels, golds = _by_label(tx, project), gold_items.by_key(tx, project)
    lead = disputes.lead_of(project)
    for label in sorted(labels, key=lambda word: (golds.get(word, 0), word)):
        found = tx.one("gold_items.propose", _Sure, project_id=project.id, question=lead, label=label)
        if found is not None:
            return _proposal(tx, person, project, found)
    return None


def see(tx: Tx, visitor: Visitor, item_id: int) -> Proposal:
    """Give a proposal by its item. Raises OutOfDate when it is none, or none any more."""
    item = disputes.item_of(tx, item_id)
    person, project = projects.managed_by_id(tx, visitor, item.project_id)
    lead = disputes.lead_of(project)
    found = tx.one("gold_items.proposed", _Sure, item_id=item_id, question=lead)
    if found is None or item.use != "work":
        raise refusals.OutOfDate
    return _proposal(tx, person, project, found)


def _proposal(tx: Tx, person: Person, project: Project, found: _Sure) -> Proposal:
    item, lead = disputes.item_of(tx, found.item_id), disputes.lead_of(project)
    ask = project.rules.asked(lead) if lead is not None else None
    assert lead is not None
    assert ask is not None
    return Proposal(
        project=project,
        item=item,
        gold={lead: rulings.answer_of(ask, found.label)},
        confidence=found.confidence,
        given=found.given,
        golds=gold_items.by_key(tx, project).get(found.label, 0),
        sides=disputes.sides_of(tx, project, item.id, [lead]),
        of=count(tx, project),
        is_rich=disputes.reads_rich(tx, person, project, item),
    )


def accept(tx: Tx, visitor: Visitor, item_id: int) -> Project:
    """Make a proposed item gold. Whoever met it does not meet it again, and their answers keep counting as the work they were."""
    proposal = see(tx, visitor, item_id)
    project = proposal.project
    try:
        gold = rulings.gold_of(project.rules, proposal.item.values, proposal.gold)
    except GoldTrouble as trouble:
        raise refusals.OutOfDate from trouble
    text = json.dumps(gold, ensure_ascii=False)
    if not tx.run("gold_items.promote", item_id=item_id, gold=text):
        raise refusals.OutOfDate
    _decide(tx, visitor, proposal, "accepted")
    tx.run("quality.ask_fit", project_id=project.id, now_ms=tx.now_ms)
    return project


def decline(tx: Tx, visitor: Visitor, item_id: int) -> Project:
    """Leave a proposed item what it is; it is not proposed again."""
    proposal = see(tx, visitor, item_id)
    _decide(tx, visitor, proposal, "declined")
    return proposal.project


def _decide(tx: Tx, visitor: Visitor, proposal: Proposal, state: str) -> None:
    person = people.require_role(tx, visitor, "coordinator")
    figures = {"confidence": proposal.confidence / 1_000_000, "answers": proposal.given}
    tx.run(
        "gold_items.add_decided",
        project_id=proposal.project.id,
        item_id=proposal.item.id,
        kind=KIND,
        figures=json.dumps(figures),
        state=state,
        by=person.id,
        now_ms=tx.now_ms,
    )
    people.audit(tx, f"person:{person.id}", f"gold {state}", f"item:{proposal.item.id}")
