"""Leniency: whether somebody finds more right, or rates higher, than others do on the very same items. It is for the student to know, and
decides nothing."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

from rules.kinds import AnyQuestion, Choice, Scale, Steps, Value
from rules.project_file import Project

ITEMS_LEAST = 20
"""Fewer items than this, answered by others too, say nothing about a person."""
BEYOND_CHANCE_Z = 2.5758293035489
"""The 99.5th percentile of the normal distribution: as seldom as once in a hundred may chance alone make a figure look like a habit."""
NONE_WRONG = -1

Answers = Mapping[str, Value]


@dataclasses.dataclass(frozen=True, slots=True)
class Leniency:
    """How somebody answers beside others on the same items.

    `mine`, `theirs`: the share of the milder answer, 0 to 1, or the mean rating; `items`: on which that rests. `beyond_chance`: the paired
    differences are further from zero than chance explains at one in a hundred.
    """

    question: str
    mine: float
    theirs: float
    items: int
    beyond_chance: bool

    @property
    def is_milder(self) -> bool:
        """Whether it leans to the milder answer or the higher rating."""
        return self.mine > self.theirs


def questions(project: Project) -> list[Choice | Scale | Steps]:
    """List the questions that can be answered mildly: ratings, chains of steps, and choices between two."""
    return [
        ask
        for ask in project.ask
        if (isinstance(ask, Scale | Steps) or (isinstance(ask, Choice) and len(ask.options) == 2))
        and not ask.when
    ]


def measure(project: Project, pairs: Sequence[tuple[Answers, Sequence[Answers]]]) -> list[Leniency]:
    """Compare a person's answers with others' to the same items, question by question; too few items tell nothing.

    `pairs`: per item, the person's answer and those of others. Each item weighs the same, however many answered it.
    """
    found = []
    for ask in questions(project):
        differences, mine, theirs = [], 0.0, 0.0
        for own, others in pairs:
            given = _figure(ask, own.get(ask.id))
            peers = [figure for one in others if (figure := _figure(ask, one.get(ask.id))) is not None]
            if given is None or not peers:
                continue
            mean = sum(peers) / len(peers)
            differences.append(given - mean)
            mine, theirs = mine + given, theirs + mean
        count = len(differences)
        if count >= ITEMS_LEAST:
            found.append(Leniency(ask.id, mine / count, theirs / count, count, is_beyond_chance(differences)))
    return found


def _figure(ask: AnyQuestion, value: Value | None) -> float | None:
    """Give an answer as a figure, the milder the larger. None when there is none, or it says neither."""
    match ask:
        case Scale():
            return float(value) if isinstance(value, int) else None
        case Choice():
            return None if value is None else float(value == ask.options[0].value)
    found = None if value is None else ask.compared(value)
    return float(found == NONE_WRONG) if isinstance(found, int) else None


def is_beyond_chance(differences: Sequence[float]) -> bool:
    """Tell whether paired differences stray from zero further than chance explains (a paired z-test)."""
    count = len(differences)
    mean = sum(differences) / count
    variance = sum((one - mean) ** 2 for one in differences) / (count - 1)
    if variance == 0.0:
        return mean != 0.0
    return abs(mean) / math.sqrt(variance / count) > BEYOND_CHANCE_Z
