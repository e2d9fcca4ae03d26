"""One delivery: making its message, the call, and what its answer means for the row. No row is read or written here:
the meaning is handed back as a write, so that whoever sends can make sure it gets to the disk."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from actions import deliveries, reach
from actions.deliveries import Claimed
from actions.ports import Store, Tx
from bot import incidents
from bot.errors import Flood, NotSent, Uncertain
from bot.transport import TelegramApi
from handlers import posting
from handlers.screen import Screen
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

Compose = Callable[[Store, int, dict[str, Any]], Awaitable[Screen | None]]
Write = Callable[[Tx], None]

GONE = ("chat not found", "user is deactivated", "user not found")
"""What Telegram says, besides Forbidden, of a person to whom nothing can be sent."""


@dataclasses.dataclass(frozen=True, slots=True)
class Patience:
    """How a delivery is tried again, in seconds and times."""

    retry_first_s: float = 1.0
    retry_most_s: float = 300.0
    tries_max: int = 24
    uncertain_pause_s: float = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: the write that says so, and for how long nothing more may be sent."""

    write: Write
    hold_s: float = 0.0
    was_sent: bool = False


class Sender:
    """Sends claimed deliveries, one call each."""

    def __init__(self, store: Store, api: TelegramApi, compose: Compose, patience: Patience) -> None:
        self._store = store
        self._api = api
        self._compose = compose
        self._patience = patience

    async def send(self, claimed: Claimed) -> Outcome:
        """Make the message, call once, and tell what came of it. Raises StoreTrouble when nothing can be read."""
        try:
            screen = await self._compose(self._store, claimed.person_id, claimed.notice)
            if screen is not None:
                # Whether it can be written is known before the call: a fault here is no question of the network.
                screen.payload()
        except StoreTrouble:
            raise
        except Exception as error:
            return self._fault(claimed, error)
        if screen is None:
            return Outcome(lambda tx: deliveries.end(tx, claimed.id, "cancelled"))
        try:
            message_id = await self._put(claimed.telegram_id, screen)
        except TelegramError as error:
            return self._meaning(claimed, error)
        return Outcome(lambda tx: deliveries.sent(tx, claimed, message_id), was_sent=True)

    async def _put(self, telegram_id: int, screen: Screen) -> int:
        """Put a message in the place of the one it replaces, else send it; return its id."""
        if screen.replaces is not None:
            try:
                await posting.edit(self._api.attempt, self._store, telegram_id, screen.replaces, screen)
            except BadRequest:
                # The old message is gone or cannot be edited any more: a new one takes over.
                pass
            else:
                return screen.replaces
        return await posting.send(self._api.attempt, self._store, telegram_id, screen)

    def _meaning(self, claimed: Claimed, error: TelegramError) -> Outcome:
        said = str(error)
        if isinstance(error, Flood):
            wait_s = error.retry_after
            return Outcome(
                lambda tx: deliveries.put_back(tx, claimed, _ms(wait_s), said, counts=False), hold_s=wait_s
            )
        if isinstance(error, Forbidden) or any(word in said.lower() for word in GONE):
            return Outcome(lambda tx: reach.refused(tx, claimed, said))
        if isinstance(error, NotSent | InvalidToken):
            return self._again(claimed, said)
        if isinstance(error, Uncertain):
            return self._perhaps(claimed, said)
        if not isinstance(error, BadRequest):
            _log.error("delivery %s was refused: %s", claimed.id, said)
        return Outcome(lambda tx: deliveries.end(tx, claimed.id, "failed", trouble=said))

    def _again(self, claimed: Claimed, said: str) -> Outcome:
        patience = self._patience
        if claimed.attempts >= patience.tries_max:
            _log.error("delivery %s is given up after %s tries: %s", claimed.id, claimed.attempts, said)
            return Outcome(lambda tx: deliveries.end(tx, claimed.id, "failed", trouble=said))
        doublings = min(claimed.attempts - 1, 30)
        wait_s = min(patience.retry_first_s * 2**doublings, patience.retry_most_s)
        return Outcome(lambda tx: deliveries.put_back(tx, claimed, _ms(wait_s), said))

    def _perhaps(self, claimed: Claimed, said: str) -> Outcome:
        wait_ms = _ms(self._patience.uncertain_pause_s)
        return Outcome(lambda tx: deliveries.put_perhaps(tx, claimed, wait_ms, said))

    def _fault(self, claimed: Claimed, error: Exception) -> Outcome:
        number = incidents.number_of(f"delivery:{claimed.id}:{claimed.attempts}")
        alert = incidents.note(number, f"delivery {claimed.id} could not be put into words", error)
        return Outcome(lambda tx: deliveries.note_fault(tx, claimed.id, f"incident {number}", alert))


def _ms(duration_s: float) -> int:
    return int(duration_s * 1000)


async def until_written(
    write: Callable[[], Awaitable[None]], may_go_on: Callable[[], bool], pause_s: float
) -> None:
    """Write, and try again while the store is in trouble: what was sent must not be forgotten."""
    while True:
        try:
            await write()
            return
        except StoreTrouble as error:
            if not may_go_on():
                raise
            _log.error("what became of a delivery could not be written down yet: %s", error)
            await asyncio.sleep(pause_s)
