"""Broadcasts: the call for a project, on its coordinator's side. Drafting it, sending it once, pausing and stopping it, its progress.

draft → sending ⇄ paused → done | stopped. The rows for the recipients are written before or with the change to `sending`, under a key each,
so that a second confirmation, or one after a crash, sends nothing twice. What a call says is made when it is sent.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

from actions import deliveries, people, projects, qualifications, refusals
from actions.people import Person, Visitor
from actions.projects import Project
from rules import broadcasts as rules
from rules.text import units
from storage.tx import Tx

BATCH = 1_000
"""Rows written in one transaction: some twenty milliseconds of the writer's time."""
LONG_MS = 60_000
"""A broadcast that took longer is reported in a message of its own; the end of a short one is seen where it was begun."""
TEXT_UNITS_MAX = 300
TEXT_LINES_MAX = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as stored. `text`: the coordinator's own words below the pay and the time; may be empty."""

    id: int
    project_id: int
    author_id: int
    text: str
    state: str
    created_ms: int
    started_ms: int | None
    finished_ms: int | None
    progress_message_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be called, and the time zone that they live in."""

    person_id: int
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """A broadcast with its project, for whoever manages it. `time_zone`: theirs, for the times that they read."""

    broadcast: Broadcast
    project: Project
    seats_left: int
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: deliveries by state; `first_due_ms` when the next ones are still to come."""

    broadcast: Broadcast
    project: Project
    counts: Counter[str]
    first_due_ms: int | None
    now_ms: int
    time_zone: str

    @property
    def of(self) -> int:
        """How many were to be called."""
        return sum(self.counts.values())

    @property
    def was_long(self) -> bool:
        """Tell whether it has ended so long after its start that its coordinator may have looked away."""
        began_ms, ended_ms = self.broadcast.started_ms, self.broadcast.finished_ms
        return began_ms is not None and ended_ms is not None and ended_ms - began_ms >= LONG_MS

    @property
    def ended(self) -> int:
        """How many deliveries have come to an end, whichever."""
        return self.of - self.counts["waiting"] - self.counts["sending"]


@dataclasses.dataclass(frozen=True, slots=True)
class Started:
    """The broadcast is under way. `again` when it was so before, and nothing more was sent."""

    progress: Progress
    again: bool


def draft(tx: Tx, visitor: Visitor, project_id: int) -> Broadcast:
    """Begin a broadcast for an open project, or go on with the draft that was begun before."""
    person, project = projects.managed_by_id(tx, visitor, project_id)
    if project.state != "open":
        raise refusals.NotOpenToCall(title=project.title)
    known = tx.one("broadcasts.draft_of", Broadcast, project_id=project.id, author_id=person.id)
    if known is not None:
        return known
    return get(tx, tx.number("broadcasts.add", project_id=project.id, author_id=person.id, now_ms=tx.now_ms))


def get(tx: Tx, broadcast_id: int) -> Broadcast:
    """Find a broadcast by an id that came from a button; refuse when there is none."""
    broadcast = tx.one("broadcasts.by_id", Broadcast, id=broadcast_id)
    if broadcast is None:
        raise refusals.OutOfDate
    return broadcast


def _managed(tx: Tx, visitor: Visitor, broadcast_id: int) -> tuple[Person, Project, Broadcast]:
    broadcast = get(tx, broadcast_id)
    person, project = projects.managed_by_id(tx, visitor, broadcast.project_id)
    return person, project, broadcast


def desk(tx: Tx, visitor: Visitor, broadcast_id: int) -> Desk:
    """Give a broadcast to whoever manages its project."""
    person, project, broadcast = _managed(tx, visitor, broadcast_id)
    zone = people.profile_of(tx, person).time_zone
    return Desk(broadcast, project, qualifications.seats_left(tx, project), zone)


def set_text(tx: Tx, visitor: Visitor, broadcast_id: int, text: str) -> None:
    """Give a draft other words of the coordinator's own; an empty text takes them away."""
    _, _, broadcast = _managed(tx, visitor, broadcast_id)
    words = text.strip()
    if units(words) > TEXT_UNITS_MAX or words.count("\n") >= TEXT_LINES_MAX:
        raise refusals.CallTooLong(most=TEXT_UNITS_MAX, lines=TEXT_LINES_MAX)
    if not tx.run("broadcasts.set_text", id=broadcast.id, text=words):
        raise refusals.OutOfDate
    people.stop_awaiting(tx, people.require(tx, visitor).id)


def await_text(tx: Tx, visitor: Visitor, broadcast_id: int) -> None:
    """Wait for the coordinator's own words for a draft."""
    person, _, broadcast = _managed(tx, visitor, broadcast_id)
    if broadcast.state != "draft":
        raise refusals.OutOfDate
    people.await_input(tx, person.id, "broadcast", str(broadcast.id))


def awaited_draft(tx: Tx, visitor: Visitor) -> int:
    """Tell which draft the next message of a coordinator is for."""
    awaited = people.awaited(tx, people.require(tx, visitor).id)
    if awaited is None or awaited.kind != "broadcast":
        raise refusals.OutOfDate
    return int(awaited.detail)


def key_of(broadcast_id: int, person_id: int) -> str:
    """Name the delivery of a broadcast to a person."""
    return f"broadcast:{broadcast_id}:{person_id}"


