"""Payouts in any order: earning, taking away, freezing, cancelling, exporting, reports and decisions. After each step the books fit to the
millionth, nothing is lost or paid twice, and what proves them from outside finds nothing wrong."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from actions import payout_files, payout_reports, payouts
from actions.people import Visitor
from actions.refusals import Refusal
from bot.verify import payables as proof
from rules.payout_files.reports import Report, Row
from tests.actions.conftest import Db
from tests.actions.owed import admins, owe, student, take_away

STUDENTS = 3
STEP = st.one_of(
    st.tuples(st.just("owe"), st.integers(1, 20_000_000)),
    st.tuples(st.just("take away"), st.integers(1, 9_000_000)),
    st.tuples(st.just("draft"), st.just(0)),
    st.tuples(st.just("send"), st.just(0)),
    st.tuples(st.just("freeze"), st.integers(0, 1)),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("approve"), st.integers(0, 1)),
    st.tuples(st.just("export"), st.just(0)),
    st.tuples(st.just("paid"), st.integers(0, 5)),
    st.tuples(st.just("returned"), st.integers(0, 5)),
    st.tuples(st.just("short"), st.integers(0, 5)),
    st.tuples(st.just("decide"), st.integers(0, 5)),
)


class House:
    """Two admins, three students, and the steps that they take."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.admins = admins(db)
        self.students = [student(db, n, "6.123456", f"s{n}@example.org") for n in range(1, STUDENTS + 1)]
        self.moved = 6_123_456 * STUDENTS

    def take(self, verb: str, value: int) -> None:
        """Take one step; one that is refused changes nothing."""
        self.db.clock.advance(1_000)
        who = self.students[value % STUDENTS]
        if verb == "owe":
            owe(self.db, who, value)
            self.moved += value
        elif verb == "take away":
            self._take_away(who, value)
        elif verb in ("paid", "returned", "short"):
            self._report(verb, value)
        elif verb == "send":
            # All of the road at once, which steps taken at random seldom walk to its end.
            for part, number in (("draft", 0), ("freeze", 0), ("approve", 1), ("export", 0)):
                self.take(part, number)
        else:
            with contextlib.suppress(Refusal):
                self._act(verb, value)

    def _take_away(self, who: Visitor, value: int) -> None:
        person = self.students.index(who) + self._first()
        held = (
            self.db.value("SELECT amount FROM balances WHERE account = :a", a=f"student:{person}:approved")
            or 0
        )
        if value <= held:
            take_away(self.db, who, value)
            self.moved -= value

    def _first(self) -> int:
        return int(self.db.value("SELECT MIN(person_id) FROM payables"))

    def _act(self, verb: str, value: int) -> None:
        run, (first, second) = self.db.run, self.admins
        newest = int(self.db.value("SELECT MAX(id) FROM payout_batches") or 0)
        if verb == "draft":
            run(payouts.draft, first, "USD")
        elif verb == "freeze":
            preview = run(payouts.page, first, newest).preview
            run(payouts.freeze, self.admins[value], newest, preview.fingerprint if preview else "")
        elif verb == "cancel":
            run(payouts.cancel, first, value)
        elif verb == "approve":
            run(payouts.approve, self.admins[value], newest)
        elif verb == "export":
            run(payout_files.export, second, newest)
        else:
            line_id = self.db.value("SELECT id FROM payout_lines WHERE state = 'short'")
            run(payout_reports.decide, second, line_id or 0, paid=bool(value % 2))

    def _report(self, verb: str, value: int) -> None:
        lines = self.db.rows("SELECT reference, amount_micro FROM payout_lines ORDER BY number")
        if lines:
            reference, amount = lines[value % len(lines)]
            said = Row(
                2, reference, amount + (verb == "short"), "USD", "returned" if verb == "returned" else "paid"
            )
            self.db.run(payout_reports.take, self.admins[0], Report([said], []))

    def check(self) -> None:
        """See that everything fits."""
        assert [*proof.check_payables(self.db.connection), *proof.check_batches(self.db.connection)] == []
        sums = "SELECT COALESCE(SUM(amount), 0) FROM balances WHERE asset = 'USD' AND account LIKE :of"
        assert self.db.value(sums, of="student:%") == self.moved
        carried = self.db.value(
            "SELECT COALESCE(SUM(taken_micro - amount_micro), 0) FROM payout_lines WHERE state NOT IN ('returned', 'cancelled')"
        )
        waiting = self.db.value("SELECT COALESCE(SUM(amount_micro), 0) FROM payables WHERE line_id IS NULL")
        assert self.db.value(sums, of="student:%:approved") == waiting + carried
        assert self.db.value("SELECT COUNT(*) FROM payout_batches WHERE approved_by = drafted_by") == 0


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(STEP, max_size=30))
def test_any_sequence_of_payouts_fits_to_the_millionth(
    migrated_file: Path, steps: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "veritap.db"
        shutil.copyfile(migrated_file, path)
        db = Db(path)
        house = House(db)
        for verb, value in steps:
            house.take(verb, value)
            house.check()
        db.connection.close()
