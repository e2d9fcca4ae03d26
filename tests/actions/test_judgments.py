"""Taps on task cards, against a real database: recorded exactly once, paid exactly, whatever is tapped and by whom."""

from __future__ import annotations

import json

import pytest

from actions import assignments, judgments, ledger, qualifications, refusals, work
from actions.outcomes import (
    AlreadyJudged,
    AlreadyLeft,
    CannotUndo,
    ExamEnded,
    Explained,
    LeaseEnded,
    Left,
    OldCard,
    Outcome,
    Recorded,
    Stepped,
    Undone,
)
from actions.people import Visitor
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make

SECOND_MS = 1000


def begin(db: Db, project: Project, telegram_id: int = 1) -> tuple[Visitor, work.Card]:
    visitor, _ = db.join(telegram_id)
    db.run(qualifications.join, visitor, project.id)
    return visitor, card_of(db.run(work.begin_stage, visitor, project.id))


def answer(db: Db, visitor: Visitor, card: work.Card, operation: str = "o0") -> Outcome:
    return db.run(judgments.tap, visitor, card.token, card.step, operation)


def live(db: Db) -> int:
    return int(db.value("SELECT COUNT(*) FROM judgments WHERE undone_ms IS NULL"))


def balance(db: Db, person_id: int, state: str, asset: str) -> int:
    return db.run(ledger.balance, f"student:{person_id}:{state}", asset)


def test_an_answer_is_recorded_with_its_time_and_its_pay(db: Db) -> None:
    visitor, card = begin(db, make(db))
    db.clock.advance(41 * SECOND_MS)
    outcome = answer(db, visitor, card)
    assert isinstance(outcome, Recorded)
    assert (outcome.credited_ms, outcome.amount_micro) == (41_000, 273_333)
    assert card_of(outcome.next).token != card.token
    assert balance(db, 1, "pending", "USD") == 273_333
    assert balance(db, 1, "pending", "TIME") == 41_000


def test_time_is_credited_up_to_the_cap(db: Db) -> None:
    visitor, card = begin(db, make(db))
    db.clock.advance(500 * SECOND_MS)
    outcome = answer(db, visitor, card)
    assert isinstance(outcome, Recorded)
    assert outcome.credited_ms == 120_000


def test_a_second_tap_changes_nothing(db: Db) -> None:
    visitor, card = begin(db, make(db))
    answer(db, visitor, card)
    again = answer(db, visitor, card, "o1")
    assert isinstance(again, AlreadyJudged)
    assert again.answers == {"correct": "yes"}
    assert live(db) == 1


def test_somebody_elses_card_is_refused(db: Db) -> None:
    project = make(db)
    _, card = begin(db, project, 1)
    other, _ = begin(db, project, 2)
    with pytest.raises(refusals.NotYours):
        answer(db, other, card)
    assert live(db) == 0


@pytest.mark.parametrize(
    "operation", ["", "x", "o9", "o-1", "oo", "v3", "d", "t0+", "g1", "g-1", "f", "fnothing", "u1", "o٣"]
)
def test_forged_operations_change_nothing(db: Db, operation: str) -> None:
    visitor, card = begin(db, make(db))
    outcome = answer(db, visitor, card, operation)
    assert isinstance(outcome, OldCard | CannotUndo)
    assert live(db) == 0


def test_a_follow_up_is_asked_and_ticks_do_not_age_the_card(db: Db) -> None:
    visitor, card = begin(db, make(db))
    asked = answer(db, visitor, card, "o1")
    assert isinstance(asked, Stepped)
    old = answer(db, visitor, card, "o0")
    assert isinstance(old, OldCard), "the first question was answered already"
    first = answer(db, visitor, asked.card, "t0+")
    second = answer(db, visitor, asked.card, "t1+")
    assert isinstance(first, Stepped)
    assert isinstance(second, Stepped)
    assert second.card.draft.marks == ("digit", "sign")
    done = answer(db, visitor, second.card, "d")
    assert isinstance(done, Recorded)
    stored = json.loads(db.value("SELECT answers FROM judgments"))
    assert stored == {"correct": "no", "why": ["digit", "sign"]}


def test_done_without_a_tick_waits(db: Db) -> None:
    visitor, card = begin(db, make(db))
    asked = answer(db, visitor, card, "o1")
    assert isinstance(asked, Stepped)
    assert isinstance(answer(db, visitor, asked.card, "d"), OldCard)
    assert live(db) == 0


