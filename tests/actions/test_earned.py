"""The sums of today and of this week, as every card shows them: kept by quarters of an hour, and never other than the judgments say."""

from __future__ import annotations

import pytest

from actions import judgments, outcomes, people, work
from actions.people import Visitor
from rules import calendar
from rules.audience import Profile
from rules.credit import DAY_MS, HOUR_MS, MINUTE_MS
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start, work_through


def of_judgments(db: Db, since_ms: int = 0) -> list[tuple[int, str, int, int]]:
    return db.rows(
        "SELECT person_id, currency, SUM(credited_ms), SUM(amount_micro) FROM judgments "
        "WHERE undone_ms IS NULL AND answered_ms >= :since_ms GROUP BY 1, 2 ORDER BY 1, 2",
        since_ms=since_ms,
    )


def of_cards(db: Db, since_ms: int = 0) -> list[tuple[int, str, int, int]]:
    return db.rows(
        "SELECT person_id, currency, SUM(credited_ms), SUM(amount_micro) FROM earned "
        "WHERE quarter_ms >= :since_ms GROUP BY 1, 2 ORDER BY 1, 2",
        since_ms=since_ms,
    )


def shown(db: Db, visitor: Visitor) -> int:
    return card_of(db.run(work.go_on, visitor)).today_micro


def test_the_sums_are_those_of_the_judgments(db: Db) -> None:
    work_through(db, make(db, training=1, exam=1, golds=3, work_items=30, gold_share=0.3), students=4)
    assert of_cards(db) == of_judgments(db)
    assert len(of_cards(db)) == 4


def test_an_undone_answer_is_taken_out_of_the_quarter_it_fell_in(db: Db) -> None:
    visitor, following = start(db, make(db), 1)
    card = card_of(judge(db, visitor, card_of(following), "o0", seconds=100))
    earned = shown(db, visitor)
    assert earned > 0
    db.clock.advance(5 * MINUTE_MS)
    undone = db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert isinstance(undone, outcomes.Undone)
    assert shown(db, visitor) == 0
    db.clock.advance(5 * MINUTE_MS)
    judge(db, visitor, undone.card, "o0")
    assert of_cards(db) == of_judgments(db)


@pytest.mark.parametrize(
    "zone", ["Europe/Kyiv", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "UTC"]
)
def test_today_begins_at_midnight_where_the_student_lives(db: Db, zone: str) -> None:
    visitor, _ = start(db, make(db), 1)
    with db.tx() as tx:
        person = people.require(tx, visitor)
        sealed = people.seal_profile(tx, Profile("bachelor", "maths", ("en",), zone))
        tx.run("people.set_profile", id=person.id, profile=sealed, state="ready")
    midnight = calendar.day_start_ms(db.clock.now_ms + DAY_MS + HOUR_MS, zone)
    db.clock.now_ms = midnight - 90_000
    card = card_of(db.run(work.go_on, visitor))
    judge(db, visitor, card, "o0", seconds=60)
    assert shown(db, visitor) > 0, "half a minute before midnight it is still today"
    db.clock.now_ms = midnight
    assert shown(db, visitor) == 0
    judge(db, visitor, card_of(db.run(work.go_on, visitor)), "o0", seconds=30)
    assert shown(db, visitor) == of_judgments(db, midnight)[0][3] == of_cards(db, midnight)[0][3]
