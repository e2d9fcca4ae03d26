"""Which answers count: held, excluded, undone, ruled on or late ones; golds that rest; and input that is odd."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from actions import (
    assignments,
    exports,
    judgments,
    ledger,
    models,
    outcomes,
    projects,
    quality,
    refits,
    work,
)
from actions.people import Visitor
from bot.verify import judgments as verify
from rules import project_file
from rules.quality import questions
from rules.quality.questions import Asked
from tests.actions.conftest import Db
from tests.actions.crowd import Crowd, labels, live, refit
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.test_quality_machine import check_beliefs
from tests.actions.working import judge, start


def test_an_even_split_ends_in_doubt_and_asks_nobody_for_ever(db: Db) -> None:
    project = make(db, work_items=1)
    for number, tap in enumerate(("o0", "o1", "o0", "o1")):
        visitor, following = start(db, project, 100 + number)
        judge(db, visitor, card_of(following), tap)
    visitor, following = start(db, project, 200)
    assert isinstance(following, work.NothingNow)
    assert db.rows("SELECT state, given FROM beliefs") == [("unsure", 4)]
    assert db.value("SELECT settled_ms IS NOT NULL FROM items") == 1, "its pay is not held back by that"
    assert db.value("SELECT COUNT(*) FROM approvals_due") == 4


def test_an_answer_after_the_release_is_kept_and_counts_for_the_next_one(db: Db) -> None:
    project = make(db, work_items=1)
    cards = []
    for number in range(2):
        visitor, following = start(db, project, 100 + number)
        cards.append((visitor, card_of(following)))
    db.clock.advance(11 * 60_000)
    db.run(assignments.expire_leases)
    for number in range(2, 4):
        visitor, following = start(db, project, 100 + number)
        judge(db, visitor, card_of(following), "o0")
    released = db.rows("SELECT label, given, state FROM beliefs")
    assert released == [("yes", 2, "settled")]
    late = db.run(quality.beliefs_of, 1)[0]
    db.connection.execute(
        "UPDATE assignments SET state = 'open', lease_expires_ms = :late WHERE token = :token",
        {"late": db.clock.now_ms + 60_000, "token": cards[0][1].token},
    )
    judge(db, cards[0][0], cards[0][1], "o1")
    assert db.rows("SELECT label, given, state FROM beliefs") == [("yes", 3, "open")], (
        "it says less than before"
    )
    assert db.run(quality.beliefs_of, 1)[0].confidence < late.confidence


def test_excluded_answers_count_no_more_and_stay_paid(db: Db) -> None:
    project = make(db, work_items=1)
    for number, tap in enumerate(("o0", "o0")):
        visitor, following = start(db, project, 100 + number)
        judge(db, visitor, card_of(following), tap)
    db.clock.advance(ledger.UNDO_WINDOW_MS)
    paid = db.rows("SELECT account, asset, amount FROM balances ORDER BY account, asset")
    figures = {"seconds": 2, "floor": 9}
    assert db.run(quality.set_status, [1, 1, 99], "excluded", "script", figures, 1) == 1
    assert db.rows("SELECT state, given FROM beliefs") == [("open", 1)]
    assert db.value("SELECT settled_ms FROM items") is None
    assert db.value("SELECT COUNT(*) FROM returned") == 1, "somebody else is asked in its place"
    assert db.rows("SELECT account, asset, amount FROM balances ORDER BY account, asset") == paid
    assert db.run(ledger.approve_due) == 2, "unsettling takes no approval back"
    [told] = db.run(quality.validations_of, 1)
    assert (told.status, told.rule, json.loads(told.figures), told.decided_by) == (
        "excluded",
        "script",
        figures,
        1,
    )
    assert db.run(refits.due) == [project.id], "a human said so"
    db.run(quality.set_status, [1, 2], "counted", "appeal granted", {}, 1)
    assert db.rows("SELECT state, given FROM beliefs") == [("settled", 2)]
    assert [one.status for one in db.run(quality.validations_of, 1)] == ["excluded", "counted"]
    assert db.run(quality.validations_of, 2) == [], "it counted all the time"


def test_items_of_very_many_answers_follow_with_the_refit(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "ITEMS_AT_ONCE", 9)
    project = make(db, work_items=12)
    Crowd(db, project, [0.95, 0.9, 0.9]).work(8)
    given = [row[0] for row in db.rows("SELECT id FROM judgments ORDER BY id")]
    before = db.rows("SELECT item_id, given FROM beliefs ORDER BY item_id")
    assert len(before) > 9
    assert db.run(quality.set_status, given, "excluded", "standing", {}) == len(given) >= 20
    assert db.rows("SELECT item_id, given FROM beliefs ORDER BY item_id") == before, (
        "nobody's tap waits for it"
    )
    assert refit(db) == 1
    assert db.rows("SELECT item_id FROM beliefs") == [], "no answer speaks about any item"
    assert db.value("SELECT COUNT(*) FROM items WHERE settled_ms IS NOT NULL") == 0
    db.run(quality.set_status, given, "counted", "appeal granted", {}, 1)
    refit(db)
    assert db.rows("SELECT item_id, given FROM beliefs ORDER BY item_id") == before
    check_beliefs(db)


def test_a_ruling_stays_whatever_is_answered_after_it(db: Db) -> None:
    project = make(db, work_items=1)
    visitors = []
    for number, tap in enumerate(("o0", "o1", "o0", "o1")):
        visitor, following = start(db, project, 100 + number)
        visitors.append(visitor)
        judge(db, visitor, card_of(following), tap)
    db.connection.execute(
        "UPDATE beliefs SET state = 'adjudicated', label = 'no', confidence = 990000, high = 1000000"
    )
    db.run(quality.set_status, [1], "excluded", "script", {})
    db.run(quality.ask_refit, project.id)
    refit(db)
    assert db.rows("SELECT state, label, confidence FROM beliefs") == [("adjudicated", "no", 990_000)]
    assert db.value("SELECT settled_ms IS NOT NULL FROM items") == 1
    [item] = db.run(exports.page, project, False).items
    assert (item.status, item.leading["correct"].value, item.is_settled) == ("adjudicated", "no", True)


def test_a_gold_rests_once_it_was_shown_often_enough(db: Db) -> None:
    make(db, golds=8, work_items=40, gold_share=0.5)
    text = TOML.format(training=0, exam=0, gold_share=0.5).replace(
        "[quality]", "[quality]\ngold_exposure = 2"
    )
    db.run(projects.create_or_update, None, text)
    project = db.run(projects.by_slug, "sums")
    for number in range(8):
        visitor, following = start(db, project, 100 + number)
        for _ in range(18):
            if not isinstance(following, work.Card):
                break
            following = judge(db, visitor, following, "o0")
    assert {shown for (shown,) in db.rows("SELECT exposure FROM items WHERE use = 'gold'")} == {2}
    refit(db)
    assert db.value("SELECT COUNT(*) FROM items WHERE retired_ms IS NOT NULL") == 8


def test_a_gold_in_doubt_is_shown_to_nobody_and_teaches_the_models_nothing(db: Db) -> None:
    project = make(db, golds=4, work_items=30, gold_share=0.5)
    crowd = Crowd(db, project, [0.9, 0.9])
    crowd.work(12)
    assert len(db.run(refits.load, project.id).data.golds) == 4
    db.connection.execute("UPDATE items SET frozen_ms = 1 WHERE use = 'gold'")
    data = db.run(refits.load, project.id).data
    assert (len(data.golds), len(data.apart)) == (0, 4)
    met = db.value("SELECT COUNT(*) FROM assignments WHERE use = 'gold'")
    visitor, following = start(db, project, 300)
    for _ in range(10):
        following = judge(db, visitor, card_of(following), "o0")
    assert db.value("SELECT COUNT(*) FROM assignments WHERE use = 'gold'") == met


def test_a_model_of_other_options_does_not_serve(db: Db) -> None:
    project = make(db, golds=6, work_items=30, gold_share=0.3)
    Crowd(db, project, [0.9, 0.9, 0.9]).work(8)
    serving = db.run(models.of, project)
    assert serving.by_key["correct"].answers > 0
    definition = json.loads(project.definition)
    definition["ask"][0]["options"].append({"value": "unsure", "label": "Cannot tell"})
    changed = dataclasses.replace(project, definition=project_file.dump(project_file.check(definition)))
    after = db.run(models.of, changed)
    assert (after.by_key["correct"].classes, after.by_key["correct"].answers) == (3, 0)
    assert after.by_key["why:digit"].answers == serving.by_key["why:digit"].answers


def test_one_class_of_gold_fits_all_the_same(db: Db) -> None:
    project = make(db, golds=12, work_items=100, gold_share=0.3)
    Crowd(db, project, [0.9, 0.85, 0.8, 0.9]).work(60)
    found = labels(db)
    assert len(found) > 60
    right = sum(label == ("yes" if item % 2 == 0 else "no") for item, label in found.items())
    assert right >= 0.85 * len(found), 'all golds say "yes", and half of the items are "no"'


def undone_state(db: Db) -> list[Any]:
    return [
        db.rows(
            "SELECT item_id, question, label, posterior, confidence, given, urgency, state FROM beliefs ORDER BY 1, 2"
        ),
        db.rows("SELECT item_id, urgency, COUNT(*) FROM returned GROUP BY 1, 2 ORDER BY 1, 2"),
        db.rows("SELECT id, settled_ms IS NULL, exposure FROM items ORDER BY id"),
        db.rows("SELECT judgment_id FROM approvals_due ORDER BY 1"),
    ]


def test_undo_reverses_all_that_an_answer_did_to_beliefs(db: Db) -> None:
    project = make(db, golds=12, work_items=30, gold_share=0.3)
    crowd = Crowd(db, project, [0.9, 0.8])
    crowd.work(12)
    visitor, _ = crowd.people[0]
    undone = 0
    for _ in range(12):
        following = crowd.following[0]
        if isinstance(following, work.SetEnded):
            following = db.run(work.begin_set, visitor, project.id)
        card = card_of(following)
        before = undone_state(db)
        nearby = judge(db, visitor, card, "o1", 20)
        if isinstance(nearby, work.Card) and undone < 6:
            outcome = db.run(judgments.tap, visitor, nearby.token, nearby.step, "u")
            assert isinstance(outcome, outcomes.Undone)
            held = [db.value("SELECT item_id FROM assignments WHERE token = :token", token=nearby.token)]
            assert same_but_for(before, undone_state(db), held)
            undone += 1
            crowd.following[0] = judge_again(db, visitor, outcome.card)
        else:
            crowd.following[0] = nearby
    assert undone == 6


def judge_again(db: Db, visitor: Visitor, card: work.Card) -> work.Next:
    """Finish an answer that was taken back to its last question."""
    outcome: outcomes.Outcome = outcomes.Stepped(card)
    while isinstance(outcome, outcomes.Stepped):
        shown = outcome.card
        operation = "o1" if not shown.draft.answers else "d" if shown.draft.marks else "t0+"
        outcome = db.run(judgments.tap, visitor, shown.token, shown.step, operation)
    assert isinstance(outcome, outcomes.Recorded)
    return outcome.next


def same_but_for(before: list[Any], after: list[Any], held: list[int]) -> bool:
    """Compare what is believed and handed out; the item that lay open in between has its slots handed out now."""
    return (
        before[0] == after[0]
        and before[2:] == after[2:]
        and (
            [row for row in before[1] if row[0] not in held]
            == [row for row in after[1] if row[0] not in held]
        )
    )


def test_only_questions_that_decide_are_believed_and_tags_are_modelled_one_by_one(db: Db) -> None:
    project = make(db, work_items=30)
    Crowd(db, project, [0.8, 0.8, 0.8]).work(15)
    assert {question for (question,) in db.rows("SELECT question FROM beliefs")} == {"correct"}
    keys = {key for (key,) in db.rows("SELECT question FROM models")}
    assert keys == {"correct", "why:digit", "why:sign"}
    asked = {one.key: one for one in questions.of_definition(project.definition)}
    assert asked["correct"] == Asked("correct", ("yes", "no"), decides=True)
    assert asked["why:digit"].classes == ("no", "yes")


def test_a_gold_that_was_chosen_tells_of_people_and_not_of_labels(db: Db) -> None:
    project = make(db, golds=12, work_items=40, gold_share=0.3)
    Crowd(db, project, [0.95, 0.9, 0.9, 0.9]).work(14)
    golds = db.value("SELECT golds FROM models WHERE question = 'correct'")
    seen = {one.person_id: one.golds for one in db.run(quality.readings, project.id)}
    assert golds > 4
    db.connection.execute("UPDATE items SET gold_kind = 'balanced' WHERE use = 'gold'")
    db.run(quality.ask_refit, project.id)
    refit(db)
    assert db.value("SELECT golds FROM models WHERE question = 'correct'") == 0, (
        "no confidence is claimed by them"
    )
    assert {one.person_id: one.golds for one in db.run(quality.readings, project.id)} == seen


def test_an_answer_asked_in_the_place_of_an_excluded_one_is_no_fault_of_the_books(db: Db) -> None:
    project = make(db, work_items=1)
    for number, tap in enumerate(("o0", "o1", "o0", "o1")):
        visitor, following = start(db, project, 100 + number)
        judge(db, visitor, card_of(following), tap)
    db.run(quality.set_status, [1], "excluded", "script", {})
    visitor, following = start(db, project, 200)
    judge(db, visitor, card_of(following), "o1")
    assert live(db) == 5, "four of them count"
    assert not list(verify.check_overlap(db.connection))
    db.connection.execute("DELETE FROM validations")
    assert list(verify.check_overlap(db.connection)) == [
        "item 1 of sums has 5 judgments; at most 4 were asked for"
    ]
