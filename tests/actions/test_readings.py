"""People in doubt are read between two refits: when that is due, what it stores, and whom it pauses."""

from __future__ import annotations

import pytest

from actions import projects, quality, refits
from actions.projects import Project
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.crowd import Crowd, refit
from tests.actions.projects_for_tests import make

CLICKER = 5


@pytest.fixture
def project(db: Db) -> Project:
    return make(db, golds=40, work_items=150, gold_share=0.3)


def read(db: Db) -> int:
    """Read who is due. Return how many people moved."""

    def do(tx: Tx) -> int:
        moved = 0
        for project_id in refits.to_read(tx):
            loaded = refits.load_answers(tx, project_id)
            serving = quality.serving(tx, projects.get(tx, project_id))
            moved += refits.take_in(tx, loaded, refits.read(loaded, serving))
        return moved

    return db.run(do)


def test_who_is_new_is_read_after_five_answers_and_nobody_before_the_first_fit(
    db: Db, project: Project
) -> None:
    crowd = Crowd(db, project, [0.9, 0.9, 0.9, 0.9])
    crowd.work(4, fits=False)
    assert db.run(refits.to_read) == []
    crowd.work(1)
    for turn in range(1, refits.READ_AFTER + 1):
        assert db.run(refits.to_read) == [], turn
        db.clock.advance(1_000)
        assert crowd.turn(0)
    assert db.run(refits.to_read) == [project.id]
    versions = db.value("SELECT version FROM fits")
    read(db)
    assert db.run(refits.to_read) == []
    assert db.value("SELECT version FROM fits") == versions, "no model was fitted"
    answers = db.rows("SELECT answers FROM readings ORDER BY person_id")
    assert answers[0] == (5 + refits.READ_AFTER,)


def test_who_is_trusted_waits_for_the_next_refit(db: Db, project: Project) -> None:
    crowd = Crowd(db, project, [0.95] * 4)
    crowd.work(refits.NEW_UNTIL + 2)
    db.run(quality.ask_refit, project.id)
    refit(db)
    for _ in range(2 * refits.READ_AFTER):
        db.clock.advance(1_000)
        crowd.turn(1)
    assert db.run(refits.to_read) == []
    db.connection.execute("UPDATE readings SET log_e_milli = -2999")
    assert db.run(refits.to_read) == [project.id], "there is doubt"
    db.connection.execute("UPDATE qualifications SET standing = 'paused'")
    assert db.run(refits.to_read) == [], "who is paused gives no answers to read"


def test_a_clicker_is_paused_without_a_refit(db: Db, project: Project) -> None:
    crowd = Crowd(db, project, [0.95] * CLICKER + [0.0])
    for _ in range(5):
        crowd.work(1, fits=False)
    refit(db)
    fitted = db.value("SELECT version FROM fits")
    moved = 0
    for _ in range(40):
        db.clock.advance(1_000)
        for student in range(CLICKER + 1):
            crowd.turn(student)
        moved += read(db)
    assert moved
    assert db.value("SELECT version FROM fits") == fitted
    standings = db.rows("SELECT standing FROM qualifications ORDER BY person_id")
    assert standings[CLICKER] == ("paused",)
    assert ("paused",) not in standings[:CLICKER]
    assert db.value("SELECT COUNT(*) FROM judgments WHERE status = 'held'") > 0
