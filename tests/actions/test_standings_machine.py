"""Students who work, are paused, practise, appeal, leave and come back in any order, while coordinators decide; after each step a pause has
an end, answers are on hold only within one, nobody was removed by a rule, and what was earned stays."""

from __future__ import annotations

import shutil
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from actions import (
    appeals,
    judgments,
    projects,
    qualifications,
    refusals,
    roles,
    standings,
    standings_managed,
    work,
)
from actions.people import Visitor
from actions.work import Card
from bot import verify
from rules.credit import DAY_MS, HOUR_MS, MINUTE_MS
from rules.standing import LATER_PAUSE_MS
from tests.actions import projects_for_tests
from tests.actions.conftest import Db
from tests.actions.standings_for_tests import ids, read
from tests.actions.test_machine import LONG, LONG_RUN, SHORT_RUN, template

STUDENTS = 2
WHO = st.integers(0, STUDENTS - 1)
WORD = "SELECT COALESCE(resumes, standing) FROM qualifications WHERE person_id = :person"


class Standings(RuleBasedStateMachine):
    """Two students and two coordinators on one project with training items for practice."""

    def __init__(self) -> None:
        super().__init__()
        self.path = template().with_name(f"standings-{id(self)}.db")
        shutil.copyfile(template(), self.path)
        self.db = Db(self.path)
        self.db.connection.execute("PRAGMA journal_mode=MEMORY")
        self.earned = 0

    @initialize(seed=st.integers(0, 5), practice=st.sampled_from([2, 4]))
    def open_the_house(self, seed: int, practice: int) -> None:
        self.db.chance.seed(seed)
        self.project = projects_for_tests.make(self.db, work_items=40)
        projects_for_tests.fill(self.db, self.project.id, training=practice, work=0)
        self.students: list[tuple[Visitor, int]] = []
        for number in range(STUDENTS):
            visitor, person = self.db.join(number + 1)
            self.db.run(qualifications.join, visitor, self.project.id)
            self.students.append((visitor, person.id))
        self.bosses = []
        for number in range(2):
            visitor, person = self.db.join(900 + number, "coordinator")
            self.db.run(roles.let_manage, person.id, self.project.id)
            self.bosses.append(visitor)

    def attempt(self, action: Any, *args: Any) -> Any:
        """Run an action; a refusal is an answer. Any other exception is a fault."""
        try:
            return self.db.run(action, *args)
        except refusals.Refusal as refusal:
            return refusal

    @rule(who=WHO, tap=st.sampled_from(["o0", "o0", "o1"]), begins=st.booleans())
    def answer(self, who: int, tap: str, begins: bool) -> None:
        """Answer what comes next, practice included."""
        visitor, _person_id = self.students[who]
        shown = self.attempt(work.begin_stage if begins else work.go_on, visitor, self.project.id)
        if isinstance(shown, work.SetEnded):
            shown = self.attempt(work.begin_set, visitor, self.project.id)
        self.db.clock.advance(MINUTE_MS)
        while isinstance(shown, Card):
            outcome = self.attempt(judgments.tap, visitor, shown.token, shown.step, tap)
            shown = getattr(outcome, "card", None)
            tap = "d" if isinstance(shown, Card) and shown.draft.marks else "t0+"

    @rule(who=WHO, log_e=st.sampled_from([0.2, 2.5, 5.0, 5.0]), back=st.integers(1, 4))
    def look(self, who: int, log_e: float, back: int) -> None:
        """Read the answers of a student, and look."""
        _visitor, person_id = self.students[who]
        count = len(ids(self.db, person_id))
        if count:
            read(self.db, self.project, person_id, log_e, max(0, count - back))
            self.db.run(lambda tx: standings.look(tx, projects.get(tx, self.project.id)))

    @rule(who=WHO, leaves=st.booleans())
    def leave_or_join(self, who: int, leaves: bool) -> None:
        """Leave the project, or come back to it."""
        self.attempt(
            qualifications.leave if leaves else qualifications.join, self.students[who][0], self.project.id
        )

    @rule(who=WHO, boss=st.integers(0, 1), verb=st.sampled_from(["back", "out", "remove"]))
    def decide(self, who: int, boss: int, verb: str) -> None:
        """Have a coordinator bring back, leave out or remove."""
        visitor, (_student, person_id) = self.bosses[boss], self.students[who]
        place = (visitor, self.project.id, person_id)
        if verb == "remove":
            if not isinstance(self.attempt(standings_managed.await_reason, *place), refusals.Refusal):
                self.attempt(standings_managed.type_reason, visitor, "Two people on one account.")
        else:
            action = standings_managed.bring_back if verb == "back" else standings_managed.leave_out
            self.attempt(action, *place)

    @rule(who=WHO, boss=st.integers(0, 1), verdict=st.sampled_from(["back", "stay"]), waits=st.booleans())
    def appeal(self, who: int, boss: int, verdict: str, waits: bool) -> None:
        """Ask a person about the newest change, and have it answered, at once or after the pause."""
        visitor, person_id = self.students[who]
        newest = self.db.run(standings.newest_change, self.project.id, person_id)
        if newest is not None:
            self.attempt(appeals.begin, visitor, "standing", newest.id)
            self.attempt(appeals.type_text, visitor, "I read every one of them twice.")
        if waits:
            self.pass_time(4 * DAY_MS)
        for (number,) in self.db.rows("SELECT id FROM appeals WHERE state = 'open' ORDER BY id"):
            self.attempt(appeals.begin_answer, self.bosses[boss], number, verdict)
            self.attempt(appeals.type_answer, self.bosses[boss], "We looked at it together.")

    @rule(duration_ms=st.sampled_from([HOUR_MS, DAY_MS, 3 * DAY_MS, 8 * DAY_MS]))
    def pass_time(self, duration_ms: int) -> None:
        """Let time pass, and the timetable run."""
        self.db.clock.advance(duration_ms)
        self.db.run(standings.end_due)

    @invariant()
    def a_pause_is_open_for_whom_is_paused_and_has_an_end(self) -> None:
        now_ms = self.db.clock.now_ms
        for _visitor, person_id in getattr(self, "students", []):
            ends = self.db.rows(
                "SELECT ends_ms FROM pauses WHERE person_id = :p AND state = 'open'", p=person_id
            )
            assert (self.db.value(WORD, person=person_id) == "paused") == (len(ends) == 1)
            assert all(ends_ms <= now_ms + LATER_PAUSE_MS for (ends_ms,) in ends)

    @invariant()
    def answers_are_on_hold_only_within_a_pause(self) -> None:
        held = self.db.rows(
            "SELECT id FROM judgments WHERE status = 'held' AND undone_ms IS NULL ORDER BY id"
        )
        within = self.db.rows(
            "SELECT a.judgment_id FROM paused_answers AS a JOIN pauses AS p ON p.id = a.pause_id JOIN judgments AS j "
            "ON j.id = a.judgment_id WHERE p.state = 'open' AND p.answers = 'held' AND j.undone_ms IS NULL ORDER BY a.judgment_id"
        )
        assert held == within

    @invariant()
    def each_change_follows_the_one_before(self) -> None:
        for _visitor, person_id in getattr(self, "students", []):
            rows = self.db.rows(
                "SELECT was, became, by_person FROM standing_changes WHERE person_id = :p ORDER BY id",
                p=person_id,
            )
            stands = "active"
            for was, became, by in rows:
                assert was == stands
                assert became != "removed" or by is not None
                stands = became
            assert self.db.value(WORD, person=person_id) == stands

    @invariant()
    def what_was_earned_stays(self) -> None:
        earned = self.db.value("SELECT COALESCE(SUM(amount_micro), 0) FROM judgments WHERE undone_ms IS NULL")
        assert earned >= self.earned
        self.earned = earned

    def teardown(self) -> None:
        """Prove the books at the end."""
        if hasattr(self, "students"):
            assert verify.verify(self.path).findings == []
        self.db.connection.close()
        self.path.unlink()


TestStandings = Standings.TestCase
TestStandings.settings = LONG_RUN if LONG else settings(SHORT_RUN, max_examples=25, stateful_step_count=40)
