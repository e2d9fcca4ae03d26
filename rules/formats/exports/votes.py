"""Votes as LMArena publishes them (huggingface.co/datasets/lmarena-ai/arena-human-preference-100k): a row a judgment. Pure.

What Veritap does not know stays null: it makes no tags, counts no tokens, and guesses neither code nor refusals.
"""

from __future__ import annotations

from rules.formats.exports.judged import Column, Given, Judged, LeftOut, Plan, Row, Rows, as_text

WINNERS = {"a": "model_a", "b": "model_b", "tie": "tie", "both_bad": "tie (bothbad)"}
NO_VOTE = LeftOut("nobody compared its answers")
COLUMNS = [
    Column("question_id", "text", "The item's id."),
    Column("model_a", "text", "What wrote answer a, if the items say so."),
    Column("model_b", "text", "What wrote answer b, if the items say so."),
    Column("winner", "text", "model_a, model_b, tie or tie (bothbad)."),
    Column("conversation_a", "object", "The prompt and answer a."),
    Column("conversation_b", "object", "The prompt and answer b."),
    Column("turn", "int", "Always 1."),
    Column("anony", "bool", "Always true: nobody saw which model wrote what."),
    Column("language", "text", "The project's language, as a code."),
    Column("tstamp", "float", "When it was answered, seconds since 1970."),
    Column("conv_metadata", "null", "Always null."),
    Column("is_code", "null", "Always null."),
    Column("is_refusal", "null", "Always null."),
    Column("dedup_tag", "null", "Always null."),
    Column("category_tag", "null", "Always null."),
    Column("judge_hash", "text", "A pseudonym."),
]


def votes(plan: Plan, item: Judged) -> Rows:
    """Write every comparison of an item's two answers."""
    found = [_vote(plan, item, given) for given in item.counted if plan.preference.id in given.answers]
    return found or NO_VOTE


def _vote(plan: Plan, item: Judged, given: Given) -> Row:
    ask = plan.preference
    return {
        "question_id": item.external_id,
        "model_a": as_text(item.fields.get("model_a")) or "unknown",
        "model_b": as_text(item.fields.get("model_b")) or "unknown",
        "winner": WINNERS[str(given.answers[ask.id])],
        "conversation_a": _conversation(plan, item, ask.a),
        "conversation_b": _conversation(plan, item, ask.b),
        "turn": 1,
        "anony": True,
        "language": plan.project.language,
        "tstamp": given.answered_ms / 1000,
        "conv_metadata": None,
        "is_code": None,
        "is_refusal": None,
        "dedup_tag": None,
        "category_tag": None,
        "judge_hash": given.student,
    }


def _conversation(plan: Plan, item: Judged, field: str) -> list[Row]:
    return [
        {"role": "user", "content": item.text(plan.prompt)},
        {"role": "assistant", "content": as_text(item.fields.get(field))},
    ]
