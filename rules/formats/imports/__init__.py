"""Files of other people's making, row by row into items: which shapes there are, how a file's is recognised, what becomes of a row.

Each shape has a module. To add one: write it, and name it in `FOREIGN`, before any shape whose keys are among its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from rules.formats.imports.base import Converted, Misfit, Row, Shape, listed, missing
from rules.formats.imports.chains import PRM800K, PROCESSBENCH
from rules.formats.imports.chat import CHAT
from rules.formats.imports.field_map import MAP, extra
from rules.formats.imports.field_map import fits as map_fits
from rules.formats.imports.label_studio import TASK
from rules.formats.imports.pairs import HH, OPENAI, PREFERENCE
from rules.formats.imports.toloka import TOLOKA
from rules.formats.imports.trl import PROMPT_COMPLETION, STEPWISE, UNPAIRED
from rules.item_checks import Refused, has_type
from rules.parts import RESERVED
from rules.project_file import Project

__all__ = [
    "FOREIGN",
    "NAMES",
    "NATIVE",
    "Foreign",
    "Misfit",
    "Shape",
    "by_name",
    "convert",
    "listed",
    "misfit",
    "recognise",
    "unknown",
]

NATIVE = Shape(
    "native", "Veritap's own", "the project's fields", lambda row: False, lambda row, _: Converted(dict(row))
)
FOREIGN = (
    PROCESSBENCH, PRM800K, STEPWISE, HH, PREFERENCE, OPENAI, UNPAIRED, PROMPT_COMPLETION, TOLOKA, TASK, CHAT,
)  # fmt: skip
OUR_WORDS = tuple(name for name in RESERVED if name != "id")
"""Keys by which a row shows that it was written for us; an id says nothing."""
NAMES = tuple(shape.name for shape in (NATIVE, *FOREIGN, MAP))


@dataclasses.dataclass(frozen=True, slots=True)
class Foreign:
    """A row as a native one, and the answers that came with it but are not its gold."""

    row: dict[str, Any]
    known: dict[str, Any] | None = None


def by_name(name: str) -> Shape | None:
    """Find a shape by the name that `--from` takes."""
    return next((shape for shape in (NATIVE, *FOREIGN, MAP) if shape.name == name), None)


def recognise(project: Project, rows: Sequence[Row]) -> Shape | None:
    """Tell the shape of a file by its first rows: the first row that has one decides. None when none has."""
    found = (_shape_of(project, row) for row in rows)
    shape = next((shape for shape in found if shape is not None), None)
    if shape is None and (
        not rows or any(name in row for row in rows for name in (*project.fields, *OUR_WORDS))
    ):
        return NATIVE
    return shape


def _shape_of(project: Project, row: Row) -> Shape | None:
    """Tell the shape of a row that has all that its shape needs.

    A shape with known answers that fits the project goes before the project's own, lest they be kept as a field of no meaning; a row that
    says in our words what it is for goes before all.
    """
    fields = project.fields
    own = all(name in row and has_type(row[name], fields[name]) for name in fields)
    if own and any(name in row for name in OUR_WORDS):
        return NATIVE
    if map_fits(project, row):
        return MAP
    matching = next((shape for shape in FOREIGN if shape.matches(row)), None)
    if own and (matching is None or not matching.answered or _misfit(matching, row, project) is not None):
        return NATIVE
    return matching


def convert(shape: Shape, row: Row, project: Project) -> Foreign:
    """Make a native row of a foreign one. Raise Refused, and nothing else, when it is not what its shape says."""
    if shape is NATIVE:
        return Foreign(dict(row))
    found = shape.convert(row, project)
    native = extra(project, row) | dict(found.fields)
    for name in missing(project, native):
        if name in row:
            native[name] = row[name]
    own = {"id": found.id, "use": found.use, "gold": found.gold, "explanation": found.explanation}
    native = {name: value for name, value in native.items() if name not in own}
    native |= {name: value for name, value in own.items() if value is not None}
    return Foreign(native, None if found.known is None else dict(found.known))


def misfit(shape: Shape, rows: Sequence[Row], project: Project) -> str | None:
    """Say why no row of this shape could be an item of the project: one sentence for the file. None when one of these could."""
    reasons = [_misfit(shape, row, project) for row in rows]
    return reasons[0] if reasons and None not in reasons else None


def _misfit(shape: Shape, row: Row, project: Project) -> str | None:
    opening = "Read by a map, the file" if shape is MAP else f"The file is {shape.title}, which"
    try:
        native = convert(shape, row, project).row
    except Misfit as reason:
        return f"{opening} {reason}."
    except Refused:
        return None
    lacking = missing(project, native)
    if not lacking or shape is NATIVE:
        return None
    filled = [name for name in project.fields if name in native]
    return (
        f"{opening} fills {listed(filled)} of this project and leaves {listed(lacking)} without anything. "
        "Give its rows a key of that name, or say in the project file's [map] where it stands."
    )


def unknown(project: Project, row: Row) -> str:
    """Say what was looked for in a file that has no known shape, and what it has."""
    looked_for = "; ".join(f"{shape.keys} ({shape.title})" for shape in FOREIGN)
    return (
        f"The file has no shape that is known here: its rows have {listed(list(row))}. "
        f"Looked for: {listed(list(project.fields))} (this project's own fields); {looked_for}. "
        "Map its keys to the project's fields in the project file's [map], or name the shape with --from on the command line."
    )
