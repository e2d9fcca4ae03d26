"""An items file: JSON lines, CSV or TSV in; good items and sentences on the bad lines out. One line at a time, so that size is no matter.

Strict: no NaN, no key twice, no lone surrogates, no deep nesting. What a field must be follows from the project's `show`.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from rules.answers import gold_trouble
from rules.project_file import Project

LINE_CHARACTERS_MAX = 1_000_000
FIELD_CHARACTERS_MAX = 200_000
DEPTH_MAX = 32
ID_CHARACTERS_MAX = 200
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


class _Refused(ValueError):
    """Carries the reason for refusing a line."""


def read(project: Project, lines: Iterable[str], shape: str = "jsonl") -> Iterator[Item | BadLine]:
    """Read items. `shape`: jsonl, csv or tsv. Empty lines are passed over; a second line with the same id is a bad line."""
    seen: dict[str, int] = {}
    for number, raw in _rows(lines, shape):
        if isinstance(raw, BadLine):
            yield raw
            continue
        try:
            item = _item(project, raw if isinstance(raw, dict) else _parse(raw))
        except _Refused as refused:
            yield BadLine(number, str(refused))
            continue
        if item.external_id in seen:
            yield BadLine(
                number, f'the id "{item.external_id}" stands on line {seen[item.external_id]} already'
            )
            continue
        seen[item.external_id] = number
        yield item


def shape_of(file_name: str) -> str:
    """Tell the shape of a file by how its name ends; JSON lines unless it says csv or tsv."""
    ending = file_name.casefold().rpartition(".")[2]
    return ending if ending in ("csv", "tsv") else "jsonl"


def _rows(lines: Iterable[str], shape: str) -> Iterator[tuple[int, str | dict[str, Any] | BadLine]]:
    if shape == "jsonl":
        for number, line in enumerate(lines, start=1):
            if len(line) > LINE_CHARACTERS_MAX:
                yield number, BadLine(number, f"is longer than {LINE_CHARACTERS_MAX:,} characters")
            elif not _is_utf8(line):
                yield number, BadLine(number, "is not UTF-8 text")
            elif line.strip().strip("\ufeff"):
                yield number, line.strip().strip("\ufeff")
        return
    csv.field_size_limit(LINE_CHARACTERS_MAX)
    reader = csv.reader(lines, delimiter="\t" if shape == "tsv" else ",", strict=True)
    head: list[str] | None = None
    while True:
        try:
            row = next(reader, None)
        except (csv.Error, UnicodeDecodeError) as error:
            yield reader.line_num, BadLine(reader.line_num, f"is not {shape.upper()}: {error}")
            return
        if row is None:
            return
        if head is None:
            head = [name.strip("\ufeff ") for name in row]
        elif len(row) != len(head):
            reason = f"has {len(row)} columns where the first line names {len(head)}"
            yield reader.line_num, BadLine(reader.line_num, reason)
        elif any(row):
            yield reader.line_num, _from_cells(dict(zip(head, row, strict=True)))


def _from_cells(cells: dict[str, str]) -> dict[str, Any]:
    """Turn a row of text cells into what a JSON line would hold: empty optional cells are absent, gold is parsed."""
    row: dict[str, Any] = dict(cells)
    for name in ("id", "use", "gold", "explanation"):
        if not row.get(name):
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
        raise _Refused(f"is nested deeper than {DEPTH_MAX} levels") from error
    except ValueError as error:
        raise _Refused(f"is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise _Refused("is not a JSON object")
    if _depth(raw) > DEPTH_MAX:
        raise _Refused(f"is nested deeper than {DEPTH_MAX} levels")
    return raw


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f'has the key "{twice}" twice')
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
    fields = {name: value for name, value in raw.items() if name not in ("id", "gold", "explanation", "use")}
    for show in project.show:
        _check_text(show.field, fields.get(show.field), missing=show.field not in fields)
    use = raw.get("use", "work")
    if use not in USES:
        raise _Refused(f"has use {json.dumps(use)[:40]}; there are training, exam and work")
    gold = raw.get("gold")
    if gold is not None:
        trouble = gold_trouble(project, gold)
        if trouble:
            raise _Refused(trouble)
    elif use != "work":
        raise _Refused(f"is for {use} but has no gold answer")
    explanation = raw.get("explanation")
    if explanation is not None:
        _check_text("explanation", explanation)
    elif use == "training":
        raise _Refused("is for training but has no explanation")
    text = _dump(fields)
    return Item(
        external_id=_external_id(raw.get("id"), text),
        use="gold" if use == "work" and gold is not None else use,
        fields=text,
        gold=None if gold is None else _dump(gold),
        explanation=explanation,
    )


def _check_text(name: str, value: Any, *, missing: bool = False) -> None:
    if missing:
        raise _Refused(f'has no "{name}"')
    if not isinstance(value, str):
        raise _Refused(f'"{name}" is not text but {type(value).__name__}')
    if not value.strip():
        raise _Refused(f'"{name}" is empty')
    if len(value) > FIELD_CHARACTERS_MAX:
        raise _Refused(f'"{name}" is longer than {FIELD_CHARACTERS_MAX:,} characters')


def _dump(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise _Refused("holds a number too large to keep") from error
    if not _is_utf8(text):
        raise _Refused("holds half a character (a lone surrogate)")
    return text


def _external_id(given: Any, fields: str) -> str:
    """Take the id that the file gives; without one, the fingerprint of what is shown, so that importing twice adds nothing."""
    if given is None:
        return "sha256:" + hashlib.sha256(fields.encode()).hexdigest()[:32]
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise _Refused("has an id that is neither text nor a whole number")
    text = str(given).strip()
    if not text or len(text) > ID_CHARACTERS_MAX:
        raise _Refused(f"has an id that is empty or longer than {ID_CHARACTERS_MAX} characters")
    if not _is_utf8(text):
        raise _Refused("has an id with half a character (a lone surrogate)")
    return text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def lines_of(data: bytes) -> Iterator[str]:
    """Cut a file's bytes into lines. Bytes that are not UTF-8 do not stop the reading; their line is refused by `read`."""
    return iter(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape", newline=None))
