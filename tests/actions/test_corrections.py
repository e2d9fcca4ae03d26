"""Adjustments: who may, how much, two people above the limit, never below zero, each tap and each request once."""

from __future__ import annotations

import sqlite3

import pytest

from actions import corrections, ledger, people, refusals, two_people
from actions.corrections import Seen
from actions.people import Person, Visitor
from rules.money import MICRO
from storage.tx import Tx
from tests.actions import projects_for_tests as projects
from tests.actions.conftest import Db
from tests.actions.working import judge, start

WHY = "an item was shown twice"


def staff(db: Db) -> tuple[Visitor, Visitor, Visitor, Person]:
    """Make two admins and a coordinator, and a student with $20 approved."""
    ann, _ = db.join(1, "admin")
    bob, _ = db.join(2, "admin")
    cleo, _ = db.join(3, "coordinator")
    _sam, student = db.join(4)
    draft(db, ann, student.id, "20.00")
    seen = db.run(corrections.confirm, ann, 1)
    assert seen.adjustment.state == "booked"
    return ann, bob, cleo, student


def draft(db: Db, admin: Visitor, person_id: int, amount: str, reason: str = WHY) -> Seen:
    db.run(corrections.begin, admin, person_id, "USD")
    db.run(corrections.type_amount, admin, amount)
    return db.run(corrections.type_reason, admin, reason)


def approved(db: Db, student: Person) -> int:
    return db.run(ledger.balance, f"student:{student.id}:approved", "USD")


def test_a_small_correction_is_booked_at_once_and_told(db: Db) -> None:
    ann, _bob, _cleo, student = staff(db)
    seen = draft(db, ann, student.id, "-5.50")
    assert (seen.adjustment.state, seen.approved_micro) == ("draft", 20 * MICRO)
    assert approved(db, student) == 20 * MICRO, "nothing moves before it is confirmed"
    seen = db.run(corrections.confirm, ann, seen.adjustment.id)
    assert (seen.adjustment.state, seen.changed) == ("booked", True)
    assert approved(db, student) == 14_500_000
    booked = db.rows("SELECT kind, person_id, actor, reason FROM entries WHERE key = 'adjust:2'")
    assert booked == [("adjustment", student.id, "person:1", WHY)]
    posted = db.rows("SELECT source, destination, amount FROM postings ORDER BY entry_id DESC LIMIT 1")
    assert posted == [(f"student:{student.id}:approved", "office", 5_500_000)]
    assert db.value("SELECT COUNT(*) FROM deliveries WHERE key = 'adjusted:2'") == 1
    assert db.value("SELECT detail FROM audit WHERE deed = 'booked adjustment' AND subject = 'adjust:2'")


def test_a_second_tap_books_nothing_more(db: Db) -> None:
    ann, _bob, _cleo, student = staff(db)
    number = draft(db, ann, student.id, "5").adjustment.id
    db.run(corrections.confirm, ann, number)
    again = db.run(corrections.confirm, ann, number)
    assert (again.adjustment.state, again.changed) == ("booked", False)
    assert approved(db, student) == 25 * MICRO
    assert not db.run(corrections.discard, ann, number).changed


@pytest.mark.parametrize("text", ["0", "nan", "-nan", "1e9", "5,00", "1.0000001", "99999999", "", "x", "٥"])
def test_what_is_no_amount_is_refused_and_asked_again(db: Db, text: str) -> None:
    ann, _bob, _cleo, student = staff(db)
    db.run(corrections.begin, ann, student.id, "USD")
    with pytest.raises(refusals.NotAnAmount):
        db.run(corrections.type_amount, ann, text)
    assert db.run(corrections.type_amount, ann, "1.00").amount_micro == MICRO


@pytest.mark.parametrize("reason", ["", "four", "x" * 301])
def test_a_reason_is_needed(db: Db, reason: str) -> None:
    ann, _bob, _cleo, student = staff(db)
    with pytest.raises(refusals.WordsOutOfBounds):
        draft(db, ann, student.id, "1", reason)
    assert db.value("SELECT COUNT(*) FROM adjustments") == 1


def test_nothing_falls_below_zero_not_even_between_preview_and_tap(db: Db) -> None:
    ann, _bob, _cleo, student = staff(db)
    with pytest.raises(refusals.BelowZero):
        draft(db, ann, student.id, "-20.000001")
    first = draft(db, ann, student.id, "-15").adjustment.id
    second = draft(db, ann, student.id, "-15").adjustment.id
    db.run(corrections.confirm, ann, first)
    with pytest.raises(refusals.BelowZero):
        db.run(corrections.confirm, ann, second)
    assert approved(db, student) == 5 * MICRO
    assert db.value("SELECT state FROM adjustments WHERE id = :id", id=second) == "draft"


