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
            return f'gold answers "{_clip(question)}", which the project does not ask'
        trouble = _list_trouble(ask, value) if isinstance(ask, Tags) else _value_trouble(ask, value)
        if trouble:
            return f'gold for "{question}" {trouble}'
    for question in gold:
        ask = project.asked(question)
        if ask and any(
            other in gold and not _meets(gold[other], wanted) for other, wanted in ask.when.items()
        ):
            return f'gold answers "{question}", which is not asked after the rest of that answer'
    return None


def _list_trouble(ask: Tags, value: object) -> str | None:
    if not isinstance(value, list):
        return "must be a list of values"
    if not ask.at_least <= len(value) <= len(ask.options):
        return f"must be a list of {ask.at_least} to {len(ask.options)} values"
    return next((trouble for part in value if (trouble := _value_trouble(ask, part))), None)


def _value_trouble(ask: Choice | Tags | Scale, value: object) -> str | None:
    if accepts(ask, value):
        return None
    if isinstance(value, list | dict):
        return "must be one value"
    if isinstance(ask, Scale):
        return f"is {_clip(json.dumps(value))}; the scale has whole numbers from {ask.low} to {ask.high}"
    offered = ", ".join(option.value for option in ask.options)
    return f"is {_clip(json.dumps(value))}; the options are {offered}"


def _clip(text: str) -> str:
    safe = text.encode("utf-8", "replace").decode()
    return safe if len(safe) <= 40 else safe[:39] + "…"


def meets_gold(project: Project, gold: Mapping[str, Value], answers: Mapping[str, Value]) -> bool:
    """Tell whether an answer agrees with a gold one.

    Choices must be equal, scales within tolerance, tags have one in common; a gold of no tags is met by no tags.
    """
    return all(
        _meets_one(project.asked(question), right, answers.get(question)) for question, right in gold.items()
    )


def _meets_one(ask: Choice | Tags | Scale | None, right: Value, given: Value | None) -> bool:
    if isinstance(ask, Scale) and isinstance(given, int) and isinstance(right, int):
        return abs(given - right) <= ask.tolerance
    if isinstance(right, list):
        ticked = given if isinstance(given, list) else []
        return bool(set(right) & set(ticked)) if right else not ticked
    return given == right


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
