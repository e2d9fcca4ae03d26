"""A phone: what a person in a story sees of their chat, and what they tap. It knows nothing of the bot but its messages."""

from __future__ import annotations

from typing import Any

from sandbox.models import Message
from sandbox.world import World


class Phone:
    """One person's phone on a sandbox world."""

    def __init__(self, world: World, name: str, **details: Any) -> None:
        self.world = world
        self.person = world.add_person(name, **details)

    @property
    def id(self) -> int:
        """The person's Telegram id."""
        return int(self.person.id)

    @property
    def last(self) -> Message:
        """The newest message of the bot."""
        found = [message for message in self.world.messages(self.id) if not message.outgoing]
        assert found, f"{self.person.first_name} has no message from the bot"
        return found[-1]

    @property
    def text(self) -> str:
        """What the newest message of the bot says."""
        return self.last.text

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons under the newest message of the bot."""
        return [str(button["text"]) for button in self.last.buttons]

    def find(self, label: str) -> str:
        """Give the data of the button whose label is, or begins with, a text."""
        for button in self.last.buttons:
            if button["text"].startswith(label):
                return str(button["callback_data"])
        raise AssertionError(f"no button {label!r} among {self.labels} under {self.text!r}")

    async def say(self, text: str) -> str:
        """Send a text and wait for the answer."""
        before = self._newest_id()
        self.world.send_text(self.id, text)
        await self.world.wait_for(lambda: self._newest_id() > before, timeout_s=10.0)
        return self.text

    async def press(self, label: str) -> str:
        """Tap a button, wait until it is answered and the chat has changed or stands still, and give the toast."""
        return await self.tap(self.last.message_id, self.find(label))

    async def tap(self, message_id: int, data: str, *, changes: bool = True) -> str:
        """Tap with any data on any message and wait for the answer; give the toast. `changes`: the chat will look different."""
        looked = self._look()
        query_id = self.world.tap(self.id, message_id, data)
        await self.world.wait_for(lambda: query_id in self.world.answers, timeout_s=10.0)
        toast = self.world.answers[query_id].text or ""
        if changes and not toast.startswith(("Already", "You left", "Nothing")):
            await self._settle(looked)
        return toast

    async def send_file(self, name: str, data: bytes) -> str:
        """Send a document and wait for the answer."""
        before = self._newest_id()
        self.world.upload(self.id, name, data)
        await self.world.wait_for(lambda: self._newest_id() > before, timeout_s=20.0)
        return self.text

    async def type(self, text: str) -> str:
        """Send a text that belongs on the open card, wait until the chat has changed, and give what the newest message says."""
        looked = self._look()
        self.world.send_text(self.id, text)
        await self._settle(looked)
        return self.text

    async def send_sticker(self) -> str:
        """Send a sticker and wait until the chat has changed."""
        looked = self._look()
        self.world.send_sticker(self.id)
        await self._settle(looked)
        return self.text

    async def send_voice(self) -> str:
        """Send a voice message and wait until the chat has changed."""
        looked = self._look()
        self.world.send_voice(self.id)
        await self._settle(looked)
        return self.text

    @property
    def written(self) -> list[str]:
        """What the person wrote and what still stands in the chat."""
        return [message.text for message in self.world.messages(self.id) if message.outgoing]

    async def _settle(self, looked: tuple[int, int, str]) -> None:
        """The toast and the edit go out together, so wait until the chat looks different; some taps change nothing."""
        try:
            await self.world.wait_for(lambda: self._look() != looked, timeout_s=1.5)
        except TimeoutError:
            return

    def _newest_id(self) -> int:
        found = [m.message_id for m in self.world.messages(self.id) if not m.outgoing]
        return max(found, default=0)

    def _look(self) -> tuple[int, int, str]:
        found = [m for m in self.world.messages(self.id) if not m.outgoing]
        newest = found[-1] if found else None
        return (
            len(found),
            newest.message_id if newest else 0,
            f"{newest.text}{newest.buttons}" if newest else "",
        )
