"""What every kind of question has in common: its keys in a project's file, and the few things that each kind must be able to do.

A kind knows what a tap does to an answer under way, which gold answers somebody could give, and when an answer meets one. It knows nothing
of people, chats or the store; how a question looks is the views' business.
"""

from __future__ import annotations

import abc
import dataclasses
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, field_validator

from rules.parts import Part, Sentence, word

Value = str | int | list[str] | list[dict[str, int]] | dict[str, Any]
"""An answer as it is stored, in JSON; each kind says in its docstring what its own look like."""
Marks = tuple[str, ...]
"""What is ticked, rated or typed for the question asked now, before it is answered."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """One item as it is laid before one student. `flipped`: of two answers to compare, the item's second one is read first."""

    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    flipped: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Marked:
    """The answer is under way."""

    marks: Marks


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """The question is answered."""

    value: Value


class GoldTrouble(ValueError):
    """A gold answer that nobody could give; the text goes on from `gold for "correct" …`."""


class Question(Part, abc.ABC):
    """A question of a project. `when`: asked only after other questions were answered so."""

    COMPARED: ClassVar[bool] = True
    """Whether judgments of an item are held beside each other by this question's answers."""

    id: str
    text: Sentence
    when: dict[str, str | int | list[str | int]] = Field(default={})

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        return word(value, "an id")

    @abc.abstractmethod
    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """Say what a tap does. None when it fits neither the question nor what was marked (an old, repeated or forged tap)."""

    def reopened(self, value: Value, sheet: Sheet) -> Marks:
        """Give the marks from which an answer that is taken back goes on."""
        return ()

    @abc.abstractmethod
    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """Give a gold answer as it is stored. Raise GoldTrouble when nobody could give it."""

    def lacks(self, fields: Mapping[str, Any]) -> str | None:
        """Say why nobody could answer this of an item, in words that go on from its line; None when somebody could."""
        return None

    def meets(self, right: Value, given: Value | None) -> bool:
        """Tell whether an answer agrees with a gold one."""
        return given == right

    def compared(self, value: Value) -> Value:
        """Give the part of an answer in which judgments must agree."""
        return value

    def signs(self, value: Value) -> list[str | int]:
        """Give the words of an answer that another question's `when` may wait for."""
        return [value] if isinstance(value, str | int) else []

    def can_sign(self, sign: object) -> bool:
        """Tell whether `when` may wait for this word."""
        return False

    def shown_fields(self) -> dict[str, str]:
        """Name the fields that this question itself lays before the student, and as what."""
        return {}


def clip(text: str) -> str:
    """Shorten what a sentence repeats of a file, and make it safe to print."""
    safe = text.encode("utf-8", "replace").decode()
    return safe if len(safe) <= 40 else safe[:39] + "…"


def quoted(value: object) -> str:
    """Repeat a value of a file in a sentence."""
    try:
        return clip(json.dumps(value, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return clip(str(value))


def whole(text: str) -> int | None:
    """Read a small whole number from a button; None for anything else."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None
