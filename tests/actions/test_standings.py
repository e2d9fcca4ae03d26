"""Standings: who is watched, paused and back again, what becomes of the answers meanwhile, and that a pause always has an end."""

from __future__ import annotations

import itertools
import json
import random

import pytest

from actions import (
    assignments,
    earnings,
    exports,
    judgments,
    qualifications,
    refits,
    standings,
    standings_managed,
    standings_told,
    work,
)
from actions.people import Visitor
from actions.projects import Project
from actions.standings_told import Paused
from actions.work import Card
from bot import verify
from rules import standing as rules
from rules.credit import DAY_MS
from rules.standing import Evidence
from tests.actions import projects_for_tests
from tests.actions.conftest import Db
from tests.actions.standings_for_tests import (
    NOW,
    at_work,
    coordinator,
    ids,
    look,
    paused,
    practise,
    read,
    statuses,
)
from tests.actions.working import judge, start


def test_every_move_is_made_by_whom_it_may_be_made() -> None:
    words = ("training", "exam", "active", "watched", "paused", "removed", "left")
    by_rule = {("active", "watched"), ("watched", "active"), ("active", "paused"), ("watched", "paused")}
    by_rule |= {("paused", "active")}
    for was, became in itertools.product(words, words):
        assert rules.may_move(was, became, by_person=False) == ((was, became) in by_rule), (was, became)
        if became == "removed":
            assert rules.may_move(was, became, by_person=True) == (was not in ("left", "removed"))
    assert rules.may_move("paused", "active", by_person=True)
    assert not rules.may_move("active", "watched", by_person=True), "nobody is watched by a whim"


@pytest.mark.parametrize(
    ("word", "way", "became"),
    [
        ("active", 0.49, "active"),
        ("active", 0.5, "watched"),
        ("active", 1.0, "paused"),
        ("watched", 1.0, "paused"),
        ("watched", 0.26, "watched"),
        ("watched", 0.24, "active"),
        ("watched", -3.0, "active"),
        ("paused", 0.0, "paused"),
        ("exam", 2.0, "exam"),
        ("left", 2.0, "left"),
        ("removed", 0.0, "removed"),
    ],
)
def test_the_way_of_the_evidence_decides(word: str, way: float, became: str) -> None:
    log_e = way * 4.605171
    assert rules.after_reading(word, Evidence(log_e, 0.01, way >= 1.0, 9, fresh=True)) == became
    assert rules.after_reading(word, Evidence(log_e, 0.01, way >= 1.0, 0, fresh=True)) == word, (
        "nothing compared"
    )


def test_what_is_past_pauses_nobody_again() -> None:
    assert rules.after_reading("active", Evidence(9.0, 0.01, stops=True, compared=9, fresh=False)) == "active"


def test_a_pause_holds_the_run_and_nothing_before_it_and_pay_stays(db: Db) -> None:
    project, visitor, person_id = at_work(db)
    before = db.rows("SELECT * FROM entries")
    read(db, project, person_id)
    assert look(db, project) == 1
    assert statuses(db, person_id) == ["counted"] * 2 + ["held"] * 4
    assert db.rows("SELECT * FROM entries") == before, "a pause touches no money"
    change = db.rows("SELECT was, became, rule, by_person FROM standing_changes")
    assert change == [("active", "paused", "check", None)]
    assert (
        db.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'standing:%' AND key NOT LIKE '%staff%'")
        == 1
    )
    assert look(db, project) == 0, "once is enough"
    lines = db.run(earnings.lines, visitor).lines
    assert [line.status for line in lines] == ["held"] * 4 + ["counted"] * 2, (
        "each line says whether it counts"
    )
    assert {line.state for line in lines} == {"pending"}
    assert verify.verify(db.path).findings == []


