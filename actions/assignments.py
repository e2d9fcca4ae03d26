"""Assignments: an item leased to a student, from being shown to being answered, skipped, flagged or given back.

Time is kept in stretches: one open assignment a person at a time (a unique index holds it), so no two stretches overlap. They are measured
in steady time, so that a clock which is set credits nothing twice and takes nothing away. Slots are kept so that live judgments and leases
of an item never exceed what it wants.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from actions import budgets, deliveries, round_cards
from rules import credit
from rules.pay import Terms
from storage.tx import Tx

EXPIRIES_A_RUN = 200
HELD = ("open", "parked", "paused")
"""The states in which a student has an item that they may still answer."""
PAUSE_HELD_MS = 2 * credit.HOUR_MS
"""A paused or parked item stays with its student this long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment with its item. `shown_ms`: where the stretch under way began, in steady time."""

    token: str
    person_id: int
    project_id: int
    item_id: int
    attempt: int
    use: str
    state: str
    step: int
    draft: str
    page: int
    pages_seen: int
    first_shown_ms: int
    shown_ms: int
    spent_ms: int
    lease_expires_ms: int
    rate_micro: int
    currency: str
    cap_ms: int
    scheme: str
    piece_micro: int
    flipped: int
    plain: int
    fields: str
    gold: str | None
    explanation: str | None

    @property
    def terms(self) -> Terms:
        """What it was shown with, and is paid by."""
        return Terms(self.scheme, self.rate_micro, self.piece_micro, self.cap_ms)


def by_token(tx: Tx, token: str) -> Assignment | None:
    """Find an assignment by the token that its buttons carry."""
    return tx.one("assignments.by_token", Assignment, token=token)


def open_of(tx: Tx, person_id: int) -> Assignment | None:
    """Give the one assignment that lies open before a person."""
    return tx.one("assignments.open_of", Assignment, person_id=person_id)


def run_out(tx: Tx, person_id: int, project_id: int, use: str, attempt: int) -> Assignment | None:
    """Give a training or exam item that a person was shown in an attempt and whose lease ran out before they answered."""
    return tx.one(
        "assignments.run_out",
        Assignment,
        person_id=person_id,
        project_id=project_id,
        use=use,
        attempt=attempt,
    )


def laid_aside(tx: Tx, person_id: int, project_id: int) -> Assignment | None:
    """Give the item that a person left last on a project."""
    return tx.one("assignments.laid_aside", Assignment, person_id=person_id, project_id=project_id)


def spent_ms(tx: Tx, assignment: Assignment) -> int:
    """Tell how long an assignment has lain open in all, before the cap."""
    if assignment.state != "open":
        return assignment.spent_ms
    return assignment.spent_ms + credit.segment_ms(assignment.shown_ms, tx.steady_ms)


def stop(tx: Tx, assignment: Assignment, state: str) -> None:
    """End the stretch under way and give the assignment another state. What it may cost is set aside as long as it is held."""
    tx.run(
        "assignments.stop",
        token=assignment.token,
        state=state,
        spent_ms=spent_ms(tx, assignment),
        lease_expires_ms=tx.now_ms + PAUSE_HELD_MS,
    )
    if assignment.state in HELD and state not in HELD:
        terms = assignment.terms
        # A judgment may yet be topped up.
        kept = terms.most_topup_micro if state == "judged" else 0
        budgets.release(tx, assignment.project_id, terms.most_micro - kept)


def start(tx: Tx, assignment: Assignment) -> Assignment:
    """Lay an assignment open again; a new stretch begins. Whatever else lay open is paused."""
    other = open_of(tx, assignment.person_id)
    if other is not None and other.token != assignment.token:
        stop(tx, other, "paused")
    expires_ms = tx.now_ms + credit.lease_ms(assignment.cap_ms)
    tx.run("assignments.start", token=assignment.token, steady_ms=tx.steady_ms, lease_expires_ms=expires_ms)
    if assignment.state not in HELD:
        budgets.reserve(tx, assignment.project_id, assignment.terms.most_micro)
    return dataclasses.replace(
        assignment,
        state="open",
        shown_ms=tx.steady_ms,
        lease_expires_ms=expires_ms,
    )


def restart(tx: Tx, assignment: Assignment, draft: str) -> None:
    """Lay an undone assignment open again, with what is left of its answer."""
    expires_ms = tx.now_ms + credit.lease_ms(assignment.cap_ms)
    tx.run(
        "assignments.restart",
        token=assignment.token,
        steady_ms=tx.steady_ms,
        lease_expires_ms=expires_ms,
        draft=draft,
    )
    budgets.reserve(
        tx, assignment.project_id, assignment.terms.most_micro - assignment.terms.most_topup_micro
    )


def give_up(tx: Tx, assignment: Assignment, state: str) -> None:
    """Leave an item unanswered (skipped, flagged, expired); its slot goes back to the others."""
    stop(tx, assignment, state)
    if assignment.use != "work" or tx.value("work.settled_ms", item_id=assignment.item_id) is not None:
        return
    if round_cards.is_leased(tx, assignment.token) and slots_out(
        tx, assignment.project_id, assignment.item_id
    ):
        # It took no slot. Only where nothing else is out its place is kept, since an item may have waited for this answer.
        return
    tx.run("work.give_back", project_id=assignment.project_id, item_id=assignment.item_id)


def begin_item(tx: Tx, project_id: int, item_id: int) -> None:
    """Take a fresh item out of the queue for its first lease. Its other slots are handed out before any fresh item, so that answers to one
    item come close together and say early what they say."""
    slots = tx.number("work.take_from_queue", project_id=project_id, item_id=item_id)
    for _ in range(slots - 1):
        tx.run("work.give_back", project_id=project_id, item_id=item_id)


def slots_out(tx: Tx, project_id: int, item_id: int) -> int:
    """Count the judgments that may still come in for an item: leases held, slots returned, slots queued."""
    return (
        tx.number("assignments.held", item_id=item_id)
        + tx.number("work.returned_slots", item_id=item_id)
        + tx.number("work.slots", project_id=project_id, item_id=item_id)
    )


def expire_leases(tx: Tx) -> int:
    """End the leases that ran out; their slots go back. Return how many."""
    ended = tx.all("assignments.expired", Assignment, now_ms=tx.now_ms, most=EXPIRIES_A_RUN)
    for assignment in ended:
        give_up(tx, assignment, "expired")
    return len(ended)


@dataclasses.dataclass(frozen=True, slots=True)
class _Open:
    token: str
    person_id: int


def reshow_open(tx: Tx) -> int:
    """After an outage, have every open card shown again, since taps may have been lost with Telegram. Return how many.

    An outage is ours, so it costs nobody their place: the leases of open items begin again.
    """
    opened = tx.all("assignments.all_open", _Open)
    tx.run("assignments.hold_open", until_ms=tx.now_ms + credit.LEASE_LEAST_MS)
    for one in opened:
        deliveries.enqueue(
            tx,
            person_id=one.person_id,
            key=f"reshow:{one.token}:{tx.now_ms}",
            notice={"kind": "card", "token": one.token},
        )
    return len(opened)


def release_all(tx: Tx, person_id: int, project_id: int | None = None) -> int:
    """Give back everything that a person holds, as when they can no longer be reached, or what is of one project. Return how many."""
    return _release(tx, person_id, project_id, HELD)


def release_laid_aside(tx: Tx, person_id: int, project_id: int) -> int:
    """Give back what a person has laid aside of one project; a card that lies open stays theirs. Return how many."""
    return _release(tx, person_id, project_id, ("parked", "paused"))


def _release(tx: Tx, person_id: int, project_id: int | None, states: Sequence[str]) -> int:
    held = [
        assignment
        for assignment in tx.all("assignments.unfinished_of", Assignment, person_id=person_id)
        if project_id in (None, assignment.project_id) and assignment.state in states
    ]
    for assignment in held:
        give_up(tx, assignment, "expired")
    return len(held)
