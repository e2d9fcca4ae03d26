"""The desk: where one inbox row is handled from its parsing to its mark, whatever happens on the way.

What a row does is the handlers' business. Here is decided what becomes of it: done, tried again, or set aside.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, NetworkError
from telegram.ext import Application

from actions import inbox, reach
from actions.ports import Store
from bot import incidents
from bot.errors import SETTING, CannotRun, Flood
from bot.gate import Gate, pauses
from bot.lanes import Row
from handlers.context import Api, Errand, errand
from storage.errors import StoreConflict, StoreDamaged, StoreTrouble

_log = logging.getLogger(__name__)

HANDLER_LIMIT_S = 120.0
"""No handler takes this long: it is stuck, and the person's lane must go on."""
REPLY_PAUSES_S = (1.0, 4.0)
"""Pauses before a handler runs again whose reply could not be sent before it had written anything."""


class Desk:
    """Handles rows, one call each; several calls may be under way at once."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], store: Store, api: Api, gate: Gate
    ) -> None:
        self._application = application
        self._store = store
        self._api = api
        self._gate = gate
        self.on_fatal: Callable[[Exception], None] = lambda error: None
        self.handled = 0
        self.faults = 0

    async def handle(self, row: Row) -> None:
        """See one row through. Returns once it is done or set aside; while the store is in trouble it waits."""
        waits = pauses()
        is_counted = not row.is_repeat
        while True:
            try:
                if not is_counted:
                    # On disk before the row is touched, so that one that ends the process is known by its count.
                    await self._store.write(inbox.begin_again, row.id)
                    is_counted = True
                await self._see_through(row)
            except StoreDamaged as error:
                self._gate.shut(error)
                self.on_fatal(CannotRun(str(error), SETTING))
            except StoreConflict:
                raise
            except StoreTrouble as error:
                self._gate.shut(error)
            else:
                self._gate.open()
                self.handled += 1
                return
            await asyncio.sleep(next(waits))

    async def _see_through(self, row: Row) -> None:
        update = await self._parse(row)
        if update is None:
            return
        current = await self._run_handlers(row, update)
        for pause_s in REPLY_PAUSES_S:
            if current.marked or not _is_reply_trouble(current.trouble):
                break
            # Nothing is written yet, so that running it again does no harm.
            await asyncio.sleep(pause_s)
            current = await self._run_handlers(row, update)
        await self._settle(row, update, current)

    async def _parse(self, row: Row) -> Update | None:
        try:
            return Update.de_json(row.body, self._application.bot)
        except Exception as error:
            trace = incidents.trace_of(error).partition("\n")[0]
            _log.error("inbox row %s cannot be read as an update (%s); it is set aside", row.id, trace)
            await self._store.write(inbox.set_aside, row.id, f"it cannot be read as an update ({trace})")
            return None

    async def _run_handlers(self, row: Row, update: Update) -> Errand:
        current = Errand(row.id, row.received_ms)
        errand.set(current)
        try:
            async with asyncio.timeout(HANDLER_LIMIT_S):
                await self._application.process_update(update)
        except TimeoutError as error:
            current.trouble = error
        return current

    async def _settle(self, row: Row, update: Update, current: Errand) -> None:
        trouble = current.trouble
        if isinstance(trouble, StoreTrouble) and not isinstance(trouble, StoreConflict):
            raise trouble
        if trouble is None:
            if not current.marked:
                await self._store.write(inbox.finish, row.id)
        elif isinstance(trouble, Forbidden):
            await self._store.write(reach.lose_and_finish, row.id, row.person_key)
        elif _is_reply_trouble(trouble):
            _log.warning("a reply could not be sent: %s", trouble)
            if not current.marked:
                await self._store.write(inbox.finish, row.id, f"no reply: {type(trouble).__name__}")
        else:
            await self._report(row, update, trouble)

    async def _report(self, row: Row, update: Update, trouble: BaseException) -> None:
        self.faults += 1
        number = incidents.number_of(f"{row.id}:{row.received_ms}")
        alert = incidents.note(number, f"inbox row {row.id} met a fault", trouble)
        await self._store.write(inbox.note_fault, row.id, number, alert)
        await incidents.tell(self._api, update, number)


def _is_reply_trouble(trouble: BaseException | None) -> bool:
    if isinstance(trouble, BadRequest | EndPointNotFound):
        return False
    return isinstance(trouble, NetworkError | Flood | InvalidToken)
