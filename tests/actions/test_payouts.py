"""Payouts as actions: who is in a batch, freezing it, the second admin, files, what comes back, and what is left for the next one."""

from __future__ import annotations

import json

import pytest

from actions import payout_files, payout_reports, payouts, people
from actions.payouts import OwnBatch, Page
from actions.refusals import (
    BatchMoved,
    BooksRed,
    EmptyBatch,
    ListChanged,
    NoDraftNow,
    NotAllowed,
    OutOfDate,
)
from rules.payouts import DAY_MS, Sealed, digest
from tests.actions.conftest import Db
from tests.actions.owed import (
    admins,
    approved,
    drafted,
    exported,
    frozen,
    notices,
    owe,
    preview,
    report,
    states,
    student,
    take_away,
    tell,
)

CENT = 10_000
DOLLAR = 100 * CENT


def test_a_draft_says_who_is_in_and_why_others_are_not(db: Db) -> None:
    first, _second = admins(db)
    ada = student(db, 1, "52.905", "ada@example.org")
    student(db, 2, "4.99", "ben@example.org")
    eva = student(db, 3, "7")
    zoe = student(db, 4, "8", "zoe@example.org")
    tell(db, zoe, "zoe@example.com")
    found = preview(drafted(db, first))
    assert [(one.person_id, one.amount_micro, one.masked) for one in found.entries] == [
        (db.run(people.known, ada).id, 5290 * CENT, "a…@example.org")
    ]
    assert [(one.amount_micro, one.why) for one in found.left_out] == [
        (499 * CENT, "minimum"),
        (700 * CENT, "details"),
        (800 * CENT, "hold"),
    ]
    assert notices(db, eva) == ["payout:ask"]
    assert states(db) == []


def test_a_hold_ends_after_seven_days(db: Db) -> None:
    first, _second = admins(db)
    ada = student(db, 1, "10", "ada@example.org")
    tell(db, ada, "ada@example.com")
    page = drafted(db, first)
    assert not preview(page).entries
    db.clock.advance(7 * DAY_MS)
    assert len(preview(db.run(payouts.page, first, page.batch.id)).entries) == 1


def test_who_is_suspended_is_paid_all_the_same(db: Db) -> None:
    first, _second = admins(db)
    ada = student(db, 1, "10", "ada@example.org")
    with db.tx() as tx:
        tx.run("people.set_state", id=people.known(tx, ada).id, state="suspended")
    [entry] = preview(drafted(db, first)).entries
    assert entry.suspended


def test_one_payee_of_two_people_is_shown_whichever_the_method(db: Db) -> None:
    first, _second = admins(db)
    student(db, 1, "10", "ada@example.org")
    student(db, 2, "10", "Ada@Example.org", "wise")
    student(db, 3, "10", "eva@example.org")
    # Who is in no batch themselves is named all the same.
    zoe = db.run(people.known, student(db, 4, "0", "ADA@example.org"))
    found = preview(drafted(db, first))
    assert len(found.entries) == 3
    [names] = found.same_payee
    assert names == [found.entries[0].pseudonym, found.entries[1].pseudonym, zoe.pseudonym]
    page = db.run(payouts.freeze, first, found.batch.id, found.fingerprint)
    assert page.same_payee == (names[:2],)


def test_freezing_moves_whole_cents_and_carries_the_rest(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "10.007", "ada@example.org")
    batch = exported(db, first, second).batch
    assert (approved(db, ada), approved(db, ada, "in_payout")) == (7_000, 1000 * CENT)
    assert (batch.lines, batch.total_micro) == (1, 1000 * CENT)
    owe(db, ada, 10 * DOLLAR + 4_000)
    again = frozen(db, first)
    assert [line.amount_micro for line in again.lines] == [1001 * CENT]
    assert approved(db, ada) == 1_000
    # What came back brings all of its rows, and the carry still fits to the millionth.
    db.run(payouts.cancel, first, again.batch.id)
    assert approved(db, ada) == 10 * DOLLAR + 11_000
    assert [line.amount_micro for line in frozen(db, first).lines] == [1001 * CENT]


def test_what_is_earned_after_the_period_waits_and_what_is_taken_back_does_not(db: Db) -> None:
    first, _second = admins(db)
    ada = student(db, 1, "20", "ada@example.org")
    page = drafted(db, first)
    db.clock.advance(1_000)
    owe(db, ada, 30 * DOLLAR)
    take_away(db, ada, 4 * DOLLAR)
    found = preview(db.run(payouts.page, first, page.batch.id))
    assert [one.amount_micro for one in found.entries] == [16 * DOLLAR]
    db.run(payouts.freeze, first, page.batch.id, found.fingerprint)
    assert approved(db, ada) == 30 * DOLLAR
    assert db.rows("SELECT amount_micro FROM payables WHERE line_id IS NULL") == [(30 * DOLLAR,)]
    assert db.value("SELECT taken_micro FROM payout_lines") == 16 * DOLLAR


