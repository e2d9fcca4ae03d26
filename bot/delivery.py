"""The pump: sends what is no reply. Two lanes, each with its pace; one message a second to one person.

That an attempt begins is on disk before the call, so that afterwards nobody takes a perhaps for a no. What a notice
says is made at the moment of sending by whoever knows; when to stop a broadcast is read before each call.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from actions import deliveries, reach
from actions.deliveries import Claimed
from actions.ports import Store
from bot import incidents
from bot.errors import NotSent, Uncertain
from bot.gate import pauses
from bot.pace import Pace
from bot.transport import TelegramApi, seconds_of
from handlers.screen import Screen
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

Compose = Callable[[Store, int, dict[str, Any]], Awaitable[Screen | None]]
Progress = Callable[[int], Awaitable[None]]

CHAT_NOT_FOUND = "chat not found"


@dataclasses.dataclass(frozen=True, slots=True)
class PumpLimits:
    """The pump's pace and patience. Telegram speaks of about 30 messages a second overall and one a second a chat."""

    overall_per_s: float = 28.0
    broadcast_per_s: float = 25.0
    chat_pause_s: float = 1.0
    in_flight: int = 16
    batch: int = 200
    tick_s: float = 3.0
    progress_every_s: float = 3.0
    retry_first_s: float = 1.0
    retry_most_s: float = 300.0
    tries_max: int = 24
    uncertain_pause_s: float = 30.0


class Pump:
    """Sends due deliveries until it is cancelled."""

    def __init__(
        self, store: Store, api: TelegramApi, compose: Compose, on_progress: Progress, limits: PumpLimits | None = None
    ) -> None:
        self.limits = limits or PumpLimits()
        self.store = store
        self.api = api
        self.compose = compose
        self.busy_people: set[int] = set()
        self.free_at_s: dict[int, float] = {}
        self.sent = 0
        overall = Pace(self.limits.overall_per_s)
        self._on_progress = on_progress
        self._changed_broadcasts: set[int] = set()
        self._lanes = [
            Lane(self, deliveries.NOTICE, [overall]),
            Lane(self, deliveries.BROADCAST, [Pace(self.limits.broadcast_per_s), overall]),
        ]

    async def run(self) -> None:
        """Settle what a former process left, then send."""
        settled = await self.store.write(deliveries.end_interrupted, int(self.limits.uncertain_pause_s * 1000))
        if settled:
            _log.warning("%s messages were under way when the program ended; whether they were sent is not known", settled)
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(lane.run())
            group.create_task(self._show_progress())

    def wake(self) -> None:
        """Look for due rows now."""
        for lane in self._lanes:
            lane.wake()

    async def close(self, limit_s: float) -> None:
        """Begin nothing more and let calls under way end, so that none of them is left uncertain."""
        tasks = [task for lane in self._lanes for task in lane.close()]
        if tasks:
            await asyncio.wait(tasks, timeout=limit_s)

    def note_progress(self, broadcast_id: int | None) -> None:
        """Have the progress line of a broadcast brought up to date."""
        if broadcast_id is not None:
            self._changed_broadcasts.add(broadcast_id)

    def is_free(self, person_id: int, now_s: float) -> bool:
        """Tell whether a person may get a message now."""
        return person_id not in self.busy_people and self.free_at_s.get(person_id, 0.0) <= now_s

    def forget_free(self, now_s: float) -> None:
        """Drop from memory who has been free for long."""
        for person_id in [person_id for person_id, free_s in self.free_at_s.items() if free_s <= now_s]:
            del self.free_at_s[person_id]

    async def _show_progress(self) -> None:
        while True:
            changed, self._changed_broadcasts = self._changed_broadcasts, set()
            for broadcast_id in changed:
                try:
                    await self._on_progress(broadcast_id)
                except Exception as error:
                    _log.warning("the progress of broadcast %s could not be shown: %s", broadcast_id, type(error).__name__)
            await asyncio.sleep(self.limits.progress_every_s)


class Lane:
    """One kind of delivery, with its own pace and its own calls under way."""

    def __init__(self, pump: Pump, name: str, paces: list[Pace]) -> None:
        self._pump = pump
        self._name = name
        self._paces = paces
        self._clock = asyncio.get_running_loop().time
        self._slots = asyncio.Semaphore(pump.limits.in_flight)
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[int] = set()
        self._woken = asyncio.Event()
        self._is_closing = False

    async def run(self) -> None:
        """Send what is due, for ever."""
        waits = pauses()
        while not self._is_closing:
            self._woken.clear()
            try:
                begun = await self._send_due()
                if not begun:
                    await self._rest()
            except StoreTrouble as error:
                _log.error("deliveries wait: %s", error)
                await asyncio.sleep(next(waits))
            else:
                waits = pauses()

    def wake(self) -> None:
        """Look for due rows now."""
        self._woken.set()

    def close(self) -> set[asyncio.Task[None]]:
        """Begin nothing more; give the calls under way."""
        self._is_closing = True
        self._woken.set()
        return set(self._tasks)

    async def _send_due(self) -> int:
        """Begin every due delivery whose person is free. Returns how many."""
        begun = 0
        for due in await self._pump.store.read(deliveries.due, self._name, self._pump.limits.batch):
            if due.id in self._busy or not self._pump.is_free(due.person_id, self._clock()):
                continue
            await self._slots.acquire()
            for pace in self._paces:
                await pace.turn()
            if self._is_closing or not self._pump.is_free(due.person_id, self._clock()):
                self._slots.release()
                continue
            self._busy.add(due.id)
            self._pump.busy_people.add(due.person_id)
            task = asyncio.create_task(self._deliver(due.id, due.person_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            begun += 1
        return begun

    async def _rest(self) -> None:
        """Sleep until a row is enqueued, comes due, or a person is free again; at most for a tick."""
        pump, now_s = self._pump, self._clock()
        pump.forget_free(now_s)
        rest_s = min([pump.limits.tick_s, *(free_s - now_s for free_s in pump.free_at_s.values())])
        wait_ms = await pump.store.read(deliveries.due_in_ms, self._name)
        if wait_ms is not None:
            rest_s = min(rest_s, wait_ms / 1000)
        try:
            async with asyncio.timeout(max(rest_s, 0.01)):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _deliver(self, delivery_id: int, person_id: int) -> None:
        try:
            claimed = await self._pump.store.write(deliveries.claim, delivery_id)
            if claimed is not None:
                await self._record(claimed, await self._attempt(claimed))
        except StoreTrouble as error:
            _log.error("delivery %s could not be written down: %s", delivery_id, error)
        except Exception as error:
            _log.error("delivery %s met a fault\n%s", delivery_id, incidents.trace_of(error))
        finally:
            self._pump.free_at_s[person_id] = self._clock() + self._pump.limits.chat_pause_s
            self._pump.busy_people.discard(person_id)
            self._busy.discard(delivery_id)
            self._slots.release()
            self._woken.set()
            if claimed_broadcast := self._broadcast_of.pop(delivery_id, None):
                self._pump.note_progress(claimed_broadcast)