def write_rows(
    tx: Tx, visitor: Visitor, broadcast_id: int, recipients: Sequence[Recipient], schedule: str
) -> int:
    """Write deliveries of a draft ahead of its start; they wait for it. Return how many are new."""
    _, _, broadcast = _managed(tx, visitor, broadcast_id)
    if broadcast.state != "draft":
        return 0
    if len(recipients) > BATCH:
        raise ValueError(f"{len(recipients)} rows in one transaction; at most {BATCH}")
    return sum(
        deliveries.enqueue(
            tx,
            person_id=recipient.person_id,
            key=key_of(broadcast.id, recipient.person_id),
            notice={"kind": "broadcast", "broadcast": broadcast.id},
            lane=deliveries.BROADCAST,
            broadcast_id=broadcast.id,
            not_before_ms=rules.send_at_ms(schedule, tx.now_ms, recipient.time_zone),
        )
        for recipient in recipients
    )


def start(
    tx: Tx,
    visitor: Visitor,
    broadcast_id: int,
    recipients: Sequence[Recipient],
    schedule: str,
    message_id: int | None,
) -> Started:
    """Write the last rows of a draft and let it go, in one transaction; a second time changes nothing.

    `message_id`: the coordinator's message that shows the progress. Raises NotOpenToCall or NobodyToCall.
    """
    person, project, broadcast = _managed(tx, visitor, broadcast_id)
    if broadcast.state != "draft":
        return Started(progress(tx, broadcast.id), again=True)
    if project.state != "open":
        raise refusals.NotOpenToCall(title=project.title)
    write_rows(tx, visitor, broadcast_id, recipients, schedule)
    if not _counts(tx, broadcast.id):
        raise refusals.NobodyToCall
    tx.run("broadcasts.start", id=broadcast.id, message_id=message_id, now_ms=tx.now_ms)
    people.audit(tx, f"person:{person.id}", "sent broadcast", f"broadcast:{broadcast.id}", schedule)
    tx.announce(deliveries.TOPIC)
    return Started(progress(tx, broadcast.id), again=False)


def place_progress(tx: Tx, broadcast_id: int, message_id: int) -> None:
    """Remember the message that shows the progress."""
    tx.run("broadcasts.place_progress", id=broadcast_id, message_id=message_id)


def pause(tx: Tx, visitor: Visitor, broadcast_id: int) -> Progress:
    """Send no more for now."""
    return _move(tx, visitor, broadcast_id, "sending", "paused")


def resume(tx: Tx, visitor: Visitor, broadcast_id: int) -> Progress:
    """Send on."""
    tx.announce(deliveries.TOPIC)
    return _move(tx, visitor, broadcast_id, "paused", "sending")


def _move(tx: Tx, visitor: Visitor, broadcast_id: int, before: str, state: str) -> Progress:
    person, _, broadcast = _managed(tx, visitor, broadcast_id)
    if tx.run("broadcasts.move", id=broadcast.id, before=before, state=state):
        people.audit(tx, f"person:{person.id}", f"set broadcast {state}", f"broadcast:{broadcast.id}")
    return progress(tx, broadcast.id)


def stop(tx: Tx, visitor: Visitor, broadcast_id: int) -> Progress:
    """End a broadcast, or drop a draft: what has not been sent never will be."""
    person, _, broadcast = _managed(tx, visitor, broadcast_id)
    if tx.run("broadcasts.stop", id=broadcast.id, now_ms=tx.now_ms):
        people.audit(tx, f"person:{person.id}", "stopped broadcast", f"broadcast:{broadcast.id}")
    cancel_waiting(tx, broadcast.id)
    return progress(tx, broadcast.id)


def cancel_waiting(tx: Tx, broadcast_id: int) -> int:
    """Cancel a batch of the rows that a stopped broadcast left. Return how many."""
    return tx.run("broadcasts.cancel_waiting", id=broadcast_id, most=BATCH, now_ms=tx.now_ms)


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    state: str
    number: int


def _counts(tx: Tx, broadcast_id: int) -> Counter[str]:
    return Counter({row.state: row.number for row in tx.all("broadcasts.counts", _Count, id=broadcast_id)})


def look(tx: Tx, visitor: Visitor, broadcast_id: int) -> Progress:
    """Tell whoever manages its project how far a broadcast is."""
    return progress(tx, _managed(tx, visitor, broadcast_id)[2].id)


def progress(tx: Tx, broadcast_id: int) -> Progress:
    """Tell how far a broadcast is."""
    broadcast = get(tx, broadcast_id)
    due_ms = tx.number("broadcasts.first_due", id=broadcast.id)
    zone = people.profile_of(tx, people.get(tx, broadcast.author_id)).time_zone
    return Progress(
        broadcast,
        projects.get(tx, broadcast.project_id),
        _counts(tx, broadcast.id),
        due_ms if due_ms > tx.now_ms else None,
        tx.now_ms,
        zone,
    )


def author_chat(tx: Tx, broadcast: Broadcast) -> int | None:
    """Give the chat of a broadcast's author; None once they were erased."""
    contact = people.contact_of(tx, people.get(tx, broadcast.author_id))
    return int(contact["telegram_id"]) if contact else None


def report_end(tx: Tx, broadcast_id: int, text: str) -> None:
    """Have its author told, once, how a broadcast ended."""
    deliveries.enqueue(
        tx,
        person_id=get(tx, broadcast_id).author_id,
        key=f"broadcast-report:{broadcast_id}",
        notice={"kind": "text", "text": text},
    )
