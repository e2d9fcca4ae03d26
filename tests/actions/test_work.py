"""What comes next: nothing is lost by going away, gold never stands alone, and only one item runs at a time."""

from __future__ import annotations

import json

from actions import assignments, judgments, outcomes, projects, qualifications, work
from actions.people import Visitor
from actions.projects import Project
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge

HOUR_MS = 3_600_000


def begin(db: Db, project: Project, telegram_id: int = 1) -> tuple[Visitor, work.Next]:
    visitor, _ = db.join(telegram_id)
    db.run(qualifications.join, visitor, project.id)
    return visitor, db.run(work.begin_stage, visitor, project.id)


def run_out(db: Db, duration_ms: int = 2 * HOUR_MS) -> None:
    db.clock.advance(duration_ms)
    assert db.run(assignments.expire_leases) == 1


def test_an_exam_item_that_ran_out_comes_again(db: Db) -> None:
    project = make(db, training=1, exam=2)
    visitor, following = begin(db, project)
    stages = []
    while isinstance(following, work.Card) and following.stage != "work":
        run_out(db)
        again = card_of(db.run(work.begin_stage, visitor, project.id))
        assert again.token == following.token, "there are no more items than the stage asks for"
        stages.append(again.stage)
        following = judge(db, visitor, again, "o0")
    assert stages == ["training", "exam", "exam"]
    assert card_of(following).stage == "work"


def test_the_time_before_an_exam_item_ran_out_counts_up_to_its_cap(db: Db) -> None:
    project = make(db, exam=1)
    visitor, _ = begin(db, project)
    run_out(db, 700_000)
    again = card_of(db.run(work.begin_stage, visitor, project.id))
    ended = db.run(judgments.tap, visitor, again.token, again.step, "o0")
    assert isinstance(ended, outcomes.ExamEnded)
    assert ended.credited_ms == 120_000


def test_an_item_of_an_earlier_stage_counts_for_no_later_one(db: Db) -> None:
    project = make(db, training=1, exam=2)
    visitor, following = begin(db, project)
    old = card_of(following)
    run_out(db)
    # The stage was left behind some other way, as when its plan was shortened.
    db.connection.execute("UPDATE qualifications SET standing = 'exam', answered = 0")
    outcome = db.run(judgments.tap, visitor, old.token, old.step, "o0")
    assert isinstance(outcome, outcomes.LeaseEnded)
    assert db.rows("SELECT answered, exam_right FROM qualifications") == [(0, 0)]
    assert db.value("SELECT COUNT(*) FROM judgments") == 0


def test_an_item_of_an_earlier_attempt_counts_for_no_later_one(db: Db) -> None:
    project = make(db, exam=1)
    visitor, following = begin(db, project)
    old = card_of(following)
    run_out(db)
    db.connection.execute("UPDATE qualifications SET attempt = 2")
    assert isinstance(db.run(judgments.tap, visitor, old.token, old.step, "o0"), outcomes.LeaseEnded)
    card = card_of(db.run(work.begin_stage, visitor, project.id))
    assert card.token != old.token, "the same item, in a new attempt"


def test_gold_never_comes_where_there_is_no_work(db: Db) -> None:
    project = make(db, golds=8, work_items=3, gold_share=0.5)
    visitor, following = begin(db, project)
    while isinstance(following, work.Card):
        following = judge(db, visitor, following, "o0")
    assert following == work.NothingNow(following.project, "none_left")  # type: ignore[union-attr]
    met = db.value("SELECT COUNT(*) FROM assignments")
    for _ in range(40):
        assert isinstance(db.run(work.go_on, visitor, project.id), work.NothingNow)
    assert db.value("SELECT COUNT(*) FROM assignments") == met, (
        "a card that came now would be gold for certain"
    )


def test_gold_and_work_make_the_same_card(db: Db) -> None:
    project = make(db, golds=30, work_items=60, gold_share=0.5)
    visitor, following = begin(db, project)
    shapes, uses = set(), set()
    for _ in range(40):
        if isinstance(following, work.SetEnded):
            following = db.run(work.begin_set, visitor, project.id)
        card = card_of(following)
        row = db.rows(
            "SELECT use, attempt, step, draft, page, rate_micro, currency, cap_ms, lease_expires_ms - first_shown_ms "
            "FROM assignments WHERE token = :token",
            token=card.token,
        )[0]
        uses.add(row[0])
        shapes.add((card.stage, card.of, len(card.token), *row[1:]))
        following = judge(db, visitor, card, "o0")
    assert uses == {"gold", "work"}
    assert len(shapes) == 1


def test_an_exam_without_training_does_not_say_that_training_is_done(db: Db) -> None:
    project = make(db, exam=1)
    visitor, _ = db.join(1)
    db.run(qualifications.join, visitor, project.id)
    begins = db.run(work.go_on, visitor, project.id)
    assert isinstance(begins, work.StageBegins)
    assert (begins.stage, begins.passed_training) == ("exam", False)


def test_after_training_the_exam_introduces_itself(db: Db) -> None:
    project = make(db, training=1, exam=1)
    visitor, following = begin(db, project)
    card = card_of(following)
    db.run(judgments.tap, visitor, card.token, card.step, "o0")
    begins = db.run(work.go_on, visitor, project.id)
    assert isinstance(begins, work.StageBegins)
    assert (begins.stage, begins.passed_training) == ("exam", True)


