"""Command menus and the bot's description: told to Telegram at start and when roles change, and only if they differ
from what it was told before, since these calls are limited. What stands in a menu is the handlers' business."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import Any

from telegram.error import BadRequest, TelegramError

from actions import marks, menus
from actions.menus import Menu
from actions.ports import Store
from bot.transport import TelegramApi
from handlers import about

_log = logging.getLogger(__name__)

EVERYBODY = {"type": "all_private_chats"}


class Menus:
    """Keeps what Telegram shows of the bot up to date."""

    def __init__(self, store: Store, api: TelegramApi) -> None:
        self._store = store
        self._api = api
        self._turn = asyncio.Lock()

    async def refresh(self) -> None:
        """Tell Telegram what has changed. What fails is tried again the next time."""
        async with self._turn:
            try:
                await self._tell_all()
            except TelegramError as error:
                _log.warning("the command menus could not be brought up to date: %s", error)

    async def _tell_all(self) -> None:
        await self._tell("setMyDescription", description=about.DESCRIPTION)
        await self._tell("setMyShortDescription", short_description=about.SHORT_DESCRIPTION)
        await self._tell("setMyCommands", commands=about.commands(["student"]), scope=EVERYBODY)
        for menu in await self._store.read(menus.wanted):
            await self._give(menu)

    async def _tell(self, method: str, **parameters: Any) -> None:
        fingerprint = _fingerprint(parameters)
        if await self._store.read(marks.get, f"told:{method}") != fingerprint:
            await self._api.call(method, **parameters)
            await self._store.write(marks.put, f"told:{method}", fingerprint)

    async def _give(self, menu: Menu) -> None:
        scope = {"type": "chat", "chat_id": menu.telegram_id}
        commands = about.commands(menu.roles) if menu.roles else []
        fingerprint = _fingerprint(commands) if commands else ""
        if fingerprint == menu.told:
            return
        try:
            if commands:
                await self._api.call("setMyCommands", commands=commands, scope=scope)
            else:
                await self._api.call("deleteMyCommands", scope=scope)
        except BadRequest as error:
            # Nobody is asked again and again about a chat that Telegram does not know.
            _log.warning("Telegram does not take the menu of person %s: %s", menu.person_id, error)
        await self._store.write(menus.note, menu.person_id, fingerprint)


def _fingerprint(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
