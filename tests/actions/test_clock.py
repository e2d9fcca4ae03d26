"""Paid time against the clocks: whatever students do, and whatever the clock on the wall is set to, nobody is credited more than the time
in which an item lay open before them, and not a second of it twice."""

from __future__ import annotations

import dataclasses
import os
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from actions import (
    assignments,
    clock,
    items,
    judgments,
    marks,
    outcomes,
    projects,
    qualifications,
    refusals,
    work,
)
from actions.people import Visitor
from actions.work import Card
from bot.verify.clock import check_clock
from rules.credit import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tests.actions.conftest import START_MS, Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.test_machine import batch, template
from tests.actions.working import judge

LONG = os.environ.get("VERITAP_LONG_TESTS", "") not in ("", "0")
CAP_MS = 120_000
STUDENTS = 2
WHO = st.integers(0, STUDENTS - 1)
WHERE = st.integers(0, 1)
PASSING = st.sampled_from(
    [0, 1, 999, 7_000, 41_000, 2 * MINUTE_MS, 3 * MINUTE_MS, 11 * MINUTE_MS, 3 * HOUR_MS]
)
STEPS = st.sampled_from([SECOND_MS, 41_000, MINUTE_MS, HOUR_MS, DAY_MS, 3 * DAY_MS])
# Half an hour before the clocks of New York, of Kyiv, and of the Azores go forward or back.
CHANGES = st.sampled_from([1_773_039_600_000, 1_793_510_000_000, 1_774_745_000_000, 1_792_888_200_000])
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
SHORT_RUN = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=UNHURRIED,
)
LONG_RUN = settings(
    max_examples=1_500, stateful_step_count=150, deadline=None, suppress_health_check=UNHURRIED
)


@dataclasses.dataclass(slots=True)
class Watch:
    """A watch beside one student that nobody sets. It runs while any item lies open, and knows of each item for how long."""

    open_ms: int = 0
    by_item: dict[str, int] = dataclasses.field(default_factory=dict)
    credited: dict[str, int] = dataclasses.field(default_factory=dict)


class Clocks(RuleBasedStateMachine):
    """Two students on two projects, each with several devices, under a clock that is set forwards and backwards."""

    def __init__(self) -> None:
        super().__init__()
        self.path = template().with_name(f"clock-{id(self)}.db")
        shutil.copyfile(template(), self.path)
        self.db = Db(self.path)
        self.db.connection.execute("PRAGMA journal_mode=MEMORY")
        self.watches = [Watch() for _ in range(STUDENTS)]
        self.devices: list[list[tuple[str, int]]] = [[] for _ in range(STUDENTS)]
        self.projects: list[int] = []
        self.passed_ms = 0
        self.visitors: list[Visitor] = []

    @initialize(seed=st.integers(0, 5), begin_ms=CHANGES)
    def open_the_house(self, seed: int, begin_ms: int) -> None:
        self.db.chance.seed(seed)
        self.db.clock.now_ms = begin_ms
        for slug, currency in (("sums", "USD"), ("other", "EUR")):
            text = TOML.format(training=0, exam=0, gold_share=0.0)
            text = text.replace('"sums"', f'"{slug}"').replace("USD", currency)
            project = self.db.run(projects.create_or_update, None, text).project
            self.db.run(items.import_batch, project.id, batch(0, work=12))
            self.db.run(projects.set_state, None, slug, "open")
            self.projects.append(project.id)
        self.visitors = [self.db.join(number + 1)[0] for number in range(STUDENTS)]
        for visitor in self.visitors:
            for project_id in self.projects:
                self.db.run(qualifications.join, visitor, project_id)

    def do(self, student: int, action: Any, *args: Any) -> Any:
        """Run an action of a student; the card that it shows stays on one of their devices for ever."""
        try:
            outcome = self.db.run(action, self.visitors[student], *args)
        except refusals.Refusal as refusal:
            return refusal
        for shown in (outcome, getattr(outcome, "next", None), getattr(outcome, "card", None)):
            if isinstance(shown, Card):
                self.devices[student].append((shown.token, shown.step))
        if isinstance(outcome, outcomes.Recorded):
            self.watches[student].credited[args[0]] = outcome.credited_ms
        if isinstance(outcome, outcomes.Undone):
            del self.watches[student].credited[outcome.card.token]
        return outcome

    @rule(student=WHO, where=WHERE)
    def go_on(self, student: int, where: int) -> None:
        if isinstance(self.do(student, work.go_on, self.projects[where]), work.SetEnded):
            self.do(student, work.begin_set, self.projects[where])

    @rule(student=WHO)
    def pause(self, student: int) -> None:
        self.do(student, work.pause)

    @rule(
        student=WHO, device=st.integers(0, 5), operation=st.sampled_from(["o0", "o0", "o0", "u", "s", "o1"])
    )
    def tap_on_a_device(self, student: int, device: int, operation: str) -> None:
        """Tap the newest card, or one that is still on the screen of another device."""
        shown = self.devices[student]
        if shown:
            self.do(student, judgments.tap, *shown[max(0, len(shown) - 1 - device)], operation)

    @rule(student=WHO, seconds=st.integers(0, 200), times=st.integers(1, 4))
    def work_on(self, student: int, seconds: int, times: int) -> None:
        for _ in range(times):
            self.time_passes(seconds * SECOND_MS)
            self.tap_on_a_device(student, 0, "o0")

    @rule(duration_ms=PASSING)
    def time_passes(self, duration_ms: int) -> None:
        for student, watch in enumerate(self.watches):
            for (token,) in self.db.rows(
                "SELECT a.token FROM assignments AS a JOIN people AS p ON p.id = a.person_id "
                "WHERE p.person_key = :key AND a.state = 'open'",
                key=self.visitors[student].key if self.visitors else "",
            ):
                watch.open_ms += duration_ms
                watch.by_item[token] = watch.by_item.get(token, 0) + duration_ms
        self.passed_ms += duration_ms
        self.db.clock.advance(duration_ms)

    @rule(step_ms=STEPS, ahead=st.booleans())
    def the_clock_is_set(self, step_ms: int, ahead: bool) -> None:
        self.db.clock.set_by(step_ms if ahead else -step_ms)

    @rule()
    def leases_lapse(self) -> None:
        self.db.run(assignments.expire_leases)

    @invariant()
    def credited_time_is_time_that_passed(self) -> None:
        told = {token: ms for watch in self.watches for token, ms in watch.credited.items()}
        kept = dict(self.db.rows("SELECT token, credited_ms FROM judgments WHERE undone_ms IS NULL"))
        assert kept == told
        for watch in self.watches:
            for token, credited_ms in watch.credited.items():
                assert credited_ms == min(watch.by_item.get(token, 0), CAP_MS), (
                    "what passed, to the millisecond"
                )
            assert 0 <= sum(watch.credited.values()) <= watch.open_ms <= self.passed_ms

    @invariant()
    def time_in_the_ledger_is_that_of_the_judgments(self) -> None:
        booked = self.db.value(
            "SELECT COALESCE(SUM(amount), 0) FROM balances WHERE asset = 'TIME' AND account LIKE 'student:%'"
        )
        assert booked == sum(sum(watch.credited.values()) for watch in self.watches)

    @invariant()
    def the_books_alone_can_prove_it(self) -> None:
        """Steady moments never fall, and no span from first shown to answered holds more credit than it is long."""
        assert list(check_clock(self.db.connection)) == []

    def teardown(self) -> None:
        self.db.connection.close()
        self.path.unlink()


