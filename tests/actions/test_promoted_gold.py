"""A settled item that becomes gold while answers to it are still under way, are taken back, or stop counting: nobody gets it as work again,
nobody is credited for having made it, and everybody is paid."""

from __future__ import annotations

import json

import pytest

from actions import judgments, outcomes, quality
from actions.people import Visitor
from actions.projects import Project
from actions.work import Card
from storage.tx import Tx
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start

OUT = "SELECT (SELECT COUNT(*) FROM returned WHERE item_id = :id) + (SELECT COUNT(*) FROM queue WHERE item_id = :id)"
BELIEVED = "SELECT state, label FROM beliefs WHERE item_id = :id"


@pytest.fixture
def project(db: Db) -> Project:
    return make(db, work_items=4)


def _promote(tx: Tx, item_id: int) -> None:
    gold = json.dumps({"correct": "yes"})
    assert tx.run("gold_items.promote", item_id=item_id, gold=gold) == 1


def settled(db: Db, project: Project) -> tuple[int, Visitor, Card]:
    """Let two students agree on an item, which becomes gold at once. Give it, the second student, and what lies open before them."""
    first, following = start(db, project, 1)
    item_id = db.value("SELECT item_id FROM assignments WHERE state = 'open'")
    judge(db, first, card_of(following), "o0")
    second, following = start(db, project, 2)
    card = card_of(judge(db, second, card_of(following), "o0"))
    assert db.rows(BELIEVED, id=item_id) == [("settled", "yes")]
    db.run(_promote, item_id)
    return item_id, second, card


def is_gold_alone(db: Db, item_id: int) -> bool:
    """Tell whether an item is settled, and nobody is asked about it as work."""
    kept = db.value("SELECT settled_ms FROM items WHERE id = :id", id=item_id) is not None
    return kept and db.value(OUT, id=item_id) == 0 and db.rows(BELIEVED, id=item_id) == [("settled", "yes")]


def test_answers_that_count_no_more_do_not_hand_it_out_again(db: Db, project: Project) -> None:
    item_id, _second, _card = settled(db, project)
    given = [row[0] for row in db.rows("SELECT id FROM judgments WHERE item_id = :id", id=item_id)]
    assert db.run(quality.set_status, given, "excluded", "a test", {}) == 2
    assert is_gold_alone(db, item_id)


def test_an_answer_that_is_undone_and_given_anew_is_paid_and_tells_nothing_of_its_student(
    db: Db, project: Project
) -> None:
    item_id, second, card = settled(db, project)
    undone = db.run(judgments.tap, second, card.token, card.step, "u")
    assert isinstance(undone, outcomes.Undone)
    assert is_gold_alone(db, item_id)
    judge(db, second, undone.card, "o1")
    assert is_gold_alone(db, item_id)
    given = db.rows(
        "SELECT j.use, j.correct, EXISTS (SELECT 1 FROM approvals_due AS a WHERE a.judgment_id = j.id) "
        "FROM judgments AS j WHERE j.item_id = :id AND j.undone_ms IS NULL",
        id=item_id,
    )
    assert given == [("work", None, 1)] * 2
    assert set(db.rows("SELECT gold_right, gold_wrong FROM qualifications")) == {(0, 0)}
