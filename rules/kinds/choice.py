"""`choice`: exactly one of a few options, a button each. `tags`: several of them, then Done; or one, in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value, quoted, whole
from rules.parts import Option, no_twins

OPTIONS_MAX = 12
TAGS_MAX = 20


class Choice(Question):
    """Exactly one of a few options. Its answer is the option's value: "no"."""

    kind: Literal["choice"]
    options: list[Option] = Field(min_length=2, max_length=OPTIONS_MAX)
    _twins = field_validator("options")(no_twins)

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`o3`: the fourth option."""
        index = whole(operation[1:])
        if operation[:1] == "o" and index is not None and 0 <= index < len(self.options):
            return Answered(self.options[index].value)
        return None

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """One of the options' values."""
        return one_of(self.options, value)

    def can_sign(self, sign: object) -> bool:
        """Any option's value."""
        return _offers(self.options, sign)


class Tags(Question):
    """From `at_least` to `at_most` options; where one is the most, ticking it answers.

    Its answer lists their values in the project's order: ["logic"].
    """

    COMPARED: ClassVar[bool] = False

    kind: Literal["tags"]
    options: list[Option] = Field(min_length=1, max_length=TAGS_MAX)
    at_least: int = Field(default=1, ge=0, le=TAGS_MAX)
    at_most: int = Field(default=TAGS_MAX, ge=1, le=TAGS_MAX)
    _twins = field_validator("options")(no_twins)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.at_least > len(self.options):
            raise ValueError(f"at_least is {self.at_least}, but there are only {len(self.options)} options")
        if self.at_most < self.at_least:
            raise ValueError(f"at_most is {self.at_most}, below at_least, which is {self.at_least}")
        return self

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`t2+` and `t2-`: tick or untick the third tag; `d`: done."""
        if operation == "d" and len(marks) >= self.at_least:
            return Answered(list(marks))
        index = whole(operation[1:-1])
        if operation[:1] != "t" or operation[-1:] not in ("+", "-"):
            return None
        if index is None or not 0 <= index < len(self.options):
            return None
        value = self.options[index].value
        wanted = set(marks) | {value} if operation.endswith("+") else set(marks) - {value}
        # The order is the project's, so that the same ticks are the same answer.
        kept = [one.value for one in self.options if one.value in wanted]
        if len(kept) > self.at_most:
            return None
        return Answered(kept) if self.at_most == 1 and kept else Marked(tuple(kept))

    def reopened(self, value: Value, sheet: Sheet) -> Marks:
        """All that was ticked; where one tick answers, none."""
        return tuple(str(one) for one in value) if isinstance(value, list) and self.at_most > 1 else ()

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """A list of values; an answer meets it with one of them."""
        if not isinstance(value, list):
            raise GoldTrouble("must be a list of values")
        most = min(self.at_most, len(self.options))
        if not self.at_least <= len(value) <= most:
            raise GoldTrouble(f"must be a list of {self.at_least} to {most} values")
        return [one_of(self.options, part) for part in value]

    def meets(self, right: Value, given: Value | None) -> bool:
        """One tag in common; a gold of no tags is met by no tags."""
        wanted = right if isinstance(right, list) else []
        ticked = given if isinstance(given, list) else []
        return any(tag in ticked for tag in wanted) if wanted else not ticked

    def signs(self, value: Value) -> list[str | int]:
        """Each tag."""
        return [str(one) for one in value] if isinstance(value, list) else []

    def can_sign(self, sign: object) -> bool:
        """Any tag's value."""
        return _offers(self.options, sign)


def _offers(options: list[Option], value: object) -> bool:
    return isinstance(value, str) and any(value == option.value for option in options)


def one_of(options: list[Option], value: object) -> str:
    """Give a value that one of the options has; raise GoldTrouble otherwise."""
    if isinstance(value, list | dict):
        raise GoldTrouble("must be one value")
    if not _offers(options, value):
        offered = ", ".join(option.value for option in options)
        raise GoldTrouble(f"is {quoted(value)}; the options are {offered}")
    return str(value)
