"""Gold items: a doubtful key is frozen at once and counts for nobody until its owner decides; clear items are proposed as new gold."""

from __future__ import annotations

import json

import pytest

from actions import gold_items, gold_proposals, qualifications, refits, refusals, roles, round_drafts, work
from actions.gold_items import DOUBTFUL, LEAKED
from actions.people import Visitor
from actions.projects import Project
from handlers.views import gold_items as view
from rules.quality.bad_golds import DoubtfulGold, LeakedGold
from tests.actions.conftest import Db
from tests.actions.disputed import answer
from tests.actions.projects_for_tests import card_of, make

RIGHT, WRONG = '{"correct": "yes"}', '{"correct": "no", "why": ["digit"]}'


class House:
    """A project with four golds whose key is "yes", ten students who answered them, and a coordinator. Gold number 1 has the wrong key."""

    def __init__(self, db: Db, students: int = 10) -> None:
        self.db = db
        self.project: Project = make(db, golds=4, work_items=6)
        self.coordinator, person = db.join(900, "coordinator")
        db.run(roles.let_manage, person.id, self.project.id)
        self.golds = [row[0] for row in db.rows("SELECT id FROM items WHERE use = 'gold' ORDER BY id")]
        self.works = [row[0] for row in db.rows("SELECT id FROM items WHERE use = 'work' ORDER BY id")]
        self.students: list[tuple[Visitor, int]] = []
        for number in range(students):
            visitor, one = db.join(number + 1)
            self.students.append((visitor, one.id))
            self._join(one.id)
            for item in self.golds:
                self.judge(one.id, item, WRONG if item == self.golds[0] else RIGHT, "gold")

    def _join(self, person_id: int) -> None:
        self.db.connection.execute(
            "INSERT INTO qualifications (person_id, project_id, standing, attempt, answered, exam_right, queue_cursor, returned_cursor, "
            "gold_cursor, gold_right, gold_wrong, set_done, set_credited_ms, set_amount_micro, joined_ms, changed_ms) "
            "VALUES (:id, 1, 'active', 1, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0)",
            {"id": person_id},
        )

    def judge(self, person_id: int, item_id: int, answers: str, use: str) -> None:
        """Let somebody have answered an item."""
        token = f"{person_id}-{item_id}"
        self.db.connection.execute(
            "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen, "
            "first_shown_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms) "
            "VALUES (:token, :person, 1, :item, 1, :use, 'judged', 0, '', 0, 0, 0, 0, 0, 0, 0, 'USD', 0)",
            {"token": token, "person": person_id, "item": item_id, "use": use},
        )
        correct = int(answers == RIGHT) if use == "gold" else None
        self.db.connection.execute(
            "INSERT INTO judgments (token, person_id, project_id, item_id, use, answers, correct, shown_ms, answered_ms, credited_ms, "
            "amount_micro, currency, status) VALUES (:token, :person, 1, :item, :use, :answers, :correct, 0, 0, 0, 0, 'USD', 'counted')",
            {
                "token": token,
                "person": person_id,
                "item": item_id,
                "use": use,
                "answers": answers,
                "correct": correct,
            },
        )

    def look(self) -> int:
        """Find what a refit would."""
        doubtful = [DoubtfulGold(self.golds[0], 0, 1, 0.01, 0, len(self.students))]
        return self.db.run(gold_items.look, self.project, doubtful, [])

    def figures(self) -> set[tuple[int, int]]:
        """Give the gold figures that people have: (right, wrong)."""
        return set(self.db.rows("SELECT gold_right, gold_wrong FROM qualifications"))

    def case(self, kind: str = DOUBTFUL) -> gold_items.Laid:
        """Give the first open case."""
        found = self.db.run(gold_items.at, self.coordinator, 1, kind)
        assert found is not None
        return found


def test_a_doubtful_gold_is_frozen_at_once_and_its_effect_on_people_undone(db: Db) -> None:
    house = House(db)
    assert house.figures() == {(3, 1)}
    assert house.look() == 1
    assert house.figures() == {(3, 0)}
    assert db.run(gold_items.health, 1) == gold_items.Health(3, 1, 0)
    assert (
        db.value(
            "SELECT COUNT(*) FROM judgments WHERE item_id = :id AND correct IS NOT NULL", id=house.golds[0]
        )
        == 0
    )
    assert house.look() == 0, "once is enough"
    told = db.rows("SELECT key FROM deliveries WHERE key LIKE 'golds:%'")
    assert len(told) == 1


