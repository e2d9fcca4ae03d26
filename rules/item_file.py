"""An items file: rows in, good items and sentences on the bad rows out, whether the rows are in our words or in another tool's.

It goes one row at a time, so that size is no matter. What a field must be follows from the project's file; how a file is cut into rows is
in `item_lines`, what a row must hold in `item_checks`, and what other tools write in `formats.imports`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules import item_checks, item_lines
from rules.formats import imports
from rules.formats.exports import cells
from rules.formats.imports import Shape
from rules.item_checks import FINGERPRINT, Item, Refused
from rules.item_lines import BadLine, Read, lines_from, lines_of, shape_of
from rules.parts import RESERVED
from rules.project_file import Project

__all__ = ["BadLine", "Item", "Reading", "lines_from", "lines_of", "open_file", "read", "shape_of"]

ITEMS_MAX = 1_000_000
SAMPLE_ROWS = 10
"""So many rows tell what a file is."""


@dataclasses.dataclass(slots=True)
class Reading:
    """A file that is being read: what its rows are, and what they give as they are read.

    `trouble`: why none of its rows can be an item here, in a sentence; nothing is found then. `known`: how many of the items found so
    far came with an answer that somebody gave before; they are gold items only where that was asked for.
    """

    shape: Shape
    found: Iterator[Item | BadLine]
    trouble: str | None = None
    known: int = 0

    @property
    def title(self) -> str | None:
        """What the file is, in words; None when it is in our own."""
        return None if self.shape is imports.NATIVE else self.shape.title


def read(project: Project, lines: Iterable[str], shape: str = "jsonl") -> Iterator[Item | BadLine]:
    """Read items of any known shape, row by row; `open_file` tells more."""
    reading = open_file(project, lines, shape)
    if reading.trouble is not None:
        yield BadLine(0, reading.trouble, "file")
    yield from reading.found


def open_file(
    project: Project,
    lines: Iterable[str],
    ending: str = "jsonl",
    named: str | None = None,
    *,
    gold: bool = False,
) -> Reading:
    """Recognise what a file's rows are by the first ones, and read them. No text makes this raise.

    `ending`: jsonl, csv or tsv, see `shape_of`; `named`: the shape's name, where it is not to be recognised. With `gold`, answers that
    came with the rows become their gold. Empty lines are passed over; a second row with the same id is a bad line.
    """
    rows = item_lines.rows(lines, ending)
    sample = list(itertools.islice(rows, SAMPLE_ROWS))
    first = [_in_our_words(project, one) for one in sample if isinstance(one, Read)]
    shape = imports.by_name(named) if named else imports.recognise(project, first)
    if shape is None:
        return Reading(imports.NATIVE, iter(()), imports.unknown(project, first[0] if first else {}))
    trouble = (
        _head_trouble(project, sample) if shape is imports.NATIVE else imports.misfit(shape, first, project)
    )
    if trouble is not None:
        return Reading(shape, iter(()), trouble)
    reading = Reading(shape, iter(()))
    reading.found = _items(project, itertools.chain(sample, rows), reading, gold=gold)
    return reading


def _head_trouble(project: Project, sample: Iterable[Read | BadLine]) -> str | None:
    """Say why no row under a table's column names could be an item: one sentence instead of one for each row."""
    head = next((list(one.row) for one in sample if isinstance(one, Read) and one.cells), None)
    lacking = [name for name in project.fields if head is not None and name not in head]
    if head is None or not lacking:
        return None
    return f'The first line must name the columns, and "{lacking[0]}" is not among them; it names {imports.listed(head)}.'


def _items(
    project: Project, rows: Iterable[Read | BadLine], reading: Reading, *, gold: bool
) -> Iterator[Item | BadLine]:
    seen: dict[str, int] = {}
    keys: dict[bytes, tuple[str, int]] = {}
    for found in rows:
        if isinstance(found, BadLine):
            yield found
            continue
        try:
            item, known = _item(project, found, reading.shape, gold=gold)
            _check_new(item, seen, found.place)
            _check_key(item, keys, found)
        except Refused as refused:
            yield BadLine(found.number, str(refused), found.place)
            continue
        if len(seen) >= ITEMS_MAX:
            reason = f"and the rest are left out: a file can bring {ITEMS_MAX:,} items. Import the rest as another file"
            yield BadLine(found.number, reason, found.place)
            return
        seen[item.external_id] = found.number
        reading.known += known
        yield item


def _item(project: Project, found: Read, shape: Shape, *, gold: bool) -> tuple[Item, bool]:
    """Make an item of a row; tell as well whether it came with an answer that can be its gold."""
    foreign = imports.convert(shape, _in_our_words(project, found), project)
    row, known = foreign.row, foreign.known
    if found.cells:
        row |= _lists(project, row)
    if known is None:
        return item_checks.item(project, row), False
    if gold:
        return item_checks.item(project, row | {"gold": known}), True
    return item_checks.item(project, row), item_checks.can_be_gold(project, row, known)


def _check_new(item: Item, seen: Mapping[str, int], place: str) -> None:
    earlier = seen.get(item.external_id)
    if earlier is None:
        return
    if item.external_id.startswith(FINGERPRINT):
        raise Refused(f"shows the same as {place} {earlier}; if both are wanted, give each an id")
    raise Refused(f'has the id "{item.external_id}", which stands on {place} {earlier} already')


def _check_key(item: Item, keys: dict[bytes, tuple[str, int]], found: Read) -> None:
    """Refuse an item that shows the same as an earlier one and has another known answer: one of the two is wrong."""
    if item.gold is None:
        return
    shown = hashlib.blake2b(item.fields.encode(), digest_size=16).digest()
    gold, number = keys.setdefault(shown, (item.gold, found.number))
    if gold != item.gold:
        raise Refused(f"shows the same as {found.place} {number}, and its gold answer is another one")


def _in_our_words(project: Project, found: Read) -> dict[str, Any]:
    """Turn a row of text cells into what a JSON line would hold: empty optional cells are absent, gold is parsed."""
    if not found.cells:
        return found.row
    row: dict[str, Any] = dict(found.row)
    if row.keys() >= cells.OURS:
        # A table of labels that Veritap wrote: what was guarded against spreadsheets is itself again.
        row = {name: cells.bare(cell) for name, cell in row.items()}
    for name in RESERVED:
        if not row.get(name, "").strip():
            row.pop(name, None)
    if "gold" in row:
        row["gold"] = _json(row["gold"])
    return row | _lists(project, row)


def _lists(project: Project, row: Mapping[str, Any]) -> dict[str, Any]:
    """Read the steps that a cell holds as a JSON list."""
    steps = [name for name, shown_as in project.fields.items() if shown_as == "steps"]
    return {name: _json(row[name]) for name in steps if isinstance(row.get(name), str)}


def _json(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell
