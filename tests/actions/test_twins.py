"""Twins: near copies across students are noted as they are written, found again at a bounded cost, and go with an undo."""

from __future__ import annotations

import json
import random

import pytest

from actions import refusals, twins
from actions.people import Person, Visitor
from actions.projects import Project
from rules import near_text
from storage import queries
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make

COPIED = "The second step subtracts the muffin eggs twice, so the result is three too small."
NEARLY = "the second step subtracts the muffin eggs twice so the result is 3 too small"
OWN = "Sixteen less three is thirteen, and she sells all of them for two dollars, which is fine."


class Class:
    """Students who write texts on one project, each an answer of its own to the question "why"."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.project: Project = make(db, work_items=1)
        self.item_id = db.value("SELECT MIN(id) FROM items")
        self.written = 0

    def student(self, number: int) -> tuple[Visitor, Person]:
        return self.db.join(1_000 + number)

    def write(self, person: Person, text: str, question: str = "why") -> int:
        """Record a judgment with a text and note it; give its id."""
        self.written += 1
        token = f"token{self.written:017d}"
        self.db.connection.execute(
            "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen,"
            " first_shown_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms)"
            " VALUES (?, ?, ?, ?, ?, 'exam', 'judged', 0, '{}', 0, 0, 0, 0, 0, 0, 0, 'USD', 0)",
            (token, person.id, self.project.id, self.item_id, self.written),
        )
        judgment_id = int(
            self.db.run(
                lambda tx: tx.value(
                    "judgments.add",
                    token=token,
                    person_id=person.id,
                    project_id=self.project.id,
                    item_id=self.item_id,
                    use="work",
                    answers=json.dumps({question: text}),
                    correct=None,
                    flipped=0,
                    shown_ms=0,
                    now_ms=tx.now_ms,
                    steady_ms=tx.steady_ms,
                    credited_ms=0,
                    amount_micro=0,
                    currency="USD",
                    scheme="hour",
                    piece_micro=0,
                )
            )
        )
        self.db.run(twins.note, judgment_id, self.project.id, person.id, question, text)
        return judgment_id

    def pairs(self) -> list[tuple[int, ...]]:
        return self.db.rows(
            "SELECT judgment_id, other_judgment_id, similarity FROM text_twins ORDER BY judgment_id, other_judgment_id"
        )

    def marks(self) -> int:
        return int(self.db.value("SELECT COUNT(*) FROM text_marks"))


@pytest.fixture
def school(db: Db) -> Class:
    return Class(db)


def test_a_near_copy_of_another_student_is_noted(school: Class) -> None:
    (_, ada), (_, ben) = school.student(1), school.student(2)
    first = school.write(ada, COPIED)
    assert school.pairs() == []
    school.write(ben, OWN)
    assert school.pairs() == []
    second = school.write(ben, NEARLY)
    similarity = int(near_text.similarity(COPIED, NEARLY) * 1000)
    assert 700 <= similarity < 1000
    assert school.pairs() == [(second, first, similarity)]


def test_a_student_may_repeat_themselves(school: Class) -> None:
    _, ada = school.student(1)
    for _ in range(5):
        school.write(ada, COPIED)
    assert school.pairs() == []
    assert school.marks() == near_text.MARKS, "a phrase of one student is kept once"


def test_other_questions_and_projects_are_other_places(school: Class) -> None:
    (_, ada), (_, ben) = school.student(1), school.student(2)
    first = school.write(ada, COPIED, "why")
    second = school.write(ada, COPIED, "where")
    school.db.run(twins.note, first, school.project.id + 1, ben.id, "why", COPIED)
    assert school.pairs() == []
    third = school.write(ben, COPIED, "where")
    assert school.pairs() == [(third, second, 1000)], (
        "what was written under one question hides nothing under another"
    )


@pytest.mark.parametrize("text", ["yes", "2+2=5", "", "The sum is wrong", "…" * 100])
def test_what_says_too_little_leaves_no_trace(school: Class, text: str) -> None:
    for number in range(3):
        school.write(school.student(number)[1], text[:15])
    assert school.pairs() == []
    assert school.marks() == 0


def test_short_texts_meet_only_as_exact_copies(school: Class) -> None:
    people = [school.student(number)[1] for number in range(3)]
    first = school.write(people[0], "Wrong sum in step 12")
    school.write(people[1], "Wrong sum in step 13")
    last = school.write(people[2], "wrong sum, in step 12!")
    assert school.pairs() == [(last, first, 1000)]


def test_an_undone_text_is_forgotten_and_can_be_written_again(school: Class) -> None:
    (_, ada), (_, ben) = school.student(1), school.student(2)
    first = school.write(ada, COPIED)
    undone = school.write(ben, COPIED)
    assert school.pairs() == [(undone, first, 1000)]
    school.db.run(twins.forget, undone)
    assert school.pairs() == []
    assert school.marks() == near_text.MARKS, "those of the other student stay"
    again = school.write(ben, COPIED)
    assert school.pairs() == [(again, first, 1000)]
    school.db.run(twins.forget, first)
    assert school.pairs() == []
    _, eve = school.student(3)
    third = school.write(eve, COPIED)
    assert school.pairs() == [(third, again, 1000)]


def test_undoing_a_repetition_leaves_the_first_text_to_be_found(school: Class) -> None:
    (_, ada), (_, ben) = school.student(1), school.student(2)
    first = school.write(ada, COPIED)
    school.db.run(twins.forget, school.write(ada, COPIED))
    copied = school.write(ben, COPIED)
    assert school.pairs() == [(copied, first, 1000)]


def test_however_many_wrote_the_same_a_write_compares_a_few(school: Class) -> None:
    people = [school.student(number)[1] for number in range(40)]
    for person in people:
        school.write(person, COPIED)
    last = school.written
    found = [pair for pair in school.pairs() if pair[0] == last]
    assert len(found) == twins.CANDIDATES_MOST
    assert all(similarity == 1000 for _, _, similarity in found)


def test_a_near_copy_is_found_among_many_other_texts(school: Class) -> None:
    chance = random.Random(3)
    words = ["step", "sum", "eggs", "wrong", "twice", "sells", "the", "is", "three", "adds", "day", "market"]
    people = [school.student(number)[1] for number in range(12)]
    for number in range(120):
        school.write(people[number % 11], " ".join(chance.choices(words, k=14)))
    sought = school.write(people[3], COPIED)
    for number in range(60):
        school.write(people[number % 11], " ".join(chance.choices(words, k=14)))
    copy = school.write(people[11], NEARLY)
    assert [pair[:2] for pair in school.pairs() if pair[0] == copy] == [(copy, sought)]


def test_those_that_share_most_are_compared_first(school: Class) -> None:
    chance = random.Random(4)
    people = [school.student(number)[1] for number in range(32)]
    sought = school.write(people[0], f"{COPIED} {OWN}")
    for person in people[1:31]:
        school.write(person, f"{COPIED} {OWN} " + "".join(chance.choices("bcdfghjk", k=60)))
    copy = school.write(people[31], f"{COPIED} {OWN} So there.")
    assert sought in [other for judgment_id, other, _ in school.pairs() if judgment_id == copy]


def test_coordinators_read_both_texts_by_pseudonym(school: Class) -> None:
    (_, ada), (ben_visitor, ben) = school.student(1), school.student(2)
    boss, _ = school.db.join(1, "coordinator")
    school.db.connection.execute("UPDATE projects SET owner_id = (SELECT MAX(id) FROM people)")
    school.write(ada, COPIED)
    school.write(ben, NEARLY)
    school.write(ben, COPIED)
    newest, older = school.db.run(twins.of_project, boss, school.project.id, 10)
    assert (newest.text, newest.other_text, newest.similarity) == (COPIED, COPIED, 1.0)
    assert (older.text, older.other_text, older.question) == (NEARLY, COPIED, "why")
    assert (older.student, older.other_student) == (ben.pseudonym, ada.pseudonym)
    assert older.item == older.other_item == "work-0"
    assert school.db.run(twins.of_project, boss, school.project.id, 1) == [newest]
    assert school.db.run(twins.of_project, boss, school.project.id, -5) == []
    with pytest.raises(refusals.NotAllowed):
        school.db.run(twins.of_project, ben_visitor, school.project.id)


def test_texts_of_whoever_took_their_consent_back_are_not_listed(school: Class) -> None:
    (_, ada), (_, ben) = school.student(1), school.student(2)
    boss, _ = school.db.join(1, "admin")
    school.write(ada, COPIED)
    school.write(ben, COPIED)
    assert len(school.db.run(twins.of_project, boss, school.project.id)) == 1
    school.db.connection.execute("UPDATE consents SET withdrawn_ms = 1 WHERE person_id = ?", (ada.id,))
    assert school.db.run(twins.of_project, boss, school.project.id) == []


def test_the_query_takes_as_many_marks_as_a_text_has() -> None:
    wanted = {f"mark_{place}" for place in range(near_text.MARKS)}
    for name in ("twins.candidates", "twins.add_marks"):
        taken = queries.parameters(queries.load("sqlite")[name])
        assert {name for name in taken if name.startswith("mark_")} == wanted
