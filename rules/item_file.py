"""An items file: JSON lines, CSV or TSV in; good items and sentences on the bad lines out.

It goes one line at a time, so that size is no matter, and is strict: no NaN, no key twice, no lone surrogates, no
deep nesting. What a field must be follows from the project's `show`.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.answers import gold_trouble
from rules.project_file import RESERVED, Project

LINE_CHARACTERS_MAX = 400_000
"""Reading a line must not hold anybody up: at this size the worst of them takes some fifty milliseconds."""
FIELD_CHARACTERS_MAX = 100_000
EXPLANATION_CHARACTERS_MAX = 400
"""Shown below a page of the item, in the same message; two units a character at the most."""
"""Some thirty pages on a phone; nobody judges more in one go."""
DEPTH_MAX = 32
ID_CHARACTERS_MAX = 200
ITEMS_MAX = 1_000_000
USES = ("training", "exam", "work")


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One item as it will be stored. `use`: training, exam, gold or work; `fields`, `gold`: JSON text."""

    external_id: str
    use: str
    fields: str
    gold: str | None
    explanation: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used: its number, counted from 1, and why."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


FINGERPRINT = "sha256:"
TOO_DEEP = f"is nested deeper than {DEPTH_MAX} levels"
NOT_UTF8 = "is not UTF-8 text; save the file as UTF-8"
HALF_A_CHARACTER = "holds half a character (a lone surrogate)"
_KINDS = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}
_EDGES = " \t\r\n\ufeff"


class _Refused(ValueError):
    """Carries the reason for refusing a line."""


def read(project: Project, lines: Iterable[str], shape: str = "jsonl") -> Iterator[Item | BadLine]:
    """Read items, line by line. `shape`: jsonl, csv or tsv.

    Empty lines are passed over. A second line with the same id is a bad line. No text makes this raise.
    """
    seen: dict[str, int] = {}
    for number, raw in _rows(project, lines, shape):
        if isinstance(raw, BadLine):
            yield raw
            continue
        try:
            item = _item(project, raw if isinstance(raw, dict) else _parse(raw))
            _check_new(item, seen)
        except _Refused as refused:
            yield BadLine(number, str(refused))
            continue
        if len(seen) >= ITEMS_MAX:
            reason = f"and the rest are left out: a file can bring {ITEMS_MAX:,} items. Import the rest as another file"
            yield BadLine(number, reason)
            return
        seen[item.external_id] = number
        yield item


def _check_new(item: Item, seen: Mapping[str, int]) -> None:
    earlier = seen.get(item.external_id)
    if earlier is None:
        return
    if item.external_id.startswith(FINGERPRINT):
        raise _Refused(f"shows the same as line {earlier}; if both are wanted, give each an id")
    raise _Refused(f'has the id "{item.external_id}", which stands on line {earlier} already')


def shape_of(file_name: str) -> str:
    """Tell the shape of a file by how its name ends; JSON lines unless it says csv or tsv."""
    ending = file_name.casefold().rpartition(".")[2]
    return ending if ending in ("csv", "tsv") else "jsonl"


Row = tuple[int, str | dict[str, Any] | BadLine]


def _rows(project: Project, lines: Iterable[str], shape: str) -> Iterator[Row]:
    return _json_rows(lines) if shape == "jsonl" else _cell_rows(project, lines, shape)


