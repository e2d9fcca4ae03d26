"""The watchdog: ends the process, with a reason and non-zero, when it lives but no longer works.

A supervisor then starts it afresh; since every update is kept before it is confirmed, nothing is lost by that.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
import threading
import time
from collections.abc import Callable

from actions import clock
from actions.ports import Store
from bot.errors import AGAIN, CannotRun
from bot.instance import RENEW_EVERY_S, Instance
from bot.lanes import Lanes
from bot.poller import Poller
from bot.pulse import Pulse
from bot.sources import CLOCK
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

JUMP_S = 10.0
"""From here on the clock was set or the machine slept; less is a clock being put right."""


@dataclasses.dataclass(frozen=True, slots=True)
class WatchLimits:
    """After how many seconds something counts as stuck."""

    poll_good_s: float = 900.0
    poll_answer_s: float = 180.0
    row_s: float = 600.0
    loop_s: float = 90.0
    look_every_s: float = RENEW_EVERY_S


class Watchdog:
    """Looks every few seconds. `poller` is None where a webhook brings the updates."""

    def __init__(
        self,
        instance: Instance,
        lanes: Lanes,
        pulse: Pulse,
        poller: Poller | None,
        limits: WatchLimits,
        store: Store,
    ) -> None:
        self._store = store
        self._kept_ms: int | None = None
        self._instance = instance
        self._lanes = lanes
        self._pulse = pulse
        self._poller = poller
        self._limits = limits
        self._clock = asyncio.get_running_loop().time

    async def run(self) -> None:
        """Watch until cancelled. Raises CannotRun when something is stuck or another instance has taken over."""
        ahead_s = time.time() - self._clock()
        while True:
            await asyncio.sleep(self._limits.look_every_s)
            self.look()
            ahead_s = self._look_at_clock(ahead_s)
            try:
                await self._keep_clock()
                await self._instance.renew()
            except StoreTrouble as error:
                _log.error("the lease could not be renewed: %s", error)

    def look(self) -> None:
        """Raise CannotRun when something has not moved for too long."""
        now_s, limits = self._clock(), self._limits
        if self._poller is not None and self._poller.is_started:
            asking_s = self._poller.asking_since_s
            if asking_s is not None and now_s - asking_s > limits.poll_answer_s:
                raise _stuck("asking Telegram for updates", now_s - asking_s)
            if now_s - self._pulse.last_s > limits.poll_good_s:
                raise _stuck("getting updates from Telegram", now_s - self._pulse.last_s)
        oldest_s = self._lanes.oldest_start_s()
        if oldest_s is not None and now_s - oldest_s > limits.row_s:
            raise _stuck("handling an update", now_s - oldest_s)

    async def _keep_clock(self) -> None:
        """Keep by how much the clock was set in all, so that paid time goes on as if it never was; /health tells of it."""
        CLOCK.now_ms()
        stepped_ms = CLOCK.stepped_ms
        if stepped_ms == self._kept_ms:
            return
        by_ms = await self._store.write(clock.note, stepped_ms)
        self._kept_ms = stepped_ms
        if by_ms:
            _log.warning("the clock was set by %.1f s; paid time goes on without that", by_ms / 1000)

    def _look_at_clock(self, ahead_s: float) -> float:
        now_ahead_s = time.time() - self._clock()
        if abs(now_ahead_s - ahead_s) > JUMP_S:
            _log.warning(
                "the clock moved by %.0f s while the program ran: it was set, or the machine slept",
                now_ahead_s - ahead_s,
            )
        return now_ahead_s


def _stuck(what: str, since_s: float) -> CannotRun:
    return CannotRun(
        f"Nothing has come of {what} for {since_s:.0f} s; ending, so that a fresh start can help.", AGAIN
    )


class Heartbeat:
    """Notices from a thread of its own when the loop itself hangs, where nothing on the loop could."""

    def __init__(self, limit_s: float, end: Callable[[int], None] = os._exit) -> None:
        self._limit_s = limit_s
        self._end = end
        self._beat_s = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Watch from now on; needs a running loop."""
        self._loop = asyncio.get_running_loop()
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()

    def _beat(self) -> None:
        self._beat_s = time.monotonic()
        if not self._stopped.is_set():
            self._loop.call_later(self._limit_s / 4, self._beat)

    def _watch(self) -> None:
        while not self._stopped.wait(self._limit_s / 4):
            silence_s = time.monotonic() - self._beat_s
            if silence_s > self._limit_s:
                _log.critical(
                    "The program has hung for %.0f s; ending, so that a fresh start can help.", silence_s
                )
                self._end(AGAIN)
                return
