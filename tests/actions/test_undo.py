"""Undo: one answer back, whole, and only while nothing hangs on it."""

from __future__ import annotations

from actions import judgments, ledger, outcomes, projects, qualifications, work
from actions.people import Visitor
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge


def begin(db: Db, project: Project, telegram_id: int = 1) -> tuple[Visitor, work.Card]:
    visitor, _ = db.join(telegram_id)
    db.run(qualifications.join, visitor, project.id)
    return visitor, card_of(db.run(work.begin_stage, visitor, project.id))


def undo(db: Db, visitor: Visitor, card: work.Card) -> outcomes.Outcome:
    return db.run(judgments.tap, visitor, card.token, card.step, "u")


def tallies(db: Db) -> list[tuple[int, ...]]:
    return db.rows("SELECT set_done, set_credited_ms, set_amount_micro FROM qualifications")


def test_undo_does_not_reach_into_the_set_before(db: Db) -> None:
    visitor, card = begin(db, make(db))
    following = judge(db, visitor, card, "o0")
    first = card_of(db.run(work.begin_set, visitor, 1))
    assert first.token == card_of(following).token
    assert isinstance(undo(db, visitor, first), outcomes.CannotUndo)
    assert tallies(db) == [(0, 0, 0)], "no set holds less than nothing"


def test_undo_is_one_level_however_much_was_answered(db: Db) -> None:
    visitor, card = begin(db, make(db))
    second = card_of(judge(db, visitor, card, "o0", 10))
    third = card_of(judge(db, visitor, second, "o0", 10))
    undone = undo(db, visitor, third)
    assert isinstance(undone, outcomes.Undone)
    assert isinstance(undo(db, visitor, undone.card), outcomes.CannotUndo)
    assert tallies(db) == [(1, 10_000, 66_667)]
    assert db.value("SELECT SUM(amount_micro) FROM earned") == 66_667


def test_a_tap_that_was_on_its_way_before_the_undo_answers_nothing(db: Db) -> None:
    visitor, card = begin(db, make(db))
    undone = undo(db, visitor, card_of(judge(db, visitor, card, "o0")))
    assert isinstance(undone, outcomes.Undone)
    assert db.run(judgments.tap, visitor, card.token, card.step, "o0") == outcomes.OldCard(undone.card)


def test_a_second_tap_on_undo_leaves_the_first_as_it_is(db: Db) -> None:
    visitor, card = begin(db, make(db))
    waiting = card_of(judge(db, visitor, card, "o0"))
    undone = undo(db, visitor, waiting)
    assert isinstance(undone, outcomes.Undone)
    again = undo(db, visitor, waiting)
    assert again == outcomes.OldCard(undone.card), "the item that lies open now, not the one before it"
    recorded = db.run(judgments.tap, visitor, undone.card.token, undone.card.step, "o0")
    assert isinstance(recorded, outcomes.Recorded)
    assert card_of(recorded.next).token == waiting.token


def test_an_answer_on_the_waiting_card_counts_for_it(db: Db) -> None:
    visitor, card = begin(db, make(db))
    waiting = card_of(judge(db, visitor, card, "o0"))
    undo(db, visitor, waiting)
    recorded = db.run(judgments.tap, visitor, waiting.token, waiting.step, "o0")
    assert isinstance(recorded, outcomes.Recorded)
    assert card_of(recorded.next).token == card.token, "the undone item comes back"


def test_undo_in_the_exam_takes_the_answer_out_of_the_count(db: Db) -> None:
    visitor, card = begin(db, make(db, exam=3))
    following = card_of(judge(db, visitor, card, "o0"))
    assert db.rows("SELECT answered, exam_right FROM qualifications") == [(1, 1)]
    undone = undo(db, visitor, following)
    assert isinstance(undone, outcomes.Undone)
    assert db.rows("SELECT answered, exam_right FROM qualifications") == [(0, 0)]
    assert isinstance(undo(db, visitor, undone.card), outcomes.CannotUndo)
    judge(db, visitor, undone.card, "o1")
    assert db.rows("SELECT answered, exam_right FROM qualifications") == [(1, 0)]


def test_undo_stops_at_the_end_of_training_and_of_the_exam(db: Db) -> None:
    project = make(db, training=1, exam=1)
    visitor, card = begin(db, project)
    exam = card_of(judge(db, visitor, card, "o0"))
    assert isinstance(undo(db, visitor, exam), outcomes.CannotUndo)
    first = card_of(judge(db, visitor, exam, "o0"))
    assert isinstance(undo(db, visitor, first), outcomes.CannotUndo)
    assert db.value("SELECT COUNT(*) FROM judgments WHERE undone_ms IS NULL") == 2


def test_undo_stays_on_its_project(db: Db) -> None:
    project = make(db)
    text = TOML.format(training=0, exam=0, gold_share=0.0).replace('"sums"', '"other"')
    other = db.run(projects.create_or_update, None, text).project
    db.connection.execute("UPDATE items SET project_id = :id WHERE id % 2 = 0", {"id": other.id})
    db.connection.execute("UPDATE queue SET project_id = :id WHERE item_id % 2 = 0", {"id": other.id})
    db.connection.execute("UPDATE projects SET state = 'open'")
    visitor, first = begin(db, project)
    card = card_of(judge(db, visitor, first, "o0"))
    db.run(qualifications.join, visitor, other.id)
    elsewhere = card_of(db.run(work.go_on, visitor, other.id))
    judge(db, visitor, elsewhere, "o0")
    back = card_of(db.run(work.go_on, visitor, project.id))
    assert back.token == card.token
    assert isinstance(undo(db, visitor, back), outcomes.CannotUndo), "the newest answer was given elsewhere"


def test_an_undone_gold_is_out_of_the_tally(db: Db) -> None:
    project = make(db, golds=20, work_items=20, gold_share=0.5)
    visitor, card = begin(db, project)
    for _ in range(12):
        before = db.rows("SELECT gold_right, gold_wrong FROM qualifications")
        use = db.value("SELECT use FROM assignments WHERE token = :token", token=card.token)
        following = card_of(judge(db, visitor, card, "o1"))
        if use == "gold":
            assert db.rows("SELECT gold_right, gold_wrong FROM qualifications") != before
            assert isinstance(undo(db, visitor, following), outcomes.Undone)
            assert db.rows("SELECT gold_right, gold_wrong FROM qualifications") == before
            return
        card = following
    raise AssertionError("no gold came")


def test_the_newest_answer_is_the_one_given_last_whatever_the_clock_says(db: Db) -> None:
    visitor, card = begin(db, make(db))
    second = card_of(judge(db, visitor, card, "o0"))
    db.clock.advance(-60_000)
    third = card_of(judge(db, visitor, second, "o0"))
    undone = undo(db, visitor, third)
    assert isinstance(undone, outcomes.Undone)
    assert undone.card.token == second.token


def test_an_approved_answer_stays(db: Db) -> None:
    visitor, card = begin(db, make(db))
    waiting = card_of(judge(db, visitor, card, "o0"))
    db.connection.execute("UPDATE judgments SET approved_ms = 1")
    assert isinstance(undo(db, visitor, waiting), outcomes.CannotUndo)
    db.connection.execute("UPDATE judgments SET approved_ms = NULL")
    db.clock.advance(ledger.UNDO_WINDOW_MS - 1)
    assert isinstance(undo(db, visitor, waiting), outcomes.Undone)
