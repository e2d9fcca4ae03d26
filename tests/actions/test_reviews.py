"""Reviews: a senior student judges a disputed item on their own, as any other, and may rule once they saw what others answered."""

from __future__ import annotations

import pytest

from actions import disputes, exports, judgments, outcomes, quality, refusals, reviews, second_looks, work
from actions.offers import SecondLook
from actions.work import Card, NothingNow
from rules import seniors
from rules.seniors import Figures
from tests.actions.conftest import Db
from tests.actions.disputed import scene
from tests.actions.projects_for_tests import card_of, fill


def look_of(following: object) -> SecondLook:
    """Give the second look that comes next, or fail with what came instead."""
    assert isinstance(following, SecondLook), following
    return following


def test_a_dispute_goes_to_a_senior_as_an_ordinary_card_and_is_paid_as_one(db: Db) -> None:
    made = scene(db)
    visitor, person = made.senior()
    card = card_of(made.next(visitor))
    assert card.stage == "work"
    assert db.rows("SELECT use, item_id FROM assignments WHERE token = :token", token=card.token) == [
        ("work", 1)
    ]
    made.answer(visitor, card, "o1", seconds=30)
    assert db.rows(
        "SELECT credited_ms, amount_micro, status FROM judgments WHERE person_id = :id", id=person.id
    ) == [(30_000, 200_000, "counted")]
    assert db.value("SELECT COUNT(*) FROM returned") == 0, "it took nobody's slot and left none behind"


def test_a_seniors_answer_is_in_the_data_though_the_item_had_all_that_it_wanted(db: Db) -> None:
    made = scene(db)
    visitor, _person = made.senior()
    made.answer(visitor, card_of(made.next(visitor)), "o1")
    [item] = db.run(exports.page, made.project, False).items
    assert [one.answers["correct"] for one in item.given] == ["yes", "no", "yes", "no", "no"]
    assert db.run(exports.page, made.project, False).late == 0


def test_others_are_not_asked_and_neither_is_who_has_met_it(db: Db) -> None:
    made = scene(db)
    ordinary, _ = made.join(50)
    assert isinstance(made.next(ordinary), NothingNow)
    voter = db.value("SELECT person_id FROM judgments WHERE id = 1")
    db.run(reviews.name, made.coordinator, made.project.id, voter, named=True)
    assert isinstance(made.next(made.students[0]), NothingNow)


def test_one_senior_at_a_time_has_a_dispute(db: Db) -> None:
    made = scene(db)
    first, second = made.senior(50)[0], made.senior(51)[0]
    card = card_of(made.next(first))
    assert isinstance(made.next(second), NothingNow)
    left = db.run(judgments.tap, first, card.token, card.step, "s")
    assert isinstance(left, outcomes.Left)
    assert isinstance(made.next(second), Card), "who leaves it leaves it to another one"


def test_a_review_takes_the_place_of_an_answer_that_its_item_wants_again(db: Db) -> None:
    made = scene(db)
    visitor, _ = made.senior()
    card = card_of(made.next(visitor))
    # An answer that is excluded meanwhile opens the item again; the one that is out may fill its place.
    db.run(quality.set_status, [1], "excluded", "test", {})
    assert db.value("SELECT COUNT(*) FROM returned") == 0
    db.run(judgments.tap, visitor, card.token, card.step, "s")
    assert db.value("SELECT COUNT(*) FROM returned") == 1, "left, it is free for somebody else"


def test_the_others_answers_are_seen_after_ones_own_and_without_names(db: Db) -> None:
    made = scene(db)
    visitor, _ = made.senior()
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    assert look.own == {"correct": "no", "why": ["digit"]}
    assert [(side.verdict, side.count) for side in look.sides] == [
        ({"correct": "no"}, 2),
        ({"correct": "yes"}, 2),
    ]
    assert isinstance(made.next(visitor), SecondLook), "it waits, whatever they ask for"


def test_a_senior_who_is_sure_rules_and_is_believed_as_their_golds_say(db: Db) -> None:
    made = scene(db)
    visitor, person = made.senior(golds=40, right=38)
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    state, following = db.run(second_looks.decide, visitor, look.token, "k")
    assert state == "kept"
    assert isinstance(following, NothingNow)
    assert made.belief() == ("adjudicated", "no", round(1_000_000 * 39 / 42))
    assert db.rows("SELECT role, person_id, reason, answers FROM rulings") == [
        ("senior", person.id, "sure", '{"correct": "no"}')
    ]
    with pytest.raises(refusals.OutOfDate):
        db.run(second_looks.decide, visitor, look.token, "k")


def test_a_change_rules_and_leaves_the_judgment_as_it_was(db: Db) -> None:
    made = scene(db)
    visitor, person = made.senior()
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    assert db.run(second_looks.decide, visitor, look.token, "co0")[0] == "changed"
    assert made.belief()[:2] == ("adjudicated", "yes")
    assert db.value("SELECT answers FROM judgments WHERE person_id = :id", id=person.id).startswith(
        '{"correct": "no"'
    )
    ruling = db.run(disputes.see, made.coordinator, 1).ruling
    assert ruling is not None
    db.run(disputes.rule, made.coordinator, 1, ["o1"])
    assert made.belief() == ("adjudicated", "no", 1_000_000), "a coordinator overrules"