def test_somebody_watched_is_told_nothing_and_recovers(db: Db) -> None:
    project, visitor, person_id = at_work(db)
    read(db, project, person_id, log_e=2.5)
    assert look(db, project) == 1
    assert db.value(NOW, person=person_id) == "watched"
    assert statuses(db, person_id) == ["counted"] * 6
    assert db.value("SELECT COUNT(*) FROM deliveries") == 0
    assert isinstance(db.run(work.go_on, visitor, project.id), Card)
    read(db, project, person_id, log_e=0.4)
    look(db, project)
    assert db.value(NOW, person=person_id) == "active"


def test_the_paused_student_reads_why_until_when_and_what_ends_it(db: Db) -> None:
    project, visitor, _person_id = paused(db, training=6)
    told = db.run(work.go_on, visitor, project.id)
    open_card = told if isinstance(told, Card) else None
    assert open_card is not None, "the card that lay open can still be answered"
    told = judge(db, visitor, open_card, "o0")
    assert isinstance(told, Paused)
    assert (told.agreed, told.compared, told.held) == (3, 9, 4)
    assert (told.practice, told.needed, told.must_pass) == (6, 3, False)
    assert told.ends_ms - db.clock.now_ms <= 3 * DAY_MS
    assert told.asked.can_ask


def test_practice_done_well_brings_back_the_student_and_the_answers(db: Db) -> None:
    project, visitor, person_id = paused(db, training=6)
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    paid = db.value("SELECT SUM(amount_micro) FROM judgments")
    last = practise(db, visitor, project, ["o0"] * 6)
    assert last.ended is not None
    assert (last.ended.right, last.ended.is_back, last.ended.counts, last.ended.held) == (6, True, True, 4)
    assert (last.place, last.of, last.explanation) == (6, 6, "Because it is.")
    assert db.value(NOW, person=person_id) == "active"
    assert statuses(db, person_id) == ["counted"] * 7
    assert db.value("SELECT SUM(amount_micro) FROM judgments") > paid, "practice is paid"
    assert isinstance(db.run(work.go_on, visitor, project.id), Card)
    assert db.value("SELECT after_id FROM readings") == db.value("SELECT MAX(id) FROM judgments")
    assert verify.verify(db.path).findings == []


def test_a_first_practice_brings_back_whatever_its_answers(db: Db) -> None:
    project, visitor, person_id = paused(db, training=6)
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    last = practise(db, visitor, project, ["o1"] * 4 + ["o0"] * 2)
    assert last.ended is not None
    assert (last.ended.right, last.ended.is_back, last.ended.counts) == (2, True, False)
    assert statuses(db, person_id) == ["counted"] * 2 + ["excluded"] * 4 + ["counted"]
    assert db.value("SELECT answers FROM pauses") == "excluded"


def again(db: Db, visitor: Visitor, project: Project, person_id: int) -> None:
    """Have somebody who came back answer some more, badly."""
    first = len(ids(db, person_id))
    following = db.run(work.go_on, visitor, project.id)
    for _ in range(3):
        assert isinstance(following, Card)
        following = judge(db, visitor, following, "o0")
    read(db, project, person_id, since=first)
    assert look(db, project) == 1


def test_a_second_practice_must_be_passed_and_a_person_is_told(db: Db) -> None:
    project, visitor, person_id = paused(db, answers=4, training=6)
    coordinator(db, project)
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    practise(db, visitor, project, ["o0"] * 6)
    again(db, visitor, project, person_id)
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    told = db.run(work.go_on, visitor, project.id)
    assert isinstance(told, Paused)
    assert told.must_pass
    assert told.ends_ms - db.clock.now_ms > 3 * DAY_MS
    assert db.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'standing:%:staff:%'") == 1
    last = practise(db, visitor, project, ["o1"] * 6)
    assert last.ended is not None
    assert not last.ended.is_back
    told = db.run(work.go_on, visitor, project.id)
    assert isinstance(told, Paused)
    assert (told.practice_left, told.right) == (0, 0)
    assert isinstance(db.run(work.begin_stage, visitor, project.id), Paused), "there is one practice a pause"


