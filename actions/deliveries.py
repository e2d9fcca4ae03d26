"""Deliveries: what is sent without being a reply. A row is written with its cause and sent by the pump.

waiting → sending → sent | unreachable | failed | uncertain | cancelled. An attempt is on disk before the call is
made, so that after a crash nobody takes a perhaps for a no. How a notice reads is the handlers' business.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from storage.tx import Tx

TOPIC = "deliveries"
"""Announced when rows are enqueued: whoever sends them listens for it."""
BROADCAST = "broadcast"
NOTICE = "notice"
PURPOSE = "notice"
CARD = "card"
"""The kind of notice that shows a person's open item again."""
UNCERTAIN = "uncertain"
ALERT_EVERY_MS = 60_000
"""An admin gets one alert of a kind a minute at most; the log has them all."""
KEPT_MS = 30 * 24 * 60 * 60 * 1000
SWEPT_A_RUN = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come."""

    id: int
    person_id: int
    broadcast_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    id: int
    person_id: int
    lane: str
    broadcast_id: int | None
    payload: str
    attempts: int
    trouble: str | None
    contact: str
    unreachable_ms: int | None
    muted_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery under way: to whom, what, and what is known of earlier attempts."""

    id: int
    person_id: int
    telegram_id: int
    lane: str
    notice: dict[str, Any]
    attempts: int
    perhaps_sent: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """How many deliveries of a lane are in a state."""

    lane: str
    state: str
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Interrupted:
    id: int
    lane: str
    trouble: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Admin:
    person_id: int


def enqueue(
    tx: Tx,
    *,
    person_id: int,
    key: str,
    notice: dict[str, Any],
    lane: str = NOTICE,
    broadcast_id: int | None = None,
    not_before_ms: int = 0,
) -> bool:
    """Have a notice delivered once under a unique key. False when that key was used before."""
    row_id = tx.number(
        "deliveries.enqueue",
        key=key,
        person_id=person_id,
        lane=lane,
        broadcast_id=broadcast_id,
        payload=tx.vault.seal(PURPOSE, notice),
        not_before_ms=not_before_ms,
        now_ms=tx.now_ms,
    )
    if row_id:
        tx.announce(TOPIC)
    return row_id > 0


def alert_admins(tx: Tx, kind: str, text: str) -> None:
    """Tell every admin something about the machine; more of the same kind within a minute are dropped."""
    minute = tx.now_ms // ALERT_EVERY_MS
    for admin in tx.all("deliveries.admins", _Admin):
        key = f"alert:{kind}:{minute}:{admin.person_id}"
        enqueue(tx, person_id=admin.person_id, key=key, notice={"kind": "text", "text": text})


def due(tx: Tx, lane: str, most: int) -> list[Due]:
    """List deliveries of a lane whose time has come, oldest first."""
    return tx.all("deliveries.due", Due, lane=lane, now_ms=tx.now_ms, most=most)


def due_in_ms(tx: Tx, lane: str) -> int | None:
    """Tell in how many milliseconds the next delivery of a lane will be due; None when none waits for its time."""
    moment = tx.value("deliveries.next_due", lane=lane, now_ms=tx.now_ms)
    return None if moment is None else int(moment) - tx.now_ms


def claim(tx: Tx, delivery_id: int) -> Claimed | None:
    """Write down that an attempt begins; None when there is nothing to send any more.

    Nobody is written to who blocked the bot, was erased, or muted calls after the broadcast was made.
    """
    if not tx.run("deliveries.claim", id=delivery_id, now_ms=tx.now_ms):
        return None
    row = tx.one("deliveries.claimed", _Row, id=delivery_id)
    if row is None:
        raise LookupError(f"no delivery {delivery_id}")
    if row.unreachable_ms is not None:
        end(tx, row.id, "unreachable")
    elif not row.contact or (row.lane == BROADCAST and row.muted_ms is not None):
        end(tx, row.id, "cancelled")
    else:
        return Claimed(
            id=row.id,
            person_id=row.person_id,
            telegram_id=int(tx.vault.open("contact", row.contact)["telegram_id"]),
            lane=row.lane,
            notice=tx.vault.open(PURPOSE, row.payload),
            attempts=row.attempts,
            perhaps_sent=(row.trouble or "").startswith(UNCERTAIN),
        )
    return None


