"""The pump: sends what is no reply. Two lanes, each with its pace; one message a second to one person.

That an attempt begins is on disk before the call, so that afterwards nobody takes a perhaps for a no. Whether a
broadcast goes on is looked up before each call, so that a stop is a stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Awaitable, Callable

from actions import deliveries
from actions.deliveries import Due
from actions.ports import Store
from bot import incidents
from bot.gate import pauses
from bot.pace import Pace
from bot.parcel import Compose, Patience, Sender, until_written
from bot.transport import TelegramApi
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

Progress = Callable[[int], Awaitable[None]]


@dataclasses.dataclass(frozen=True, slots=True)
class PumpLimits:
    """The pump's pace. Telegram speaks of about 30 messages a second overall and one a second in a chat."""

    overall_per_s: float = 28.0
    broadcast_per_s: float = 25.0
    chat_pause_s: float = 1.0
    in_flight: int = 16
    batch: int = 200
    tick_s: float = 3.0
    progress_every_s: float = 3.0
    patience: Patience = dataclasses.field(default_factory=Patience)


class Chats:
    """Who may be written to now: nobody twice at once, and nobody twice within a second."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._busy: set[int] = set()
        self._free_at_s: dict[int, float] = {}
        self._clock = asyncio.get_running_loop().time

    def is_free(self, person_id: int) -> bool:
        """Tell whether a person may get a message now."""
        return person_id not in self._busy and self._free_at_s.get(person_id, 0.0) <= self._clock()

    def begin(self, person_id: int) -> None:
        """Note that a message to a person is under way."""
        self._busy.add(person_id)

    def end(self, person_id: int) -> None:
        """Note that it ended; the next may follow after a pause."""
        self._busy.discard(person_id)
        self._free_at_s[person_id] = self._clock() + self._pause_s

    def next_free_in_s(self) -> float:
        """Tell how long it is until somebody is free again; who has been free is dropped from memory."""
        now_s = self._clock()
        self._free_at_s = {person: free_s for person, free_s in self._free_at_s.items() if free_s > now_s}
        return min(self._free_at_s.values(), default=now_s + self._pause_s) - now_s


class Pump:
    """Sends due deliveries until it is cancelled."""

    def __init__(
        self,
        store: Store,
        api: TelegramApi,
        compose: Compose,
        on_progress: Progress,
        limits: PumpLimits | None = None,
    ) -> None:
        self.limits = limits or PumpLimits()
        self.store = store
        self.sender = Sender(store, api, compose, self.limits.patience)
        self.chats = Chats(self.limits.chat_pause_s)
        self.changed_broadcasts: set[int] = set()
        self.sent = 0
        self._on_progress = on_progress
        overall = Pace(self.limits.overall_per_s)
        self._lanes = [
            Lane(self, deliveries.NOTICE, [overall]),
            Lane(self, deliveries.BROADCAST, [Pace(self.limits.broadcast_per_s), overall]),
        ]

    async def run(self) -> None:
        """Settle what a former process left, then send."""
        await until_written(self._settle_interrupted, lambda: True, self.limits.patience.retry_first_s)
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

    async def _settle_interrupted(self) -> None:
        wait_ms = int(self.limits.patience.uncertain_pause_s * 1000)
        if left := await self.store.write(deliveries.end_interrupted, wait_ms):
            _log.warning(
                "the program ended during %s calls; whether they were carried out is not known", left
            )

    async def _show_progress(self) -> None:
        while True:
            changed, self.changed_broadcasts = self.changed_broadcasts, set()
            for broadcast_id in changed:
                try:
                    await self._on_progress(broadcast_id)
                except Exception as error:
                    kind = type(error).__name__
                    _log.warning("the progress of broadcast %s could not be shown (%s)", broadcast_id, kind)
            await asyncio.sleep(self.limits.progress_every_s)


class Lane:
    """One kind of delivery, with a pace and calls under way of its own."""

    def __init__(self, pump: Pump, name: str, paces: list[Pace]) -> None:
        self._pump = pump
        self._name = name
        self._paces = paces
        self._slots = asyncio.Semaphore(pump.limits.in_flight)
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[int] = set()
        self._woken = asyncio.Event()
        self._is_closing = False

    async def run(self) -> None:
        """Send what is due, until closed."""
        waits = pauses()
        while not self._is_closing:
            self._woken.clear()
            try:
                rest_s = await self._send_due()
                if rest_s > 0:
                    await self._rest(rest_s)
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

    async def _send_due(self) -> float:
        """Begin every due delivery whose person is free. Return for how many seconds there is nothing to do."""
        pump = self._pump
        found = await pump.store.read(deliveries.due, self._name, pump.limits.batch)
        ready = [due for due in found if due.id not in self._busy and pump.chats.is_free(due.person_id)]
        for due in ready:
            await self._slots.acquire()
            for pace in self._paces:
                await pace.turn()
            if self._is_closing or not pump.chats.is_free(due.person_id):
                self._slots.release()
                continue
            self._begin(due)
        if ready:
            return 0.0
        rest_s = pump.limits.tick_s
        if found:
            rest_s = min(rest_s, pump.chats.next_free_in_s())
        wait_ms = await pump.store.read(deliveries.due_in_ms, self._name)
        return max(min(rest_s, wait_ms / 1000 if wait_ms is not None else rest_s), 0.01)

    async def _rest(self, duration_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(duration_s):
                await self._woken.wait()

    def _begin(self, due: Due) -> None:
        self._busy.add(due.id)
        self._pump.chats.begin(due.person_id)
        task = asyncio.create_task(self._deliver(due))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, due: Due) -> None:
        try:
            await self._send(due)
        except StoreTrouble as error:
            _log.error("delivery %s waits: %s", due.id, error)
            await asyncio.sleep(self._pump.limits.patience.retry_first_s)
        except Exception as error:
            # Given up at once: a row that breaks the pump would otherwise come up again and again.
            number = incidents.number_of(f"delivery:{due.id}")
            alert = incidents.note(number, f"delivery {due.id} met a fault", error)
            with contextlib.suppress(StoreTrouble):
                await self._pump.store.write(deliveries.give_up, due.id, f"incident {number}", alert)
        finally:
            self._pump.chats.end(due.person_id)
            self._busy.discard(due.id)
            self._slots.release()
            self._woken.set()
            if due.broadcast_id is not None:
                self._pump.changed_broadcasts.add(due.broadcast_id)

    async def _send(self, due: Due) -> None:
        pump = self._pump
        claimed = await pump.store.write(deliveries.claim, due.id)
        if claimed is None:
            return
        if held_s := max(pace.held_s() for pace in self._paces):
            # The lane was told to wait while this row was claimed: nothing may be sent in the meantime.
            wait_ms = int(held_s * 1000)
            await pump.store.write(deliveries.put_back, claimed, wait_ms, "held back", counts=False)
            return
        outcome = await pump.sender.send(claimed)
        pump.sent += outcome.was_sent
        if outcome.hold_s:
            _log.warning("Telegram asks the %s lane to wait %.0f s", self._name, outcome.hold_s)
            self._paces[0].hold(outcome.hold_s)
        await until_written(
            lambda: pump.store.write(outcome.write),
            lambda: not self._is_closing,
            pump.limits.patience.retry_first_s,
        )
