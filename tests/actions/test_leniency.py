"""Leniency: how a student answers beside others on the very same items, taken from the books and said in words."""

from __future__ import annotations

from actions import consents, leniency
from actions import work as working
from actions.work import Card
from handlers.views import leniency as view
from rules.leniency import ITEMS_LEAST
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import make
from tests.actions.working import judge, start

YES, NO = "o0", "o1"


def both_answer(db: Db, first: str, second: str, items: int = ITEMS_LEAST) -> int:
    """Let two students answer the same items, each always the same; give the project."""
    project = make(db, work_items=items)
    for number, operation in enumerate((first, second)):
        visitor, following = start(db, project, 100 + number)
        while isinstance(following, Card | working.SetEnded):
            if isinstance(following, working.SetEnded):
                following = db.run(working.begin_set, visitor, project.id)
                continue
            following = judge(db, visitor, following, operation)
    return project.id


def test_a_mild_student_reads_so_and_a_strict_one_too(db: Db) -> None:
    number = both_answer(db, YES, NO)
    mild = view.own(db.run(leniency.of_person, db.visitor(100), number))
    strict = view.own(db.run(leniency.of_person, db.visitor(101), number))
    assert mild == [
        "You answer “Correct” on 100 % of 20 items; others do on 0 % of the same items. "
        "That is more than chance explains."
    ]
    assert strict[0].startswith("You answer “Correct” on 0 % of 20 items; others do on 100 %")


def test_too_few_items_tell_nothing(db: Db) -> None:
    number = both_answer(db, YES, NO, ITEMS_LEAST - 1)
    assert view.own(db.run(leniency.of_person, db.visitor(100), number)) == []


def test_who_took_their_consent_back_is_nobodys_measure(db: Db) -> None:
    number = both_answer(db, YES, NO)
    db.run(consents.withdraw, db.visitor(101))
    assert db.run(leniency.of_person, db.visitor(100), number).figures == []


def test_gold_is_no_part_of_it(db: Db) -> None:
    number = both_answer(db, YES, NO)
    db.connection.execute("UPDATE judgments SET use = 'gold'")
    assert db.run(leniency.of_person, db.visitor(100), number).figures == []
