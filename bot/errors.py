"""What can go wrong between the bot and Telegram, and why the bot may stop. No handling lives here.

Besides the errors of python-telegram-bot there are two that say what they leave open: a call that was surely
not carried out may be made again; one that perhaps was may only be made again where that does no harm.
"""

from __future__ import annotations

from telegram.error import NetworkError, RetryAfter, TimedOut


class NotSent(NetworkError):
    """The call did not reach Telegram, or was turned away before it had an effect."""


class Uncertain(NetworkError):
    """The call may have been carried out: its answer did not come, or was no answer."""


class SlowAnswer(Uncertain, TimedOut):
    """The call was sent, but no answer came in time."""


class Flood(RetryAfter):
    """Telegram wants us to wait. The library's own class warns at each use that its attribute will change its type."""

    @property
    def retry_after(self) -> int:
        """The seconds to wait."""
        return int(self._retry_after.total_seconds())


class CannotRun(Exception):
    """The bot cannot go on. The text is for whoever runs it; `code` is the exit code.

    Codes: 2 = a setting must be changed first, 3 = another instance runs, 75 = starting again may help.
    """

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


SETTING = 2
ELSEWHERE = 3
AGAIN = 75
"""`EX_TEMPFAIL` of sysexits.h: what a supervisor should start again."""
