"""A file that belongs to another program, and a schema that only `migrate` and the bot may change."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage import errors
from storage.database import prepare_file
from storage.vault import Vault, new_key


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(errors.StoreForeign, match="songs"):
        prepare_file(path, 0, Vault(new_key()))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
