"""From taps to an answer: which question is asked now, what a tap does to the draft, whether an answer meets a gold one.

What each kind of question does is in `rules.kinds`; here they are put together to a project's card. A draft is a plain value. Nothing here
knows who answers, when, or in which chat.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from rules.kinds import Answered, AnyQuestion, GoldTrouble, Marks, Sheet, Steps, TextAnswer, Value
from rules.kinds.base import clip
from rules.project_file import Project


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What a student has answered on an open card so far; `marks` is what is ticked, rated or typed for the question asked now."""

    answers: Mapping[str, Value]
    marks: Marks = ()

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
NO_SHEET = Sheet()


def question_now(project: Project, draft: Draft) -> AnyQuestion | None:
    """Give the question to ask next, or None when the answer is complete."""
    for ask in project.ask:
        if ask.id not in draft.answers and _applies(project, ask, draft.answers):
            return ask
    return None


def _applies(project: Project, ask: AnyQuestion, answers: Mapping[str, Value]) -> bool:
    return all(_is_answered_with(project, answers, question, wanted) for question, wanted in ask.when.items())


def _is_answered_with(project: Project, answers: Mapping[str, Value], question: str, wanted: Any) -> bool:
    ask = project.asked(question)
    if ask is None or question not in answers:
        return False
    wishes = wanted if isinstance(wanted, list) else [wanted]
    return any(sign in wishes for sign in ask.signs(answers[question]))


def after_tap(project: Project, draft: Draft, operation: str, sheet: Sheet = NO_SHEET) -> Draft | None:
    """Apply a tap to a draft. None when the operation does not fit the question asked now (an old, repeated or forged tap).

    Which operations there are, each kind of question says in its `tap`.
    """
    ask = question_now(project, draft)
    done = ask.tap(sheet, draft.marks, operation) if ask is not None else None
    if ask is None or done is None:
        return None
    if isinstance(done, Answered):
        return Draft({**draft.answers, ask.id: done.value})
    return dataclasses.replace(draft, marks=done.marks)


def makes_old(project: Project, before: Draft, after: Draft) -> bool:
    """Tell whether the card from before a tap is out of date. A tick leaves it be, so that quick ticks do not make each other old."""
    if after.answers != before.answers:
        return True
    return isinstance(question_now(project, before), Steps | TextAnswer) and after.marks != before.marks


def after_undo(project: Project, draft: Draft, sheet: Sheet = NO_SHEET) -> Draft | None:
    """Take the last step of a draft back: the last step rated, the words typed, or the question answered before. None for an empty one."""
    ask = question_now(project, draft)
    if isinstance(ask, Steps | TextAnswer) and draft.marks:
        return dataclasses.replace(draft, marks=draft.marks[:-1])
    if not draft.answers:
        return None
    answers = dict(draft.answers)
    question, value = answers.popitem()
    asked = project.asked(question)
    return Draft(answers, asked.reopened(value, sheet) if asked is not None else ())


def typed(project: Project, draft: Draft, text: str) -> Draft | None:
    """Take words that were typed for the question asked now. None when they are too short or too long for it, or none are asked for."""
    ask = question_now(project, draft)
    kept = ask.typed(text) if isinstance(ask, TextAnswer) else None
    return None if kept is None else dataclasses.replace(draft, marks=(kept,))


def gold_of(project: Project, fields: Mapping[str, Any], gold: object) -> dict[str, Value]:
    """Give a gold answer as it is stored. Raise GoldTrouble with a sentence when nobody could give it."""
    if not isinstance(gold, dict) or not gold:
        raise GoldTrouble('gold must be an object such as {"correct": "no"}')
    found: dict[str, Value] = {}
    for question, value in gold.items():
        ask = project.asked(question)
        if ask is None:
            raise GoldTrouble(f'gold answers "{clip(question)}", which the project does not ask')
        try:
            found[question] = ask.gold(value, fields)
        except GoldTrouble as trouble:
            raise GoldTrouble(f'gold for "{question}" {trouble}') from trouble
    for question in found:
        if _cannot_be_asked(project, question, found):
            raise GoldTrouble(f'gold answers "{question}", which is not asked after the rest of that answer')
    return found


def _cannot_be_asked(project: Project, question: str, gold: Mapping[str, Value]) -> bool:
    ask = project.asked(question)
    assert ask is not None
    return any(
        other in gold and not _gold_leads_on(project, other, gold[other], wanted)
        for other, wanted in ask.when.items()
    )


def _gold_leads_on(project: Project, question: str, value: Value, wanted: Any) -> bool:
    """Tell whether somebody who gave this gold answer would be asked what waits for it."""
    wishes = wanted if isinstance(wanted, list) else [wanted]
    ask = project.asked(question)
    if isinstance(ask, Steps):
        end = value if isinstance(value, str) else "found_error" if value != -1 else "solution"
        return end in wishes
    return any(sign in wishes for sign in ask.signs(value)) if ask is not None else False


def gold_trouble(project: Project, gold: object, fields: Mapping[str, Any] | None = None) -> str | None:
    """Say what is wrong with a gold answer, or None when somebody could give it."""
    try:
        gold_of(project, fields or {}, gold)
    except GoldTrouble as trouble:
        return str(trouble)
    return None


def meets_gold(project: Project, gold: Mapping[str, Value], answers: Mapping[str, Value]) -> bool:
    """Tell whether an answer agrees with a gold one, each question as its kind holds it: equal, near enough, or one in common."""
    return all(
        ask is not None and ask.meets(right, answers.get(question))
        for question, right in gold.items()
        for ask in [project.asked(question)]
    )


def gives_up(project: Project, answers: Mapping[str, Value]) -> bool:
    """Tell whether an answer says that its student could not judge the item: it agrees with no other one."""
    return any(
        isinstance(ask, Steps) and ask.id in answers and ask.compared(answers[ask.id]) == "give_up"
        for ask in project.ask
    )


def comparable(project: Project, answers: Mapping[str, Value]) -> str:
    """Give the part of an answer in which judgments must agree, as text: the verdicts, not the reasons."""
    kept = {
        ask.id: ask.compared(answers[ask.id]) for ask in project.ask if ask.COMPARED and ask.id in answers
    }
    return json.dumps(kept, ensure_ascii=True, sort_keys=True)
