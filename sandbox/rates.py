"""Rate limits of sends: 30 a second overall, one a second in a chat with bursts of three."""

from sandbox.errors import too_many_requests

OVERALL_PER_SECOND = 30
CHAT_BURST = 3
CHAT_INTERVAL_MS = 1000


class Rates:
    """Refuse sends faster than Telegram allows, by the generic cell rate algorithm (ITU-T I.371)."""

    def __init__(self) -> None:
        self._overall_due_ms = 0.0
        self._chat_due_ms: dict[int, float] = {}

    def check(self, chat_id: int, now_ms: int) -> None:
        """Count a send at `now_ms`, or raise the 429 with the wait; a refused send does not count."""
        overall_interval_ms = 1000 / OVERALL_PER_SECOND
        overall_ms = max(self._overall_due_ms, now_ms)
        chat_ms = max(self._chat_due_ms.get(chat_id, 0.0), now_ms)
        wait_ms = max(
            overall_ms - now_ms - overall_interval_ms * (OVERALL_PER_SECOND - 1),
            chat_ms - now_ms - CHAT_INTERVAL_MS * (CHAT_BURST - 1),
        )
        if wait_ms > 0:
            raise too_many_requests(int(wait_ms // 1000) + 1)
        self._overall_due_ms = overall_ms + overall_interval_ms
        self._chat_due_ms[chat_id] = chat_ms + CHAT_INTERVAL_MS
