"""What can come next for a student: a card, the end of a set, a break, or the reason why there is nothing just now. Plain values."""

from __future__ import annotations

import dataclasses
import functools
import json

from actions.projects import Project
from actions.standings_told import Paused, Removed
from rules.answers import Draft, question_now
from rules.card import Layout, laid_out
from rules.kinds import AnyQuestion, Sheet, Steps
from rules.rulings import Answers, Side


@dataclasses.dataclass(frozen=True)
class Card:
    """A task as it lies before a student. `stage`: training, exam, practice or work; nothing here tells gold from work.

    What follows from it is looked up once.
    """

    project: Project
    token: str
    step: int
    stage: str
    fields: str
    draft: Draft
    page: int
    pages_seen: int
    place: int
    of: int
    today_micro: int
    currency: str
    flipped: bool = False
    is_rich: bool = False

    @functools.cached_property
    def question(self) -> AnyQuestion | None:
        """The question asked now; None when the answer is complete."""
        return question_now(self.project.rules, self.draft)

    @functools.cached_property
    def sheet(self) -> Sheet:
        """The item as the rules of its questions see it."""
        return Sheet(json.loads(self.fields), self.flipped)

    @functools.cached_property
    def layout(self) -> Layout:
        """The item's pages, for the question asked now."""
        return laid_out(
            self.project.definition,
            self.fields,
            flipped=self.flipped,
            is_rich=self.is_rich,
            ask=self.question,
        )

    @property
    def read_to(self) -> int:
        """The furthest page that counts as read: the furthest one opened; of a chain that was judged nothing is left to read."""
        is_judged = any(isinstance(self.project.rules.asked(one), Steps) for one in self.draft.answers)
        if is_judged and not isinstance(self.question, Steps):
            return self.layout.last
        return self.pages_seen

    def on_a_page(self) -> Card:
        """Give the card opened on a page that there is: its form may be another than when the page was opened, with more pages or fewer.

        A chain opens where it is rated; what leads there was read in the other form.
        """
        last, page, seen = self.layout.last, self.page, self.pages_seen
        if isinstance(self.question, Steps) and self.draft.marks:
            place = self.layout.begin_of(len(self.draft.marks))
            if page > last or seen < place:
                page, seen = place, max(seen, place)
        page = min(page, last)
        if (page, seen) == (self.page, self.pages_seen):
            return self
        return dataclasses.replace(self, page=page, pages_seen=seen)


@dataclasses.dataclass(frozen=True, slots=True)
class SetEnded:
    """A set of items is done; what it brought, and what the week has brought."""

    project: Project
    done: int
    credited_ms: int
    amount_micro: int
    currency: str
    week_credited_ms: int
    week_amount_micro: int


@dataclasses.dataclass(frozen=True, slots=True)
class StageBegins:
    """Before training or the exam: how many items, how long, what it pays a student with their degree, the pass mark."""

    project: Project
    stage: str
    passed_training: bool
    degree: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ExamToRetry:
    """The exam was not passed; it can be taken again from a moment on."""

    project: Project
    retry_ms: int
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class NothingNow:
    """There is no item. `why`: none_left, paused, closed, standing."""

    project: Project
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class BreakDue:
    """A student has worked for long without a break. Nothing lies open until they go on. `done`, `of`: their place in the set."""

    project: Project
    done: int
    of: int
    today_micro: int
    currency: str


@dataclasses.dataclass(frozen=True, slots=True)
class SecondLook:
    """A disputed item that a senior student has just judged, beside what others answered; they may rule on it, or go on.

    `questions`: what is in dispute; `own`: their answers by question; `sides`: those of the others, without names; `is_rich`: they are
    served rich messages.
    """

    project: Project
    token: str
    fields: str
    flipped: bool
    questions: tuple[str, ...]
    own: Answers
    sides: tuple[Side, ...]
    is_rich: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class ChooseProject:
    """The student works on several projects, or on none."""


Next = (
    Card
    | SecondLook
    | SetEnded
    | BreakDue
    | StageBegins
    | ExamToRetry
    | NothingNow
    | ChooseProject
    | Paused
    | Removed
)
