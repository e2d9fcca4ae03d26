"""Quality in use: who gets which item, when an item has enough, and what a refit changes."""

from __future__ import annotations

import pytest

from actions import (
    choice,
    judgments,
    models,
    outcomes,
    qualifications,
    quality,
    refits,
    work,
)
from rules.quality.model import Model
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.crowd import Crowd, labels, live, refit
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start

HOUR_MS = 3_600_000


def test_a_crowd_labels_its_items_and_the_models_say_how_surely(db: Db) -> None:
    project = make(db, golds=24, work_items=60, gold_share=0.2)
    crowd = Crowd(db, project, [0.95, 0.9, 0.9, 0.85, 0.85, 0.8])
    crowd.work(60)
    found = labels(db)
    assert len(found) == 60
    right = sum(label == ("yes" if item % 2 == 0 else "no") for item, label in found.items())
    assert right >= 54
    assert live(db) < 60 * 4, "not every item gets the most that it may"
    told = db.rows("SELECT confidence, low, high FROM beliefs WHERE state = 'settled'")
    assert all(500_000 <= low <= confidence <= high <= 1_000_000 for confidence, low, high in told)
    fit = db.run(models.fit_of, project.id)
    assert fit is not None
    assert fit.version > 3
    assert db.value("SELECT golds FROM models WHERE question = 'correct'") > 10


def test_who_guesses_weighs_less_and_lets_others_go_first_while_they_are_there(db: Db) -> None:
    project = make(db, golds=24, work_items=40, gold_share=0.2)
    crowd = Crowd(db, project, [0.95, 0.95, 0.95, 0.95, 0.5])
    crowd.work(12)
    visitor, _ = crowd.people[4]
    person_id = db.value("SELECT MAX(person_id) FROM qualifications")
    reading = db.run(quality.of_person, project, person_id)
    assert reading is not None
    assert reading.worth < 0.8
    db.connection.execute("UPDATE qualifications SET standing = 'active'")
    following = db.run(work.go_on, visitor, project.id)
    if isinstance(following, work.Card):
        assert isinstance(db.run(judgments.tap, visitor, following.token, following.step, "s"), outcomes.Left)
        following = db.run(work.go_on, visitor, project.id)
    assert following == work.NothingNow(project, "waiting")
    db.clock.advance(2 * HOUR_MS)
    assert isinstance(db.run(work.go_on, visitor, project.id), work.Card), "nobody else is there any more"


def test_who_would_wait_works_while_there_is_more_than_the_others_can_do(db: Db) -> None:
    project = make(db, golds=24, work_items=40, gold_share=0.2)
    crowd = Crowd(db, project, [0.95, 0.95, 0.95, 0.95, 0.5])
    crowd.work(12)
    db.connection.execute("UPDATE qualifications SET standing = 'active'")
    visitor, _ = crowd.people[4]
    more = [f'{{"sum":"{number} + 2 = {number + 2}"}}' for number in range(200)]
    for number, fields in enumerate(more):
        db.connection.execute(
            "INSERT INTO items (project_id, external_id, use, fields, added_ms) VALUES (1, :id, 'work', :fields, 0)",
            {"id": f"more-{number}", "fields": fields},
        )
    db.connection.execute("INSERT INTO queue SELECT 1, id, 2 FROM items WHERE external_id LIKE 'more-%'")
    following = db.run(work.go_on, visitor, project.id)
    assert isinstance(following, work.Card)


def test_one_student_alone_never_waits_and_settles_nothing(db: Db) -> None:
    project = make(db, golds=10, work_items=30, gold_share=0.2)
    crowd = Crowd(db, project, [0.5])
    crowd.work(60)
    assert not isinstance(crowd.following[0], work.Card)
    assert live(db) == 30
    assert db.value("SELECT COUNT(*) FROM items WHERE settled_ms IS NOT NULL") == 0
    assert db.value("SELECT COUNT(*) FROM beliefs WHERE state <> 'open'") == 0
    assert db.value("SELECT standing FROM qualifications") in ("active", "watched", "paused")


def test_the_item_in_most_doubt_comes_first_and_a_fresh_one_last(db: Db) -> None:
    project = make(db, work_items=12)
    for item_id, urgency in ((4, 90), (7, 900_000), (2, 5_000)):
        db.connection.execute("DELETE FROM queue WHERE item_id = :id", {"id": item_id})
        db.connection.execute(
            "INSERT INTO returned (project_id, item_id, urgency) VALUES (1, :id, :urgency)",
            {"id": item_id, "urgency": urgency},
        )
    visitor, following = start(db, project, 3)
    met = []
    for _ in range(4):
        card = card_of(following)
        met.append(db.value("SELECT item_id FROM assignments WHERE token = :token", token=card.token))
        following = judge(db, visitor, card, "o0")
    assert met == [7, 2, 4, 1]


