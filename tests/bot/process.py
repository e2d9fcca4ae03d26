"""A bot as a process of its own, for the tests that kill it: `python -m tests.bot.process [crash points]`.

It is the real bot with one handler added: a message "count N" is written into the audit, where nothing hides a
second line for the same update. Settings come from the environment, as for everybody.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from telegram import Update

from actions import deliveries, people
from actions.people import Visitor
from actions.ports import Tx
from bot import app, settings
from handlers.context import Context
from tests.bot.conftest import SHORT, Rig, adding

DIES_AFTER_S = 0.15
ROOT = Path(__file__).resolve().parents[2]


def note(tx: Tx, visitor: Visitor, text: str) -> None:
    """Write down that a message had its effect, and have a notice of it sent."""
    person = people.enrol(tx, visitor)
    people.audit(tx, "test", "counted", text)
    deliveries.enqueue(
        tx, person_id=person.id, key=f"note:{text}", notice={"kind": "text", "text": f"noted {text}"}
    )


async def count(update: Update, context: Context) -> None:
    """Have a message's effect; one that says "die" ends the process in the middle of it, and takes slow ones along."""
    said = context.said
    if said == "die":
        await asyncio.sleep(DIES_AFTER_S)
        os._exit(9)
    if said.startswith("count slowly "):
        await asyncio.sleep(2 * DIES_AFTER_S)
    if said.startswith("count "):
        await context.write(note, context.visitor, said)


def main() -> None:
    """Run until told to stop."""
    with adding(count):
        asyncio.run(_run())


async def _run() -> None:
    if os.environ.get("TEST_LOG_LEVEL") == "debug":
        asyncio.get_running_loop().call_later(0.2, logging.getLogger().setLevel, logging.DEBUG)
        for name in ("telegram", "aiohttp", "aiosqlite", "apscheduler", "asyncio"):
            asyncio.get_running_loop().call_later(0.2, logging.getLogger(name).setLevel, logging.DEBUG)
    # Short pauses between tries, but the real patience of the watchdog.
    await app.run(settings.load(None), dataclasses.replace(SHORT, watch=app.Limits().watch))


class Process:
    """A bot process under test; its log is kept."""

    def __init__(self, rig: Rig, **variables: str) -> None:
        self._rig = rig
        self._variables = variables
        self.log = ""

    async def start(self) -> None:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bot.process",
            cwd=ROOT,
            env=os.environ
            | {
                "TELEGRAM_BOT_TOKEN": self._rig.sandbox.token,
                "TELEGRAM_API_URL": self._rig.sandbox.url,
                "DATABASE_URL": f"sqlite:///{self._rig.database}",
                "WEB_LISTEN": "127.0.0.1:0",
            }
            | self._variables,
            stderr=subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.log += line.decode()

    async def end(self, signal_number: int | None = None) -> int:
        """Send a signal, if any, and wait for the end. Return the exit code."""
        if signal_number is not None and self._process.returncode is None:
            self._process.send_signal(signal_number)
        code = await asyncio.wait_for(self._process.wait(), 30)
        await self._reader
        return code


@contextlib.asynccontextmanager
async def running(rig: Rig, **variables: str) -> AsyncIterator[Process]:
    """Run a bot process; it is killed at the end if it still lives."""
    process = Process(rig, **variables)
    await process.start()
    try:
        yield process
    finally:
        await process.end(9)


if __name__ == "__main__":
    main()