def test_a_pause_that_a_person_lifted_is_no_strike(db: Db) -> None:
    project, visitor, person_id = paused(db, answers=4, training=6)
    boss, _boss_id = coordinator(db, project)
    assert db.run(standings_managed.bring_back, boss, project.id, person_id).standing == "active"
    assert statuses(db, person_id) == ["counted"] * 4
    again(db, visitor, project, person_id)
    assert db.rows("SELECT number, strikes, must_pass FROM pauses ORDER BY id") == [(1, 1, 0), (2, 1, 0)]


def test_without_items_for_practice_it_ends_by_itself_within_three_days(db: Db) -> None:
    project, visitor, person_id = paused(db, training=2)
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    told = db.run(work.begin_stage, visitor, project.id)
    assert isinstance(told, Paused)
    assert told.practice == 0
    db.clock.advance(3 * DAY_MS - 1_000_000)
    assert db.run(standings.end_due) == 0
    db.clock.advance(1_000_000)
    assert db.run(standings.end_due) == 1
    assert db.run(standings.end_due) == 0
    assert db.value(NOW, person=person_id) == "active"
    assert statuses(db, person_id)[2:6] == ["excluded"] * 4
    back = db.run(standings_told.told, db.value("SELECT MAX(id) FROM standing_changes"), person_id)
    assert isinstance(back, standings_told.Back)
    assert (back.rule, back.answers, back.asked.can_ask) == ("time", "excluded", True)


def test_clear_items_of_others_serve_as_practice(db: Db) -> None:
    project, visitor, person_id = at_work(db, answers=3)
    others = db.rows(
        "SELECT id FROM items WHERE use = 'work' AND id NOT IN (SELECT item_id FROM assignments) ORDER BY id LIMIT 4"
    )
    for place, (item_id,) in enumerate(others):
        label = "yes" if place % 2 else "no"
        db.connection.execute(
            "INSERT INTO beliefs (project_id, item_id, question, label, posterior, confidence, low, high, given, urgency, state, "
            "model_version, changed_ms) VALUES (?, ?, 'correct', ?, '{}', 980000, 900000, 990000, 5, 0, 'settled', 1, 0)",
            (project.id, item_id, label),
        )
    read(db, project, person_id, since=1)
    assert look(db, project) == 1
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    told = db.run(work.go_on, visitor, project.id)
    assert isinstance(told, Paused)
    assert told.practice == 4
    last = practise(db, visitor, project, ["o0"] * 4)
    assert last.exercise is not None
    assert (last.exercise.given, last.exercise.confidence) == (5, 980_000)
    assert last.ended is not None
    assert last.ended.right == 2, "whoever taps the same each time is right half of the time"
    kinds = db.rows("SELECT use, COUNT(*) FROM judgments WHERE person_id = :p GROUP BY use", p=person_id)
    assert kinds == [("training", 4), ("work", 4)]
    assert verify.verify(db.path).findings == []


def test_practice_on_an_item_that_others_settled_is_no_answer_to_it(db: Db) -> None:
    project, visitor, person_id = at_work(db, answers=3)
    item_id = db.value("SELECT MAX(id) FROM items")
    db.connection.execute("DELETE FROM queue WHERE item_id = ?", (item_id,))
    read(db, project, person_id, since=1)
    assert look(db, project) == 1
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    db.connection.execute(
        "INSERT INTO practice_items (pause_id, place, item_id, gold, given, confidence) VALUES (1, 1, ?, ?, 5, 980000)",
        (item_id, '{"correct": "yes"}'),
    )
    card = db.run(work.begin_stage, visitor, project.id)
    assert isinstance(card, Card)
    assert db.run(assignments.slots_out, project.id, item_id) == 0, "nobody is asked for an answer with it"
    db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert db.value("SELECT use FROM judgments WHERE item_id = :id", id=item_id) == "training"
    exported = db.run(exports.page, project, True)
    assert f"work-{item_id - 1}" not in {one.external_id for one in exported.items}


