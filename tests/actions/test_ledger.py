"""The ledger's verbs: an event once, a reversal whole, approvals in their time, and balances as sums."""

from __future__ import annotations

import sqlite3

import pytest

from actions import ledger
from rules.ledger import GENESIS, Posting
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start

PAY = [
    Posting("project:1", "student:1:pending", 500, "USD"),
    Posting("project:1", "student:1:pending", 75, "TIME"),
]


def post(tx: Tx, key: str, postings: list[Posting] | None = None) -> bool:
    return ledger.post(
        tx,
        key=key,
        kind="earning",
        person_id=None,
        actor="test",
        reason="test",
        postings=PAY if postings is None else postings,
    )


def test_an_event_is_booked_once(db: Db) -> None:
    assert db.run(post, "a")
    assert not db.run(post, "a", [Posting("project:1", "student:1:pending", 999, "USD")])
    assert db.rows("SELECT amount FROM postings ORDER BY line") == [(500,), (75,)]


def test_entries_are_chained(db: Db) -> None:
    for key in ("a", "b", "c"):
        db.run(post, key)
    rows = db.rows("SELECT previous_hash, hash FROM entries ORDER BY id")
    assert [previous for previous, _ in rows] == [GENESIS, *(digest for _, digest in rows[:-1])]


def test_a_reversal_moves_everything_back(db: Db) -> None:
    db.run(post, "a")
    assert db.run(ledger.reverse, key="undo a", of="a", person_id=1, actor="test", reason="test")
    assert not db.run(ledger.reverse, key="undo a", of="a", person_id=1, actor="test", reason="test")
    for account in ("project:1", "student:1:pending"):
        assert [one.amount for one in db.run(ledger.balances, account)] == [0, 0]


def test_balances_are_of_one_account_alone(db: Db) -> None:
    db.run(post, "a")
    db.run(post, "b", [Posting("project:1", "student:12:pending", 7, "EUR")])
    assert db.run(ledger.balances, "student:1:pending") == [
        ledger.Balance("TIME", 75),
        ledger.Balance("USD", 500),
    ]
    assert db.run(ledger.balances, "student:12:pending") == [ledger.Balance("EUR", 7)]
    assert db.run(ledger.balances, "student:1") == []
    assert db.run(ledger.balance, "project:1", "USD") == -500


def test_the_books_cannot_be_changed(db: Db) -> None:
    db.run(post, "a")
    for statement in (
        "UPDATE postings SET amount = 1",
        "DELETE FROM entries",
        "UPDATE entries SET reason = ''",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            db.connection.execute(statement)


def test_gold_is_approved_with_the_work_that_followed_it(db: Db) -> None:
    project = make(db, golds=10, work_items=30, gold_share=0.5)
    visitor, following = start(db, project, 1)
    other, theirs = start(db, project, 2)
    for _ in range(15):
        following = judge(db, visitor, card_of(following), "o0")
        theirs = judge(db, other, card_of(theirs), "o0")
    assert db.value("SELECT COUNT(*) FROM judgments WHERE use = 'gold'") > 5
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    db.run(ledger.approve_due)
    waiting = db.rows(
        "SELECT g.id FROM judgments AS g WHERE g.use = 'gold' AND g.approved_ms IS NULL AND EXISTS (SELECT 1 FROM judgments AS w "
        "WHERE w.use = 'work' AND w.person_id = g.person_id AND w.answered_ms > g.answered_ms AND w.approved_ms IS NOT NULL)"
    )
    assert waiting == [], "no gold waits behind work that came after it"
    early = db.rows(
        "SELECT g.id FROM judgments AS g WHERE g.use = 'gold' AND g.approved_ms IS NOT NULL AND NOT EXISTS (SELECT 1 "
        "FROM judgments AS w WHERE w.use = 'work' AND w.person_id = g.person_id AND w.answered_ms > g.answered_ms "
        "AND w.approved_ms IS NOT NULL)"
    )
    assert early == [], "and none runs ahead of it"


def test_what_waited_seven_days_is_approved_and_leaves_nothing_to_wait_for(db: Db) -> None:
    project = make(db, work_items=1)
    visitor, following = start(db, project, 1)
    judge(db, visitor, card_of(following), "o0")
    db.clock.advance(ledger.PENDING_MAX_MS + 1)
    assert db.run(ledger.approve_due) == 1
    assert db.value("SELECT reason FROM entries WHERE kind = 'approval'") == "seven days have passed"
    other, theirs = start(db, project, 2)
    judge(db, other, card_of(theirs), "o0")
    assert db.value("SELECT COUNT(*) FROM approvals_due") == 1, (
        "only the newer answer waits now that the item is settled"
    )
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    assert db.run(ledger.approve_due) == 1
    assert db.value("SELECT COUNT(*) FROM approvals_due") == 0


def test_training_and_exam_are_approved_when_they_can_no_longer_be_undone(db: Db) -> None:
    project = make(db, training=1, exam=1)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o1")
    judge(db, visitor, card_of(following), "o1")
    db.clock.advance(ledger.UNDO_WINDOW_MS - 1)
    assert db.run(ledger.approve_due) == 1, "the training answer is twenty seconds older"
    db.clock.advance(1)
    assert db.run(ledger.approve_due) == 1
