"""A process that is killed: every write that was acknowledged is in the file, and half of a write never is."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from storage.database import prepare_file
from storage.vault import Vault
from tests.storage.conftest import KEY, START_MS

ACKNOWLEDGED_BEFORE_THE_KILL = 500

WRITER = """
import asyncio, sys
from pathlib import Path
from storage.database import open_sqlite
from storage.vault import Vault
from tests.storage.conftest import put, sources

def pair(tx, number):
    put(tx, f"left {number}")
    put(tx, f"right {number}")
    return number

async def write_for_ever(store, start):
    for number in range(start, 10**9, 32):
        done = await store.write(pair, number)
        print(done, flush=True)

async def main(path, key):
    store = await open_sqlite(Path(path), sources(), Vault(key))
    await asyncio.gather(*(write_for_ever(store, start) for start in range(32)))

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_kill_loses_no_acknowledged_write_and_keeps_no_half(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(ACKNOWLEDGED_BEFORE_THE_KILL)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    prepare_file(path, START_MS, Vault(KEY))
    connection = sqlite3.connect(path)
    found = {name for (name,) in connection.execute("SELECT name FROM settings")}
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert len(acknowledged) >= ACKNOWLEDGED_BEFORE_THE_KILL
    assert {f"left {number}" for number in acknowledged} <= found
    left = {name.removeprefix("left ") for name in found if name.startswith("left ")}
    right = {name.removeprefix("right ") for name in found if name.startswith("right ")}
    assert left == right


def test_the_test_above_would_notice_a_store_that_answers_before_its_commit(path: Path) -> None:
    """The same kill, with a store that tells its callers too early: some of what it promised is gone."""
    early = WRITER.replace(
        "async def main(path, key):",
        "from storage.database import Database\n"
        "async def write(self, action, *args):\n"
        "    asyncio.get_running_loop().create_task(keep(self, action, *args))\n"
        "    await asyncio.sleep(0)\n"
        "    return args[0]\n"
        "keep = Database.write\n"
        "Database.write = write\n"
        "async def main(path, key):",
    )
    command = [sys.executable, "-c", early, str(path), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(ACKNOWLEDGED_BEFORE_THE_KILL)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    connection = sqlite3.connect(path)
    found = {name for (name,) in connection.execute("SELECT name FROM settings")}
    connection.close()
    assert not {f"left {number}" for number in acknowledged} <= found
