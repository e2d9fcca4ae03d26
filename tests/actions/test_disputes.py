"""Disputes: items whose answers do not decide wait for a ruling, which stands over any answer, and can be taken back."""

from __future__ import annotations

import json

import pytest

from actions import disputes, overview, project_quality, refusals, rulings
from actions.disputes import Dispute
from tests.actions.conftest import Db
from tests.actions.disputed import scene
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import work_through


def dispute(found: object) -> Dispute:
    """Give the dispute that an action gave, or fail with what came instead."""
    assert isinstance(found, Dispute), found
    return found


def test_an_item_that_nobody_decides_waits_in_the_queue_with_all_that_was_said(db: Db) -> None:
    made = scene(db)
    assert made.state() == "unsure"
    found = dispute(db.run(disputes.at, made.coordinator, made.project.id))
    assert (found.item.id, found.asked, found.place, found.of) == (1, ["correct"], 0, 1)
    assert [(side.verdict, side.count, side.reasons) for side in found.sides] == [
        ({"correct": "no"}, 2, (({"why": ["digit"]}, 2),)),
        ({"correct": "yes"}, 2, ()),
    ]
    shown = db.run(overview.of, made.coordinator, made.project.id)
    assert shown.disputes == 1
    of_quality = db.run(project_quality.of, made.coordinator, made.project.id)
    assert (shown.labels, shown.answers) == (of_quality.labels, of_quality.answers), "one count on both pages"
    assert (shown.labels.released, shown.labels.unsure, shown.labels.complete) == (0, 1, None)


def test_an_item_whose_answers_agree_is_none(db: Db) -> None:
    made = scene(db, votes=("o0", "o0"))
    assert db.run(disputes.at, made.coordinator, made.project.id) is None
    assert db.run(overview.of, made.coordinator, made.project.id).disputes == 0
    with pytest.raises(refusals.OutOfDate):
        db.run(disputes.see, made.coordinator, 1)


def test_a_ruling_becomes_the_label_and_no_answer_changes_it(db: Db) -> None:
    made = scene(db)
    found = dispute(db.run(disputes.rule, made.coordinator, 1, ["o1"]))
    assert found.ruling is not None
    assert (found.ruling.verdict, found.ruling.role) == ({"correct": "no"}, "coordinator")
    assert made.belief() == ("adjudicated", "no", 1_000_000)
    assert db.run(disputes.count, made.project.id) == 0
    assert db.value("SELECT settled_ms IS NOT NULL FROM items WHERE id = 1") == 1
    late, _ = made.join(60)
    db.connection.execute("INSERT INTO returned (project_id, item_id) VALUES (1, 1)")
    made.answer(late, card_of(made.next(late)), "o0")
    assert made.belief() == ("adjudicated", "no", 1_000_000)
    assert db.value("SELECT COUNT(*) FROM returned") == 0


def test_a_ruling_on_an_item_under_way_settles_it_and_asks_nobody_else(db: Db) -> None:
    made = scene(db, votes=("o0", "o1"))
    assert made.state() == "open"
    assert db.value("SELECT COUNT(*) FROM returned") == 1
    db.run(
        rulings.rule, made.project, 1, {"correct": "no"}, role="coordinator", person_id=made.coordinator_id
    )
    assert made.belief()[:2] == ("adjudicated", "no")
    assert db.value("SELECT settled_ms IS NOT NULL FROM items WHERE id = 1") == 1
    assert db.value("SELECT COUNT(*) FROM returned") == 0
    assert db.value("SELECT COUNT(*) FROM approvals_due") == 2, "what was answered is paid as ever"


def test_the_same_ruling_twice_is_one(db: Db) -> None:
    made = scene(db)
    for _ in range(2):
        db.run(disputes.rule, made.coordinator, 1, ["o1"])
    assert db.value("SELECT COUNT(*) FROM rulings") == 1
    db.run(disputes.rule, made.coordinator, 1, ["o0"])
    assert db.rows("SELECT answers, taken_back_ms IS NULL FROM rulings ORDER BY id") == [
        ('{"correct": "no"}', 0),
        ('{"correct": "yes"}', 1),
    ]
    assert made.belief()[:2] == ("adjudicated", "yes")


