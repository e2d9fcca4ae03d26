"""What an item is shown with is what its judgment is paid by: scheme, own rate, unpaid stages; later changes touch later items."""

from __future__ import annotations

from typing import Any

from actions import projects, qualifications, work
from rules.audience import Profile
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge, start

HOURLY = 'rate_per_hour = "24.00"\n'


def paid_by(db: Db, pay: str, **counts: Any) -> projects.Project:
    project = make(db, **counts)
    stages = {stage: counts.get(stage, 0) for stage in ("training", "exam")}
    text = TOML.format(**stages, gold_share=counts.get("gold_share", 0.0)).replace(HOURLY, pay)
    db.run(projects.create_or_update, None, text)
    return db.run(projects.get, project.id)


def shown_and_paid(db: Db) -> list[tuple[Any, ...]]:
    return db.rows(
        "SELECT a.use, a.scheme, a.rate_micro, a.piece_micro, j.credited_ms, j.amount_micro FROM judgments AS j "
        "JOIN assignments AS a ON a.token = j.token WHERE a.scheme = j.scheme AND a.piece_micro = j.piece_micro ORDER BY j.id"
    )


def test_by_the_item_the_time_changes_nothing_and_is_credited_all_the_same(db: Db) -> None:
    project = paid_by(db, 'scheme = "item"\nrate_per_item = "0.40"\n')
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0", 5)
    judge(db, visitor, card_of(following), "o0", 500)
    assert shown_and_paid(db) == [
        ("work", "item", 0, 400_000, 5_000, 400_000),
        ("work", "item", 0, 400_000, 120_000, 400_000),
    ]


def test_a_degree_brings_its_own_rate_and_gold_pays_it_too(db: Db) -> None:
    pay = HOURLY + 'rates = { master = "36.00" }\n'
    project = paid_by(db, pay, golds=9, work_items=20, gold_share=0.5)
    for number, degree in ((1, "bachelor"), (2, "master")):
        visitor, _ = db.join(number, profile=Profile(degree, "maths", ("en",), "Europe/Kyiv"))
        db.run(qualifications.join, visitor, project.id)
        following = db.run(work.begin_stage, visitor, project.id)
        for _ in range(8):
            following = judge(db, visitor, card_of(following), "o0", 10)
    rates = set(db.rows("SELECT person_id, rate_micro FROM assignments"))
    assert rates == {(1, 24_000_000), (2, 36_000_000)}
    assert {row[0] for row in shown_and_paid(db)} == {"work", "gold"}


def test_a_changed_rate_touches_later_items_only(db: Db) -> None:
    project = paid_by(db, HOURLY)
    visitor, following = start(db, project, 1)
    paid_by_now = TOML.format(training=0, exam=0, gold_share=0.0).replace("24.00", "36.00")
    db.run(projects.create_or_update, None, paid_by_now)
    following = judge(db, visitor, card_of(following), "o0", 30)
    judge(db, visitor, card_of(following), "o0", 30)
    assert [row[5] for row in shown_and_paid(db)] == [200_000, 300_000], (
        "the first one was shown at the old rate"
    )


def test_what_is_not_paid_is_credited_in_time_alone_and_work_is_paid(db: Db) -> None:
    project = paid_by(db, HOURLY + "training_paid = false\nexam_paid = false\n", training=1, exam=1)
    visitor, following = start(db, project, 1)
    for _ in range(3):
        following = judge(db, visitor, card_of(following), "o0", 30)
    assert [(row[0], row[4], row[5]) for row in shown_and_paid(db)] == [
        ("training", 30_000, 0),
        ("exam", 30_000, 0),
        ("work", 30_000, 200_000),
    ]
    assert db.rows("SELECT account, amount FROM balances WHERE account LIKE '%pending' ORDER BY asset") == [
        ("student:1:pending", 90_000),
        ("student:1:pending", 200_000),
    ]
