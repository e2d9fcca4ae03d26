"""The real clocks, chance and ids. Tests hand in their own; nothing below this floor makes any."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable

from actions.ports import Sources
from rules import steady

ID_BYTES = 16
"""128 bits: nobody guesses an id, and 22 characters fit a button."""
_chance = random.SystemRandom()


def now_ms() -> int:
    """Tell the time: UTC milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def passed_ms() -> int:
    """Tell what has passed since some moment, whatever the clock on the wall is set to. Sleep of the machine counts where that is known."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return time.monotonic_ns() // 1_000_000


class Clock:
    """The machine's clocks read together: the time on the wall, and steady time beside it. Any thread may read."""

    def __init__(self, wall_ms: Callable[[], int] = now_ms, passed_ms: Callable[[], int] = passed_ms) -> None:
        self._wall_ms = wall_ms
        self._passed_ms = passed_ms
        self._lock = threading.Lock()
        self._state = steady.begin(wall_ms(), passed_ms())

    def resume(self, stepped_ms: int, latest_ms: int) -> None:
        """Go on where the books left steady time."""
        with self._lock:
            self._state = steady.begin(self._wall_ms(), self._passed_ms(), stepped_ms, latest_ms)

    def now_ms(self) -> int:
        """Read both clocks, and tell the time on the wall."""
        with self._lock:
            wall_ms = self._wall_ms()
            self._state = steady.follow(self._state, wall_ms, self._passed_ms())
            return wall_ms

    def steady_ms(self) -> int:
        """Tell the steady time of the last reading."""
        return self._state.steady_ms

    @property
    def stepped_ms(self) -> int:
        """By how much the clock was set in all, to be kept in the books."""
        return self._state.stepped_ms


CLOCK = Clock()
"""A machine has one."""


def real() -> Sources:
    """Give the sources that a running bot uses."""
    return Sources(
        now_ms=CLOCK.now_ms,
        draw=_chance.random,
        new_id=lambda: secrets.token_urlsafe(ID_BYTES),
        steady_ms=CLOCK.steady_ms,
    )