Clocks.TestCase.settings = LONG_RUN if LONG else SHORT_RUN
TestClocks = Clocks.TestCase


def test_an_hour_that_comes_twice_is_paid_as_it_was_worked(db: Db) -> None:
    project = make(db)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    card = card_of(db.run(work.begin_stage, visitor, project.id))
    db.clock.advance(10_000)
    db.clock.set_by(-HOUR_MS)
    card = card_of(judge(db, visitor, card, "o0", 20))
    card = card_of(judge(db, visitor, card, "o0", 30))
    db.clock.set_by(HOUR_MS)
    judge(db, visitor, card, "o0", 40)
    assert db.rows("SELECT credited_ms FROM judgments ORDER BY id") == [(30_000,), (30_000,), (40_000,)]
    spans = db.rows(
        "SELECT j.answered_steady_ms - a.first_steady_ms FROM judgments AS j JOIN assignments AS a ON a.token = j.token "
        "ORDER BY j.id"
    )
    assert spans == [(30_000,), (30_000,), (40_000,)]


def test_a_second_too_much_is_found_however_the_clock_was_set(db: Db) -> None:
    test_an_hour_that_comes_twice_is_paid_as_it_was_worked(db)
    assert list(check_clock(db.connection)) == []
    for number in (1, 2, 3):
        db.connection.execute(
            "UPDATE judgments SET credited_ms = credited_ms + 1 WHERE id = :id", {"id": number}
        )
        [said] = check_clock(db.connection)
        assert "person 1 is credited" in said
        db.connection.execute(
            "UPDATE judgments SET credited_ms = credited_ms - 1 WHERE id = :id", {"id": number}
        )


@pytest.mark.parametrize("stepped_ms", [0, -HOUR_MS, 90_000])
def test_a_start_knows_where_steady_time_ended(db: Db, stepped_ms: int) -> None:
    assert db.run(clock.look) == clock.Resumed(0, 0)
    if stepped_ms:
        db.clock.set_by(stepped_ms)
        assert db.run(clock.note, stepped_ms) == stepped_ms
        assert db.run(clock.last_step) == clock.Step(START_MS + stepped_ms, stepped_ms)
    assert db.run(clock.note, stepped_ms) == 0
    db.run(marks.touch, marks.LAST_GOOD)
    assert db.run(clock.look) == clock.Resumed(stepped_ms, START_MS)
    project = make(db)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    judge(db, visitor, card_of(db.run(work.begin_stage, visitor, project.id)), "o0", 20)
    assert db.run(clock.look) == clock.Resumed(stepped_ms, START_MS + 20_000)
