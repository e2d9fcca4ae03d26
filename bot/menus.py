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
from handlers.language import NAMES, SOURCE, _, choose, speaking

_log = logging.getLogger(__name__)

EVERYBODY = {"type": "all_private_chats"}
METHODS = ("setMyDescription", "setMyShortDescription", "setMyCommands")


def told_names() -> list[str]:
    """List the marks of what Telegram was told that concerns everybody, one for each method and language."""
    return [_mark(method, code) for method in METHODS for code in NAMES]


def _mark(method: str, code: str) -> str:
    return f"told:{method}" if code == SOURCE else f"told:{method}:{code}"


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
        for code in NAMES:
            await self._tell_in(code)
        for menu in await self._store.read(menus.wanted):
            await self._give(menu)

    async def _tell_in(self, code: str) -> None:
        with speaking(code):
            texts: list[dict[str, Any]] = [
                {"description": _(about.DESCRIPTION)},
                {"short_description": _(about.SHORT_DESCRIPTION)},
                {"commands": about.commands(["student"]), "scope": EVERYBODY},
            ]
        # English goes without a language: it is for everybody whose own is not among ours.
        within = {} if code == SOURCE else {"language_code": code}
        for method, parameters in zip(METHODS, texts, strict=True):
            await self._tell(method, _mark(method, code), {**parameters, **within})

    async def _tell(self, method: str, mark: str, parameters: dict[str, Any]) -> None:
        fingerprint = _fingerprint(parameters)
        if await self._store.read(marks.get, mark) != fingerprint:
            await self._api.call(method, **parameters)
            await self._store.write(marks.put, mark, fingerprint)

    async def _give(self, menu: Menu) -> None:
        scope = {"type": "chat", "chat_id": menu.telegram_id}
        commands = _commands(menu)
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


def _commands(menu: Menu) -> list[dict[str, Any]]:
    """Give the commands of a person's own menu; none where everybody's, in the language of their Telegram, is just right."""
    spoken, as_telegram = choose(menu.language or menu.phone_language), choose(menu.phone_language)
    if not menu.roles and spoken == as_telegram:
        return []
    with speaking(spoken):
        return about.commands(menu.roles or ["student"])


def _fingerprint(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
