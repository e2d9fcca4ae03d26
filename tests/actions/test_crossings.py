"""Where features about money meet: pay that is held back and hourly floors; gold and what a student reads of approvals."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from actions import (
    budgets,
    consents,
    earnings,
    ledger,
    qualifications,
    statements,
    topups,
    withholding_drafts,
    withholdings,
    work,
)
from bot import verify
from rules import statement_file
from rules.credit import DAY_MS, HOUR_MS
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.test_topups import floored, settle, work_some
from tests.actions.working import judge, start


def proved(db: Db, tmp_path: Path) -> list[str]:
    """Give what the proof finds wrong in a copy of the books."""
    copy = sqlite3.connect(tmp_path / "copy.db")
    db.connection.backup(copy)
    copy.close()
    return list(verify.verify(tmp_path / "copy.db").findings)


def test_pay_that_was_released_before_its_week_is_settled_is_topped_up_and_the_books_stay_green(
    db: Db, tmp_path: Path
) -> None:
    project = floored(db, work_items=9)
    admin, _ = db.join(2, "admin")
    other, _ = db.join(3, "admin")
    work_some(db, project, 1, [60, 60, 60])
    student = int(db.value("SELECT person_id FROM judgments"))
    db.run(withholding_drafts.await_reason, admin, project.id, student)
    number = db.run(withholding_drafts.type_reason, admin, "three in a row alike").withholding.id
    db.run(withholdings.propose, admin, number)
    db.run(withholdings.confirm, other, number, agrees=True)
    db.clock.advance(HOUR_MS)
    db.run(withholdings.settle, admin, number, takes=False)
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    assert not db.run(topups.settle_due)
    assert db.rows("SELECT judgments, topped_up_micro FROM topup_weeks") == [(3, 600_000)]
    assert proved(db, tmp_path) == []


def test_pay_that_is_held_back_as_its_week_is_settled_is_not_topped_up(db: Db, tmp_path: Path) -> None:
    project = floored(db, work_items=9)
    admin, _ = db.join(2, "admin")
    other, _ = db.join(3, "admin")
    work_some(db, project, 1, [60, 60, 60])
    student = int(db.value("SELECT person_id FROM judgments"))
    db.run(withholding_drafts.await_reason, admin, project.id, student)
    number = db.run(withholding_drafts.type_reason, admin, "three in a row alike").withholding.id
    db.run(withholdings.propose, admin, number)
    db.run(withholdings.confirm, other, number, agrees=True)
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    # In the same millisecond, but after it.
    db.run(withholdings.settle, admin, number, takes=False)
    assert db.rows("SELECT judgments, topped_up_micro FROM topup_weeks") == [(0, 0)]
    assert proved(db, tmp_path) == []


def test_what_a_student_reads_of_approvals_does_not_pair_gold_with_the_work_after_it(db: Db) -> None:
    project = make(db, golds=6, work_items=20, gold_share=0.5)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    following = db.run(work.begin_stage, visitor, project.id)
    for _ in range(14):
        following = judge(db, visitor, card_of(following), "o1", 10)
    worked = [number for (number,) in db.rows("SELECT id FROM judgments WHERE use = 'work' ORDER BY id DESC")]
    for number in worked:
        db.run(ledger.plan_approval, number)
        db.clock.advance(ledger.UNDO_WINDOW_MS)
        db.run(ledger.approve_due)
    # The timetable looks again and again; whatever gold waited for, its while is over in the end.
    for _ in range(ledger.GOLD_WAIT_MAX_MS // HOUR_MS):
        db.clock.advance(HOUR_MS)
        db.run(ledger.approve_due)
    of_work = set(db.rows("SELECT approved_ms FROM judgments WHERE use = 'work'"))
    of_gold = set(db.rows("SELECT approved_ms FROM judgments WHERE use = 'gold' AND approved_ms IS NOT NULL"))
    assert len(of_work) == len(worked) > 2
    assert of_gold, "gold is approved as well"
    assert not of_work & of_gold, "and never in the moment of the work that it waited for"
    answers = db.value("SELECT COUNT(*) FROM judgments WHERE approved_ms IS NOT NULL")
    db.clock.advance(8 * DAY_MS)
    while db.run(statements.close_due):
        pass
    week = db.value("SELECT week FROM statements ORDER BY week LIMIT 1")
    person_id, entries = db.run(statements.entries_of, visitor, week)
    order = [
        (entry.recorded_ms // DAY_MS, entry.judgment_id or 0) for entry in entries if entry.kind == "approval"
    ]
    assert order == sorted(order), "by the day, and within it by the answer"
    assert len(order) == answers
    written = statement_file.csv_text(person_id, entries, {}).splitlines()
    told = {row.partition(",")[0] for row in written if ",approval," in row}
    assert {moment.partition("T")[2] for moment in told} == {"00:00:00.000Z"}, "the day and no more"
    own = db.run(consents.own_data, visitor)["judgments"]
    assert {one["approved_ms"] % DAY_MS for one in own if one["approved_ms"] is not None} == {0}


def test_what_is_answered_in_a_settled_week_by_a_clock_that_was_set_back_is_topped_up_with_the_next(
    db: Db, tmp_path: Path
) -> None:
    project = floored(db, 'budget = "50.00"\n', work_items=9)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0", 60)
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    following = db.run(work.go_on, visitor, project.id)
    db.clock.set_by(-8 * DAY_MS)
    late = judge(db, visitor, card_of(following), "o0", 60)
    db.run(work.pause, visitor)
    assert isinstance(late, work.Card)
    assert settle(db) == 0, "the week that it belongs to is not over by this clock"
    assert proved(db, tmp_path) == []
    kept = db.run(budgets.of, project)
    assert kept is not None
    assert kept.reserved_micro == db.run(budgets.reserved_now, project.id) > 0
    db.clock.advance(16 * DAY_MS)
    assert settle(db) == 1
    assert db.rows("SELECT judgments, topped_up_micro FROM topup_weeks ORDER BY start_ms")[1][0] == 1
    detail = db.run(earnings.line, visitor, 2)
    assert detail is not None
    assert detail.topup_micro == db.value("SELECT MAX(topped_up_micro) FROM topup_weeks WHERE judgments = 1")
    kept = db.run(budgets.of, project)
    assert kept is not None
    assert kept.reserved_micro == db.run(budgets.reserved_now, project.id)
    assert proved(db, tmp_path) == []
