"""Known answers as other formats write them, into a gold answer of the project's own: words for true and false, numbers in cells, lists."""

from __future__ import annotations

import json
from typing import Any

from rules.formats.exports.formats import BAD_WORDS, GOOD_WORDS
from rules.kinds import AnyQuestion, Choice, Scale, Steps, Tags
from rules.project_file import Project


def verdict(project: Project, *, good: bool) -> dict[str, Any] | None:
    """Make a known answer of true or false: for the first question that offers one word for each. None when no question does."""
    for ask in project.ask:
        if isinstance(ask, Choice) and not ask.when:
            right, wrong = _offered(ask, GOOD_WORDS), _offered(ask, BAD_WORDS)
            if right is not None and wrong is not None:
                return {ask.id: right if good else wrong}
    return None


def _offered(ask: Choice, words: frozenset[str]) -> str | None:
    found = [option.value for option in ask.options if option.value.casefold() in words]
    return found[0] if len(found) == 1 else None


def as_answer(ask: AnyQuestion | None, value: Any) -> Any:
    """Read a value as an answer to a question, as far as that needs no guessing; whether it is one is checked afterwards."""
    if isinstance(ask, Choice):
        return _as_option(ask, value)
    if isinstance(ask, Tags):
        return _as_list(value)
    if isinstance(ask, Scale | Steps):
        return _as_number(value)
    return _as_json_list(value)


def _as_option(ask: Choice, value: Any) -> Any:
    if isinstance(value, bool):
        word = _offered(ask, GOOD_WORDS if value else BAD_WORDS)
        return value if word is None else word
    if isinstance(value, int):
        return str(value) if -(10**9) < value < 10**9 else value
    return value.strip() if isinstance(value, str) else value


def _as_number(value: Any) -> Any:
    digits = value.strip() if isinstance(value, str) else ""
    bare = digits.removeprefix("-")
    return int(digits) if bare.isascii() and bare.isdigit() and len(bare) <= 9 else (digits or value)


def _as_list(value: Any) -> Any:
    found = _as_json_list(value)
    if isinstance(found, str):
        return [part.strip() for part in found.split(",") if part.strip()]
    return found


def _as_json_list(value: Any) -> Any:
    """Read a JSON list that a cell holds; any other value is what it is."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return found if isinstance(found, list) else value
    return value
