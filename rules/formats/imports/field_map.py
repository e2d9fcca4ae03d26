"""Rows of any other shape, read by the project's own `[map]`: our field = path in the row, such as `responses[0].text`."""

from __future__ import annotations

import re
from typing import Any

from rules.formats.imports.base import Converted, Misfit, Row, Shape
from rules.formats.imports.known import as_answer
from rules.item_checks import has_type
from rules.parts import RESERVED
from rules.project_file import Project

GOLD = "gold."
STEP = re.compile(r"(?:\A|\.)([^.\[\]]+)|\[(\d{1,6})\]")
NOTHING = object()
"""What a path that leads nowhere finds; null is something."""


def find(row: Any, path: str) -> Any:
    """Follow a path into a row. A key that is called like the whole path, as in a table's head, goes first."""
    if isinstance(row, dict) and path in row:
        return row[path]
    found, at = row, 0
    while at < len(path):
        step = STEP.match(path, at)
        if step is None:
            return NOTHING
        found = _enter(found, step[1], step[2])
        if found is NOTHING:
            return NOTHING
        at = step.end()
    return found


def _enter(value: Any, name: str | None, index: str | None) -> Any:
    if name is not None:
        return value[name] if isinstance(value, dict) and name in value else NOTHING
    place = int(index or 0)
    return value[place] if isinstance(value, list) and place < len(value) else NOTHING


def fits(project: Project, row: Row) -> bool:
    """Tell whether the map, with keys that are called like our fields, gives all that an item needs; gold and ids may be missing."""
    found = [name for name, path in project.map.items() if find(row, path) is not NOTHING]
    return bool(found) and all(
        name in found or (name in row and has_type(row[name], shown_as))
        for name, shown_as in project.fields.items()
    )


def extra(project: Project, row: Row) -> dict[str, Any]:
    """Give the fields that the map finds in a row."""
    found = {name: find(row, path) for name, path in project.map.items() if not _is_own(name)}
    return {name: value for name, value in found.items() if value is not NOTHING}


def _is_own(name: str) -> bool:
    return name in RESERVED or name.startswith(GOLD)


def _mapped(row: Row, project: Project) -> Converted:
    if not project.map:
        raise Misfit("needs a table [map] in the project file, and there is none")
    own = {name: find(row, path) for name, path in project.map.items() if _is_own(name)}
    present = {name: value for name, value in own.items() if value is not NOTHING}
    gold = {
        question: as_answer(project.asked(question), value)
        for name, value in present.items()
        if name.startswith(GOLD) and value not in (None, "")
        for question in [name.removeprefix(GOLD)]
    }
    return Converted(
        extra(project, row),
        present.get("id", row.get("id")),
        gold=gold or None,
        explanation=present.get("explanation") or None,
        use=present.get("use"),
    )


MAP = Shape("map", "the project's [map]", "the paths of the project's [map]", lambda row: False, _mapped)