def test_an_item_of_a_practice_whose_time_ran_out_comes_again(db: Db) -> None:
    project, visitor, _person_id = paused(db, training=3)
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    first = db.run(work.begin_stage, visitor, project.id)
    assert isinstance(first, Card)
    assert (first.stage, first.place, first.of) == ("practice", 1, 3)
    db.connection.execute("UPDATE assignments SET state = 'expired' WHERE token = ?", (first.token,))
    again_card = db.run(work.begin_stage, visitor, project.id)
    assert isinstance(again_card, Card)
    assert again_card.token == first.token


def test_a_reading_from_before_the_return_pauses_nobody(db: Db) -> None:
    project, _visitor, person_id = paused(db, training=6)
    boss, _boss_id = coordinator(db, project)
    db.run(standings_managed.bring_back, boss, project.id, person_id)
    read(db, project, person_id, since=2)
    assert look(db, project) == 0
    assert db.value(NOW, person=person_id) == "active"


def test_who_left_while_paused_comes_back_to_work_after_the_end(db: Db) -> None:
    project, visitor, person_id = paused(db)
    db.run(qualifications.leave, visitor, project.id)
    db.clock.advance(4 * DAY_MS)
    assert db.run(standings.end_due) == 1
    assert db.value(NOW, person=person_id) == "left"
    assert db.run(qualifications.join, visitor, project.id).standing == "active"


def test_what_a_student_is_told_of_their_answers_tells_no_gold(db: Db) -> None:
    project, visitor, person_id = at_work(db)
    read(db, project, person_id, log_e=0.5, compared=12)
    assert db.run(standings_told.checked, visitor, project.id).in_ten is None, "too few to say"
    db.connection.execute("UPDATE readings SET golds = 3, golds_right = 3, peers = 30, peers_agreed = 27")
    told = db.run(standings_told.checked, visitor, project.id)
    assert (told.in_ten, told.counted, told.held, told.excluded) == (9, 6, 0, 0)
    read(db, project, person_id, log_e=2.5)
    look(db, project)
    assert db.run(standings_told.own, person_id) == [], "being watched is nobody's news"
    read(db, project, person_id)
    look(db, project)
    own = db.run(standings_told.own, person_id)
    assert [(row["was"], row["became"]) for row in own] == [("active", "paused")]
    assert "gold" not in json.dumps(own)


def test_kinds_take_turns_in_a_practice() -> None:
    assert rules.mixed(["a", "a", "a", "b", "a", "b"], 4) == [0, 1, 3, 5]
    assert rules.mixed(["a"] * 9, 6) == list(range(6))
    assert rules.mixed([], 6) == []


def test_a_refit_pauses_the_careless_and_nobody_careful(db: Db) -> None:
    project = projects_for_tests.make(db, golds=60, work_items=160, gold_share=0.5)
    db.connection.execute("""UPDATE items SET gold = '{"correct":"no"}' WHERE use = 'gold' AND id % 2 = 0""")
    people_at_work = [start(db, project, 100 + number) for number in range(5)]
    chance = random.Random(7)
    for _ in range(70):
        for number, (visitor, following) in enumerate(people_at_work):
            card = following if isinstance(following, Card) else db.run(work.begin_set, visitor, project.id)
            assert isinstance(card, Card), card
            item_id = db.value("SELECT item_id FROM assignments WHERE token = :token", token=card.token)
            # The last one taps without a look.
            is_even = chance.random() < 0.5 if number == 4 else item_id % 2 == 0
            people_at_work[number] = (visitor, judge(db, visitor, card, "o1" if is_even else "o0"))
    loaded = db.run(refits.load, project.id)
    fitted = refits.fit(loaded)
    db.run(refits.install, loaded, fitted)
    db.run(refits.finish, loaded)
    found = [row[0] for row in db.rows("SELECT standing FROM qualifications ORDER BY person_id")]
    assert found == ["active"] * 4 + ["paused"]
    since_id = json.loads(db.value("SELECT figures FROM standing_changes"))["since_id"]
    held = db.rows("SELECT MIN(id), COUNT(*) FROM judgments WHERE status = 'held'")[0]
    assert held[0] == since_id
    assert held[1] > 10
