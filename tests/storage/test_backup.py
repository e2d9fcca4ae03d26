"""Backups of a live store: consistent under load, never over an existing file, whole or not there."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from storage import errors
from storage.database import Database, open_sqlite
from storage.tx import Tx
from storage.vault import Vault
from tests.storage.conftest import KEY, get, names, put, sources


def put_pair(tx: Tx, number: int) -> None:
    put(tx, f"left {number}")
    put(tx, f"right {number}")


async def test_a_backup_under_load_holds_whole_writes_and_opens(store: Database, tmp_path: Path) -> None:
    is_ending = False

    async def write_on(start: int) -> int:
        number = start
        while not is_ending:
            await store.write(put_pair, number)
            number += 8
        return number

    writers = [asyncio.create_task(write_on(start)) for start in range(8)]
    await asyncio.sleep(0.05)
    for round_ in range(5):
        target = tmp_path / "copies" / f"{round_}.db"
        before = names(store.path)
        await store.backup(target)
        found = names(target)
        assert before <= found
        lefts = {name.removeprefix("left ") for name in found if name.startswith("left ")}
        assert lefts == {name.removeprefix("right ") for name in found if name.startswith("right ")}
        assert sqlite3.connect(target).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    is_ending = True
    await asyncio.gather(*writers)
    copy = await open_sqlite(tmp_path / "copies" / "0.db", sources(), Vault(KEY))
    assert await copy.read(get, "left 0") == "v"
    await copy.close()


async def test_a_backup_never_overwrites(store: Database, tmp_path: Path) -> None:
    target = tmp_path / "mine.db"
    target.write_text("precious")
    with pytest.raises(errors.BackupRefused, match="never overwrites"):
        await store.backup(target)
    assert target.read_text() == "precious"


async def test_a_backup_that_fails_leaves_no_half_of_it(store: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.BackupRefused):
        await store.backup(tmp_path / "file" / "copy.db")
    assert not list(tmp_path.glob("**/*.part"))
