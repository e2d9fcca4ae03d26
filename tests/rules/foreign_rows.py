"""Projects, and rows as other tools publish them, for the tests of imports; the words in them were written for these tests."""

from __future__ import annotations

import json
from typing import Any

from rules import item_file
from rules.item_file import Item, Reading
from rules.project_file import Project
from tests.rules.definitions import choice, define, scale, tags

ANSWERS = define(
    ask=[choice("correct", "yes", "no"), scale("clear"), tags("why", "digit", "sign", at_least=0)]
)
PREFER = {"id": "better", "kind": "preference", "text": "Better?", "a": "answer_a", "b": "answer_b"}
PAIRS = define(show=[{"field": "question"}], ask=[PREFER])
BARE_PAIRS = define(show=[], ask=[PREFER])
STEPS = {"id": "check", "kind": "steps", "text": "Right?", "field": "chain"}
CHAINS = define(show=[{"field": "question"}, {"field": "chain", "as": "steps"}], ask=[STEPS])
MAPPED = define(
    map={"question": "data.question", "solution": "responses[0].text", "id": "meta.key", "gold.correct": "ok"}
)
EVERY = (ANSWERS, PAIRS, BARE_PAIRS, CHAINS, MAPPED)

USER = {"role": "user", "content": "What is 2 + 2?"}
FOUR = {"role": "assistant", "content": "It is 4."}
FIVE = {"role": "assistant", "content": "It is 5."}
PRM = {
    "labeler": "340d89bc-0000-4465-87af-3e6322e3d772",
    "timestamp": "2023-01-22T04:34:27.052924",
    "generation": 9,
    "is_quality_control_question": False,
    "is_initial_screening_question": False,
    "question": {
        "problem": "What is 2 + 2 + 2?",
        "ground_truth_solution": "It is 6.",
        "ground_truth_answer": "6",
        "pre_generated_steps": ["2 + 2 is 4.", "4 + 2 is 7.", "# Answer\n\n7"],
        "pre_generated_answer": "7",
        "pre_generated_verifier_score": 0.01,
    },
    "label": {
        "steps": [
            {
                "completions": [{"text": "2 + 2 is 4.", "rating": 1, "flagged": None}],
                "human_completion": None,
                "chosen_completion": 0,
            },
            {
                "completions": [
                    {"text": "4 + 2 is 7.", "rating": -1, "flagged": None},
                    {"text": "4 + 2 is 6.", "rating": 1, "flagged": False},
                ],
                "human_completion": None,
                "chosen_completion": None,
            },
        ],
        "total_time": 278270,
        "finish_reason": "found_error",
    },
}
PHASE_1 = {
    **PRM,
    "generation": None,
    "question": {"problem": "What is 2 + 2 + 2?", "ground_truth_answer": "6"},
    "label": {
        "steps": [
            {
                "completions": [
                    {"text": "2 + 2 is 5.", "rating": -1, "flagged": False},
                    {"text": "2 + 2 is 4.", "rating": 1, "flagged": False},
                ],
                "human_completion": None,
                "chosen_completion": 1,
            },
            {
                "completions": [{"text": "4 + 2 is 7.", "rating": -1, "flagged": False}],
                "human_completion": {
                    "text": "4 + 2 is 6.",
                    "rating": None,
                    "source": "human",
                    "flagged": False,
                },
                "chosen_completion": None,
            },
        ],
        "total_time": 100,
        "finish_reason": "solution",
    },
}
PROCESS = {
    "id": "gsm8k-0",
    "generator": "Some-7B",
    "problem": "What is 2 + 2 + 2?",
    "steps": ["2 + 2 is 4.", "4 + 2 is 7."],
    "final_answer_correct": False,
    "label": 1,
}
HH = {
    "chosen": "\n\nHuman: What is 2 + 2?\n\nAssistant: It is 4.",
    "rejected": "\n\nHuman: What is 2 + 2?\n\nAssistant: It is 5.",
}
TASK = {
    "id": 7,
    "data": {"question": "What is 2 + 2?", "solution": "4"},
    "annotations": [
        {"id": 1, "result": [], "ground_truth": False, "was_cancelled": False},
        {
            "id": 2,
            "ground_truth": True,
            "was_cancelled": False,
            "lead_time": 4.2,
            "result": [
                {"from_name": "correct", "to_name": "t", "type": "choices", "value": {"choices": ["yes"]}},
                {"from_name": "clear", "to_name": "t", "type": "rating", "value": {"rating": 4}},
                {
                    "from_name": "why",
                    "to_name": "t",
                    "type": "choices",
                    "value": {"choices": ["sign", "digit"]},
                },
                {"from_name": "elsewhere", "to_name": "t", "type": "textarea", "value": {"text": ["x"]}},
            ],
        },
    ],
    "predictions": [],
}
LOOSE = {"data": {"question": "2 + 2?"}, "responses": [{"text": "4"}], "meta": {"key": "k1"}, "ok": True}


TOLOKA = (
    "INPUT:question\tINPUT:solution\tGOLDEN:correct\tGOLDEN:clear\tGOLDEN:why\tHINT:text\tTASK:overlap\n"
    '"Say ""2 + 2"""\t4\t\t\t\t\t3\n'
    "2 + 3?\t5\tyes\t4\t\t\t\n"
    "\t\t\t\t\t\t\n"
    "2 + 4?\t5\tno\t\tdigit,sign\tIt is 6.\t\n"
)


CHAIN = {"question": "q", "chain": ["a", "b"]}


def lines(*rows: Any) -> list[str]:
    """Write rows as JSON lines."""
    return [json.dumps(row) + "\n" for row in rows]


def open_rows(project: Project, *rows: Any, named: str | None = None, gold: bool = False) -> Reading:
    """Open a file of these rows."""
    return item_file.open_file(project, lines(*rows), named=named, gold=gold)


def one(project: Project, row: Any, **how: Any) -> tuple[str, Item]:
    """Give what a row was taken for, and the item that it became."""
    reading = open_rows(project, row, **how)
    assert reading.trouble is None, reading.trouble
    (found,) = reading.found
    assert isinstance(found, Item), found
    return reading.shape.name, found
