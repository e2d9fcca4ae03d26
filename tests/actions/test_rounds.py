"""Calibration rounds as actions: what is proposed, who is asked what, what it is paid, when it ends, and what is told to whom."""

from __future__ import annotations

import json

import pytest

from actions import (
    assignments,
    consents,
    items,
    judgments,
    outcomes,
    projects,
    qualifications,
    refusals,
    round_drafts,
    round_figures,
    round_results,
    round_rulings,
    rounds,
)
from actions import work as working
from actions.people import Visitor
from actions.projects import Project
from actions.rounds import Seen
from actions.work import Card
from rules import rounds as rules
from rules.credit import DAY_MS
from rules.item_file import Item
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start
from tests.stories.projects import SCALES

YES, NO = "o0", "o1"


def crowd(db: Db, project: Project, count: int) -> list[Visitor]:
    """Bring so many students to work on a project; none holds an item."""
    found = []
    for number in range(count):
        visitor, _ = db.join(100 + number)
        db.run(qualifications.join, visitor, project.id)
        found.append(visitor)
    return found


@pytest.fixture
def boss(db: Db) -> Visitor:
    """Give an admin, who manages every project."""
    return db.join(9, "admin")[0]


def drafted(db: Db, boss: Visitor, project: Project) -> Seen:
    """Draft a round of five, whatever items it takes."""
    draft = db.run(round_drafts.begin, boss, project.id)
    return db.run(round_drafts.add_others, boss, draft.round.id, rules.ITEMS_PROPOSED)


def opened(db: Db, boss: Visitor, project: Project) -> Seen:
    """Draft a round as proposed, filled up with other items, and open it for everybody."""
    draft = drafted(db, boss, project)
    return db.run(rounds.see, boss, db.run(round_drafts.open_round, boss, draft.round.id))


def answer(db: Db, visitor: Visitor, project: Project, operations: list[str]) -> list[object]:
    """Answer what comes next, one operation after the other; give what came."""
    came: list[object] = []
    following: object = db.run(working.go_on, visitor, project.id)
    for operation in operations:
        came.append(following)
        following = judge(db, visitor, card_of(following), operation)
    return [*came, following]


def rule_all(db: Db, boss: Visitor, seen: Seen, operation: str = YES) -> None:
    """Rule the same on every item."""
    for one in seen.items:
        db.run(round_rulings.tap, boss, seen.round.id, one.item.place, 0, operation)
        db.run(round_rulings.type_why, boss, "It adds up, so it is right.")


def test_who_may_not_manage_the_project_sees_nothing(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=7)
    crowd(db, project, 3)
    seen = opened(db, boss, project)
    other, _ = db.join(77, "coordinator")
    for action in (rounds.see, rounds.close, rounds.tell):
        with pytest.raises(refusals.NotYourProject):
            db.run(action, other, seen.round.id)


def test_two_students_are_too_few(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=7)
    visitors = crowd(db, project, 3)
    draft = drafted(db, boss, project)
    page = db.run(round_drafts.cohort, boss, draft.round.id, 0)
    assert page.chosen == 3
    fewer = db.run(round_drafts.choose, boss, draft.round.id, page.students[0].person_id, 0)
    assert fewer.chosen == 2
    with pytest.raises(refusals.CohortTooSmall):
        db.run(round_drafts.open_round, boss, draft.round.id)
    db.run(round_drafts.choose, boss, draft.round.id, page.students[0].person_id, 0)
    db.run(round_drafts.open_round, boss, draft.round.id)
    assert db.run(rounds.see, boss, draft.round.id).cohort == len(visitors)


