"""Hours and money as their student sees them: the sums by day and week where they live, and the lines behind them."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest

from actions import earnings, judgments, ledger, outcomes, people, qualifications, work
from actions.earnings import Sum
from actions.people import Visitor
from rules import ledger as books
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


def insert(db: Db, table: str, **values: object) -> None:
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    db.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def book(db: Db, key: str, kind: str, postings: list[books.Posting], reason: str = "so") -> None:
    db.run(ledger.post, key=key, kind=kind, person_id=1, actor="person:2", reason=reason, postings=postings)


def withhold(db: Db, state: str) -> None:
    """Hold back the pay of the second answer, pending, and have it decided."""
    amount = db.value("SELECT amount_micro FROM judgments WHERE id = 2")
    decided = {"decided_by": 3, "decided_ms": 1}
    insert(
        db, "withholdings", id=5, project_id=1, person_id=1, from_ms=0, until_ms=1, reason="twins", state=state,
        proposed_by=2, proposed_ms=0, confirmed_by=3, confirmed_ms=0, decide_by_ms=9, **decided,
    )  # fmt: skip
    db.connection.execute("UPDATE judgments SET withheld_id = 5 WHERE id = 2")
    book(db, "withhold:5:2", "withholding", books.withholding(1, amount, "USD", held_in="pending"), "twins")
    if state == "released":
        book(db, "release:5:2", "release", books.release(1, amount, "USD"))
    if state == "forfeited":
        book(db, "forfeit:5:2", "forfeit", books.forfeit(1, 1, amount, "USD"), "sure")


def three_answers(db: Db) -> Visitor:
    visitor, following = begin(db)
    for _ in range(2):
        db.join(2 + _)
    for seconds in (30, 60, 90):
        following = judge(db, visitor, card_of(following), "o0", seconds)
    return visitor


@pytest.mark.parametrize(
    ("state", "shown"), [("held", "withheld"), ("released", "approved"), ("forfeited", "forfeited")]
)
def test_pay_that_was_held_back_is_told_as_it_stands(db: Db, state: str, shown: str) -> None:
    visitor = three_answers(db)
    withhold(db, state)
    found = db.run(earnings.line, visitor, 2)
    assert found is not None
    assert found.line.state == shown
    assert found.withheld is not None
    assert (found.withheld.reason, found.withheld_by) == ("twins", "Ada")
    assert (found.forfeited is not None) == (state == "forfeited")
    summary = db.run(earnings.summary, visitor)
    [today], [whole] = summary.periods["today"], summary.periods["all"]
    assert today.states == whole.states
    assert whole.withheld_micro == (400_000 if state == "held" else 0)
    assert whole.amount_micro == (1_200_000 - 400_000 * (state == "forfeited"))
    assert whole.beside == ((("forfeit", -400_000),) if state == "forfeited" else ())


def test_pay_is_in_a_payout_and_then_paid_under_its_reference(db: Db) -> None:
    visitor = three_answers(db)
    db.clock.advance(8 * DAY_MS)
    db.run(ledger.approve_due)
    insert(
        db, "payout_batches", id=4, currency="USD", period_end_ms=1, minimum_micro=1, state="approved", drafted_by=2,
        drafted_ms=0, frozen_by=2, frozen_ms=0, lines=1, total_micro=1, digest="d", approved_by=3, approved_ms=0,
    )  # fmt: skip
    insert(
        db, "payout_lines", id=9, batch_id=4, person_id=1, number=1, reference="W46-0193", method="paypal", payee="",
        payee_digest="", taken_micro=600_000, amount_micro=600_000, state="open",
    )  # fmt: skip
    db.connection.execute("UPDATE payables SET line_id = 9 WHERE judgment_id IN (1, 2)")
    book(db, "payout:4:1", "payout", books.payout(1, 600_000, "USD"))
    assert [line.state for line in db.run(earnings.lines, visitor).lines] == [
        "approved",
        "in_payout",
        "in_payout",
    ]
    [whole] = db.run(earnings.summary, visitor).periods["all"]
    assert whole.states | {"approved": 600_000, "in_payout": 600_000} == whole.states
    assert db.run(earnings.summary, visitor).periods["last_week"][0].states == whole.states
    db.connection.execute("UPDATE payout_lines SET state = 'paid', settled_ms = 77 WHERE id = 9")
    book(db, "paid:4:1", "payment", books.payment(1, 600_000, "USD"))
    found = db.run(earnings.line, visitor, 1)
    assert found is not None
    assert (found.line.state, found.line.reference) == ("paid", "W46-0193")
    summary = db.run(earnings.summary, visitor)
    assert summary.last_paid == earnings.LastPaid("W46-0193", 77)
    assert summary.periods["all"][0].paid_micro == 600_000


def test_other_money_stands_in_its_own_lines_and_in_the_sum(db: Db) -> None:
    visitor = three_answers(db)
    book(db, "bonus:1", "bonus", books.bonus(1, 1, 5_000_000, "USD"))
    book(db, "adjust:1", "adjustment", books.adjustment(1, 1_000_000, "USD", gives=False))
    book(db, "adjust:2", "adjustment", books.adjustment(1, 7, "EUR", gives=True))
    summary = db.run(earnings.summary, visitor)
    for period in ("today", "week", "all"):
        euros, dollars = summary.periods[period]
        assert (euros.currency, euros.amount_micro) == ("EUR", 7)
        assert dollars.beside == (("bonus", 5_000_000), ("adjustment", -1_000_000))
        assert dollars.amount_micro == 1_200_000 + 4_000_000
        assert dollars.rate_micro == 24_000_000
    assert summary.periods["last_week"] == []