def test_a_ruling_that_is_taken_back_leaves_the_answers_to_themselves(db: Db) -> None:
    made = scene(db)
    before = made.belief()
    ruled = dispute(db.run(disputes.rule, made.coordinator, 1, ["o1"]))
    assert ruled.ruling is not None
    db.run(disputes.take_back, made.coordinator, ruled.ruling.id)
    assert made.belief() == before
    assert db.run(disputes.count, made.project.id) == 1
    with pytest.raises(refusals.OutOfDate):
        db.run(disputes.take_back, made.coordinator, ruled.ruling.id)


def test_the_words_behind_a_ruling_are_optional_and_bounded(db: Db) -> None:
    made = scene(db)
    ruled = dispute(db.run(disputes.rule, made.coordinator, 1, ["o1"]))
    assert ruled.ruling is not None
    db.run(disputes.begin_reason, made.coordinator, ruled.ruling.id)
    with pytest.raises(refusals.WordsOutOfBounds):
        db.run(disputes.type_reason, made.coordinator, "x")
    found = db.run(disputes.type_reason, made.coordinator, "A digit is lost in line two.")
    assert found.ruling is not None
    assert found.ruling.reason == "A digit is lost in line two."
    with pytest.raises(refusals.OutOfDate):
        db.run(disputes.type_reason, made.coordinator, "Once more")


@pytest.mark.parametrize("forged", [["o2"], ["v1"], ["o0", "o1"], [""], ["k0"]])
def test_forged_rulings_change_nothing(db: Db, forged: list[str]) -> None:
    made = scene(db)
    with pytest.raises(refusals.OutOfDate):
        db.run(disputes.rule, made.coordinator, 1, forged)
    assert made.state() == "unsure"


def test_only_who_looks_after_a_project_rules_on_it(db: Db) -> None:
    made = scene(db)
    other, _ = db.join(901, "coordinator")
    for visitor in (other, made.students[0]):
        with pytest.raises((refusals.NotYourProject, refusals.NotAllowed)):
            db.run(disputes.rule, visitor, 1, ["o1"])
        with pytest.raises((refusals.NotYourProject, refusals.NotAllowed)):
            db.run(disputes.at, visitor, made.project.id)


def test_the_queue_goes_on_behind_its_end_at_its_front(db: Db) -> None:
    made = scene(db, items=3)
    assert db.run(disputes.count, made.project.id) == 3
    seen = [
        dispute(db.run(disputes.at, made.coordinator, made.project.id, place)).item.id for place in range(4)
    ]
    assert sorted(seen[:3]) == [1, 2, 3]
    assert seen[3] == seen[0]
    db.run(disputes.rule, made.coordinator, seen[0], ["o0"])
    assert db.run(disputes.queues, made.coordinator)[0].open == 2
    ruled = db.run(disputes.ruled, made.coordinator, made.project.id)
    assert [json.loads(ruling.answers) for ruling, _item in ruled.rulings] == [{"correct": "yes"}]
    assert (ruled.by_coordinators, ruled.by_seniors) == (1, 0)


def test_an_excluded_answer_is_no_side_of_a_dispute(db: Db) -> None:
    made = scene(db)
    db.connection.execute("UPDATE judgments SET status = 'excluded' WHERE id = 1")
    found = dispute(db.run(disputes.at, made.coordinator, made.project.id))
    assert sum(side.count for side in found.sides) == 3


def test_gold_is_among_the_answers_but_not_among_those_that_an_item_has(db: Db) -> None:
    project, (boss, _person) = make(db, golds=4, work_items=6, gold_share=0.5), db.join(9, "admin")
    work_through(db, project, students=2, items=8)
    found = db.run(project_quality.of, boss, project.id).answers
    to_work, items = db.rows("SELECT COUNT(*), COUNT(DISTINCT item_id) FROM judgments WHERE use = 'work'")[0]
    assert 0 < to_work < found.counted
    assert found.an_item == to_work / items
