"""How far a round's cohort agrees: on its work of the days before, on the round's items, and on its work after the results were told."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict

from actions import projects
from actions.projects import Project
from rules import rounds as rules
from rules.credit import HOUR_MS
from rules.kinds import Value
from rules.rounds import Figure
from storage.tx import Tx

ANSWERS_MOST = 10_000
"""Answers that one figure looks at. Items are numbered in an order drawn by chance, so the first ones are a fair sample."""
FOLLOWED_A_RUN = 5
AGAIN_MS = 6 * HOUR_MS
"""So often the agreement after a round is taken anew while its window runs."""


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """A round as stored. State: draft, open, closed (it waits for rulings), told, discarded. `everyone`: 1 for all who are at work."""

    id: int
    project_id: int
    number: int
    state: str
    everyone: int
    days: int
    created_by: int
    created_ms: int
    opened_ms: int | None
    closes_ms: int | None
    closed_ms: int | None
    told_ms: int | None
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Work:
    item_id: int
    answers: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    item_id: int
    person_id: int
    answers: str
    flipped: int


def measure(tx: Tx, project: Project, found: Round, from_ms: int, until_ms: int) -> list[Figure]:
    """Measure how far a cohort agreed on its ordinary work within a time, on items that two of them or more answered."""
    rows = tx.all(
        "rounds.work_between",
        _Work,
        id=found.id,
        project_id=project.id,
        from_ms=from_ms,
        until_ms=until_ms,
        most=ANSWERS_MOST,
    )
    given: defaultdict[int, list[dict[str, Value]]] = defaultdict(list)
    for row in rows:
        given[row.item_id].append(json.loads(row.answers))
    return rules.agreement_of(project.rules, given)


def cohort_answers(tx: Tx, round_id: int) -> defaultdict[int, list[dict[str, Value]]]:
    """Give what a round's cohort answered, by item."""
    given: defaultdict[int, list[dict[str, Value]]] = defaultdict(list)
    for row in tx.all("rounds.answers", _Answer, id=round_id):
        given[row.item_id].append(json.loads(row.answers))
    return given


def before(tx: Tx, project: Project, found: Round) -> list[Figure]:
    """Give agreement on the work of the days before a round was opened. Nothing for a draft."""
    if found.opened_ms is None:
        return []
    if found.before:
        return rules.load(found.before)
    return measure(tx, project, found, found.opened_ms - rules.WINDOW_MS, found.opened_ms)


def after_now(tx: Tx, project: Project, found: Round) -> list[Figure]:
    """Give agreement after a round as it stands now; behind its window, as it stood then. Nothing before the results were told."""
    if found.told_ms is None:
        return []
    if tx.now_ms >= found.told_ms + rules.WINDOW_MS and found.after:
        return rules.load(found.after)
    return measure(tx, project, found, found.told_ms, found.told_ms + rules.WINDOW_MS)


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """Figures of a round, to be kept."""

    round_id: int
    before: list[Figure]
    after: list[Figure]


@dataclasses.dataclass(frozen=True, slots=True)
class _Due:
    id: int


def due(tx: Tx) -> list[int]:
    """List the rounds whose figures for the list are to be taken, or taken anew: while the window runs, and once behind its end."""
    rows = tx.all(
        "rounds.to_follow",
        _Due,
        window_ms=rules.WINDOW_MS,
        before_ms=tx.now_ms - AGAIN_MS,
        most=FOLLOWED_A_RUN,
    )
    return [row.id for row in rows]


def take(tx: Tx, round_id: int) -> Taken:
    """Take the figures of a round. It looks at many answers, so it is run where it keeps nobody waiting."""
    found = tx.one("rounds.by_id", Round, id=round_id)
    assert found is not None
    project = projects.get(tx, found.project_id)
    fresh = dataclasses.replace(found, after="")
    return Taken(round_id, before(tx, project, found), after_now(tx, project, fresh))


def keep(tx: Tx, taken: Taken) -> None:
    """Keep the figures of a round."""
    tx.run(
        "rounds.keep_figures",
        id=taken.round_id,
        before=rules.dump(taken.before),
        after=rules.dump(taken.after),
        now_ms=tx.now_ms,
    )
