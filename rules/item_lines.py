"""From a file's bytes to its rows: lines of JSON, one JSON array, CSV and TSV, gzipped or not. It is strict (no NaN, no key twice, no deep
nesting), holds no more than a row in memory, and knows nothing of items.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from rules.item_checks import Refused, is_utf8
from rules.kinds.base import clip

LINE_CHARACTERS_MAX = 400_000
"""Reading a line must not hold anybody up: at this size the worst of them takes some fifty milliseconds."""
PIECE_CHARACTERS = 32_000
"""An array is read in pieces of this size, however long its lines are."""
UNPACKED_CHARACTERS_MAX = 100_000_000
"""What a gzipped file may grow to; the reading ends there."""
TOO_LARGE = f"The file unpacks to more than {UNPACKED_CHARACTERS_MAX // 1_000_000} million characters; cut it into several."
GZIPPED = b"\x1f\x8b"
DEPTH_MAX = 32
TOO_DEEP = f"is nested deeper than {DEPTH_MAX} levels"
TOO_LONG = f"is longer than {LINE_CHARACTERS_MAX:,} characters"
NOT_UTF8 = "is not UTF-8 text; save the file as UTF-8"
EDGES = " \t\r\n\ufeff"
WHOLE = re.compile(r"[\s\ufeff]*(?:\[\s*(?:\{|\Z)|\{\s*\Z)")
"""How a file begins that is one array of objects, or objects written over several lines, instead of one object a line."""
MARK = re.compile(r'["\\{}\[\],]')


@dataclasses.dataclass(frozen=True, slots=True)
class BadLine:
    """A line, or an element of an array, that cannot be used: its number, counted from 1, and why. `place` "file": the whole file."""

    number: int
    reason: str
    place: str = "line"

    def __str__(self) -> str:
        return self.reason if self.place == "file" else f"{self.place} {self.number}: {self.reason}"


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """A row and where it stands. `cells`: it comes from a table, where all is text."""

    number: int
    row: dict[str, Any]
    place: str = "line"
    cells: bool = False


def shape_of(file_name: str) -> str:
    """Tell by its name how a file is cut into rows: csv, tsv, or else jsonl, which an array of objects is read as, too."""
    ending = file_name.casefold().removesuffix(".gz").rpartition(".")[2]
    return ending if ending in ("csv", "tsv") else "jsonl"


def lines_of(data: bytes) -> Iterator[str]:
    """Cut a file's bytes into lines, as `lines_from` does."""
    return lines_from(io.BufferedReader(io.BytesIO(data)))


def lines_from(stream: io.BufferedReader) -> Iterator[str]:
    """Cut a stream into lines, unpacking it where it is gzipped. A line that is too long is cut off, not kept whole.

    Bytes that are not UTF-8 do not stop the reading; `rows` refuses their line. Raises Refused when a gzipped file is damaged or
    grows too large, wherever that shows.
    """
    if stream.peek(2)[:2] != GZIPPED:
        yield from _cut(stream)
        return
    left = UNPACKED_CHARACTERS_MAX
    try:
        with gzip.GzipFile(fileobj=stream) as unpacked:
            for line in _cut(unpacked):
                left -= len(line)
                if left < 0:
                    raise Refused(TOO_LARGE)
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise Refused("The file cannot be unpacked to its end; it is damaged or was cut off.") from error


def _cut(stream: BinaryIO | gzip.GzipFile) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline=None)
    try:
        yield from _pieces(text)
    finally:
        # The stream is its owner's to close; whoever stopped reading early may have done so.
        with contextlib.suppress(ValueError):
            text.detach()


def _pieces(text: io.TextIOWrapper) -> Iterator[str]:
    """Give lines, or where the file is one array, pieces of it."""
    first = text.readline(PIECE_CHARACTERS)
    while first and not first.strip(EDGES):
        yield first
        first = text.readline(PIECE_CHARACTERS)
    if WHOLE.match(first):
        yield first
        while piece := text.readline(PIECE_CHARACTERS):
            yield piece
        return
    line = first if first.endswith("\n") else first + text.readline(LINE_CHARACTERS_MAX)
    while line:
        yield line
        while len(line) > LINE_CHARACTERS_MAX and not line.endswith("\n"):
            line = text.readline(LINE_CHARACTERS_MAX + 1)
        line = text.readline(LINE_CHARACTERS_MAX + 1)


def rows(lines: Iterable[str], shape: str) -> Iterator[Read | BadLine]:
    """Read the rows of a file. Empty lines are passed over; a bad line spoils only itself. No text makes this raise."""
    try:
        yield from _json_rows(lines) if shape == "jsonl" else _cell_rows(lines, shape)
    except Refused as refused:
        yield BadLine(0, str(refused), "file")


def _json_rows(lines: Iterable[str]) -> Iterator[Read | BadLine]:
    numbered, started = enumerate(lines, start=1), False
    for number, line in numbered:
        if not started and WHOLE.match(line):
            yield from _elements(_from(line, (rest for _, rest in numbered)))
            return
        stripped = line.strip(EDGES)
        started = started or bool(stripped)
        if len(line) > LINE_CHARACTERS_MAX:
            yield BadLine(number, TOO_LONG)
        elif not is_utf8(line):
            yield BadLine(number, NOT_UTF8)
        elif stripped:
            yield _parsed(number, stripped, "line")