def test_everybody_of_the_cohort_is_asked_the_same_items_as_paid_work(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=9)
    visitors = crowd(db, project, 4)
    seen = opened(db, boss, project)
    asked = {one.item.item_id for one in seen.items}
    late, _ = start(db, project, 300)
    for visitor in visitors:
        came = answer(db, visitor, project, [YES] * 5)
        cards = [one for one in came if isinstance(one, Card) and one.stage == "round"]
        assert [(card.place, card.of) for card in cards] == [(number, 5) for number in range(1, 6)]
        assert not isinstance(came[-1], Card) or came[-1].stage == "work"
    rows = db.rows(
        "SELECT j.item_id, j.use, j.status, j.amount_micro, j.person_id FROM judgments AS j"
        " JOIN round_leases AS l ON l.token = j.token"
    )
    assert len(rows) == 20
    assert {row[0] for row in rows} == asked
    assert {row[1:4] for row in rows} == {("work", "counted", rows[0][3])}
    assert rows[0][3] > 0
    outsider = db.run(working.go_on, late, project.id)
    assert not isinstance(outsider, Card) or outsider.stage == "work"
    now = db.run(rounds.see, boss, seen.round.id)
    assert (now.done, now.cohort) == (20, 4)
    assert now.during[0].items == 5


def test_nobody_is_asked_twice_what_they_answered_before(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=5)
    visitors = crowd(db, project, 3)
    answer(db, visitors[0], project, [YES])
    before = db.value("SELECT item_id FROM judgments")
    held = db.value("SELECT token FROM assignments WHERE state = 'open'")
    with db.tx() as tx:
        tx.run("assignments.stop", token=held, state="skipped", spent_ms=0, lease_expires_ms=0)
    seen = opened(db, boss, project)
    met = {one.item.item_id for one in seen.items if one.answers}
    assert met == {before}, "the answer of before counts as theirs"
    came = answer(db, visitors[0], project, [])
    assert isinstance(came[0], Card)
    for _ in range(5):
        if not (isinstance(came[-1], Card) and came[-1].stage == "round"):
            break
        came = [judge(db, visitors[0], came[-1], YES)]
    answered = db.rows(
        "SELECT item_id FROM judgments WHERE person_id = (SELECT MIN(person_id) FROM judgments)"
    )
    assert len(answered) == len(set(answered))


def test_a_lease_that_ran_out_comes_again_while_the_round_is_open(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=6)
    visitors = crowd(db, project, 3)
    seen = opened(db, boss, project)
    first = card_of(db.run(working.go_on, visitors[0], project.id))
    slots = db.value("SELECT COALESCE(SUM(slots), 0) FROM queue") + db.value("SELECT COUNT(*) FROM returned")
    db.clock.advance(DAY_MS)
    db.run(assignments.expire_leases)
    after = db.value("SELECT COALESCE(SUM(slots), 0) FROM queue") + db.value("SELECT COUNT(*) FROM returned")
    assert after == slots, "it took no slot, so it gives none back"
    again = card_of(db.run(working.go_on, visitors[0], project.id))
    assert (again.token, again.stage) == (first.token, "round")
    outcome = db.run(judgments.tap, visitors[0], again.token, again.step, YES)
    assert isinstance(outcome, outcomes.Recorded)
    db.run(rounds.close, boss, seen.round.id)


def test_a_round_ends_with_its_time_or_its_last_answer(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=6)
    visitors = crowd(db, project, 3)
    seen = opened(db, boss, project)
    assert db.run(rounds.close_due) == 0
    for visitor in visitors:
        answer(db, visitor, project, [NO] * 4 + [YES])
    assert db.run(rounds.close_due) == 1
    assert db.run(rounds.see, boss, seen.round.id).round.state == "closed"
    assert db.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'round_closed:%'") == 1


def test_a_round_waits_for_nobody_who_took_their_consent_back(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=3)
    visitors = crowd(db, project, 3)
    opened(db, boss, project)
    for visitor in visitors[:2]:
        answer(db, visitor, project, [YES] * 3)
    assert db.run(rounds.close_due) == 0
    db.run(consents.withdraw, visitors[2])
    assert db.run(rounds.close_due) == 1


def test_a_round_nobody_answers_ends_too(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=6)
    visitors = crowd(db, project, 3)
    seen = opened(db, boss, project)
    db.clock.advance(seen.round.days * DAY_MS)
    following = db.run(working.go_on, visitors[0], project.id)
    assert not isinstance(following, Card) or following.stage == "work", "its time is over before the sweep"
    assert db.run(rounds.close_due) == 1
    assert db.run(rounds.close_due) == 0


