"""Rulings on disputed items: which answers stand against each other and why, which ones can be ruled, and what a tap on one means. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rules import answers as answering
from rules.kinds import Answered, AnyQuestion, Choice, GoldTrouble, Preference, Scale, Sheet, Steps, Value
from rules.project_file import Project

Answers = Mapping[str, Value]
REASON_LEAST, REASON_MOST = 3, 300
"""How long a coordinator's reason is, in characters."""
SENIOR_REASONS = ("sure", "overlooked")
"""Why a senior student keeps their answer, or changes it, after they saw the others'."""
BAD_PROBLEM = "bad_problem"
NONE_WRONG = -1


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """One of the answers that stand against each other.

    `verdict`: the answers to the questions in dispute, in the form in which judgments are compared. `count`: judgments that gave it.
    `reasons`: what else they answered, the commonest first, each with how many answered just that.
    """

    verdict: Answers
    count: int
    reasons: tuple[tuple[Answers, int], ...]


def sides(project: Project, questions: Sequence[str], judgments: Sequence[Answers]) -> list[Side]:
    """Sort judgments by what they answer to the questions in dispute, the commonest first; who gave which cannot be told."""
    grouped: dict[str, list[Answers]] = {}
    for given in judgments:
        grouped.setdefault(_key(verdict_of(project, questions, given)), []).append(given)
    return [
        Side(json.loads(key), len(alike), _reasons(questions, alike))
        for key, alike in sorted(grouped.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def verdict_of(project: Project, questions: Sequence[str], given: Answers) -> dict[str, Value]:
    """Give what one judgment answers to the questions in dispute."""
    asked = {question: project.asked(question) for question in questions if question in given}
    return {question: ask.compared(given[question]) for question, ask in asked.items() if ask is not None}


def _key(verdict: Answers) -> str:
    return json.dumps(verdict, ensure_ascii=False, sort_keys=True)


def _reasons(questions: Sequence[str], alike: Sequence[Answers]) -> tuple[tuple[Answers, int], ...]:
    counts = Counter(
        _key({question: value for question, value in given.items() if question not in questions})
        for given in alike
    )
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((json.loads(key), count) for key, count in ranked if key != "{}")


def can_be_ruled(project: Project, verdict: Answers) -> bool:
    """Tell whether a verdict says something: nobody can rule "I gave up"."""
    return bool(verdict) and not any(
        isinstance(project.asked(question), Steps) and value == "give_up"
        for question, value in verdict.items()
    )


def value_of(ask: AnyQuestion, fields: Mapping[str, Any], operation: str) -> Value | None:
    """Give the answer that a ruling's button means; None for a forged one.

    Choices, scales and preferences have the operations of their cards, read in the item's own order. Of a chain of steps it is `k` with
    the index of the first wrong step, `xn` for none, `xb` for a bad problem.
    """
    if isinstance(ask, Steps):
        return _step(ask, fields, operation)
    done = ask.tap(Sheet(fields), (), operation)
    return done.value if isinstance(done, Answered) else None


def _step(ask: Steps, fields: Mapping[str, Any], operation: str) -> Value | None:
    if operation == "xn":
        return NONE_WRONG
    if operation == "xb":
        return BAD_PROBLEM
    digits = operation[1:]
    if operation[:1] != "k" or not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        return None
    return int(digits) if int(digits) < len(ask.steps(fields)) else None


def ruled(
    project: Project, questions: Sequence[str], fields: Mapping[str, Any], operations: Sequence[str]
) -> dict[str, Value] | None:
    """Give the answers that a row of taps rules, a question after the other; fewer than all while the rest is asked. None when forged."""
    if len(operations) > len(questions):
        return None
    found: dict[str, Value] = {}
    for question, operation in zip(questions, operations, strict=False):
        ask = project.asked(question)
        value = value_of(ask, fields, operation) if ask is not None else None
        if value is None:
            return None
        found[question] = value
    return found


def word_of(value: Value) -> str:
    """Give a ruled answer as the class that beliefs call it."""
    return str(value)


def agrees(project: Project, verdict: Answers, given: Answers) -> bool:
    """Tell whether a judgment answers what was ruled."""
    return verdict_of(project, list(verdict), given) == dict(verdict)


def gold_of(project: Project, fields: Mapping[str, Any], verdict: Answers) -> dict[str, Value]:
    """Give a verdict as the gold answer of its item. Raise GoldTrouble when nobody could give it."""
    return answering.gold_of(project, fields, dict(verdict))


def operation_of(ask: AnyQuestion, value: Value) -> str:
    """Give the operation by which an answer is ruled: what `value_of` reads."""
    match ask:
        case Steps():
            return (
                {NONE_WRONG: "xn", BAD_PROBLEM: "xb"}.get(value, f"k{value}")
                if isinstance(value, str | int)
                else ""
            )
        case Scale():
            return f"v{value}"
        case Preference():
            return {"a": "w1", "b": "w2", "tie": "wt", "both_bad": "wb"}.get(str(value), "")
        case Choice():
            places = {option.value: place for place, option in enumerate(ask.options)}
            return f"o{places[str(value)]}" if str(value) in places else ""
    return ""


def answer_of(ask: AnyQuestion, word: str) -> Value:
    """Give the class that beliefs call an answer in the form in which golds are stored."""
    is_number = isinstance(ask, Scale) or (isinstance(ask, Steps) and word != BAD_PROBLEM)
    return int(word) if is_number else word


def rekeyed(
    project: Project, fields: Mapping[str, Any], gold: Answers, question: str, value: Value
) -> dict[str, Value]:
    """Give a gold answer with another key to one question; of its other keys those stay that somebody could still give with it."""
    found = gold_of(project, fields, {question: value})
    for other, key in gold.items():
        if other == question:
            continue
        try:
            found = gold_of(project, fields, {**found, other: key})
        except GoldTrouble:
            continue
    return found
