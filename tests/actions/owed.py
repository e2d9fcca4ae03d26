"""Students who are owed approved money, posted straight into the books as a bonus would be, and batches that pay them; for tests."""

from __future__ import annotations

import decimal

from actions import ledger, payout_details, payout_files, payouts, people
from actions.payout_preview import Preview
from actions.payouts import Page
from actions.people import Visitor
from rules import ledger as books
from rules.money import MICRO
from rules.payout_files import reports
from rules.payout_files.reports import Report
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make


def admins(db: Db) -> tuple[Visitor, Visitor]:
    """Give two admins."""
    return db.join(9001, "admin")[0], db.join(9002, "admin")[0]


def owe(db: Db, visitor: Visitor, amount_micro: int, currency: str = "USD") -> None:
    """Have a project owe a student so much, approved."""
    if db.value("SELECT id FROM projects") is None:
        make(db)
    with db.tx() as tx:
        bonus(tx, people.known(tx, visitor).id, amount_micro, currency)


def bonus(tx: Tx, person_id: int, amount_micro: int, currency: str = "USD") -> None:
    """Post approved money to a student, from the first project."""
    ledger.post(
        tx,
        key=f"bonus:{tx.new_id()}",
        kind="bonus",
        person_id=person_id,
        actor="system",
        reason="for a test",
        postings=books.bonus(1, person_id, amount_micro, currency),
    )


def take_away(db: Db, visitor: Visitor, amount_micro: int, currency: str = "USD") -> None:
    """Take some approved money from a student again."""
    with db.tx() as tx:
        person_id = people.known(tx, visitor).id
        ledger.post(
            tx,
            key=f"adjust:{tx.new_id()}",
            kind="adjustment",
            person_id=person_id,
            actor="system",
            reason="for a test",
            postings=books.adjustment(person_id, amount_micro, currency, gives=False),
        )


def tell(db: Db, visitor: Visitor, account: str, method: str = "paypal", name: str = "Ada Byron") -> None:
    """Have a student tell where their money goes."""
    db.run(payout_details.begin, visitor, method)
    if db.run(payout_details.take_account, visitor, account).wants == "name":
        db.run(payout_details.take_name, visitor, name)
    db.run(payout_details.save, visitor)


def student(
    db: Db,
    telegram_id: int,
    units: str = "0",
    account: str = "",
    method: str = "paypal",
    currency: str = "USD",
) -> Visitor:
    """Add a student who is owed so much and, with an account, has said where to send it."""
    visitor, _person = db.join(telegram_id)
    micro = int(decimal.Decimal(units) * MICRO)
    if micro:
        owe(db, visitor, micro, currency)
    if account:
        tell(db, visitor, account, method)
    return visitor


def approved(db: Db, visitor: Visitor, state: str = "approved", currency: str = "USD") -> int:
    """Give the balance of a student's account."""
    person = db.run(people.known, visitor)
    return db.run(ledger.balance, f"student:{person.id}:{state}", currency)


def drafted(db: Db, admin: Visitor, currency: str = "USD") -> Page:
    """Draft a batch."""
    return db.run(payouts.draft, admin, currency)


def preview(page: Page) -> Preview:
    """Give what a draft would become."""
    assert page.preview is not None
    return page.preview


def frozen(db: Db, admin: Visitor, currency: str = "USD") -> Page:
    """Draft a batch and freeze it."""
    page = drafted(db, admin, currency)
    db.clock.advance(1_000)
    return db.run(payouts.freeze, admin, page.batch.id, preview(page).fingerprint)


def exported(db: Db, first: Visitor, second: Visitor) -> Page:
    """Bring a batch to where its files were made."""
    batch = frozen(db, first).batch
    assert isinstance(db.run(payouts.approve, second, batch.id), Page)
    db.run(payout_files.export, first, batch.id)
    return db.run(payouts.page, first, batch.id)


def report(*rows: str) -> Report:
    """Read a report of such rows: reference, amount, status."""
    return reports.read("\n".join(["reference,amount,status", *rows]).encode())


def states(db: Db) -> list[str]:
    """List the states of all lines."""
    return [state for (state,) in db.rows("SELECT state FROM payout_lines ORDER BY id")]


def notices(db: Db, visitor: Visitor) -> list[str]:
    """List what somebody was told about payouts, by kind."""
    person = db.run(people.known, visitor)
    rows = db.rows("SELECT key FROM deliveries WHERE person_id = :id ORDER BY id", id=person.id)
    return [":".join(key.split(":")[:2]) for (key,) in rows]
