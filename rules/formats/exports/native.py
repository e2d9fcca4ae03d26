"""Veritap's own rows: `judgments`, one a judgment as it was given, and `labels`, one an item with its leading answers. Pure.

Both exist nested, for JSON lines, and flat, for tables. Unless gold was asked for, nothing in them depends on whether an item's answer was
known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.formats.exports.judged import Column, Given, Judged, Plan, Row, Rows, Type, as_text
from rules.kinds import AnyQuestion, Preference, Scale, Steps, TextAnswer
from rules.labels import Leading, Sure

JUDGMENT_COLUMNS = (
    Column("judgment", "int", "Number of the judgment; numbers rise with time."),
    Column("project", "text", "The project's slug."),
    Column("item", "text", "The item's id."),
    Column("student", "text", "A pseudonym; the same one for all judgments of a person."),
    Column("answers", "object", "The answers, question id to value."),
    Column("use", "text", 'What the item was for; "work" unless gold was asked for.'),
    Column("read_first", "text", "Which of the two answers was read first, a or b."),
    Column("correct", "bool", "Whether the known answer was met."),
    Column("shown_at_ms", "int", "When the item was shown, UTC milliseconds."),
    Column("answered_at_ms", "int", "When it was answered, UTC milliseconds."),
    Column("credited_ms", "int", "The time that was credited, milliseconds."),
    Column("amount_micro", "int", "What was earned, millionths of the currency."),
    Column("currency", "text", "The currency."),
    Column("status", "text", "counted, held or excluded; only counted judgments make labels."),
)
LABEL_COLUMNS = (
    Column("id", "text", "The item's id."),
    Column("project", "text", "The project's slug."),
    Column("fields", "object", "The fields of the item that were shown."),
    Column("labels", "object", "The leading answer to each question; null where none leads."),
    Column(
        "confidences",
        "object",
        "The chance that each label is right; null where no gold item stands behind it.",
    ),
    Column("shares", "object", "The share of the answers behind each label. Not a confidence."),
    Column("counts", "object", "How often each answer was given."),
    Column("texts", "object", "What was written, for questions that ask for words."),
    Column("judgments", "int", "Judgments on which the labels rest."),
    Column("settled", "bool", "Whether the item wants no more judgments."),
    Column(
        "status",
        "text",
        "open, settled, unsure (the answers disagree and nobody else is asked) or adjudicated.",
    ),
    Column(
        "confidence",
        "float",
        "The chance that the least certain label is right, calibrated on gold items; null without any.",
    ),
    Column("confidence_low", "float", "The lower end of the interval of that confidence (90 %)."),
    Column("confidence_high", "float", "Its upper end."),
    Column("golds", "int", "How many gold items that confidence was calibrated on."),
    Column("use", "text", "What the item was for: training, exam, gold or work."),
    Column("gold", "object", "The answer known beforehand."),
)
_GOLD_ONLY = ("correct", "gold")
ABOUT_ITEM = ("judgments", "settled", "status", "confidence", "confidence_low", "confidence_high", "golds")
"""Columns of labels, nested or flat, that are about the item as a whole."""
NOT_SURE = Sure(None)


def judgment_columns(plan: Plan) -> list[Column]:
    """Name the columns of nested judgments."""
    unwanted = {*([] if plan.wishes.with_gold else ["correct"]), *([] if _compares(plan) else ["read_first"])}
    return [column for column in JUDGMENT_COLUMNS if column.name not in unwanted]


def judgments(plan: Plan, item: Judged) -> Rows:
    """Write an item's judgments, a row each."""
    return [_judgment(plan, item, given) for given in item.given]


def _compares(plan: Plan) -> bool:
    return any(isinstance(ask, Preference) for ask in plan.project.ask)


def _judgment(plan: Plan, item: Judged, given: Given) -> Row:
    with_gold = plan.wishes.with_gold
    values: Row = {
        "judgment": given.id,
        "project": plan.project.slug,
        "item": item.external_id,
        "student": given.student,
        "answers": dict(given.answers),
        "use": item.use if with_gold else "work",
        "read_first": "b" if given.flipped else "a",
        "correct": given.correct,
        "shown_at_ms": given.shown_ms,
        "answered_at_ms": given.answered_ms,
        "credited_ms": given.credited_ms,
        "amount_micro": given.amount_micro,
        "currency": given.currency,
        "status": given.status,
    }
    return {column.name: values[column.name] for column in judgment_columns(plan)}


def label_columns(plan: Plan) -> list[Column]:
    """Name the columns of nested labels."""
    unwanted = set() if plan.wishes.with_gold else {"use", "gold"}
    if not any(isinstance(ask, TextAnswer) for ask in plan.project.ask):
        unwanted.add("texts")
    return [column for column in LABEL_COLUMNS if column.name not in unwanted]


