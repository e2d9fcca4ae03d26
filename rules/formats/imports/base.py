"""What every shape of a foreign file has in common: how it is known, what a converted row is, and which field of the project gets what.

A shape knows the keys that were published for it and nothing of files, lines or the store. Whether what it gives is an item of the
project is checked afterwards, as for any other row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rules.item_checks import Refused
from rules.kinds import Preference, Steps
from rules.kinds.base import clip
from rules.project_file import Project

Row = Mapping[str, Any]
Fields = dict[str, Any]


class Misfit(Refused):
    """The project has no place for what rows of this shape hold; the text goes on from the shape's name."""


@dataclasses.dataclass(frozen=True, slots=True)
class Converted:
    """A foreign row as a native one.

    `gold`: answers that the format itself calls known; `known`: answers that came with the row, which are gold only for whoever says so.
    """

    fields: Fields
    id: Any = None
    gold: Mapping[str, Any] | None = None
    known: Mapping[str, Any] | None = None
    explanation: str | None = None
    use: Any = None


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """A shape of rows. `keys`: what it is known by, in words; `answered`: its rows can hold known answers.

    `matches` is exact about the published keys. `convert` raises Refused for a row that is not what it should be, and nothing else.
    """

    name: str
    title: str
    keys: str
    matches: Callable[[Row], bool]
    convert: Callable[[Row, Project], Converted]
    answered: bool = False


def has(row: Row, *names: str) -> bool:
    """Tell whether a row has all of these keys."""
    return all(name in row for name in names)


def take(row: Row, name: str, where: str | None = None) -> Any:
    """Give what stands under a key, or refuse the row. `where`: the key as the sentence names it."""
    if name not in row:
        raise Refused(f'has no "{where or name}"')
    return row[name]


def kept(row: Row, kind: type, *names: str) -> Fields:
    """Give what a row says under some keys, where it is of a kind."""
    return {name: row[name] for name in names if isinstance(row.get(name), kind)}


def places(project: Project, row: Row, *roles: str) -> list[str]:
    """Name the text fields of the project that get what the row holds under `roles`.

    A field of the same name gets it; otherwise the first field shown that is still free and that the row does not name itself.
    """
    shown = [show.field for show in project.show if show.shown_as != "steps"]
    taken = {role: role for role in roles if role in shown}
    free = [field for field in shown if field not in taken.values() and field not in row]
    for role in roles:
        if role not in taken:
            if not free:
                raise Misfit(f'holds a "{role}", and the project shows no text field that could be it')
            taken[role] = free.pop(0)
    return [taken[role] for role in roles]


def preference(project: Project) -> Preference:
    """Give the question that compares two answers."""
    if project.preference is None:
        raise Misfit(
            'holds two answers to compare, and the project asks no question of the kind "preference"'
        )
    return project.preference


def steps_field(project: Project) -> str:
    """Name the field that gets the steps."""
    asked = steps_question(project)
    shown = next((show.field for show in project.show if show.shown_as == "steps"), None)
    field = asked.field if asked is not None else shown
    if field is None:
        raise Misfit('holds a list of steps, and the project shows no field `as = "steps"`')
    return field


def steps_question(project: Project) -> Steps | None:
    """Give the question that is asked of each step."""
    return next((ask for ask in project.ask if isinstance(ask, Steps)), None)


def known_step(project: Project, first_wrong: object) -> dict[str, Any] | None:
    """Make a known answer of the first wrong step; None when there is none or nobody is asked."""
    asked = steps_question(project)
    return None if asked is None or first_wrong is None else {asked.id: first_wrong}


def missing(project: Project, fields: Mapping[str, Any]) -> list[str]:
    """Name the fields that the project needs and these lack."""
    return [name for name in project.fields if name not in fields]


def listed(names: Sequence[str]) -> str:
    """Name some keys in a sentence: the first twelve, shortened."""
    shown = [f'"{clip(name)}"' for name in names[:12]]
    return ", ".join([*shown, "…"] if len(names) > 12 else shown) or "none"