def test_nobody_freezes_a_list_that_they_have_not_seen(db: Db) -> None:
    first, _second = admins(db)
    student(db, 1, "20", "ada@example.org")
    page = drafted(db, first)
    student(db, 2, "20", "ben@example.org")
    with pytest.raises(ListChanged):
        db.run(payouts.freeze, first, page.batch.id, "0" * 12)
    assert states(db) == []


def test_an_empty_draft_is_not_frozen_and_nothing_owed_is_not_drafted(db: Db) -> None:
    first, _second = admins(db)
    with pytest.raises(NoDraftNow):
        drafted(db, first)
    student(db, 1, "1", "ada@example.org")
    page = drafted(db, first)
    with pytest.raises(EmptyBatch):
        db.run(payouts.freeze, first, page.batch.id, preview(page).fingerprint)
    db.run(payouts.discard, first, page.batch.id)
    with pytest.raises(BatchMoved):
        db.run(payouts.freeze, first, page.batch.id, preview(page).fingerprint)


def test_the_digest_can_be_worked_out_from_the_rows(db: Db) -> None:
    first, _second = admins(db)
    for number in (1, 2, 3):
        student(db, number, "20.5", f"s{number}@example.org")
    batch = frozen(db, first).batch
    rows = db.rows(
        "SELECT reference, person_id, method, payee_digest, amount_micro FROM payout_lines ORDER BY number"
    )
    assert batch.digest == digest(
        "USD", batch.period_end_ms, batch.minimum_micro, [Sealed(*row) for row in rows]
    )
    assert len({payee for *_rest, payee, _amount in rows}) == 3


