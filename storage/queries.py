"""The named queries: every `storage/*.sql` file, read once by aiosql. A query is called by `file.name`."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

import aiosql

HERE = Path(__file__).parent
_PARAMETER = re.compile(r"(?<!:):([a-z][a-z0-9_]*)")


@functools.cache
def load(engine: str = "sqlite") -> Mapping[str, str]:
    """Read all queries for one engine: `file.name` to SQL. A `name.<engine>.sql` file adds to `name.sql`."""
    found: dict[str, str] = {}
    for path in sorted(HERE.glob("*.sql")):
        noun, _, only = path.stem.partition(".")
        if only in ("", engine):
            found.update(_read(noun, path))
    return found


def _read(noun: str, path: Path) -> dict[str, str]:
    # The "sqlite3" adapter leaves :named parameters as they are written.
    parsed = aiosql.from_path(path, "sqlite3", mandatory_parameters=False)
    names = [name for name in parsed.available_queries if not name.endswith("_cursor")]
    return {f"{noun}.{name}": getattr(parsed, name).sql.strip().rstrip(";") for name in names}


def parameters(sql: str) -> frozenset[str]:
    """Name the parameters of a query."""
    without_text = re.sub(r"'[^']*'|--[^\n]*", "", sql)
    return frozenset(_PARAMETER.findall(without_text))
