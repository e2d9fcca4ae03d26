"""Invitations: who may make one, how it ends, and that it acts once for a person."""

from __future__ import annotations

import pytest

from actions import invitations, people, projects, refusals
from rules.credit import DAY_MS, HOUR_MS
from tests.actions import samples
from tests.actions.conftest import Db


@pytest.fixture
def project(db: Db) -> projects.Project:
    made = db.run(projects.create_or_update, None, samples.PROJECT)
    assert isinstance(made, projects.Created)
    return made.project


def test_the_first_admin_comes_from_the_command_line(db: Db) -> None:
    token = db.run(invitations.create, role="admin")
    accepted = db.run(invitations.accept, db.visitor(7), token)
    assert (accepted.role, accepted.fresh, accepted.project_id) == ("admin", True, None)
    assert db.run(people.roles, accepted.person.id) == ["admin"]
    assert accepted.person.state == "invited"


def test_a_token_is_not_kept_in_the_clear(db: Db) -> None:
    token = db.run(invitations.create, role="admin")
    assert len(token) == 22
    assert token.encode() not in db.path.read_bytes()
    assert db.value("SELECT COUNT(*) FROM invitations WHERE token_hash = :token", token=token) == 0


def test_a_second_tap_on_the_same_link_changes_nothing(db: Db) -> None:
    token = db.run(invitations.create, role="student", uses=2)
    first = db.run(invitations.accept, db.visitor(7), token)
    second = db.run(invitations.accept, db.visitor(7), token)
    assert (first.fresh, second.fresh) == (True, False)
    assert second.person.id == first.person.id
    assert db.value("SELECT uses_left FROM invitations") == 1


def test_a_role_taken_away_does_not_come_back_by_the_old_link(db: Db) -> None:
    token = db.run(invitations.create, role="coordinator")
    person = db.run(invitations.accept, db.visitor(7), token).person
    db.connection.execute("DELETE FROM roles")
    assert db.run(invitations.accept, db.visitor(7), token).fresh is False
    assert db.run(people.roles, person.id) == []


def test_uses_are_counted_by_person(db: Db) -> None:
    token = db.run(invitations.create, role="student", uses=2)
    db.run(invitations.accept, db.visitor(1), token)
    db.run(invitations.accept, db.visitor(2), token)
    with pytest.raises(refusals.InvitationUsedUp):
        db.run(invitations.accept, db.visitor(3), token)
    assert db.run(people.find, db.visitor(3).key) is None


@pytest.mark.parametrize(
    ("role", "lasts_ms"), [("student", 30 * DAY_MS), ("coordinator", 48 * HOUR_MS), ("admin", 48 * HOUR_MS)]
)
def test_an_invitation_ends_on_the_millisecond(db: Db, role: str, lasts_ms: int) -> None:
    early = db.run(invitations.create, role=role)
    late = db.run(invitations.create, role=role)
    db.clock.advance(lasts_ms - 1)
    assert db.run(invitations.accept, db.visitor(1), early).fresh
    db.clock.advance(1)
    with pytest.raises(refusals.InvitationExpired):
        db.run(invitations.accept, db.visitor(2), late)


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "A" * 23, "é" * 22, "\ud800" * 22, "A" * 21 + "\n"])
def test_what_is_no_token_is_refused(db: Db, token: str) -> None:
    with pytest.raises(refusals.UnknownInvitation):
        db.run(invitations.accept, db.visitor(1), token)


def test_a_students_invitation_can_name_a_project(db: Db, project: projects.Project) -> None:
    token = db.run(invitations.create, role="student", project_id=project.id)
    accepted = db.run(invitations.accept, db.visitor(1), token)
    assert accepted.project_id == accepted.person.project_id == project.id


def test_a_coordinators_invitation_lets_them_manage_its_project(db: Db, project: projects.Project) -> None:
    token = db.run(invitations.create, role="coordinator", project_id=project.id)
    db.run(invitations.accept, db.visitor(1), token)
    _, managed = db.run(projects.managed, db.visitor(1), project.slug)
    assert managed.id == project.id


def test_only_admins_invite_staff(db: Db, project: projects.Project) -> None:
    _, admin = db.join(1, "admin")
    _, coordinator = db.join(2, "coordinator")
    for role in ("coordinator", "admin"):
        db.run(invitations.create, role=role, created_by=admin.id)
        with pytest.raises(refusals.NotAllowed):
            db.run(invitations.create, role=role, created_by=coordinator.id)


def test_coordinators_invite_students_to_what_they_manage(db: Db, project: projects.Project) -> None:
    _, coordinator = db.join(2, "coordinator")
    for project_id in (project.id, None):
        with pytest.raises(refusals.NotAllowed):
            db.run(invitations.create, role="student", project_id=project_id, created_by=coordinator.id)
    db.connection.execute("INSERT INTO project_coordinators VALUES (?, ?)", (project.id, coordinator.id))
    db.run(invitations.create, role="student", project_id=project.id, uses=50, created_by=coordinator.id)
    with pytest.raises(refusals.NotAllowed):
        db.run(invitations.create, role="student", created_by=coordinator.id)


def test_a_student_invites_nobody(db: Db) -> None:
    _, student = db.join(3)
    for role in ("student", "coordinator", "admin"):
        with pytest.raises(refusals.NotAllowed):
            db.run(invitations.create, role=role, created_by=student.id)


@pytest.mark.parametrize("loss", ["DELETE FROM roles", "UPDATE people SET state = 'suspended'"])
def test_an_invitation_does_not_outlive_the_right_of_its_maker(db: Db, loss: str) -> None:
    _, admin = db.join(1, "admin")
    token = db.run(invitations.create, role="admin", created_by=admin.id)
    db.connection.execute(loss)
    with pytest.raises(refusals.InvitationExpired):
        db.run(invitations.accept, db.visitor(2), token)


def test_a_suspended_person_does_not_come_back_by_a_link(db: Db) -> None:
    visitor, _ = db.join(1)
    db.connection.execute("UPDATE people SET state = 'suspended'")
    token = db.run(invitations.create, role="student")
    with pytest.raises(refusals.Suspended):
        db.run(invitations.accept, visitor, token)
    assert db.value("SELECT uses_left FROM invitations") == 1


def test_links_for_staff_serve_one_person(db: Db) -> None:
    with pytest.raises(refusals.OneUseOnly):
        db.run(invitations.create, role="coordinator", uses=2)


@pytest.mark.parametrize(
    "bounds", [{"uses": 0}, {"uses": 10_001}, {"lasts_ms": 366 * DAY_MS}, {"lasts_ms": -1}]
)
def test_bounds_are_kept(db: Db, bounds: dict[str, int]) -> None:
    with pytest.raises(refusals.OutOfBounds):
        db.run(invitations.create, role="student", **bounds)


def test_making_and_taking_are_audited(db: Db) -> None:
    token = db.run(invitations.create, role="coordinator")
    person = db.run(invitations.accept, db.visitor(1), token).person
    assert db.rows("SELECT actor, deed, subject FROM audit ORDER BY id") == [
        ("command line", "invited coordinator", "invitation:1"),
        ("command line", "gave role coordinator", f"person:{person.id}"),
    ]


def test_the_link_opens_the_bot() -> None:
    assert invitations.link("veritap_bot", "abc") == "https://t.me/veritap_bot?start=abc"
    assert invitations.link("@veritap_bot", "abc") == "https://t.me/veritap_bot?start=abc"
