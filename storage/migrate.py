"""Forward-only migrations: numbered `.sql` files, each applied in one transaction together with its record.

`NNNN_name.sql` runs on every engine; `NNNN_name.sqlite.sql` and its twin `NNNN_name.postgres.sql` on one.
Placeholders: `{id}` and `{clustered}`. No data is changed here by Python.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
from pathlib import Path

from storage.errors import StoreChanged, StoreForeign, StoreNewer

HERE = Path(__file__).parent / "migrations"
PLACEHOLDERS = {
    "sqlite": {"{id}": "INTEGER PRIMARY KEY AUTOINCREMENT", "{clustered}": "WITHOUT ROWID"},
    "postgres": {"{id}": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "{clustered}": ""},
}
_RECORD = """
CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, applied_ms BIGINT NOT NULL,
    CONSTRAINT migrations_pk PRIMARY KEY (number)
)"""


@dataclasses.dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema, for one engine."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """Fingerprint the text, so that an edit after the fact is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def known(engine: str = "sqlite", folder: Path = HERE) -> list[Migration]:
    """List the migrations for an engine, in order."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        stem, _, only = path.stem.partition(".")
        if only in ("", engine):
            number, _, name = stem.partition("_")
            sql = path.read_text(encoding="utf-8")
            for placeholder, words in PLACEHOLDERS[engine].items():
                sql = sql.replace(placeholder, words)
            found.append(Migration(int(number), name, sql))
    return found


def pending(connection: sqlite3.Connection, migrations: list[Migration]) -> list[Migration]:
    """Tell which migrations are still to be applied. Raise StoreNewer or StoreChanged if the record differs."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and "migrations" not in tables:
        raise StoreForeign(f"It holds {', '.join(sorted(tables)[:3])}.")
    connection.execute(_RECORD)
    applied = dict(connection.execute("SELECT number, digest FROM migrations ORDER BY number").fetchall())
    by_number = {migration.number: migration for migration in migrations}
    for number, digest in applied.items():
        if number not in by_number:
            raise StoreNewer(f"It holds migration {number}; this program knows {max(by_number)}.")
        if by_number[number].digest != digest:
            raise StoreChanged(f"It is number {number}, {by_number[number].name}.")
    return [migration for migration in migrations if migration.number not in applied]


def apply(connection: sqlite3.Connection, migration: Migration, now_ms: int) -> None:
    """Apply one migration and record it, in one transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(migration.sql):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO migrations (number, name, digest, applied_ms) VALUES (?, ?, ?, ?)",
            (migration.number, migration.name, migration.digest, now_ms),
        )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def statements(sql: str) -> list[str]:
    """Cut a script into its statements; a trigger with its inner semicolons stays whole."""
    # executescript() would commit silently before it starts, so a failing script would leave half of itself
    # behind.
    found, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    if any(line.strip() and not line.strip().startswith("--") for line in current.splitlines()):
        raise ValueError(f"a statement is not ended by a semicolon: {current.strip()[:80]}")
    return found
