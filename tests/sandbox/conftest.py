"""A running sandbox, a client, a person who has pressed Start, and a browser with the chat page."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Person, Sandbox, World
from tests.browser import Browser
from tests.sandbox.api import Api
from tests.sandbox.stage import PAYLOAD, TOKEN, Stage


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with Browser.launch() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    sandbox = Sandbox(token=TOKEN)
    await sandbox.start(port=0)
    nora = sandbox.world.add_person("Nora", label="Student", start_payload=PAYLOAD)
    ingrid = sandbox.world.add_person("Ingrid", label="Coordinator")
    page = await browser.open(f"{sandbox.url}/#person={nora.id}")
    await page.wait_for("document.querySelector('.intro')")
    async with aiohttp.ClientSession() as client:
        yield Stage(sandbox, page, client, nora, ingrid)
    foreign = [url for url in page.requests if not url.startswith((sandbox.url, "about:", "blob:"))]
    await page.close()
    await sandbox.stop()
    assert (page.troubles, foreign) == ([], [])
