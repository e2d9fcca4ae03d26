"""Pre-validation in the tap: what is held, why, for how long, and that it stays paid."""

from __future__ import annotations

import json

import pytest

from actions import items, judgments, models, prevalidation, quality, work
from actions.people import Visitor
from actions.projects import Project
from actions.work import Card, Next, SetEnded
from rules.item_file import Item
from rules.quality import signals
from rules.quality.signals import Seen, Verdict
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make
from tests.actions.working import judge, start

LONG = " ".join(["word"] * 400)
DAY_MS = 24 * 3_600_000


def long_project(db: Db, work_items: int = 60) -> Project:
    project = make(db, work_items=0)
    batch = [
        Item(f"long-{number}", "work", json.dumps({"sum": LONG}), None, None) for number in range(work_items)
    ]
    db.run(items.import_batch, project.id, batch)
    return project


def answers(db: Db, visitor: Visitor, card: Next, count: int, operation: str, seconds: int) -> Next:
    for _ in range(count):
        if isinstance(card, SetEnded):
            card = db.run(work.begin_set, visitor, card.project.id)
        assert isinstance(card, Card), card
        card = judge(db, visitor, card, operation, seconds)
    return card


def statuses(db: Db) -> list[str]:
    return [row[0] for row in db.rows("SELECT status FROM judgments ORDER BY id")]


def test_one_button_on_texts_nobody_could_have_read_is_held_and_stays_paid(db: Db) -> None:
    project = long_project(db)
    visitor, card = start(db, project, 7)
    answers(db, visitor, card, 40, "o0", 2)
    found = statuses(db)
    first = found.index("held")
    assert first >= signals.LEAST_BUTTONS - 1, "one signal alone holds nothing"
    assert found[first : first + signals.HELD_AT_ONCE] == ["held"] * signals.HELD_AT_ONCE
    assert set(found[first + signals.HELD_AT_ONCE :]) == {"counted"}, "what goes on must go on to show"
    assert db.rows("SELECT COUNT(*) FROM judgments WHERE amount_micro = 0") == [(0,)]
    held = db.rows("SELECT id FROM judgments WHERE status = 'held' ORDER BY id")[0][0]
    (why,) = db.run(quality.validations_of, held)
    assert (why.status, why.rule, why.version, why.decided_by) == (
        "held",
        "signals:haste+buttons",
        signals.VERSION,
        None,
    )
    figures = json.loads(why.figures)
    assert figures["haste"] == {"floor_ms": 80_000, "spent_ms": 2_000, "usual_ms": 30_000, "words": 400}
    assert figures["buttons"]["pressed"] == figures["buttons"]["of"] >= signals.LEAST_BUTTONS


def test_neither_haste_nor_one_button_alone_holds_anything(db: Db) -> None:
    project = long_project(db)
    ada, card = start(db, project, 7)
    answers(db, ada, card, 30, "o0", 12)
    bob, card = start(db, project, 8)
    for place in range(30):
        card = answers(db, bob, card, 1, ("o0", "o1")[place % 2], 2)
    assert set(statuses(db)) == {"counted"}
    assert db.rows("SELECT COUNT(*) FROM validations") == [(0,)]


def test_who_answers_one_text_now_so_now_so_gives_a_sign_of_it(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Seen] = []
    original = signals.weigh

    def weigh(found: Seen) -> Verdict:
        seen.append(found)
        return original(found)

    monkeypatch.setattr(signals, "weigh", weigh)
    project = long_project(db)
    bob, card = start(db, project, 8)
    for place in range(12):
        card = answers(db, bob, card, 1, "o1" if place else "o0", 2)
    assert (seen[-1].repeats, seen[-1].repeats_alike) == (11, 0), (
        "the same text comes under one id after the other"
    )
    assert original(seen[-1]).rule == "haste+repeats"


def test_a_held_answer_does_not_count_and_its_item_asks_for_another(db: Db) -> None:
    project = long_project(db)
    visitor, card = start(db, project, 7)
    answers(db, visitor, card, 30, "o0", 2)
    item = db.rows("SELECT item_id FROM judgments WHERE status = 'held' ORDER BY id")[0][0]
    assert db.run(quality.beliefs_of, item) == []
    (told,) = db.run(quality.beliefs_of, db.rows("SELECT item_id FROM judgments ORDER BY id")[0][0])
    assert told.given == 1


