"""Updates by webhook: the secret, order within a lane, retries, expiry, and the way back to polling."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web

from sandbox import Person, World
from tests.sandbox.api import Api, until

SECRET = "a-secret_1"


class Receiver:
    """Stand where the bot would: keep what comes and answer as told, 200 by default."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.got: list[tuple[int, dict[str, Any]]] = []
        self.secrets: set[str | None] = set()
        self.hold: asyncio.Event | None = None
        self.arrived = asyncio.Condition()

    async def receive(self, request: web.BaseRequest) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append((self.world.clock.now_ms(), await request.json()))
        async with self.arrived:
            self.arrived.notify_all()
        if self.hold is not None:
            await self.hold.wait()
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        return web.Response(status=status, headers=headers)

    async def wait(self, count: int) -> list[dict[str, Any]]:
        """Return the updates once `count` attempts have arrived."""
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= count)
        return [update for _, update in self.got]


@pytest.fixture
async def receiver(world: World) -> AsyncIterator[Receiver]:
    receiver = Receiver(world)
    runner = web.ServerRunner(web.Server(receiver.receive, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def pass_time(world: World, receiver: Receiver, count: int) -> None:
    """Let the sandbox's time run until `count` attempts have arrived."""
    for _ in range(2_000):
        if len(receiver.got) >= count:
            return
        world.clock.advance(250)
        await asyncio.sleep(0.002)
    raise AssertionError(f"{len(receiver.got)} of {count} attempts")


async def test_updates_arrive_with_the_secret(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    world.send_text(ann.id, "waiting")
    assert await api.ok("setWebhook", url=receiver.url, secret_token=SECRET, max_connections=5) is True
    world.send_text(ann.id, "new")
    updates = await receiver.wait(2)
    assert [update["message"]["text"] for update in updates] == ["waiting", "new"]
    assert receiver.secrets == {SECRET}
    info = await api.ok("getWebhookInfo")
    assert info == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": info["pending_update_count"],
        "max_connections": 5,
    }


async def test_while_a_webhook_is_set_polling_conflicts(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    poll = asyncio.create_task(api.refused("getUpdates", timeout=30))
    await until(lambda: world.updates.polled)
    await api.ok("setWebhook", url=receiver.url)
    assert await poll == "Conflict: terminated by setWebhook request"
    assert await api.refused("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await api.ok("setWebhook", url="")
    assert await api.updates() == []


async def test_a_refused_update_is_retried_at_once_then_ever_later(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}), (502, {}), (404, {}), (500, {})]
    await api.ok("setWebhook", url=receiver.url)
    world.send_text(ann.id, "insist")
    await receiver.wait(2)
    await pass_time(world, receiver, 5)
    updates = await receiver.wait(5)
    assert len({update["update_id"] for update in updates}) == 1
    times = [at_ms for at_ms, _ in receiver.got]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[1] >= 2_000
    assert gaps[2] >= 4_000
    assert gaps[3] >= 8_000
    info = await api.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["last_error_date"] > 0


async def test_retry_after_is_honoured(api: Api, world: World, ann: Person, receiver: Receiver) -> None:
    receiver.answers = [(429, {"Retry-After": "30"})]
    await api.ok("setWebhook", url=receiver.url)
    world.send_text(ann.id, "later")
    await receiver.wait(1)
    await pass_time(world, receiver, 2)
    assert receiver.got[1][0] - receiver.got[0][0] >= 30_000


async def test_a_tap_that_is_never_taken_expires(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    card = await api.send(ann)
    receiver.answers = [(500, {})] * 100
    await api.ok("setWebhook", url=receiver.url)
    world.tap(ann.id, card["message_id"], "x")
    await receiver.wait(2)
    world.clock.advance(150_000)
    assert (await api.ok("getWebhookInfo"))["pending_update_count"] == 0
    attempts = len(receiver.got)
    world.clock.advance(600_000)
    await asyncio.sleep(0.05)
    assert len(receiver.got) == attempts


async def test_one_lane_is_serial_but_taps_and_messages_are_two(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    card = await api.send(ann)
    receiver.hold = asyncio.Event()
    await api.ok("setWebhook", url=receiver.url)
    world.send_text(ann.id, "first")
    world.send_text(ann.id, "second")
    world.tap(ann.id, card["message_id"], "x")
    await receiver.wait(2)
    await asyncio.sleep(0.05)
    assert sorted(next(key for key in update if key != "update_id") for _, update in receiver.got) == [
        "callback_query",
        "message",
    ]
    receiver.hold.set()
    updates = await receiver.wait(3)
    assert [update["message"]["text"] for update in updates if "message" in update] == ["first", "second"]


async def test_no_more_connections_than_asked_for(api: Api, world: World, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    await api.ok("setWebhook", url=receiver.url, max_connections=2)
    for name in "ABC":
        world.send_text(world.add_person(name).id, "/start")
    await receiver.wait(2)
    await asyncio.sleep(0.05)
    assert len(receiver.got) == 2
    receiver.hold.set()
    assert len(await receiver.wait(3)) == 3


async def test_what_was_not_delivered_can_be_polled_or_dropped(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    receiver.hold = asyncio.Event()
    await api.ok("setWebhook", url=receiver.url)
    card = await api.send(ann)
    world.tap(ann.id, card["message_id"], "x")
    world.send_text(ann.id, "one")
    world.send_text(ann.id, "two")
    await api.ok("deleteWebhook")
    updates = await api.updates()
    assert [update["update_id"] for update in updates] == sorted(update["update_id"] for update in updates)
    assert len(updates) == 3
    await api.ok("setWebhook", url=receiver.url, drop_pending_updates=True)
    await api.ok("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []


async def test_an_address_that_nobody_listens_at_is_an_error_to_be_read(
    api: Api, world: World, ann: Person, receiver: Receiver
) -> None:
    await api.ok("setWebhook", url="http://127.0.0.1:1/", allowed_updates=["message"])
    world.send_text(ann.id, "x")
    info: dict[str, Any] = {}
    for _ in range(3000):
        info = await api.ok("getWebhookInfo")
        if "last_error_message" in info:
            break
        await asyncio.sleep(0.01)
    assert info["last_error_message"].startswith("Connection failed")
    assert info["pending_update_count"] == 1
    assert info["allowed_updates"] == ["message"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "ftp://127.0.0.1/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org/"}, "bad webhook: the sandbox delivers to this machine only"),
        ({"url": "http://127.0.0.1:1/", "secret_token": "ä"}, "secret token contains unallowed characters"),
        ({"url": "http://127.0.0.1:1/", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_addresses_and_secrets_that_are_refused(api: Api, fields: dict[str, Any], said: str) -> None:
    assert await api.refused("setWebhook", **fields) == f"Bad Request: {said}"
    assert (await api.ok("getWebhookInfo"))["url"] == ""
