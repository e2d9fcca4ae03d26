"""Caps that prove too tight: found once a day, told to those who look after the project, and raised when one of them says so."""

from __future__ import annotations

import dataclasses
import json

from actions import deliveries, people, projects, refusals
from actions.people import Visitor
from actions.projects import Project
from rules import caps, project_file
from storage.tx import Tx

NEWEST = 2_000
"""Judgments of a project that are looked at: enough to tell, and the same cost however many there are."""
STAFF_TOLD_MAX = 20
TAKEN, LEFT = "taken", "left"


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """A cap that was found too tight, and the one proposed. State: open, taken or left."""

    id: int
    project_id: int
    cap_ms: int
    proposed_ms: int
    judgments: int
    met: int
    state: str


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """A proposal with its project as it stands now."""

    project: Project
    proposal: Proposal

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer: nobody gave one, and the cap is the one that was found too tight."""
        return self.proposal.state == "open" and self.project.rules.pay.cap_ms == self.proposal.cap_ms


@dataclasses.dataclass(frozen=True, slots=True)
class _Spent:
    spent_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


def look(tx: Tx) -> int:
    """Look at the caps of all open projects, and tell of those that are too tight. Return how many."""
    return sum(_look_at(tx, project) for project in tx.all("budgets.open_projects", Project))


def _look_at(tx: Tx, project: Project) -> bool:
    rules, since_ms = project.rules, tx.now_ms - caps.QUIET_MS
    cap_ms = rules.pay.cap_ms
    if tx.value("caps.told_since", project_id=project.id, cap_ms=cap_ms, since_ms=since_ms) is not None:
        return False
    rows = tx.all(
        "caps.spent",
        _Spent,
        project_id=project.id,
        newest=NEWEST,
        cap_ms=cap_ms,
        least_score=round(rules.qualification.pass_score * 1000),
    )
    found = caps.judge([row.spent_ms for row in rows], cap_ms)
    if found is None:
        return False
    number = tx.number("caps.add", project_id=project.id, now_ms=tx.now_ms, **dataclasses.asdict(found))
    for one in tx.all("budgets.staff", _Staff, project_id=project.id, most=STAFF_TOLD_MAX):
        deliveries.enqueue(
            tx,
            person_id=one.person_id,
            key=f"cap:{number}:{one.person_id}",
            notice={"kind": "cap", "id": number},
        )
    return True


def told(tx: Tx, number: int) -> Told | None:
    """Give a proposal; None when there is none of this number."""
    proposal = tx.one("caps.of", Proposal, id=number)
    return None if proposal is None else Told(projects.get(tx, proposal.project_id), proposal)


def take(tx: Tx, visitor: Visitor, number: int) -> Told:
    """Raise a cap as proposed, by the ordinary change of the project: items shown from now on have it. Again changes nothing.

    Raises ProjectTrouble where the rest of the project's file does not allow it, as when its budget does not pay for one such item.
    """
    found = _managed(tx, visitor, number)
    if not found.is_open:
        return found
    raw = json.loads(found.project.definition)
    raw["pay"]["cap_seconds"] = found.proposal.proposed_ms // 1000
    projects.keep(tx, visitor, project_file.check(raw))
    return _decide(tx, number, TAKEN)


def leave(tx: Tx, visitor: Visitor, number: int) -> Told:
    """Leave a cap as it is; it is not told of again for two weeks."""
    found = _managed(tx, visitor, number)
    if not found.is_open:
        return found
    person = people.require_role(tx, visitor, "coordinator")
    subject = f"project:{found.project.id}"
    people.audit(tx, f"person:{person.id}", "left cap", subject, f"{found.proposal.cap_ms // 1000} s")
    return _decide(tx, number, LEFT)


def _managed(tx: Tx, visitor: Visitor, number: int) -> Told:
    found = told(tx, number)
    if found is None:
        raise refusals.OutOfDate
    projects.managed_by_id(tx, visitor, found.project.id)
    return found


def _decide(tx: Tx, number: int, state: str) -> Told:
    tx.run("caps.decide", id=number, state=state, now_ms=tx.now_ms)
    found = told(tx, number)
    assert found is not None
    return found
