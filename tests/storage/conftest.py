"""A store on a fresh file, and a scratch table in it for what no table of the house shows as plainly."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database, open_sqlite, prepare_file
from storage.tx import Sources, Tx
from storage.vault import Vault, new_key

KEY = new_key()
START_MS = 1_700_000_000_000


def sources() -> Sources:
    """Give a clock that stands still, no chance, and ids in a row."""
    ids = itertools.count(1)
    return Sources(lambda: START_MS, lambda: 0.5, lambda: f"id{next(ids):020d}")


def put(tx: Tx, name: str, value: str = "v") -> str:
    """Write one setting and give its name back."""
    tx.run("marks.put", name=name, value=value)
    return name


def get(tx: Tx, name: str) -> str | None:
    """Read one setting."""
    value = tx.value("marks.get", name=name)
    return None if value is None else str(value)


def names(path: Path) -> set[str]:
    """List the settings on disk, past the store."""
    connection = sqlite3.connect(path)
    found = {name for (name,) in connection.execute("SELECT name FROM settings WHERE name <> 'key_check'")}
    connection.close()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file that is not there yet."""
    return tmp_path / "veritap.db"


@pytest.fixture
def migrated(path: Path) -> Path:
    """Give a migrated file."""
    prepare_file(path, START_MS, Vault(KEY))
    return path


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Database]:
    """Give an open store."""
    opened = await open_sqlite(path, sources(), Vault(KEY))
    yield opened
    await opened.close()