def test_an_item_that_was_answered_goes_before_one_that_was_not(db: Db) -> None:
    project = make(db, work_items=12)
    visitor, following = start(db, project, 1)
    first = db.value("SELECT item_id FROM assignments WHERE state = 'open'")
    judge(db, visitor, card_of(following), "o0")
    assert db.value("SELECT COUNT(*) FROM returned") == 2, "the second place of each of two items"
    start(db, project, 2)
    assert db.value("SELECT item_id FROM assignments WHERE person_id = 2") == first


def test_who_has_met_the_most_urgent_items_is_given_others(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "URGENT_AMONG", 2)
    project = make(db, work_items=8)
    visitor, following = start(db, project, 1)
    for _ in range(5):
        following = judge(db, visitor, card_of(following), "o0")
    seen = set()
    other, theirs = start(db, project, 2)
    for _ in range(6):
        card = card_of(theirs)
        seen.add(db.value("SELECT item_id FROM assignments WHERE token = :token", token=card.token))
        left = db.run(judgments.tap, other, card.token, card.step, "s")
        assert isinstance(left, outcomes.Left)
        theirs = left.next
    assert len(seen) == 6, "skipped slots come back to the front, and yet each time another item is found"


def test_only_items_that_a_person_may_get_are_looked_for(db: Db) -> None:
    project = make(db, golds=6, work_items=9, gold_share=0.5)
    visitor, person = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    allowed = {item for (item,) in db.rows("SELECT id FROM items WHERE id % 3 = 0")}
    offered: list[int] = []

    def take(tx: Tx) -> work.Next:
        standing = qualifications.of(tx, person.id, project.id)
        assert standing is not None

        def may(item_id: int) -> bool:
            offered.append(item_id)
            return item_id in allowed

        return work.next_for(tx, person, project, standing, asked=False, may=may)

    met = set()
    following = db.run(take)
    while isinstance(following, work.Card):
        met.add(db.value("SELECT item_id FROM assignments WHERE token = :token", token=following.token))
        db.connection.execute("UPDATE assignments SET state = 'judged'")
        following = db.run(take)
    works = {item for (item,) in db.rows("SELECT id FROM items WHERE use = 'work'")}
    assert works & allowed <= met <= allowed
    assert set(offered) - allowed, "others were asked about and passed over"
    assert db.value("SELECT exhausted_ms FROM qualifications") is None, "they may be allowed tomorrow"


def test_a_refit_is_due_after_twenty_answers_and_then_after_one_in_a_hundred(db: Db) -> None:
    project = make(db, work_items=60)
    crowd = Crowd(db, project, [1.0, 1.0])
    crowd.work(9, fits=False)
    assert db.run(refits.due) == []
    crowd.work(1, fits=False)
    assert db.run(refits.due) == [project.id]
    assert refit(db) == 1
    assert db.run(refits.due) == []
    crowd.work(9, fits=False)
    assert db.run(refits.due) == []
    db.connection.execute("UPDATE fits SET answers = 1900")
    crowd.work(1, fits=False)
    assert db.run(refits.due) == [project.id]
    db.connection.execute("UPDATE fits SET answers = 2100")
    assert db.run(refits.due) == [], "one in a hundred of 2,100 is 21"


def test_a_refit_that_is_cut_short_is_done_again(db: Db) -> None:
    project = make(db, work_items=40)
    Crowd(db, project, [0.9, 0.8, 0.7]).work(8, fits=False)
    loaded = db.run(refits.load, project.id)
    fitted = refits.fit(loaded)
    db.run(refits.install, loaded, fitted)
    assert db.run(refits.due) == [project.id]
    db.run(refits.finish, loaded)
    assert db.run(refits.due) == []


def test_a_rerun_gives_the_same_models_and_changes_nothing(db: Db) -> None:
    project = make(db, golds=20, work_items=40, gold_share=0.3)
    Crowd(db, project, [0.9, 0.8, 0.7, 0.9]).work(12)
    db.run(quality.ask_refit, project.id)
    refit(db)
    before = db.rows("SELECT question, name, body FROM models ORDER BY question")
    believed = db.rows("SELECT item_id, label, posterior, confidence, state FROM beliefs ORDER BY item_id")
    db.run(quality.ask_refit, project.id)
    refit(db)
    assert db.rows("SELECT question, name, body FROM models ORDER BY question") == before
    assert (
        db.rows("SELECT item_id, label, posterior, confidence, state FROM beliefs ORDER BY item_id")
        == believed
    )


def test_models_are_parsed_once_and_are_those_of_the_store(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make(db, golds=10, work_items=40, gold_share=0.2)
    crowd = Crowd(db, project, [0.9, 0.9, 0.9])
    crowd.work(8)
    parsed: list[str] = []
    original = models.parse

    def parse(body: str) -> tuple[tuple[str, ...], Model]:
        parsed.append(body)
        return original(body)

    monkeypatch.setattr(models, "parse", parse)
    models._parsed.clear()
    crowd.work(3, fits=False)
    assert len(parsed) == db.value("SELECT COUNT(*) FROM models"), "once for each model, however many taps"
    refit(db)
    db.run(quality.ask_refit, project.id)
    refit(db)
    crowd.work(1, fits=False)
    assert len(parsed) == 2 * db.value("SELECT COUNT(*) FROM models"), "a new fit is read anew"
