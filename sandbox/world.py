"""All that exists in the sandbox: people, chats, messages, taps, updates, files, transcript. No server."""

import re
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox import personal
from sandbox.clock import Clock
from sandbox.errors import SandboxError
from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.files import Files
from sandbox.models import CallbackAnswer, CallbackQuery, Chat, Event, Json, Message, Person, Transcript
from sandbox.profile import Profile
from sandbox.rates import Rates
from sandbox.updates import Pending, UpdateQueue
from sandbox.webhook import Webhook

Seen = TypeVar("Seen")

TRANSCRIPT_KEPT = 10_000
QUERIES_KEPT = 20_000
EDITABLE_MS = 48 * 3600 * 1000
CALLBACK_DATA_LIMIT_BYTES = 64
LANGUAGE_CODE = re.compile(r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?")
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
# Telegram's ids have outgrown 32 bits; so do those of the people here.
FIRST_PERSON_ID = 7_100_000_001


class World:
    """Hold the state of a small Telegram in which one bot lives."""

    def __init__(self, token: str, bot_username: str, bot_name: str) -> None:
        self.token = token
        self.clock = Clock()
        self.updates = UpdateQueue(self.clock)
        self.files = Files(self.clock)
        self.faults = Faults()
        self.profile = Profile(bot_name)
        self.feed = Feed(self.people_view)
        self.rates = Rates()
        self.rate_limits = False
        # Telegram ignores parameters that it does not know, which hides misspelt ones from a test.
        self.refuse_unknown = True
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.answers: dict[str, CallbackAnswer] = {}
        self.transcript: Transcript = deque(maxlen=TRANSCRIPT_KEPT)
        self.webhook = Webhook(self.clock, self.updates)

    def add_person(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002  (Telegram's own word)
        username: str | None = None,
        last_name: str = "",
        language_code: str = "en",
        label: str = "",
        start_payload: str = "",
    ) -> Person:
        """Let somebody have an account; `start_payload` is the link they would come by."""
        if not START_PAYLOAD.fullmatch(start_payload):
            raise SandboxError("a start payload is at most 64 of A-Z a-z 0-9 _ -")
        if not first_name:
            raise SandboxError("a person needs a first name")
        person_id = FIRST_PERSON_ID + len(self.chats) if id is None else id
        if person_id in self.chats or person_id <= 0:
            raise SandboxError(f"the id {person_id} is taken or not positive")
        if not LANGUAGE_CODE.fullmatch(language_code):
            raise SandboxError(f"no language code: {language_code!r}")
        person = Person(person_id, first_name, last_name, username, language_code, label, start_payload)
        self.chats[person_id] = Chat(person)
        self.feed.people_changed()
        return person

    def chat(self, person_id: int) -> Chat:
        """Return a person's conversation with the bot; SandboxError where there is no such person."""
        chat = self.chats.get(person_id)
        if chat is None:
            raise SandboxError(f"nobody has the id {person_id}")
        return chat

    @property
    def people(self) -> list[Person]:
        """Return everybody, in the order of their coming."""
        return [chat.person for chat in self.chats.values()]

    def people_view(self) -> list[Json]:
        """Return everybody as the chat page lists them."""
        return [chat.view() for chat in self.chats.values()]

    def messages(self, person_id: int) -> list[Message]:
        """Return what stands in a person's chat now: edits applied, deleted messages gone."""
        return list(self.chat(person_id).messages.values())

    def last_message(self, person_id: int) -> Message:
        """Return the newest message that the bot wrote to this person."""
        for message in reversed(self.chat(person_id).messages.values()):
            if not message.outgoing:
                return message
        raise SandboxError("the bot has written nothing to this person")

    def send_text(self, person_id: int, text: str, reply_to: int | None = None) -> Message:
        """Let a person write to the bot, answering one of the messages if named; return the (last) message.

        The apps cut what is longer than 4,096 characters into several messages.
        """
        contents = personal.texts(text)
        contents[0] |= self._reply(person_id, reply_to)
        return [self._person_writes(person_id, content) for content in contents][-1]

    def edit_text(self, person_id: int, message_id: int, text: str) -> Message:
        """Let a person change a text, or the words below a photo or file, that they sent within 48 hours."""
        chat = self.chat(person_id)
        message = chat.messages.get(message_id)
        if message is None or not message.outgoing or not message.has_words:
            raise SandboxError(f"no text {message_id} of this person")
        self._check_may_write(chat)
        if self.clock.now_ms() - message.sent_ms >= EDITABLE_MS:
            raise SandboxError("this message is too old to be edited")
        words = personal.one_text(text) if "text" in message.raw else personal.words_below(text.strip())
        gone = ("text", "entities", "caption", "caption_entities")
        raw = {name: value for name, value in message.raw.items() if name not in gone} | words
        if message.raw == raw:
            raise SandboxError("the message would stay as it is")
        self.replace(chat, message, raw)
        self.note("edit", person_id, "edit", message.raw, None)
        self._update("edited_message", person_id, message.raw)
        return message

    def send_sticker(self, person_id: int, emoji: str = "👍") -> Message:
        """Let a person send a sticker that stands for an emoji."""
        return self._person_writes(person_id, personal.sticker(self.files, emoji))

    def send_voice(self, person_id: int, seconds: int = 3) -> Message:
        """Let a person send a voice message."""
        return self._person_writes(person_id, personal.voice(self.files, seconds))

    def send_photo(self, person_id: int, caption: str = "", data: bytes = b"") -> Message:
        """Let a person send a photo, any picture where none is given."""
        return self.upload(person_id, "photo.png", data or personal.picture(), caption, photo=True)

    def upload(
        self, person_id: int, name: str, data: bytes, caption: str = "", *, photo: bool = False
    ) -> Message:
        """Let a person send a file, or a picture as a photo."""
        return self._person_writes(person_id, personal.upload(self.files, name, data, caption, photo=photo))

    def set_language(self, person_id: int, language_code: str) -> None:
        """Let a person's app speak another language; an empty code is an app that does not tell."""
        if not LANGUAGE_CODE.fullmatch(language_code):
            raise SandboxError(f"no language code: {language_code!r}")
        person = self.chat(person_id).person
        person.language_code = language_code
        person.introduce()
        self.note("language", person_id, "language", language_code, None)
        self.feed.tell(person_id, "commands", commands=self.profile.commands_for(person))
        self.feed.people_changed()

    def tap(self, person_id: int, message_id: int, data: str) -> str:
        """Let a person tap a button, or forge a tap with any data; return the id of the callback query."""
        chat = self.chat(person_id)
        if not 1 <= len(data.encode("utf-8", "surrogatepass")) <= CALLBACK_DATA_LIMIT_BYTES:
            raise SandboxError(f"callback data has 1-{CALLBACK_DATA_LIMIT_BYTES} bytes")
        message = chat.messages.get(message_id)
        if not 1 <= message_id < chat.next_message_id or (message is not None and message.outgoing):
            raise SandboxError(f"no message {message_id} of the bot in this chat")
        self._check_may_write(chat)
        query_id = str(secrets.randbits(63))
        self.queries[query_id] = CallbackQuery(person_id, message_id, data, self.clock.now_ms())
        self._forget_oldest_queries()
        # A card deleted under the finger can still be tapped; the bot then gets an inaccessible message.
        tapped = {"chat": chat.person.chat, "message_id": message_id, "date": 0}
        query = {
            "id": query_id,
            "from": chat.person.user,
            "message": message.raw if message is not None else tapped,
            "chat_instance": chat.instance,
            "data": data,
        }
        self.note("tap", person_id, "tap", {"message_id": message_id, "data": data}, query_id)
        self._update("callback_query", person_id, query)
        return query_id

    def block(self, person_id: int) -> None:
        """Let a person block the bot."""
        self._set_blocked(person_id, True)

    def unblock(self, person_id: int) -> None:
        """Let a person who blocked the bot unblock it."""
        self._set_blocked(person_id, False)

    def inject_update(self, raw: Json, person_id: int = 0) -> None:
        """Send the bot an update of any content; without an `update_id` it gets the next one."""
        kind = next((key for key in raw if key != "update_id"), "")
        self.note("inject", person_id or None, kind, raw, None)
        self._send_update(self.updates.make(kind, person_id, raw))

    def add_fault(self, fault: Fault) -> None:
        """Ask for something to go wrong."""
        self.faults.add(fault)

    def clear_faults(self) -> None:
        """Let everything go right again."""
        self.faults.clear()

    async def wait_for(
        self, predicate: Callable[[], Seen], timeout_s: float = 5.0, *, person_id: int | None = None
    ) -> Seen:
        """Return the predicate's first true value, asked again on each change (of one chat if given).

        TimeoutError after `timeout_s` seconds of real time.
        """
        return await self.feed.wait_for(predicate, timeout_s, person_id)

    def note(self, kind: str, person_id: int | None, name: str, detail: Any, outcome: Any) -> None:
        """Write a line of the transcript."""
        self.transcript.append(Event(self.clock.now_ms(), kind, person_id, name, detail, outcome))

    def bot_writes(self, chat: Chat, content: Json, interface: Json | None = None) -> Message:
        """Put a message of the bot into a chat."""
        message = self._add(chat, content, outgoing=False)
        message.interface = interface
        chat.typing_until_ms = 0
        if not self.feed.watches(chat.person.id):
            chat.unread += 1
            self.feed.people_changed()
        self._tell_message(chat, "message", message)
        return message

    def replace(self, chat: Chat, message: Message, raw: Json) -> None:
        """Put new content in the place of a message's old."""
        message.raw = {**raw, "edit_date": self.clock.now_seconds()}
        self.redraw(chat, message)

    def redraw(self, chat: Chat, message: Message) -> None:
        """Show a message anew, after an edit or a reaction."""
        self._tell_message(chat, "edit", message)

    def delete_message(self, chat: Chat, message_id: int) -> None:
        """Take a message out of a chat."""
        del chat.messages[message_id]
        self.feed.tell(chat.person.id, "delete", message_id=message_id)

    def answer_query(self, query_id: str, query: CallbackQuery, answer: CallbackAnswer) -> None:
        """Keep the bot's answer to a tap and show it."""
        query.answered = True
        self.answers[query_id] = answer
        self.feed.tell(
            query.person_id,
            "answer",
            callback_query_id=query_id,
            text=answer.text,
            show_alert=answer.show_alert,
            url=answer.url,
        )

    def commands_changed(self) -> None:
        """Show the new commands in every open chat."""
        for person_id in self.feed.watched():
            chat = self.chats.get(person_id)
            if chat is not None:
                commands = self.profile.commands_for(chat.person)
                self.feed.tell(person_id, "commands", commands=commands)

    def _person_writes(self, person_id: int, content: Json) -> Message:
        chat = self.chat(person_id)
        self._check_may_write(chat)
        if not chat.person.started:
            chat.person.started = True
            self.feed.people_changed()
        message = self._add(chat, content, outgoing=True)
        self.note("write", person_id, "write", content, message.message_id)
        self._tell_message(chat, "message", message)
        self._update("message", person_id, message.raw)
        return message

    def _reply(self, person_id: int, message_id: int | None) -> Json:
        if message_id is None:
            return {}
        answered = self.chat(person_id).messages.get(message_id)
        if answered is None:
            raise SandboxError(f"no message {message_id} to answer")
        return {"reply_to_message": answered.as_answered()}

    def _add(self, chat: Chat, content: Json, *, outgoing: bool) -> Message:
        now_ms = self.clock.now_ms()
        raw = {
            "message_id": chat.next_message_id,
            "from": chat.person.user if outgoing else self.bot,
            "chat": chat.person.chat,
            "date": now_ms // 1000,
            **content,
        }
        message = Message(raw, outgoing, now_ms)
        chat.add(message)
        return message

    def _tell_message(self, chat: Chat, kind: str, message: Message) -> None:
        if self.feed.has_onlookers(chat.person.id):
            self.feed.tell(chat.person.id, kind, message=message.view())

    def _check_may_write(self, chat: Chat) -> None:
        if chat.person.blocked:
            raise SandboxError("this person has blocked the bot; unblock first")

    def _set_blocked(self, person_id: int, blocked: bool) -> None:
        person = self.chat(person_id).person
        if person.blocked == blocked:
            return
        person.blocked = blocked
        member: Json = {"user": self.bot, "status": "member"}
        kicked: Json = {"user": self.bot, "status": "kicked", "until_date": 0}
        change = {
            "chat": person.chat,
            "from": person.user,
            "date": self.clock.now_seconds(),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.note("block" if blocked else "unblock", person_id, "block", None, None)
        self._update("my_chat_member", person_id, change)
        self.feed.people_changed()

    def _update(self, kind: str, person_id: int, body: Json) -> None:
        if not self.updates.allows(kind):
            return
        pending = self.updates.make(kind, person_id, {kind: body})
        self._send_update(pending)
        if self.faults and self.faults.take_for_update(person_id) is not None:
            self.note("fault", person_id, "duplicate_update", pending.update_id, None)
            self._send_update(pending)
        self.feed.wake(person_id)

    def _send_update(self, pending: Pending) -> None:
        if self.webhook.url:
            self.webhook.put(pending)
        else:
            self.updates.put(pending)

    def _forget_oldest_queries(self) -> None:
        if len(self.queries) > QUERIES_KEPT:
            oldest = next(iter(self.queries))
            del self.queries[oldest]
            self.answers.pop(oldest, None)
