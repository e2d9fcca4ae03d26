"""Starts the demo: the sandbox with its chat page and the real bot, in one process, over real HTTP on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import random
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from actions import invitations, marks, menus
from actions.ports import Sources, Tx
from actions.projects import Project
from bot import settings as variables
from bot import sources
from bot.app import Bot, open_store
from bot.cli_base import Halt, shown
from bot.demo import seed
from bot.demo.people import BEN, TO_BE
from bot.instance import FileLock
from bot.menus import told_names
from bot.settings import FOLDER, Settings
from sandbox.server import Sandbox
from sandbox.world import World

DATA = FOLDER / "data" / "demo"
DATABASE = "veritap.db"
PORT = 8088
"""Tried first, so that the page has the same address each time."""
ANSWER_LIMIT_S = 20.0
BEN_USES = 25


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How the demo is started. `port` None: the usual one, or any when that is taken."""

    project: Path | None = None
    items: Path | None = None
    port: int | None = None
    with_browser: bool = True
    keep: bool = False
    folder: Path = DATA

    @property
    def files(self) -> seed.Files | None:
        """Somebody's own project and items, if both are given."""
        return (self.project, self.items) if self.project and self.items else None


@dataclasses.dataclass(slots=True)
class Demo:
    """A demo at work."""

    sandbox: Sandbox
    bot: Bot


async def run(options: Options, tell: Callable[[str], None]) -> None:
    """Run the demo until it is told to stop. Raises Halt, and what starting a bot and reading its files raises."""
    stopped = _stop_signal()
    async with started(options) as demo:
        tell(welcome(demo.sandbox.url, options.folder))
        if options.with_browser and _has_screen():
            # A browser may take its time to come up, and nobody is to wait for it.
            await asyncio.to_thread(webbrowser.open, demo.sandbox.url)
        await asyncio.wait((stopped, demo.bot.failed), return_when=asyncio.FIRST_COMPLETED)
        if demo.bot.failed.done():
            raise demo.bot.failed.result()


@contextlib.asynccontextmanager
async def started(options: Options) -> AsyncIterator[Demo]:
    """Start everything; everything is stopped at the end of the block."""
    sandbox = Sandbox()
    await _listen(sandbox, options.port)
    try:
        settings = _settings(sandbox, options.folder)
        await _fill(settings, options)
        token = await _invite(settings)
        for somebody in TO_BE:
            sandbox.world.add_person(
                somebody.name,
                id=somebody.telegram_id,
                username=somebody.username or None,
                language_code=somebody.language_code,
                label=somebody.label,
                start_payload=token if somebody is BEN else "",
            )
        bot = await Bot.start(settings, _sources())
        try:
            await _greet(sandbox.world)
            yield Demo(sandbox, bot)
        finally:
            await bot.stop()
    finally:
        await sandbox.stop()


def welcome(url: str, folder: Path) -> str:
    """Say where the demo is and whom to be."""
    lines = [f"The demo is at {url}", ""]
    width = max(len(somebody.label) for somebody in TO_BE)
    lines += [f"  {somebody.name:<5} {somebody.label:<{width}}  {somebody.hint}" for somebody in TO_BE]
    database = shown(folder / DATABASE)
    lines += ["", f"Its data is in {shown(folder)} and starts fresh each time (--keep goes on with it)."]
    lines += [f"Commands reach it with DATABASE_URL=sqlite:///{database}", "Stop with Ctrl-C."]
    return "\n".join(lines)


async def _listen(sandbox: Sandbox, port: int | None) -> None:
    try:
        await sandbox.start(PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise Halt(f"Port {port} cannot be used: {error.strerror}. Take another: --port N") from None
        await sandbox.start(0)


def _settings(sandbox: Sandbox, folder: Path) -> Settings:
    """Give the demo's settings: nothing of a real bot's `.env` reaches it."""
    return variables.load(
        env_file=None,
        telegram_bot_token=sandbox.token,
        telegram_api_url=sandbox.url,
        database_url=f"sqlite:///{folder / DATABASE}",
        webhook_url="",
        web_listen="127.0.0.1:0",
    )


def _sources() -> Sources:
    """Give a real clock and real ids, but the same chance at each start: every newcomer meets the same first task."""
    chance = random.Random(seed.CHANCE)  # noqa: S311 - it decides only what comes next in a demo
    return dataclasses.replace(sources.real(), draw=chance.random)


async def _fill(settings: Settings, options: Options) -> None:
    """Seed a fresh database, or go on with the last one."""
    path = settings.database_path
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    lock.acquire("the demo, starting")
    try:
        if options.keep and path.exists():
            if options.files:
                raise Halt("--keep goes on with the last demo, so it takes no --project and --items.")
            return
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        settings.key_path.unlink(missing_ok=True)
        await seed.seed(settings, sources.now_ms(), options.files)
    except BaseException:
        # Half a demo must not be kept for the next start.
        if not options.keep:
            path.unlink(missing_ok=True)
        raise
    finally:
        lock.release()


async def _invite(settings: Settings) -> str:
    """Make the invitation that waits for the new student; give its token."""
    async with open_store(settings) as store:
        await store.write(_forget_what_was_told)
        return await store.write(_invite_to_first)


def _forget_what_was_told(tx: Tx) -> None:
    """Forget what the last demo's Telegram was told of menus and descriptions: this one starts empty."""
    for name in told_names():
        marks.drop(tx, name)
    for menu in menus.wanted(tx):
        menus.note(tx, menu.person_id, "")


def _invite_to_first(tx: Tx) -> str:
    first = tx.one("projects.by_id", Project, id=1)
    return invitations.create(tx, role="student", project_id=first.id if first else None, uses=BEN_USES)


async def _greet(world: World) -> None:
    """Let those who are known already say /start, so that each chat begins with the bot's greeting."""
    known = [somebody.telegram_id for somebody in TO_BE if somebody is not BEN]
    for telegram_id in known:
        world.send_text(telegram_id, "/start")
    await world.wait_for(lambda: all(_was_answered(world, one) for one in known), ANSWER_LIMIT_S)


def _was_answered(world: World, telegram_id: int) -> bool:
    return any(not message.outgoing for message in world.messages(telegram_id))


def _has_screen() -> bool:
    # Without a screen `webbrowser` may start a browser in the terminal, over what was just said.
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _stop_signal() -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[None] = loop.create_future()

    def hear() -> None:
        if not stopped.done():
            stopped.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        # Where signals cannot be heard like this (Windows), Ctrl-C cancels the whole run instead.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, hear)
    return stopped
