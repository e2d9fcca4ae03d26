"""Pace: turns at a steady rate. A turn that was not used is gone, so that a pause is never followed by a burst."""

from __future__ import annotations

import asyncio


class Pace:
    """Gives at most so many turns a second, evenly."""

    def __init__(self, per_second: float) -> None:
        self._step_s = 1.0 / per_second
        self._next_s = 0.0
        self._held_until_s = 0.0
        self._clock = asyncio.get_running_loop().time

    async def turn(self) -> None:
        """Wait for a turn and take it."""
        while True:
            # Looked up again after each sleep: somebody may have been told to hold meanwhile.
            wait_s = max(self._next_s, self._held_until_s) - self._clock()
            if wait_s <= 0:
                break
            await asyncio.sleep(wait_s)
        self._next_s = self._clock() + self._step_s

    def hold(self, duration_s: float) -> None:
        """Give no turn for so long from now; a longer hold that is under way stays."""
        self._held_until_s = max(self._held_until_s, self._clock() + duration_s)

    def held_s(self) -> float:
        """Tell for how long no turn is given; 0 when turns are given."""
        return max(0.0, self._held_until_s - self._clock())