def test_only_admins_correct_pay_and_only_their_own_drafts(db: Db) -> None:
    ann, bob, cleo, student = staff(db)
    sam = db.visitor(4)
    number = draft(db, ann, student.id, "5").adjustment.id
    for visitor in (cleo, sam):
        with pytest.raises(refusals.NotAllowed):
            db.run(corrections.begin, visitor, student.id, "USD")
        for act in (corrections.confirm, corrections.discard, corrections.see):
            with pytest.raises(refusals.NotAllowed):
                db.run(act, visitor, number)
        with pytest.raises(refusals.NotAllowed):
            db.run(corrections.decide, visitor, number, agrees=True)
    with pytest.raises(refusals.OutOfDate):
        db.run(corrections.confirm, bob, number)
    with pytest.raises(refusals.OutOfDate):
        db.run(corrections.begin, ann, student.id, "ABC")


def test_above_the_limit_a_second_admin_decides(db: Db) -> None:
    ann, bob, _cleo, student = staff(db)
    number = draft(db, ann, student.id, "50.01").adjustment.id
    seen = db.run(corrections.confirm, ann, number)
    assert (seen.adjustment.state, seen.seconds) == ("waiting", 1)
    assert approved(db, student) == 20 * MICRO
    with pytest.raises(refusals.SamePerson):
        db.run(corrections.decide, ann, number, agrees=True)
    assert db.run(corrections.see, bob, number).can_decide
    seen = db.run(corrections.decide, bob, number, agrees=True)
    assert (seen.adjustment.state, seen.changed) == ("booked", True)
    assert approved(db, student) == 70_010_000
    assert db.value("SELECT actor FROM entries WHERE key = :key", key=f"adjust:{number}") == "person:2"


def test_of_two_admins_the_first_decides(db: Db) -> None:
    ann, bob, _cleo, student = staff(db)
    dan, _ = db.join(5, "admin")
    number = draft(db, ann, student.id, "60").adjustment.id
    db.run(corrections.confirm, ann, number)
    assert db.run(corrections.decide, bob, number, agrees=False).adjustment.state == "refused"
    late = db.run(corrections.decide, dan, number, agrees=True)
    assert (late.adjustment.state, late.changed) == ("refused", False)
    assert approved(db, student) == 20 * MICRO
    assert db.value("SELECT COUNT(*) FROM audit WHERE deed = 'refused adjustment'") == 1


def test_nobody_corrects_their_own_pay_alone_nor_seconds_it(db: Db) -> None:
    ann, bob, _cleo, _student = staff(db)
    own = draft(db, ann, 1, "1.00").adjustment
    assert own.needs_second
    db.run(corrections.confirm, ann, own.id)
    for_bob = draft(db, ann, 2, "60.00").adjustment
    assert db.run(corrections.confirm, ann, for_bob.id).seconds == 0, "whom it is about is not asked"
    with pytest.raises(refusals.YourOwnMoney):
        db.run(corrections.decide, bob, for_bob.id, agrees=True)


def test_small_steps_add_up_to_the_limit_within_a_week(db: Db) -> None:
    ann, bob, _cleo, student = staff(db)
    states = []
    for _ in range(3):
        number = draft(db, ann, student.id, "15").adjustment.id
        states.append(db.run(corrections.confirm, ann, number).adjustment.state)
    assert states == ["booked", "booked", "waiting"], "20 + 15 + 15 is the limit of 50"
    number = draft(db, bob, student.id, "15").adjustment.id
    assert db.run(corrections.confirm, bob, number).adjustment.state == "booked"
    db.clock.advance(8 * 24 * 3_600_000)
    number = draft(db, ann, student.id, "15").adjustment.id
    assert db.run(corrections.confirm, ann, number).adjustment.state == "booked"


def test_the_table_itself_wants_two_people(db: Db) -> None:
    ann, _bob, _cleo, student = staff(db)
    number = draft(db, ann, student.id, "60").adjustment.id
    db.run(corrections.confirm, ann, number)
    with pytest.raises(sqlite3.IntegrityError, match="adjustments_two"):
        db.connection.execute(
            "UPDATE adjustments SET state = 'booked', decided_by = 1 WHERE id = ?", (number,)
        )


