"""A small project file and items for it, for tests to write on."""

from __future__ import annotations

import json
from typing import Any

from rules import item_file, project_file
from rules.item_file import Item

PROJECT = """
slug = "maths"
title = "Check maths"
instructions = "Read the problem, then the solution."

[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 60
cap_seconds = 180

[audience]
degrees = ["bachelor", "master"]
languages = ["en"]
seats = 3

[qualification]
training = 1
exam = 2

[quality]
gold_share = 0.10
overlap = [2, 5]

[[show]]
field = "question"
[[show]]
field = "solution"

[[ask]]
id = "correct"
kind = "choice"
text = "Is the solution correct?"
options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]
"""
RULES = project_file.parse(PROJECT)


def line(number: int, **more: Any) -> dict[str, Any]:
    """Make one line of an items file."""
    return {"id": f"i{number}", "question": f"{number} + 1?", "solution": f"{number + 1}", **more}


def lines(work: int = 20, gold: int = 2, exam: int = 2, training: int = 1) -> list[str]:
    """Make an items file with enough of everything to open the project."""
    rows = [line(number) for number in range(work)]
    rows += [line(1_000_000 + number, gold={"correct": "yes"}) for number in range(gold)]
    rows += [line(2_000_000 + number, gold={"correct": "no"}, use="exam") for number in range(exam)]
    rows += [
        line(3_000_000 + number, gold={"correct": "no"}, use="training", explanation="Because.")
        for number in range(training)
    ]
    return [json.dumps(row) for row in rows]


def items(**counts: int) -> list[Item]:
    """Make checked items."""
    return [found for found in item_file.read(RULES, lines(**counts)) if isinstance(found, Item)]
