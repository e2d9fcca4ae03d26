"""A rig for the top floor: the sandbox, real bots against it over real HTTP, and handlers that a test adds.

`rig.start()` starts a bot in this process, with bounds short enough for a test; all of them are stopped afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationHandlerStop, TypeHandler

from actions import people
from actions.people import Person, Visitor
from actions.ports import Tx
from bot import logs
from bot import settings as bot_settings
from bot.app import Bot, Limits
from bot.delivery import PumpLimits
from bot.parcel import Patience as ParcelPatience
from bot.poller import PollLimits
from bot.settings import Settings
from bot.transport import Patience
from handlers.context import Context
from sandbox import Fault, Sandbox, World
from sandbox import Person as Account
from tests.actions import samples
from tests.bot.terminal import Terminal

WAIT_S = 10.0
Handle = Callable[[Update, Context], Awaitable[None]]

SHORT = Limits(
    reach_s=1.5,
    drain_s=5.0,
    patience=Patience(connect_s=2.0, answer_s=3.0),
    poll=PollLimits(
        wait_s=1.0, answer_s=3.0, conflict_s=1.0, rejected_s=1.0, pause_first_s=0.05, pause_most_s=0.2
    ),
    pump=PumpLimits(
        overall_per_s=400.0,
        broadcast_per_s=200.0,
        chat_pause_s=0.02,
        tick_s=0.5,
        progress_every_s=0.05,
        patience=ParcelPatience(retry_first_s=0.05, retry_most_s=0.2, tries_max=4, uncertain_pause_s=0.2),
    ),
)


async def until(holds: Callable[[], object], seconds: float = WAIT_S) -> None:
    """Wait until something holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


@dataclasses.dataclass(slots=True)
class Rig:
    """A sandbox, a folder, and the bots that a test starts."""

    sandbox: Sandbox
    folder: Path
    bots: list[Bot] = dataclasses.field(default_factory=list)

    @property
    def world(self) -> World:
        """Telegram, as far as the test goes."""
        return self.sandbox.world

    @property
    def database(self) -> Path:
        """The database file of the bots."""
        return self.folder / "veritap.db"

    def settings(self, **given: Any) -> Settings:
        """Make settings that point at the sandbox."""
        known = {
            "telegram_bot_token": self.sandbox.token,
            "telegram_api_url": self.sandbox.url,
            "database_url": f"sqlite:///{self.database}",
            "web_listen": "127.0.0.1:0",
        }
        return bot_settings.load(None, **(known | given))

    async def start(self, handle: Handle | None = None, limits: Limits = SHORT, **given: Any) -> Bot:
        """Start a bot; `handle` answers every update before any handler of the house could."""
        with adding(handle):
            bot = await Bot.start(self.settings(**given), limits=limits)
        self.bots.append(bot)
        return bot

    def answer(self, bot: Bot, handle: Handle) -> None:
        """Have a bot that runs answer every update with a function of the test."""
        _add(bot.application, handle)

    async def stop(self) -> None:
        """Stop every bot that still runs."""
        while self.bots:
            await self.bots.pop().stop()

    def fault(self, kind: str, method: str = "*", **more: Any) -> None:
        """Order a fault."""
        self.world.add_fault(Fault(kind, method, **more))

    def rows(self, sql: str, **parameters: Any) -> list[Any]:
        """Look into the database, past the bot; before it is made there is nothing in it."""
        if not self.database.exists():
            return []
        connection = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)
        try:
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
        finally:
            connection.close()

    def value(self, sql: str, **parameters: Any) -> Any:
        """Look one value up, past the bot."""
        rows = self.rows(sql, **parameters)
        return rows[0][0] if rows else None

    def states(self) -> list[str]:
        """List the states of the inbox, in order."""
        return [state for (state,) in self.rows("SELECT state FROM inbox ORDER BY id")]

    def calls(self, method: str) -> list[Any]:
        """List the calls of a method that the sandbox saw, with what was given."""
        return [event for event in self.world.transcript if event.kind == "call" and event.name == method]

    def texts(self, account: Account) -> list[str]:
        """List what the bot wrote to somebody."""
        return [message.text for message in self.world.messages(account.id) if not message.outgoing]

    async def know(self, bot: Bot, account: Account, *roles: str) -> Person:
        """Have the bot know somebody, who has agreed and told their profile."""
        visitor = Visitor(bot.store.vault.index(str(account.id)), account.id, account.first_name, "", "en")
        person: Person = await bot.store.write(_enrol, visitor, roles or ("student",))
        # Telegram lets a bot write only to who wrote to it before.
        self.world.send_text(account.id, "/help")
        await until(lambda: self.texts(account))
        return person


def _enrol(tx: Tx, visitor: Visitor, roles: tuple[str, ...]) -> Person:
    person = people.enrol(tx, visitor)
    tx.run("people.set_state", id=person.id, state="ready")
    for role in roles:
        tx._engine.execute(
            "INSERT INTO roles (person_id, role, granted_ms) VALUES (:person, :role, :now)",
            {"person": person.id, "role": role, "now": tx.now_ms},
        )
    return person


def _add(application: Any, handle: Handle) -> None:
    async def answer(update: Update, context: Context) -> None:
        await handle(update, context)
        raise ApplicationHandlerStop

    application.add_handler(TypeHandler(Update, answer), group=-2)


@contextlib.contextmanager
def adding(handle: Handle | None) -> Any:
    """Have bots that start in this block answer every update with a function of the test."""
    from handlers import register

    original = register.register

    def with_ours(application: Any) -> None:
        original(application)
        if handle is not None:
            _add(application, handle)

    register.register = with_ours
    try:
        yield
    finally:
        register.register = original


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """Give a sandbox and a folder; stop whatever was started."""
    sandbox = Sandbox(with_page=False)
    await sandbox.start()
    rig = Rig(sandbox, tmp_path)
    yield rig
    await rig.stop()
    await sandbox.stop()


@pytest.fixture
def veritap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    terminal = Terminal(tmp_path, capsys)
    for name in bot_settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{terminal.database}")
    load = bot_settings.load
    monkeypatch.setattr(bot_settings, "load", lambda **given: load(env_file=None, **given))
    monkeypatch.setattr(logs, "set_up", lambda *_, **__: None)
    return terminal


@pytest.fixture
def with_project(veritap: Terminal) -> Terminal:
    """A command line on a database that holds a project with items, open."""
    veritap("project", "add", veritap.file("maths.toml", samples.PROJECT))
    veritap("items", "import", "maths", veritap.file("items.jsonl", "\n".join(samples.lines())))
    veritap("project", "open", "maths")
    return veritap
