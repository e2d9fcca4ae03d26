"""A running house for stories: the sandbox, and the real bot on a fresh folder, in this process and over real HTTP."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from actions import invitations, items, projects
from actions.ports import Store, Tx
from bot import settings as bot_settings
from bot.app import Bot
from rules.credit import DAY_MS
from sandbox.server import Sandbox
from sandbox.world import World
from tests.actions.projects_for_tests import TOML
from tests.stories.phone import Phone

P = ParamSpec("P")
T = TypeVar("T")


@dataclasses.dataclass(slots=True)
class House:
    """A sandbox and a bot that talk to each other."""

    sandbox: Sandbox
    bot: Bot

    @property
    def world(self) -> World:
        """Telegram, as far as the story goes."""
        return self.sandbox.world

    @property
    def store(self) -> Store:
        """The bot's store, to look behind the chat."""
        return self.bot.store

    async def write(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action as the command line would."""
        return await self.store.write(action, *args, **kwargs)

    async def invite(self, name: str, role: str = "student", project_id: int | None = None) -> Phone:
        """Give somebody a phone and an invitation, and have them open it."""
        token = await self.write(
            invitations.create, role=role, project_id=project_id, uses=1, lasts_ms=DAY_MS, created_by=None
        )
        phone = Phone(self.world, name)
        await phone.say(f"/start {token}")
        return phone

    async def project(self, rows: list[dict[str, Any]], **settings: Any) -> int:
        """Make and open the project "sums" with these items."""
        text = TOML.format(**{"training": 0, "exam": 0, "gold_share": 0.0} | settings)
        await self.write(projects.create_or_update, None, text)
        lines = [json.dumps(row) for row in rows]
        report = await items.import_lines(self.store, None, "sums", lines)
        assert report.checked.bad_count == 0, report.checked.bad
        await self.write(projects.set_state, None, "sums", "open")
        return (await self.store.read(projects.by_slug, "sums")).id


def sums(count: int, **extra: Any) -> list[dict[str, Any]]:
    """Write so many items of the project "sums"."""
    use = extra.get("use", "work")
    return [{"id": f"{use}-{n}", "sum": f"{n} + 1 = {n + 1}", **extra} for n in range(count)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Start a sandbox and a bot; stop them afterwards."""
    sandbox = Sandbox()
    await sandbox.start()
    settings = bot_settings.load(
        env_file=None,
        telegram_bot_token=sandbox.token,
        telegram_api_url=sandbox.url,
        database_url=f"sqlite:///{tmp_path}/veritap.db",
        web_listen="127.0.0.1:0",
    )
    house = House(sandbox, await Bot.start(settings))
    yield house
    # A story may have put another bot in the place of the first.
    await house.bot.stop()
    await sandbox.stop()


async def agree_and_tell(phone: Phone) -> None:
    """Walk a new student from the welcome to the end of the profile."""
    await phone.press("Let's start")
    await phone.press("I agree")
    await phone.press("Bachelor's")
    await phone.press("Maths")
    await phone.press("Done")
    await phone.press("Yes, ")
