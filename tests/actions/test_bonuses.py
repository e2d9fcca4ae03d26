"""Bonuses: to one or to all, within the budget, an admin above the limit, each once."""

from __future__ import annotations

import pytest

from actions import bonuses, budgets, corrections, ledger, projects, qualifications, refusals, roles
from actions.bonuses import Seen
from actions.people import Visitor
from actions.projects import Project
from rules.money import MICRO
from tests.actions import projects_for_tests as samples
from tests.actions.conftest import Db

WHY = "for the hard items"


def house(db: Db, students: int = 3) -> tuple[Visitor, Visitor, Project, list[int]]:
    """Make an admin, a coordinator of the project, and students who work on it."""
    project = samples.make(db)
    ann, _ = db.join(1, "admin")
    cleo, coordinator = db.join(2, "coordinator")
    db.run(roles.let_manage, coordinator.id, project.id)
    found = []
    for number in range(students):
        visitor, person = db.join(100 + number)
        db.run(qualifications.join, visitor, project.id)
        found.append(person.id)
    return ann, cleo, project, found


def draft(db: Db, giver: Visitor, project: Project, student: int | None, amount: str, why: str = WHY) -> Seen:
    db.run(bonuses.begin, giver, project.id, student)
    db.run(bonuses.type_amount, giver, amount)
    return db.run(bonuses.type_reason, giver, why)


def approved(db: Db, person_id: int) -> int:
    return db.run(ledger.balance, f"student:{person_id}:approved", "USD")


def test_a_bonus_to_all_is_previewed_and_given_once(db: Db) -> None:
    _ann, cleo, project, students = house(db)
    seen = draft(db, cleo, project, None, "5.00")
    assert (seen.grant.students, seen.grant.total_micro, seen.grant.needs_second) == (3, 15 * MICRO, 0)
    assert approved(db, students[0]) == 0
    assert db.run(bonuses.confirm, cleo, seen.grant.id).grant.state == "booked"
    assert not db.run(bonuses.confirm, cleo, seen.grant.id).changed
    assert [approved(db, one) for one in students] == [5 * MICRO] * 3
    assert db.run(ledger.balance, f"project:{project.id}", "USD") == -15 * MICRO
    assert db.value("SELECT COUNT(*) FROM entries WHERE kind = 'bonus' AND reason = :why", why=WHY) == 3
    assert db.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'bonus:%'") == 3


def test_who_joins_after_the_preview_is_not_in_it(db: Db) -> None:
    _ann, cleo, project, students = house(db)
    seen = draft(db, cleo, project, None, "1.00")
    late, person = db.join(500)
    db.run(qualifications.join, late, project.id)
    db.run(bonuses.confirm, cleo, seen.grant.id)
    assert (approved(db, students[0]), approved(db, person.id)) == (MICRO, 0)


def test_one_student_is_found_by_pseudonym_on_this_project_only(db: Db) -> None:
    _ann, cleo, project, students = house(db)
    _stranger, stranger = db.join(500)
    db.run(bonuses.await_student, cleo, project.id)
    for typed in (stranger.pseudonym, "s-nobody", "%", ""):
        with pytest.raises(refusals.NoSuchStudent):
            db.run(bonuses.type_student, cleo, typed)
    pseudonym = db.value("SELECT pseudonym FROM people WHERE id = :id", id=students[0])
    begun = db.run(bonuses.type_student, cleo, f" {pseudonym} ")
    assert begun.student is not None
    assert begun.student.id == students[0]
    with pytest.raises(refusals.OutOfDate):
        db.run(bonuses.begin, cleo, project.id, stranger.id)


def test_above_the_limit_an_admin_must_agree(db: Db) -> None:
    ann, cleo, project, students = house(db)
    number = draft(db, cleo, project, None, "20.00").grant.id
    seen = db.run(bonuses.confirm, cleo, number)
    assert (seen.grant.state, seen.seconds) == ("waiting", 1)
    with pytest.raises(refusals.NotAllowed):
        db.run(bonuses.decide, cleo, number, agrees=True)
    assert db.run(bonuses.decide, ann, number, agrees=True).grant.state == "booked"
    assert not db.run(bonuses.decide, ann, number, agrees=False).changed
    assert approved(db, students[0]) == 20 * MICRO


def test_an_admin_who_proposed_it_needs_another_one(db: Db) -> None:
    ann, _cleo, project, _students = house(db)
    number = draft(db, ann, project, None, "20.00").grant.id
    db.run(bonuses.confirm, ann, number)
    with pytest.raises(refusals.SamePerson):
        db.run(bonuses.decide, ann, number, agrees=True)


def test_a_refused_bonus_gives_nothing(db: Db) -> None:
    ann, cleo, project, students = house(db)
    number = draft(db, cleo, project, None, "20.00").grant.id
    db.run(bonuses.confirm, cleo, number)
    assert db.run(bonuses.decide, ann, number, agrees=False).grant.state == "refused"
    assert approved(db, students[0]) == 0


def test_nobody_gives_themselves_a_bonus_alone(db: Db) -> None:
    _ann, cleo, project, _students = house(db)
    db.run(roles.add, 2, "student", granted_by=None, because="a test")
    db.run(qualifications.join, cleo, project.id)
    assert draft(db, cleo, project, 2, "0.01").grant.needs_second


def test_the_budget_holds_at_each_step(db: Db) -> None:
    _ann, cleo, project, students = house(db)
    text = samples.TOML.format(training=0, exam=0, gold_share=0.0)
    db.run(projects.create_or_update, None, text.replace("[pay]", '[pay]\nbudget = "12.00"', 1))
    with pytest.raises(refusals.OverBudget):
        draft(db, cleo, project, None, "4.01")
    first, second = (draft(db, cleo, project, None, "3.00").grant.id for _ in range(2))
    db.run(bonuses.confirm, cleo, first)
    with pytest.raises(refusals.OverBudget):
        db.run(bonuses.confirm, cleo, second)
    assert approved(db, students[0]) == 3 * MICRO
    assert db.run(budgets.left, db.run(projects.by_slug, "sums")) == 3 * MICRO


@pytest.mark.parametrize("text", ["0", "-5", "+5", "nan", "1e3", "1.0000001", "10000000", ""])
def test_what_is_no_amount_is_refused(db: Db, text: str) -> None:
    _ann, cleo, project, _students = house(db)
    db.run(bonuses.begin, cleo, project.id, None)
    with pytest.raises(refusals.NotAnAmount):
        db.run(bonuses.type_amount, cleo, text)


def test_others_stay_out(db: Db) -> None:
    ann, cleo, project, students = house(db, students=0)
    with pytest.raises(refusals.NobodyForBonus):
        db.run(bonuses.begin, cleo, project.id, None)
    stranger, _ = db.join(50, "coordinator")
    student, _ = db.join(51)
    assert students == []
    with pytest.raises(refusals.NotYourProject):
        db.run(bonuses.begin, stranger, project.id, None)
    with pytest.raises(refusals.NotAllowed):
        db.run(bonuses.begin, student, project.id, None)
    with pytest.raises(refusals.OutOfDate):
        db.run(bonuses.see, ann, 99)
    with pytest.raises(refusals.OutOfDate):
        db.run(corrections.see, ann, 99)
