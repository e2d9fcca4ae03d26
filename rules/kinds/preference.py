"""`preference`: two answers, and which of them is better. Which one is read first is drawn for each assignment and recorded with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value, quoted
from rules.parts import FieldName

Markup = Literal["plain", "markdown", "code"]


class Preference(Question):
    """Which of two answers is better. Its answer names the item's side, whatever order was shown: "a", "b", "tie" or "both_bad"."""

    kind: Literal["preference"]
    a: FieldName
    b: FieldName
    shown_as: Markup = Field(default="markdown", alias="as")
    tie: bool = True
    both_bad: bool = True

    @model_validator(mode="after")
    def _two_fields(self) -> Self:
        if self.a == self.b:
            raise ValueError(f'a and b are both "{self.a}"; name the two fields that hold the two answers')
        return self

    @property
    def offered(self) -> list[str]:
        """What can be answered, in the order of the buttons."""
        return ["a", "b", *["tie"] * self.tie, *["both_bad"] * self.both_bad]

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`w1`: the one read first is better; `w2`: the other one; `wt`: a tie; `wb`: both are bad."""
        places = ("b", "a") if sheet.flipped else ("a", "b")
        meant = {"w1": places[0], "w2": places[1], "wt": "tie", "wb": "both_bad"}.get(operation)
        return Answered(meant) if meant in self.offered else None

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """One of what is offered."""
        if not isinstance(value, str) or value not in self.offered:
            raise GoldTrouble(f"is {quoted(value)}; it can be {', '.join(self.offered)}")
        return value

    def can_sign(self, sign: object) -> bool:
        """Any of what is offered."""
        return isinstance(sign, str) and sign in self.offered

    def shown_fields(self) -> dict[str, str]:
        """The two answers."""
        return {self.a: self.shown_as, self.b: self.shown_as}