def test_the_drafter_cannot_approve_and_the_attempt_is_audited(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20", "ada@example.org")
    batch = frozen(db, first).batch
    assert notices(db, second) == ["payout:waits"]
    assert "payout:waits" not in notices(db, first)
    assert isinstance(db.run(payouts.approve, first, batch.id), OwnBatch)
    assert db.value("SELECT detail FROM audit WHERE deed = 'refused'") == "approving one's own payout"
    with pytest.raises(NotAllowed):
        db.run(payouts.approve, ada, batch.id)
    with pytest.raises(BatchMoved):
        db.run(payout_files.export, second, batch.id)
    approval = db.run(payouts.approve, second, batch.id)
    assert isinstance(approval, Page)
    assert approval.batch.state == "approved"
    with pytest.raises(BatchMoved):
        db.run(payouts.approve, second, batch.id)


def test_whoever_froze_anothers_draft_cannot_approve_it_either(db: Db) -> None:
    first, second = admins(db)
    third, _person = db.join(9003, "admin")
    student(db, 1, "20", "ada@example.org")
    page = drafted(db, first)
    db.run(payouts.freeze, second, page.batch.id, preview(page).fingerprint)
    assert isinstance(db.run(payouts.approve, second, page.batch.id), OwnBatch)
    assert isinstance(db.run(payouts.approve, first, page.batch.id), OwnBatch)
    assert isinstance(db.run(payouts.approve, third, page.batch.id), Page)


def test_the_same_two_eyes_are_refused_by_the_table_itself(db: Db) -> None:
    first, _second = admins(db)
    student(db, 1, "20", "ada@example.org")
    batch = frozen(db, first).batch
    with pytest.raises(Exception, match="payout_batches_two"):
        db.connection.execute(
            f"UPDATE payout_batches SET state = 'approved', approved_by = drafted_by WHERE id = {batch.id}"
        )


def test_a_batch_that_did_not_leave_is_cancelled_by_reversal(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20.001", "ada@example.org")
    batch = frozen(db, first).batch
    db.run(payouts.approve, second, batch.id)
    assert db.run(payouts.cancel, second, batch.id).batch.state == "cancelled"
    assert (approved(db, ada), approved(db, ada, "in_payout")) == (20 * DOLLAR + 1_000, 0)
    assert states(db) == ["cancelled"]
    with pytest.raises(BatchMoved):
        db.run(payout_files.export, first, batch.id)
    exported(db, first, second)
    with pytest.raises(BatchMoved):
        db.run(payouts.cancel, first, batch.id + 1)


def test_red_books_lock_payouts(db: Db) -> None:
    first, second = admins(db)
    student(db, 1, "20", "ada@example.org")
    page = drafted(db, first)

    def red(on: bool) -> None:
        with db.tx() as tx:
            tx.run("marks.put", name=payouts.BOOKS_RED, value=str(tx.now_ms)) if on else tx.run(
                "marks.drop", name=payouts.BOOKS_RED
            )

    red(True)
    with pytest.raises(BooksRed):
        db.run(payouts.freeze, first, page.batch.id, preview(page).fingerprint)
    red(False)
    db.run(payouts.freeze, first, page.batch.id, preview(page).fingerprint)
    red(True)
    with pytest.raises(BooksRed):
        db.run(payouts.approve, second, page.batch.id)
    red(False)
    db.run(payouts.approve, second, page.batch.id)
    red(True)
    with pytest.raises(BooksRed):
        db.run(payout_files.export, first, page.batch.id)
    assert db.run(payouts.overview, first).red


def test_exported_again_it_is_the_same_bytes_and_nobody_is_told_twice(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20", "ada@example.org")
    batch = frozen(db, first).batch
    db.run(payouts.approve, second, batch.id)
    files = db.run(payout_files.export, first, batch.id)
    tell(db, ada, "other@example.org")
    db.clock.advance(40 * DAY_MS)
    assert db.run(payout_files.export, second, batch.id) == files
    assert notices(db, ada) == ["payout:sent", "payout:changed"]
    assert [file.name for file in files] == ["payout-1-USD.csv", "payout-1-USD-paypal.csv"]
    assert b"ada@example.org" not in db.run(payout_files.of_list, second, batch.id).data


@pytest.mark.parametrize(("currency", "owed", "pays"), [("JPY", "1234.9", 1234), ("KWD", "9.8769", None)])
def test_currencies_with_no_or_three_decimals_pay_their_own_coins(
    db: Db, currency: str, owed: str, pays: int | None
) -> None:
    first, second = admins(db)
    student(db, 1, owed, "ada@example.org", currency=currency)
    batch = frozen(db, first, currency).batch
    assert batch.total_micro == (pays * 1_000_000 if pays else 9_876_000)
    db.run(payouts.approve, second, batch.id)
    [generic, _paypal] = db.run(payout_files.export, first, batch.id)
    assert f",{owed[:-2] if pays else '9.876'},{currency}".encode() in generic.data


def test_the_minimum_is_changed_kept_and_bounded(db: Db) -> None:
    first, _second = admins(db)
    student(db, 1, "2", "ada@example.org")
    page = drafted(db, first)
    page = db.run(payouts.change, first, page.batch.id, minimum_micro=2 * DOLLAR)
    assert len(preview(page).entries) == 1
    for wrong in (0, -1, CENT - 1):
        with pytest.raises(OutOfDate):
            db.run(payouts.change, first, page.batch.id, minimum_micro=wrong)
    with pytest.raises(OutOfDate):
        db.run(payouts.change, first, page.batch.id, period_end_ms=db.clock.now_ms + 1)
    db.run(payouts.discard, first, page.batch.id)
    assert drafted(db, first).batch.minimum_micro == 2 * DOLLAR


def test_the_day_of_payouts(db: Db) -> None:
    first, _second = admins(db)
    assert db.run(payouts.next_date_ms) is None
    # The clock stands on Tuesday, 14 November 2023, 22:13 UTC.
    assert db.run(payouts.set_weekday, first, 4).next_ms == 1_700_222_400_000
    with pytest.raises(OutOfDate):
        db.run(payouts.set_weekday, first, 7)
    assert db.run(payouts.set_weekday, first, None).next_ms is None


def test_only_admins_see_payouts(db: Db) -> None:
    admins(db)
    student(db, 1, "20", "ada@example.org")
    coordinator, _person = db.join(50, "coordinator")
    for action, rest in (
        (payouts.overview, ()),
        (payouts.draft, ("USD",)),
        (payouts.page, (1,)),
        (payouts.approve, (1,)),
        (payouts.cancel, (1,)),
        (payout_files.export, (1,)),
        (payout_files.of_list, (1,)),
        (payout_reports.take, (report("W01-0001,1.00,Paid"),)),
    ):
        with pytest.raises(NotAllowed):
            db.run(action, coordinator, *rest)


def test_every_step_is_audited_with_its_actor_and_no_payee(db: Db) -> None:
    first, second = admins(db)
    student(db, 1, "20", "ada@example.org")
    exported(db, first, second)
    rows = db.rows("SELECT actor, deed, detail FROM audit WHERE subject LIKE 'payout:%' ORDER BY id")
    assert [deed for _actor, deed, _detail in rows] == [
        "draft payout",
        "freeze payout",
        "approve payout",
        "export payout",
    ]
    assert len({actor for actor, _deed, _detail in rows}) == 2
    assert "example.org" not in json.dumps(rows)
    kinds = db.rows("SELECT actor, reason FROM entries WHERE kind = 'payout'")
    assert kinds == [(rows[1][0], "W46-0001")]
