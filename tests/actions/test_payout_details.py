"""Payout details: told once, sealed, held after a change, asked for when first needed, forgotten with their owner."""

from __future__ import annotations

import json

import pytest

from actions import consents, payout_details, payout_files, payout_lines, payouts, people
from actions.payouts import Page
from actions.people import Visitor
from actions.refusals import NothingTyped, OutOfDate, PayeeGone
from rules.payees import BadPayee
from rules.payouts import DAY_MS
from tests.actions.conftest import Db
from tests.actions.owed import admins, approved, owe, student, tell

DOLLAR = 1_000_000


def details(db: Db, visitor: Visitor) -> payout_details.Details:
    found = db.run(payout_details.of, visitor).details
    assert found is not None
    return found


def keys(db: Db) -> list[str]:
    return [key for (key,) in db.rows("SELECT key FROM deliveries ORDER BY id")]


def test_the_first_details_are_used_at_once_and_a_change_is_held_and_told(db: Db) -> None:
    ada = student(db, 1, account="ada@gmail.com")
    assert details(db, ada) == payout_details.Details("paypal", "a…@gmail.com", "", None)
    assert keys(db) == []
    tell(db, ada, "DE89370400440532013000", "bank")
    held = details(db, ada)
    assert (held.method, held.masked, held.name) == ("bank", "DE89 … 3000", "Ada Byron")
    assert held.held_until_ms == db.clock.now_ms + 7 * DAY_MS
    [key] = keys(db)
    assert key.startswith("payout:changed:")
    db.clock.advance(7 * DAY_MS)
    assert details(db, ada).held_until_ms is None


def test_the_same_details_again_change_nothing(db: Db) -> None:
    ada = student(db, 1, account="ada@gmail.com")
    tell(db, ada, "ada@GMAIL.com")
    assert details(db, ada).held_until_ms is None
    assert keys(db) == []


def test_nothing_readable_is_stored(db: Db) -> None:
    ada = student(db, 1)
    db.run(payout_details.begin, ada, "bank")
    db.run(payout_details.take_account, ada, "DE89370400440532013000")
    assert "DE89" not in db.value("SELECT detail FROM awaited")
    db.run(payout_details.take_name, ada, "Ada Byron")
    db.run(payout_details.save, ada)
    stored = json.dumps(db.rows("SELECT * FROM payout_details") + db.rows("SELECT * FROM audit"))
    assert "3000" not in stored
    assert "Byron" not in stored


def test_steps_out_of_turn_and_bad_addresses_change_nothing(db: Db) -> None:
    ada = student(db, 1)
    with pytest.raises(OutOfDate):
        db.run(payout_details.begin, ada, "cash")
    with pytest.raises(NothingTyped):
        db.run(payout_details.save, ada)
    db.run(payout_details.begin, ada, "paypal")
    with pytest.raises(NothingTyped):
        db.run(payout_details.take_name, ada, "Ada")
    with pytest.raises(BadPayee):
        db.run(payout_details.take_account, ada, "not an address")
    assert db.run(payout_details.take_account, ada, "ada@gmail.com").wants == "yes"
    assert db.run(payout_details.of, ada).details is None
    db.run(payout_details.save, ada)
    with pytest.raises(NothingTyped):
        db.run(payout_details.save, ada)


def test_they_are_asked_for_once_when_enough_is_approved(db: Db) -> None:
    ada = student(db, 1, "4.99")
    student(db, 2, "100", "ben@gmail.com")
    assert db.run(payout_details.ask_due) == 0
    owe(db, ada, DOLLAR // 100)
    assert db.run(payout_details.ask_due) == 1
    assert db.run(payout_details.ask_due) == 0
    assert keys(db) == [f"payout:ask:{db.run(people.known, ada).id}"]


def test_who_is_suspended_can_still_say_where_their_pay_goes(db: Db) -> None:
    ada = student(db, 1, "10")
    with db.tx() as tx:
        tx.run("people.set_state", id=people.known(tx, ada).id, state="suspended")
    tell(db, ada, "ada@gmail.com")
    assert details(db, ada).masked == "a…@gmail.com"


def test_erasing_forgets_them_at_once_and_what_is_under_way_once_it_is_settled(db: Db) -> None:
    first, second = admins(db)
    ada = student(db, 1, "20", "ada@gmail.com")
    person_id = db.run(people.known, ada).id
    page = db.run(payouts.draft, first, "USD")
    assert page.preview is not None
    page = db.run(payouts.freeze, first, page.batch.id, page.preview.fingerprint)
    db.run(payouts.approve, second, page.batch.id)
    db.run(consents.erase, ada)
    assert db.rows("SELECT * FROM payout_details") == []
    # The money is on its way already, so it can still be sent and followed.
    assert b"ada@gmail.com" in db.run(payout_files.export, first, page.batch.id)[0].data
    with db.tx() as tx:
        payout_lines.pay(tx, payout_lines.get(tx, page.lines[0].id), "person:1")
    assert db.value("SELECT payee FROM payout_lines") == ""
    with pytest.raises(PayeeGone):
        db.run(payout_files.export, first, page.batch.id)
    assert isinstance(db.run(payouts.page, first, page.batch.id), Page)
    assert (
        db.value("SELECT amount FROM balances WHERE account = :a", a=f"student:{person_id}:paid")
        == 20 * DOLLAR
    )


def test_an_erased_person_is_in_no_batch(db: Db) -> None:
    first, _second = admins(db)
    ada = student(db, 1, "20", "ada@gmail.com")
    db.run(consents.erase, ada)
    page = db.run(payouts.draft, first, "USD")
    assert page.preview is not None
    assert [one.why for one in page.preview.left_out] == ["erased"]
    assert db.run(payout_details.ask_due) == 0


def test_the_file_of_own_data_names_details_and_payouts(db: Db) -> None:
    first, _second = admins(db)
    ada = student(db, 1, "20.5", "ada@gmail.com")
    page = db.run(payouts.draft, first, "USD")
    assert page.preview is not None
    db.run(payouts.freeze, first, page.batch.id, page.preview.fingerprint)
    own = db.run(consents.own_data, ada)["payout"]
    assert own["details"] == {"method": "paypal", "account": "ada@gmail.com", "name": ""}
    [line] = own["payouts"]
    assert (line["reference"], line["amount_micro"], line["state"]) == ("W46-0001", 20_500_000, "open")
    assert approved(db, ada) == 0
    db.run(payouts.cancel, first, page.batch.id)
    assert db.run(consents.own_data, ada)["payout"]["payouts"] == []
