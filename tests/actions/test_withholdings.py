"""Withholding: two people, only unpaid money, fourteen days, and the hours stay."""

from __future__ import annotations

import sqlite3

import pytest

from actions import (
    appeals,
    corrections,
    judgments,
    ledger,
    outcomes,
    refusals,
    roles,
    withholding_drafts,
    withholdings,
    work,
)
from actions.people import Visitor
from actions.projects import Project
from rules.credit import DAY_MS
from tests.actions import projects_for_tests as samples
from tests.actions import test_corrections
from tests.actions.conftest import Db
from tests.actions.working import judge, start

WHY = "40 answers in 3 seconds each"


class House:
    """A project with a coordinator, two admins and a student who gave three answers."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.project: Project = samples.make(db)
        self.ann, _ = db.join(1, "admin")
        self.bob, _ = db.join(2, "admin")
        self.cleo, coordinator = db.join(3, "coordinator")
        db.run(roles.let_manage, coordinator.id, self.project.id)
        self.sam, following = start(db, self.project, 100)
        for _ in range(3):
            following = judge(db, self.sam, samples.card_of(following), "o0", 30)
        self.student = 4

    def draft(self, proposer: Visitor | None = None) -> int:
        by = proposer or self.cleo
        self.db.run(withholding_drafts.await_reason, by, self.project.id, self.student)
        return self.db.run(withholding_drafts.type_reason, by, WHY).withholding.id

    def proposed(self, proposer: Visitor | None = None) -> int:
        number = self.draft(proposer)
        self.db.run(withholdings.propose, proposer or self.cleo, number)
        return number

    def held(self) -> int:
        number = self.proposed()
        self.db.run(withholdings.confirm, self.ann, number, agrees=True)
        return number

    def money(self, state: str, asset: str = "USD") -> int:
        return self.db.run(ledger.balance, f"student:{self.student}:{state}", asset)

    def state(self, number: int) -> str:
        return str(self.db.value("SELECT state FROM withholdings WHERE id = :id", id=number))


@pytest.fixture
def house(db: Db) -> House:
    """Make a house."""
    return House(db)


def test_nothing_is_held_before_a_second_person_confirms(house: House) -> None:
    number = house.proposed()
    assert (house.money("pending"), house.money("withheld")) == (600_000, 0)
    for proposer in (house.cleo, house.sam):
        with pytest.raises(refusals.NotAllowed):
            house.db.run(withholdings.confirm, proposer, number, agrees=True)
    seen = house.db.run(withholdings.confirm, house.ann, number, agrees=True)
    assert (seen.withholding.state, len(seen.shares)) == ("held", 3)
    assert (house.money("pending"), house.money("withheld")) == (0, 600_000)
    keys = house.db.rows("SELECT key, actor, reason FROM entries WHERE kind = 'withholding' ORDER BY id")
    assert {row[0] for row in keys} == {f"withhold:{number}:{one}" for one in (1, 2, 3)}
    assert {row[1:] for row in keys} == {("person:1", WHY)}
    assert house.db.value(
        "SELECT COUNT(*) FROM deliveries WHERE key = :key", key=f"withholding:{number}:held"
    )


def test_an_admin_who_proposed_it_cannot_confirm_it(house: House) -> None:
    number = house.proposed(house.ann)
    with pytest.raises(refusals.SamePerson):
        house.db.run(withholdings.confirm, house.ann, number, agrees=True)
    assert house.db.run(withholdings.confirm, house.bob, number, agrees=True).changed
    with pytest.raises(sqlite3.IntegrityError, match="withholdings_two"):
        house.db.connection.execute("UPDATE withholdings SET confirmed_by = proposed_by")


def test_of_two_admins_the_first_decides(house: House) -> None:
    number = house.proposed()
    assert house.db.run(withholdings.confirm, house.bob, number, agrees=False).withholding.state == "refused"
    late = house.db.run(withholdings.confirm, house.ann, number, agrees=True)
    assert (late.withholding.state, late.changed) == ("refused", False)
    assert house.money("withheld") == 0


def test_nobody_holds_back_their_own_pay(house: House) -> None:
    house.db.run(roles.add, house.student, "admin", granted_by=None, because="a test")
    with pytest.raises(refusals.YourOwnMoney):
        house.db.run(withholding_drafts.begin, house.sam, house.project.id, house.student)
    with pytest.raises(refusals.YourOwnMoney):
        house.db.run(withholdings.confirm, house.sam, house.proposed(), agrees=True)


def test_hours_are_approved_all_the_same_and_money_is_not(house: House) -> None:
    house.held()
    house.db.clock.advance(8 * DAY_MS)
    assert house.db.run(ledger.approve_due) == 3
    assert (house.money("approved", "TIME"), house.money("approved"), house.money("withheld")) == (
        90_000,
        0,
        600_000,
    )


def test_what_is_held_is_released_by_itself_after_fourteen_days(house: House) -> None:
    number = house.held()
    house.db.clock.advance(14 * DAY_MS - 1)
    assert house.db.run(withholdings.release_due) == 0
    house.db.clock.advance(1)
    assert house.db.run(withholdings.release_due) == 1
    assert house.db.run(withholdings.release_due) == 0
    assert (house.state(number), house.money("approved"), house.money("withheld")) == ("released", 600_000, 0)
    house.db.run(ledger.approve_due)
    assert house.money("approved") == 600_000, "the approval that comes later gives nothing twice"
    assert house.db.value("SELECT SUM(amount_micro) FROM payables") == 600_000


def test_a_proposal_that_nobody_confirms_lapses(house: House) -> None:
    number = house.proposed()
    house.db.clock.advance(14 * DAY_MS)
    assert house.db.run(withholdings.release_due) == 1
    assert house.state(number) == "lapsed"
    assert house.money("withheld") == 0


def test_approved_money_is_held_and_released_but_nothing_in_a_payout(house: House) -> None:
    house.db.clock.advance(8 * DAY_MS)
    house.db.run(ledger.approve_due)
    house.db.connection.execute("UPDATE payables SET line_id = 9 WHERE judgment_id = 1")
    number = house.held()
    assert (house.money("approved"), house.money("withheld")) == (200_000, 400_000)
    assert house.db.value("SELECT SUM(amount_micro) FROM payables WHERE line_id IS NULL") == 0
    house.db.run(withholdings.settle, house.cleo, number, takes=False)
    assert (house.money("approved"), house.money("withheld")) == (600_000, 0)
    assert house.db.value("SELECT SUM(amount_micro) FROM payables WHERE line_id IS NULL") == 400_000


def test_taking_it_needs_an_admin_who_did_not_propose_it_and_a_week(house: House) -> None:
    number = house.held()
    with pytest.raises(refusals.TooEarlyToTake):
        house.db.run(withholdings.settle, house.bob, number, takes=True)
    house.db.clock.advance(7 * DAY_MS)
    with pytest.raises(refusals.NotAllowed):
        house.db.run(withholdings.settle, house.cleo, number, takes=True)
    assert house.db.run(withholdings.settle, house.bob, number, takes=True).withholding.state == "forfeited"
    assert house.db.run(ledger.balance, f"project:{house.project.id}", "USD") == 0
    assert not house.db.run(withholdings.settle, house.cleo, number, takes=False).changed
    assert house.money("withheld") == 0


def test_an_open_appeal_is_answered_before_anything_is_taken(house: House) -> None:
    number = house.held()
    house.db.run(appeals.begin, house.sam, "withholding", number)
    house.db.run(appeals.type_text, house.sam, "I read every one of them.")
    house.db.clock.advance(7 * DAY_MS)
    with pytest.raises(refusals.AnswerTheAppeal):
        house.db.run(withholdings.settle, house.bob, number, takes=True)


def test_one_withholding_at_a_time_and_each_answer_once_ever(house: House) -> None:
    draft = house.draft()
    number = house.held()
    with pytest.raises(refusals.HeldAlready):
        house.db.run(withholding_drafts.begin, house.cleo, house.project.id, house.student)
    with pytest.raises(refusals.HeldAlready):
        house.db.run(withholdings.propose, house.cleo, draft)
    house.db.run(withholdings.settle, house.cleo, number, takes=False)
    with pytest.raises(refusals.NothingToHold):
        house.db.run(withholding_drafts.begin, house.cleo, house.project.id, house.student)


def test_from_a_day_on_and_not_after_the_proposal(house: House) -> None:
    house.db.clock.advance(2 * DAY_MS)
    following = house.db.run(work.go_on, house.sam, house.project.id)
    judge(house.db, house.sam, samples.card_of(following), "o0", 30)
    house.db.run(withholding_drafts.await_day, house.cleo, house.project.id, house.student)
    for text in ("2023-11-99", "tomorrow", "2999-01-01", "0001-01-01", ""):
        with pytest.raises(refusals.NotADay):
            house.db.run(withholding_drafts.type_day, house.cleo, text)
    begun = house.db.run(withholding_drafts.type_day, house.cleo, "2023-11-16")
    assert [one.id for one in begun.shares] == [4]
    number = house.db.run(withholding_drafts.type_reason, house.cleo, WHY).withholding.id
    following = house.db.run(work.go_on, house.sam, house.project.id)
    judge(house.db, house.sam, samples.card_of(following), "o0", 30)
    assert [one.id for one in house.db.run(withholdings.see, house.cleo, number).shares] == [4]


def test_an_answer_whose_pay_is_held_back_cannot_be_taken_back(house: House) -> None:
    card = samples.card_of(house.db.run(work.go_on, house.sam, house.project.id))
    house.held()
    outcome = house.db.run(judgments.tap, house.sam, card.token, card.step, "u")
    assert isinstance(outcome, outcomes.CannotUndo)
    assert house.money("withheld") == 600_000


def test_money_that_an_adjustment_took_is_not_held_as_well(house: House) -> None:
    house.db.clock.advance(8 * DAY_MS)
    house.db.run(ledger.approve_due)
    number = test_corrections.draft(house.db, house.ann, house.student, "-0.30").adjustment.id
    house.db.run(corrections.confirm, house.ann, number)
    house.held()
    assert (house.money("approved"), house.money("withheld")) == (100_000, 200_000)


def test_strangers_stay_out(house: House) -> None:
    number = house.proposed()
    stranger, _ = house.db.join(50, "coordinator")
    for act in (withholdings.see, withholdings.propose, withholdings.discard):
        with pytest.raises(refusals.NotYourProject):
            house.db.run(act, stranger, number)
    with pytest.raises(refusals.OutOfDate):
        house.db.run(withholdings.see, house.ann, 99)
    assert house.db.run(withholdings.discard, house.cleo, number).withholding.state == "discarded"
    house.db.run(withholding_drafts.await_reason, house.cleo, house.project.id, house.student)
    with pytest.raises(refusals.WordsOutOfBounds):
        house.db.run(withholding_drafts.type_reason, house.cleo, "no")
