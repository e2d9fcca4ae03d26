"""The pulse: when Telegram was last heard, kept on disk, and what is due after a silence.

Telegram keeps a tap for 150 seconds. After a longer silence taps may be gone for good, so that every open card is
shown again; only a card that was edited may say that an answer was recorded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from actions import assignments, marks
from actions.ports import Store
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

TAP_KEPT_MS = 150_000
KEPT_EVERY_S = 20.0


class Pulse:
    """Beats each time that Telegram is heard."""

    def __init__(self, store: Store, now_ms: Callable[[], int], tap_kept_ms: int = TAP_KEPT_MS) -> None:
        self._store = store
        self._now_ms = now_ms
        self._tap_kept_ms = tap_kept_ms
        self._clock = asyncio.get_running_loop().time
        self._last_ms = 0
        self._kept_s = float("-inf")
        self.last_s = self._clock()
        """The last beat, on the loop's clock."""

    async def start(self) -> None:
        """Remember when the former process heard Telegram last."""
        self._last_ms = await self._store.read(marks.moment, marks.LAST_GOOD)

    async def beat(self) -> None:
        """Note that Telegram was heard; after a long silence have the open cards shown again."""
        now_ms, now_s = self._now_ms(), self._clock()
        silence_ms = now_ms - self._last_ms if self._last_ms else 0
        if silence_ms <= self._tap_kept_ms and now_s - self._kept_s < KEPT_EVERY_S:
            self._last_ms, self.last_s = now_ms, now_s
            return
        try:
            if silence_ms > self._tap_kept_ms:
                shown = await self._store.write(assignments.reshow_open)
                _log.warning(
                    "Telegram was not heard for %s s; %s open cards are shown again",
                    silence_ms // 1000,
                    shown,
                )
            await self._store.write(marks.put, marks.LAST_GOOD, str(now_ms))
        except StoreTrouble as error:
            # Left as it was: the next beat finds the same silence and does it then.
            _log.error("the pulse could not be kept: %s", error)
            return
        self._last_ms, self.last_s, self._kept_s = now_ms, now_s, now_s

    async def keep(self) -> None:
        """Write down when Telegram was heard last."""
        if self._last_ms:
            await self._store.write(marks.put, marks.LAST_GOOD, str(self._last_ms))
