"""Projects made from a file, changed, opened, paused and closed, and who may do so."""

from __future__ import annotations

import re

import pytest

from actions import items, projects, refits, refusals
from actions.projects import Created, Project, Unchanged, Updated
from rules.project_file import ProjectTrouble
from tests.actions import samples
from tests.actions.conftest import Db


def made(db: Db, text: str = samples.PROJECT) -> Project:
    outcome = db.run(projects.create_or_update, None, text)
    assert isinstance(outcome, Created)
    return outcome.project


def opened(db: Db) -> Project:
    project = made(db)
    db.run(items.import_batch, project.id, samples.items())
    return db.run(projects.set_state, None, "maths", "open").project


def show_an_item(db: Db, project_id: int) -> None:
    """Lease an item to a student, as if it lay open on their screen."""
    _, student = db.join(77)
    item_id = db.value("SELECT item_id FROM queue LIMIT 1")
    db.connection.execute(
        "INSERT INTO qualifications VALUES (?, ?, 'active', 1, 0, 0, NULL, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0, 0, NULL)",
        (student.id, project_id),
    )
    db.connection.execute(
        "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen, "
        "first_shown_ms,"
        " shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms)"
        " VALUES ('t', ?, ?, ?, 1, 'work', 'open', 0, '', 0, 0, 0, 0, 0, ?, 1, 'USD', 1)",
        (student.id, project_id, item_id, db.clock.now_ms + 60_000),
    )


def test_a_file_makes_a_draft_and_the_same_file_again_changes_nothing(db: Db) -> None:
    project = made(db)
    assert (project.slug, project.title, project.state, project.owner_id) == (
        "maths",
        "Check maths",
        "draft",
        None,
    )
    assert project.rules == samples.RULES
    again = db.run(projects.create_or_update, None, samples.PROJECT)
    assert isinstance(again, Unchanged)
    assert db.value("SELECT COUNT(*) FROM projects") == 1


def test_another_file_with_the_same_slug_updates_and_says_what_differs(db: Db) -> None:
    made(db)
    text = samples.PROJECT.replace("Check maths", "Check sums").replace('"24.00"', '"25.00"')
    outcome = db.run(projects.create_or_update, None, text)
    assert isinstance(outcome, Updated)
    assert outcome.parts == ("title", "pay")
    assert db.value("SELECT title FROM projects") == "Check sums"
    assert db.rows("SELECT deed, detail FROM audit ORDER BY id") == [
        ("made project", ""),
        ("changed project", "title, pay"),
    ]


def test_other_bounds_of_quality_are_asked_for_at_once(db: Db) -> None:
    made(db)
    db.run(projects.create_or_update, None, samples.PROJECT.replace('"24.00"', '"25.00"'))
    assert db.run(refits.due) == []
    db.run(
        projects.create_or_update, None, samples.PROJECT.replace("[quality]", "[quality]\nconfidence = 0.8")
    )
    assert db.run(refits.due) == [1]


def test_a_file_that_cannot_be_used_leaves_nothing_behind(db: Db) -> None:
    with pytest.raises(ProjectTrouble):
        db.run(projects.create_or_update, None, samples.PROJECT.replace('"24.00"', '"lots"'))
    assert db.value("SELECT COUNT(*) FROM projects") == 0


def test_only_coordinators_make_projects_and_only_their_own_they_manage(db: Db) -> None:
    student, _ = db.join(1)
    owner, person = db.join(2, "coordinator")
    other, other_person = db.join(3, "coordinator")
    admin, _ = db.join(4, "admin")
    with pytest.raises(refusals.NotAllowed):
        db.run(projects.create_or_update, student, samples.PROJECT)
    assert db.run(projects.create_or_update, owner, samples.PROJECT).project.owner_id == person.id
    with pytest.raises(refusals.NotYourProject):
        db.run(projects.create_or_update, other, samples.PROJECT)
    with pytest.raises(refusals.NotYourProject):
        db.run(projects.set_state, other, "maths", "open")
    assert db.run(projects.all_managed, other) == []
    assert db.run(projects.managed, admin, "maths")[1].slug == "maths"
    assert [project.slug for project in db.run(projects.all_managed, admin)] == ["maths"]
    db.connection.execute("INSERT INTO project_coordinators VALUES (1, ?)", (other_person.id,))
    assert db.run(projects.managed_by_id, other, 1)[0].id == other_person.id
    assert [project.slug for project in db.run(projects.all_managed, other)] == ["maths"]