def test_a_lower_limit_holds_at_once_and_a_higher_one_takes_two(db: Db) -> None:
    ann, bob, cleo, student = staff(db)
    assert db.run(two_people.set_limit, ann, "10").limit_micro == 10 * MICRO
    assert draft(db, bob, student.id, "10.01").adjustment.needs_second
    raised = db.run(two_people.set_limit, ann, "500")
    assert (raised.limit_micro, raised.waits_micro) == (10 * MICRO, 500 * MICRO)
    with pytest.raises(refusals.SamePerson):
        db.run(two_people.decide_limit, ann, 500 * MICRO, agrees=True)
    with pytest.raises(refusals.NotAllowed):
        db.run(two_people.decide_limit, cleo, 500 * MICRO, agrees=True)
    with pytest.raises(refusals.OutOfDate):
        db.run(two_people.decide_limit, bob, 600 * MICRO, agrees=True)
    assert db.run(two_people.decide_limit, bob, 500 * MICRO, agrees=True).limit_micro == 500 * MICRO
    with pytest.raises(refusals.OutOfDate):
        db.run(two_people.decide_limit, bob, 500 * MICRO, agrees=True)
    for text in ("-1", "nan", "10001", "", "1.0000001"):
        with pytest.raises(refusals.NotAnAmount):
            db.run(two_people.set_limit, ann, text)
    deeds = {row[0] for row in db.rows("SELECT deed FROM audit")}
    assert {"set correction limit", "asked to raise correction limit", "raised correction limit"} <= deeds


def test_a_correction_names_the_answer_that_it_corrects(db: Db) -> None:
    ann, _ = db.join(1, "admin")
    visitor, following = start(db, projects.make(db), 100)
    judge(db, visitor, projects.card_of(following), "o0")
    begun = db.run(corrections.begin_from, ann, judgment_id=1)
    assert (begun.judgment_id, begun.currency) == (1, "USD")
    db.run(corrections.type_amount, ann, "0.10")
    seen = db.run(corrections.type_reason, ann, WHY)
    assert seen.adjustment.judgment_id == 1
    with pytest.raises(refusals.NoSuchThing):
        db.run(corrections.begin_from, ann, judgment_id=99)
    with pytest.raises(refusals.NoSuchThing):
        db.run(corrections.begin_from, ann, line_id=99)


def test_a_correction_names_the_line_of_a_payout_that_it_corrects(db: Db) -> None:
    ann, _bob, _cleo, student = staff(db)
    # A payout with one line for the student, past the way that leads to one.
    db.connection.execute(
        "INSERT INTO payout_batches (currency, period_end_ms, minimum_micro, state, drafted_by, drafted_ms)"
        " VALUES ('USD', 0, 1, 'draft', 1, 0)"
    )
    db.connection.execute(
        "INSERT INTO payout_lines (batch_id, person_id, number, reference, method, payee, payee_digest, taken_micro,"
        " amount_micro, state) VALUES (1, :id, 193, 'W46-0193', 'paypal', '', '', 1, 1, 'open')",
        {"id": student.id},
    )
    begun = db.run(corrections.begin_from_reference, ann, "W46-0193")
    assert (begun.holder.id, begun.currency, begun.line_id) == (student.id, "USD", 1)
    db.run(corrections.type_amount, ann, "-0.10")
    number = db.run(corrections.type_reason, ann, WHY).adjustment.id
    assert db.run(corrections.confirm, ann, number).adjustment.line_id == 1
    with pytest.raises(refusals.NoSuchThing):
        db.run(corrections.begin_from_reference, ann, "W46-0194")


def test_a_page_shows_money_by_state_and_what_was_corrected(db: Db) -> None:
    ann, _bob, _cleo, student = staff(db)
    found = db.run(corrections.page, ann, student.id)
    assert found.currencies == ["USD"]
    assert found.held[0].by_state["approved"] == 20 * MICRO
    assert [one.amount_micro for one in found.recent] == [20 * MICRO]


def test_typing_without_having_been_asked_does_nothing(db: Db) -> None:
    ann, _bob, _cleo, _student = staff(db)
    for act in (corrections.type_amount, corrections.type_reason):
        with pytest.raises(refusals.OutOfDate):
            db.run(act, ann, "5.00")
    db.run(_await_other, ann)
    with pytest.raises(refusals.OutOfDate):
        db.run(corrections.type_amount, ann, "5.00")


def _await_other(tx: Tx, visitor: Visitor) -> None:
    people.await_input(tx, people.require(tx, visitor).id, "roles:name")
