"""`span`: the words that are wrong, quoted by picking their sentence or line."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from rules.kinds.base import Answered, GoldTrouble, Marked, Marks, Question, Sheet, Value, quoted, whole
from rules.parts import FieldName

Unit = Literal["sentence", "line"]
Place = tuple[int, int]

_LINE = re.compile(r"[^\n]+")
# A row of signs is tried once, at its first one, and never by halves: else a long one takes minutes.
_SENTENCE_END = re.compile(
    r"(?<![.!?…。！？؟।])[.!?…。！？؟।]++[\"'”’»)\]*_]*+(?=\s)|(?<![。！？।])[。！？।]++"
)
_NOT_AN_END = re.compile(r"(?:^|[\s(])(?:[A-Za-z]|e\.g|i\.e|cf|vs|Mr|Mrs|Ms|Dr|Prof|Fig|Eq|No|approx)\.$")
_NUMBERED = re.compile(r"\d{1,3}\.\Z")
LOOKED_BACK = 12
"""More characters than any of those abbreviations has."""


class Span(Question):
    """One or more sentences or lines of a shown field.

    Its answer lists their places, in code points of the field's text: [{"start": 12, "end": 40}]; none at all when `at_least` is 0. A
    gold answer is a quote from the field, or a list of quotes; it is met when what was picked touches one of them and nothing but them.
    """

    kind: Literal["span"]
    field: FieldName
    unit: Unit = "sentence"
    at_least: int = Field(default=1, ge=0, le=10)
    at_most: int = Field(default=1, ge=1, le=50)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most is {self.at_most}, below at_least, which is {self.at_least}")
        return self

    def places(self, fields: Mapping[str, Any]) -> list[Place]:
        """Give where each sentence or line of the field begins and ends."""
        return list(places(str(fields.get(self.field, "")), self.unit))

    def tap(self, sheet: Sheet, marks: Marks, operation: str) -> Marked | Answered | None:
        """`t2+` and `t2-`: pick or drop the third one; `d`: done. Where only one can be picked, picking it answers."""
        found = self.places(sheet.fields)
        if operation == "d" and self.at_least <= len(marks):
            return Answered(_spans(found, marks))
        index = whole(operation[1:-1])
        if operation[:1] != "t" or operation[-1:] not in ("+", "-") or index is None:
            return None
        if not 0 <= index < len(found):
            return None
        picked = {int(mark) for mark in marks}
        picked = picked | {index} if operation.endswith("+") else picked - {index}
        if len(picked) > self.at_most:
            return None
        kept = tuple(str(one) for one in sorted(picked))
        if self.at_most == 1 and kept:
            return Answered(_spans(found, kept))
        return Marked(kept)

    def reopened(self, value: Value, sheet: Sheet) -> Marks:
        """All that were picked; where one pick answers, none."""
        picked = _places_of(value) if self.at_most > 1 else []
        return tuple(str(index) for index, place in enumerate(self.places(sheet.fields)) if place in picked)

    def gold(self, value: object, fields: Mapping[str, Any]) -> Value:
        """A quote of the field or a list of quotes; stored as the places of their sentences or lines."""
        quotes = value if isinstance(value, list) else [value]
        found = self.places(fields)
        if not quotes and self.at_least == 0:
            return []
        if not 1 <= len(quotes) <= self.at_most:
            raise GoldTrouble(f"must be a quote, or a list of 1 to {self.at_most} quotes")
        touched = {
            index for quote in quotes for index in _touched(found, str(fields.get(self.field, "")), quote)
        }
        if len(touched) < self.at_least:
            raise GoldTrouble(
                f"names {len(touched)} of the field's {self.unit}s; at least {self.at_least} are to be picked"
            )
        return _spans(found, tuple(str(index) for index in sorted(touched)))

    def lacks(self, fields: Mapping[str, Any]) -> str | None:
        """Too few sentences or lines."""
        count = len(self.places(fields))
        if count >= self.at_least:
            return None
        return f'has {count} of the {self.at_least} {self.unit}s in "{self.field}" that "{self.id}" asks for'

    def meets(self, right: Value, given: Value | None) -> bool:
        """Every picked place lies in what is right, and something is picked; with nothing right, nothing is."""
        wanted, picked = _places_of(right), _places_of(given)
        if not wanted or not picked:
            return not wanted and not picked
        return all(any(_overlap(one, other) for other in wanted) for one in picked)


def _places_of(value: Value | None) -> list[Place]:
    if not isinstance(value, list):
        return []
    return [(one["start"], one["end"]) for one in value if isinstance(one, dict)]


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _touched(found: list[Place], text: str, quote: object) -> list[int]:
    if isinstance(quote, dict) and isinstance(quote.get("start"), int) and isinstance(quote.get("end"), int):
        place = (quote["start"], quote["end"])
    elif isinstance(quote, str) and quote.strip() and quote.strip() in text:
        start = text.index(quote.strip())
        place = (start, start + len(quote.strip()))
    else:
        raise GoldTrouble(f"is {quoted(quote)}, which the field does not say word for word")
    touched = [index for index, one in enumerate(found) if _overlap(one, place)]
    if not touched:
        raise GoldTrouble(f"is {quoted(quote)}, which lies outside the field's text")
    return touched


def _spans(found: list[Place], marks: Marks) -> list[dict[str, int]]:
    return [{"start": found[int(mark)][0], "end": found[int(mark)][1]} for mark in marks]


@functools.lru_cache(maxsize=256)
def places(text: str, unit: str) -> tuple[Place, ...]:
    """Cut a text into sentences or lines: where each begins and ends, white space around it left out. Nothing else is left out.

    What nobody would quote alone, such as an emoji or the fence of a block of code, stays with the sentence or line beside it.
    """
    found: list[Place] = []
    has_said = True
    for line in _LINE.finditer(text):
        is_fence = _is_fence(line.group())
        cuts = [line.start(), *(_ends(line.group(), line.start()) if unit == "sentence" else []), line.end()]
        for start, end in itertools.pairwise(cuts):
            words = text[start:end]
            left = start + len(words) - len(words.lstrip())
            right = end - (len(words) - len(words.rstrip()))
            if left >= right:
                continue
            says = _says_something(text[left:right])
            if found and not (has_said and says):
                found[-1] = (found[-1][0], right)
                has_said = has_said or (says and not is_fence)
            else:
                found.append((left, right))
                has_said = says
    return tuple(found)


def _says_something(words: str) -> bool:
    return not _is_fence(words) and any(sign.isalnum() for sign in words)


def _is_fence(line: str) -> bool:
    return line.lstrip().startswith(("```", "~~~"))


def _ends(line: str, offset: int) -> list[int]:
    first = len(line) - len(line.lstrip())
    ends = (match.end() for match in _SENTENCE_END.finditer(line))
    return [
        offset + end
        for end in ends
        if not _NOT_AN_END.search(line[max(0, end - LOOKED_BACK) : end])
        and not _NUMBERED.match(line, first, end)
    ]