def closed(db: Db, boss: Visitor, project: Project) -> tuple[list[Visitor], Seen]:
    """Bring a round of four to its end: two students say yes, one no, one leaves all out."""
    visitors = crowd(db, project, 4)
    seen = opened(db, boss, project)
    for visitor, operation in zip(visitors, (YES, YES, NO), strict=False):
        answer(db, visitor, project, [operation] * 5)
    # The last one has an item open, and has not answered it.
    assert card_of(db.run(working.go_on, visitors[3], project.id)).stage == "round"
    return visitors, db.run(rounds.see, boss, db.run(rounds.close, boss, seen.round.id))


def test_a_ruling_takes_the_students_buttons_and_a_reason(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=6)
    _visitors, seen = closed(db, boss, project)
    number = seen.round.id
    with pytest.raises(refusals.NotAllRuled):
        db.run(rounds.tell, boss, number)
    half = db.run(round_rulings.tap, boss, number, 1, 0, NO)
    assert not half.is_complete, "a wrong one asks for its tags"
    assert db.run(round_rulings.tap, boss, number, 1, 0, NO).step == 1, "the same tap again changes nothing"
    db.run(round_rulings.tap, boss, number, 1, 1, "t0+")
    done = db.run(round_rulings.tap, boss, number, 1, 1, "d")
    assert done.is_complete
    with pytest.raises(refusals.WordsOutOfBounds):
        db.run(round_rulings.type_why, boss, "no")
    ruled = db.run(round_rulings.type_why, boss, "The last digit is off.")
    assert json.loads(ruled.asked.item.ruling or "") == {"correct": "no", "why": ["digit"]}
    assert ruled.asked.item.why == "The last digit is off."
    believed = "SELECT state, label FROM beliefs WHERE item_id = :item"
    assert db.rows(believed, item=ruled.asked.item.item_id) == [("adjudicated", "no")], (
        "its label is ruled too"
    )


def test_a_ruling_on_an_item_without_answers_is_its_label_too(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=3)
    crowd(db, project, 3)
    seen = opened(db, boss, project)
    db.clock.advance(7 * DAY_MS)
    db.run(rounds.close_due)
    rule_all(db, boss, seen)
    assert db.rows("SELECT DISTINCT state, label, confidence FROM beliefs") == [
        ("adjudicated", "yes", 1_000_000)
    ]
    assert db.value("SELECT COUNT(*) FROM queue") == 0, "nobody needs to be asked"
    assert db.value("SELECT COUNT(*) FROM items WHERE settled_ms IS NULL") == 0


def test_a_ruling_tapped_twice_answers_one_question(db: Db, boss: Visitor) -> None:
    db.run(projects.create_or_update, None, SCALES)
    project = db.run(projects.by_slug, "story")
    batch = [Item(f"i{number}", "work", '{"text":"so"}', None, None) for number in range(3)]
    db.run(items.import_batch, project.id, batch)
    db.connection.execute("UPDATE projects SET state = 'open'")
    crowd(db, project, 3)
    seen = opened(db, boss, project)
    for _ in range(2):
        tapped = db.run(round_rulings.tap, boss, seen.round.id, 1, 0, "v4")
        assert dict(tapped.draft.answers) == {"helpful": 4}
    assert db.run(round_rulings.tap, boss, seen.round.id, 1, 1, "xg").step == 1


def test_another_rounds_items_are_no_work_after_the_first(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=10)
    visitors, seen = closed(db, boss, project)
    rule_all(db, boss, seen)
    db.run(rounds.tell, boss, seen.round.id)
    db.clock.advance(1000)
    second = opened(db, boss, project)
    for visitor in visitors[:3]:
        answer(db, visitor, project, [YES] * 5)
    assert db.run(rounds.see, boss, second.round.id).done >= 12
    ordinary = db.rows(
        "SELECT item_id FROM judgments WHERE answered_ms >= :told AND token NOT IN (SELECT token FROM round_leases)"
        " GROUP BY item_id HAVING COUNT(*) > 1",
        told=db.clock.now_ms - 3_600_000,
    )
    assert db.run(rounds.see, boss, seen.round.id).after[0].items == len(ordinary) < 5


