"""The road of a student on a project: training, exam, work; what each answer on it changes, and what a refusal to move on says."""

from __future__ import annotations

import dataclasses

from rules.credit import HOUR_MS

WORKING = frozenset({"active", "watched"})
QUALIFYING = frozenset({"training", "exam"})


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What a project asks before work: how many training and exam items, the score to pass, the wait after a fail."""

    training: int
    exam: int
    pass_score: float
    retry_after_hours: int


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """Where a student stands: `answered` and `exam_right` belong to the present stage and attempt."""

    standing: str
    attempt: int
    answered: int
    exam_right: int
    retry_ms: int | None


def begin(plan: Plan) -> Progress:
    """Give the standing of somebody who joins: the first stage that has any items."""
    if plan.training:
        return Progress("training", 1, 0, 0, None)
    if plan.exam:
        return Progress("exam", 1, 0, 0, None)
    return Progress("active", 1, 0, 0, None)


def after_answer(plan: Plan, progress: Progress, correct: bool, now_ms: int) -> Progress:
    """Move on after one training or exam answer; anybody at work stays as they are."""
    answered = progress.answered + 1
    if progress.standing == "training":
        if answered < plan.training:
            return dataclasses.replace(progress, answered=answered)
        return Progress("exam" if plan.exam else "active", progress.attempt, 0, 0, None)
    if progress.standing != "exam":
        return progress
    right = progress.exam_right + correct
    if answered < plan.exam:
        return dataclasses.replace(progress, answered=answered, exam_right=right)
    if passes(plan, right):
        return Progress("active", progress.attempt, 0, right, None)
    retry_ms = now_ms + plan.retry_after_hours * HOUR_MS
    return Progress("exam", progress.attempt + 1, 0, 0, retry_ms)


def passes(plan: Plan, right: int) -> bool:
    """Tell whether so many right answers reach the pass score; without rounding errors at the edge."""
    return right * 10_000 >= round(plan.pass_score * 10_000) * plan.exam


def needed_right(plan: Plan) -> int:
    """Give the fewest right answers that pass the exam."""
    return next(right for right in range(plan.exam + 1) if passes(plan, right))
