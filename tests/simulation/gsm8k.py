"""From school-maths problems with solutions that language models wrote to a project and its items.

A line of the data holds a problem, its answer and four solutions, each with a flag that says whether it is right; a solution becomes an
item. Where no data is at hand, `written` makes lines of the same shape.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
TRAINING = 4
EXAM = 10
GOLD_EVERY = 10
SLUG = "gsm8k"
OVERLAP = (2, 5)
PROJECT = f"""
slug = "{SLUG}"
title = "Check maths solutions"
instructions = "Read the problem, then the solution. Is every step right, and the result? Numbers in << >> are a calculator's."
language = "en"

[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 60
cap_seconds = 180

[audience]
languages = ["en"]
seats = 5000

[qualification]
training = {TRAINING}
exam = {EXAM}
pass_score = 0.75
retry_after_hours = 24

[quality]
gold_share = 0.10
gold_share_bounds = [0.03, 0.30]
overlap = [{OVERLAP[0]}, {OVERLAP[1]}]

[[show]]
field = "question"
[[show]]
field = "solution"

[[ask]]
id = "correct"
kind = "choice"
text = "Is this solution correct?"
options = [{{ value = "yes", label = "Correct" }}, {{ value = "no", label = "Wrong" }}]
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Solution:
    """One model's solution of one problem: an item to be judged."""

    id: str
    question: str
    text: str
    is_right: bool
    truth: str

    @property
    def answer(self) -> str:
        """The value of the answer that is right."""
        return "yes" if self.is_right else "no"

    def row(self, use: str) -> dict[str, Any]:
        """Give the item's line. `use`: training, exam, gold or work."""
        row: dict[str, Any] = {"id": self.id, "question": self.question, "solution": self.text}
        if use != "work":
            row["gold"] = {"correct": self.answer}
        if use in ("training", "exam"):
            row["use"] = use
        if use == "training":
            row["explanation"] = f"Worked out:\n{self.truth}"
        return row


def solutions(lines: Iterable[str]) -> list[Solution]:
    """Take every solution out of the data, in order; ids stay the same from run to run."""
    found: list[Solution] = []
    for number, line in enumerate(lines, start=1):
        try:
            found += _of_problem(number, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number} is not a problem with four solutions: {error!r}") from error
    return found


def _of_problem(number: int, problem: Mapping[str, Any]) -> Iterator[Solution]:
    for model in MODELS:
        given = problem[model]
        yield Solution(
            id=f"{SLUG}-{number:04d}-{model}",
            question=problem["question"].strip(),
            text=given["solution"].strip(),
            is_right=bool(given["is_correct"]),
            truth=problem["ground_truth"].strip(),
        )


def uses(found: list[Solution]) -> dict[str, str]:
    """Give each solution a use, by its id: training and exam from the first problems, right and wrong by turns; every tenth is gold."""
    chosen: dict[str, str] = {}
    wanted = [("training", place % 2 == 0) for place in range(TRAINING)]
    wanted += [("exam", place % 2 == 0) for place in range(EXAM)]
    problems: set[str] = set()
    for solution in found:
        if wanted and solution.question not in problems and solution.is_right == wanted[0][1]:
            problems.add(solution.question)
            chosen[solution.id] = wanted.pop(0)[0]
    if wanted:
        raise ValueError(
            "the data has too few problems, or too few right or wrong solutions, for training and exam"
        )
    rest = [solution for solution in found if solution.id not in chosen]
    for place, solution in enumerate(rest, start=1):
        chosen[solution.id] = "gold" if place % GOLD_EVERY == 0 else "work"
    return chosen


def item_lines(found: list[Solution], use_of: Mapping[str, str]) -> Iterator[str]:
    """Write the items file."""
    for solution in found:
        yield json.dumps(solution.row(use_of[solution.id]), ensure_ascii=False)


def read(path: Path) -> list[str]:
    """Read the data's lines."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def written(problems: int, seed: int = 7) -> list[str]:
    """Write lines of the same shape: sums in words, each with four solutions, about half of them wrong."""
    chance = random.Random(seed)
    return [json.dumps(_written(number, chance)) for number in range(1, problems + 1)]


def _written(number: int, chance: random.Random) -> dict[str, Any]:
    boxes, apples, eaten = number + 2, chance.randint(3, 12), chance.randint(1, 8)
    whole = boxes * apples
    question = f"Shelf {number} has {boxes} boxes of {apples} apples each. {eaten} apples are eaten. How many are left?"
    truth = f"{boxes} * {apples} = {whole} apples.\n{whole} - {eaten} = {whole - eaten} are left.\nA: {whole - eaten}"
    problem: dict[str, Any] = {"question": question, "ground_truth": truth}
    for place, model in enumerate(MODELS):
        is_right = (number + place) % 2 == 0
        result = whole - eaten if is_right else whole - eaten + chance.randint(1, 5) * (place + 1)
        steps = f"There are {boxes} * {apples} = {whole} apples.\nThe {model} model takes {eaten} away, so {result} are left."
        problem[model] = {"is_correct": is_right, "solution": f"{steps}\nA: {result}"}
    return problem
