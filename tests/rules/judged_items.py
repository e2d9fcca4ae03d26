"""Judged items for the tests of exports, made from a definition and plain answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rules import answers, overlap
from rules.formats.exports import formats
from rules.formats.exports.file import DataFile
from rules.formats.exports.judged import Given, Judged, Wishes
from rules.project_file import Project
from tests.rules.definitions import define, preference, steps

NOON_MS = 1_700_000_000_000
COMPARISON = define(
    slug="pairs",
    title="Which is better?",
    show=[{"field": "question"}],
    ask=[preference("better")],
    quality={"overlap": [2, 4]},
)
CHAIN = define(
    slug="chains",
    title="Check steps",
    show=[{"field": "problem"}, {"field": "steps", "as": "steps"}],
    ask=[steps("check")],
    quality={"overlap": [2, 4]},
)
PAIR = {"question": "2 + 2?", "answer_a": "4", "answer_b": "5"}
STEPS = {"problem": "2 + 2 + 2?", "steps": ["2 + 2 = 4", "4 + 2 = 7", "So 7."]}


def judged(
    project: Project,
    fields: dict[str, Any],
    given: Sequence[dict[str, Any]],
    *,
    external_id: str = "i1",
    use: str = "work",
    gold: dict[str, Any] | None = None,
    status: str = "counted",
) -> Judged:
    """Make an item with these answers; each took seven seconds, a minute after the other."""
    compared = [answers.comparable(project, one) for one in given]
    made = tuple(
        Given(
            id=number,
            student=f"s{number}",
            answers=one,
            status=status,
            correct=None,
            flipped=number % 2 == 0,
            shown_ms=NOON_MS + number * 60_000,
            answered_ms=NOON_MS + number * 60_000 + 7_000,
            credited_ms=7_000,
            amount_micro=46_667,
            currency="USD",
        )
        for number, one in enumerate(given, start=1)
    )
    is_settled = bool(compared) and overlap.still_wanted(compared, *project.quality.overlap) == 0
    return Judged(project, external_id, use, fields, gold, made, is_settled)


def begin(name: str, project: Project, **wishes: Any) -> DataFile:
    """Begin a file of a format."""
    form = formats.find(name)
    return DataFile(form, formats.plan(form, project, Wishes(**wishes)))


def rows(name: str, item: Judged, **wishes: Any) -> list[dict[str, Any]]:
    """Make the rows of one item."""
    return begin(name, item.project, **wishes).rows(item)


def why_not(name: str, item: Judged, **wishes: Any) -> str:
    """Say why an item makes no rows."""
    data = begin(name, item.project, **wishes)
    assert data.rows(item) == []
    ((why, count),) = data.report.left_out.items()
    assert count == 1
    return why
