"""TRL's rows with one answer: prompt-completion, unpaired preference, and stepwise supervision.

Their keys are those of TRL's dataset formats; the text form and, where TRL has it, the form with chat messages.
"""

from __future__ import annotations

from typing import Any

from rules.formats.imports.base import (
    Converted,
    Row,
    Shape,
    has,
    known_step,
    places,
    steps_field,
    take,
)
from rules.formats.imports.known import verdict
from rules.formats.imports.talk import words
from rules.item_checks import Refused, kind_of
from rules.project_file import Project

TRUTH = {"true": True, "false": False}


def _is_prompt_completion(row: Row) -> bool:
    return has(row, "prompt", "completion") and "label" not in row


def _is_unpaired(row: Row) -> bool:
    return has(row, "prompt", "completion", "label")


def _is_stepwise(row: Row) -> bool:
    return has(row, "prompt", "completions", "labels")


def _prompt_completion(row: Row, project: Project) -> Converted:
    prompt, completion = places(project, row, "prompt", "completion")
    fields = {
        prompt: words(take(row, "prompt"), "prompt"),
        completion: words(take(row, "completion"), "completion"),
    }
    return Converted(fields, row.get("id"))


def _unpaired(row: Row, project: Project) -> Converted:
    found, label = _prompt_completion(row, project), take(row, "label")
    if isinstance(label, str):
        # In a table all is text.
        label = TRUTH.get(label.strip().casefold(), label)
    if not isinstance(label, bool):
        raise Refused(f'"label" must be true or false, not {kind_of(label)}')
    return Converted(found.fields, found.id, known=verdict(project, good=label))


def _stepwise(row: Row, project: Project) -> Converted:
    prompt, steps = places(project, row, "prompt")[0], steps_field(project)
    completions, labels = take(row, "completions"), take(row, "labels")
    if not isinstance(labels, list) or not all(isinstance(label, bool) for label in labels):
        raise Refused('"labels" must be a list of true and false')
    fields = {prompt: words(take(row, "prompt"), "prompt"), steps: completions}
    return Converted(fields, row.get("id"), known=known_step(project, _first_wrong(completions, labels)))


def _first_wrong(completions: Any, labels: list[bool]) -> int | None:
    """Give the first step labelled false, -1 for none; None when the labels end before one is."""
    if False in labels:
        return labels.index(False)
    return -1 if isinstance(completions, list) and len(labels) == len(completions) else None


PROMPT_COMPLETION = Shape(
    "trl-prompt-completion",
    "TRL prompt-completion",
    "prompt+completion",
    _is_prompt_completion,
    _prompt_completion,
)
UNPAIRED = Shape(
    "trl-unpaired",
    "TRL unpaired preference",
    "prompt+completion+label",
    _is_unpaired,
    _unpaired,
    answered=True,
)
STEPWISE = Shape(
    "trl-stepwise", "TRL stepwise", "prompt+completions+labels", _is_stepwise, _stepwise, answered=True
)
