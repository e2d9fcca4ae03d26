"""Which items a calibration round can have: those on which answers part, found among a project's newest answers, and any other work. Only
reads; what becomes of them is `round_drafts`' business."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from actions.projects import Project
from rules import rounds as rules
from rules.kinds import Value
from storage.tx import Tx

LOOKED_AT_MOST = 2_000
"""So many of a project's newest answers are searched for confusion: enough to find it, and the same cost however many there are."""
CANDIDATES_MOST = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """Items that a draft could still get: on which answers part, and others, each counted up to as many as are proposed."""

    parted: int
    others: int


NOTHING_LEFT = Left(0, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class _Given:
    item_id: int
    answers: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Number:
    item_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Candidate:
    item_id: int
    external_id: str
    fields: str


def parted(tx: Tx, project: Project, most: int) -> list[int]:
    """Give items on which answers part, those first on which they part most."""
    return list(itertools.islice(_eligible(tx, project, _confusing(tx, project)), most))


def others(tx: Tx, project: Project, most: int) -> list[int]:
    """Give items on which all agree so far, or which nobody has answered."""
    confusing = set(_confusing(tx, project))
    rows = tx.all("rounds.some_work", _Number, project_id=project.id, most=CANDIDATES_MOST)
    rest = (row.item_id for row in rows if row.item_id not in confusing)
    return list(itertools.islice(_eligible(tx, project, rest), most))


def left(tx: Tx, project: Project) -> Left:
    """Count what a draft could still get; what it has, or put aside, is no candidate."""
    most = rules.ITEMS_PROPOSED
    return Left(len(parted(tx, project, most)), len(others(tx, project, most)))


def _confusing(tx: Tx, project: Project) -> list[int]:
    rows = tx.all("rounds.recent_answers", _Given, project_id=project.id, most=LOOKED_AT_MOST)
    given: defaultdict[int, list[dict[str, Value]]] = defaultdict(list)
    for row in rows:
        given[row.item_id].append(json.loads(row.answers))
    return rules.propose(project.rules, given, CANDIDATES_MOST)


def _eligible(tx: Tx, project: Project, items: Iterable[int]) -> Iterator[int]:
    """Leave out what a round has had, and what somebody flagged."""
    for item_id in items:
        if tx.one("rounds.eligible", _Candidate, project_id=project.id, item_id=item_id) is not None:
            yield item_id
