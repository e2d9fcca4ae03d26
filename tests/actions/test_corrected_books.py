"""The books after corrections of every kind, proved by the verifier that shares no code with them."""

from __future__ import annotations

import pytest

from actions import appeals, bonuses, corrections, ledger, withholdings
from bot import verify
from rules.credit import DAY_MS
from tests.actions import test_bonuses, test_corrections
from tests.actions.conftest import Db
from tests.actions.test_withholdings import House


def corrected(db: Db, ending: str, *, approved_first: bool) -> House:
    """Give, take back and hold back, and end what is held back in one of the ways."""
    house = House(db)
    if approved_first:
        db.clock.advance(8 * DAY_MS)
        db.run(ledger.approve_due)
    given = test_bonuses.draft(db, house.cleo, house.project, None, "2.00").grant.id
    db.run(bonuses.confirm, house.cleo, given)
    small, large = (
        test_corrections.draft(db, house.ann, house.student, amount).adjustment.id
        for amount in ("-0.50", "60.000001")
    )
    db.run(corrections.confirm, house.ann, small)
    db.run(corrections.confirm, house.ann, large)
    db.run(corrections.decide, house.bob, large, agrees=True)
    held = house.held()
    if ending in ("release", "uphold"):
        db.run(appeals.begin, house.sam, "withholding", held)
        asked = db.run(appeals.type_text, house.sam, "I did them one by one.").appeal.id
        db.run(appeals.begin_answer, house.bob, asked, ending)
        db.run(appeals.type_answer, house.bob, "We have looked at it.")
    elif ending == "taken":
        db.clock.advance(7 * DAY_MS)
        db.run(withholdings.settle, house.ann, held, takes=True)
    elif ending == "by itself":
        db.clock.advance(14 * DAY_MS)
        db.run(withholdings.release_due)
    db.clock.advance(8 * DAY_MS)
    db.run(ledger.approve_due)
    return house


@pytest.mark.parametrize("approved_first", [False, True])
@pytest.mark.parametrize("ending", ["held", "release", "uphold", "taken", "by itself"])
def test_the_books_are_good_whatever_was_decided(db: Db, ending: str, approved_first: bool) -> None:
    house = corrected(db, ending, approved_first=approved_first)
    assert verify.verify(db.path).findings == []
    kept = 600_000 if ending in ("release", "by itself") else 0
    assert house.money("approved") == 61_500_001 + kept
    assert house.money("withheld") == (600_000 if ending == "held" else 0)
    assert house.money("approved", "TIME") == 90_000
    assert db.value("SELECT SUM(amount_micro) FROM payables") == house.money("approved")


def test_a_correction_that_was_never_agreed_to_is_found(db: Db) -> None:
    corrected(db, "held", approved_first=True)
    db.connection.execute("UPDATE adjustments SET state = 'refused' WHERE needs_second = 1")
    assert verify.verify(db.path).findings