def held_project(db: Db) -> tuple[Project, int]:
    project = long_project(db)
    visitor, card = start(db, project, 7)
    answers(db, visitor, card, 30, "o0", 2)
    return project, db.rows("SELECT person_id FROM judgments")[0][0]


def read(db: Db, project: Project, person_id: int, log_e_milli: int, stops: int = 0) -> None:
    """Have a fit see a person just now."""
    db.clock.advance(60_000)
    db.connection.execute(
        "INSERT INTO readings (project_id, person_id, log_e_milli, golds_right, golds, peers_agreed, peers, stops, alpha_micro,"
        " answers, worth_milli, waits, read_ms) VALUES (?, ?, ?, 0, 0, 0, 0, ?, 0, 0, 1000, 0, 0)"
        " ON CONFLICT (project_id, person_id) DO UPDATE SET log_e_milli = excluded.log_e_milli, stops = excluded.stops",
        (project.id, person_id, log_e_milli, stops),
    )
    db.connection.execute(
        "INSERT INTO fits (project_id, version, name, answers, through_id, fitted_ms) VALUES (?, 0, '', 0, 0, ?)"
        " ON CONFLICT (project_id) DO UPDATE SET fitted_ms = excluded.fitted_ms",
        (project.id, db.clock.now_ms),
    )
    assert db.run(models.fit_of, project.id) is not None


def test_it_counts_once_a_fit_finds_nothing_against_the_person(db: Db) -> None:
    project, person = held_project(db)
    assert db.run(prevalidation.decide_due) == 0, "no fit has looked yet"
    read(db, project, person, 1_000)
    assert db.run(prevalidation.decide_due) == 0
    read(db, project, person, 0)
    assert db.run(prevalidation.decide_due) == signals.HELD_AT_ONCE
    assert set(statuses(db)) == {"counted"}
    assert db.run(prevalidation.decide_due) == 0
    newest = db.rows("SELECT rule, decided_by FROM validations ORDER BY id DESC LIMIT 1")
    assert newest == [("signals-decided", None)]


def test_it_counts_after_a_week_unless_the_person_is_paused_or_about_to_be(db: Db) -> None:
    project, person = held_project(db)
    read(db, project, person, 9_000, stops=1)
    db.clock.advance(8 * DAY_MS)
    assert db.run(prevalidation.decide_due) == 0
    read(db, project, person, 9_000)
    db.connection.execute("UPDATE qualifications SET standing = 'paused'")
    assert db.run(prevalidation.decide_due) == 0
    db.connection.execute("UPDATE qualifications SET standing = 'active'")
    assert db.run(prevalidation.decide_due) == signals.HELD_AT_ONCE


def test_it_is_excluded_only_with_a_person_whom_a_human_removed(db: Db) -> None:
    _project, _person = held_project(db)
    db.connection.execute("UPDATE qualifications SET standing = 'removed'")
    assert db.run(prevalidation.decide_due) == signals.HELD_AT_ONCE
    assert statuses(db).count("excluded") == signals.HELD_AT_ONCE
    assert db.rows("SELECT COUNT(*) FROM judgments WHERE amount_micro = 0") == [(0,)]


def test_what_another_rule_holds_is_left_alone(db: Db) -> None:
    project, person = held_project(db)
    held = [row[0] for row in db.rows("SELECT id FROM judgments WHERE status = 'held' ORDER BY id")]
    db.run(quality.set_status, held[:3], "counted", "test", {})
    db.run(quality.set_status, held[:3], "held", "standing", {})
    read(db, project, person, 0)
    assert db.run(prevalidation.decide_due) == signals.HELD_AT_ONCE - 3
    assert statuses(db).count("held") == 3


def test_a_held_answer_can_be_undone(db: Db) -> None:
    project = long_project(db)
    visitor, card = start(db, project, 7)
    while "held" not in statuses(db):
        card = answers(db, visitor, card, 1, "o0", 2)
    assert isinstance(card, Card)
    db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert db.rows("SELECT COUNT(*) FROM judgments WHERE status = 'held' AND undone_ms IS NULL") == [(0,)]
