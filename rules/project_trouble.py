"""What is wrong with a project file, in sentences that name the key and say what to write instead. Nothing here decides what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rules.kinds import KINDS
from rules.pay_table import MONEY_KEYS

_KINDS = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
_WHOLE: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a key that Veritap knows",
    "union_tag_not_found": f"needs a kind: {_KINDS}",
    "union_tag_invalid": f"has an unknown kind; there are {_KINDS}",
    "string_type": 'must be text in quotes, such as "en"',
    "string_unicode": "holds half a character (a lone surrogate)",
    "string_too_short": "is empty",
    "int_type": "must be a whole number, such as 60",
    "float_type": "must be a number, such as 0.75",
    "bool_type": "must be true or false",
    "list_type": "must be a list in square brackets",
    "tuple_type": "must be two numbers in square brackets",
    "dict_type": 'must be a table, such as { correct = "no" }',
    "model_type": "must be a table of keys, not a single value",
    "model_attributes_type": "must be a table of keys, not a single value",
    "finite_number": "must be a number, not nan or inf",
}
_FILLED: Mapping[str, str] = {
    "string_too_long": "is longer than {max_length} characters",
    "too_long": "has {actual_length} entries; at most {max_length} fit",
    "too_short": "has {actual_length} entries; at least {min_length} are needed",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "literal_error": "must be one of {expected}",
}
_MONEY_KEYS = frozenset(f"pay.{key}" for key in MONEY_KEYS)
_MONEY = 'must be money as text in quotes, such as "24.00"'


class ProjectTrouble(ValueError):
    """The project file cannot be used. `lines` says what is wrong, a sentence each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def sentence(trouble: Mapping[str, Any]) -> str:
    """Say one of pydantic's findings (an entry of `ValidationError.errors()`) with its key, list entries counted from 1."""
    where, kind = _where(trouble["loc"]), trouble["type"]
    if kind == "string_type" and (where in _MONEY_KEYS or where.startswith("pay.rates.")):
        return f"{where} {_MONEY}."
    if kind in _WHOLE:
        return f"{where or 'The file'} {_WHOLE[kind]}."
    if kind in _FILLED:
        return f"{where} {_FILLED[kind].format(**trouble['ctx'])}."
    message = trouble["msg"].removeprefix("Value error, ")
    return f"{where}: {message}." if where else f"{message[:1].upper()}{message[1:]}."


def _where(location: tuple[int | str, ...]) -> str:
    steps = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_shown(part)}" for part in location)
    # Pydantic names the kind that it chose for a question; the file has no such key.
    return re.sub(rf"^(ask\[\d+\])\.({'|'.join(KINDS)})(?=\.|$)", r"\1", steps.lstrip("."))


def _shown(key: str) -> str:
    safe = key.encode("utf-8", "replace").decode()
    return safe if len(safe) <= 40 else safe[:39] + "…"
