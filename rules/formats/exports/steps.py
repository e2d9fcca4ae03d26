"""Rows of checked reasoning: PRM800K, a line a judgment, and ProcessBench, a row an item. Pure.

PRM800K: github.com/openai/prm800k, "Instructions" and the README's annotated line. ProcessBench: huggingface.co/datasets/Qwen/ProcessBench.
"""

from __future__ import annotations

import datetime
from typing import Any

from rules.formats.exports.judged import TIED, UNSETTLED, Column, Given, Judged, LeftOut, Plan, Row, Rows
from rules.formats.exports.training import BAD_PROBLEM

NO_VERDICT = LeftOut("nobody rated its steps")
PRM800K_COLUMNS = [
    Column("labeler", "text", "A pseudonym."),
    Column("timestamp", "moment", "When it was answered, UTC."),
    Column("generation", "null", "Always null."),
    Column(
        "is_quality_control_question", "bool", "Whether it was a gold item; false unless gold was asked for."
    ),
    Column(
        "is_initial_screening_question",
        "bool",
        "Whether it was for training or exam; false unless gold was asked for.",
    ),
    Column("question", "object", "The problem and the pre-generated steps."),
    Column("label", "object", "The rated steps, the time in milliseconds, how it ended."),
]
PROCESSBENCH_COLUMNS = [
    Column("id", "text", "The item's id."),
    Column("generator", "text", "What wrote the steps, if the items say so."),
    Column("problem", "text", "The problem."),
    Column("steps", "texts", "All steps."),
    Column("final_answer_correct", "bool", "As the items say; null where they do not."),
    Column("label", "int", "The first wrong step from 0, -1 for none."),
]


def moment(time_ms: int) -> str:
    """Write a moment in UTC to the millisecond, as PRM800K does: without a zone."""
    return datetime.datetime.fromtimestamp(time_ms / 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def prm800k(plan: Plan, item: Judged) -> Rows:
    """One line a judgment, with the steps that its student rated."""
    found = [_line(plan, item, given) for given in item.counted if plan.steps.id in given.answers]
    return found or NO_VERDICT


def _line(plan: Plan, item: Judged, given: Given) -> Row:
    answer: Any = given.answers[plan.steps.id]
    steps = plan.steps.steps(item.fields)
    with_gold = plan.wishes.with_gold
    return {
        "labeler": given.student,
        "timestamp": moment(given.answered_ms),
        "generation": None,
        "is_quality_control_question": with_gold and item.use == "gold",
        "is_initial_screening_question": with_gold and item.use in ("training", "exam"),
        "question": {
            "problem": item.text(plan.prompt),
            "ground_truth_solution": _told(item, "ground_truth_solution"),
            "ground_truth_answer": _told(item, "ground_truth_answer"),
            "pre_generated_steps": [str(step) for step in steps],
            "pre_generated_answer": _told(item, "pre_generated_answer"),
            "pre_generated_verifier_score": None,
        },
        "label": {
            "steps": [
                _step(str(step), rating) for step, rating in zip(steps, answer["ratings"], strict=False)
            ],
            "total_time": given.credited_ms,
            "finish_reason": answer["end"],
        },
    }


def _told(item: Judged, name: str) -> str | None:
    """Give what the item's own file said under a name of the format."""
    value = item.fields.get(name)
    return value if isinstance(value, str) else None


def _step(text: str, rating: int) -> Row:
    # The step that was there is the chosen one, except where it is wrong and the chain ended: nothing was chosen in its place.
    return {
        "completions": [{"text": text, "rating": rating, "flagged": False}],
        "human_completion": None,
        "chosen_completion": None if rating < 0 else 0,
    }


def processbench(plan: Plan, item: Judged) -> Rows:
    """One row an item, with the first wrong step that most name."""
    if not item.is_settled:
        return UNSETTLED
    label = plan.leading(item)
    if not isinstance(label, dict):
        return TIED
    if label["end"] == "bad_problem":
        return BAD_PROBLEM
    final = item.fields.get("final_answer_correct")
    row: Row = {
        "id": item.external_id,
        "generator": _told(item, "generator") or "unknown",
        "problem": item.text(plan.prompt),
        "steps": [str(step) for step in plan.steps.steps(item.fields)],
        "final_answer_correct": final if isinstance(final, bool) else None,
        "label": label["first_wrong"],
    }
    return [row]
