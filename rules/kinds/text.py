"""`text`: words that the student types: a reason, a corrected step. What is typed is shown, and then kept with Done."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value

CHARACTERS_MAX = 2000
"""A card shows the item, the question and what was typed in one message."""
ACCEPTED_MAX = 20
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs, says Unicode, that show nothing."""
GOLD_CHARACTERS_MAX = 300
"""Comparing two texts costs the product of their lengths."""


class TextAnswer(Question):
    """Some words, from `least` to `most` characters; "" when it is not `required` and was left out.

    A gold answer is a text, or a list of accepted ones. Case, spaces and punctuation do not count; of the other characters a share of
    `tolerance` may differ.
    """

    COMPARED: ClassVar[bool] = False

    kind: Literal["text"]
    required: bool = False
    least: int = Field(default=1, ge=1, le=CHARACTERS_MAX)
    most: int = Field(default=500, ge=1, le=CHARACTERS_MAX)
    tolerance: float = Field(default=0.0, ge=0.0, le=0.5)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most < self.least:
            raise ValueError(f"most is {self.most}, below least, which is {self.least}")
        return self

    def typed(self, text: str) -> str | None:
        """Give what was typed as it will be kept: without white space around it. None when it is too short or too long."""
        kept = trimmed(text)
        return kept if self.least <= len(kept) <= self.most else None

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`d`: keep what was typed; `n`: leave it out; `c`: forget what was typed."""
        if operation == "d" and marks:
            return Answered(marks[0])
        if operation == "n" and not self.required:
            return Answered("")
        return Marked(()) if operation == "c" and marks else None

    def reopened(self, value: Value, sheet: Sheet) -> Marks:
        """What was typed."""
        return (value,) if isinstance(value, str) and value else ()

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """One text or a list of accepted ones."""
        accepted = value if isinstance(value, list) else [value]
        if not 1 <= len(accepted) <= ACCEPTED_MAX:
            raise GoldTrouble(f"must be a text, or a list of 1 to {ACCEPTED_MAX} texts that are accepted")
        kept = [self._accepted(one) for one in accepted]
        return kept if isinstance(value, list) else kept[0]

    def _accepted(self, one: object) -> str:
        if not isinstance(one, str):
            raise GoldTrouble("must be a text, or a list of texts that are accepted")
        if self.typed(one) is None or len(one) > GOLD_CHARACTERS_MAX:
            most = min(self.most, GOLD_CHARACTERS_MAX)
            raise GoldTrouble(f"must have {self.least} to {most} characters; nobody could type another")
        return one.strip()

    def meets(self, right: Value, given: Value | None) -> bool:
        """Like one of the accepted texts, but for case, spaces, punctuation and a few characters."""
        if not isinstance(given, str):
            return False
        accepted = right if isinstance(right, list) else [right]
        return any(_alike(str(one), given, self.tolerance) for one in accepted)


def trimmed(text: str) -> str:
    """Give a text without white space around it, and with nothing that could not be kept; one that shows nothing at all is empty."""
    kept = text.encode("utf-8", "replace").decode().replace("\0", "").strip()
    shows = (sign not in BLANKS and unicodedata.category(sign)[0] not in "CZ" for sign in kept)
    return kept if any(shows) else ""


def _alike(right: str, given: str, tolerance: float) -> bool:
    wanted, found = folded(right), folded(given)
    allowed = int(len(wanted) * tolerance)
    if abs(len(wanted) - len(found)) > allowed:
        return False
    return wanted == found or (allowed > 0 and distance(wanted, found) <= allowed)


@functools.lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """Give the letters, digits and mathematical signs of a text in one case; what is left of a text of punctuation is itself."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LNMS")
    return kept or "".join(plain.split())


def distance(one: str, other: str) -> int:
    """Count the characters to insert, drop or replace to make one text the other (Levenshtein, by rows)."""
    row = list(range(len(other) + 1))
    for place, sign in enumerate(one, start=1):
        before, row[0] = row[0], place
        for column, against in enumerate(other, start=1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (sign != against)),
            )
    return row[-1]
