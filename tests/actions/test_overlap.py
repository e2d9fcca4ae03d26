"""Overlap: each item gets the judgments that it wants, whoever skips, comes late, or takes an answer back."""

from __future__ import annotations

from actions import assignments, judgments, outcomes, overlap, qualifications, work
from actions.people import Visitor
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make


class Table:
    """Several students around one item that wants two to four judgments."""

    def __init__(self, db: Db, students: int) -> None:
        self.db = db
        self.project = make(db, work_items=1)
        self.visitors: list[Visitor] = []
        self.cards: list[work.Next] = []
        for number in range(students):
            visitor, _ = db.join(number + 1)
            db.run(qualifications.join, visitor, self.project.id)
            self.visitors.append(visitor)

    def take(self, student: int) -> work.Next:
        """Ask for an item."""
        return self.db.run(work.begin_stage, self.visitors[student], self.project.id)

    def tap(self, student: int, card: work.Card, operation: str) -> outcomes.Outcome:
        """Tap an answer; a "wrong" also names its reason."""
        outcome = self.db.run(judgments.tap, self.visitors[student], card.token, card.step, operation)
        while isinstance(outcome, outcomes.Stepped):
            card = outcome.card
            follow_up = "d" if card.draft.marks else "t0+"
            outcome = self.db.run(judgments.tap, self.visitors[student], card.token, card.step, follow_up)
        return outcome

    def answer(self, student: int, operation: str = "o0") -> work.Card:
        """Take the item and answer it."""
        card = card_of(self.take(student))
        assert isinstance(self.tap(student, card, operation), outcomes.Recorded)
        return card

    def state(self) -> tuple[int, int, int, int]:
        """Give live judgments, slots held, slots free, and whether the item is settled."""
        return self.db.rows(
            "SELECT (SELECT COUNT(*) FROM judgments WHERE undone_ms IS NULL), "
            "(SELECT COUNT(*) FROM assignments WHERE state IN ('open', 'parked', 'paused')), "
            "(SELECT COUNT(*) FROM returned) + COALESCE((SELECT SUM(slots) FROM queue), 0), "
            "(SELECT settled_ms IS NOT NULL FROM items)"
        )[0]


def change_the_first_answer(table: Table, value: str) -> None:
    """Let the first student have answered otherwise, as after an undo, and look at the item anew."""
    table.db.connection.execute(
        "UPDATE judgments SET answers = :answers WHERE id = 1", {"answers": f'{{"correct": "{value}"}}'}
    )
    table.db.run(overlap.review, table.project, 1)


def test_two_that_agree_settle_an_item(db: Db) -> None:
    table = Table(db, 3)
    assert table.state() == (0, 0, 2, 0)
    table.answer(0)
    assert table.state() == (1, 0, 1, 0)
    table.answer(1)
    assert table.state() == (2, 0, 0, 1)
    assert isinstance(table.take(2), work.NothingNow)


def test_only_as_many_lease_an_item_as_it_wants(db: Db) -> None:
    table = Table(db, 3)
    card_of(table.take(0))
    card_of(table.take(1))
    assert table.state() == (0, 2, 0, 0)
    assert isinstance(table.take(2), work.NothingNow)


def test_a_disagreement_asks_for_one_more_and_wakes_who_had_seen_everything(db: Db) -> None:
    table = Table(db, 3)
    card = card_of(table.take(0))
    other = card_of(table.take(1))
    assert isinstance(table.take(2), work.NothingNow)
    table.tap(0, card, "o0")
    table.tap(1, other, "o1")
    assert table.state() == (2, 0, 1, 0)
    table.answer(2)
    assert table.state() == (3, 0, 1, 0), "two to one is no lead of two"


