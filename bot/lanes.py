"""One lane a person: what one person sends is handled in order, what different people send side by side.

A lane lives in memory only while its person has something waiting. What handling means is not known here.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

_log = logging.getLogger(__name__)

WIDTH = 64
"""People served at once: as many as share one commit."""
BACKLOG_MAX = 2000
"""Rows in memory from which on no more are fetched; the rest is safe with Telegram or in the inbox."""


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """An inbox row to be handled. `is_repeat`: a former process had it and did not finish it."""

    id: int
    person_key: str
    body: Any
    received_ms: int
    is_repeat: bool = False


class Lanes:
    """Runs rows through a function: in order for each person, in parallel for all, never more than `width` at once."""

    def __init__(
        self, handle: Callable[[Row], Awaitable[None]], width: int = WIDTH, backlog_max: int = BACKLOG_MAX
    ) -> None:
        self._handle = handle
        self._width = width
        self._backlog_max = backlog_max
        self._lanes: dict[str, deque[Row]] = {}
        self._ready: deque[str] = deque()
        self._started_s: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = 0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_closing = False
        self.waiting = 0

    def put(self, row: Row) -> None:
        """Line a row up behind whatever its person sent before."""
        self.waiting += 1
        if self.waiting >= self._backlog_max:
            self._has_room.clear()
        lane = self._lanes.get(row.person_key)
        if lane is not None:
            lane.append(row)
            return
        self._lanes[row.person_key] = deque((row,))
        self._ready.append(row.person_key)
        if self._running < self._width and not self._is_closing:
            # Counted here and in _run, not by the set: a task that has ended leaves the set only a little later.
            self._running += 1
            task = asyncio.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def room(self) -> None:
        """Wait until more can be taken."""
        await self._has_room.wait()

    def has_room(self) -> bool:
        """Tell whether more can be taken now."""
        return self._has_room.is_set()

    async def idle(self) -> None:
        """Wait until everything that was put in is handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def oldest_start_s(self) -> float | None:
        """Tell when the row that has been under way longest was started, on the loop's clock."""
        return min(self._started_s.values(), default=None)

    async def close(self, limit_s: float) -> bool:
        """Start nothing more and let what is under way end. Tell whether all of it did within the limit."""
        self._is_closing = True
        if not self._tasks:
            return True
        _, late = await asyncio.wait(self._tasks, timeout=limit_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        return not late

    async def _run(self) -> None:
        try:
            while self._ready and not self._is_closing:
                await self._run_lane(self._ready.popleft())
        finally:
            self._running -= 1

    async def _run_lane(self, person_key: str) -> None:
        clock = asyncio.get_running_loop().time
        lane = self._lanes[person_key]
        while lane and not self._is_closing:
            self._started_s[person_key] = clock()
            try:
                await self._handle(lane[0])
            except Exception:
                _log.exception("a row could not be handled; it stays in the inbox until the next start")
            finally:
                del self._started_s[person_key]
            lane.popleft()
            self.waiting -= 1
            if self.waiting < self._backlog_max:
                self._has_room.set()
        if not lane:
            del self._lanes[person_key]