def test_an_answer_that_was_under_way_when_its_gold_froze_counts_only_once_that_is_decided(db: Db) -> None:
    house = House(db, students=0)
    visitor, _person = db.join(50)
    db.run(qualifications.join, visitor, 1)
    db.connection.execute(
        "UPDATE projects SET definition = REPLACE(REPLACE(definition, '\"gold_share\":0.0', '\"gold_share\":1.0'), "
        "'\"gold_share_bounds\":[0.0,0.5]', '\"gold_share_bounds\":[1.0,1.0]')"
    )
    card = card_of(db.run(work.go_on, visitor, 1))
    item_id = db.value("SELECT item_id FROM assignments WHERE token = :token", token=card.token)
    db.run(gold_items.look, house.project, [DoubtfulGold(item_id, 0, 1, 0.01, 0, 9)], [])
    answer(db, visitor, card, "o1")
    assert house.figures() == {(0, 0)}
    db.run(gold_items.keep, house.coordinator, house.case().case.id)
    assert house.figures() == {(0, 1)}


def test_a_key_that_is_right_counts_again_and_is_doubted_no_more(db: Db) -> None:
    house = House(db)
    house.look()
    db.run(gold_items.keep, house.coordinator, house.case().case.id)
    assert house.figures() == {(3, 1)}
    assert db.run(gold_items.health, 1) == gold_items.Health(4, 0, 0)
    assert house.look() == 0
    with pytest.raises(refusals.OutOfDate):
        db.run(gold_items.keep, house.coordinator, 1)


def test_a_new_key_turns_the_figures_and_keeps_what_still_fits(db: Db) -> None:
    house = House(db)
    house.look()
    assert house.case().case.seen["likely"] == "no"
    db.run(gold_items.rekey, house.coordinator, house.case().case.id, "o1")
    assert house.figures() == {(4, 0)}
    assert json.loads(db.value("SELECT gold FROM items WHERE id = :id", id=house.golds[0])) == {
        "correct": "no"
    }
    assert db.run(gold_items.by_key, house.project) == {"yes": 3, "no": 1}


def test_a_dropped_gold_speaks_about_nobody_for_good(db: Db) -> None:
    house = House(db)
    house.look()
    db.run(gold_items.drop, house.coordinator, house.case().case.id)
    assert house.figures() == {(3, 0)}
    assert db.run(gold_items.health, 1) == gold_items.Health(3, 0, 1)
    loaded = db.run(refits.load, 1)
    assert house.golds[0] not in loaded.data.golds


def test_a_wrong_key_of_a_gold_that_is_worn_out_speaks_about_nobody_either(db: Db) -> None:
    house = House(db)
    db.connection.execute("UPDATE items SET retired_ms = 1 WHERE id = :id", {"id": house.golds[0]})
    assert house.look() == 1
    assert house.figures() == {(3, 0)}
    assert db.run(gold_items.health, 1) == gold_items.Health(3, 1, 0), "it waits for its owner"
    db.run(gold_items.drop, house.coordinator, house.case().case.id)
    assert db.run(gold_items.health, 1) == gold_items.Health(3, 0, 1)


def test_a_leaked_gold_is_retired_and_can_be_used_again(db: Db) -> None:
    house = House(db)
    leak = [LeakedGold(house.golds[1], 9, 9, 4.5, 0.001)]
    assert db.run(gold_items.look, house.project, [], leak) == 1
    assert db.run(gold_items.health, 1) == gold_items.Health(3, 0, 1)
    assert house.figures() == {(3, 1)}, "what was answered before it leaked was no fault of anybody"
    db.run(gold_items.keep, house.coordinator, house.case(LEAKED).case.id)
    assert db.run(gold_items.health, 1) == gold_items.Health(4, 0, 0)
    assert db.run(gold_items.look, house.project, [], leak) == 0


def test_a_refit_finds_the_wrong_key_before_it_judges_anybody_by_it(db: Db) -> None:
    house = House(db)
    loaded = db.run(refits.load, 1)
    fitted = refits.fit(loaded)
    assert [gold.item_id for gold in fitted.doubtful] == [house.golds[0]]
    assert all(seen.reading.golds_right == seen.reading.golds for seen in fitted.seen)
    db.run(refits.apply, loaded, fitted)
    assert house.figures() == {(3, 0)}
    assert house.case().item.id == house.golds[0]


