"""The sandbox's clock: real time plus whatever a test has moved it ahead. What expires or waits asks it."""

import asyncio
import time


class Clock:
    """Tell the time in milliseconds, and let a test move it ahead."""

    def __init__(self) -> None:
        self._ahead_ms = 0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now_ms(self) -> int:
        """Return the milliseconds since 1970, in the sandbox's time."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def now_seconds(self) -> int:
        """Return the seconds since 1970, as dates stand in the Bot API."""
        return self.now_ms() // 1000

    def advance(self, ms: int) -> int:
        """Move the time ahead by `ms`, wake every sleeper that is due, and return the new time."""
        if ms < 0:
            raise ValueError("the clock only moves ahead")
        self._ahead_ms += ms
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)
        return self.now_ms()

    async def sleep(self, duration_ms: int) -> None:
        """Return once `duration_ms` of the sandbox's time has passed."""
        wake_ms = self.now_ms() + duration_ms
        while (left_ms := wake_ms - self.now_ms()) > 0:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.add(sleeper)
            try:
                await asyncio.wait_for(sleeper, left_ms / 1000)
            except TimeoutError:
                return
            finally:
                self._sleepers.discard(sleeper)
