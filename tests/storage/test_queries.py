"""Every named query, prepared against the schema; and the schema itself, held to a committed picture of it.

python -m tests.storage.test_queries        writes the picture anew, after a migration was added
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from pathlib import Path

import pytest

from storage import queries
from storage.database import prepare_file

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "storage" / "schema.sqlite.snapshot"
HEADER = """\
-- The schema as the migrations make it, for reading and for noticing changes; nothing loads it.
-- Written by: python -m tests.storage.test_queries
"""


def schema(path: Path) -> str:
    """Write down every table, index and trigger of a database."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name"
    ).fetchall()
    connection.close()
    return HEADER + "".join(f"\n{sql};\n" for (sql,) in rows)


@pytest.mark.parametrize("name", sorted(queries.load("sqlite")))
def test_a_query_can_be_prepared_with_its_parameters(name: str, migrated: Path) -> None:
    sql = queries.load("sqlite")[name]
    connection = sqlite3.connect(migrated)
    # EXPLAIN prepares the statement without running it.
    connection.execute(f"EXPLAIN {sql}", dict.fromkeys(queries.parameters(sql)))
    connection.close()


def test_a_query_that_does_not_fit_the_schema_is_noticed(migrated: Path) -> None:
    connection = sqlite3.connect(migrated)
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        connection.execute("EXPLAIN SELECT colour FROM people WHERE id = :id", {"id": None})
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("EXPLAIN SELECT id FROM people WHERE id = :id", {})
    connection.close()


def test_every_query_has_its_call_and_every_call_its_query() -> None:
    """A name that no code holds is dead SQL; a name that no file holds is a fault that waits for its day."""
    folders = ("actions", "storage", "bot", "handlers")
    code = "\n".join(
        path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py")
    )
    nouns = {name.partition(".")[0] for name in queries.load("sqlite")}
    quoted = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', code))
    called = {name for name in quoted if name.partition(".")[0] in nouns}
    known = set(queries.load("sqlite"))
    assert called - known == set(), "queries that are called and nowhere written"
    assert known - called == set(), "queries that nothing calls"


def test_the_schema_is_the_one_in_its_picture(migrated: Path) -> None:
    assert schema(migrated) == SNAPSHOT.read_text(encoding="utf-8"), (
        "The schema has changed; if you meant it: python -m tests.storage.test_queries"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "veritap.db"
        prepare_file(fresh, 0, None)
        SNAPSHOT.write_text(schema(fresh), encoding="utf-8")
