"""`steps`: a chain of reasoning, checked step by step. The ratings and the ways to end are those of PRM800K (Lightman et al., 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value, quoted, whole
from rules.parts import FieldName

STEPS_MAX = 100
RATINGS = {"+": 1, "o": 0, "-": -1}
ENDS = ("found_error", "solution", "bad_problem", "give_up")
_LEFT = {"xb": "bad_problem", "xg": "give_up"}


class Steps(Question):
    """Each step good, neutral or wrong, a tap a step; by default it ends at the first wrong one.

    Its answer: {"ratings": [1, 0, -1], "end": "found_error"}, with the steps rated only. `end`: found_error, solution (no step is
    wrong), bad_problem or give_up. A gold answer is the index of the first wrong step counted from 0, -1 for none, as in ProcessBench,
    or "bad_problem"; it is met by the same one, or by a step at most `tolerance` away from it.
    """

    kind: Literal["steps"]
    field: FieldName
    stop_at_error: bool = True
    neutral: bool = True
    tolerance: int = Field(default=0, ge=0, le=10)

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`k3+`, `k3o`, `k3-`: the fourth step, which must be the next, is good, neutral, wrong; `xb`, `xg`: bad problem, I give up."""
        if operation in _LEFT:
            return Answered(_result(marks, _LEFT[operation]))
        rating, place = operation[-1:], whole(operation[1:-1])
        if operation[:1] != "k" or rating not in RATINGS or (rating == "o" and not self.neutral):
            return None
        count = len(self.steps(sheet.fields))
        if place != len(marks) or place >= count:
            return None
        rated = (*marks, rating)
        if rating == "-" and self.stop_at_error:
            return Answered(_result(rated, "found_error"))
        if len(rated) < count:
            return Marked(rated)
        return Answered(_result(rated, "found_error" if "-" in rated else "solution"))

    def steps(self, fields: Mapping[str, Any]) -> list[str]:
        """Give the steps of an item."""
        found = fields.get(self.field)
        return found if isinstance(found, list) else []

    def reopened(self, value: Value, sheet: Sheet) -> Marks:
        """All ratings but the last; when the chain was left at its problem, all of them."""
        if not isinstance(value, dict):
            return ()
        words = {number: sign for sign, number in RATINGS.items()}
        marks = tuple(words[rating] for rating in value["ratings"])
        return marks if value["end"] in _LEFT.values() else marks[:-1]

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """The index of the first wrong step, -1 for none, or "bad_problem"."""
        if value == "bad_problem":
            return "bad_problem"
        count = len(self.steps(fields))
        if isinstance(value, bool) or not isinstance(value, int) or not -1 <= value < count:
            raise GoldTrouble(
                f"is {quoted(value)}; it is the first wrong step counted from 0 (there are {count}), "
                '-1 when none is wrong, or "bad_problem"'
            )
        return value

    def meets(self, right: Value, given: Value | None) -> bool:
        """The same first wrong step, or one near enough."""
        found = self.compared(given) if isinstance(given, dict) else None
        if isinstance(right, int) and isinstance(found, int) and right >= 0 and found >= 0:
            return abs(right - found) <= self.tolerance
        return found == right

    def compared(self, value: Value) -> Value:
        """The index of the first wrong step, -1 for none, "bad_problem" or "give_up"."""
        if not isinstance(value, dict):
            return value
        ratings: list[int] = value["ratings"]
        if value["end"] in _LEFT.values():
            return str(value["end"])
        return ratings.index(-1) if -1 in ratings else -1

    def signs(self, value: Value) -> list[str | int]:
        """How it ended."""
        return [value["end"]] if isinstance(value, dict) else []

    def can_sign(self, sign: object) -> bool:
        """Any of the ends."""
        return sign in ENDS


def _result(marks: Marks, end: str) -> Value:
    return {"ratings": [RATINGS[mark] for mark in marks], "end": end}
