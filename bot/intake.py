"""The intake: raw updates go into the inbox in one commit, and only then does Telegram hear that we have them.

Polling and the webhook both come through here. Each update stands alone: one that cannot be read is set aside and
blocks nobody. Rows that a former process left unfinished are taken up first, in order.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from typing import Any

from actions import inbox
from actions.inbox import Accepted, Arrival, Unfinished
from actions.ports import Store
from bot.gate import Gate, pauses
from bot.lanes import Lanes, Row
from storage.errors import StoreConflict, StoreDamaged, StoreTrouble, WrongKey

_log = logging.getLogger(__name__)

STARTS_MAX = 3
"""Starts of a row after which it is set aside: it seems to end the process each time."""
PAGE = 200
UPDATE_ID_MAX = 2**63 - 1
UPDATE_ID = re.compile(rb'"update_id"\s*:\s*([0-9]{1,18})')
UNKNOWN_ID = -1
TAPPED_KEPT = ("message_id", "date", "chat")
"""What is kept of the message under a tapped button: where it is."""
UNREADABLE = "it is not JSON that can be read"


class Intake:
    """Takes updates in and hands them on, each person's in order."""

    def __init__(self, store: Store, lanes: Lanes, gate: Gate) -> None:
        self._store = store
        self._lanes = lanes
        self._gate = gate
        self.received = 0

    async def take(self, bodies: Sequence[Any]) -> None:
        """Keep a batch of updates and hand on those that are new. Returns when they are on disk, however long it takes."""
        wanted = [without_tapped_text(body) for body in bodies]
        accepted = await self._keep([arrival_of(body) for body in wanted])
        self.received += len(wanted)
        for body, kept in zip(wanted, accepted, strict=True):
            if kept.id:
                self._lanes.put(Row(kept.id, kept.person_key, body, kept.received_ms))

    async def take_one(self, body: Any) -> None:
        """Keep one update and hand it on. Raises StoreTrouble when it cannot be kept: the sender must come again."""
        body = without_tapped_text(body)
        kept = (await self._store.write(inbox.accept, [arrival_of(body)]))[0]
        self.received += 1
        if kept.id:
            self._lanes.put(Row(kept.id, kept.person_key, body, kept.received_ms))

    async def take_unreadable(self, raw: bytes) -> int:
        """Set aside what came instead of an update. Give its update_id, UNKNOWN_ID where none can be made out."""
        found = UPDATE_ID.search(raw)
        update_id = int(found.group(1)) if found else UNKNOWN_ID
        text = raw.decode("utf-8", "replace")
        await self._store.write(inbox.accept_aside, Arrival(update_id, text, "", text), UNREADABLE)
        self.received += 1
        return update_id

    async def resume(self) -> int:
        """Take up what a former process left unfinished. Returns how many, once all are handed on.

        A row that was begun again before, and did not end, is suspected of ending the process: it runs alone, so that
        if it does so again only its own count goes up, and after a few starts it is set aside.
        """
        last = await self._store.read(inbox.last_unfinished)
        resumed, after = 0, 0
        for suspects_only in (True, False):
            after = 0
            while page := await self._store.read(inbox.unfinished, after, last, PAGE):
                after = page[-1].id
                for row in page:
                    if (row.attempts > 0) == suspects_only:
                        await self._resume(row)
                        resumed += 1
        if resumed:
            _log.info("took up %s updates that were not finished before", resumed)
        return resumed

    async def _resume(self, row: Unfinished) -> None:
        if row.attempts >= STARTS_MAX:
            _log.error("inbox row %s did not end in %s starts; it is set aside", row.id, row.attempts)
            trouble = f"it did not end in {row.attempts} starts"
            await self._store.write(inbox.set_aside, row.id, trouble)
            return
        try:
            body = await self._store.read(inbox.body_of, row)
        except (WrongKey, ValueError) as error:
            _log.error("inbox row %s cannot be opened (%s); it is set aside", row.id, type(error).__name__)
            await self._store.write(inbox.set_aside, row.id, "it cannot be opened")
            return
        again = Row(row.id, row.person_key, body, row.received_ms, is_repeat=True)
        await self._lanes.room()
        self._lanes.put(again)
        if row.attempts:
            await self._lanes.idle()

    async def _keep(self, arrivals: Sequence[Arrival]) -> list[Accepted]:
        waits = pauses()
        while True:
            try:
                accepted = await self._store.write(inbox.accept, arrivals)
            except (StoreConflict, StoreDamaged):
                raise
            except StoreTrouble as error:
                self._gate.shut(error)
                await asyncio.sleep(next(waits))
            else:
                self._gate.open()
                return accepted


def without_tapped_text(body: Any) -> Any:
    """Leave out what a tapped message said: what lies open is looked up in the books, and reading it costs more than the tap."""
    if not isinstance(body, dict) or not isinstance(tap := body.get("callback_query"), dict):
        return body
    if not isinstance(message := tap.get("message"), dict):
        return body
    kept = {name: message[name] for name in TAPPED_KEPT if name in message}
    return {**body, "callback_query": {**tap, "message": kept}}


def arrival_of(body: Any) -> Arrival:
    """Make of an update what the inbox keeps; nothing is taken for granted about what came."""
    update_id = body.get("update_id") if isinstance(body, dict) else None
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id <= UPDATE_ID_MAX:
        update_id = UNKNOWN_ID
    text = _kept_text(body, update_id)
    person, identity = "", text
    for value in body.values() if isinstance(body, dict) else ():
        if isinstance(value, dict):
            sender = value.get("from")
            if isinstance(sender, dict) and isinstance(sender.get("id"), int):
                person = str(sender["id"])
    tap = body.get("callback_query") if isinstance(body, dict) else None
    if isinstance(tap, dict) and isinstance(tap.get("id"), str):
        # A tap's own id says all; the message under it may have changed when the same tap comes again.
        identity = f"tap:{tap['id']}"
    return Arrival(update_id, identity, person, text)


def _kept_text(body: Any, update_id: int) -> str:
    try:
        return json.dumps(body)
    except RecursionError:
        # Writing JSON takes a few levels more than reading it. No update of Telegram's is nested a tenth so deep.
        return json.dumps({"update_id": update_id})