def put_back(tx: Tx, claimed: Claimed, wait_ms: int, trouble: str, *, counts: bool = True) -> None:
    """Have a delivery that was surely not sent tried again after a while. `counts`: as one of its tries."""
    if claimed.perhaps_sent:
        trouble = f"{UNCERTAIN} before; {trouble}"
    _wait(tx, claimed.id, wait_ms, trouble, refund=0 if counts else 1)


def put_perhaps(tx: Tx, claimed: Claimed, wait_ms: int, trouble: str) -> None:
    """Settle a delivery that was perhaps sent: a broadcast never goes out twice, a plain notice may, once."""
    trouble = f"{UNCERTAIN}: {trouble}"
    if claimed.lane == BROADCAST or claimed.perhaps_sent:
        end(tx, claimed.id, UNCERTAIN, trouble=trouble)
    else:
        _wait(tx, claimed.id, wait_ms, trouble)


def _wait(tx: Tx, delivery_id: int, wait_ms: int, trouble: str, *, refund: int = 0) -> None:
    not_before_ms = tx.now_ms + wait_ms
    tx.run("deliveries.put_back", id=delivery_id, refund=refund, not_before_ms=not_before_ms, trouble=trouble)


def sent(tx: Tx, claimed: Claimed, message_id: int) -> None:
    """Write down that a delivery was sent; a card that was shown again is the person's living card from now on."""
    end(tx, claimed.id, "sent", message_id=message_id)
    if claimed.notice.get("kind") == CARD:
        tx.run("people.place_card", person_id=claimed.person_id, message_id=message_id, now_ms=tx.now_ms)


def note_fault(tx: Tx, delivery_id: int, trouble: str, alert: str) -> None:
    """Give a delivery up that met a fault, and tell the admins."""
    end(tx, delivery_id, "failed", trouble=trouble)
    alert_admins(tx, "incident", alert)


def end(
    tx: Tx, delivery_id: int, state: str, *, message_id: int | None = None, trouble: str | None = None
) -> None:
    """Write down how a delivery ended; the last one of a broadcast ends that as well."""
    tx.run(
        "deliveries.end",
        id=delivery_id,
        state=state,
        message_id=message_id,
        trouble=trouble,
        now_ms=tx.now_ms,
    )
    tx.run("deliveries.close_broadcasts", now_ms=tx.now_ms)


def give_up(tx: Tx, delivery_id: int, trouble: str, alert: str) -> None:
    """Take a delivery out of the way that cannot even be begun, and tell the admins."""
    tx.run("deliveries.give_up", id=delivery_id, trouble=trouble, now_ms=tx.now_ms)
    tx.run("deliveries.close_broadcasts", now_ms=tx.now_ms)
    alert_admins(tx, "incident", alert)


def end_interrupted(tx: Tx, wait_ms: int) -> int:
    """Settle what a former process left under way: whether it was sent is not known. Return how many.

    The rule is that of `put_perhaps`.
    """
    rows = tx.all("deliveries.interrupted", _Interrupted)
    for row in rows:
        trouble = f"{UNCERTAIN}: the program ended during the call"
        if row.lane == BROADCAST or (row.trouble or "").startswith(UNCERTAIN):
            end(tx, row.id, UNCERTAIN, trouble=trouble)
        else:
            _wait(tx, row.id, wait_ms, trouble)
    return len(rows)


def counts(tx: Tx) -> Iterable[Count]:
    """Count what waits or is under way, by lane."""
    return tx.all("deliveries.counts", Count)


def sweep(tx: Tx) -> int:
    """Delete a batch of notices that ended long ago. Return how many."""
    return tx.run("deliveries.sweep", before_ms=tx.now_ms - KEPT_MS, most=SWEPT_A_RUN)