def labels(plan: Plan, item: Judged) -> Rows:
    """Write an item with its leading answers."""
    asks = plan.project.ask
    leading = item.leading
    values: Row = {
        "id": item.external_id,
        "project": plan.project.slug,
        "fields": {name: item.fields.get(name) for name in plan.project.fields},
        "labels": {ask.id: leading[ask.id].value for ask in asks if not isinstance(ask, TextAnswer)},
        "confidences": {
            ask.id: _sure(leading[ask.id]).confidence for ask in asks if not isinstance(ask, TextAnswer)
        },
        "shares": {ask.id: leading[ask.id].share for ask in asks if not isinstance(ask, TextAnswer)},
        "counts": {ask.id: dict(leading[ask.id].counts) for ask in asks if not isinstance(ask, TextAnswer)},
        "texts": {ask.id: list(leading[ask.id].texts) for ask in asks if isinstance(ask, TextAnswer)},
        "judgments": len(item.counted),
        "settled": item.is_settled,
        "status": item.status or None,
        **_sureness(item),
        "use": item.use,
        "gold": None if item.gold is None else dict(item.gold),
    }
    return [{column.name: values[column.name] for column in label_columns(plan)}]


def _sure(leading: Leading) -> Sure:
    return leading.sure or NOT_SURE


def _sureness(item: Judged) -> Row:
    sure = item.least_sure or NOT_SURE
    return {
        "confidence": sure.confidence,
        "confidence_low": sure.low,
        "confidence_high": sure.high,
        "golds": None if sure.confidence is None else sure.golds,
    }


def flat_judgment_columns(plan: Plan) -> list[Column]:
    """Name the columns of a table of judgments: a column a question in the place of `answers`."""
    found: list[Column] = []
    for column in judgment_columns(plan):
        if column.name != "answers":
            found.append(column)
            continue
        found += [
            Column(f"answer.{ask.id}", _type(ask), f'The answer to "{ask.text}"') for ask in plan.project.ask
        ]
    return found


def _type(ask: object) -> Type:
    if isinstance(ask, Scale):
        return "int"
    return "object" if getattr(ask, "kind", "") in ("tags", "steps", "span") else "text"


def flat_judgments(plan: Plan, item: Judged) -> Rows:
    """Write an item's judgments as rows of a table."""
    rows = []
    for given in item.given:
        nested = _judgment(plan, item, given)
        answers = nested.pop("answers")
        rows.append(nested | {f"answer.{ask.id}": answers.get(ask.id) for ask in plan.project.ask})
    return rows


def flat_label_columns(plan: Plan) -> list[Column]:
    """Name the columns of a table of labels; the item's own fields keep their names, so that the table is an items file as well."""
    found = [Column("id", "text", "The item's id."), Column("project", "text", "The project's slug.")]
    found += [
        Column(_field(name, plan), "object" if shown == "steps" else "text", f'The field "{name}" as shown.')
        for name, shown in plan.project.fields.items()
    ]
    for ask in plan.project.ask:
        if isinstance(ask, TextAnswer):
            found.append(Column(f"texts.{ask.id}", "object", f'What was written to "{ask.text}"'))
            continue
        found.append(Column(f"label.{ask.id}", _type(ask), f'The leading answer to "{ask.text}"'))
        found.append(Column(f"confidence.{ask.id}", "float", "The chance that it is right."))
        found.append(
            Column(f"share.{ask.id}", "float", "The share of the answers behind it. Not a confidence.")
        )
        found.append(Column(f"counts.{ask.id}", "object", "How often each answer was given."))
        if isinstance(ask, Steps):
            found.append(Column(f"first_wrong.{ask.id}", "int", "The first wrong step from 0, -1 for none."))
    wanted = (*ABOUT_ITEM, *(("use", "gold") if plan.wishes.with_gold else ()))
    return [*found, *(column for column in LABEL_COLUMNS if column.name in wanted)]


def _field(name: str, plan: Plan) -> str:
    """Call a field's column by its name, unless that is taken."""
    taken = name in ("project", *ABOUT_ITEM) or any(
        name.startswith(f"{word}.")
        for word in ("label", "confidence", "share", "counts", "texts", "first_wrong")
    )
    return f"field.{name}" if taken else name


def flat_labels(plan: Plan, item: Judged) -> Rows:
    """Write an item with its leading answers as a row of a table."""
    nested = labels(plan, item)
    assert isinstance(nested, list)
    (row,) = nested
    flat: Row = {"id": row["id"], "project": row["project"]}
    flat |= {_field(name, plan): _cell(value) for name, value in row["fields"].items()}
    for ask in plan.project.ask:
        flat |= dict(_flat_label(ask, item.leading[ask.id]))
    return [flat | {name: row[name] for name in (*ABOUT_ITEM, "use", "gold") if name in row}]


def _cell(value: Any) -> Any:
    return value if isinstance(value, list) else as_text(value)


def _flat_label(ask: AnyQuestion, leading: Leading) -> Iterator[tuple[str, Any]]:
    if isinstance(ask, TextAnswer):
        yield f"texts.{ask.id}", list(leading.texts)
        return
    yield f"label.{ask.id}", leading.value
    yield f"confidence.{ask.id}", _sure(leading).confidence
    yield f"share.{ask.id}", leading.share
    yield f"counts.{ask.id}", dict(leading.counts)
    if isinstance(ask, Steps):
        yield (
            f"first_wrong.{ask.id}",
            leading.value["first_wrong"] if isinstance(leading.value, dict) else None,
        )