def test_reading_about_another_project_stops_the_clock_of_this_one(db: Db) -> None:
    project = make(db)
    text = TOML.format(training=0, exam=1, gold_share=0.0).replace('"sums"', '"other"')
    other = db.run(projects.create_or_update, None, text).project
    db.connection.execute("UPDATE projects SET state = 'open'")
    visitor, following = begin(db, project)
    card = card_of(following)
    db.run(qualifications.join, visitor, other.id)
    db.clock.advance(10_000)
    assert isinstance(db.run(work.go_on, visitor, other.id), work.StageBegins)
    db.clock.advance(60_000)
    recorded = db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert isinstance(recorded, outcomes.Recorded)
    assert recorded.credited_ms == 10_000


def test_slots_that_were_looked_through_are_not_looked_through_again(db: Db) -> None:
    project = make(db, work_items=8)
    visitor, following = begin(db, project)
    for _ in range(3):
        card = card_of(following)
        left = db.run(judgments.tap, visitor, card.token, card.step, "s")
        assert isinstance(left, outcomes.Left)
        following = left.next
    lying_open = "(SELECT item_id FROM assignments WHERE state = 'open')"
    card_of(following)
    assert db.value("SELECT returned_cursor FROM qualifications") == db.value(
        f"SELECT MAX(id) FROM returned WHERE item_id <> {lying_open}"
    ), "all slots that there were before the item that lies open now"


def test_a_long_item_is_answered_from_its_last_page(db: Db) -> None:
    project = make(db, work_items=1)
    db.connection.execute(
        "UPDATE items SET fields = :fields", {"fields": json.dumps({"sum": "1 + 1 = 2. " * 700})}
    )
    visitor, following = begin(db, project)
    card = card_of(following)

    def tap(operation: str) -> outcomes.Outcome:
        return db.run(judgments.tap, visitor, card.token, card.step, operation)

    assert isinstance(tap("o0"), outcomes.OldCard), "not read yet"
    for forged in ("g2", "g9", "g-1", "g", "g²", "g٢", "g1x"):
        assert isinstance(tap(forged), outcomes.OldCard), forged
    for page in (1, 2):
        turned = tap(f"g{page}")
        assert isinstance(turned, outcomes.Stepped)
        assert (turned.card.page, turned.card.pages_seen, turned.card.step) == (page, page, card.step)
    back = tap("g0")
    assert isinstance(back, outcomes.Stepped)
    assert (back.card.page, back.card.pages_seen) == (0, 2)
    assert isinstance(tap("o0"), outcomes.Recorded), "read to the end once is read"


def test_a_quick_second_tap_answers_no_second_question(db: Db) -> None:
    project = make(db)
    second = """
[[ask]]
id = "sure"
kind = "choice"
text = "Are you sure?"
options = [{ value = "yes", label = "Yes" }, { value = "no", label = "No" }]
"""
    db.run(projects.create_or_update, None, TOML.format(training=0, exam=0, gold_share=0.0) + second)
    visitor, following = begin(db, project)
    card = card_of(following)
    stepped = db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert isinstance(stepped, outcomes.Stepped)
    again = db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert again == outcomes.OldCard(stepped.card)
    assert isinstance(db.run(judgments.tap, visitor, card.token, stepped.card.step, "o1"), outcomes.Recorded)
    assert db.value("SELECT answers FROM judgments") == '{"correct": "yes", "sure": "no"}'


def test_a_set_ends_after_twenty_and_the_next_begins_at_one(db: Db) -> None:
    project = make(db, work_items=25)
    visitor, following = begin(db, project)
    for number in range(work.SET_SIZE):
        assert card_of(following).place == number + 1
        following = judge(db, visitor, card_of(following), "o0", seconds=10)
    assert isinstance(following, work.SetEnded)
    assert (following.done, following.credited_ms, following.amount_micro) == (20, 200_000, 20 * 66_667)
    assert isinstance(db.run(work.go_on, visitor, project.id), work.SetEnded)
    assert card_of(db.run(work.begin_set, visitor, project.id)).place == 1


def test_pausing_sums_up_and_twice_is_once(db: Db) -> None:
    project = make(db)
    visitor, following = begin(db, project)
    following = judge(db, visitor, card_of(following), "o0", seconds=30)
    paused = db.run(work.pause, visitor)
    assert paused is not None
    assert (paused.done, paused.credited_ms, paused.week_credited_ms) == (1, 30_000, 30_000)
    assert db.run(work.pause, visitor) is None
    assert card_of(db.run(work.go_on, visitor)).token == card_of(following).token


def test_a_paused_project_lets_an_open_card_be_answered_and_gives_no_other(db: Db) -> None:
    project = make(db)
    visitor, following = begin(db, project)
    db.run(projects.set_state, None, "sums", "paused")
    assert card_of(db.run(work.go_on, visitor)).token == card_of(following).token
    after = judge(db, visitor, card_of(following), "o0")
    assert after == work.NothingNow(db.run(projects.get, project.id), "paused")
