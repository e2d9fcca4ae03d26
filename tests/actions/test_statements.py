"""Weekly statements over the real books: closed once, adding up, telling the person, and never changed by what comes late."""

from __future__ import annotations

import datetime
import itertools
import sqlite3
import zoneinfo
from collections import defaultdict

import pytest

from actions import (
    deliveries,
    earnings,
    judgments,
    ledger,
    outcomes,
    people,
    projects,
    qualifications,
    statements,
    work,
)
from actions.people import Visitor
from rules import ledger as books
from rules import statement
from rules.audience import Profile
from rules.ledger import STUDENT_STATES, TIME
from rules.statement import OFFICE, Content
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge, work_through

KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")
DAY_MS = 86_400_000
MONDAY = "2023-11-13"


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2023) -> int:
    """Give a moment in UTC."""
    return int(datetime.datetime(year, month, day, hour, minute, tzinfo=datetime.UTC).timestamp()) * 1000


def joined(db: Db, telegram_id: int = 1) -> Visitor:
    visitor, _ = db.join(telegram_id, profile=Profile("bachelor", "maths", ("en",), "Europe/Kyiv"))
    db.run(qualifications.join, visitor, 1)
    return visitor


def answer_at(db: Db, visitor: Visitor, moment_ms: int, seconds: int) -> None:
    db.clock.now_ms = moment_ms - seconds * 1000
    judge(db, visitor, card_of(db.run(work.begin_set, visitor, 1)), "o0", seconds)
    db.run(work.pause, visitor)


def close_all(db: Db) -> int:
    """Run the chore until there is nothing left to do."""
    for done in range(500):
        if not db.run(statements.close_due):
            return done
    raise AssertionError("closing never ends")


def weeks(db: Db, person_id: int = 1) -> dict[str, Content]:
    found = db.rows("SELECT week, content FROM statements WHERE person_id = :id ORDER BY week", id=person_id)
    return {week: statement.load(content) for week, content in found}


def in_zone(db: Db, zone: str) -> None:
    """Give the project another time zone."""
    text = TOML.format(training=0, exam=0, gold_share=0.0).replace("[pay]", f'[pay]\ntime_zone = "{zone}"')
    db.run(projects.create_or_update, None, text)


def seconds(content: Content) -> int:
    return sum(amount for (_p, _k, asset), amount in content.earned.items() if asset == TIME) // 1000


