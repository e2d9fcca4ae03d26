"""The outcomes of a tap on a task card: a closed union, matched by the handler that answers it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from actions.practice import Exercise
from actions.projects import Project
from actions.standings import PracticeEnded
from actions.work import Card, Next
from rules.kinds import Value


@dataclasses.dataclass(frozen=True, slots=True)
class Stepped:
    """The answer goes on: another question, tick or page of the same card."""

    card: Card


@dataclasses.dataclass(frozen=True, slots=True)
class Typed:
    """Words were typed for the open card. `trouble`: "" when they stand on it now, else not_text, short or long; `length` in characters."""

    card: Card
    trouble: str
    length: int


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """The answer is in the books; `next` is what follows."""

    credited_ms: int
    amount_micro: int
    currency: str
    next: Next


@dataclasses.dataclass(frozen=True, slots=True)
class Explained:
    """A training answer is in the books, and this is what was right and why.

    `exercise`: it was practice, of a student for whom the project is paused; `ended`: what the practice brought, after its last item.
    """

    project: Project
    fields: str
    correct: bool
    gold: Mapping[str, Value]
    flipped: bool
    explanation: str
    credited_ms: int
    amount_micro: int
    currency: str
    place: int
    of: int
    exercise: Exercise | None = None
    ended: PracticeEnded | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ExamEnded:
    """The exam's last answer is in the books, and this is how it went."""

    project: Project
    passed: bool
    right: int
    of: int
    needed: int
    retry_ms: int | None
    credited_ms: int
    amount_micro: int
    currency: str
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """The item was left unanswered; `how`: skipped or flagged."""

    how: str
    next: Next


@dataclasses.dataclass(frozen=True, slots=True)
class Noted:
    """The problem was noted; the item is to be answered all the same."""

    card: Card


@dataclasses.dataclass(frozen=True, slots=True)
class Undone:
    """The answer before was taken back, with its pay, and lies open again."""

    card: Card


@dataclasses.dataclass(frozen=True, slots=True)
class CannotUndo:
    """There is nothing to undo any more."""

    card: Card


@dataclasses.dataclass(frozen=True, slots=True)
class AlreadyJudged:
    """This card was answered before; nothing changes."""

    project: Project
    fields: str
    answers: Mapping[str, Value]
    flipped: bool


@dataclasses.dataclass(frozen=True, slots=True)
class AlreadyLeft:
    """This card was skipped or flagged before; nothing changes."""


@dataclasses.dataclass(frozen=True, slots=True)
class OldCard:
    """The tap does not fit how the card stands now; this is how it stands."""

    card: Card


@dataclasses.dataclass(frozen=True, slots=True)
class LeaseEnded:
    """The item was given to somebody else meanwhile; `next` is what follows."""

    next: Next


@dataclasses.dataclass(frozen=True, slots=True)
class ProjectEnded:
    """The project has closed and this item's time has run out."""

    project: Project


Outcome = (
    Stepped
    | Recorded
    | Explained
    | ExamEnded
    | Left
    | Noted
    | Undone
    | CannotUndo
    | AlreadyJudged
    | AlreadyLeft
    | OldCard
    | LeaseEnded
    | ProjectEnded
)
