"""The gate before the store: shut while nothing can be written, so that intake holds back instead of piling up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

_log = logging.getLogger(__name__)

PAUSE_FIRST_S = 1.0
PAUSE_MOST_S = 30.0


def pauses(first_s: float = PAUSE_FIRST_S, most_s: float = PAUSE_MOST_S) -> Iterator[float]:
    """Give growing pauses, in seconds: each twice the last, up to a limit, without end."""
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, most_s)


class Gate:
    """Open while the store takes writes. Whoever meets trouble shuts it; whoever writes again opens it."""

    def __init__(self) -> None:
        self._is_open = asyncio.Event()
        self._is_open.set()
        self.trouble = ""

    def shut(self, error: Exception) -> None:
        """Hold everybody back."""
        if self._is_open.is_set():
            _log.error("nothing can be written, so updates wait: %s", error)
        self.trouble = str(error)
        self._is_open.clear()

    def open(self) -> None:
        """Let everybody go on."""
        if not self._is_open.is_set():
            _log.warning("the store takes writes again; updates go on")
            self.trouble = ""
            self._is_open.set()

    async def wait(self) -> None:
        """Wait until it is open."""
        await self._is_open.wait()
