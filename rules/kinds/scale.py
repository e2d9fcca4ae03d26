"""`scale`: a whole number between two labelled ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value, quoted, whole
from rules.parts import Label

STEPS_MAX = 10


class Scale(Question):
    """A whole number from `low` to `high`; a gold answer is met within `tolerance`. Its answer is the number: 4."""

    kind: Literal["scale"]
    low: int = Field(default=1, ge=-10, le=100)
    high: int = Field(default=5, ge=-10, le=100)
    low_label: Label
    high_label: Label
    tolerance: int = Field(default=0, ge=0, le=STEPS_MAX)

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not 1 <= self.high - self.low < STEPS_MAX:
            raise ValueError(f"a scale needs 2 to {STEPS_MAX} steps, from low up to high")
        return self

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`v4`: four."""
        value = whole(operation[1:])
        if operation[:1] == "v" and value is not None and self.can_sign(value):
            return Answered(value)
        return None

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """A number of the scale."""
        if isinstance(value, list | dict):
            raise GoldTrouble("must be one value")
        if not isinstance(value, int) or not self.can_sign(value):
            raise GoldTrouble(
                f"is {quoted(value)}; the scale has whole numbers from {self.low} to {self.high}"
            )
        return value

    def meets(self, right: Value, given: Value | None) -> bool:
        """No further away than `tolerance`."""
        return isinstance(given, int) and isinstance(right, int) and abs(given - right) <= self.tolerance

    def can_sign(self, sign: object) -> bool:
        """Any number of the scale."""
        return isinstance(sign, int) and not isinstance(sign, bool) and self.low <= sign <= self.high