@pytest.mark.parametrize(("operation", "state"), [("n", "passed"), ("d", "doubted")])
def test_who_passes_or_doubts_leaves_it_to_the_coordinator(db: Db, operation: str, state: str) -> None:
    made = scene(db)
    visitor, other = made.senior(50)[0], made.senior(51)[0]
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    assert db.run(second_looks.decide, visitor, look.token, operation)[0] == state
    assert made.state() == "unsure"
    assert isinstance(made.next(visitor), NothingNow)
    assert isinstance(made.next(other), NothingNow), "one senior is enough; now it waits for the coordinator"
    found = db.run(disputes.at, made.coordinator, made.project.id)
    assert found is not None
    assert [look.state for look in found.looks] == [state]
    assert sum(side.count for side in found.sides) == 5
    assert db.run(disputes.queues, made.coordinator)[0].reviewed == 1


@pytest.mark.parametrize("operation", ["co1", "co7", "c", "x", "", "co0.o0"])
def test_forged_second_looks_change_nothing(db: Db, operation: str) -> None:
    made = scene(db)
    visitor, _ = made.senior()
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    with pytest.raises(refusals.OutOfDate):
        db.run(second_looks.decide, visitor, look.token, operation)
    with pytest.raises(refusals.NotYours):
        db.run(second_looks.decide, made.students[0], look.token, "k")
    assert made.state() == "unsure"
    assert isinstance(made.next(visitor), SecondLook)


def test_nobody_looks_before_they_judged(db: Db) -> None:
    made = scene(db)
    visitor, _ = made.senior()
    card = card_of(made.next(visitor))
    for action in (second_looks.see, second_looks.decide):
        with pytest.raises((refusals.OutOfDate, refusals.NotYours)):
            db.run(action, visitor, card.token, *(["k"] if action is second_looks.decide else []))  # type: ignore[arg-type]


def test_who_has_seen_the_others_answers_cannot_take_their_own_back(db: Db) -> None:
    made = scene(db)
    fill(db, made.project.id, work=8)
    visitor, person = made.senior()
    db.connection.execute("DELETE FROM returned")
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    _state, following = db.run(second_looks.decide, visitor, look.token, "n")
    card = card_of(following)
    undone = db.run(judgments.tap, visitor, card.token, card.step, "u")
    assert isinstance(undone, outcomes.CannotUndo)
    assert (
        db.value("SELECT COUNT(*) FROM judgments WHERE person_id = :id AND undone_ms IS NULL", id=person.id)
        == 1
    )


def test_seniors_meet_gold_in_place_of_disputes_too(db: Db) -> None:
    made = scene(db)
    fill(db, made.project.id, gold=3, work=0)
    db.connection.execute(
        "UPDATE projects SET definition = REPLACE(REPLACE(definition, '\"gold_share\":0.0', '\"gold_share\":1.0'), "
        "'\"gold_share_bounds\":[0.0,0.5]', '\"gold_share_bounds\":[1.0,1.0]')"
    )
    visitor, _ = made.senior()
    uses = []
    following = made.next(visitor)
    while isinstance(following, Card):
        uses.append(db.value("SELECT use FROM assignments WHERE token = :token", token=following.token))
        following = made.answer(visitor, following, "o0")
    assert uses == ["gold", "gold", "gold", "work"], "the dispute waits while gold is due"
    look_of(following)


def test_a_dispute_that_was_ruled_meanwhile_asks_no_second_look(db: Db) -> None:
    made = scene(db)
    visitor, _ = made.senior()
    card = card_of(made.next(visitor))
    db.run(disputes.rule, made.coordinator, 1, ["o0"])
    assert isinstance(made.answer(visitor, card, "o1"), NothingNow)
    assert made.belief()[:2] == ("adjudicated", "yes")


def test_a_senior_who_lost_that_standing_has_a_view_and_does_not_rule(db: Db) -> None:
    made = scene(db)
    visitor, person = made.senior()
    look = look_of(made.answer(visitor, card_of(made.next(visitor)), "o1"))
    db.run(reviews.name, made.coordinator, made.project.id, person.id, named=False)
    assert db.run(second_looks.decide, visitor, look.token, "k")[0] == "passed"
    assert made.state() == "unsure"


def test_a_project_may_keep_disputes_from_seniors(db: Db) -> None:
    made = scene(db)
    visitor, _ = made.senior()
    db.connection.execute(
        "UPDATE projects SET definition = REPLACE(definition, '\"senior\":true', '\"senior\":false')"
    )
    assert isinstance(db.run(work.go_on, visitor, made.project.id), NothingNow)


def test_the_best_students_are_seniors_by_their_figures() -> None:
    good = Figures("active", 36, 40, 1600, 0)
    assert seniors.is_senior(good)
    for worse in (
        Figures("active", 28, 29, 1600, 0),
        Figures("active", 36, 40, 1100, 0),
        Figures("active", 36, 40, None, None),
        Figures("active", 36, 40, 1600, 900),
        Figures("watched", 36, 40, 1600, 0),
        Figures("paused", 36, 40, 1600, 0, named=True),
        Figures("active", 36, 40, 1600, 0, named=False),
    ):
        assert not seniors.is_senior(worse), worse
    assert seniors.is_senior(Figures("active", 0, 0, None, None, named=True))


def test_a_senior_is_never_believed_beyond_what_their_golds_can_show() -> None:
    assert seniors.confidence(30, 30)[0] == pytest.approx(31 / 32)
    assert seniors.confidence(0, 0) == (0.5, 0.0, 1.0)
    for golds in range(1, 60):
        for right in range(golds + 1):
            told, low, high = seniors.confidence(right, golds)
            assert 0 <= low <= told <= high <= 1
