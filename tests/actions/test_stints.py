"""Stints: kept in one row a student, whoever else works at the same time."""

from __future__ import annotations

from actions import stints
from rules.credit import MINUTE_MS
from tests.actions.conftest import START_MS, Db


def test_a_break_is_due_once_after_25_active_minutes_for_each_alone(db: Db) -> None:
    (_, ada), (_, ben) = db.join(1), db.join(2)
    due: dict[int, list[int]] = {ada.id: [], ben.id: []}
    for minute in range(1, 61):
        moment = START_MS + minute * MINUTE_MS
        for person, works in ((ada, True), (ben, minute % 10 < 5)):
            if works and db.run(stints.after_answer, person.id, moment - MINUTE_MS, moment):
                due[person.id].append(minute)
    assert due == {ada.id: [25, 50], ben.id: []}
    assert db.value("SELECT COUNT(*) FROM stints") == 2


def test_what_was_worked_outlives_a_restart(db: Db) -> None:
    _, ada = db.join(1)
    for minute in range(1, 25):
        assert not db.run(
            stints.after_answer, ada.id, START_MS + (minute - 1) * MINUTE_MS, START_MS + minute * MINUTE_MS
        )
    assert db.rows("SELECT active_ms, answered_ms FROM stints") == [
        (24 * MINUTE_MS, START_MS + 24 * MINUTE_MS)
    ]
