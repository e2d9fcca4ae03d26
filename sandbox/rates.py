"""Rate limits of sends: 30 a second overall, one a second in a chat with bursts of three."""

from collections import deque

from sandbox.errors import too_many_requests

OVERALL_PER_SECOND = 30
CHAT_BURST = 3
CHAT_INTERVAL_MS = 1000


class Rates:
    """Refuse sends faster than Telegram allows.

    Overall the last second's sends are counted; in a chat it is the generic cell rate algorithm (ITU-T I.371).
    """

    def __init__(self) -> None:
        self._last_sends_ms: deque[int] = deque(maxlen=OVERALL_PER_SECOND)
        self._chat_due_ms: dict[int, int] = {}

    def check(self, chat_id: int, now_ms: int) -> None:
        """Count a send at `now_ms`, or raise the 429 with the wait; a refused send does not count."""
        due_ms = max(self._chat_due_ms.get(chat_id, 0), now_ms)
        wait_ms = due_ms - now_ms - CHAT_INTERVAL_MS * (CHAT_BURST - 1)
        if len(self._last_sends_ms) == OVERALL_PER_SECOND:
            wait_ms = max(wait_ms, self._last_sends_ms[0] + 1000 - now_ms)
        if wait_ms > 0:
            raise too_many_requests(-(-wait_ms // 1000))
        self._last_sends_ms.append(now_ms)
        self._chat_due_ms[chat_id] = due_ms + CHAT_INTERVAL_MS
