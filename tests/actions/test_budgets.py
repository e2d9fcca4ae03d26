"""A project's budget: what is out is set aside at its most, whatever students do, and the project pauses itself before it is overspent."""

from __future__ import annotations

import random

import pytest

from actions import assignments, budgets, judgments, outcomes, projects, qualifications, work
from actions.people import Visitor
from actions.work import Card, NothingNow
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge, start

MOST = 800_000
"""Two minutes at 24.00 an hour."""


def with_budget(db: Db, budget: str, pay: str = "", **counts: int) -> projects.Project:
    project = make(db, **counts)
    text = TOML.format(training=counts.get("training", 0), exam=counts.get("exam", 0), gold_share=0.0)
    text = text.replace('rate_per_hour = "24.00"\n', pay or 'rate_per_hour = "24.00"\n')
    text = text.replace("[qualification]", f'budget = "{budget}"\n[qualification]')
    db.run(projects.create_or_update, None, text)
    return db.run(projects.get, project.id)


def figures(db: Db, project: projects.Project) -> tuple[int, int]:
    found = db.run(budgets.of, project)
    assert found is not None
    assert found.reserved_micro == db.run(budgets.reserved_now, project.id)
    assert found.left_micro == found.budget_micro - found.spent_micro - found.reserved_micro
    assert found.left_micro >= 0, "never overspent, not even by what is out"
    return found.spent_micro, found.reserved_micro


def test_without_a_budget_nothing_is_kept(db: Db) -> None:
    project = make(db)
    visitor, following = start(db, project, 1)
    judge(db, visitor, card_of(following), "o0")
    assert db.run(budgets.of, project) is None
    assert db.run(budgets.left, project) is None
    assert db.value("SELECT COUNT(*) FROM budgets") == 0


def test_an_item_is_set_aside_at_its_most_and_spent_at_what_it_took(db: Db) -> None:
    project = with_budget(db, "10.00")
    visitor, following = start(db, project, 1)
    assert figures(db, project) == (0, MOST)
    judge(db, visitor, card_of(following), "o0", 30)
    assert figures(db, project) == (200_000, MOST), "paid for thirty seconds, and the next one is out"
    assert db.run(budgets.left, project) == 9_000_000


def test_a_project_pauses_itself_before_it_is_overspent_and_says_so(db: Db) -> None:
    _, owner = db.join(90, "coordinator")
    project = with_budget(db, "1.70", work_items=9)
    db.connection.execute("UPDATE projects SET owner_id = ?", (owner.id,))
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0", 120)
    assert figures(db, project) == (MOST, MOST), "one more fits"
    following = judge(db, visitor, card_of(following), "o0", 120)
    assert isinstance(following, NothingNow)
    assert (following.why, following.project.state) == ("paused", "paused")
    assert figures(db, project) == (2 * MOST, 0)
    assert db.value("SELECT state FROM projects") == "paused"
    assert db.rows("SELECT actor, detail FROM audit WHERE deed = 'set project paused'") == [
        ("system", "budget reached")
    ]
    assert db.rows("SELECT person_id FROM deliveries WHERE key LIKE 'budget:%'") == [(owner.id,)]
    assert isinstance(db.run(work.go_on, visitor, project.id), NothingNow)
    assert db.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'budget:%'") == 1


def test_what_is_out_can_be_answered_after_the_pause(db: Db) -> None:
    project = with_budget(db, "1.70", work_items=9)
    visitors = [start(db, project, number) for number in (1, 2, 3)]
    assert isinstance(visitors[2][1], NothingNow), "two items are out, and a third would not fit"
    for visitor, following in visitors[:2]:
        assert isinstance(judge(db, visitor, card_of(following), "o0", 120), NothingNow)
    assert figures(db, project) == (2 * MOST, 0)


def test_a_raised_budget_lets_work_go_on(db: Db) -> None:
    project = with_budget(db, "0.80")
    visitor, following = start(db, project, 1)
    assert isinstance(judge(db, visitor, card_of(following), "o0", 120), NothingNow)
    project = with_budget(db, "5.00")
    following = db.run(work.go_on, visitor, project.id)
    assert isinstance(following, Card)
    assert figures(db, project) == (MOST, MOST)


def test_undo_waits_for_money_as_a_new_item_does(db: Db) -> None:
    project = with_budget(db, "1.66", work_items=9)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0", 10)
    card = card_of(following)
    other, theirs = start(db, project, 2)
    assert isinstance(theirs, NothingNow), (
        "67 thousandths are spent and one item is out: no second fits beside"
    )
    outcome = db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert isinstance(outcome, outcomes.Undone), "1.60 are out now, which is in the budget"
    assert figures(db, project) == (0, 2 * MOST)
    assert other != visitor


def test_an_undo_that_could_overspend_is_refused(db: Db) -> None:
    project = with_budget(db, "1.68", work_items=9)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0", 10)
    start(db, project, 2)
    assert figures(db, project) == (66_667, 2 * MOST)
    card = card_of(following)
    outcome = db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert isinstance(outcome, outcomes.CannotUndo)


def test_the_floor_is_set_aside_until_its_week_is_settled(db: Db) -> None:
    pay = 'scheme = "item_with_floor"\nrate_per_item = "0.20"\nfloor_per_hour = "24.00"\n'
    project = with_budget(db, "10.00", pay)
    visitor, following = start(db, project, 1)
    assert figures(db, project) == (0, MOST)
    following = judge(db, visitor, card_of(following), "o0", 10)
    assert figures(db, project) == (200_000, 2 * MOST - 200_000)
    card = card_of(following)
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "u"), outcomes.Undone)
    assert figures(db, project) == (0, 2 * MOST)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "pay", ["", 'scheme = "item_with_floor"\nrate_per_item = "0.20"\nfloor_per_hour = "24.00"\n']
)
def test_whatever_students_do_what_is_set_aside_is_right(db: Db, seed: int, pay: str) -> None:
    project = with_budget(db, "12.00", pay, training=1, exam=2, work_items=20)
    chance = random.Random(seed)
    visitors = [db.join(number)[0] for number in (1, 2, 3)]
    for visitor in visitors:
        db.run(qualifications.join, visitor, project.id)
    for _ in range(120):
        act(db, project, chance, chance.choice(visitors))
        figures(db, project)
    assert db.value("SELECT COUNT(*) FROM judgments") > 3


def act(db: Db, project: projects.Project, chance: random.Random, visitor: Visitor) -> None:
    db.clock.advance(chance.choice((1, 20, 90)) * 1000)
    match chance.randrange(10):
        case 0:
            db.run(work.pause, visitor)
        case 1:
            db.clock.advance(3 * 3_600_000)
            db.run(assignments.expire_leases)
        case 2 if chance.random() < 0.2:
            db.run(projects.set_state, None, "sums", chance.choice(("paused", "open", "closed")))
        case _:
            state = db.value("SELECT state FROM projects")
            if state != "open" and chance.random() < 0.5:
                db.run(projects.set_state, None, "sums", "open")
            following = db.run(work.begin_stage, visitor, project.id)
            if isinstance(following, work.SetEnded):
                following = db.run(work.begin_set, visitor, project.id)
            if isinstance(following, Card):
                tap = chance.choice(("o0", "o0", "o0", "s", "u", "fother"))
                db.run(judgments.tap, visitor, following.token, following.step, tap)
