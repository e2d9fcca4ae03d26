"""Position bias: counters that go along with choices and undos, reported to coordinators and to each student about themselves."""

from __future__ import annotations

import sqlite3

import pytest

from actions import position, refusals
from actions.people import Person, Visitor
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make


def choose(db: Db, project: Project, person: Person, first: int, second: int) -> None:
    """Choose so often the answer that was read first, and the other one, with either side in front."""
    for number in range(first + second):
        flipped = number % 3 == 0
        value = "b" if flipped == (number < first) else "a"
        db.run(position.count, project.id, person.id, flipped, value)


def boss_of(db: Db) -> Visitor:
    return db.join(1, "admin")[0]


@pytest.mark.parametrize(
    ("flipped", "value", "counted"),
    [
        (False, "a", [(1, 0)]),
        (False, "b", [(0, 1)]),
        (True, "a", [(0, 1)]),
        (True, "b", [(1, 0)]),
        (True, "tie", []),
        (False, "both_bad", []),
    ],
)
def test_what_was_read_first_is_told_from_the_sides(
    db: Db, flipped: bool, value: str, counted: list[tuple[int, int]]
) -> None:
    project, (_, ada) = make(db), db.join(2)
    db.run(position.count, project.id, ada.id, flipped, value)
    assert db.rows("SELECT first_chosen, second_chosen FROM position_counts") == counted
    db.run(position.count, project.id, ada.id, flipped, value, done=-1)
    assert db.rows("SELECT first_chosen, second_chosen FROM position_counts") == [(0, 0)] * len(counted)


def test_nobody_takes_back_more_than_was_counted(db: Db) -> None:
    project, (_, ada) = make(db), db.join(2)
    db.run(position.count, project.id, ada.id, False, "a")
    with pytest.raises(sqlite3.IntegrityError, match="position_counts_positive"):
        db.run(position.count, project.id, ada.id, False, "b", done=-1)


def test_a_project_is_reported_over_all_and_by_student_the_most_uneven_first(db: Db) -> None:
    project, boss = make(db), boss_of(db)
    assert db.run(position.of_project, boss, project.id) == position.Report(project, None, [], 0)
    people = [db.join(10 + number)[1] for number in range(5)]
    for person, (first, second) in zip(people, [(70, 55), (38, 2), (5, 4), (6, 14), (0, 10)], strict=True):
        choose(db, project, person, first, second)
    report = db.run(position.of_project, boss, project.id)
    assert report.overall is not None
    assert (report.overall.first, report.overall.of) == (119, 204)
    assert report.compared == 4, "nine choices say nothing"
    assert [student.pseudonym for student in report.students] == [
        people[place].pseudonym for place in (1, 4, 3, 0)
    ]
    assert [student.bias.beyond_chance for student in report.students] == [True, True, False, False]


def test_a_long_list_is_cut_and_says_of_how_many(db: Db) -> None:
    project, boss = make(db), boss_of(db)
    for number in range(position.LISTED_MOST + 3):
        choose(db, project, db.join(10 + number)[1], 10, number)
    report = db.run(position.of_project, boss, project.id)
    assert len(report.students) == position.LISTED_MOST
    assert report.compared == position.LISTED_MOST + 3


def test_a_student_reads_their_own_figure_from_ten_choices_on(db: Db) -> None:
    project, (visitor, ada), (other, _) = make(db), db.join(2), db.join(3)
    assert db.run(position.of_person, visitor, project.id) is None
    choose(db, project, ada, 7, 2)
    assert db.run(position.of_person, visitor, project.id) is None
    choose(db, project, ada, 1, 0)
    bias = db.run(position.of_person, visitor, project.id)
    assert bias is not None
    assert (bias.first, bias.of) == (8, 10)
    assert db.run(position.of_person, other, project.id) is None
    with pytest.raises(refusals.NotAllowed):
        db.run(position.of_project, visitor, project.id)


def test_projects_are_counted_apart(db: Db) -> None:
    project, (visitor, ada) = make(db), db.join(2)
    choose(db, project, ada, 10, 0)
    assert db.run(position.of_person, visitor, project.id + 1) is None
