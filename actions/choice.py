"""Which item a student gets next: the most urgent one under way that they have not met, else a fresh one, and now and then gold in its
place. Who lets others go first is told here as well; how an item is leased and shown is not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from actions import assignments
from actions.people import Person
from actions.projects import Project
from actions.qualifications import Standing
from actions.quality import Reading
from rules import credit
from rules.quality import gold_plan
from storage.tx import Tx

URGENT_AMONG = 50
"""Slots of items under way that are looked at for the most urgent one; who has met all of them reads on from a cursor."""
CANDIDATES_MOST = 2**31
SEEN_LATELY_MS = credit.HOUR_MS
ITEMS_EACH = 20
"""What somebody who is at work is taken to do next: a set."""
May = Callable[[int], bool]
"""Whether a person may get an item, where more than not having met it is asked."""


@dataclasses.dataclass(frozen=True, slots=True)
class Pick:
    """An item, and its place in what it was found in: the id of a slot, or of the item."""

    place: int
    item_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A work item for somebody: one under way, or a fresh one of the queue. `cursor`: it was found by reading on. `is_review`: it is in
    dispute, and goes to a senior beyond its slots."""

    pick: Pick
    is_fresh: bool
    cursor: bool = False
    is_review: bool = False


def take(tx: Tx, project: Project, standing: Standing, found: Found) -> None:
    """Take the slot of an item that was found, and keep where to read on from."""
    if found.is_review:
        return
    if found.is_fresh:
        assignments.begin_item(tx, project.id, found.pick.item_id)
        move(tx, standing, queue_cursor=found.pick.place)
        return
    tx.run("work.take_returned", id=found.pick.place)
    if found.cursor:
        move(tx, standing, returned_cursor=found.pick.place)


def others_do_it(tx: Tx, person: Person, project: Project) -> bool:
    """Tell whether people whose answers tell more are at work and want all the work that there is."""
    since_ms = tx.now_ms - SEEN_LATELY_MS
    others = tx.number(
        "quality.others_at_work", project_id=project.id, person_id=person.id, since_ms=since_ms
    )
    wanted = others * ITEMS_EACH
    return others > 0 and tx.number("quality.open_slots", project_id=project.id, most=wanted) < wanted


def seek_work(
    tx: Tx, person: Person, project: Project, standing: Standing, may: May | None
) -> tuple[Standing, Found | None]:
    """Find the most urgent item under way that a student has not met, else a fresh one: answers to one item come close together."""
    urgent = _first(tx, "work.next_urgent", person, project, may, among=URGENT_AMONG)
    if urgent is not None:
        return standing, Found(urgent, is_fresh=False)
    standing, returned = _seek_returned(tx, person, project, standing, may)
    if returned is not None:
        return standing, Found(returned, is_fresh=False, cursor=may is None)
    standing, queued = _seek_queued(tx, person, project, standing, may)
    return standing, None if queued is None else Found(queued, is_fresh=True)


def _first(tx: Tx, query: str, person: Person, project: Project, may: May | None, **more: int) -> Pick | None:
    """Give the first item that a query offers and the person may get."""
    if may is None:
        return tx.one(query, Pick, project_id=project.id, person_id=person.id, most=1, **more)
    offered = tx.each(query, Pick, project_id=project.id, person_id=person.id, most=CANDIDATES_MOST, **more)
    return next((pick for pick in offered if may(pick.item_id)), None)


def _seek(
    tx: Tx, query: str, person: Person, project: Project, may: May | None, cursor: int, **more: int
) -> Pick | None:
    """Look on from a cursor; at the end, once more from the front."""
    pick = _first(tx, query, person, project, may, cursor=cursor, **more)
    if pick is None and cursor > 0:
        pick = _first(tx, query, person, project, may, cursor=0, **more)
    return pick


def seek_gold(
    tx: Tx, person: Person, project: Project, standing: Standing, reading: Reading | None, may: May | None
) -> Pick | None:
    """Find a gold item that the student has not met, when one is due."""
    plan = project.rules.quality
    share = gold_plan.share(
        plan.gold_share_bounds,
        plan.gold_share,
        standing.gold_right + standing.gold_wrong,
        0 if reading is None else reading.answers,
        1.0 if reading is None else reading.worth,
        standing.standing,
    )
    # Independent draws: where gold comes next cannot be told from where it came last.
    if tx.draw() >= share:
        return None
    cap = plan.gold_exposure
    return _seek(tx, "work.next_gold", person, project, may, standing.gold_cursor, cap=cap)


def _seek_returned(
    tx: Tx, person: Person, project: Project, standing: Standing, may: May | None
) -> tuple[Standing, Pick | None]:
    """Find a slot of an item under way that the student has not met, beyond the most urgent ones. Where to read on from is kept with what
    the student gets then."""
    # Whoever may not get every item leaves some behind, so there is no place to read on from.
    cursor = standing.returned_cursor if may is None else 0
    pick = _first(tx, "work.next_returned", person, project, may, cursor=cursor)
    if pick is None and may is None:
        # All there is has been met by this student: read on from here next time.
        last = tx.number("work.last_returned", project_id=project.id)
        standing = dataclasses.replace(standing, returned_cursor=max(last, cursor))
    return standing, pick


def _seek_queued(
    tx: Tx, person: Person, project: Project, standing: Standing, may: May | None
) -> tuple[Standing, Pick | None]:
    """Find an item of the queue that the student has not met; who has met all is not searched for again until items come."""
    if standing.exhausted_ms is not None:
        return standing, None
    pick = _seek(tx, "work.next_queued", person, project, may, standing.queue_cursor)
    if pick is None and may is None:
        standing = dataclasses.replace(standing, exhausted_ms=tx.now_ms)
    return standing, pick


def move(tx: Tx, standing: Standing, **changes: Any) -> Standing:
    """Store where a student's cursors stand now."""
    moved = dataclasses.replace(standing, **changes)
    tx.run(
        "qualifications.set_cursors",
        person_id=moved.person_id,
        project_id=moved.project_id,
        queue_cursor=moved.queue_cursor,
        returned_cursor=moved.returned_cursor,
        gold_cursor=moved.gold_cursor,
        exhausted_ms=moved.exhausted_ms,
    )
    return moved
