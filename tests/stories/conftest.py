"""A running house for stories: the sandbox, and the real bot on a fresh folder, in this process and over real HTTP."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from actions import consents, invitations, items, profiles, projects, qualifications
from actions.people import Visitor
from actions.ports import Store, Tx
from bot import settings as bot_settings
from bot.app import Bot
from rules import project_file
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
        return await self.open(TOML.format(**{"training": 0, "exam": 0, "gold_share": 0.0} | settings), rows)

    async def open(self, definition: str, rows: list[dict[str, Any]]) -> int:
        """Make and open the project that a file describes, with these items."""
        slug = project_file.parse(definition).slug
        await self.write(projects.create_or_update, None, definition)
        report = await items.import_lines(self.store, None, slug, [json.dumps(row) for row in rows])
        assert report.checked.bad_count == 0, report.checked.bad
        await self.write(projects.set_state, None, slug, "open")
        return (await self.store.read(projects.by_slug, slug)).id

    async def at_card(self, definition: str, rows: list[dict[str, Any]]) -> Phone:
        """Bring a student straight to their first task of a project that asks for no training, past the taps that lead there."""
        project_id = await self.open(definition, rows)
        phone = Phone(self.world, "Ada")
        await self.write(come_and_join, phone, project_id)
        await phone.say("/work")
        return phone

    def recorded(self) -> list[dict[str, Any]]:
        """Give the answers of the live judgments."""
        found = self.rows("SELECT answers FROM judgments WHERE undone_ms IS NULL ORDER BY id")
        return [json.loads(answers) for (answers,) in found]

    def rows(self, query: str) -> list[Any]:
        """Ask the file itself, past the bot."""
        file = f"file:{self.store.path}?mode=ro"
        with contextlib.closing(sqlite3.connect(file, uri=True)) as connection:
            return connection.execute(query).fetchall()


def come_and_join(tx: Tx, phone: Phone, project_id: int) -> None:
    """Bring a student to where they hold a place on a project and nothing more."""
    visitor = Visitor(tx.vault.index(str(phone.id)), phone.id, "Ada", "", "en")
    invitations.accept(tx, visitor, invitations.create(tx, role="student"))
    consents.give(tx, visitor)
    profiles.choose(tx, visitor, "degree", "bachelor")
    profiles.choose(tx, visitor, "field", "maths")
    profiles.languages_done(tx, visitor)
    profiles.choose(tx, visitor, "time_zone", "Europe/London")
    qualifications.join(tx, visitor, project_id)


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