@pytest.mark.parametrize("operation", ["o2", "v1", "", "xn"])
def test_forged_keys_change_nothing(db: Db, operation: str) -> None:
    house = House(db)
    house.look()
    with pytest.raises(refusals.OutOfDate):
        db.run(gold_items.rekey, house.coordinator, 1, operation)
    with pytest.raises(refusals.NotAllowed):
        db.run(gold_items.rekey, house.students[0][0], 1, "o1")
    assert db.run(gold_items.health, 1).frozen == 1


def sure(house: House, item_id: int, label: str = "no", confidence: int = 995_000, given: int = 6) -> None:
    """Let an item be settled as surely as this."""
    house.db.connection.execute("UPDATE items SET settled_ms = 1 WHERE id = :id", {"id": item_id})
    house.db.connection.execute("DELETE FROM queue WHERE item_id = :id", {"id": item_id})
    house.db.connection.execute(
        "INSERT INTO beliefs (project_id, item_id, question, label, posterior, confidence, low, high, given, urgency, state, "
        "model_version, changed_ms) VALUES (1, :item, 'correct', :label, '{}', :sure, :sure, :sure, :given, 0, 'settled', 1, 0)",
        {"item": item_id, "label": label, "sure": confidence, "given": given},
    )


def test_only_clear_items_are_proposed_and_the_rarest_key_first(db: Db) -> None:
    house = House(db)
    sure(house, house.works[0], label="yes")
    sure(house, house.works[1], label="no")
    sure(house, house.works[2], confidence=989_000)
    sure(house, house.works[3], given=4)
    assert db.run(gold_proposals.count, house.project) == 2
    found = db.run(gold_proposals.following, house.coordinator, 1)
    assert found is not None
    assert (found.item.id, found.gold, found.of) == (house.works[1], {"correct": "no"}, 2)


def test_a_proposed_item_becomes_gold_with_one_tap_and_its_makers_are_not_credited(db: Db) -> None:
    house = House(db)
    for _visitor, person_id in house.students:
        house.judge(person_id, house.works[0], WRONG, "work")
    sure(house, house.works[0])
    db.run(gold_proposals.accept, house.coordinator, house.works[0])
    assert db.rows("SELECT use, gold, gold_kind, exposure FROM items WHERE id = :id", id=house.works[0]) == [
        ("gold", '{"correct": "no"}', "balanced", 10)
    ]
    assert house.figures() == {(3, 1)}
    loaded = db.run(refits.load, 1)
    assert house.works[0] in loaded.data.golds
    assert house.works[0] not in loaded.data.answers.items.tolist(), (
        "it agrees with them because it was made of them"
    )
    with pytest.raises(refusals.OutOfDate):
        db.run(gold_proposals.accept, house.coordinator, house.works[0])


def test_what_a_round_is_about_is_not_proposed(db: Db) -> None:
    house = House(db)
    sure(house, house.works[0])
    draft = db.run(round_drafts.begin, house.coordinator, 1)
    db.run(round_drafts.add_others, house.coordinator, draft.round.id, 5)
    assert db.run(gold_proposals.following, house.coordinator, 1) is None, (
        "its cohort will be told what is right"
    )


def test_a_declined_item_is_not_proposed_again(db: Db) -> None:
    house = House(db)
    sure(house, house.works[0])
    db.run(gold_proposals.decline, house.coordinator, house.works[0])
    assert db.run(gold_proposals.following, house.coordinator, 1) is None
    assert db.value("SELECT use FROM items WHERE id = :id", id=house.works[0]) == "work"
    with pytest.raises(refusals.OutOfDate):
        db.run(gold_proposals.accept, house.coordinator, house.works[0])


def test_who_opens_a_project_is_told_what_its_golds_cannot_do(db: Db) -> None:
    house = House(db, students=0)
    assert db.run(gold_items.outlook, house.coordinator, 1) is None, "without gold nothing is promised"
    db.connection.execute(
        "UPDATE projects SET definition = REPLACE(definition, '\"gold_share\":0.0', '\"gold_share\":0.1')"
    )
    found = db.run(gold_items.outlook, house.coordinator, 1)
    assert found == gold_items.Outlook(golds=4, keys=1, useful=18)
    assert "All keys say the same" in view.warning(found)
    assert "With 4 golds no label can be called surer than 83 %" in view.warning(found)
    assert view.warning(gold_items.Outlook(golds=18, keys=2, useful=18)) == view.warning(None) == ""
    with pytest.raises(refusals.NotAllowed):
        db.run(gold_items.outlook, db.join(77)[0], 1)
