"""The real processes: the sandbox, the bot on a fresh folder, and commands beside it. Each is started here and ended by its own id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from sandbox.server import DEFAULT_TOKEN

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
STOP_S = 20.0
COMMAND_S = 120.0
LOG_LINES_SHOWN = 30


class Failed(Exception):
    """A process did not start, or a command did not end well; the text holds what it said."""


def environment(folder: Path, url: str) -> dict[str, str]:
    """Give the variables for a bot that keeps its data in a folder and talks to a sandbox."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "TELEGRAM_BOT_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder}/veritap.db",
        "WEB_LISTEN": "127.0.0.1:0",
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    """Run a sandbox in a process of its own; give its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_S):
            line = (await process.stdout.readline()).decode().split()
        if not line or line[0] != "READY":
            raise Failed("the sandbox did not start")
        yield line[1]
    finally:
        await end(process)


@contextlib.asynccontextmanager
async def program(
    *arguments: str, folder: Path, variables: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a Python program in a process of its own, what it says kept in a file; Failed when it ends before its time."""
    log = folder / f"{arguments[-1].replace('/', '.')}.log"
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=variables, stdout=said, stderr=asyncio.subprocess.STDOUT
        )
        try:
            yield process
            if process.returncode is not None:
                raise Failed(f"{' '.join(arguments)} ended with {process.returncode}:\n{_end_of(log)}")
        finally:
            await end(process)


async def command(*arguments: str, variables: dict[str, str]) -> str:
    """Run one `veritap` command to its end and give what it printed; Failed when its exit code is not zero."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=ROOT,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(COMMAND_S):
            said, complained = await process.communicate()
    finally:
        await end(process)
    if process.returncode:
        text = (said + complained).decode(errors="replace")
        raise Failed(f"veritap {' '.join(arguments)} ended with {process.returncode}:\n{text}")
    return said.decode()


async def invite(role: str, *options: str, variables: dict[str, str]) -> str:
    """Have the command line make an invitation, and give the payload of its link."""
    said = await command("invite", role, *options, variables=variables)
    return said.strip().splitlines()[-1].rpartition("start=")[2]


async def end(process: asyncio.subprocess.Process) -> None:
    """End a process that was started here: politely, and by force when it does not listen."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:])
