"""A running sandbox, a client, and a person who has pressed Start."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Person, Sandbox, World
from tests.sandbox.api import Api


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    server = Sandbox()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def world(sandbox: Sandbox) -> World:
    return sandbox.world


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(sandbox, session)


@pytest.fixture
async def ann(world: World, api: Api) -> Person:
    """Ann has started the bot, and the bot has read that."""
    person = world.add_person("Ann", username="ann", language_code="en")
    world.send_text(person.id, "/start")
    start = await api.updates()
    await api.updates(start[-1]["update_id"] + 1)
    return person