def proved(db: Db) -> None:
    """Hold all statements against the books, by sums of another make: each entry in the first week that holds it, each balance its sum."""
    bounds: dict[str, dict[int, int]] = defaultdict(dict)
    for week, project, end_ms in db.rows("SELECT week, project_id, end_ms FROM statement_bounds"):
        bounds[week][project] = end_ms
    throughs = dict(db.rows("SELECT week, through_id FROM statement_weeks ORDER BY week"))
    projects_of = dict(db.rows("SELECT id, project_id FROM judgments"))
    sums: dict[tuple[int, str], dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for number, key, kind, person, recorded_ms in db.rows(
        "SELECT id, key, kind, person_id, recorded_ms FROM entries WHERE person_id IS NOT NULL ORDER BY id"
    ):
        about = statement.judgment_of(kind, key)
        moves = db.rows(
            "SELECT source, destination, amount, asset FROM postings WHERE entry_id = :id", id=number
        )
        owners = [int(name[8:]) for move in moves for name in move[:2] if name.startswith("project:")]
        project = projects_of[about] if about is not None else (owners or [OFFICE])[0]
        week = next(
            (w for w, end in throughs.items() if number <= end and recorded_ms < bounds[w].get(project, 0)),
            None,
        )
        for source, destination, amount, asset in moves if week else ():
            for account, signed in ((source, -amount), (destination, amount)):
                if account.startswith(f"student:{person}:") and week is not None:
                    sums[person, week][account.rpartition(":")[2], asset] += signed
    stated = {
        (person, week): statement.load(content)
        for person, week, content in db.rows("SELECT person_id, week, content FROM statements")
    }
    assert set(sums) <= set(stated)
    for key, content in stated.items():
        for held in {*content.closing, *content.opening}:
            assert content.closing[held] - content.opening[held] == sums[key].get(held, 0)
    for person in {person for person, _week in stated}:
        mine = [content for (who, _week), content in sorted(stated.items()) if who == person]
        for before, after in itertools.pairwise(mine):
            assert all(after.opening[held] == before.closing.get(held, 0) for held in after.opening)


def test_a_week_is_closed_once_it_is_over_and_only_once(db: Db) -> None:
    make(db, work_items=10)
    ada = joined(db)
    answer_at(db, ada, at(11, 14, 9), 30)
    db.clock.now_ms = at(11, 19, 23, 59)
    close_all(db)
    assert weeks(db) == {}
    db.clock.now_ms = at(11, 20, 0, 0)
    assert close_all(db) > 0
    assert list(weeks(db)) == [MONDAY]
    assert close_all(db) == 0
    assert seconds(weeks(db)[MONDAY]) == 30
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.connection.execute(
            "INSERT INTO statements SELECT NULL, person_id, week, 0, '', '', 0 FROM statements"
        )
    proved(db)


def test_a_week_waits_for_the_last_zone_and_ends_in_each_at_its_own_midnight(db: Db) -> None:
    make(db, work_items=10)
    in_zone(db, "America/New_York")
    ada = joined(db)
    # Monday in Kyiv and in UTC, still Sunday where the project lives; then Monday there as well.
    answer_at(db, ada, at(11, 20, 4, 59), 1)
    close_all(db)
    assert weeks(db) == {}
    answer_at(db, ada, at(11, 20, 5, 1), 2)
    close_all(db)
    assert {week: seconds(content) for week, content in weeks(db).items()} == {MONDAY: 1}
    db.clock.now_ms = at(11, 27, 5)
    close_all(db)
    assert {week: seconds(content) for week, content in weeks(db).items()} == {MONDAY: 1, "2023-11-20": 2}
    proved(db)


def test_a_zone_that_changes_loses_no_entry_and_counts_none_twice(db: Db) -> None:
    make(db, work_items=20)
    in_zone(db, "Pacific/Kiritimati")
    ada = joined(db)
    given = 0
    for hour in range(0, 15 * 24, 18):
        answer_at(db, ada, at(11, 14, 9) + hour * 3_600_000, 1)
        given += 1
        # The office's week, UTC's, is another than the project's for hours; what comes later in the books may belong to an earlier week.
        db.run(
            ledger.post,
            key=f"adjust:{given}",
            kind="adjustment",
            person_id=1,
            actor="person:2",
            reason="so",
            postings=books.adjustment(1, 7, "USD", gives=True),
        )
        close_all(db)
        if hour == 12 * 18:
            in_zone(db, "America/Los_Angeles")
    db.clock.now_ms = at(12, 11, 12)
    close_all(db)
    assert sum(seconds(content) for content in weeks(db).values()) == given
    proved(db)


def test_an_approval_falls_into_the_week_in_which_it_was_made(db: Db) -> None:
    make(db, work_items=10)
    ada = joined(db)
    answer_at(db, ada, at(11, 14, 9), 30)
    db.clock.now_ms = at(11, 21, 12)
    close_all(db)
    db.run(ledger.approve_due)
    db.clock.now_ms = at(11, 27, 1)
    close_all(db)
    first, second = weeks(db).values()
    assert first.closing["pending", "USD"] == second.opening["pending", "USD"] == 200_000
    assert second.closing["pending", "USD"] == 0
    assert second.closing["approved", "USD"] == 200_000
    assert (seconds(first), seconds(second)) == (30, 0)
    assert second.total_counts[1, "earning"] == 1
    proved(db)


def test_an_answer_undone_after_midnight_is_taken_back_in_the_new_week(db: Db) -> None:
    make(db, work_items=10)
    ada = joined(db)
    db.clock.now_ms = at(11, 19, 23, 58)
    card = card_of(judge(db, ada, card_of(db.run(work.begin_set, ada, 1)), "o0", 30))
    db.clock.now_ms = at(11, 20, 0, 3)
    close_all(db)
    assert isinstance(db.run(judgments.tap, ada, card.token, card.step, "u"), outcomes.Undone)
    db.clock.now_ms = at(11, 27, 0)
    close_all(db)
    assert {week: seconds(content) for week, content in weeks(db).items()} == {MONDAY: 30, "2023-11-20": -30}
    proved(db)


def test_what_a_clock_that_was_set_back_books_late_falls_into_the_next_statement(db: Db) -> None:
    make(db, work_items=10)
    ada = joined(db)
    answer_at(db, ada, at(11, 14, 9), 1)
    db.clock.now_ms = at(11, 20, 1)
    close_all(db)
    before = weeks(db)[MONDAY]
    answer_at(db, ada, at(11, 15, 9), 2)
    assert [(one.week, seconds(one.content)) for one in db.run(statements.still_open, 1)] == [
        ("2023-11-20", 2)
    ]
    db.clock.now_ms = at(11, 27, 1)
    close_all(db)
    assert weeks(db) == {MONDAY: before, "2023-11-20": weeks(db)["2023-11-20"]}
    assert seconds(weeks(db)["2023-11-20"]) == 2
    proved(db)


def test_old_weeks_are_closed_one_by_one_and_only_the_newest_is_told(db: Db) -> None:
    make(db, work_items=20)
    ada = joined(db)
    for week in range(4):
        answer_at(db, ada, at(11, 1, 9) + week * 7 * DAY_MS, week + 1)
    db.clock.now_ms = at(11, 28, 9)
    close_all(db)
    assert [seconds(content) for content in weeks(db).values()] == [1, 2, 3, 4]
    assert [key for (key,) in db.rows("SELECT key FROM deliveries WHERE key LIKE 'statement:%'")] == [
        "statement:2023-11-20:1"
    ]
    proved(db)


def test_who_muted_calls_is_told_all_the_same_and_who_did_nothing_is_not(db: Db) -> None:
    make(db, work_items=10)
    ada, _ = joined(db), joined(db, 2)
    answer_at(db, ada, at(11, 14, 9), 30)
    with db.tx() as tx:
        tx.run("people.set_muted", id=1, muted_ms=1)
    db.clock.now_ms = at(11, 20, 9)
    close_all(db)
    [due] = db.run(deliveries.due, deliveries.NOTICE, 10)
    claimed = db.run(deliveries.claim, due.id)
    assert claimed is not None
    assert (claimed.person_id, claimed.notice) == (1, {"kind": "statement", "week": MONDAY})


def test_every_student_of_a_week_gets_the_same_head_and_many_are_closed_in_steps(db: Db) -> None:
    project = make(db, training=1, exam=1, golds=3, work_items=30, gold_share=0.3)
    work_through(db, project, students=12, items=6)
    head = db.value("SELECT hash FROM entries ORDER BY id DESC LIMIT 1")
    db.clock.now_ms = at(11, 20, 9)
    assert close_all(db) > 2
    assert db.rows("SELECT COUNT(*), COUNT(DISTINCT digest) FROM statements") == [(12, 12)]
    assert db.rows("SELECT DISTINCT head_hash FROM statement_weeks WHERE week = :week", week=MONDAY) == [
        (head,)
    ]
    proved(db)
    for person in range(1, 13):
        content = weeks(db, person)[MONDAY]
        for state in STUDENT_STATES:
            held = db.run(ledger.balances, books.student_account(person, state))
            assert {one.asset: one.amount for one in held if one.amount} == {
                asset: amount for (one, asset), amount in content.closing.items() if one == state and amount
            }


def test_the_totals_go_on_over_closed_and_open_weeks(db: Db) -> None:
    make(db, work_items=20)
    ada = joined(db)
    for day in (14, 15, 21, 22):
        answer_at(db, ada, at(11, day, 9), 10)
        if day == 21:
            close_all(db)
    found = db.run(earnings.summary, ada)
    [whole] = found.periods["all"]
    [project] = found.projects
    assert (whole.judgments, whole.credited_ms) == (project.judgments, project.credited_ms) == (4, 40_000)
    assert whole.amount_micro == project.amount_micro == db.value("SELECT SUM(amount_micro) FROM judgments")
    assert project.rate_micro == whole.rate_micro
    shown = db.run(statements.listed, ada)
    assert [(one.week, seconds(one.content)) for one in shown.open] == [("2023-11-20", 20)]
    assert [(one.week, seconds(one.content)) for one in shown.closed] == [(MONDAY, 20)]


def test_all_so_far_reads_no_entry_of_a_closed_week(db: Db) -> None:
    make(db, work_items=20)
    ada = joined(db)
    for day in range(13, 19):
        answer_at(db, ada, at(11, day, 9), 10)
    db.clock.now_ms = at(11, 20, 9)
    close_all(db)
    read = db.rows(
        "SELECT COUNT(*) FROM entries WHERE id >= (SELECT resume_id FROM statements WHERE person_id = 1)"
    )
    assert read == [(0,)]
    [whole] = db.run(earnings.summary, ada).periods["all"]
    assert (whole.judgments, whole.credited_ms) == (6, 60_000)


def test_a_week_without_work_is_there_and_empty(db: Db) -> None:
    make(db, work_items=20)
    ada = joined(db)
    assert db.run(statements.recent, ada, 4) == []
    answer_at(db, ada, at(11, 8, 9), 10)
    answer_at(db, ada, at(11, 22, 9), 20)
    close_all(db)
    found = db.run(statements.recent, ada, 4)
    assert [week for week, _content in found] == ["2023-10-30", "2023-11-06", "2023-11-13", "2023-11-20"]
    assert [seconds(content) for _week, content in found] == [0, 10, 0, 20]


def test_nobody_reads_the_statement_of_another_and_the_entries_are_the_sums(db: Db) -> None:
    make(db, work_items=10)
    ada, bob = joined(db), joined(db, 2)
    answer_at(db, ada, at(11, 14, 9), 30)
    db.clock.now_ms = at(11, 20, 9)
    close_all(db)
    assert db.run(statements.of, bob, MONDAY) is None
    assert db.run(statements.entries_of, bob, MONDAY) == (2, [])
    found = db.run(statements.of, ada, MONDAY)
    assert found is not None
    assert found.projects[1].title == "Check sums"
    person_id, entries = db.run(statements.entries_of, ada, MONDAY)
    assert statement.content(person_id, entries).moved == found.content.moved
    written = db.value("SELECT content FROM statements")
    assert found.digest == statement.digest(1, MONDAY, found.through_id, found.head_hash, written)


def test_the_rows_of_a_file_stand_in_no_order_that_tells_gold(db: Db) -> None:
    project = make(db, golds=6, work_items=20, gold_share=0.5)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    following = db.run(work.begin_stage, visitor, project.id)
    for _ in range(14):
        following = judge(db, visitor, card_of(following), "o1", 10)
    for (number,) in db.rows("SELECT id FROM judgments WHERE use = 'work'"):
        db.run(ledger.plan_approval, number)
    for wait_ms in (ledger.UNDO_WINDOW_MS, ledger.GOLD_WAIT_MAX_MS):
        db.clock.advance(wait_ms)
        db.run(ledger.approve_due)
    db.clock.advance(7 * DAY_MS)
    close_all(db)
    [week] = weeks(db)
    _id, entries = db.run(statements.entries_of, visitor, week)
    approved = [
        (entry.recorded_ms // DAY_MS, entry.judgment_id or 0) for entry in entries if entry.kind == "approval"
    ]
    assert len(approved) > 4
    assert approved == sorted(approved)
    booked = [
        int(key[8:]) for (key,) in db.rows("SELECT key FROM entries WHERE kind = 'approval' ORDER BY id")
    ]
    assert booked != sorted(booked), "in the books gold comes after the work item that it waited for"


def test_people_who_left_still_have_their_statements(db: Db) -> None:
    make(db, work_items=10)
    ada = joined(db)
    answer_at(db, ada, at(11, 14, 9), 30)
    with db.tx() as tx:
        tx.run("people.set_state", id=1, state="withdrawn")
    db.clock.now_ms = at(11, 20, 9)
    close_all(db)
    assert db.run(statements.of, ada, MONDAY) is not None
    assert db.run(people.get, 1).state == "withdrawn"
