"""The books under any sequence of every kind of entry: real answers, undo and approvals, and beside them bonuses, adjustments,
withholdings, top-ups, payouts, payments and returns, posted as their actions post them.

The model knows only where each student's money lies and what is payable; it shares no code with the ledger.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from actions import judgments, ledger, outcomes
from actions.people import Visitor
from rules import ledger as books
from rules.credit import DAY_MS
from rules.ledger import Posting
from storage.database import prepare_file
from storage.vault import Vault
from tests.actions.conftest import KEY, START_MS, Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start

PEOPLE = (1, 2)
PERSON = st.sampled_from(PEOPLE)
AMOUNTS = st.integers(1, 2_000_000)


class Books(RuleBasedStateMachine):
    """Two students at work, and an office that does everything that can be done with their money."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "veritap.db"
        prepare_file(path, START_MS, Vault(KEY))
        self.db = Db(path)
        self.number = 0
        self.lies: dict[tuple[int, str], int] = {}
        self.lines: dict[int, tuple[int, int]] = {}
        self.requests: list[dict[str, Any]] = []

    @initialize()
    def begin(self) -> None:
        self.project = make(self.db, work_items=60)
        self.at: dict[int, tuple[Visitor, Any]] = {
            person: start(self.db, self.project, person) for person in PEOPLE
        }

    def has(self, person: int, state: str) -> int:
        return self.lies.get((person, state), 0)

    def move(self, person: int, source: str, destination: str, amount: int) -> None:
        for state, change in ((source, -amount), (destination, amount)):
            if state in books.STUDENT_STATES:
                self.lies[person, state] = self.has(person, state) + change

    def post(self, key: str, kind: str, person: int, postings: list[Posting]) -> None:
        request: dict[str, Any] = {
            "key": key,
            "kind": kind,
            "person_id": person,
            "actor": "person:9",
            "reason": "a reason",
            "postings": postings,
        }
        assert self.db.run(ledger.post, **request)
        self.requests.append(request)

    @rule(person=PERSON, seconds=st.integers(0, 200))
    def earn(self, person: int, seconds: int) -> None:
        visitor, following = self.at[person]
        if not hasattr(following, "token"):
            return
        before = self.money_of_judgments(person)
        following = judge(self.db, visitor, card_of(following), "o0", seconds)
        self.at[person] = visitor, following
        self.move(person, "project", "pending", self.money_of_judgments(person) - before)

    def money_of_judgments(self, person: int) -> int:
        sql = "SELECT COALESCE(SUM(amount_micro), 0) FROM judgments WHERE undone_ms IS NULL AND person_id = :person"
        return int(self.db.value(sql, person=person))

    @rule(person=PERSON)
    def undo(self, person: int) -> None:
        visitor, following = self.at[person]
        if not hasattr(following, "token"):
            return
        before = self.money_of_judgments(person)
        outcome = self.db.run(judgments.tap, visitor, following.token, following.step, "u")
        assert isinstance(outcome, outcomes.Undone | outcomes.CannotUndo)
        self.at[person] = visitor, outcome.card
        self.move(person, "pending", "project", before - self.money_of_judgments(person))

    @rule(days=st.integers(0, 8))
    def approve(self, days: int) -> None:
        self.db.clock.advance(days * DAY_MS)
        waiting = "SELECT id, person_id, amount_micro, withheld_id FROM judgments WHERE approved_ms IS NULL AND undone_ms IS NULL"
        before = self.db.rows(waiting)
        self.db.run(ledger.approve_due)
        after = {row[0] for row in self.db.rows(waiting)}
        for judgment, person, amount, withheld in before:
            if judgment not in after and withheld is None:
                self.move(person, "pending", "approved", amount)

    @rule(person=PERSON, amount=AMOUNTS, kind=st.sampled_from(["bonus", "topup"]))
    def give(self, person: int, amount: int, kind: str) -> None:
        self.number += 1
        key = f"bonus:{self.number}" if kind == "bonus" else f"topup:{self.project.id}:{self.number}:{person}"
        make_postings = books.bonus if kind == "bonus" else books.topup
        self.post(key, kind, person, make_postings(self.project.id, person, amount, "USD"))
        self.move(person, "project", "approved", amount)

    @rule(person=PERSON, amount=AMOUNTS, gives=st.booleans())
    def adjust(self, person: int, amount: int, gives: bool) -> None:
        self.number += 1
        key, postings = f"adjust:{self.number}", books.adjustment(person, amount, "USD", gives=gives)
        if not gives and amount > self.has(person, "approved"):
            with pytest.raises(sqlite3.IntegrityError, match="balances_students"):
                self.post(key, "adjustment", person, postings)
            return
        self.post(key, "adjustment", person, postings)
        self.move(person, *(("office", "approved") if gives else ("approved", "office")), amount)

    @rule(person=PERSON, place=st.integers(0, 30), forfeits=st.booleans(), decides=st.booleans())
    def withhold(self, person: int, place: int, forfeits: bool, decides: bool) -> None:
        free = self.db.rows(
            "SELECT j.id, j.amount_micro, j.approved_ms FROM judgments AS j LEFT JOIN payables AS p ON p.judgment_id = j.id "
            "WHERE j.person_id = :person AND j.undone_ms IS NULL AND j.withheld_id IS NULL AND j.amount_micro > 0 "
            "AND p.line_id IS NULL ORDER BY j.id",
            person=person,
        )
        if not free:
            return
        judgment, amount, approved_ms = free[place % len(free)]
        held_in = "pending" if approved_ms is None else "approved"
        if amount > self.has(person, held_in):
            # An adjustment took what this judgment brought.
            return
        self.number += 1
        postings = books.withholding(
            person, amount, "USD", held_in="pending" if approved_ms is None else "approved"
        )
        self.post(f"withhold:{self.number}:{judgment}", "withholding", person, postings)
        self.db.connection.execute(
            "UPDATE judgments SET withheld_id = ? WHERE id = ?", (self.number, judgment)
        )
        self.move(person, held_in, "withheld", amount)
        if decides:
            self.decide(person, judgment, amount, forfeits)

    def decide(self, person: int, judgment: int, amount: int, forfeits: bool) -> None:
        name, kind = ("forfeit", "forfeit") if forfeits else ("release", "release")
        given_back = books.release(person, amount, "USD")
        postings = books.forfeit(self.project.id, person, amount, "USD") if forfeits else given_back
        self.post(f"{name}:{self.number}:{judgment}", kind, person, postings)
        self.move(person, "withheld", "project" if forfeits else "approved", amount)

    @rule(person=PERSON)
    def draft(self, person: int) -> None:
        """Take all that is payable into a batch's line."""
        owed = self.has(person, "approved")
        if owed <= 0:
            return
        self.number += 1
        self.post(f"payout:{self.number}:{person}", "payout", person, books.payout(person, owed, "USD"))
        self.db.connection.execute(
            "UPDATE payables SET line_id = ? WHERE line_id IS NULL AND person_id = ?", (self.number, person)
        )
        self.lines[self.number] = person, owed
        self.move(person, "approved", "in_payout", owed)

    @precondition(lambda self: self.lines)
    @rule(place=st.integers(0, 30), pays=st.booleans(), returns=st.booleans())
    def finish(self, place: int, pays: bool, returns: bool) -> None:
        batch = sorted(self.lines)[place % len(self.lines)]
        person, amount = self.lines.pop(batch)
        if pays:
            self.post(f"paid:{batch}:{person}", "payment", person, books.payment(person, amount, "USD"))
            self.move(person, "in_payout", "paid", amount)
        if not pays or returns:
            postings = books.payment_return(person, amount, "USD", held_in="paid" if pays else "in_payout")
            self.post(f"return:{batch}:{person}:1", "return", person, postings)
            self.db.connection.execute("UPDATE payables SET line_id = NULL WHERE line_id = ?", (batch,))
            self.move(person, "paid" if pays else "in_payout", "approved", amount)

    @precondition(lambda self: self.requests)
    @rule(place=st.integers(0, 100), changed=st.sampled_from(["", "amount", "person_id", "kind", "reason"]))
    def repeat(self, place: int, changed: str) -> None:
        """The same request again is answered and changes nothing; another one under its key is a fault."""
        request = dict(self.requests[place % len(self.requests)])
        if not changed:
            assert not self.db.run(ledger.post, **request)
            return
        if changed == "amount":
            (one,) = request["postings"]
            request["postings"] = [Posting(one.source, one.destination, one.amount + 1, one.asset)]
        else:
            request[changed] = {"person_id": 3 - request["person_id"], "kind": "bonus?", "reason": "another"}[
                changed
            ]
        with pytest.raises(ledger.KeyTaken):
            self.db.run(ledger.post, **request)

    @invariant()
    def every_promise_holds(self) -> None:
        sums: dict[tuple[str, str], int] = {}
        for source, destination, amount, asset in self.db.rows(
            "SELECT source, destination, amount, asset FROM postings"
        ):
            sums[source, asset] = sums.get((source, asset), 0) - amount
            sums[destination, asset] = sums.get((destination, asset), 0) + amount
        for asset in {asset for _, asset in sums}:
            assert sum(amount for (_, one), amount in sums.items() if one == asset) == 0
        kept = {(account, asset): amount for account, asset, amount in self.db.rows("SELECT * FROM balances")}
        assert kept == sums, "what is kept is what was posted"
        for person in PEOPLE:
            for state in books.STUDENT_STATES:
                held = sums.get((f"student:{person}:{state}", "USD"), 0)
                assert held == self.has(person, state) >= 0
                assert self.db.run(ledger.balance, f"student:{person}:{state}", "USD") == held
            owed = self.db.value(
                "SELECT COALESCE(SUM(amount_micro), 0) FROM payables WHERE line_id IS NULL AND person_id = :person",
                person=person,
            )
            assert owed == self.has(person, "approved"), "what no line has taken is what is approved"

    def teardown(self) -> None:
        self.db.connection.close()
        self.folder.cleanup()


Books.TestCase.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
TestBooks = Books.TestCase


def test_an_answer_whose_pay_was_withheld_cannot_be_undone(db: Db) -> None:
    project = make(db, work_items=3)
    visitor, following = start(db, project, 1)
    card = card_of(judge(db, visitor, card_of(following), "o0"))
    db.connection.execute("UPDATE judgments SET withheld_id = 1")
    outcome = db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert isinstance(outcome, outcomes.CannotUndo)
    db.connection.execute("UPDATE judgments SET withheld_id = NULL")
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "u"), outcomes.Undone)
