"""Students who are owed approved money, for tests of payouts: posted straight into the books, as a bonus would be."""

from __future__ import annotations

import decimal

from actions import ledger, payout_details, people
from actions.people import Visitor
from rules import ledger as books
from rules.money import MICRO
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
