"""A plain client of the Bot API and of the simulator, for the sandbox's own tests. It checks nothing itself."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from sandbox import Sandbox
from sandbox.models import Person


class Api:
    """Call the sandbox as a bot does, over HTTP."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def call(self, method: str, **fields: Any) -> dict[str, Any]:
        """Return the whole answer to a call with a form body."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()
        }
        async with self.session.post(self.url(method), data=form) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == (200 if answer["ok"] else answer["error_code"])
            return answer

    async def ok(self, method: str, **fields: Any) -> Any:
        """Return the result of a call that must succeed."""
        answer = await self.call(method, **fields)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **fields: Any) -> str:
        """Return the description of a call that must fail."""
        answer = await self.call(method, **fields)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def updates(self, offset: int = 0, **fields: Any) -> list[dict[str, Any]]:
        """Return a batch of updates without waiting."""
        found: list[dict[str, Any]] = await self.ok("getUpdates", offset=offset, **fields)
        return found

    def url(self, method: str) -> str:
        """Return the address of a method."""
        return f"{self.sandbox.url}/bot{self.sandbox.token}/{method}"

    async def sim(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Return the simulator's JSON; AssertionError unless it answers 200."""
        url = f"{self.sandbox.url}/sim/{path}"
        async with self.session.request(method, url, json=body, params=query) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def send(self, person: Person, text: str = "Hello", **fields: Any) -> dict[str, Any]:
        """Send a text to a person and return the message."""
        message: dict[str, Any] = await self.ok("sendMessage", chat_id=person.id, text=text, **fields)
        return message


async def until(predicate: Callable[[], bool]) -> None:
    """Return once the predicate is true; for what nobody tells of, such as a call that is waiting."""
    async with asyncio.timeout(10):
        while not predicate():
            await asyncio.sleep(0.005)


def keyboard(*labels: str) -> dict[str, Any]:
    """Return an inline keyboard of one row, whose data are its labels."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}


def minimal_png(width: int = 4, height: int = 3) -> bytes:
    """Return the start of a PNG, as much as tells its size."""
    return (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
        + width.to_bytes(4, "big")
        + height.to_bytes(4, "big")
        + b"\x08"
    )
