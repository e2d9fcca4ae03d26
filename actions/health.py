"""Health: the figures that tell an admin whether the house works, gathered from the books and the disk."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from actions import clock, deliveries, inbox, marks, people, proofs
from actions.people import Visitor
from rules.credit import DAY_MS
from rules.health import Figures
from storage.tx import Tx

BACKUP = "backup_ms"
"""The mark that says when the last backup was written."""


@dataclasses.dataclass(frozen=True, slots=True)
class Disk:
    """What the database takes and what is left, in bytes."""

    database_bytes: int
    free_bytes: int


def disk(path: Path) -> Disk:
    """Measure a database file, with its log, and the free space beside it."""
    files = [path, path.with_name(path.name + "-wal")]
    used = sum(file.stat().st_size for file in files if file.exists())
    return Disk(used, shutil.disk_usage(path.parent).free)


def look(tx: Tx, visitor: Visitor, measured: Disk) -> Figures:
    """Gather the figures; for admins only."""
    people.require_role(tx, visitor, "admin")
    backlog = inbox.backlog(tx)
    states = {row.state: row.number for row in tx.all("health.people", _Count)}
    since_ms = tx.now_ms - DAY_MS
    badly = {row.state: row.number for row in tx.all("health.ended_badly", _Count, since_ms=since_ms)}
    step = clock.last_step(tx)
    if step is not None and abs(tx.now_ms - step.seen_ms) > DAY_MS:
        step = None
    proof = proofs.last(tx)
    return Figures(
        now_ms=tx.now_ms,
        heard_ms=marks.moment(tx, marks.LAST_GOOD),
        inbox_waiting=backlog.waiting,
        inbox_oldest_ms=backlog.oldest_ms,
        set_aside=tx.number("health.set_aside"),
        deliveries_waiting=sum(count.number for count in deliveries.counts(tx)),
        uncertain=badly.get("uncertain", 0),
        failed=badly.get("failed", 0),
        people_ready=states.get("ready", 0),
        people_underway=states.get("invited", 0) + states.get("profiling", 0),
        judgments_today=tx.number("health.judgments_since", since_ms=since_ms),
        unbalanced=tuple(row.asset for row in tx.all("health.unbalanced", _Unbalanced)),
        database_bytes=measured.database_bytes,
        disk_free_bytes=measured.free_bytes,
        backup_ms=marks.moment(tx, BACKUP),
        clock_set_ms=step.seen_ms if step is not None else 0,
        clock_set_by_ms=step.by_ms if step is not None else 0,
        proven_ms=proof.proven_ms,
        books_red_ms=proof.red_ms,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    state: str
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Unbalanced:
    asset: str
    difference: int
