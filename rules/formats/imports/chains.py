"""Rows with a chain of reasoning: PRM800K lines and ProcessBench rows. Their ratings and labels are known answers, not gold.

What a file says of its item beside that is kept under its own name, unshown: an export to the same format tells it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.formats.imports.base import Converted, Row, Shape, has, kept, known_step, places, steps_field, take
from rules.item_checks import Refused, kind_of
from rules.project_file import Project


def _is_processbench(row: Row) -> bool:
    return has(row, "problem", "steps", "final_answer_correct", "label")


def _processbench(row: Row, project: Project) -> Converted:
    (problem,) = places(project, row, "problem")
    label = take(row, "label")
    if isinstance(label, bool) or not isinstance(label, int):
        raise Refused(f'"label" must be the index of the first wrong step or -1, not {kind_of(label)}')
    fields = kept(row, str, "generator") | kept(row, bool, "final_answer_correct")
    fields |= {problem: take(row, "problem"), steps_field(project): take(row, "steps")}
    return Converted(fields, row.get("id"), known=known_step(project, label))


def _is_prm800k(row: Row) -> bool:
    question, label = row.get("question"), row.get("label")
    return (
        isinstance(question, dict)
        and isinstance(label, dict)
        and has(question, "problem")
        and has(label, "steps", "finish_reason")
    )


def _prm800k(row: Row, project: Project) -> Converted:
    question, label = _object(row, "question"), _object(row, "label")
    rated = take(label, "steps", "label.steps")
    if not isinstance(rated, list):
        raise Refused(f'"label.steps" must be a list, not {kind_of(rated)}')
    made = question.get("pre_generated_steps")
    chosen = [_chosen(step, number) for number, step in enumerate(rated, start=1)]
    steps = made if made is not None else [text for text, _ in chosen]
    (problem,) = places(project, {}, "problem")
    fields = kept(question, str, "ground_truth_solution", "ground_truth_answer", "pre_generated_answer")
    fields |= {problem: take(question, "problem", "question.problem"), steps_field(project): steps}
    ratings = [_rating_of(step, steps, index) for index, step in enumerate(rated)]
    return Converted(fields, known=known_step(project, _first_wrong(label.get("finish_reason"), ratings)))


def _object(row: Row, name: str) -> Mapping[str, Any]:
    found = take(row, name)
    if not isinstance(found, dict):
        raise Refused(f'"{name}" must be an object, not {kind_of(found)}')
    return found


def _chosen(step: Any, number: int) -> tuple[str, Any]:
    """Give the text of the step that the labeler went on with, and its rating; the first one where none was chosen."""
    where = f'step {number} of "label.steps"'
    if not isinstance(step, dict) or not isinstance(step.get("completions"), list):
        raise Refused(f'{where} has no list "completions"')
    completions, index = step["completions"], step.get("chosen_completion")
    if index is None and (own := _human(step.get("human_completion"))) is not None:
        return own, 1
    index = 0 if index is None else index
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(completions):
        raise Refused(
            f'{where} has the "chosen_completion" {kind_of(index)}, which is not among its completions'
        )
    found = completions[index]
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise Refused(f'{where} has a completion without "text"')
    return found["text"], found.get("rating")


def _human(own: Any) -> str | None:
    """Give the step that the labeler wrote: a text, or an object that holds one."""
    text = own.get("text") if isinstance(own, dict) else own
    return text if isinstance(text, str) else None


def _rating_of(step: Mapping[str, Any], steps: Any, index: int) -> Any:
    """Give the rating of the very text that becomes the step; None when that text was not rated."""
    wanted = steps[index] if isinstance(steps, list) and index < len(steps) else None
    if wanted is None:
        return None
    if step.get("chosen_completion") is None and _human(step.get("human_completion")) == wanted:
        return 1
    for completion in step["completions"]:
        if isinstance(completion, dict) and completion.get("text") == wanted:
            return completion.get("rating")
    return None


def _first_wrong(reason: Any, ratings: list[Any]) -> int | str | None:
    """Read the first wrong step off the ratings; None where they do not say it, as after giving up."""
    if reason == "bad_problem":
        return "bad_problem"
    if reason == "found_error" and -1 in ratings and None not in ratings[: ratings.index(-1)]:
        return ratings.index(-1)
    return -1 if reason == "solution" and all(rating in (0, 1) for rating in ratings) and ratings else None


PROCESSBENCH = Shape(
    "processbench",
    "ProcessBench",
    "problem+steps+final_answer_correct+label",
    _is_processbench,
    _processbench,
    answered=True,
)
PRM800K = Shape(
    "prm800k",
    "PRM800K",
    "question+label",
    _is_prm800k,
    _prm800k,
    answered=True,
)
