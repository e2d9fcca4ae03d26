"""The ledger's verbs: an event once, a reversal whole, approvals in their time, and balances as sums."""

from __future__ import annotations

import sqlite3

import pytest

from actions import items, ledger, projects, qualifications, work
from rules.item_file import Item
from rules.ledger import GENESIS, Posting
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
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
    assert not db.run(post, "a")
    with pytest.raises(ledger.KeyTaken):
        db.run(post, "a", [Posting("project:1", "student:1:pending", 999, "USD")])
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


def uses_of(db: Db) -> list[tuple[int, str]]:
    return db.rows("SELECT id, use FROM judgments WHERE person_id = 1 ORDER BY id")


def approved(db: Db) -> set[int]:
    return {
        number
        for (number,) in db.rows("SELECT id FROM judgments WHERE person_id = 1 AND approved_ms IS NOT NULL")
    }


def with_golds_ahead(rows: list[tuple[int, str]], work: set[int]) -> set[int]:
    """Add to some work judgments the golds that were answered right before each of them."""
    found: set[int] = set()
    ahead: set[int] = set()
    for number, use in rows:
        ahead.add(number)
        if use == "work":
            found |= ahead if number in work else set()
            ahead = set()
    return found


def test_gold_waits_as_long_as_the_work_that_followed_it(db: Db) -> None:
    project = make(db, golds=20, work_items=30, gold_share=0.5)
    visitor, following = start(db, project, 1)
    for _ in range(18):
        following = judge(db, visitor, card_of(following), "o0")
    rows = uses_of(db)
    worked = [number for number, use in rows if use == "work"]
    assert 4 <= len(worked) <= 14, "gold and work are well mixed"
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    for settled in (worked[-1:], worked[1:2], worked[:-2]):
        for number in settled:
            db.run(ledger.plan_approval, number)
        db.clock.advance(ledger.UNDO_WINDOW_MS)
        before = approved(db)
        db.run(ledger.approve_due)
        assert approved(db) - before == set(settled) - before, (
            "no gold turns approved in the moment of its work item"
        )
        db.clock.advance(ledger.GOLD_WAIT_MAX_MS)
        db.run(ledger.approve_due)
        assert approved(db) == with_golds_ahead(rows, approved(db) & set(worked))
        assert set(settled) <= approved(db)
    assert approved(db) != {number for number, _ in rows}


def test_gold_of_one_project_does_not_follow_the_work_of_another(db: Db) -> None:
    project = make(db, golds=20, work_items=30, gold_share=0.5)
    visitor, following = start(db, project, 1)
    while not uses_of(db) or uses_of(db)[-1][1] != "gold":
        following = judge(db, visitor, card_of(following), "o0")
    text = TOML.format(training=0, exam=0, gold_share=0.0).replace('"sums"', '"other"')
    other = db.run(projects.create_or_update, None, text).project
    db.run(items.import_batch, other.id, [Item("one", "work", '{"sum":"1 + 1 = 2"}', None, None)])
    db.connection.execute("UPDATE projects SET state = 'open'")
    db.run(qualifications.join, visitor, other.id)
    judge(db, visitor, card_of(db.run(work.begin_stage, visitor, other.id)), "o0")
    last = uses_of(db)[-1][0]
    db.run(ledger.plan_approval, last)
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    assert db.run(ledger.approve_due) == 1
    assert approved(db) == {last}


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
