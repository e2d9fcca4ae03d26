"""The chat page in a real browser, for tests: two people, the page open on the first, and the test in the bot's place."""

from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox.models import Person
from sandbox.server import Sandbox
from tests.browser import Page, chromium_path

Json = dict[str, Any]

TOKEN = "123456:page-test"
PAYLOAD = "inv_8f2kQ-x"
VERDICTS: list[Json] = [
    {"text": "Correct", "callback_data": "a:yes", "style": "success"},
    {"text": "Wrong", "callback_data": "a:no", "style": "danger"},
]
KEYBOARD = {"inline_keyboard": [VERDICTS, [{"text": "Skip", "callback_data": "a:skip"}]]}


# What every module of such tests is marked with: they share one browser, and so one loop.
IN_BROWSER = [
    pytest.mark.skipif(chromium_path() is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.asyncio(loop_scope="module"),
]


@dataclass
class Stage:
    """A sandbox with two people in it, the page open on the first, and the bot's side of the wire."""

    sandbox: Sandbox
    page: Page
    client: aiohttp.ClientSession
    nora: Person
    ingrid: Person
    offset: int = 0

    async def js(self, expression: str) -> Any:
        return await self.page.evaluate(expression)

    async def until(self, expression: str, timeout_s: float = 5.0) -> Any:
        return await self.page.wait_for(expression, timeout_s)

    async def bot(self, method: str, **parameters: Any) -> Any:
        """Call a method of the Bot API as the bot does."""
        address = f"{self.sandbox.url}/bot{TOKEN}/{method}"
        async with self.client.post(address, json=parameters) as response:
            body = await response.json()
        assert body["ok"], body
        return body["result"]

    async def update(self) -> Any:
        """Wait for the bot's next update and confirm it."""
        updates = await self.bot("getUpdates", offset=self.offset, timeout=5, limit=1)
        assert updates, "no update came"
        self.offset = updates[0]["update_id"] + 1
        return updates[0]

    async def send(self, text: str, **more: Any) -> int:
        return int((await self.bot("sendMessage", chat_id=self.nora.id, text=text, **more))["message_id"])

    async def say(self, text: str, **more: Any) -> int:
        """Send a text from the bot to Nora and wait until her page shows it."""
        message_id = await self.send(text, **more)
        await self.until(f"{text_of(message_id)} !== undefined")
        return message_id

    async def edit(self, message_id: int, text: str, **more: Any) -> None:
        await self.bot("editMessageText", chat_id=self.nora.id, message_id=message_id, text=text, **more)

    async def begin(self) -> None:
        """Press START, so that the bot may write."""
        await self.page.click("#start")
        await self.update()


def text_of(message_id: int) -> str:
    return f"document.querySelector('[data-id=\"{message_id}\"] .text').textContent"
