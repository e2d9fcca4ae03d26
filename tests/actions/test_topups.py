"""Top-ups: a week is settled once, everybody gets the same for each judgment, in the week of the project's own time zone."""

from __future__ import annotations

import datetime
import zoneinfo

from actions import budgets, ledger, projects, topups
from rules.credit import DAY_MS, HOUR_MS
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge, start

FLOOR = 'scheme = "item_with_floor"\nrate_per_item = "0.20"\nfloor_per_hour = "24.00"\n'


def floored(db: Db, more: str = "", **counts: int) -> projects.Project:
    project = make(db, **counts)
    share = 0.5 if counts.get("golds") else 0.0
    text = TOML.format(training=0, exam=0, gold_share=share)
    text = text.replace('rate_per_hour = "24.00"\n', FLOOR + more)
    db.run(projects.create_or_update, None, text)
    return db.run(projects.get, project.id)


def settle(db: Db) -> int:
    count = 0
    while db.run(topups.settle_due):
        count += 1
    return count


def approved(db: Db, person: int) -> int:
    return db.run(ledger.balance, f"student:{person}:approved", "USD")


def work_some(db: Db, project: projects.Project, telegram_id: int, seconds: list[int]) -> None:
    visitor, following = start(db, project, telegram_id)
    for one in seconds:
        following = judge(db, visitor, card_of(following), "o0", one)


def test_the_quick_and_the_slow_are_topped_up_alike_once_the_week_is_over(db: Db) -> None:
    project = floored(db, work_items=9)
    work_some(db, project, 1, [10, 60])
    work_some(db, project, 2, [90])
    assert settle(db) == 0, "the week is not over"
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    assert (approved(db, 1), approved(db, 2)) == (400_000, 200_000), "the median minute is worth 0.40"
    assert db.rows("SELECT kind, person_id FROM entries WHERE kind = 'topup' ORDER BY id") == [
        ("topup", 1),
        ("topup", 2),
    ]
    assert settle(db) == 0
    assert db.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'topup:%'") == 2
    assert db.rows("SELECT judgments, median_ms, topped_up_micro FROM topup_weeks") == [(3, 60_000, 600_000)]


def test_a_week_that_pays_its_floor_brings_nothing_and_is_settled_all_the_same(db: Db) -> None:
    project = floored(db, work_items=9)
    work_some(db, project, 1, [10, 20, 30])
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    assert approved(db, 1) == 0
    assert db.value("SELECT COUNT(*) FROM topup_weeks") == 1


def test_each_week_has_its_own_median_after_a_long_outage_too(db: Db) -> None:
    project = floored(db, work_items=9)
    work_some(db, project, 1, [60])
    db.clock.advance(7 * DAY_MS)
    work_some(db, project, 2, [90])
    db.clock.advance(15 * DAY_MS)
    assert settle(db) == 2
    assert (approved(db, 1), approved(db, 2)) == (200_000, 400_000)


def test_gold_counts_like_work(db: Db) -> None:
    project = floored(db, golds=9, work_items=20)
    work_some(db, project, 1, [60] * 8)
    assert {use for (use,) in db.rows("SELECT use FROM judgments")} == {"gold", "work"}
    db.clock.advance(8 * DAY_MS)
    settle(db)
    assert approved(db, 1) == 8 * 200_000
    assert "gold" not in str(db.rows("SELECT reason FROM entries WHERE kind = 'topup'"))


def test_an_undone_answer_is_not_topped_up(db: Db) -> None:
    project = floored(db, work_items=9)
    work_some(db, project, 1, [60, 60])
    db.connection.execute("UPDATE judgments SET undone_ms = 1 WHERE id = 2")
    db.clock.advance(8 * DAY_MS)
    settle(db)
    assert approved(db, 1) == 200_000


def test_weeks_begin_at_midnight_where_the_project_is_and_can_be_an_hour_short(db: Db) -> None:
    kyiv = zoneinfo.ZoneInfo("Europe/Kyiv")
    monday = datetime.datetime(2024, 3, 25, tzinfo=kyiv)
    db.clock.now_ms = int(monday.timestamp()) * 1000 - 30_000
    project = floored(db, 'time_zone = "Europe/Kyiv"\n', work_items=9)
    work_some(db, project, 1, [10])
    work_some(db, project, 2, [60])
    db.clock.now_ms = int(datetime.datetime(2024, 4, 8, tzinfo=kyiv).timestamp()) * 1000 + HOUR_MS
    assert settle(db) == 2
    weeks = db.rows("SELECT end_ms - start_ms, judgments FROM topup_weeks ORDER BY start_ms")
    assert weeks == [(7 * DAY_MS, 1), (7 * DAY_MS - HOUR_MS, 1)]
    assert (approved(db, 1), approved(db, 2)) == (0, 200_000)


def test_a_week_of_the_autumn_is_an_hour_long(db: Db) -> None:
    kyiv = zoneinfo.ZoneInfo("Europe/Kyiv")
    db.clock.now_ms = int(datetime.datetime(2024, 10, 23, 12, tzinfo=kyiv).timestamp()) * 1000
    project = floored(db, 'time_zone = "Europe/Kyiv"\n', work_items=9)
    work_some(db, project, 1, [60])
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    assert db.value("SELECT end_ms - start_ms FROM topup_weeks") == 7 * DAY_MS + HOUR_MS


def test_a_project_that_moves_to_another_zone_counts_nothing_twice(db: Db) -> None:
    project = floored(db, work_items=9)
    work_some(db, project, 1, [60, 60])
    db.clock.advance(8 * DAY_MS)
    assert settle(db) == 1
    end_ms = db.value("SELECT end_ms FROM topup_weeks")
    floored(db, 'time_zone = "America/Los_Angeles"\n', work_items=9)
    # Monday in UTC is still Sunday there, in the week that was settled.
    db.clock.now_ms = end_ms + HOUR_MS
    work_some(db, project, 2, [60])
    db.clock.advance(30 * DAY_MS)
    assert settle(db) == 1
    assert (approved(db, 1), approved(db, 2)) == (400_000, 200_000)
    assert db.value("SELECT MAX(start_ms) FROM topup_weeks") == end_ms


def test_a_budget_keeps_the_top_up_until_the_week_is_settled(db: Db) -> None:
    project = floored(db, 'budget = "10.00"\n', work_items=9)
    work_some(db, project, 1, [60, 60])
    db.clock.advance(8 * DAY_MS)
    settle(db)
    found = db.run(budgets.of, project)
    assert found is not None
    assert found.spent_micro == 800_000
    assert found.reserved_micro == db.run(budgets.reserved_now, project.id) == 800_000, "the item that is out"
