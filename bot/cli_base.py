"""What all commands share: exit codes, the way trouble is told, and the door to the store."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

from actions import refusals
from actions.ports import Store
from bot import app, logs
from bot import settings as variables
from bot.errors import CannotRun
from bot.settings import BadSetting, Settings
from bot.verify import CannotVerify
from rules.project_file import ProjectTrouble
from storage import errors
from storage.database import look_at_file
from storage.vault import Vault

T = TypeVar("T")

GOOD = 0
WRONG = 1
"""What was looked at is not right: a file with mistakes, books that do not balance, a project that cannot open."""
MISUSE = 2
"""The command, a file's name or a setting must be another one."""
STORE = 3
"""The store is in trouble: locked, damaged, newer, full."""
INTERRUPTED = 130


class Halt(Exception):
    """A command ends here, with a sentence and an exit code."""

    def __init__(self, sentence: str, code: int = MISUSE) -> None:
        super().__init__(sentence)
        self.code = code


def load_settings() -> Settings:
    """Read the settings and have log lines written as they say."""
    settings = variables.load()
    if settings.database_path.is_dir():
        folder = shown(settings.database_path)
        raise Halt(f"DATABASE_URL names a folder, {folder}; name a file in it: sqlite:///{folder}/veritap.db")
    logs.set_up(settings.log_format, settings.token, level=logging.WARNING)
    return settings


def with_store(work: Callable[[Store], Awaitable[T]], *, make: bool = False) -> T:
    """Open the store, do something with it, and close it. `make`: a database that is not there yet is made."""
    settings = load_settings()
    if not make and not settings.database_path.exists():
        raise Halt(
            f"There is no database at {shown(settings.database_path)} yet. Start with: veritap invite admin"
        )

    if settings.database_path.exists():
        _refuse_unmigrated(settings)

    async def opened() -> T:
        async with app.open_store(settings) as store:
            return await work(store)

    return asyncio.run(opened())


def _refuse_unmigrated(settings: Settings) -> None:
    """Leave the schema to `migrate` and to the bot: another command must not change it under a running older one."""
    waiting = look_at_file(settings.database_path, Vault(settings.key()))
    if waiting:
        raise Halt(
            f"The database waits for {', '.join(waiting)}. Run: veritap migrate (the bot does it as well, when it starts).",
            STORE,
        )


def shown(path: Path) -> str:
    """Write a path as short as it can be understood."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def read_text(path: Path) -> str:
    """Read a text file in UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Halt(f"{path} is not UTF-8 text (byte {error.start}).", WRONG) from None


def say(text: str) -> None:
    """Write for the person at the terminal who watches; what a program may want to read goes to stdout."""
    sys.stderr.write(text + "\n")


def told(error: BaseException) -> tuple[str, int] | None:
    """Give the sentence and the exit code of an error that a person can do something about; None for a fault."""
    match error:
        case Halt() | CannotRun():
            return str(error), error.code
        case refusals.NotReadyToOpen() | refusals.NotChangeable():
            return str(error).strip(), WRONG
        case ProjectTrouble():
            return str(error), WRONG
        case refusals.Refusal() | BadSetting() | CannotVerify() | errors.WrongKey() | errors.BackupRefused():
            return str(error).strip(), MISUSE
        case errors.StoreTrouble():
            return str(error), STORE
        case OSError():
            return _file_trouble(error)
        case KeyboardInterrupt():
            return "Stopped.", INTERRUPTED
    return None


def _file_trouble(error: OSError) -> tuple[str, int]:
    reason = error.strerror or str(error)
    sentence = f"{error.filename}: {reason}." if error.filename else f"{reason}."
    return sentence, STORE if error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT) else MISUSE


def misuse(program: str, message: str) -> NoReturn:
    """Say what is wrong with a command line, in one line, and end."""
    say(f"{program}: {message}. Look at: {program} --help")
    raise SystemExit(MISUSE)
