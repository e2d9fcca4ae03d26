"""What coordinators decide of standings, and what students ask a person about theirs: every decision is a person's, and nobody's own."""

from __future__ import annotations

import pytest

from actions import (
    appeals,
    overview,
    refusals,
    standings,
    standings_managed,
    work,
)
from actions.standings_told import Removed
from rules.credit import DAY_MS
from tests.actions.conftest import Db
from tests.actions.standings_for_tests import (
    NOW,
    at_work,
    coordinator,
    look,
    paused,
    practise,
    read,
    statuses,
)
from tests.actions.working import judge


def test_what_a_person_left_out_stays_out_until_a_person_says_otherwise(db: Db) -> None:
    project, visitor, person_id = paused(db, training=6)
    boss, boss_id = coordinator(db, project)
    assert db.run(standings_managed.leave_out, boss, project.id, person_id).changed
    assert not db.run(standings_managed.leave_out, boss, project.id, person_id).changed
    judge(db, visitor, db.run(work.go_on, visitor, project.id), "o0")  # type: ignore[arg-type]
    last = practise(db, visitor, project, ["o0"] * 6)
    assert last.ended is not None
    assert (last.ended.is_back, last.ended.counts) == (True, False)
    assert statuses(db, person_id)[2:6] == ["excluded"] * 4
    assert db.value("SELECT left_out_by FROM pauses") == boss_id


def test_the_run_of_somebody_watched_can_be_left_out(db: Db) -> None:
    project, _visitor, person_id = at_work(db)
    read(db, project, person_id, log_e=3.0, since=4)
    look(db, project)
    boss, _boss_id = coordinator(db, project)
    assert db.run(standings_managed.see, boss, project.id, person_id).since == 2
    assert db.run(standings_managed.leave_out, boss, project.id, person_id).changed
    assert statuses(db, person_id) == ["counted"] * 4 + ["excluded"] * 2


def test_only_a_person_removes_with_a_reason_and_a_second_one_must_agree(db: Db) -> None:
    project, visitor, person_id = at_work(db)
    boss, _boss_id = coordinator(db, project)
    other, _other_id = coordinator(db, project, 901)
    with pytest.raises(ValueError, match="nobody goes from active to removed"):
        db.run(standings.move, project.id, person_id, "active", "removed", "check", {})
    db.run(standings_managed.await_reason, boss, project.id, person_id)
    with pytest.raises(refusals.WordsOutOfBounds):
        db.run(standings_managed.type_reason, boss, "no")
    db.run(standings_managed.type_reason, boss, "Three people on one account.")
    told = db.run(work.go_on, visitor, project.id)
    assert isinstance(told, Removed)
    assert told.reason == "Three people on one account."
    assert db.value("SELECT COUNT(*) FROM assignments WHERE state = 'open'") == 0
    db.run(appeals.begin, visitor, "standing", told.change_id)
    asked = db.run(appeals.type_text, visitor, "It was only me, on two phones.").appeal
    case = db.run(appeals.case, boss, asked.id)
    assert (case.can_bring_back, case.can_stay) == (True, False)
    with pytest.raises(refusals.YourOwnRemoval):
        db.run(appeals.begin_answer, boss, asked.id, "stay")
    db.run(appeals.begin_answer, other, asked.id, "back")
    db.run(appeals.type_answer, other, "That is allowed; sorry.")
    assert db.value(NOW, person=person_id) == "active"
    assert db.run(appeals.told, asked.id, person_id).appeal.state == "released"  # type: ignore[union-attr]


def test_an_appeal_ends_the_pause_or_leaves_it_and_is_asked_once(db: Db) -> None:
    project, visitor, person_id = paused(db, training=6)
    boss, _boss_id = coordinator(db, project)
    change_id = db.value("SELECT id FROM standing_changes")
    db.run(appeals.begin, visitor, "standing", change_id)
    asked = db.run(appeals.type_text, visitor, "Please look again, I read each one.").appeal
    with pytest.raises(refusals.AlreadyAsked):
        db.run(appeals.begin, visitor, "standing", change_id)
    assert db.run(overview.of, boss, project.id).appeals == 1
    db.run(appeals.begin_answer, boss, asked.id, "back")
    db.run(appeals.type_answer, boss, "You read well. Sorry for the stop.")
    assert db.value(NOW, person=person_id) == "active"
    assert statuses(db, person_id)[:6] == ["counted"] * 6
    assert db.rows("SELECT state, answers FROM pauses") == [("lifted", "counted")]
    assert db.run(appeals.told, asked.id, person_id).became == "paused"  # type: ignore[union-attr]


def test_an_appeal_granted_after_the_end_still_counts_the_answers(db: Db) -> None:
    project, visitor, person_id = paused(db)
    boss, _boss_id = coordinator(db, project)
    db.run(appeals.begin, visitor, "standing", db.value("SELECT id FROM standing_changes"))
    asked = db.run(appeals.type_text, visitor, "Please look again, I read each one.").appeal
    db.clock.advance(4 * DAY_MS)
    db.run(standings.end_due)
    db.run(appeals.begin_answer, boss, asked.id, "back")
    db.run(appeals.type_answer, boss, "You are right, they count.")
    assert statuses(db, person_id)[:6] == ["counted"] * 6


def test_nobody_decides_about_themselves_or_asks_about_others(db: Db) -> None:
    project, _visitor, person_id = paused(db)
    change_id = db.value("SELECT id FROM standing_changes")
    stranger, _person = db.join(333)
    with pytest.raises(refusals.OutOfDate):
        db.run(appeals.begin, stranger, "standing", change_id)
    boss, boss_id = coordinator(db, project)
    for action in (standings_managed.bring_back, standings_managed.leave_out, standings_managed.await_reason):
        with pytest.raises(refusals.YourOwnStanding):
            db.run(action, boss, project.id, boss_id)
        with pytest.raises(refusals.NotAllowed):
            db.run(action, stranger, project.id, person_id)
