"""Migrations: whole or not at all, forward only, recorded, with a backup first."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage import errors, migrate
from storage.database import prepare_file
from storage.migrate import Migration
from storage.vault import Vault
from tests.storage.conftest import KEY, START_MS


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    return found


def test_a_fresh_file_gets_every_migration_and_a_second_start_none(path: Path) -> None:
    applied = prepare_file(path, START_MS, Vault(KEY))
    assert applied == [f"{known.number:04d}_{known.name}" for known in migrate.known("sqlite")]
    assert prepare_file(path, START_MS, Vault(KEY)) == []
    assert not (path.parent / "backups").exists()


def test_an_existing_file_is_backed_up_before_it_is_changed(
    migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = migrate.known("sqlite")[-1].number
    more = [*migrate.known("sqlite"), Migration(newest + 1, "more", "CREATE TABLE more (a BIGINT);")]
    monkeypatch.setattr(migrate, "known", lambda engine: more)
    assert prepare_file(migrated, START_MS, Vault(KEY)) == [f"{newest + 1:04d}_more"]
    (backup,) = (migrated.parent / "backups").glob("*.db")
    assert "more" in tables(migrated)
    assert "more" not in tables(backup)
    assert "assignments" in tables(backup)


@pytest.mark.parametrize("good", [0, 1, 2, 3])
def test_a_migration_that_breaks_halfway_leaves_nothing(path: Path, good: int) -> None:
    statements = [f"CREATE TABLE t{number} (a BIGINT);" for number in range(good)]
    broken = Migration(1, "broken", "\n".join([*statements, "CREATE NONSENSE;"]))
    connection = sqlite3.connect(path, isolation_level=None)
    assert migrate.pending(connection, [broken]) == [broken]
    with pytest.raises(sqlite3.OperationalError):
        migrate.apply(connection, broken, START_MS)
    assert not connection.in_transaction
    connection.close()
    assert tables(path) == {"migrations"}


def test_a_newer_database_is_refused_and_left_alone(migrated: Path) -> None:
    connection = sqlite3.connect(migrated, isolation_level=None)
    connection.execute("INSERT INTO migrations VALUES (9999, 'tomorrow', 'x', 1)")
    connection.close()
    with pytest.raises(errors.StoreNewer, match="newer Veritap"):
        prepare_file(migrated, START_MS, Vault(KEY))


def test_an_edited_migration_is_refused(migrated: Path) -> None:
    connection = sqlite3.connect(migrated, isolation_level=None)
    connection.execute("UPDATE migrations SET digest = 'another' WHERE number = 1")
    connection.close()
    with pytest.raises(errors.StoreChanged, match="only go forward"):
        prepare_file(migrated, START_MS, Vault(KEY))


def test_a_script_is_cut_into_statements_and_a_trigger_stays_whole() -> None:
    script = """-- A comment; with a semicolon.
CREATE TABLE a (x TEXT DEFAULT ';');
CREATE TRIGGER t BEFORE DELETE ON a
BEGIN SELECT 1; SELECT RAISE(ABORT, 'no; never'); END;
"""
    assert len(migrate.statements(script)) == 2
    with pytest.raises(ValueError, match="not ended by a semicolon"):
        migrate.statements("CREATE TABLE b (y TEXT)")


def test_both_engines_have_the_same_migrations() -> None:
    def steps(engine: str) -> list[tuple[int, str]]:
        return [(known.number, known.name) for known in migrate.known(engine)]

    assert steps("sqlite") == steps("postgres")
    assert [number for number, _ in steps("sqlite")] == list(range(1, len(steps("sqlite")) + 1))
