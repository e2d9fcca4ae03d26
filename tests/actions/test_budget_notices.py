"""What those who look after a project are told of its budget."""

from __future__ import annotations

from typing import Any

from actions import budgets, deliveries, projects, qualifications, work
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge

ITEM_MICRO = 800_000
"""What an item costs at most: two minutes at 24.00 an hour."""


def limited(db: Db, budget: str) -> Project:
    project = make(db)
    _, person = db.join(50, "coordinator")
    text = project.definition.replace('"budget":null', f'"budget":"{budget}"')
    sql = "UPDATE projects SET owner_id = :id, definition = :text"
    db.connection.execute(sql, {"id": person.id, "text": text})
    return db.run(projects.get, project.id)


def notices(db: Db) -> list[dict[str, Any]]:
    rows = db.rows("SELECT payload FROM deliveries WHERE key LIKE 'budget:%' ORDER BY id")
    return [db.vault.open(deliveries.PURPOSE, payload) for (payload,) in rows]


def begin(db: Db, project: Project) -> tuple[Any, work.Card]:
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    return visitor, card_of(db.run(work.begin_stage, visitor, project.id))


def test_a_warning_comes_once_a_budget(db: Db) -> None:
    project = limited(db, "1.00")
    assert db.run(budgets.warn_due) == 0
    begin(db, project)
    assert db.run(budgets.warn_due) == 1
    assert db.run(budgets.warn_due) == 0
    assert notices(db) == [
        {
            "kind": "budget",
            "event": "warning",
            "project_id": project.id,
            "most_micro": ITEM_MICRO,
            "budget_micro": 1_000_000,
            "spent_micro": 0,
            "reserved_micro": ITEM_MICRO,
        }
    ]
    text = project.definition.replace('"budget":"1.00"', '"budget":"0.90"')
    db.connection.execute("UPDATE projects SET definition = :text", {"text": text})
    assert db.run(budgets.warn_due) == 1, "another budget is another warning"


def test_less_than_four_fifths_is_no_news(db: Db) -> None:
    begin(db, limited(db, "1.01"))
    assert db.run(budgets.warn_due) == 0


def test_without_a_budget_there_is_nothing_to_tell(db: Db) -> None:
    begin(db, make(db))
    assert db.run(budgets.warn_due) == 0


def test_a_project_that_pauses_itself_says_what_is_left_and_what_an_item_may_cost(db: Db) -> None:
    project = limited(db, "1.00")
    visitor, card = begin(db, project)
    following = judge(db, visitor, card, "o0", 90)
    assert isinstance(following, work.NothingNow)
    assert following.project.state == "paused"
    assert notices(db) == [
        {
            "kind": "budget",
            "event": "reached",
            "project_id": project.id,
            "most_micro": ITEM_MICRO,
            "budget_micro": 1_000_000,
            "spent_micro": 600_000,
            "reserved_micro": 0,
        }
    ]
    assert isinstance(db.run(work.go_on, visitor, project.id), work.NothingNow)
    assert len(notices(db)) == 1