def test_an_answer_that_was_out_when_the_item_settled_can_unsettle_it(db: Db) -> None:
    table = Table(db, 5)
    table.answer(0, "o0")
    table.answer(1, "o1")
    late = card_of(table.take(2))
    # Now two agree while a third is still reading.
    change_the_first_answer(table, "no")
    assert table.state() == (2, 1, 0, 1)
    assert isinstance(table.tap(2, late, "o0"), outcomes.Recorded)
    assert table.state() == (3, 0, 1, 0), "two to one: it is open again, and the next student may take it"
    table.answer(3, "o1")
    assert table.state() == (4, 0, 0, 1)


def test_an_item_that_settles_asks_nobody_else(db: Db) -> None:
    table = Table(db, 4)
    table.answer(0, "o0")
    table.answer(1, "o1")
    assert table.state() == (2, 0, 1, 0), "a third is asked for"
    change_the_first_answer(table, "no")
    assert table.state() == (2, 0, 0, 1), "and, once they agree, no longer"
    assert isinstance(table.take(2), work.NothingNow)


def test_an_item_skipped_after_it_settled_asks_nobody_else(db: Db) -> None:
    table = Table(db, 4)
    table.answer(0, "o0")
    table.answer(1, "o1")
    late = card_of(table.take(2))
    change_the_first_answer(table, "no")
    assert table.state() == (2, 1, 0, 1)
    assert isinstance(table.tap(2, late, "s"), outcomes.Left)
    assert table.state() == (2, 0, 0, 1)


def test_a_lease_lasts_to_its_last_moment(db: Db) -> None:
    table = Table(db, 1)
    card_of(table.take(0))
    db.clock.advance(600_000)
    assert db.run(assignments.expire_leases) == 0
    db.clock.advance(1)
    assert db.run(assignments.expire_leases) == 1
    assert table.state() == (0, 0, 2, 0)


def test_a_paused_item_is_kept_for_two_hours(db: Db) -> None:
    table = Table(db, 1)
    card_of(table.take(0))
    db.run(work.pause, table.visitors[0])
    db.clock.advance(assignments.PAUSE_HELD_MS)
    assert db.run(assignments.expire_leases) == 0
    db.clock.advance(1)
    assert db.run(assignments.expire_leases) == 1


def test_a_lease_that_ends_on_a_settled_item_brings_nobody_back(db: Db) -> None:
    table = Table(db, 4)
    late = card_of(table.take(0))
    db.clock.advance(3_600_001)
    db.run(assignments.expire_leases)
    table.answer(1)
    again = card_of(table.take(2))
    assert isinstance(table.tap(0, late, "o0"), outcomes.LeaseEnded), "both places are taken"
    table.tap(2, again, "o0")
    assert table.state() == (2, 0, 0, 1)


def test_an_undone_answer_opens_its_item_again_and_keeps_its_place(db: Db) -> None:
    table = Table(db, 4)
    project = table.project
    db.connection.execute(
        "INSERT INTO items (id, project_id, external_id, use, fields, added_ms) SELECT 2, 1, 'more', 'work', fields, 0 FROM items"
    )
    db.connection.execute("INSERT INTO queue VALUES (1, 2, 2)")
    table.answer(0)
    card = card_of(table.take(1))
    recorded = table.tap(1, card, "o0")
    assert isinstance(recorded, outcomes.Recorded)
    assert db.value("SELECT settled_ms IS NOT NULL FROM items WHERE id = 1") == 1
    assert db.value("SELECT COUNT(*) FROM approvals_due") == 2
    undone = table.tap(1, card_of(recorded.next), "u")
    assert isinstance(undone, outcomes.Undone)
    assert db.value("SELECT settled_ms FROM items WHERE id = 1") is None
    assert db.value("SELECT COUNT(*) FROM approvals_due") == 0
    assert db.value("SELECT COUNT(*) FROM returned WHERE item_id = 1") == 0, "the place is still theirs"
    table.tap(1, undone.card, "o0")
    assert db.value("SELECT settled_ms IS NOT NULL FROM items WHERE id = 1") == 1
    assert project.rules.quality.overlap == (2, 4)