def _json_rows(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_CHARACTERS_MAX:
            yield number, BadLine(number, f"is longer than {LINE_CHARACTERS_MAX:,} characters")
        elif not _is_utf8(line):
            yield number, BadLine(number, NOT_UTF8)
        elif line.strip(_EDGES):
            yield number, line.strip(_EDGES)


def _cell_rows(project: Project, lines: Iterable[str], shape: str) -> Iterator[Row]:
    """Read the rows of a table; its first line names the columns. A row is numbered by the line it begins on."""
    csv.field_size_limit(LINE_CHARACTERS_MAX)
    reader = csv.reader(lines, delimiter="\t" if shape == "tsv" else ",", strict=True)
    head: list[str] | None = None
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield number, BadLine(number, f"is not {shape.upper()}: {error}")
            if head is None:
                return
            continue
        if row is None:
            return
        if not any(cell.strip(_EDGES) for cell in row):
            continue
        if head is None:
            head = [name.strip(_EDGES) for name in row]
            trouble = _head_trouble(project, head)
            if trouble:
                yield number, BadLine(number, trouble)
                return
        elif len(row) != len(head):
            yield number, BadLine(number, f"has {len(row)} columns where the first line names {len(head)}")
        elif not all(_is_utf8(cell) for cell in row):
            yield number, BadLine(number, NOT_UTF8)
        else:
            yield number, _from_cells(dict(zip(head, row, strict=True)))


def _head_trouble(project: Project, head: list[str]) -> str | None:
    """Say why no row under these column names could be an item: one sentence instead of one for each row."""
    if not all(_is_utf8(name) for name in head):
        return NOT_UTF8
    names = ", ".join(f'"{name[:40]}"' for name in head[:12])
    for show in project.show:
        if show.field not in head:
            return f'must name the columns, and "{show.field}" is not among them; it names {names}'
    twice = next((name for name in head if head.count(name) > 1), None)
    return None if twice is None else f'names the column "{twice[:40]}" twice'


def _from_cells(cells: dict[str, str]) -> dict[str, Any]:
    """Turn a row of text cells into what a JSON line would hold: empty optional cells are absent, gold is parsed."""
    row: dict[str, Any] = dict(cells)
    for name in RESERVED:
        if not row.get(name, "").strip():
            row.pop(name, None)
    if "gold" in row:
        try:
            row["gold"] = json.loads(row["gold"])
        except (ValueError, RecursionError):
            row["gold"] = cells["gold"]
    return row


def _parse(line: str) -> dict[str, Any]:
    try:
        raw = json.loads(line, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except _Refused:
        raise
    except RecursionError as error:
        raise _Refused(TOO_DEEP) from error
    except json.JSONDecodeError as error:
        reason = error.msg.removesuffix(" at")
        raise _Refused(f"is not JSON: {reason} at character {error.colno}") from error
    except ValueError as error:
        raise _Refused("holds a number too large to keep") from error
    if not isinstance(raw, dict):
        raise _Refused('is not a JSON object, such as {"question": "…"}')
    if _depth(raw) > DEPTH_MAX:
        raise _Refused(TOO_DEEP)
    return raw


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise _Refused(f'has the key "{_clip(twice)}" twice')
    return found


def _no_constant(word: str) -> Any:
    raise _Refused(f"holds {word}, which is not a number in JSON")


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


def _item(project: Project, raw: dict[str, Any]) -> Item:
    fields = {name: value for name, value in raw.items() if name not in RESERVED}
    for show in project.show:
        _check_text(show.field, fields.get(show.field), missing=show.field not in fields)
    use, gold, explanation = raw.get("use"), raw.get("gold"), raw.get("explanation")
    use = "work" if use in (None, "") else use
    _check_use(use)
    if gold is not None:
        trouble = gold_trouble(project, gold)
        if trouble:
            raise _Refused(trouble)
    elif use != "work":
        raise _Refused(f'is for {use} but has no "gold" answer')
    if explanation is not None:
        _check_text("explanation", explanation, most=EXPLANATION_CHARACTERS_MAX)
    elif use == "training":
        raise _Refused('is for training but has no "explanation"')
    text = _dump(fields)
    return Item(
        external_id=_external_id(raw.get("id"), text),
        use="gold" if use == "work" and gold is not None else str(use),
        fields=text,
        gold=None if gold is None else _dump(gold),
        explanation=explanation,
    )


def _check_use(use: Any) -> None:
    if use == "gold":
        raise _Refused('has use "gold"; leave "use" out: what has a "gold" answer is a gold item')
    if use not in USES:
        raise _Refused(f"has use {_clip(json.dumps(use))}; there are training, exam and work")


def _check_text(name: str, value: Any, *, missing: bool = False, most: int = FIELD_CHARACTERS_MAX) -> None:
    if missing:
        raise _Refused(f'has no "{name}"')
    if not isinstance(value, str):
        raise _Refused(f'"{name}" must be text, not {_KINDS.get(type(value), "a number")}')
    if not value.strip():
        raise _Refused(f'"{name}" is empty')
    if len(value) > most:
        raise _Refused(f'"{name}" is longer than {most:,} characters')
    if "\0" in value:
        raise _Refused(f'"{name}" holds a NUL character')
    if not _is_utf8(value):
        raise _Refused(HALF_A_CHARACTER)


def _dump(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise _Refused("holds a number too large to keep") from error
    if not _is_utf8(text):
        raise _Refused(HALF_A_CHARACTER)
    return text


def _external_id(given: Any, fields: str) -> str:
    """Take the id that the file gives; without one, the fingerprint of the item, so that importing twice adds nothing."""
    if given is None:
        return FINGERPRINT + hashlib.sha256(fields.encode()).hexdigest()[:32]
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise _Refused("has an id that is neither text nor a whole number")
    text = str(given).strip()
    if not 1 <= len(text) <= ID_CHARACTERS_MAX:
        raise _Refused(f"has an id that is empty or longer than {ID_CHARACTERS_MAX} characters")
    if not text.isprintable():
        raise _Refused("has an id with a character that cannot be shown")
    return text


def _clip(text: str) -> str:
    """Shorten what a sentence repeats of the file, and make it safe to print."""
    return (text if len(text) <= 40 else text[:39] + "…").encode("utf-8", "replace").decode()


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def lines_of(data: bytes) -> Iterator[str]:
    """Cut a file's bytes into lines. Bytes that are not UTF-8 do not stop the reading; `read` refuses their line."""
    return iter(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape", newline=None))
