"""The inbox: raw updates kept until their effect is in the books. Effect and mark are one transaction.

An update is sealed and committed before Telegram is told that we have it, and its text is gone once it is done.
What the updates mean is none of this module's business.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from actions import deliveries
from storage.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")

DAY_MS = 24 * 60 * 60 * 1000
DONE_KEPT_MS = 7 * DAY_MS
"""Telegram repeats an update for at most a day; its ids start anew after a week of silence."""
ASIDE_KEPT_MS = 30 * DAY_MS
SWEPT_A_RUN = 500
PURPOSE = "update"


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came. `identity` is what tells it from another with the same number; `person` is the
    Telegram id of whoever caused it, empty where nobody can be made out; `text` is the update as JSON."""

    update_id: int
    identity: str
    person: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """Where an arrival was put. `id` is 0 when it had come before."""

    id: int
    person_key: str
    received_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Unfinished:
    """An update whose effect is not in the books yet."""

    id: int
    update_id: int
    person_key: str
    payload: str
    attempts: int
    received_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Backlog:
    """How many updates wait for their effect, and since when the oldest does."""

    waiting: int
    oldest_ms: int | None


def accept(tx: Tx, arrivals: Sequence[Arrival]) -> list[Accepted]:
    """Keep updates, in order; one that came before is not kept twice."""
    return [_accept_one(tx, arrival) for arrival in arrivals]


def _accept_one(tx: Tx, arrival: Arrival) -> Accepted:
    key = tx.vault.index(arrival.person) if arrival.person else ""
    inbox_id = tx.number(
        "inbox.accept",
        update_id=arrival.update_id,
        digest=tx.vault.index(arrival.identity),
        person_key=key,
        payload=tx.vault.seal(PURPOSE, arrival.text),
        now_ms=tx.now_ms,
    )
    return Accepted(inbox_id, key, tx.now_ms)


def accept_aside(tx: Tx, arrival: Arrival, trouble: str) -> None:
    """Keep something that is no update, out of the way."""
    accepted = _accept_one(tx, arrival)
    if accepted.id:
        set_aside(tx, accepted.id, trouble)


def body_of(tx: Tx, row: Unfinished) -> Any:
    """Open a kept update."""
    return json.loads(tx.vault.open(PURPOSE, row.payload))


def with_mark(
    tx: Tx, inbox_id: int, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run an action and mark an inbox row done; both or neither."""
    outcome = action(tx, *args, **kwargs)
    finish(tx, inbox_id)
    return outcome


def finish(tx: Tx, inbox_id: int, trouble: str | None = None) -> None:
    """Mark a row done and empty its payload."""
    tx.run("inbox.finish", id=inbox_id, trouble=trouble, now_ms=tx.now_ms)


def set_aside(tx: Tx, inbox_id: int, trouble: str) -> None:
    """Take a row out of the way without losing it, and tell the admins."""
    tx.run("inbox.set_aside", id=inbox_id, trouble=trouble, now_ms=tx.now_ms)
    deliveries.alert_admins(
        tx,
        "aside",
        f"Inbox row {inbox_id} could not be handled and stays aside: {trouble}. Everything else goes on.",
    )


def note_fault(tx: Tx, inbox_id: int, incident: str, alert: str) -> None:
    """Mark a row with the incident that it met, and tell the admins.

    A row whose effect is in the books stays done; any other is set aside, so that nothing is lost.
    """
    trouble = f"incident {incident}"
    if not tx.run("inbox.set_aside", id=inbox_id, trouble=trouble, now_ms=tx.now_ms):
        tx.run("inbox.note_trouble", id=inbox_id, trouble=trouble)
    deliveries.alert_admins(tx, "incident", alert)


def begin_again(tx: Tx, inbox_id: int) -> None:
    """Count one more start of a row that a former process did not finish."""
    tx.run("inbox.begin_again", id=inbox_id)


def last_unfinished(tx: Tx) -> int:
    """Give the id of the newest unfinished row; 0 when there is none."""
    return tx.number("inbox.last")


def unfinished(tx: Tx, after: int, last: int, most: int) -> list[Unfinished]:
    """List unfinished rows in order, after one id and up to another."""
    return tx.all("inbox.unfinished", Unfinished, after=after, last=last, most=most)


def backlog(tx: Tx) -> Backlog:
    """Tell how much is unfinished."""
    return tx.one("inbox.backlog", Backlog) or Backlog(0, None)


def sweep(tx: Tx) -> int:
    """Delete a batch of rows that were done long ago. Return how many."""
    return tx.run(
        "inbox.sweep",
        done_before_ms=tx.now_ms - DONE_KEPT_MS,
        aside_before_ms=tx.now_ms - ASIDE_KEPT_MS,
        most=SWEPT_A_RUN,
    )
