"""Exports: exactly the keys asked for, live judgments of agreeing students only, and the same bytes every time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions import consents, exports, judgments
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start, work_through

KEYS = [
    "judgment",
    "project",
    "item",
    "student",
    "answers",
    "use",
    "shown_at_ms",
    "answered_at_ms",
    "credited_ms",
    "amount_micro",
    "currency",
    "status",
]


@pytest.fixture
def project(db: Db) -> Project:
    return make(db, training=1, exam=2, golds=3, work_items=6, gold_share=0.4)


def export(db: Db, project: Project, *, with_gold: bool = False) -> list[dict[str, Any]]:
    lines = db.run(lambda tx: list(exports.all_judgments(tx, project.id, with_gold)))
    return [json.loads(line) for line in lines]


def test_a_line_has_exactly_the_promised_keys_in_order(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    for row in export(db, project):
        assert list(row) == KEYS
    for row in export(db, project, with_gold=True):
        known = [key for key in row if key != "correct"]
        assert known == KEYS
        assert ("correct" in row) == (row["use"] != "work")


def test_every_live_judgment_is_there_once_as_it_was_given(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    rows = export(db, project, with_gold=True)
    assert [row["judgment"] for row in rows] == [
        number for (number,) in db.rows("SELECT id FROM judgments ORDER BY id")
    ]
    assert {row["use"] for row in rows} == {"training", "exam", "gold", "work"}
    first = rows[0]
    assert first == {
        "judgment": 1,
        "project": "sums",
        "item": "training-0",
        "student": db.value("SELECT pseudonym FROM people WHERE id = 1"),
        "answers": {"correct": "yes"},
        "use": "training",
        "correct": True,
        "shown_at_ms": 1_700_000_000_000,
        "answered_at_ms": 1_700_000_007_000,
        "credited_ms": 7_000,
        "amount_micro": 46_667,
        "currency": "USD",
        "status": "counted",
    }
    wrong = next(row for row in rows if row["answers"].get("correct") == "no")
    assert wrong["answers"] == {"correct": "no", "why": ["digit"]}
    assert all(row["correct"] == (row["answers"]["correct"] == "yes") for row in rows if "correct" in row)


def test_the_same_database_gives_the_same_bytes(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    once = db.run(lambda tx: list(exports.all_judgments(tx, project.id, True)))
    assert once == db.run(lambda tx: list(exports.all_judgments(tx, project.id, True)))


def test_pages_meet_without_gap_or_repeat(db: Db, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    work_through(db, project, students=3)
    whole = export(db, project)
    assert len(whole) > 12
    for page in (1, 4, len(whole)):
        monkeypatch.setattr(exports, "PAGE", page)
        assert export(db, project) == whole
    assert len(db.run(exports.judgments, project.id, False, 0, 5)) == 5


def test_an_undone_judgment_is_left_out(db: Db) -> None:
    project = make(db)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0")
    card = card_of(following)
    db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert export(db, project) == []


def test_who_took_their_consent_back_is_left_out_and_counted(db: Db, project: Project) -> None:
    work_through(db, project, students=3)
    before = export(db, project)
    gone = db.value("SELECT pseudonym FROM people WHERE id = 2")
    lines_of_gone = sum(row["student"] == gone for row in before)
    db.run(consents.withdraw, db.visitor(101))
    after = export(db, project)
    assert after == [row for row in before if row["student"] != gone]
    assert db.run(exports.extent, project.id) == exports.Extent(len(before), lines_of_gone, 1)


def test_a_project_without_judgments_gives_nothing(db: Db, project: Project) -> None:
    assert export(db, project) == []
    assert db.run(exports.extent, project.id) == exports.Extent(0, 0, 0)
