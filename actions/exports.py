"""Exports: a project's judgments as lines of JSON, for whoever trains or scores on them.

A line holds a pseudonym and no personal data. Undone judgments are left out, and so are all judgments of students
who took their consent back. The same database gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from storage.tx import Tx

PAGE = 1_000
"""Judgments read at once: enough to make a query's cost small, few enough to keep memory flat."""


@dataclasses.dataclass(frozen=True, slots=True)
class Extent:
    """How many live judgments a project has, and how many of them no export may hold."""

    judgments: int
    left_out: int
    left_out_students: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    id: int
    slug: str
    external_id: str
    pseudonym: str
    answers: str
    use: str
    correct: int | None
    shown_ms: int
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str
    status: str


def extent(tx: Tx, project_id: int) -> Extent:
    """Count what an export of a project will hold and leave out."""
    return tx.one("exports.extent", Extent, project_id=project_id) or Extent(0, 0, 0)


def judgments(tx: Tx, project_id: int, with_gold: bool, after_id: int = 0, limit: int = PAGE) -> list[str]:
    """Give the next judgments of a project after one, a line of JSON each, in the order of their ids.

    `with_gold`: say of each item with a known answer whether it was met. `shown_at_ms`, `answered_at_ms`: UTC
    milliseconds; `amount_micro`: millionths of the currency.
    """
    rows = tx.all("exports.judgments", _Row, project_id=project_id, after_id=after_id, most=limit)
    return [_line(row, with_gold) for row in rows]


def all_judgments(tx: Tx, project_id: int, with_gold: bool) -> Iterator[str]:
    """Give every line of a project's export, reading a page at a time."""
    after_id = 0
    while True:
        lines = judgments(tx, project_id, with_gold, after_id)
        yield from lines
        if len(lines) < PAGE:
            return
        after_id = int(json.loads(lines[-1])["judgment"])


def _line(row: _Row, with_gold: bool) -> str:
    fields: dict[str, Any] = {
        "judgment": row.id,
        "project": row.slug,
        "item": row.external_id,
        "student": row.pseudonym,
        "answers": json.loads(row.answers),
        "use": row.use,
    }
    if with_gold and row.correct is not None:
        fields["correct"] = bool(row.correct)
    fields |= {
        "shown_at_ms": row.shown_ms,
        "answered_at_ms": row.answered_ms,
        "credited_ms": row.credited_ms,
        "amount_micro": row.amount_micro,
        "currency": row.currency,
        "status": row.status,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