def test_somebody_who_lost_the_role_manages_nothing(db: Db) -> None:
    owner, _ = db.join(2, "coordinator")
    db.run(projects.create_or_update, owner, samples.PROJECT)
    db.connection.execute("DELETE FROM roles")
    with pytest.raises(refusals.NotAllowed):
        db.run(projects.managed, owner, "maths")


def test_unknown_projects_are_refused(db: Db) -> None:
    admin, _ = db.join(4, "admin")
    with pytest.raises(refusals.NoSuchProject, match='no project called "nope"'):
        db.run(projects.managed, admin, "nope")
    with pytest.raises(refusals.OutOfDate):
        db.run(projects.managed_by_id, admin, 99)


def test_a_project_opens_only_with_enough_of_everything(db: Db) -> None:
    project = made(db)
    with pytest.raises(refusals.NotReadyToOpen, match="no items to work on"):
        db.run(projects.set_state, None, "maths", "open")
    db.run(items.import_batch, project.id, samples.items(gold=0, exam=1, training=0))
    with pytest.raises(refusals.NotReadyToOpen) as caught:
        db.run(projects.set_state, None, "maths", "open")
    sentence = caught.value.sentence
    assert "1 training items are asked for and there are 0: 1 missing" in sentence
    assert "2 exam items are asked for and there are 1: 1 missing" in sentence
    assert "gold_share is 0.1 and there are 0 gold items: 2 missing" in sentence
    assert db.value("SELECT state FROM projects") == "draft"
    db.run(items.import_batch, project.id, samples.items())
    outcome = db.run(projects.set_state, None, "maths", "open")
    assert (outcome.changed, outcome.project.state) == (True, "open")


def test_the_same_state_twice_changes_nothing(db: Db) -> None:
    opened(db)
    audited = db.value("SELECT COUNT(*) FROM audit")
    assert not db.run(projects.set_state, None, "maths", "open").changed
    assert db.value("SELECT COUNT(*) FROM audit") == audited


def test_what_is_not_open_cannot_be_paused(db: Db) -> None:
    made(db)
    with pytest.raises(refusals.NotOpen):
        db.run(projects.set_state, None, "maths", "paused")


def test_closing_leaves_an_open_card_its_lease_and_takes_back_what_was_laid_aside(db: Db) -> None:
    project = opened(db)
    show_an_item(db, project.id)
    lease = db.value("SELECT lease_expires_ms FROM assignments")
    assert db.run(projects.set_state, None, "maths", "closed").leases_ended == 0
    assert db.value("SELECT lease_expires_ms FROM assignments") == lease > db.clock.now_ms
    db.run(projects.set_state, None, "maths", "open")
    db.connection.execute("UPDATE assignments SET state = 'paused'")
    assert db.run(projects.set_state, None, "maths", "closed").leases_ended == 1
    assert db.value("SELECT lease_expires_ms FROM assignments") == db.clock.now_ms


def test_once_shown_neither_what_is_shown_nor_what_is_asked_can_change(db: Db) -> None:
    project = opened(db)
    show_an_item(db, project.id)
    renamed = samples.PROJECT.replace('"Correct"', '"Right"')
    with pytest.raises(refusals.NotChangeable, match="students have begun"):
        db.run(projects.create_or_update, None, renamed)
    dearer = samples.PROJECT.replace('"24.00"', '"26.00"')
    assert isinstance(db.run(projects.create_or_update, None, dearer), Updated)


def test_once_imported_the_items_must_still_fit(db: Db) -> None:
    project = made(db)
    db.run(items.import_batch, project.id, samples.items())
    with pytest.raises(refusals.NotChangeable, match='"source"'):
        db.run(projects.create_or_update, None, samples.PROJECT.replace('"solution"', '"source"'))
    with pytest.raises(refusals.NotChangeable, match='"correct"'):
        db.run(projects.create_or_update, None, samples.PROJECT.replace('"no"', '"wrong"'))
    renamed = samples.PROJECT.replace('"Correct"', '"Right"')
    assert isinstance(db.run(projects.create_or_update, None, renamed), Updated)


def test_an_open_project_cannot_ask_for_more_items_than_it_has(db: Db) -> None:
    opened(db)
    longer = re.sub(r"exam = \d+", "exam = 99", samples.PROJECT)
    assert longer != samples.PROJECT
    with pytest.raises(refusals.NotReadyToOpen, match="exam"):
        db.run(projects.create_or_update, None, longer)
