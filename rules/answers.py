"""From taps to an answer: which question is asked now, what a tap does to the draft, whether an answer meets a gold one.

A draft is a plain value. Nothing here knows who answers, when, or in which chat.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from rules.project_file import Choice, Project, Scale, Tags, accepts

Value = str | int | list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What a student has answered on an open card so far; `marks` are the tags ticked for the question asked now."""

    answers: Mapping[str, Value]
    marks: tuple[str, ...] = ()

    def dump(self) -> str:
        """Write as JSON."""
        return json.dumps({"answers": dict(self.answers), "marks": list(self.marks)}, ensure_ascii=False)

    @staticmethod
    def load(text: str) -> Draft:
        """Read back what `dump` wrote; an empty text is an empty draft."""
        if not text:
            return EMPTY
        raw = json.loads(text)
        return Draft(raw["answers"], tuple(raw["marks"]))


EMPTY = Draft({})


def question_now(project: Project, draft: Draft) -> Choice | Tags | Scale | None:
    """Give the question to ask next, or None when the answer is complete."""
    for ask in project.ask:
        if ask.id not in draft.answers and _applies(ask, draft.answers):
            return ask
    return None


def _applies(ask: Choice | Tags | Scale, answers: Mapping[str, Value]) -> bool:
    return all(_meets(answers.get(question), wanted) for question, wanted in ask.when.items())


def _meets(given: Value | None, wanted: Any) -> bool:
    wishes = wanted if isinstance(wanted, list) else [wanted]
    if isinstance(given, list):
        return any(value in wishes for value in given)
    return given in wishes


def after_tap(project: Project, draft: Draft, operation: str) -> Draft | None:
    """Apply a tap to a draft. None when the operation does not fit the question asked now (an old, repeated or forged tap).

    Operations: `o3` the fourth option of a choice; `v4` four on a scale; `t2+` and `t2-` tick or untick the third tag;
    `d` done with the tags.
    """
    ask = question_now(project, draft)
    kind, rest = operation[:1], operation[1:]
    match ask, kind:
        case Choice(), "o":
            index = _whole(rest)
            if index is not None and 0 <= index < len(ask.options):
                return _answered(draft, ask.id, ask.options[index].value)
        case Scale(), "v":
            value = _whole(rest)
            if value is not None and ask.low <= value <= ask.high:
                return _answered(draft, ask.id, value)
        case Tags(), "t":
            return _ticked(ask, draft, rest)
        case Tags(), "d" if not rest and len(draft.marks) >= ask.at_least:
            return _answered(draft, ask.id, list(draft.marks))
        case _:
            pass
    return None


def _answered(draft: Draft, question: str, value: Value) -> Draft:
    return Draft({**draft.answers, question: value})


def _ticked(ask: Tags, draft: Draft, rest: str) -> Draft | None:
    index = _whole(rest[:-1])
    if index is None or not 0 <= index < len(ask.options) or rest[-1] not in "+-":
        return None
    value = ask.options[index].value
    wanted = set(draft.marks) | {value} if rest[-1] == "+" else set(draft.marks) - {value}
    # The order is the project's, so that the same ticks are the same answer.
    return dataclasses.replace(draft, marks=tuple(o.value for o in ask.options if o.value in wanted))


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


def gold_trouble(project: Project, gold: object) -> str | None:
    """Say what is wrong with a gold answer, or None when somebody could give it."""
    if not isinstance(gold, dict) or not gold:
        return 'gold must be an object such as {"correct": "no"}'
    for question, value in gold.items():
        ask = project.asked(question)
        if ask is None:
            return f'gold answers "{question}", which the project does not ask'
        if isinstance(ask, Tags) != isinstance(value, list):
            return f'gold for "{question}" must be {"a list of values" if isinstance(ask, Tags) else "one value"}'
        for part in value if isinstance(value, list) else [value]:
            if not accepts(ask, part):
                return f'gold for "{question}" is {json.dumps(part)}, which no option offers'
    return None


def meets_gold(project: Project, gold: Mapping[str, Value], answers: Mapping[str, Value]) -> bool:
    """Tell whether an answer agrees with a gold one: choices equal, scales within tolerance, tags with one in common."""
    for question, right in gold.items():
        ask, given = project.asked(question), answers.get(question)
        if isinstance(ask, Scale) and isinstance(given, int) and isinstance(right, int):
            if abs(given - right) > ask.tolerance:
                return False
        elif isinstance(right, list):
            if right and not (isinstance(given, list) and set(right) & set(given)):
                return False
        elif given != right:
            return False
    return True


def comparable(project: Project, answers: Mapping[str, Value]) -> str:
    """Give the part of an answer in which judgments must agree, as text: choices and scales, not the reasons."""
    kept = {ask.id: answers[ask.id] for ask in project.ask if not isinstance(ask, Tags) and ask.id in answers}
    return json.dumps(kept, ensure_ascii=True, sort_keys=True)


def words(project: Project, answers: Mapping[str, Value]) -> str:
    """Say an answer with the labels that the student saw: "Wrong · Arithmetic, Logic"."""
    parts = []
    for ask in project.ask:
        value = answers.get(ask.id)
        if value is None:
            continue
        if isinstance(ask, Scale):
            parts.append(f"{value} of {ask.high}")
            continue
        labels = {option.value: option.label for option in ask.options}
        values = value if isinstance(value, list) else [value]
        parts.append(", ".join(labels.get(str(one), str(one)) for one in values) or "nothing")
    return " · ".join(parts)
