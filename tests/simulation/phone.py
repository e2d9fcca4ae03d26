"""A phone on the sandbox over HTTP: it shows one person's chat with the bot, taps buttons by their label and sends texts and files.
It knows nothing of the bot but its messages."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import aiohttp

PATIENCE_S = 30.0
Json = dict[str, Any]


class NoAnswer(Exception):
    """The bot did not answer in time; the text says to what."""


class Phone:
    """One person's phone. `async with Phone(session, url, person_id) as phone: …` keeps it switched on."""

    def __init__(self, session: aiohttp.ClientSession, url: str, person_id: int) -> None:
        self.id = person_id
        self.taps = 0
        self._session = session
        self._url = url
        self._messages: dict[int, Json] = {}
        self._answers: dict[str, str] = {}
        self._changes = 0
        self._changed = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def bought(cls, session: aiohttp.ClientSession, url: str, name: str) -> Phone:
        """Let somebody have an account, and give their phone."""
        async with session.post(f"{url}/sim/people", json={"first_name": name}) as response:
            return cls(session, url, int((await response.json())["id"]))

    async def __aenter__(self) -> Self:
        socket = await self._session.ws_connect(f"{self._url}/sim/events?person={self.id}&people=0")
        self._reader = asyncio.create_task(self._read(socket), name=f"phone {self.id}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async with socket:
            async for event in socket:
                self._take(json.loads(event.data))
                async with self._changed:
                    self._changed.notify_all()

    def _take(self, event: Json) -> None:
        if event["type"] == "answer":
            self._answers[event["callback_query_id"]] = event["text"] or ""
        elif event["type"] == "delete":
            self._messages.pop(event["message_id"], None)
            self._changes += 1
        elif event["type"] in ("message", "edit") and not event["message"]["outgoing"]:
            self._messages[event["message"]["message_id"]] = event["message"]
            self._changes += 1

    @property
    def message_id(self) -> int:
        """The id of the bot's newest message; 0 when there is none."""
        return max(self._messages, default=0)

    @property
    def text(self) -> str:
        """What the bot's newest message says."""
        newest = self._messages.get(self.message_id, {})
        return str(newest.get("text") or newest.get("caption") or "")

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons under the bot's newest message: label to data."""
        rows = self._messages.get(self.message_id, {}).get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data", "") for row in rows for button in row}

    def label(self, beginning: str) -> str | None:
        """Find the label of a button that begins with a text."""
        return next((label for label in self.buttons if label.startswith(beginning)), None)

    async def say(self, text: str) -> str:
        """Send a text, wait for a new message, and give what it says."""
        before = self.message_id
        await self._post("send", {"person": self.id, "text": text})
        await self._until(lambda: self.message_id > before, f"to {text.split()[0]}")
        return self.text

    async def upload(self, name: str, data: bytes) -> str:
        """Send a file, wait for a new message, and give what it says."""
        before = self.message_id
        query = {"person": str(self.id), "name": name}
        async with self._session.post(f"{self._url}/sim/upload", params=query, data=data) as response:
            response.raise_for_status()
        await self._until(lambda: self.message_id > before, f"to the file {name}")
        return self.text

    async def press(self, beginning: str) -> str:
        """Tap a button by the beginning of its label, wait for the answer and for the new look, and give the toast."""
        label = self.label(beginning)
        if label is None:
            raise NoAnswer(f"there is no button {beginning!r} under {self.text!r}, but {list(self.buttons)}")
        before = self._changes
        toast = await self.answer(await self.tap(self.message_id, self.buttons[label]))
        await self._until(lambda: self._changes > before, f"with a change to {label!r} ({toast!r})")
        return toast

    async def tap(self, message_id: int, data: str) -> str:
        """Tap with any data on any message of the bot; give the id that `answer` wants."""
        self.taps += 1
        sent = await self._post("tap", {"person": self.id, "message_id": message_id, "data": data})
        return str(sent["callback_query_id"])

    async def answer(self, query_id: str) -> str:
        """Wait until a tap is answered, and give the toast."""
        await self._until(lambda: query_id in self._answers, "to a tap")
        return self._answers[query_id]

    async def until(self, label: str) -> None:
        """Wait until a button that begins with a text is there."""
        await self._until(lambda: self.label(label) is not None, f"with a button {label!r}")

    async def changed_since(self, changes: int, to: str) -> None:
        """Wait until the chat looks otherwise than after so many changes."""
        await self._until(lambda: self._changes > changes, f"with a change to {to}")

    @property
    def changes(self) -> int:
        """How often the chat has changed so far."""
        return self._changes

    async def _post(self, what: str, body: Json) -> Json:
        async with self._session.post(f"{self._url}/sim/{what}", json=body) as response:
            sent: Json = await response.json()
            if response.status != 200:
                raise NoAnswer(f"the sandbox refused {what}: {sent}")
            return sent

    async def _until(self, seen: Any, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S), self._changed:
                await self._changed.wait_for(seen)
        except TimeoutError:
            raise NoAnswer(
                f"the bot did not answer {what} within {PATIENCE_S:.0f} s; {self.text!r}"
            ) from None