def _from(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _parsed(number: int, text: str, place: str) -> Read | BadLine:
    try:
        return Read(number, parse(text), place)
    except Refused as refused:
        return BadLine(number, str(refused), place)


def _elements(pieces: Iterator[str]) -> Iterator[Read | BadLine]:
    """Read the elements of one array, or objects that follow each other, from pieces cut anywhere."""
    number = 0
    for text in _split(pieces):
        if text is not None and not text.strip(EDGES):
            continue
        number += 1
        if text is None:
            yield BadLine(number, TOO_LONG, "element")
        elif not is_utf8(text):
            yield BadLine(number, NOT_UTF8, "element")
        else:
            yield _parsed(number, text.strip(EDGES), "element")


def _split(pieces: Iterator[str]) -> Iterator[str | None]:
    """Give the text of each element; None for one that is too long, of which nothing is kept."""
    splitter = _Splitter()
    for piece in pieces:
        yield from splitter.feed(piece)
    yield from splitter.end()


class _Splitter:
    """Where a reader of JSON stands: how deep, in a text or not, and what of the element it has seen."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._size = 0
        self._depth = 0
        self._base: int | None = None
        self._quoted = self._escaped = False

    def feed(self, piece: str) -> Iterator[str | None]:
        """Take a piece; give the elements that end in it."""
        start = at = 0
        while at < len(piece):
            if self._escaped:
                self._escaped, at = False, at + 1
                continue
            found = MARK.search(piece, at)
            if found is None:
                break
            mark, at = found[0], found.end()
            if self._quoted:
                self._quoted, self._escaped = mark != '"', mark == "\\"
            elif self._base is None and mark in "[{":
                self._base = 1 if mark == "[" else 0
                self._depth, start = 1, at if mark == "[" else at - 1
            elif self._closes(mark):
                self._keep(piece[start : at - 1] if self._is_between(mark) else piece[start:at])
                start = at
                yield self._taken()
        self._keep(piece[start:])

    def _closes(self, mark: str) -> bool:
        """Move by a mark; tell whether an element ends with it."""
        if mark == '"':
            self._quoted = True
        elif mark in "[{":
            self._depth += 1
        elif mark in "]}":
            self._depth -= 1
        if self._base == 0:
            return self._depth <= 0 and mark == "}"
        return self._is_between(mark)

    def _is_between(self, mark: str) -> bool:
        """Tell whether a mark stands between elements, being part of neither."""
        return self._base == 1 and ((mark == "," and self._depth == 1) or (mark == "]" and self._depth == 0))

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size <= LINE_CHARACTERS_MAX:
            self._kept.append(text)
        else:
            self._kept.clear()

    def _taken(self) -> str | None:
        found = None if self._size > LINE_CHARACTERS_MAX else "".join(self._kept)
        self._kept, self._size = [], 0
        return found

    def end(self) -> Iterator[str | None]:
        """Give what stands after the last element: nothing in a whole file, the rest of one that was cut off."""
        yield self._taken()


def _cell_rows(lines: Iterable[str], shape: str) -> Iterator[Read | BadLine]:
    """Read the rows of a table; its first line names the columns. A row is numbered by the line it begins on."""
    csv.field_size_limit(LINE_CHARACTERS_MAX)
    reader = csv.reader(lines, delimiter="\t" if shape == "tsv" else ",", strict=True)
    head: list[str] | None = None
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield BadLine(number, f"is not {shape.upper()}: {error}")
            if head is None:
                return
            continue
        if row is None:
            return
        if not any(cell.strip(EDGES) for cell in row):
            continue
        if head is None:
            head = [name.strip(EDGES) for name in row]
            trouble = _head_trouble(head)
            if trouble:
                yield BadLine(number, trouble)
                return
        elif len(row) != len(head):
            yield BadLine(number, f"has {len(row)} columns where the first line names {len(head)}")
        elif not all(is_utf8(cell) for cell in row):
            yield BadLine(number, NOT_UTF8)
        else:
            yield Read(number, dict(zip(head, row, strict=True)), cells=True)


def _head_trouble(head: list[str]) -> str | None:
    if not all(is_utf8(name) for name in head):
        return NOT_UTF8
    twice = next((name for name in head if head.count(name) > 1), None)
    return None if twice is None else f'names the column "{clip(twice)}" twice'


def parse(line: str) -> dict[str, Any]:
    """Read a JSON object. Raise Refused with what is wrong with it."""
    try:
        raw = json.loads(line, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except Refused:
        raise
    except RecursionError as error:
        raise Refused(TOO_DEEP) from error
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" at")
        raise Refused(f"is not JSON: {reason} at character {error.pos + 1}") from error
    except ValueError as error:
        raise Refused("holds a number too large to keep") from error
    if not isinstance(raw, dict):
        raise Refused('is not a JSON object, such as {"question": "…"}')
    if _depth(raw) > DEPTH_MAX:
        raise Refused(TOO_DEEP)
    return raw


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise Refused(f'has the key "{clip(twice)}" twice')
    return found


def _no_constant(word: str) -> Any:
    raise Refused(f"holds {word}, which is not a number in JSON")


def _depth(value: Any) -> int:
    level, layer = 0, [value]
    while layer and level <= DEPTH_MAX:
        level += 1
        layer = [
            child
            for parent in layer
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
    return level
