"""Delivery by webhook: lanes in order, retries after 0, 2, 4, 8 … s until the update expires. No server."""

import asyncio
import re
import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from sandbox.clock import Clock
from sandbox.errors import bad_request
from sandbox.models import Json
from sandbox.updates import Pending, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (a name, no secret)
SECRET_PATTERN = re.compile(r"[A-Za-z0-9_-]*")
SECRET_LIMIT = 256
CONNECTIONS_DEFAULT = 40
CONNECTIONS_LIMIT = 100
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANSWER_SECONDS = 60
FIRST_DELAY_MS = 2_000
LONGEST_DELAY_MS = 60_000
RETRY_AFTER_LIMIT_SECONDS = 3600

LaneKey = tuple[bool, int]


@dataclass(frozen=True, slots=True)
class Hook:
    """Say where updates go, with what secret, over how many connections."""

    url: str
    secret: str
    connections: int


def check_webhook(url: str, secret: str, connections: int | None) -> Hook:
    """Return where updates are to go; 400 unless it is an address on this machine with a proper secret."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.hostname not in LOOPBACK:
        raise bad_request("bad webhook: the sandbox delivers to this machine only")
    if len(secret) > SECRET_LIMIT:
        raise bad_request("secret token is too long")
    if not SECRET_PATTERN.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    wanted = CONNECTIONS_DEFAULT if connections is None else connections
    return Hook(url, secret, min(max(wanted, 1), CONNECTIONS_LIMIT))


class Webhook:
    """Deliver updates to the bot's address.

    One update of a lane is under way at a time. As on Telegram's servers a person's messages are one lane and
    their taps another, so a message and a tap of the same person may arrive at once.
    """

    def __init__(self, clock: Clock, updates: UpdateQueue) -> None:
        self._clock = clock
        self._updates = updates
        self._hook: Hook | None = None
        self._lanes: dict[LaneKey, deque[Pending]] = {}
        self._tasks: dict[LaneKey, asyncio.Task[None]] = {}
        self._connections = asyncio.Semaphore(CONNECTIONS_DEFAULT)
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[int, str] | None = None

    @property
    def url(self) -> str:
        """Return the address, empty while there is none."""
        return self._hook.url if self._hook is not None else ""

    def set(self, hook: Hook) -> None:
        """Deliver to this address from now on, beginning with what waits."""
        self.clear()
        self._hook = hook
        self._connections = asyncio.Semaphore(hook.connections)
        self._last_error = None
        for pending in self._updates.drain():
            self.put(pending)

    def clear(self) -> None:
        """Stop delivering; what was not delivered goes back to the queue."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._updates.restore(self._undelivered())
        self._lanes.clear()
        self._hook = None

    def drop(self) -> None:
        """Forget what was not delivered."""
        for lane in self._lanes.values():
            lane.clear()

    def put(self, pending: Pending) -> None:
        """Send an update on its way, behind those of its lane."""
        hook = self._hook
        if hook is None:
            self._updates.put(pending)
            return
        key = (pending.kind == "callback_query", pending.person_id)
        self._lanes.setdefault(key, deque()).append(pending)
        if key not in self._tasks:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._run_lane(hook, key))

    def info(self) -> Json:
        """Return Telegram's `WebhookInfo`."""
        now_ms = self._clock.now_ms()
        waiting = sum(pending.expires_ms > now_ms for pending in self._undelivered())
        info: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": waiting}
        if self._hook is not None:
            info["max_connections"] = self._hook.connections
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        return info

    async def close(self) -> None:
        """Stop delivering and close the connections."""
        tasks = list(self._tasks.values())
        self.clear()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _undelivered(self) -> Iterator[Pending]:
        return (pending for lane in self._lanes.values() for pending in lane)

    async def _run_lane(self, hook: Hook, key: LaneKey) -> None:
        lane = self._lanes[key]
        while lane:
            pending = lane[0]
            await self._deliver(hook, pending)
            if lane and lane[0] is pending:
                lane.popleft()
        del self._lanes[key], self._tasks[key]

    async def _deliver(self, hook: Hook, pending: Pending) -> None:
        delay_ms = 0
        while pending.expires_ms > self._clock.now_ms():
            retry_after_seconds = await self._attempt(hook, pending)
            if retry_after_seconds is None:
                return
            await self._clock.sleep(max(delay_ms, retry_after_seconds * 1000))
            longest_ms = LONGEST_DELAY_MS + secrets.randbelow(LONGEST_DELAY_MS)
            delay_ms = min(max(delay_ms * 2, FIRST_DELAY_MS), longest_ms)

    async def _attempt(self, hook: Hook, pending: Pending) -> int | None:
        """Try once; None when it was taken, else how many seconds the answer asks to wait."""
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers[SECRET_HEADER] = hook.secret
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        try:
            async with (
                self._connections,
                self._session.post(
                    hook.url, data=pending.text, headers=headers, allow_redirects=False, ssl=False
                ) as response,
            ):
                await response.read()
                if 200 <= response.status < 300:
                    return None
                self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                asked = response.headers.get("Retry-After", "")
                return min(int(asked), RETRY_AFTER_LIMIT_SECONDS) if asked.isdigit() else 0
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            self._failed(f"Connection failed: {type(trouble).__name__}")
            return 0

    def _failed(self, message: str) -> None:
        self._last_error = (self._clock.now_seconds(), message)
