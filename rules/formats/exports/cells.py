"""Cells of a CSV file: values as text, made harmless for spreadsheets in a way that can be undone. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import Any

_FORMULA = re.compile(r"\A'*[=+\-@\t\r]")
"""What a spreadsheet would run or swallow, and what looks like a guarded cell already."""

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
OURS = frozenset({"id", "project", "judgments", "settled", "confidence"})
"""Columns that tell a table of labels, whose cells are guarded, from anybody else's table."""


def guarded(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would take for a formula; `bare` gives it back as it was."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare(cell: str) -> str:
    """Give back what `guarded` got."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def cell(value: Any) -> str:
    """Write a value as a cell: nothing as nothing, truth as true or false, lists and objects as JSON. Numbers need no guard."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return guarded(value if isinstance(value, str) else dumps(value))


def dumps(value: Any) -> str:
    """Write JSON in one way only, so that the same export is the same bytes."""
    return _JSON.encode(value)


def line(cells: Iterable[str]) -> str:
    """Write one row of a CSV file (RFC 4180)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()
