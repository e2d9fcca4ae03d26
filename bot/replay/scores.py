"""What a replay comes to: how much is right, at what cost, whether what is told can be believed, and whom it stopped. Arithmetic on
results; nothing is drawn and nobody is asked here."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.replay.protocol import Result
from bot.replay.recording import Answer

HIGH = 0.90
"""From this confidence on a label is told as a good one."""
BINS = 10
USEFUL = 0.35
"""Whose balanced accuracy is this share of the way from guessing to perfect does useful work."""
NINETY_PERCENT = 1.645
SEEN_LEAST = 3
"""Nobody can be stopped before so many answers."""
JUDGED_LEAST = 10
"""With fewer answers in the whole recording, nobody is called good or bad."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay left behind. `results`: what was said of each ordinary item, and its truth. `paid`: answers by person."""

    results: Sequence[tuple[Result, str]]
    answers: int
    golds: int
    paid: Mapping[str, int]
    stopped: Collection[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """The figures of one replay, shares between 0 and 1.

    `per_item`: answers for each ordinary item, those on gold counted in. `gap`: expected calibration error over ten bins of equally many
    items. `high`: the share of items told at `HIGH` or above; `high_told` and `high_right` are None when there is none. `good` and `bad`:
    people whose work is useful, or not, for certain, and how many of them were stopped. `told`: of each item, the confidence and whether
    its label was right.
    """

    right: float
    per_item: float
    gold_share: float
    gap: float
    done: float
    done_right: float | None
    high: float
    high_told: float | None
    high_right: float | None
    good: int
    good_stopped: int
    bad: int
    bad_stopped: int
    told: tuple[tuple[float, bool], ...]


def score(outcome: Outcome, answers: Iterable[Answer], truth: Mapping[str, str]) -> Run:
    """Sum up a replay."""
    told = tuple((result[1], result[0] == right) for result, right in outcome.results)
    rights = [right for _, right in told]
    high = [pair for pair in told if pair[0] >= HIGH]
    done = [result[0] == right for result, right in outcome.results if result[3] == "done"]
    good, bad = judged(answers, truth, outcome.paid)
    return Run(
        right=sum(rights) / len(told),
        per_item=outcome.answers / len(told),
        gold_share=outcome.golds / max(outcome.answers, 1),
        gap=calibration_error(told),
        done=len(done) / len(told),
        done_right=mean(done),
        high=len(high) / len(told),
        high_told=mean([confidence for confidence, _ in high]),
        high_right=mean([right for _, right in high]),
        good=len(good),
        good_stopped=sum(person in outcome.stopped for person in good),
        bad=len(bad),
        bad_stopped=sum(person in outcome.stopped for person in bad),
        told=told,
    )


def mean(values: Sequence[float]) -> float | None:
    """Give the mean; None of nothing."""
    return sum(values) / len(values) if values else None


def calibration_error(told: Sequence[tuple[float, bool]]) -> float:
    """Give the expected calibration error: the mean distance of what is told from what is right, over ten bins of equally many items."""
    ordered = sorted(told, key=lambda pair: pair[0])
    count, error = len(ordered), 0.0
    for place in range(BINS):
        part = ordered[place * count // BINS : (place + 1) * count // BINS]
        error += abs(sum(confidence for confidence, _ in part) - sum(right for _, right in part))
    return error / count


def judged(
    answers: Iterable[Answer], truth: Mapping[str, str], paid: Mapping[str, int]
) -> tuple[set[str], set[str]]:
    """Name the people whose work is useful and those whose work is not, where all their answers leave no doubt.

    Measured by balanced accuracy, the mean of the shares that are right within each true class, and its 90 % bound.
    """
    tables: dict[str, dict[str, list[int]]] = {}
    for answer in answers:
        right = truth[answer.item]
        cell = tables.setdefault(answer.person, {}).setdefault(right, [0, 0])
        cell[0] += answer.label == right
        cell[1] += 1
    guessing = 1 / len(set(truth.values()))
    bar = guessing + USEFUL * (1 - guessing)
    good, bad = set(), set()
    for person, cells in tables.items():
        if (
            paid.get(person, 0) < SEEN_LEAST
            or len(cells) < 2
            or sum(n for _, n in cells.values()) < JUDGED_LEAST
        ):
            continue
        low, high = _bounds(cells.values())
        if low > bar:
            good.add(person)
        elif high < bar:
            bad.add(person)
    return good, bad


def _bounds(cells: Collection[Sequence[int]]) -> tuple[float, float]:
    shares = [((right + 0.5) / (given + 1), given + 1) for right, given in cells]
    middle = sum(share for share, _ in shares) / len(shares)
    spread = math.sqrt(sum(share * (1 - share) / given for share, given in shares)) / len(shares)
    return middle - NINETY_PERCENT * spread, middle + NINETY_PERCENT * spread
