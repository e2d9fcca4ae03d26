"""Students tap, undo, leave and come too late while models are fitted and answers are held, excluded and counted again: what is believed
of each item is always what its counted answers say, its slots are what it wants, and whatever else was promised of taps still holds."""

from __future__ import annotations

import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from actions import models, projects, quality, refits
from rules.quality import questions, verdicts
from rules.quality.verdicts import Said, Told, Verdict
from tests.actions import test_machine
from tests.actions.conftest import Db
from tests.actions.oracle import HELD, Oracle
from tests.actions.test_machine import LONG, LONG_RUN, SHORT_RUN


def recomputed(db: Db, project_id: int, item_id: int) -> tuple[Verdict, int]:
    """Work out anew what an item's live, counted answers come to, and how many they are."""
    with db.tx() as tx:
        project = projects.get(tx, project_id)
        serving = models.of(tx, project)
    rows = db.rows(
        "SELECT person_id, answers FROM judgments WHERE item_id = :id AND use = 'work' AND undone_ms IS NULL "
        "AND status = 'counted' ORDER BY id",
        id=item_id,
    )
    said = [Said(person_id, json.loads(answers)) for person_id, answers in rows]
    deciding = questions.deciding(questions.modelled(project.rules))
    return verdicts.verdict(project.rules, deciding, serving, said), len(said)


def stored(db: Db, item_id: int) -> list[Told]:
    """Read what is believed of an item."""
    return db.run(quality.beliefs_of, item_id)


def check_beliefs(db: Db) -> int:
    """Hold every belief against a recomputation. Return how many there are."""
    checked = 0
    for item_id, project_id in db.rows("SELECT id, project_id FROM items WHERE use = 'work'"):
        verdict, count = recomputed(db, project_id, item_id)
        believed = stored(db, item_id)
        if count == 0:
            assert believed == []
            continue
        assert [one.question for one in believed] == [one.question for one in verdict.told]
        for before, now in zip(believed, verdict.told, strict=True):
            assert not verdicts.differs(before, now), (before, now)
            checked += 1
    return checked


class Judges(Oracle):
    """The oracle of taps where models may decide how many answers an item wants."""

    def check_slots(self) -> None:
        """See that an item gets neither too many judgments nor too few, and that no slot is lost on the way."""
        for item_id, project_id, settled_ms, queued, returned, held in self.db.rows(
            "SELECT i.id, i.project_id, i.settled_ms, "
            "COALESCE((SELECT slots FROM queue AS q WHERE q.item_id = i.id), 0), "
            "(SELECT COUNT(*) FROM returned AS r WHERE r.item_id = i.id), "
            f"(SELECT COUNT(*) FROM assignments AS a WHERE a.item_id = i.id AND {HELD}) "
            "FROM items AS i WHERE i.use = 'work'"
        ):
            verdict, _ = recomputed(self.db, project_id, item_id)
            if settled_ms is not None:
                assert verdict.wanted == 0
                assert queued == returned == 0, "nobody new is sent to a settled item"
                continue
            assert verdict.wanted > 0
            assert queued + returned + held >= verdict.wanted, "somebody can still give what is wanted"
            assert queued + returned <= max(0, verdict.wanted - held), "and nobody is asked for more"


class Quality(test_machine.Taps):
    """Four students on two projects, whose answers are fitted, held and excluded meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.oracle = Judges(self.db)

    @rule(project=st.sampled_from([0, 0, 0, 1]))
    def a_refit(self, project: int) -> None:
        """Do what the timetable does when a refit is due, or was asked for."""
        loaded = self.db.run(refits.load, self.projects[project])
        self.db.run(refits.apply, loaded, refits.fit(loaded))

    @rule(project=st.sampled_from([0, 0, 0, 1]), turn=st.integers(1, 3))
    def a_refit_that_people_tap_into(self, project: int, turn: int) -> None:
        """Answers come between its steps."""
        loaded = self.db.run(refits.load, self.projects[project])
        self.answer(turn, ("o1", "t0+", "d"), 20)
        fitted = refits.fit(loaded)
        self.db.run(refits.install, loaded, fitted)
        self.answer(turn - 1, ("o0",), 20)
        for item_id in self.db.run(refits.to_look_at, loaded, fitted):
            self.db.run(quality.look_again, loaded.project_id, [item_id])
        self.db.run(refits.finish, loaded)

    @rule(which=st.integers(0, 30), status=st.sampled_from(["held", "excluded", "counted", "counted"]))
    def an_answer_changes_its_status(self, which: int, status: str) -> None:
        found = self.db.rows("SELECT id FROM judgments WHERE use IN ('work', 'gold') ORDER BY id")
        if not found:
            return
        (judgment_id,) = found[which % len(found)]
        paid = self.db.rows("SELECT account, asset, amount FROM balances ORDER BY account, asset")
        history = len(self.db.run(quality.validations_of, judgment_id))
        changed = self.db.run(quality.set_status, [judgment_id], status, "a test", {"n": which})
        after = self.db.run(quality.validations_of, judgment_id)
        assert len(after) == history + changed, "each decision is written down once"
        assert self.db.rows("SELECT account, asset, amount FROM balances ORDER BY account, asset") == paid
        if changed:
            assert self.db.value("SELECT status FROM judgments WHERE id = :id", id=judgment_id) == status

    @invariant()
    def beliefs_are_what_the_answers_say(self) -> None:
        check_beliefs(self.db)

    @invariant()
    def a_gold_was_answered_as_often_as_it_says(self) -> None:
        assert not self.db.rows(
            "SELECT i.id FROM items AS i WHERE i.use = 'gold' AND i.exposure <> "
            "(SELECT COUNT(*) FROM judgments AS j WHERE j.item_id = i.id AND j.use = 'gold' AND j.undone_ms IS NULL)"
        )


Quality.TestCase.settings = LONG_RUN if LONG else settings(SHORT_RUN, max_examples=12)
TestQuality = Quality.TestCase
