"""Golds freeze, come back, get other keys and are made of settled items while students tap, undo and come too late, and seniors judge what
is in dispute: nobody gets a gold as work, figures follow the keys that count, and whatever else was promised still holds."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from actions import gold_items, refusals, reviews, roles, second_looks, work
from actions.gold_items import DOUBTFUL
from actions.offers import SecondLook
from actions.projects import get
from rules.quality.bad_golds import DoubtfulGold
from storage.tx import Tx
from tests.actions import test_quality_machine
from tests.actions.test_machine import LONG, LONG_RUN, SHORT_RUN, STUDENTS, WHO


def _promote(tx: Tx, item_id: int, key: str) -> int:
    return tx.run("gold_items.promote", item_id=item_id, gold=f'{{"correct":"{key}"}}')


class Golds(test_quality_machine.Quality):
    """Four students on two projects, and a coordinator who looks after gold and seniors."""

    @initialize(seed=st.integers(0, 5))
    def open_the_house(self, seed: int) -> None:
        super().open_the_house(seed)
        self.boss, person = self.db.join(900, "coordinator")
        for project_id in self.projects:
            self.db.run(roles.let_manage, person.id, project_id)

    @rule(which=st.integers(0, 9), key=st.sampled_from(["yes", "yes", "no"]))
    def an_item_becomes_gold(self, which: int, key: str) -> None:
        found = self.db.rows("SELECT id FROM items WHERE use = 'work' AND settled_ms IS NOT NULL ORDER BY id")
        if found:
            assert self.db.run(_promote, found[which % len(found)][0], key) == 1

    @rule(student=WHO, again=st.sampled_from([("u",), ("u", "o0"), ("u", "o1", "t0+", "d")]))
    def what_somebody_just_answered_becomes_gold_and_they_undo_it(
        self, student: int, again: tuple[str, ...]
    ) -> None:
        self.everybody_answers(list(range(STUDENTS)), set(), 20)
        last = self.db.rows(
            "SELECT j.item_id FROM judgments AS j JOIN people AS p ON p.id = j.person_id JOIN items AS i ON i.id = j.item_id "
            "WHERE p.person_key = :key AND j.undone_ms IS NULL AND i.use = 'work' AND i.settled_ms IS NOT NULL "
            "ORDER BY j.id DESC LIMIT 1",
            key=self.visitors[student].key,
        )
        if last:
            self.db.run(_promote, last[0][0], "yes")
            self.answer(student, again, 5)

    @rule(which=st.integers(0, 9))
    def a_gold_is_doubted(self, which: int) -> None:
        found = self.db.rows("SELECT id, project_id FROM items WHERE use = 'gold' ORDER BY id")
        item_id, project_id = found[which % len(found)]
        project = self.db.run(get, project_id)
        self.db.run(gold_items.look, project, [DoubtfulGold(item_id, 0, 1, 0.01, 0, 5)], [])

    @rule(project=st.sampled_from([0, 0, 1]), how=st.sampled_from(["keep", "drop", "rekey"]))
    def its_owner_decides(self, project: int, how: str) -> None:
        found = self.db.run(gold_items.at, self.boss, self.projects[project], DOUBTFUL)
        if found is not None:
            more = ["o1"] if how == "rekey" else []
            self.attempt(getattr(gold_items, how), self.boss, found.case.id, *more)

    @rule(student=WHO)
    def somebody_is_senior(self, student: int) -> None:
        key = self.visitors[student].key
        person_id = self.db.value("SELECT id FROM people WHERE person_key = :key", key=key)
        for project_id in self.projects:
            if self.db.run(reviews.figures_of, project_id, person_id) is not None:
                self.db.run(lambda tx, at: reviews.name(tx, self.boss, at, person_id, named=True), project_id)

    @rule(student=WHO, project=st.sampled_from([0, 1]), operation=st.sampled_from(["n", "d", "z"]))
    def a_second_look(self, student: int, project: int, operation: str) -> None:
        found = self.attempt(work.go_on, self.visitors[student], self.projects[project])
        if isinstance(found, SecondLook):
            decided = self.attempt(second_looks.decide, self.visitors[student], found.token, operation)
            assert isinstance(decided, refusals.OutOfDate) is (operation == "z")

    @invariant()
    def a_gold_was_answered_as_often_as_it_says(self) -> None:
        # One that was made of work counts the answers that it was made of as well, since those people know it too.
        assert not self.db.rows(
            "SELECT i.id FROM items AS i WHERE i.use = 'gold' AND i.gold_kind IS NULL AND i.exposure <> "
            "(SELECT COUNT(*) FROM judgments AS j WHERE j.item_id = i.id AND j.use = 'gold' AND j.undone_ms IS NULL)"
        )

    @invariant()
    def nobody_gets_a_gold_as_work(self) -> None:
        assert not self.db.rows(
            "SELECT i.id FROM items AS i WHERE i.use <> 'work' AND (i.id IN (SELECT item_id FROM returned) "
            "OR i.id IN (SELECT item_id FROM queue))"
        )

    @invariant()
    def what_is_frozen_speaks_about_nobody(self) -> None:
        assert not self.db.rows(
            "SELECT j.id FROM judgments AS j JOIN items AS i ON i.id = j.item_id WHERE i.frozen_ms IS NOT NULL "
            "AND j.correct IS NOT NULL AND j.undone_ms IS NULL"
        )


Golds.TestCase.settings = LONG_RUN if LONG else settings(SHORT_RUN, max_examples=12)
TestGolds = Golds.TestCase
