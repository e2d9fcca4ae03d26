"""Reading a table that a bank, PayPal or Wise made: its encoding, its delimiter, its header and numbered rows. Nothing is
guessed in silence."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterable, Sequence

from rules.formats.exports import cells

ROWS_MAX = 20_000
CELL_CHARACTERS_MAX = 100_000
DELIMITERS = (",", ";", "\t")
HEADER_AMONG = 10
"""Some reports begin with lines about themselves; so many are looked through for the header."""


class BadTable(ValueError):
    """This file cannot be read. `why`: empty, encoding, spreadsheet, table, columns, rows; `looked_for`: names of columns."""

    def __init__(self, why: str, line: int = 0, looked_for: Sequence[str] = ()) -> None:
        self.why = why
        self.line = line
        self.looked_for = tuple(looked_for)
        super().__init__(f"{why} in line {line}")


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, each with the number of its line. `columns`: the place of each column that was looked for."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    columns: dict[str, int]
    delimiter: str

    def cell(self, row: list[str], column: str) -> str:
        """Give the cell of a column; empty when the table has no such column or the row is short."""
        place = self.columns.get(column)
        return cells.bare(row[place].strip()) if place is not None and place < len(row) else ""


def decode(data: bytes) -> str:
    """Decode a file: UTF-8, or UTF-16 that says so. Raise BadTable with the line of the first byte that is neither."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadTable("spreadsheet")
    if not data.strip():
        raise BadTable("empty")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable("encoding", data[: error.start].count(b"\n") + 1) from None
    if "\x00" in text:
        raise BadTable("encoding", text[: text.index("\x00")].count("\n") + 1)
    return text


def folded(name: str) -> str:
    """Fold a column's name, so that "Payment reference" and "paymentReference" are the same."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def read(text: str, known: dict[str, Iterable[str]], required: Sequence[str]) -> Table:
    """Read a table in which columns are known by several names. `required`: without these it is no such table.

    Raises BadTable that names what was looked for.
    """
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter)
        for place, (_line, row) in enumerate(rows[:HEADER_AMONG]):
            columns = _columns(row, known)
            if all(name in columns for name in required):
                return Table(row, rows[place + 1 :], columns, delimiter)
    raise BadTable("columns", 1, [next(iter(known[name])) for name in required])


def _columns(header: list[str], known: dict[str, Iterable[str]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(folded(name), place)
    found = {}
    for column, names in known.items():
        # The first name that the table has, in our order: a report may have both an id of its own and ours.
        first = next((places[folded(name)] for name in names if folded(name) in places), None)
        if first is not None:
            found[column] = first
    return found


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if any(len(cell) > CELL_CHARACTERS_MAX for cell in row):
                raise BadTable("table", line)
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            if len(rows) > ROWS_MAX:
                raise BadTable("rows", line)
            line = reader.line_num + 1
    except csv.Error:
        raise BadTable("table", line) from None
    return rows
