"""What a row of an items file must hold to be an item: fields of the right type for how they are shown, an id, a use, a gold answer that
somebody could give. One row at a time; lines, files and other people's shapes are not its business.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rules.answers import gold_of
from rules.kinds import GoldTrouble
from rules.kinds.base import quoted
from rules.kinds.steps import STEPS_MAX
from rules.parts import RESERVED
from rules.project_file import Project

FIELD_CHARACTERS_MAX = 100_000
"""Some thirty pages on a phone; nobody judges more in one go. All steps of a chain together have as much."""
EXPLANATION_CHARACTERS_MAX = 400
"""Shown below a page of the item, in the same message; two units a character at the most."""
ID_CHARACTERS_MAX = 200
USES = ("training", "exam", "work")
FINGERPRINT = "sha256:"
HALF_A_CHARACTER = "holds half a character (a lone surrogate)"
_KINDS = {dict: "an object", list: "a list", type(None): "null"}


class Refused(ValueError):
    """Carries the reason for refusing a row; the text goes on from "line 17: "."""


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One item as it will be stored. `use`: training, exam, gold or work; `fields`, `gold`: JSON text."""

    external_id: str
    use: str
    fields: str
    gold: str | None
    explanation: str | None


def item(project: Project, raw: Mapping[str, Any]) -> Item:
    """Make an item of a row in the project's own words. Raise Refused with what is wrong with it."""
    fields = {name: value for name, value in raw.items() if name not in RESERVED}
    for name, shown_as in project.fields.items():
        if name not in fields:
            raise Refused(f'has no "{name}"')
        _check_field(name, fields[name], shown_as)
    for ask in project.ask:
        if lack := ask.lacks(fields):
            raise Refused(lack)
    use, explanation = raw.get("use"), raw.get("explanation")
    use = "work" if use in (None, "") else use
    _check_use(use)
    gold = None if raw.get("gold") is None else _gold(project, fields, raw["gold"])
    if gold is None and use != "work":
        raise Refused(f'is for {use} but has no "gold" answer')
    if explanation is not None:
        _check_text('"explanation"', explanation, EXPLANATION_CHARACTERS_MAX)
    elif use == "training":
        raise Refused('is for training but has no "explanation"')
    text = _dump(fields)
    return Item(
        external_id=_external_id(raw.get("id"), text),
        use="gold" if use == "work" and gold is not None else str(use),
        fields=text,
        gold=gold,
        explanation=explanation,
    )


def can_be_gold(project: Project, fields: Mapping[str, Any], answer: object) -> bool:
    """Tell whether somebody could give this answer to an item."""
    try:
        gold_of(project, fields, answer)
    except GoldTrouble:
        return False
    return True


def _gold(project: Project, fields: Mapping[str, Any], gold: object) -> str:
    try:
        return _dump(gold_of(project, fields, gold))
    except GoldTrouble as trouble:
        raise Refused(str(trouble)) from trouble


def has_type(value: object, shown_as: str) -> bool:
    """Tell whether a value could be shown so: a list of texts as steps, a text otherwise."""
    if shown_as != "steps":
        return isinstance(value, str)
    return isinstance(value, list) and all(isinstance(step, str) for step in value)


def _check_field(name: str, value: object, shown_as: str) -> None:
    if shown_as == "steps":
        _check_steps(name, value)
    else:
        _check_text(f'"{name}"', value, FIELD_CHARACTERS_MAX)


def _check_steps(name: str, value: object) -> None:
    if not isinstance(value, list):
        raise Refused(f'"{name}" must be a list of texts, not {kind_of(value)}')
    if not 1 <= len(value) <= STEPS_MAX:
        raise Refused(f'"{name}" has {len(value)} steps; there must be 1 to {STEPS_MAX}')
    for number, step in enumerate(value, start=1):
        _check_text(f'step {number} of "{name}"', step, FIELD_CHARACTERS_MAX)
    if sum(map(len, value)) > FIELD_CHARACTERS_MAX:
        raise Refused(f'"{name}" is longer than {FIELD_CHARACTERS_MAX:,} characters, all steps together')


def _check_use(use: Any) -> None:
    if use == "gold":
        raise Refused('has use "gold"; leave "use" out: what has a "gold" answer is a gold item')
    if use not in USES:
        raise Refused(f"has use {quoted(use)}; there are training, exam and work")


def _check_text(what: str, value: object, most: int) -> None:
    if not isinstance(value, str):
        raise Refused(f"{what} must be text, not {kind_of(value)}")
    if not value.strip():
        raise Refused(f"{what} is empty")
    if len(value) > most:
        raise Refused(f"{what} is longer than {most:,} characters")
    if "\0" in value:
        raise Refused(f"{what} holds a NUL character")
    if not is_utf8(value):
        raise Refused(HALF_A_CHARACTER)


def kind_of(value: object) -> str:
    """Say what a value is where another one is expected: a number (7), true, null, a text ("yes"), a list, an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"a text ({quoted(value)})"
    return _KINDS.get(type(value)) or f"a number ({quoted(value)})"


def _dump(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise Refused("holds a number too large to keep") from error
    if not is_utf8(text):
        raise Refused(HALF_A_CHARACTER)
    return text


def _external_id(given: Any, fields: str) -> str:
    """Take the id that the file gives; without one, the fingerprint of the item, so that importing twice adds nothing."""
    if given is None:
        return FINGERPRINT + hashlib.sha256(fields.encode()).hexdigest()[:32]
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise Refused("has an id that is neither text nor a whole number")
    text = str(given).strip()
    if not 1 <= len(text) <= ID_CHARACTERS_MAX:
        raise Refused(f"has an id that is empty or longer than {ID_CHARACTERS_MAX} characters")
    if not text.isprintable():
        raise Refused("has an id with a character that cannot be shown")
    return text


def is_utf8(text: str) -> bool:
    """Tell whether a text could be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
