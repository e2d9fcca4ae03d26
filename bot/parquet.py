"""Parquet files, through pyarrow: an extra that is looked for only when somebody asks for such a file."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from bot.cli_base import Halt
from rules.formats.exports.judged import Column

ROWS_A_GROUP = 5_000
"""Kept in memory until they are written together."""
MISSING = (
    "Parquet files need pyarrow, which is not installed. Add it with: pip --python .venv/bin/python install pyarrow "
    "(or take the CSV or JSONL format)."
)


class Writer:
    """A Parquet file under way; the same rows give the same bytes with the same pyarrow."""

    def __init__(self, path: Path, columns: list[Column]) -> None:
        try:
            self._arrow: Any = importlib.import_module("pyarrow")
            parquet: Any = importlib.import_module("pyarrow.parquet")
        except ImportError:
            raise Halt(MISSING) from None
        self._schema = self._arrow.schema([(column.name, self._type(column)) for column in columns])
        self._file = parquet.ParquetWriter(str(path), self._schema)
        self._rows: list[dict[str, Any]] = []

    def _type(self, column: Column) -> Any:
        arrow = self._arrow
        kinds = {"int": arrow.int64(), "float": arrow.float64(), "bool": arrow.bool_()}
        lists = {"texts": arrow.list_(arrow.string()), "bools": arrow.list_(arrow.bool_())}
        return (kinds | lists).get(column.type, arrow.string())

    def add(self, record: dict[str, Any]) -> None:
        """Add one row."""
        self._rows.append(record)
        if len(self._rows) >= ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def close(self) -> None:
        """Write what is left and end the file."""
        self._flush()
        self._file.close()
