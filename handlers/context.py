"""What a handler holds while it answers one update: who it is, the store's two doors, and the ways to reply.

The first write of a handler also marks the update done, in the same commit. Replies go out at once, on the interactive lane; nothing else
is sent from here.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from telegram import Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from actions import inbox, people, refusals
from actions.ports import Store, Tx
from handlers import posting
from handlers.listening import Languages
from handlers.screen import Screen
from rules.chart import Chart

P = ParamSpec("P")
T = TypeVar("T")

TOAST_MAX = 200


class Api(Protocol):
    """Calls to Telegram as plain values; see `bot.transport`."""

    async def call(self, method: str, **parameters: Any) -> Any: ...
    async def download(self, file_id: str, limit_bytes: int) -> bytes: ...
    async def upload(self, method: str, field: str, name: str, data: bytes, **parameters: Any) -> Any: ...


Draw = Callable[[Chart], Awaitable[bytes]]
"""Draws a chart as PNG, away from the event loop."""


@dataclasses.dataclass(slots=True)
class Services:
    """What the bot hands to every handler; kept under one name in the application's bot_data."""

    store: Store
    api: Api
    draw: Draw
    bot_username: str = ""
    languages: Languages = dataclasses.field(default_factory=Languages)


@dataclasses.dataclass(slots=True)
class Errand:
    """The inbox row under way: `inbox_id`, whether its mark is set, and the trouble it ended in."""

    inbox_id: int
    received_ms: int = 0
    marked: bool = False
    trouble: BaseException | None = None


errand: contextvars.ContextVar[Errand] = contextvars.ContextVar("errand")


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The context of one update from one person, in their private chat."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], **kwargs: Any) -> None:
        super().__init__(application, **kwargs)
        self.services: Services = application.bot_data["services"]
        self.event: Update | None = None
        self._visitor: people.Visitor | None = None

    @classmethod
    def from_update(cls, update: object, application: Any) -> Context:
        """Make the context of an update; PTB calls this."""
        context: Context = super().from_update(update, application)
        if isinstance(update, Update):
            context.event = update
        return context

    @property
    def visitor(self) -> people.Visitor:
        """Who wrote or tapped, as Telegram tells it."""
        if self._visitor is None:
            user = self.event.effective_user if self.event else None
            if user is None:
                raise ValueError("the update comes from nobody")
            key = self.services.store.vault.index(str(user.id))
            name, language = user.full_name, user.language_code or ""
            self._visitor = people.Visitor(key, user.id, name, user.username or "", language)
        return self._visitor

    @property
    def chat_id(self) -> int:
        """The private chat with the person; its id is theirs."""
        return self.visitor.telegram_id

    @property
    def tapped(self) -> str:
        """The data of the button that was tapped; empty when nothing was. Anybody can forge it."""
        query = self.event.callback_query if self.event else None
        return (query.data or "") if query else ""

    @property
    def said(self) -> str:
        """The text of the message; empty when there is none."""
        message = self.event.effective_message if self.event else None
        return (message.text or "") if message else ""

    @staticmethod
    def number(text: str) -> int:
        """Read an id from a button. Raise OutOfDate for anything that is not one."""
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise refusals.OutOfDate
        return int(text)

    async def write(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action and, in the same commit, mark the update done."""
        current = errand.get(None)
        if current is None or current.marked:
            return await self.services.store.write(action, *args, **kwargs)
        result = await self.services.store.write(inbox.with_mark, current.inbox_id, action, *args, **kwargs)
        current.marked = True
        return result

    async def read(self, query: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function that only reads."""
        return await self.services.store.read(query, *args, **kwargs)

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the tap: a short line over the chat, or a box to dismiss. A tap that is too old to answer is no trouble."""
        query = self.event.callback_query if self.event else None
        if query is None:
            return
        parameters: dict[str, Any] = {"callback_query_id": query.id}
        if text:
            parameters |= {"text": text[:TOAST_MAX], "show_alert": alert}
        with contextlib.suppress(BadRequest):
            await self.services.api.call("answerCallbackQuery", **parameters)

    async def say(self, screen: Screen) -> int:
        """Send a new message and return its id."""
        return await posting.send(self.services.api.call, self.services.store, self.chat_id, screen)

    async def show(self, screen: Screen) -> int:
        """Put a screen in the place of the message that was tapped; send a new one when there is none or it cannot be edited."""
        query = self.event.callback_query if self.event else None
        if query is None or query.message is None:
            return await self.say(screen)
        message_id = query.message.message_id
        try:
            await self.edit(message_id, screen)
        except BadRequest:
            return await self.say(screen)
        return message_id

    async def edit(self, message_id: int, screen: Screen) -> None:
        """Change a message in place; one that already reads like this is a success."""
        await posting.edit(self.services.api.call, self.services.store, self.chat_id, message_id, screen)

    async def put(self, message_id: int | None, screen: Screen) -> int:
        """Put a screen in the place of a message; send a new one when there is none or it cannot be edited. Return where it stands."""
        if message_id is not None:
            with contextlib.suppress(BadRequest):
                await self.edit(message_id, screen)
                return message_id
        return await self.say(screen)

    async def drop_message(self) -> None:
        """Take away the message that the person wrote, whose words stand elsewhere now; that it stays is no trouble."""
        message = self.event.effective_message if self.event else None
        if message is None:
            return
        with contextlib.suppress(TelegramError):
            await self.services.api.call("deleteMessage", chat_id=self.chat_id, message_id=message.message_id)

    async def send_file(self, name: str, data: bytes, caption: str = "") -> None:
        """Send a document."""
        await self.services.api.upload(
            "sendDocument", "document", name, data, chat_id=self.chat_id, caption=caption
        )

    async def send_photo(self, name: str, data: bytes, caption: str = "") -> None:
        """Send a picture."""
        await self.services.api.upload(
            "sendPhoto", "photo", name, data, chat_id=self.chat_id, caption=caption
        )

    async def typing(self) -> None:
        """Show that an answer is on its way; that it fails is no trouble."""
        with contextlib.suppress(TelegramError):
            await self.services.api.call("sendChatAction", chat_id=self.chat_id, action="typing")
