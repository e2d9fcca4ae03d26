"""Roles: giving and taking them, that an admin always stays, and that it is written down and told."""

from __future__ import annotations

import pytest

from actions import deliveries, people, projects, refusals, roles
from actions.people import Visitor
from tests.actions import samples
from tests.actions.conftest import Db


@pytest.fixture
def admin(db: Db) -> Visitor:
    return db.join(1, "admin")[0]


def test_giving_a_role_is_written_down_and_told_once(db: Db, admin: Visitor) -> None:
    _, person = db.join(2)
    first = db.run(roles.give, admin, person.id, "coordinator")
    again = db.run(roles.give, admin, person.id, "coordinator")
    assert (first.changed, again.changed) == (True, False)
    assert first.holder.roles == ("coordinator", "student")
    sealed = [row[0] for row in db.rows("SELECT payload FROM deliveries")]
    told = [db.vault.open(deliveries.PURPOSE, payload) for payload in sealed]
    assert told == [{"kind": "text", "text": "You are a coordinator now. /help lists what you can do."}]
    assert db.rows("SELECT actor, deed, subject FROM audit") == [
        ("person:1", "gave role coordinator", f"person:{person.id}")
    ]


def test_taking_a_role_ends_what_it_allowed(db: Db, admin: Visitor) -> None:
    coordinator, person = db.join(2, "coordinator")
    made = db.run(projects.create_or_update, None, samples.PROJECT)
    db.run(roles.let_manage, person.id, made.project.id)
    assert db.run(roles.manages, person.id, made.project.id)
    assert db.run(roles.take, admin, person.id, "coordinator").changed
    assert not db.run(roles.manages, person.id, made.project.id)
    with pytest.raises(refusals.NotAllowed):
        db.run(projects.managed, coordinator, "maths")
    assert db.value("SELECT COUNT(*) FROM project_coordinators") == 0
    assert not db.run(roles.take, admin, person.id, "coordinator").changed
    assert db.value("SELECT COUNT(*) FROM deliveries") == 1


def test_the_last_admin_stays(db: Db, admin: Visitor) -> None:
    with pytest.raises(refusals.LastAdmin):
        db.run(roles.take, admin, 1, "admin")
    _, second = db.join(2, "admin")
    db.run(roles.take, admin, 1, "admin")
    assert db.run(people.roles, 1) == []
    with pytest.raises(refusals.LastAdmin):
        db.run(roles.take, db.visitor(2), second.id, "admin")


def test_a_suspended_admin_does_not_count_as_one(db: Db, admin: Visitor) -> None:
    _, second = db.join(2, "admin")
    db.connection.execute("UPDATE people SET state = 'suspended' WHERE id = ?", (second.id,))
    with pytest.raises(refusals.LastAdmin):
        db.run(roles.take, admin, 1, "admin")


@pytest.mark.parametrize("held", ["coordinator", "student"])
def test_only_an_admin_sees_and_changes_roles(db: Db, admin: Visitor, held: str) -> None:
    visitor, person = db.join(2, held)
    for attempt in (
        lambda: db.run(roles.staff, visitor),
        lambda: db.run(roles.find, visitor, "Ada"),
        lambda: db.run(roles.holder, visitor, person.id),
        lambda: db.run(roles.give, visitor, person.id, "admin"),
        lambda: db.run(roles.take, visitor, 1, "admin"),
    ):
        with pytest.raises(refusals.NotAllowed):
            attempt()
    assert db.value("SELECT COUNT(*) FROM roles WHERE role = 'admin'") == 1


def test_staff_are_listed_with_their_names_and_students_counted(db: Db, admin: Visitor) -> None:
    db.join(2, "coordinator", "student")
    db.join(3)
    found = db.run(roles.staff, admin)
    assert [(holder.name, holder.roles, holder.is_you) for holder in found.holders] == [
        ("Ada", ("admin",), True),
        ("Ada", ("coordinator", "student"), False),
    ]
    assert found.students == 2


def test_people_are_found_by_name_username_and_pseudonym(db: Db, admin: Visitor) -> None:
    zoe = db.run(people.enrol, Visitor(db.vault.index("9"), 9, "Zoë Ångström", "zoezoe", "en"))
    for text in ("ångs", "@ZoeZoe", zoe.pseudonym, " zoë "):
        assert [holder.id for holder in db.run(roles.find, admin, text)] == [zoe.id]
    assert db.run(roles.find, admin, "nobody") == []
    assert db.run(roles.find, admin, "  ") == []


def test_a_forged_role_or_person_is_refused(db: Db, admin: Visitor) -> None:
    _, person = db.join(2)
    for role in ("student", "owner", ""):
        with pytest.raises(refusals.OutOfDate):
            db.run(roles.give, admin, person.id, role)
    with pytest.raises(refusals.OutOfDate):
        db.run(roles.give, admin, 999, "admin")
    db.connection.execute("UPDATE people SET state = 'suspended' WHERE id = ?", (person.id,))
    with pytest.raises(refusals.TheySuspended):
        db.run(roles.give, admin, person.id, "admin")