def test_undo_takes_the_pay_back_and_asks_again_then_the_waiting_card_returns(db: Db) -> None:
    visitor, card = begin(db, make(db))
    db.clock.advance(10 * SECOND_MS)
    recorded = answer(db, visitor, card)
    assert isinstance(recorded, Recorded)
    waiting = card_of(recorded.next)
    db.clock.advance(5 * SECOND_MS)
    undone = answer(db, visitor, waiting, "u")
    assert isinstance(undone, Undone)
    assert undone.card.token == card.token
    assert (live(db), balance(db, 1, "pending", "USD")) == (0, 0)
    db.clock.advance(3 * SECOND_MS)
    again = answer(db, visitor, undone.card)
    assert isinstance(again, Recorded)
    assert again.credited_ms == 13_000, "both stretches of this item, and not the five seconds of the other"
    back = card_of(again.next)
    assert back.token == waiting.token
    db.clock.advance(2 * SECOND_MS)
    last = answer(db, visitor, back)
    assert isinstance(last, Recorded)
    assert last.credited_ms == 7_000
    assert balance(db, 1, "pending", "TIME") == 20_000, "credited time is the wall clock, no more"


def test_undo_is_one_level_and_ends_after_ten_minutes(db: Db) -> None:
    visitor, card = begin(db, make(db))
    first = answer(db, visitor, card)
    assert isinstance(first, Recorded)
    undone = answer(db, visitor, card_of(first.next), "u")
    assert isinstance(undone, Undone)
    assert isinstance(answer(db, visitor, undone.card, "u"), CannotUndo)
    again = answer(db, visitor, undone.card)
    assert isinstance(again, Recorded)
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    assert isinstance(answer(db, visitor, card_of(again.next), "u"), CannotUndo)


def test_skip_gives_the_place_to_others_and_never_comes_back(db: Db) -> None:
    project = make(db, work_items=1)
    visitor, card = begin(db, project)
    left = answer(db, visitor, card, "s")
    assert isinstance(left, Left)
    assert isinstance(left.next, work.NothingNow)
    assert answer(db, visitor, card) == AlreadyLeft()
    for telegram_id in (2, 3):
        other, theirs = begin(db, project, telegram_id)
        assert isinstance(answer(db, other, theirs), Recorded)
    assert db.value("SELECT settled_ms IS NOT NULL FROM items") == 1


def test_an_item_gets_more_answers_while_they_disagree_and_never_more_than_its_most(db: Db) -> None:
    project = make(db, work_items=1)
    taken = 0
    for telegram_id in range(1, 8):
        visitor, _ = db.join(telegram_id)
        db.run(qualifications.join, visitor, project.id)
        following = db.run(work.begin_stage, visitor, project.id)
        if not isinstance(following, work.Card):
            break
        outcome = answer(db, visitor, following, "o0" if telegram_id % 2 else "o1")
        if isinstance(outcome, Stepped):
            ticked = answer(db, visitor, outcome.card, "t0+")
            assert isinstance(ticked, Stepped)
            outcome = answer(db, visitor, ticked.card, "d")
        assert isinstance(outcome, Recorded)
        taken += 1
    assert taken == 4
    assert db.value("SELECT settled_ms IS NOT NULL FROM items") == 1


@pytest.mark.parametrize("use", ["work", "gold"])
def test_a_lease_that_ran_out_ends_for_gold_as_for_work(db: Db, use: str) -> None:
    visitor, card = begin(db, make(db, golds=2, work_items=2))
    db.connection.execute("UPDATE items SET use = :use, gold = '{}'", {"use": use})
    db.connection.execute("UPDATE assignments SET use = :use", {"use": use})
    db.clock.advance(3_600_001)
    assert db.run(assignments.expire_leases) == 1
    assert isinstance(answer(db, visitor, card), LeaseEnded), (
        "whether there is a place or not: nothing tells the two apart"
    )
    assert live(db) == 0


def test_a_training_item_whose_lease_ran_out_is_taken_up_again(db: Db) -> None:
    visitor, card = begin(db, make(db, training=2))
    db.clock.advance(3_600_001)
    assert db.run(assignments.expire_leases) == 1
    assert isinstance(answer(db, visitor, card), Explained)


def test_a_lease_that_ran_out_ends_when_others_have_answered(db: Db) -> None:
    project = make(db, work_items=1)
    visitor, card = begin(db, project)
    db.clock.advance(3_600_001)
    db.run(assignments.expire_leases)
    for telegram_id in (2, 3):
        answer(db, *begin(db, project, telegram_id))
    outcome = answer(db, visitor, card)
    assert isinstance(outcome, LeaseEnded)
    assert live(db) == 2


