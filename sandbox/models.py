"""The nouns of the sandbox: person, message, chat, tap, answer, event. No behaviour of Telegram."""

import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]

# ASCII output is the fastest the C encoder can do, and a lone surrogate in an injected update survives it.
dump_json = json.JSONEncoder(separators=(",", ":")).encode

MESSAGES_KEPT_PER_CHAT = 10_000


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


@dataclass(slots=True)
class Person:
    """Stand for somebody with a Telegram account who may write to the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str | None = None
    language_code: str = "en"
    label: str = ""
    start_payload: str = ""
    started: bool = False
    blocked: bool = False
    user: Json = field(default_factory=dict)
    chat: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.introduce()

    def introduce(self) -> None:
        """Make anew what the bot is told of this person, after a change."""
        names: Json = {"first_name": self.first_name}
        if self.last_name:
            names["last_name"] = self.last_name
        if self.username:
            names["username"] = self.username
        self.user = {"id": self.id, "is_bot": False, **names}
        # Not every app tells its language.
        if self.language_code:
            self.user["language_code"] = self.language_code
        self.chat = {"id": self.id, **names, "type": "private"}


@dataclass(slots=True)
class Message:
    """Hold one message as it stands in a chat: `raw` is Telegram's own object, replaced whole by an edit."""

    raw: Json
    outgoing: bool
    sent_ms: int
    interface: Json | None = None
    reactions: list[str] = field(default_factory=list)

    @property
    def message_id(self) -> int:
        """Return the id of the message within its chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Return what a person reads: the text, or the caption, or the words of a rich message."""
        raw = self.raw
        if "rich_message" in raw:
            return str(raw["rich_message"]["blocks"][0]["text"])
        return str(raw.get("text") or raw.get("caption") or "")

    @property
    def has_words(self) -> bool:
        """Tell whether whoever sent it could edit words in it."""
        return any(name in self.raw for name in ("text", "photo", "document", "voice"))

    @property
    def buttons(self) -> list[Json]:
        """Return the inline buttons, row after row."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def data_of(self, label: str) -> str:
        """Return the data of the first button whose text contains `label`; KeyError names those there are."""
        for button in self.buttons:
            if label in button["text"] and "callback_data" in button:
                return str(button["callback_data"])
        raise KeyError(f"no button {label!r} among {[button['text'] for button in self.buttons]}")

    def as_answered(self) -> Json:
        """Return the message as a reply quotes it: without what it itself answered."""
        return {name: value for name, value in self.raw.items() if name != "reply_to_message"}

    def view(self) -> Json:
        """Return the message as the chat page gets it."""
        seen: Json = {**self.raw, "outgoing": self.outgoing}
        if self.interface is not None:
            seen["reply_markup"] = self.interface
        if self.reactions:
            seen["reactions"] = self.reactions
        return seen


@dataclass(slots=True)
class Chat:
    """Hold the conversation of one person with the bot."""

    person: Person
    messages: dict[int, Message] = field(default_factory=dict)
    next_message_id: int = 1
    unread: int = 0
    typing_until_ms: int = 0
    pinned: list[int] = field(default_factory=list)
    instance: str = field(default_factory=lambda: str(secrets.randbits(62)))

    def view(self) -> Json:
        """Return the person as the chat page lists them."""
        person = self.person
        return {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "username": person.username,
            "language_code": person.language_code,
            "label": person.label,
            "start_payload": person.start_payload,
            "started": person.started,
            "blocked": person.blocked,
            "unread": self.unread,
        }

    def add(self, message: Message) -> None:
        """Keep a message, forgetting the oldest beyond the limit of a chat."""
        self.messages[message.message_id] = message
        self.next_message_id += 1
        if len(self.messages) > MESSAGES_KEPT_PER_CHAT:
            del self.messages[next(iter(self.messages))]


class CallbackAnswer(NamedTuple):
    """Tell what the bot answered to a tap."""

    text: str
    show_alert: bool
    url: str | None
    at_ms: int


@dataclass(slots=True)
class CallbackQuery:
    """Remember a tap until the bot answers it."""

    person_id: int
    message_id: int
    data: str
    at_ms: int
    answered: bool = False


class Event(NamedTuple):
    """Be one line of the transcript: who did what, and what came of it."""

    at_ms: int
    kind: str
    person_id: int | None
    name: str
    detail: Any
    outcome: Any


Transcript = deque[Event]
