"""Hours and money as their student sees them: the sums by day and week where they live, and the lines behind them."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest

from actions import earnings, judgments, ledger, outcomes, people, qualifications, work
from actions.earnings import Sum
from actions.people import Visitor
from rules.audience import Profile
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge

KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")
SECOND_MS = 1_000
DAY_MS = 86_400_000


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime.datetime(year, month, day, hour, minute, tzinfo=KYIV).timestamp()) * 1000


def joined(db: Db, **counts: int) -> Visitor:
    project = make(db, **counts)
    visitor, _ = db.join(1, profile=Profile("bachelor", "maths", ("en",), "Europe/Kyiv"))
    db.run(qualifications.join, visitor, project.id)
    return visitor


def begin(db: Db, **counts: int) -> tuple[Visitor, work.Next]:
    visitor = joined(db, **counts)
    return visitor, db.run(work.begin_stage, visitor, 1)


def answer_at(db: Db, visitor: Visitor, moment_ms: int, seconds: int) -> None:
    """Open an item so that it is answered at a moment, after so many seconds."""
    db.clock.now_ms = moment_ms - seconds * SECOND_MS
    card = card_of(db.run(work.begin_set, visitor, 1))
    judge(db, visitor, card, "o0", seconds)
    db.run(work.pause, visitor)


def of(found: earnings.Summary, period: str) -> tuple[int, int]:
    """Give the judgments and the credited seconds of a period."""
    [one] = found.periods[period] or [Sum("USD", 0, 0)]
    return one.judgments, one.credited_ms // SECOND_MS


def test_days_and_weeks_begin_at_midnight_where_the_student_lives(db: Db) -> None:
    visitor = joined(db, work_items=10)
    # Monday 2023-11-20, half past midnight in Kyiv: still Sunday in UTC.
    for moment, seconds in (
        (at(2023, 11, 12, 23, 59), 1),
        (at(2023, 11, 13, 0, 1), 2),
        (at(2023, 11, 19, 23, 59), 4),
        (at(2023, 11, 20, 0, 1), 8),
        (at(2023, 11, 21, 0, 30), 16),
    ):
        answer_at(db, visitor, moment, seconds)
    found = db.run(earnings.summary, visitor)
    assert of(found, "today") == (1, 16)
    assert of(found, "week") == (2, 24)
    assert of(found, "last_week") == (2, 6)
    assert of(found, "all") == (5, 31)


@pytest.mark.parametrize(
    ("monday", "sunday", "after"),
    [((2023, 10, 23), (2023, 10, 29), (2023, 10, 30)), ((2024, 3, 25), (2024, 3, 31), (2024, 4, 1))],
    ids=["169 hours", "167 hours"],
)
def test_the_week_in_which_the_clocks_change_is_whole(
    db: Db, monday: tuple[int, int, int], sunday: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    visitor = joined(db, work_items=10)
    answer_at(db, visitor, at(*monday, 0, 0) - 600_000, 4)
    answer_at(db, visitor, at(*monday, 0, 1), 1)
    answer_at(db, visitor, at(*sunday, 23, 59), 2)
    db.clock.now_ms = at(*after, 0, 30)
    found = db.run(earnings.summary, visitor)
    assert of(found, "last_week") == (2, 3)
    assert of(found, "week") == (0, 0)


def test_pending_and_approved_make_up_the_whole(db: Db) -> None:
    visitor, following = begin(db, training=1, exam=1)
    following = judge(db, visitor, card_of(following), "o0", 30)
    judge(db, visitor, card_of(following), "o0", 60)
    db.clock.advance(ledger.UNDO_WINDOW_MS - 60 * SECOND_MS)
    db.run(ledger.approve_due)
    found = db.run(earnings.summary, visitor)
    [whole] = found.periods["all"]
    assert (whole.amount_micro, whole.approved_micro, whole.pending_micro) == (600_000, 200_000, 400_000)
    assert whole.pending_micro == db.run(ledger.balance, "student:1:pending", "USD")
    newest = db.value("SELECT MAX(answered_ms) FROM judgments")
    assert found.latest_settles_ms == newest + 7 * DAY_MS
    db.clock.advance(DAY_MS)
    db.run(ledger.approve_due)
    assert db.run(earnings.summary, visitor).latest_settles_ms is None


def test_an_undone_answer_is_in_the_lines_and_in_no_sum(db: Db) -> None:
    visitor, following = begin(db)
    card = card_of(judge(db, visitor, card_of(following), "o0", 30))
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "u"), outcomes.Undone)
    assert db.run(earnings.summary, visitor).periods["all"] == []
    [line] = db.run(earnings.lines, visitor).lines
    assert line.undone_ms == db.clock.now_ms


def test_a_capped_line_says_how_long_it_took(db: Db) -> None:
    visitor, following = begin(db)
    judge(db, visitor, card_of(following), "o0", 372)
    [line] = db.run(earnings.lines, visitor).lines
    assert (line.spent_ms, line.credited_ms, line.cap_ms) == (372_000, 120_000, 120_000)
    assert line.amount_micro == 800_000


def test_the_time_of_a_line_leaves_breaks_out(db: Db) -> None:
    visitor, _ = begin(db)
    db.clock.advance(10 * SECOND_MS)
    db.run(work.pause, visitor)
    db.clock.advance(500 * SECOND_MS)
    judge(db, visitor, card_of(db.run(work.go_on, visitor)), "o0", 5)
    [line] = db.run(earnings.lines, visitor).lines
    assert (line.spent_ms, line.credited_ms) == (15_000, 15_000)


def test_lines_come_newest_first_a_page_at_a_time(db: Db) -> None:
    visitor, following = begin(db, work_items=19)
    for _ in range(19):
        following = judge(db, visitor, card_of(following), "o0", 1)
    numbers: list[int] = []
    before: int | None = None
    for size in (8, 8, 3):
        page = db.run(earnings.lines, visitor, before)
        assert len(page.lines) == size
        numbers += [line.id for line in page.lines]
        before = page.before
    assert before is None
    assert numbers == list(range(19, 0, -1))


def test_the_lines_do_not_tell_gold_from_work(db: Db) -> None:
    project = make(db, golds=6, work_items=20, gold_share=0.5)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    following = db.run(work.begin_stage, visitor, project.id)
    for _ in range(8):
        following = judge(db, visitor, card_of(following), "o1", 10)
    assert {use for (use,) in db.rows("SELECT use FROM judgments")} == {"gold", "work"}
    shown = db.run(earnings.lines, visitor).lines
    assert (
        len(
            {
                (line.stage, line.state, line.credited_ms, line.amount_micro, line.approved_ms)
                for line in shown
            }
        )
        == 1
    )


def test_nobody_sees_the_lines_of_another(db: Db) -> None:
    visitor, following = begin(db)
    judge(db, visitor, card_of(following), "o0", 30)
    other, _ = db.join(2)
    assert db.run(earnings.lines, other).lines == []
    assert db.run(earnings.line, other, 1) is None
    assert db.run(earnings.summary, other).periods["all"] == []
    found = db.run(earnings.line, visitor, 1)
    assert found is not None
    assert (found.line.id, found.time_zone) == (1, "Europe/Kyiv")


@pytest.mark.parametrize("state", ["withdrawn", "profiling"])
def test_who_does_not_work_any_more_still_sees_what_they_earned(db: Db, state: str) -> None:
    visitor, following = begin(db)
    judge(db, visitor, card_of(following), "o0", 30)
    with db.tx() as tx:
        tx.run("people.set_state", id=1, state=state)
    assert of(db.run(earnings.summary, visitor), "all") == (1, 30)
    assert db.run(people.get, 1).state == state
