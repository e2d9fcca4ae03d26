"""The queue of updates and the long poll: offsets, confirmation, expiry, two pollers. No HTTP."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from sandbox.clock import Clock
from sandbox.errors import OTHER_POLLER, SandboxError, conflict
from sandbox.models import Json, dump_json

TAP_LIFETIME_MS = 150_000
MESSAGE_LIFETIME_MS = 24 * 3600 * 1000
UPDATES_KEPT = 100_000
BATCH_LIMIT = 100
LONG_POLL_LIMIT_SECONDS = 50
# Telegram waits a moment after the first update, so that a burst arrives as one batch.
GATHER_SECONDS = 0.001
# The same offset asked again within this time gets a single update (a guard against hot loops).
SAME_OFFSET_MS = 500
FUTURE_OFFSET_SLACK = 10
NOT_SENT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Pending(NamedTuple):
    """Hold an update that the bot has not confirmed, as the JSON text that goes over the wire."""

    update_id: int
    kind: str
    person_id: int
    expires_ms: int
    text: str


class UpdateQueue:
    """Keep updates in order until they are confirmed or expire, and hand them to one poller at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pending: deque[Pending] = deque()
        # Ids go on rising when a sandbox is started anew for a bot that knows the old (32 bits until 2032).
        self._next_id = (clock.now_seconds() - 1_700_000_000) * 8 % 2**31
        self._poll: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._finished_ms = 0
        self.allowed: frozenset[str] | None = None

    def __len__(self) -> int:
        now_ms = self._clock.now_ms()
        return sum(pending.expires_ms > now_ms for pending in self._pending)

    @property
    def polled(self) -> bool:
        """Tell whether a poller is waiting now."""
        return self._poll is not None

    def allows(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        return kind not in NOT_SENT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def make(self, kind: str, person_id: int, raw: Json) -> Pending:
        """Give an update its id and its end; it is not queued yet."""
        update_id = self._next_id
        self._next_id += 1
        lifetime_ms = TAP_LIFETIME_MS if kind == "callback_query" else MESSAGE_LIFETIME_MS
        text = dump_json({"update_id": update_id, **raw})
        return Pending(update_id, kind, person_id, self._clock.now_ms() + lifetime_ms, text)

    def put(self, pending: Pending) -> None:
        """Queue an update and wake the poller; SandboxError when too many wait."""
        if len(self._pending) >= UPDATES_KEPT:
            raise SandboxError(f"more than {UPDATES_KEPT} updates are waiting")
        self._pending.append(pending)
        poll = self._poll
        if poll is not None:
            self._poll = None
            asyncio.get_running_loop().call_later(GATHER_SECONDS, _finish, poll)

    def drain(self) -> list[Pending]:
        """Take every update out, for delivery by webhook."""
        taken = list(self._pending)
        self._pending.clear()
        return taken

    def restore(self, updates: Iterable[Pending]) -> None:
        """Put back what a webhook did not deliver."""
        self._pending.extend(sorted(updates, key=lambda pending: pending.update_id))

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps only the last of the queue."""
        if offset < 0:
            offset = self._next_id + offset
        if offset > self._next_id + FUTURE_OFFSET_SLACK:
            return
        while self._pending and self._pending[0].update_id < offset:
            self._pending.popleft()

    async def poll(self, offset: int, limit: int, timeout_seconds: float) -> list[Pending]:
        """Return up to `limit` updates from `offset` on, waiting for the first; an older poll gets a 409."""
        self.end_poll(OTHER_POLLER)
        if offset == self._last_offset and self._clock.now_ms() < self._finished_ms + SAME_OFFSET_MS:
            limit = 1
        self._last_offset = offset
        self.confirm(offset)
        batch = self._first(limit)
        if not batch and timeout_seconds > 0:
            await self._wait(min(timeout_seconds, LONG_POLL_LIMIT_SECONDS))
            batch = self._first(limit)
        self._finished_ms = self._clock.now_ms()
        return batch

    def end_poll(self, reason: str) -> None:
        """Answer the poll that is waiting with a 409."""
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_exception(conflict(reason))

    async def _wait(self, timeout_seconds: float) -> None:
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        timer = asyncio.get_running_loop().call_later(timeout_seconds, _finish, poll)
        try:
            await poll
        finally:
            timer.cancel()
            if self._poll is poll:
                self._poll = None

    def _first(self, limit: int) -> list[Pending]:
        now_ms = self._clock.now_ms()
        batch: list[Pending] = []
        for pending in self._pending:
            if pending.expires_ms > now_ms:
                batch.append(pending)
                if len(batch) == limit:
                    break
        return batch


def _finish(poll: asyncio.Future[None]) -> None:
    if not poll.done():
        poll.set_result(None)