def test_an_item_with_its_ruling_becomes_a_training_item_once(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=6)
    _visitors, seen = closed(db, boss, project)
    rule_all(db, boss, seen)
    db.run(round_rulings.teach, boss, seen.round.id, 2)
    assert db.run(round_rulings.teach, boss, seen.round.id, 2).trained == 1
    row = db.rows("SELECT use, gold, explanation FROM items WHERE use = 'training'")
    assert row == [("training", '{"correct": "yes"}', "It adds up, so it is right.")]
    db.run(round_rulings.again, boss, seen.round.id, 2)
    db.run(round_rulings.tap, boss, seen.round.id, 2, 0, NO)
    db.run(round_rulings.tap, boss, seen.round.id, 2, 1, "t1+")
    db.run(round_rulings.tap, boss, seen.round.id, 2, 1, "d")
    db.run(round_rulings.type_why, boss, "I was wrong: look at the sign.")
    row = db.rows("SELECT gold, explanation FROM items WHERE use = 'training'")
    assert row == [('{"correct": "no", "why": ["sign"]}', "I was wrong: look at the sign.")]


def test_results_go_to_whoever_met_an_item_and_name_nobody(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=6)
    visitors, seen = closed(db, boss, project)
    rule_all(db, boss, seen)
    with pytest.raises(refusals.OutOfDate):
        db.run(round_results.see, visitors[0], seen.round.id)
    db.run(rounds.tell, boss, seen.round.id)
    found = db.run(round_results.see, visitors[2], seen.round.id)
    assert (found.answered, found.alike) == (5, 0)
    assert [len(one.answers) for one in found.outcomes] == [3] * 5
    assert db.run(round_results.see, visitors[0], seen.round.id).alike == 5
    with pytest.raises(refusals.OutOfDate):
        # They may still be asked these items, so they are not told the answers.
        db.run(round_results.see, visitors[3], seen.round.id)
    stranger, _ = start(db, project, 300)
    with pytest.raises(refusals.OutOfDate):
        db.run(round_results.see, stranger, seen.round.id)
    with pytest.raises(refusals.OutOfDate):
        db.run(round_rulings.tap, boss, seen.round.id, 1, 0, NO)


def test_agreement_before_and_after_rests_on_other_work_than_the_rounds(db: Db, boss: Visitor) -> None:
    project = make(db, work_items=16)
    visitors = crowd(db, project, 3)
    for visitor, taps in zip(
        visitors, ([YES, NO, YES, NO], [NO, YES, NO, YES], [YES, YES, NO, NO]), strict=True
    ):
        answer(db, visitor, project, taps)
        for (person,) in db.rows("SELECT person_id FROM assignments WHERE state = 'open'"):
            db.run(assignments.release_all, person)
    seen = opened(db, boss, project)
    asked = {one.item.item_id for one in seen.items}
    counts = dict(
        db.rows(
            "SELECT item_id, COUNT(*) FROM judgments WHERE undone_ms IS NULL GROUP BY item_id HAVING COUNT(*) > 1"
        )
    )
    assert seen.before[0].items == len(set(counts) - asked)
    for visitor in visitors:
        for _ in range(5):
            following = db.run(working.go_on, visitor, project.id)
            if not (isinstance(following, Card) and following.stage == "round"):
                break
            judge(db, visitor, following, YES)
    db.run(rounds.close, boss, seen.round.id)
    rule_all(db, boss, seen)
    db.clock.advance(1000)
    told = db.run(rounds.see, boss, db.run(rounds.tell, boss, seen.round.id))
    assert told.after[0].items == 0
    for visitor in visitors:
        answer(db, visitor, project, [YES] * 2)
    db.clock.advance(DAY_MS)
    assert db.run(round_figures.due) == [seen.round.id]
    db.run(round_figures.keep, db.run(round_figures.take, seen.round.id))
    assert db.run(round_figures.due) == []
    stored = db.value("SELECT after FROM rounds")
    assert rules.load(stored)[0].items == db.run(rounds.see, boss, seen.round.id).after[0].items
