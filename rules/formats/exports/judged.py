"""What an export is made from: an item with the judgments that may leave the house, what was asked for, and how the columns are called.

Plain values; where they come from is the action's business, and what they become is that of each format.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, Literal

from rules import labels
from rules.kinds import AnyQuestion, Preference, Steps, Value
from rules.labels import Leading, Sure
from rules.project_file import Project


class CannotExport(ValueError):
    """What was asked for does not fit the project; the text is a sentence for whoever asked."""


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """One judgment. `student`: a pseudonym; `correct`: whether a known answer was met; `flipped`: side b was read first."""

    id: int
    student: str
    answers: Mapping[str, Value]
    status: str
    correct: bool | None
    flipped: bool
    shown_ms: int
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str


@dataclasses.dataclass(frozen=True)
class Judged:
    """An item with its judgments, without those of students who withdrew their consent. `use`, `gold`: only written when asked for.

    `beliefs`: what the project's models make of the counted ones, by modelled question, and what was ruled; before the first fit only
    the latter. `status`: open, settled, unsure, or adjudicated; empty where nothing is modelled.
    """

    project: Project
    external_id: str
    use: str
    fields: Mapping[str, Any]
    gold: Mapping[str, Value] | None
    given: tuple[Given, ...]
    is_settled: bool
    beliefs: Mapping[str, Sure] = dataclasses.field(default_factory=dict)
    status: str = ""

    @functools.cached_property
    def counted(self) -> tuple[Given, ...]:
        """The judgments on which a label rests."""
        return tuple(one for one in self.given if one.status == "counted")

    @functools.cached_property
    def leading(self) -> dict[str, Leading]:
        """What they say, for each question."""
        return labels.of_item(self.project, [one.answers for one in self.counted], self.beliefs)

    @property
    def least_sure(self) -> Sure | None:
        """What is said of the least certain label that has a confidence; of equal ones, the first."""
        found = [
            one.sure
            for one in self.leading.values()
            if one.sure is not None and one.sure.confidence is not None
        ]
        return min(found, key=lambda sure: sure.confidence or 0.0, default=None)

    def text(self, fields: tuple[str, ...]) -> str:
        """Give the texts of some fields, a blank line between them; steps stand a line each."""
        return "\n\n".join(as_text(self.fields.get(name)) for name in fields)


def as_text(value: object) -> str:
    """Write a field's value as one text."""
    return "\n".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


@dataclasses.dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for beside the format. An empty word, or 0, leaves the choice to the format.

    `question`: the id of the one to export; `prompt`, `completion`: fields of the item; `good`: the options of a choice that mean a good
    completion, all others meaning a bad one.
    """

    with_gold: bool = False
    least_judgments: int = 0
    settled_only: bool = False
    question: str = ""
    prompt: tuple[str, ...] = ()
    completion: str = ""
    good: tuple[str, ...] = ()
    licence: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What will be written of a project: the wishes, and what the format made of them. `good`, `bad`: options of the question."""

    project: Project
    wishes: Wishes
    question: AnyQuestion | None = None
    prompt: tuple[str, ...] = ()
    completion: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    @property
    def preference(self) -> Preference:
        """The question that compares two answers, in a format that needs one."""
        assert isinstance(self.question, Preference)
        return self.question

    @property
    def steps(self) -> Steps:
        """The question that rates steps, in a format that needs one."""
        assert isinstance(self.question, Steps)
        return self.question

    def leading(self, item: Judged) -> Value | None:
        """Give the leading answer to the question of this plan."""
        assert self.question is not None
        return item.leading[self.question.id].value


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that a file does not hold, and why."""

    why: str


Row = dict[str, Any]
Rows = list[Row] | LeftOut
TIED = LeftOut("no answer leads")
UNSETTLED = LeftOut("not settled yet")
Type = Literal["text", "int", "float", "bool", "texts", "bools", "moment", "object", "null"]


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, for the metadata, tables and Parquet. An "object" is JSON, which a table holds as a text;
    "null" is always null."""

    name: str
    type: Type
    words: str
