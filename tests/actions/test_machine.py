"""Students who tap whatever they like, in any order, on the real actions and a real file; after each step every promise still holds.

`VERITAP_LONG_TESTS=1 python3 run.py test tests/actions/test_machine.py` runs it for minutes, with other steps each time; by default
the same short rows of steps are tried in each run, and what fails is shown as it was found; the long run makes it short first.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from actions import (
    assignments,
    consents,
    items,
    judgments,
    ledger,
    outcomes,
    projects,
    qualifications,
    refusals,
    work,
)
from actions.people import Visitor
from actions.work import Card
from bot import verify
from rules.credit import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from rules.item_file import Item
from storage.database import prepare_file
from storage.vault import Vault
from tests.actions.conftest import KEY, START_MS, Db
from tests.actions.oracle import Oracle
from tests.actions.projects_for_tests import TOML

LONG = os.environ.get("VERITAP_LONG_TESTS", "") not in ("", "0")
STUDENTS = 4
CARDS_KEPT = 12
SLUGS = ("sums", "other")
WHO = st.integers(0, STUDENTS - 1)
SECONDS = st.sampled_from([0, 1, 20, 119, 200])
STEPS = st.sampled_from([0, 0, 0, -1, 1, 7])
TAPS = [
    *["o0"] * 4,
    "o1",
    "t0+",
    "t1+",
    "t0-",
    "d",
    "d",
    "s",
    "fother",
    "u",
    "u",
    "g0",
    "g1",
    "o٣",
    "g²",
    "x",
    "",
]
DURATIONS = [
    0,
    1,
    SECOND_MS,
    41 * SECOND_MS,
    3 * MINUTE_MS,
    11 * MINUTE_MS,
    3 * HOUR_MS,
    25 * HOUR_MS,
    8 * DAY_MS,
]
# Nothing here depends on the clock of the machine, so a slow moment of it is no failure.
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
SHORT_RUN = settings(
    max_examples=50,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=UNHURRIED,
)
LONG_RUN = settings(
    max_examples=1_500, stateful_step_count=120, deadline=None, suppress_health_check=UNHURRIED
)


@functools.cache
def template() -> Path:
    """Migrate one empty file, to be copied for each row of steps."""
    folder = tempfile.TemporaryDirectory(prefix="veritap-machine-")
    # Deleted when the process ends; held here so that it lives as long.
    template.folder = folder  # type: ignore[attr-defined]
    path = Path(folder.name) / "empty.db"
    prepare_file(path, START_MS, Vault(KEY))
    connection = Db(path).connection
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    return path


def batch(first: int, **uses: int) -> list[Item]:
    """Make so many items of each use; every known answer is "yes"."""
    return [
        Item(
            f"{use}-{number}",
            use,
            f'{{"sum":"{number} + 1 = {number + 1}"}}',
            None if use == "work" else '{"correct":"yes"}',
            "Because it is." if use == "training" else None,
        )
        for use, count in uses.items()
        for number in range(first, first + count)
    ]


class Taps(RuleBasedStateMachine):
    """Four students on two projects: one with training, exam and gold, one with work alone in another currency."""

    def __init__(self) -> None:
        super().__init__()
        self.path = template().with_name(f"{id(self)}.db")
        shutil.copyfile(template(), self.path)
        self.db = Db(self.path)
        self.db.connection.execute("PRAGMA journal_mode=MEMORY")
        self.oracle = Oracle(self.db)
        self.visitors: list[Visitor] = []
        self.cards: list[tuple[str, int]] = []
        self.items = 100

    @initialize(seed=st.integers(0, 5))
    def open_the_house(self, seed: int) -> None:
        self.db.chance.seed(seed)
        first = TOML.format(training=1, exam=2, gold_share=0.4)
        second = (
            TOML.format(training=0, exam=0, gold_share=0.0).replace('"sums"', '"other"').replace("USD", "EUR")
        )
        self.projects = []
        for text, uses in ((first, {"training": 1, "exam": 2, "gold": 4, "work": 7}), (second, {"work": 3})):
            created = self.db.run(projects.create_or_update, None, text)
            self.db.run(items.import_batch, created.project.id, batch(0, **uses))
            self.db.run(projects.set_state, None, created.project.slug, "open")
            self.projects.append(created.project.id)
        self.visitors = [self.db.join(number + 1)[0] for number in range(STUDENTS)]
        for visitor in self.visitors:
            self.attempt(qualifications.join, visitor, self.projects[0])

    def attempt(self, action: Any, *args: Any) -> Any:
        """Run an action; a refusal is an answer. Any other exception is a fault."""
        try:
            outcome = self.db.run(action, *args)
        except refusals.Refusal as refusal:
            return refusal
        for shown in (outcome, getattr(outcome, "next", None), getattr(outcome, "card", None)):
            if isinstance(shown, Card):
                self.see(shown)
        return outcome

    def see(self, card: Card) -> None:
        """Keep a card that was shown, and see that it is the one that lies open."""
        rows = self.db.rows("SELECT state, step FROM assignments WHERE token = :token", token=card.token)
        assert rows == [("open", card.step)]
        assert card.place >= 1
        self.cards = [*self.cards, (card.token, card.step)][-CARDS_KEPT:]

    def open_card(self, student: int) -> tuple[str, int] | None:
        rows = self.db.rows(
            "SELECT token, step FROM assignments AS a JOIN people AS p ON p.id = a.person_id "
            "WHERE p.person_key = :key AND a.state = 'open'",
            key=self.visitors[student].key,
        )
        return (rows[0][0], rows[0][1]) if rows else None

    def tap(self, student: int, token: str, step: int, operation: str) -> Any:
        """Tap, and hold the outcome against what the card was before."""
        rows = self.db.rows(
            "SELECT p.person_key, a.state, a.step FROM assignments AS a JOIN people AS p ON p.id = a.person_id "
            "WHERE a.token = :token",
            token=token,
        )
        outcome = self.attempt(judgments.tap, self.visitors[student], token, step, operation)
        owner, state, step_before = rows[0]
        if owner != self.visitors[student].key:
            assert isinstance(outcome, refusals.NotYours | refusals.ConsentNeeded)
        elif isinstance(outcome, refusals.Refusal):
            assert isinstance(outcome, refusals.ConsentNeeded)
        elif state == "judged":
            assert isinstance(outcome, outcomes.AlreadyJudged)
        elif state in ("skipped", "flagged"):
            assert isinstance(outcome, outcomes.AlreadyLeft)
        elif step != step_before:
            assert isinstance(outcome, outcomes.OldCard | outcomes.LeaseEnded | outcomes.ProjectEnded)
        match outcome:
            case outcomes.Recorded() | outcomes.Explained() | outcomes.ExamEnded():
                self.oracle.record(token, outcome.credited_ms, outcome.amount_micro, outcome.currency)
            case outcomes.Undone():
                self.oracle.take_back(outcome.card.token)
        return outcome

    def answer(self, student: int, operations: tuple[str, ...], seconds: int) -> Any:
        """Do what most students do: see what is next, read, answer."""
        if self.open_card(student) is None:
            following = self.attempt(work.begin_stage, self.visitors[student], self.projects[0])
            if isinstance(following, work.SetEnded):
                self.begin_set(student, 0)
        self.oracle.let_pass(seconds * SECOND_MS)
        outcome = None
        for operation in operations:
            card = self.open_card(student)
            outcome = self.tap(student, *card, operation) if card else outcome
        return outcome

    @rule(student=WHO, seconds=SECONDS, times=st.integers(1, 8))
    def answer_right(self, student: int, seconds: int, times: int) -> None:
        for _ in range(times):
            self.answer(student, ("o0",), seconds)

    @rule(student=WHO, seconds=SECONDS, times=st.integers(1, 4))
    def answer_wrong(self, student: int, seconds: int, times: int) -> None:
        for _ in range(times):
            self.answer(student, ("o1", "t0+", "d"), seconds)

    @rule(students=st.permutations(range(STUDENTS)), wrong=st.sets(WHO), seconds=SECONDS)
    def everybody_answers(self, students: list[int], wrong: set[int], seconds: int) -> None:
        for student in students:
            self.answer(student, ("o1", "t1+", "d") if student in wrong else ("o0",), seconds)

    @rule(
        student=WHO,
        late_ms=st.sampled_from([0, SECOND_MS, 9 * MINUTE_MS, 10 * MINUTE_MS]),
        undos=st.integers(1, 3),
        again=st.sampled_from([(), ("o0",), ("o1", "t1+", "d")]),
    )
    def answer_and_undo(self, student: int, late_ms: int, undos: int, again: tuple[str, ...]) -> None:
        """Answer, think again, tap Undo on whatever lies open then, and perhaps answer otherwise."""
        self.answer(student, ("o0",), 20)
        self.oracle.let_pass(late_ms)
        for _ in range(undos):
            self.tap_the_open_card(student, "u", 1)
        self.answer(student, again, 20)

    @rule(student=WHO, operation=st.sampled_from(["s", "fother", "ftext"]))
    def leave_an_item(self, student: int, operation: str) -> None:
        self.answer(student, (operation,), 5)

    @rule(student=WHO, operation=st.sampled_from(["o0", "u", "s"]))
    def come_too_late(self, student: int, operation: str) -> None:
        """Tap a card whose lease ran out meanwhile."""
        card = self.open_card(student)
        self.the_timetable_runs(3 * HOUR_MS)
        if card is not None:
            self.tap(student, *card, operation)

    @rule(student=WHO, operation=st.sampled_from(TAPS), times=st.integers(1, 2))
    def tap_the_open_card(self, student: int, operation: str, times: int) -> None:
        """Tap once, or twice before the answer came: the second tap carries the same token and step."""
        card = self.open_card(student)
        for _ in range(times if card else 0):
            assert card is not None
            self.tap(student, *card, operation)

    @precondition(lambda self: self.cards)
    @rule(student=WHO, which=st.integers(0, CARDS_KEPT - 1), shift=STEPS, operation=st.sampled_from(TAPS))
    def tap_some_card(self, student: int, which: int, shift: int, operation: str) -> None:
        """Tap a card that was shown to anybody at any time, with its step or another."""
        token, step = self.cards[which % len(self.cards)]
        self.tap(student, token, step + shift, operation)

    @precondition(lambda self: self.cards)
    @rule(which=st.integers(0, CARDS_KEPT - 1), operation=st.sampled_from(TAPS))
    def tap_an_old_card_of_ones_own(self, which: int, operation: str) -> None:
        token, step = self.cards[which % len(self.cards)]
        owner = self.db.value(
            "SELECT p.person_key FROM people AS p JOIN assignments AS a ON a.person_id = p.id WHERE a.token = :token",
            token=token,
        )
        student = [visitor.key for visitor in self.visitors].index(owner)
        self.tap(student, token, step, operation)

    @rule(student=WHO, project=st.sampled_from([0, 0, 1, None]))
    def go_on(self, student: int, project: int | None) -> None:
        chosen = None if project is None else self.projects[project]
        self.attempt(work.go_on, self.visitors[student], chosen)

    @rule(student=WHO)
    def work_elsewhere(self, student: int) -> None:
        """Join the other project and answer there; what lay open here waits."""
        self.attempt(qualifications.join, self.visitors[student], self.projects[1])
        self.attempt(work.go_on, self.visitors[student], self.projects[1])
        self.answer(student, ("o0",), 5)

    @rule(student=WHO, project=st.sampled_from([0, 0, 0, 1]))
    def begin_set(self, student: int, project: int) -> None:
        outcome = self.attempt(work.begin_set, self.visitors[student], self.projects[project])
        if not isinstance(outcome, refusals.Refusal):
            key = self.visitors[student].key
            person_id = self.db.value("SELECT id FROM people WHERE person_key = :key", key=key)
            self.oracle.set_done[person_id, self.projects[project]] = 0

    @rule(student=WHO)
    def pause(self, student: int) -> None:
        self.attempt(work.pause, self.visitors[student])
        assert self.open_card(student) is None

    @rule(duration_ms=st.sampled_from(DURATIONS))
    def time_passes(self, duration_ms: int) -> None:
        self.oracle.let_pass(duration_ms)

    @rule(late_ms=st.sampled_from([0, 0, 11 * MINUTE_MS, 3 * HOUR_MS]))
    def the_timetable_runs(self, late_ms: int) -> None:
        self.oracle.let_pass(late_ms)
        self.db.run(assignments.expire_leases)
        assert not self.db.rows(
            "SELECT 1 FROM assignments WHERE state IN ('open', 'parked', 'paused') AND lease_expires_ms < :now",
            now=self.db.clock.now_ms,
        )
        self.db.run(ledger.approve_due)
        self.oracle.check_approvals()

    @rule(
        event=st.sampled_from(["clock", "consent", "leave", "state", "items", "forged"]),
        student=WHO,
        data=st.data(),
    )
    def something_rare_happens(self, event: str, student: int, data: st.DataObject) -> None:
        visitor, project = self.visitors[student], data.draw(st.sampled_from([0, 0, 1]))
        match event:
            case "clock":
                self.oracle.set_back(data.draw(st.sampled_from([SECOND_MS, MINUTE_MS])))
            case "consent":
                self.attempt(consents.withdraw, visitor)
                self.come_back(student, data, consents.give, visitor)
            case "leave":
                self.attempt(qualifications.leave, visitor, self.projects[project])
                self.come_back(student, data, qualifications.join, visitor, self.projects[project])
            case "state":
                self.attempt(
                    projects.set_state, None, SLUGS[project], data.draw(st.sampled_from(["paused", "closed"]))
                )
                self.come_back(student, data, projects.set_state, None, SLUGS[project], "open")
            case "items":
                self.items += 2
                use = data.draw(st.sampled_from(["work", "work", "gold", "exam"]))
                self.attempt(items.import_batch, self.projects[project], batch(self.items, **{use: 2}))
            case "forged":
                outcome = self.attempt(judgments.tap, visitor, data.draw(st.text(max_size=22)), 0, "o0")
                assert isinstance(outcome, refusals.NotYours | refusals.ConsentNeeded)

    def come_back(self, student: int, data: st.DataObject, action: Any, *args: Any) -> None:
        """While something is shut, tap an old card all the same; then, mostly, it is open again."""
        self.oracle.check()
        tapped: bool = data.draw(st.booleans())
        if tapped and self.cards:
            self.tap_an_old_card_of_ones_own(data.draw(st.integers(0, CARDS_KEPT - 1)), "o0")
            self.oracle.check()
        if data.draw(st.integers(0, 4)):
            self.attempt(action, *args)

    @invariant()
    def every_promise_holds(self) -> None:
        self.oracle.check()

    def teardown(self) -> None:
        """Have the books proved by the checks that share no code with the ledger."""
        for check in verify.CHECKS:
            assert not list(check(self.db.connection))
        self.db.connection.close()
        self.path.unlink()


Taps.TestCase.settings = LONG_RUN if LONG else SHORT_RUN
TestTaps = Taps.TestCase