def test_training_explains_and_is_paid(db: Db) -> None:
    visitor, card = begin(db, make(db, training=2, exam=2))
    assert (card.stage, card.place, card.of) == ("training", 1, 2)
    db.clock.advance(9 * SECOND_MS)
    asked = answer(db, visitor, card, "o1")
    assert isinstance(asked, Stepped)
    ticked = answer(db, visitor, asked.card, "t0+")
    assert isinstance(ticked, Stepped)
    outcome = answer(db, visitor, ticked.card, "d")
    assert isinstance(outcome, Explained)
    assert (outcome.correct, outcome.gold, outcome.explanation) == (
        False,
        {"correct": "yes"},
        "Because it is.",
    )
    assert outcome.amount_micro == 60_000


def qualify(db: Db, visitor: Visitor, project: Project, operations: list[str]) -> Outcome:
    outcome: Outcome | None = None
    for operation in operations:
        outcome = answer(db, visitor, card_of(db.run(work.begin_stage, visitor, project.id)), operation)
        if isinstance(outcome, Stepped):
            ticked = answer(db, visitor, outcome.card, "t0+")
            assert isinstance(ticked, Stepped)
            outcome = answer(db, visitor, ticked.card, "d")
    assert outcome is not None
    return outcome


def test_a_passed_exam_opens_the_work(db: Db) -> None:
    project = make(db, exam=2)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    outcome = qualify(db, visitor, project, ["o0", "o1"])
    assert isinstance(outcome, ExamEnded)
    assert (outcome.passed, outcome.right, outcome.needed) == (True, 1, 1)
    assert card_of(db.run(work.go_on, visitor, project.id)).stage == "work"


def test_a_failed_exam_says_when_to_come_back_and_can_be_passed_then(db: Db) -> None:
    project = make(db, exam=2)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    outcome = qualify(db, visitor, project, ["o1", "o1"])
    assert isinstance(outcome, ExamEnded)
    assert not outcome.passed
    waiting = db.run(work.go_on, visitor, project.id)
    assert isinstance(waiting, work.ExamToRetry)
    db.clock.advance(24 * 3_600_000)
    outcome = qualify(db, visitor, project, ["o0", "o0"])
    assert isinstance(outcome, ExamEnded)
    assert outcome.passed
    assert outcome.right == 2


def test_a_failed_gold_comes_once_and_takes_no_pay(db: Db) -> None:
    project = make(db, golds=12, work_items=60, gold_share=0.5)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    earned = 0
    for _ in range(60):
        following = card_of(db.run(work.begin_set, visitor, project.id))
        db.clock.advance(SECOND_MS)
        outcome = answer(db, visitor, following, "o1")
        assert isinstance(outcome, Stepped)
        ticked = answer(db, visitor, outcome.card, "t0+")
        assert isinstance(ticked, Stepped)
        recorded = answer(db, visitor, ticked.card, "d")
        assert isinstance(recorded, Recorded)
        earned += recorded.amount_micro
    assert db.value("SELECT COUNT(*) FROM judgments WHERE use = 'gold'") == 12, "each gold once"
    assert balance(db, 1, "pending", "USD") == earned > 0


def test_pay_is_approved_when_the_item_settles_and_at_the_latest_after_seven_days(db: Db) -> None:
    project = make(db, work_items=2)
    visitor, card = begin(db, project, 1)
    db.clock.advance(30 * SECOND_MS)
    recorded = answer(db, visitor, card)
    assert isinstance(recorded, Recorded)
    other, theirs = begin(db, project, 2)
    answer(db, other, theirs)
    assert db.run(ledger.approve_due) == 0, "it can still be undone"
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    assert db.run(ledger.approve_due) == 2
    assert balance(db, 1, "approved", "USD") == recorded.amount_micro
    assert balance(db, 1, "pending", "USD") == 0
    answer(db, visitor, card_of(recorded.next))
    db.clock.advance(ledger.PENDING_MAX_MS + 1)
    assert db.run(ledger.approve_due) == 1
    assert db.run(ledger.approve_due) == 0


def test_a_second_project_pauses_the_first_and_time_never_counts_twice(db: Db) -> None:
    project = make(db)
    visitor, card = begin(db, project)
    db.clock.advance(4 * SECOND_MS)
    ended = db.run(work.pause, visitor)
    assert ended is not None
    db.clock.advance(60 * SECOND_MS)
    back = card_of(db.run(work.go_on, visitor, project.id))
    assert back.token == card.token
    db.clock.advance(2 * SECOND_MS)
    outcome = answer(db, visitor, back)
    assert isinstance(outcome, Recorded)
    assert outcome.credited_ms == 6_000, "the break does not count"
