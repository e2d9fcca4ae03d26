"""Small words for the route tables: a command, a tap, an awaited message. They say what PTB's handlers need; nothing is decided here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from handlers.context import Context

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]
PRIVATE = filters.ChatType.PRIVATE & ~filters.UpdateType.EDITED
EDITED = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE


@dataclasses.dataclass(frozen=True, slots=True)
class Command:
    """A slash command in a private chat. `role`: in whose menu it stands (or everyone); `hint`: its line there, empty to leave it out."""

    name: str
    callback: Callback
    hint: str = ""
    role: str = "student"

    def handler(self) -> BaseHandler[Any, Any, Any]:
        """Give the handler that PTB wants."""
        return CommandHandler(self.name, self.callback, filters=PRIVATE)


@dataclasses.dataclass(frozen=True, slots=True)
class Tap:
    """A tap on an inline button whose data starts with a prefix."""

    prefix: str
    callback: Callback

    def handler(self) -> BaseHandler[Any, Any, Any]:
        """Give the handler that PTB wants."""
        return CallbackQueryHandler(self.callback, pattern=re.compile(re.escape(self.prefix)))


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """The next message of a person from whom something is awaited (`people.await_input` with this kind)."""

    kind: str
    callback: Callback


@dataclasses.dataclass(frozen=True, slots=True)
class Upload:
    """A document that somebody sends in a private chat."""

    callback: Callback

    def handler(self) -> BaseHandler[Any, Any, Any]:
        """Give the handler that PTB wants."""
        return MessageHandler(PRIVATE & filters.Document.ALL, self.callback)


Route = Command | Tap | Input | Upload
