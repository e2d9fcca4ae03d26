"""The poller: asks Telegram for updates, keeps each batch, and only then moves the offset that confirms it.

Whatever Telegram answers, it goes on with bounded pauses; it ends only where going on is pointless, with a sentence
that says why.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
from collections.abc import Iterator
from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.errors import ELSEWHERE, SETTING, CannotRun, Flood
from bot.gate import Gate, pauses
from bot.intake import UNKNOWN_ID, UPDATE_ID, Intake, arrival_of
from bot.lanes import Lanes
from bot.pulse import Pulse
from bot.transport import Wire

_log = logging.getLogger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""Told at each call: the server would otherwise remember what some former program asked for."""
BATCH_MAX = 100
UNREADABLE_TIMES = 3
HOT_LOOP_PAUSE_S = 0.2
"""Between two answers that came at once and empty: a server that cannot wait shall not be hammered."""


@dataclasses.dataclass(frozen=True, slots=True)
class PollLimits:
    """How long, in seconds, a poll may wait, and troubles may last before the program ends."""

    wait_s: float = 25.0
    answer_s: float = 40.0
    conflict_s: float = 60.0
    rejected_s: float = 300.0
    pause_first_s: float = 1.0
    pause_most_s: float = 30.0


class Poller:
    """Polls until it is cancelled. Raises CannotRun where another instance or a withdrawn token makes it pointless."""

    def __init__(
        self, wire: Wire, intake: Intake, lanes: Lanes, gate: Gate, pulse: Pulse, limits: PollLimits
    ) -> None:
        self._wire = wire
        self._intake = intake
        self._lanes = lanes
        self._gate = gate
        self._pulse = pulse
        self._limits = limits
        self._offset = 0
        self._batch_max = BATCH_MAX
        self._unreadable: list[bytes] = []
        self._conflicts_s: tuple[float, float] | None = None
        self._clock = asyncio.get_running_loop().time
        self._trouble_kind: type[Exception] | None = None
        self._trouble_since_s = 0.0
        self._waits: Iterator[float] = iter(())
        self.asking_since_s: float | None = None
        """Since when an answer is awaited, on the loop's clock; None while nothing is asked."""
        self.is_started = False
        self._is_heard = False
        """Whether the last poll was good. The first one, and one after trouble, asks without waiting, so that
        what an outage calls for is done at once."""

    async def run(self) -> None:
        """Poll for ever."""
        self.is_started = True
        while True:
            await self._gate.wait()
            await self._lanes.room()
            try:
                await self._poll()
            except TelegramError as error:
                self.asking_since_s = None
                self._is_heard = False
                await asyncio.sleep(self._setback(error))

    async def _poll(self) -> None:
        began_s = self.asking_since_s = self._clock()
        question = {
            "offset": self._offset,
            "limit": self._batch_max,
            "timeout": int(self._limits.wait_s) if self._is_heard else 0,
            "allowed_updates": KINDS,
        }
        answer = await self._wire.post("getUpdates", json.dumps(question).encode(), self._limits.answer_s)
        self.asking_since_s = None
        try:
            updates = list(json.loads(answer)["result"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            await self._take_apart(answer, error)
            return
        self._recovered()
        if updates:
            await self._take(updates)
        elif self._clock() - began_s < HOT_LOOP_PAUSE_S:
            await asyncio.sleep(HOT_LOOP_PAUSE_S)
        self._is_heard = True
        await self._pulse.beat()

    async def _take(self, updates: list[Any]) -> None:
        await self._intake.take(updates)
        known = [arrival_of(update).update_id for update in updates]
        newest = max(known)
        if newest == UNKNOWN_ID:
            # None of them can be confirmed, so the server will send them again; not in a hot loop.
            await asyncio.sleep(self._limits.pause_first_s)
        else:
            self._offset = newest + 1
        self._batch_max, self._unreadable = BATCH_MAX, []

    async def _take_apart(self, answer: bytes, error: Exception) -> None:
        """Go on behind an answer that cannot be read: ask for one update at a time, until the bad one stands alone."""
        _log.error("Telegram's answer cannot be read (%s)", type(error).__name__)
        if self._batch_max > 1:
            self._batch_max = 1
            return
        # An answer may be spoilt on its way; only one that comes the same again and again is what Telegram holds.
        self._unreadable = [*(former for former in self._unreadable if former == answer), answer]
        if len(self._unreadable) < UNREADABLE_TIMES or not UPDATE_ID.search(answer):
            await asyncio.sleep(self._limits.pause_first_s)
            return
        self._offset = await self._intake.take_unreadable(answer) + 1
        self._batch_max, self._unreadable = BATCH_MAX, []

    def _setback(self, error: TelegramError) -> float:
        """Tell how long to pause after an error; raise CannotRun when it has lasted too long."""
        if isinstance(error, Conflict):
            self._note_conflict(error)
        kind: type[Exception] = InvalidToken if isinstance(error, InvalidToken) else TelegramError
        if kind is not self._trouble_kind:
            self._trouble_kind = kind
            self._trouble_since_s = self._clock()
            self._waits = pauses(self._limits.pause_first_s, self._limits.pause_most_s)
            _log.warning("Telegram does not give updates: %s; trying again", error)
        lasted_s = self._clock() - self._trouble_since_s
        if kind is InvalidToken and lasted_s >= self._limits.rejected_s:
            raise CannotRun(REJECTED, SETTING)
        if isinstance(error, Flood):
            return error.retry_after
        return next(self._waits)

    def _note_conflict(self, error: Conflict) -> None:
        # Two pollers cut each other off by turns, so a poll that works in between does not mean that one has gone.
        now_s, limit_s = self._clock(), self._limits.conflict_s
        if self._conflicts_s is None or now_s - self._conflicts_s[1] > limit_s:
            self._conflicts_s = (now_s, now_s)
        self._conflicts_s = (self._conflicts_s[0], now_s)
        if now_s - self._conflicts_s[0] >= limit_s:
            raise CannotRun(
                "Another program gets this bot's updates: a second Veritap with the same token, or a webhook. Stop it, "
                f"or make a token of its own for each. (Telegram says: {error})",
                ELSEWHERE,
            )

    def _recovered(self) -> None:
        if self._trouble_kind is not None:
            lasted_s = self._clock() - self._trouble_since_s
            _log.warning("Telegram gives updates again, after %.0f s", lasted_s)
            self._trouble_kind = None


REJECTED = "Telegram rejects TELEGRAM_BOT_TOKEN; copy the token that @BotFather shows for this bot (/mybots)."
