"""Reports back, as actions: what each line of one does, that its repetition adds nothing, and what an admin decides about the rest."""

from __future__ import annotations

import pytest

from actions import payout_reports, payouts
from actions.refusals import OutOfDate
from tests.actions.conftest import Db
from tests.actions.owed import admins, approved, exported, frozen, notices, report, states, student

CENT = 10_000
DOLLAR = 100 * CENT


def test_a_report_pays_line_by_line_and_its_repetition_adds_nothing(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20", "ada@example.org")
    ben = student(db, 2, "30", "ben@example.org")
    eva = student(db, 3, "40", "eva@example.org")
    batch = exported(db, first, second).batch
    [one, two, three] = [line.reference for line in db.run(payouts.page, first, batch.id).lines]
    back = report(
        f"{one},20.00,Completed", f"{two},29.00,Completed", f"{three},40.00,Returned", "W01-9999,1.00,Paid"
    )
    taken = db.run(payout_reports.take, first, back)
    assert [finding.verdict for finding in taken.findings] == ["matched", "short", "returned", "foreign"]
    assert states(db) == ["paid", "short", "returned"]
    assert (approved(db, ada, "paid"), approved(db, ben, "in_payout"), approved(db, eva)) == (
        20 * DOLLAR,
        30 * DOLLAR,
        40 * DOLLAR,
    )
    entries = db.value("SELECT COUNT(*) FROM entries")
    again = db.run(payout_reports.take, second, back)
    assert [finding.verdict for finding in again.findings] == ["repeated", "short", "repeated", "foreign"]
    assert db.value("SELECT COUNT(*) FROM entries") == entries
    assert notices(db, ada) == ["payout:sent", "payout:paid"]
    assert notices(db, eva) == ["payout:sent", "payout:returned"]
    assert db.run(payouts.page, first, batch.id).batch.state == "exported"


@pytest.mark.parametrize("paid", [True, False])
def test_an_admin_decides_about_a_line_that_was_short(db: Db, paid: bool) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20", "ada@example.org")
    batch = exported(db, first, second).batch
    [line] = db.run(payouts.page, first, batch.id).lines
    with pytest.raises(OutOfDate):
        db.run(payout_reports.decide, second, line.id, paid=paid)
    db.run(payout_reports.take, first, report(f"{line.reference},19.99,Paid"))
    assert db.value("SELECT reported_micro FROM payout_lines") == 1999 * CENT
    db.run(payout_reports.decide, second, line.id, paid=paid)
    assert approved(db, ada, "paid" if paid else "approved") == 20 * DOLLAR
    assert db.run(payouts.page, first, batch.id).batch.state == "settled"
    with pytest.raises(OutOfDate):
        db.run(payout_reports.decide, second, line.id, paid=not paid)


def test_what_was_paid_can_still_come_back_and_is_paid_by_another_line(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20.009", "ada@example.org")
    batch = exported(db, first, second).batch
    [line] = db.run(payouts.page, first, batch.id).lines
    db.run(payout_reports.take, first, report(f"{line.reference},20.00,Paid"))
    db.run(payout_reports.take, first, report(f"{line.reference},20.00,Reversed"))
    late = db.run(payout_reports.take, first, report(f"{line.reference},20.00,Paid"))
    assert [finding.verdict for finding in late.findings] == ["late"]
    assert (approved(db, ada), approved(db, ada, "paid")) == (20_009_000, 0)
    [other] = frozen(db, first).lines
    assert (other.amount_micro, other.reference != line.reference) == (20 * DOLLAR, True)


def test_a_report_about_a_batch_that_is_not_out_moves_nothing(db: Db) -> None:
    first, _second = admins(db)
    student(db, 1, "20", "ada@example.org")
    page = frozen(db, first)
    row = report(f"{page.lines[0].reference},20.00,Paid")
    assert db.run(payout_reports.take, first, row).count("unsent") == 1
    db.run(payouts.cancel, first, page.batch.id)
    assert db.run(payout_reports.take, first, row).count("cancelled") == 1
    assert states(db) == ["cancelled"]
