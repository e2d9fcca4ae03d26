"""Caps that are too tight: who is told, how often, and what the answer does."""

from __future__ import annotations

from typing import Any

import pytest

from actions import caps, deliveries, projects, qualifications, refusals, work
from actions.people import Visitor
from actions.projects import Project
from rules.caps import QUIET_MS
from rules.project_file import ProjectTrouble
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge

CAP_S = 120


def lived_in(db: Db, slow: int = 4, quick: int = 26, slow_s: int = 200) -> tuple[Project, Visitor]:
    """Make a project with a coordinator and a student, who takes long over some of its items."""
    project = make(db, work_items=slow + quick + 1)
    coordinator, person = db.join(50, "coordinator")
    db.connection.execute("UPDATE projects SET owner_id = :id", {"id": person.id})
    student, _ = db.join(1)
    db.run(qualifications.join, student, project.id)
    following: Any = db.run(work.begin_stage, student, project.id)
    for seconds in [slow_s] * slow + [30] * quick:
        if isinstance(following, work.SetEnded):
            following = db.run(work.begin_set, student, project.id)
        elif isinstance(following, work.BreakDue):
            following = db.run(work.go_on, student, project.id)
        if isinstance(following, work.SetEnded):
            following = db.run(work.begin_set, student, project.id)
        following = judge(db, student, card_of(following), "o0", seconds)
    return project, coordinator


def notices(db: Db) -> list[tuple[int, dict[str, Any]]]:
    rows = db.rows("SELECT person_id, payload FROM deliveries WHERE key LIKE 'cap:%' ORDER BY id")
    return [(person_id, db.vault.open(deliveries.PURPOSE, payload)) for person_id, payload in rows]


def test_the_coordinator_is_told_once_with_a_proposal(db: Db) -> None:
    project, _ = lived_in(db)
    assert db.run(caps.look) == 1
    assert db.run(caps.look) == 0
    owner_id = db.value("SELECT owner_id FROM projects")
    assert notices(db) == [(owner_id, {"kind": "cap", "id": 1})]
    found = db.run(caps.told, 1)
    assert found is not None
    assert found.is_open
    assert found.proposal == caps.Proposal(1, project.id, CAP_S * 1000, 210_000, 30, 4, "open")


def test_the_same_cap_is_told_of_again_after_two_weeks_only(db: Db) -> None:
    lived_in(db)
    assert db.run(caps.look) == 1
    db.clock.advance(QUIET_MS)
    assert db.run(caps.look) == 1
    assert len(notices(db)) == 2


def test_what_is_taken_holds_for_later_items_and_is_audited(db: Db) -> None:
    project, coordinator = lived_in(db)
    db.run(caps.look)
    taken = db.run(caps.take, coordinator, 1)
    assert (taken.proposal.state, taken.is_open) == ("taken", False)
    assert db.run(projects.get, project.id).rules.pay.cap_seconds == 210
    assert db.value("SELECT detail FROM audit WHERE deed = 'changed project'") == "pay"
    assert {cap for (cap,) in db.rows("SELECT DISTINCT cap_ms FROM assignments")} == {CAP_S * 1000}
    assert db.run(caps.take, coordinator, 1) == taken
    assert db.run(caps.look) == 0, "nothing was shown with the new cap yet"
    assert db.value("SELECT COUNT(*) FROM audit WHERE deed = 'changed project'") == 1


def test_what_is_left_stays_as_it_is(db: Db) -> None:
    project, coordinator = lived_in(db)
    db.run(caps.look)
    left = db.run(caps.leave, coordinator, 1)
    assert (left.proposal.state, left.is_open) == ("left", False)
    assert db.run(caps.take, coordinator, 1) == left
    assert db.run(projects.get, project.id).rules.pay.cap_seconds == CAP_S
    assert db.run(caps.look) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE qualifications SET standing = 'watched'",
        "UPDATE qualifications SET gold_wrong = 3, gold_right = 2",
        "UPDATE assignments SET cap_ms = 90000",
        "UPDATE judgments SET undone_ms = 1 WHERE id = 1",
        "UPDATE judgments SET use = 'exam' WHERE id = 1",
        "UPDATE projects SET state = 'paused'",
    ],
)
def test_only_careful_work_under_this_cap_counts(db: Db, change: str) -> None:
    lived_in(db)
    db.connection.execute(change)
    assert db.run(caps.look) == 0


def test_a_good_score_counts(db: Db) -> None:
    lived_in(db)
    db.connection.execute("UPDATE qualifications SET gold_wrong = 2, gold_right = 2")
    assert db.run(caps.look) == 1


def test_a_tenth_is_well(db: Db) -> None:
    lived_in(db, slow=3, quick=27)
    assert db.run(caps.look) == 0


def test_a_stranger_decides_nothing(db: Db) -> None:
    lived_in(db)
    db.run(caps.look)
    stranger, _ = db.join(51, "coordinator")
    student, _ = db.join(52)
    for action in (caps.take, caps.leave):
        with pytest.raises(refusals.NotYourProject):
            db.run(action, stranger, 1)
        with pytest.raises(refusals.Refusal):
            db.run(action, student, 1)
        with pytest.raises(refusals.OutOfDate):
            db.run(action, stranger, 2)


def test_a_cap_that_was_changed_meanwhile_is_left_alone(db: Db) -> None:
    project, coordinator = lived_in(db)
    db.run(caps.look)
    text = project.definition.replace('"cap_seconds":120', '"cap_seconds":150')
    db.connection.execute("UPDATE projects SET definition = :text", {"text": text})
    found = db.run(caps.take, coordinator, 1)
    assert (found.proposal.state, found.is_open) == ("open", False)
    assert db.run(projects.get, project.id).rules.pay.cap_seconds == 150


def test_a_budget_that_does_not_pay_for_one_such_item_says_so(db: Db) -> None:
    project, coordinator = lived_in(db)
    db.run(caps.look)
    text = project.definition.replace('"budget":null', '"budget":"1.00"')
    db.connection.execute("UPDATE projects SET definition = :text", {"text": text})
    with pytest.raises(ProjectTrouble, match="budget"):
        db.run(caps.take, coordinator, 1)
    assert db.value("SELECT state FROM cap_notices") == "open"
