"""Putting a screen into a chat: rich where it has that form and the server takes it, else as text, in one go.

Whoever reads is never kept waiting for the form: what is refused as a rich message goes out as text at once. Answers to taps and notices
both go through here; how often a call is tried is the caller's.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, EndPointNotFound, TelegramError

from actions import rich
from actions.ports import Store
from handlers.screen import Screen

_log = logging.getLogger(__name__)

Call = Callable[..., Awaitable[Any]]
"""Calls a method of the Bot API by name, with its parameters by keyword."""

_NOT_MODIFIED = "message is not modified"
_UNKNOWN_THERE = re.compile(
    "message text is empty|not supported|unsupported method|unknown (parameter|method)"
)
"""How a server that has no rich messages answers: an older one sees an edit that brings no text."""
_ABOUT_THIS_TEXT = re.compile("rich message is|can't parse|too long|rich_message_[a-z_]+|unsupported tag")
"""How a server that has them refuses one of them, for its length, its blocks or its tags."""


async def send(call: Call, store: Store, chat_id: int, screen: Screen) -> int:
    """Send a screen as a new message and return its id."""
    settings = {"chat_id": chat_id, "disable_notification": screen.silent}
    refusal: TelegramError | None = None
    if screen.rich and await rich.may_be_tried(store):
        try:
            message = await call("sendRichMessage", **settings, **screen.rich_payload())
            return int(message["message_id"])
        except (BadRequest, EndPointNotFound) as error:
            refusal = error
    message = await call("sendMessage", **settings, **screen.payload())
    await _learn(store, refusal)
    return int(message["message_id"])


async def edit(call: Call, store: Store, chat_id: int, message_id: int, screen: Screen) -> None:
    """Change a message in place, whatever form it had; one that already reads like this is a success.

    Raises BadRequest where the message cannot be edited, or not into this form: a new one can take over.
    """
    refusal: TelegramError | None = None
    if screen.rich and await rich.may_be_tried(store):
        try:
            await _edit(call, chat_id, message_id, screen.rich_payload())
        except (BadRequest, EndPointNotFound) as error:
            if not _is_about_form(error):
                raise
            refusal = error
        else:
            return
    await _edit(call, chat_id, message_id, screen.payload())
    await _learn(store, refusal)


async def _edit(call: Call, chat_id: int, message_id: int, payload: dict[str, Any]) -> None:
    try:
        await call("editMessageText", chat_id=chat_id, message_id=message_id, **payload)
    except BadRequest as error:
        if _NOT_MODIFIED not in str(error).lower():
            raise


def _is_about_form(error: TelegramError) -> bool:
    said = str(error).lower()
    unknown = isinstance(error, EndPointNotFound) or _UNKNOWN_THERE.search(said)
    return bool(unknown or _ABOUT_THIS_TEXT.search(said))


async def _learn(store: Store, refusal: TelegramError | None) -> None:
    """Leave rich messages alone for a day, unless the refusal was of that one text: one item may not take them from all the others."""
    if refusal is None:
        return
    if _ABOUT_THIS_TEXT.search(str(refusal).lower()):
        _log.warning("a rich message was refused for what it holds; it went out as text")
        return
    _log.warning("rich messages are refused (%s); they are left alone for a day", refusal)
    await rich.note_refusal(store)
