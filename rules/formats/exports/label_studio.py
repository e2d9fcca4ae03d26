"""Tasks with annotations as Label Studio writes them (labelstud.io/guide/task_format): a task an item, an annotation a judgment. Pure.

Each question is a control tag called by its id; `to_name` is the field that it is about. Where Label Studio knows no such control (a tie
of two answers, the rating of a step) it is a choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.formats.exports.judged import Column, Given, Judged, Plan, Row, Rows, as_text
from rules.formats.exports.steps import moment
from rules.kinds import AnyQuestion, Preference, Scale, Span, Steps, TextAnswer, Value

SIDES = {"a": "left", "b": "right"}
RATINGS = {1: "good", 0: "neutral", -1: "wrong"}
COLUMNS = [
    Column("id", "int", "Number of the task in this file."),
    Column("data", "object", "The fields of the item that were shown, and its id as veritap_item."),
    Column("annotations", "object", "The judgments."),
    Column("predictions", "object", "Empty."),
    Column(
        "meta", "object", "The pseudonym behind each annotation; use and known answer, if gold was asked for."
    ),
]


def tasks(plan: Plan, item: Judged) -> Rows:
    """Write an item as a task; its number is given when it is written."""
    shown = {name: item.fields.get(name) for name in plan.project.fields}
    task: Row = {
        "data": {"veritap_item": item.external_id, **shown},
        "annotations": [_annotation(plan, item, given) for given in item.counted],
        "predictions": [],
        # Label Studio takes no annotation by somebody whom it does not know, so the pseudonyms stand beside the annotations.
        "meta": {"students": {str(given.id): given.student for given in item.counted}},
    }
    if plan.wishes.with_gold:
        task["meta"] |= {"use": item.use, "gold": None if item.gold is None else dict(item.gold)}
    return [task]


def _annotation(plan: Plan, item: Judged, given: Given) -> Row:
    time = f"{moment(given.answered_ms)}Z"
    return {
        "id": given.id,
        "result": list(_results(plan, item, given)),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": time,
        "updated_at": time,
        "lead_time": given.credited_ms / 1000,
    }


def _results(plan: Plan, item: Judged, given: Given) -> Iterator[Row]:
    for ask in plan.project.ask:
        if ask.id not in given.answers:
            continue
        for name, kind, value in _values(plan, item, ask, given.answers[ask.id]):
            number = f"{given.id}.{name}"
            yield {
                "id": number,
                "from_name": name,
                "to_name": _about(plan, ask),
                "type": kind,
                "value": value,
            }


def _about(plan: Plan, ask: AnyQuestion) -> str:
    if isinstance(ask, Preference):
        return f"{ask.a},{ask.b}"
    if isinstance(ask, Steps | Span):
        return ask.field
    return list(plan.project.fields)[-1]


def _values(plan: Plan, item: Judged, ask: AnyQuestion, value: Value) -> Iterator[tuple[str, str, Row]]:
    """Give the controls that hold one answer: its name, its type, its value."""
    if isinstance(ask, Steps) and isinstance(value, dict):
        for place, rating in enumerate(value["ratings"], start=1):
            yield f"{ask.id}.{place}", "choices", {"choices": [RATINGS[rating]]}
        yield f"{ask.id}.end", "choices", {"choices": [value["end"]]}
    elif isinstance(ask, Span) and isinstance(value, list):
        text = as_text(item.fields.get(ask.field))
        for place, span in enumerate(value, start=1):
            yield f"{ask.id}.{place}", "labels", _quote(ask.id, text, span)
    elif isinstance(ask, Preference) and value in SIDES:
        yield ask.id, "pairwise", {"selected": SIDES[str(value)]}
    elif isinstance(ask, Scale):
        yield ask.id, "rating", {"rating": value}
    elif isinstance(ask, TextAnswer):
        yield ask.id, "textarea", {"text": [value] if value else []}
    else:
        yield ask.id, "choices", {"choices": value if isinstance(value, list) else [value]}


def _quote(name: str, text: str, span: Any) -> Row:
    start, end = span["start"], span["end"]
    return {"start": start, "end": end, "text": text[start:end], "labels": [name]}
