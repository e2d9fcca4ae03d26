"""`veritap run`, `demo`, `check` and `invite`: starting the bot, looking it over, and letting people in."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import datetime
import shutil
from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, TelegramError

from actions import invitations, marks, projects
from actions.ports import Store, Tx
from bot import app
from bot.cli_base import GOOD, WRONG, Halt, load_settings, shown, told, with_store
from bot.settings import Settings
from bot.transport import TelegramApi, Wire
from rules.credit import DAY_MS
from rules.health import DISK_FREE_MIN_BYTES
from storage.database import look_at_file
from storage.vault import Vault

UNSET = (
    "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather and write it into .env, "
    "or look around first with: veritap demo"
)

NAMELESS = (
    "The link needs the bot's name, which is not known yet. Set TELEGRAM_BOT_TOKEN in .env and try again."
)


def run(arguments: argparse.Namespace) -> int:
    """`run`: the bot, until it is told to stop."""
    settings = load_settings()
    if not settings.token:
        raise Halt(UNSET)
    asyncio.run(app.run(settings))
    return GOOD


def demo(arguments: argparse.Namespace) -> int:
    """`demo`: the bot with a chat page of its own."""
    # Nobody but the demo needs the sandbox, so nobody else loads it.
    from bot.demo import start

    if (arguments.project is None) != (arguments.items is None):
        raise Halt("--project and --items belong together: a project file, and a file with its items.")
    options = start.Options(
        project=arguments.project,
        items=arguments.items,
        port=arguments.port,
        with_browser=not arguments.no_browser,
        keep=arguments.keep,
    )
    asyncio.run(start.run(options, lambda text: print(text, flush=True)))
    return GOOD


def check(arguments: argparse.Namespace) -> int:
    """`check`: settings, key, disk, database and Telegram, a line each."""
    settings = load_settings()
    print("good   settings")
    steps: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("disk", _check_disk),
        ("database", _check_database),
        ("telegram", _check_telegram),
    ]
    codes = [_step(name, look, settings) for name, look in steps]
    return max(codes, default=GOOD)


def _step(name: str, look: Callable[[Settings], Awaitable[str]], settings: Settings) -> int:
    try:
        print(f"good   {name}: {asyncio.run(_awaited(look(settings)))}")
    except Exception as error:
        trouble = told(error)
        if trouble is None:
            raise
        print(f"WRONG  {name}: {trouble[0]}")
        return trouble[1]
    return GOOD


async def _awaited(work: Awaitable[str]) -> str:
    return await work


async def _check_disk(settings: Settings) -> str:
    folder = settings.database_path.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < DISK_FREE_MIN_BYTES:
        raise Halt(f"only {free / 1_000_000:,.0f} MB are free in {shown(folder)}.", WRONG)
    return f"{free / 1_000_000_000:,.1f} GB free in {shown(folder)}"


async def _check_database(settings: Settings) -> str:
    path = settings.database_path
    if not path.exists() or not path.stat().st_size:
        return f"none yet; it will be made at {shown(path)}"
    waiting = await asyncio.to_thread(look_at_file, path, Vault(settings.key()))
    rest = f", to be brought up to date at the next start ({', '.join(waiting)})" if waiting else ""
    return f"{shown(path)}, {path.stat().st_size / 1_000_000:,.1f} MB; the key fits{rest}"


async def _check_telegram(settings: Settings) -> str:
    if not settings.token:
        return "no token, so there is only the demo"
    return f"@{await _ask_username(settings)} at {settings.telegram_api_url}"


def invite(arguments: argparse.Namespace) -> int:
    """`invite ROLE`: make an invitation; the last line on stdout is its link."""
    settings = load_settings()
    if not settings.token and not settings.database_path.exists():
        # Without a token a new database would be made for nothing.
        raise Halt(NAMELESS)

    async def work(store: Store) -> _Invitation:
        # The name comes first: an invitation whose link cannot be told would be of no use.
        username = await _username(store, settings)
        return await store.write(
            _invite, username, arguments.role, arguments.project, arguments.uses, arguments.days
        )

    made = with_store(work, make=True)
    print(made.words)
    print(made.link)
    return GOOD


@dataclasses.dataclass(frozen=True, slots=True)
class _Invitation:
    words: str
    link: str


def _invite(tx: Tx, username: str, role: str, slug: str | None, uses: int, days: float | None) -> _Invitation:
    project = projects.by_slug(tx, slug) if slug is not None else None
    lasts_ms = invitations.life_ms(role) if days is None else round(days * DAY_MS)
    token = invitations.create(
        tx, role=role, project_id=project.id if project else None, uses=uses, lasts_ms=lasts_ms
    )
    until = datetime.datetime.fromtimestamp((tx.now_ms + lasts_ms) / 1000, datetime.UTC)
    whom = f"{uses:,} students" if uses > 1 else {"admin": "an admin"}.get(role, f"a {role}")
    to_what = f", to {project.title}" if project else ""
    words = f"Invitation for {whom}{to_what}, until {until:%Y-%m-%d %H:%M} UTC. It is shown only now."
    return _Invitation(words, invitations.link(username, token))


async def _username(store: Store, settings: Settings) -> str:
    """Tell what the bot is called: as it noted itself, or as Telegram says."""
    noted = await store.read(marks.get, invitations.BOT_USERNAME)
    if noted:
        return noted
    if not settings.token:
        raise Halt(NAMELESS)
    return await _ask_username(settings)


async def _ask_username(settings: Settings) -> str:
    wire = Wire(settings.telegram_api_url, settings.token)
    await wire.open()
    try:
        return str((await TelegramApi(wire).attempt("getMe"))["username"])
    except InvalidToken:
        raise Halt("Telegram does not accept TELEGRAM_BOT_TOKEN. Copy it from @BotFather again.") from None
    except TelegramError as error:
        raise Halt(f"Telegram cannot be reached at {settings.telegram_api_url}: {error}.", WRONG) from None
    finally:
        await wire.close()
