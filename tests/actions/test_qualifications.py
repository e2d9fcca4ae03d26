"""Joining, leaving and coming back: a place is taken once, given up whole, and the road goes on where it was left."""

from __future__ import annotations

import pytest

from actions import consents, judgments, outcomes, projects, qualifications, refusals, work
from actions.people import Visitor
from actions.projects import Project
from rules.audience import Profile
from tests.actions.conftest import Db
from tests.actions.projects_for_tests import TOML, card_of, make
from tests.actions.working import judge

DAY_MS = 86_400_000


def stand(db: Db, person_id: int, standing: str) -> None:
    """Put a student where no action of today puts them."""
    db.connection.execute(
        "UPDATE qualifications SET standing = :standing, resumes = NULL WHERE person_id = :id",
        {"standing": standing, "id": person_id},
    )


def joined(db: Db, project: Project, telegram_id: int = 1) -> Visitor:
    visitor, _ = db.join(telegram_id)
    db.run(qualifications.join, visitor, project.id)
    return visitor


def standing_of(db: Db, person_id: int = 1) -> str:
    return str(db.value("SELECT standing FROM qualifications WHERE person_id = :id", id=person_id))


def limited(db: Db, **audience: str) -> Project:
    """Make the small project for some people only."""
    lines = "\n".join(f"{name} = {value}" for name, value in audience.items())
    project = make(db)
    text = TOML.format(training=0, exam=0, gold_share=0.0).replace("[pay]", f"[audience]\n{lines}\n[pay]")
    db.run(projects.create_or_update, None, text)
    return db.run(projects.by_slug, project.slug)


def test_joining_twice_is_joining_once(db: Db) -> None:
    project = make(db, training=1, exam=1)
    visitor = joined(db, project)
    judge(db, visitor, card_of(db.run(work.begin_stage, visitor, project.id)), "o0")
    again = db.run(qualifications.join, visitor, project.id)
    assert (again.standing, again.attempt) == ("exam", 1)
    assert db.value("SELECT COUNT(*) FROM qualifications") == 1


@pytest.mark.parametrize(
    ("exam", "training", "standing"), [(2, 1, "training"), (2, 0, "exam"), (0, 0, "active")]
)
def test_the_road_begins_with_the_first_stage_that_there_is(
    db: Db, exam: int, training: int, standing: str
) -> None:
    joined(db, make(db, training=training, exam=exam))
    assert standing_of(db) == standing


def test_the_last_place_goes_to_one(db: Db) -> None:
    project = limited(db, seats="2")
    for telegram_id in (1, 2):
        joined(db, project, telegram_id)
    late, _ = db.join(3)
    assert db.run(qualifications.offer, late, project.id).seats_left == 0
    with pytest.raises(refusals.NoSeatLeft):
        db.run(qualifications.join, late, project.id)
    assert db.run(qualifications.join, db.visitor(1), project.id).standing == "active", "they have theirs"


@pytest.mark.parametrize("goodbye", [consents.withdraw, consents.erase])
def test_who_takes_consent_back_keeps_no_place_from_others(db: Db, goodbye: object) -> None:
    project = limited(db, seats="1")
    db.run(goodbye, joined(db, project))  # type: ignore[arg-type]
    joined(db, project, 2)


def test_a_place_that_was_given_up_is_free_again(db: Db) -> None:
    project = limited(db, seats="1")
    first = joined(db, project)
    db.run(qualifications.leave, first, project.id)
    joined(db, project, 2)
    with pytest.raises(refusals.NoSeatLeft):
        db.run(qualifications.join, first, project.id)


@pytest.mark.parametrize(
    ("audience", "what"),
    [
        ({"degrees": '["master"]'}, "degree"),
        ({"fields": '["law"]'}, "field"),
        ({"languages": '["de"]'}, "language"),
    ],
)
def test_a_project_for_others_is_neither_offered_nor_joined(
    db: Db, audience: dict[str, str], what: str
) -> None:
    project = limited(db, **audience)
    visitor, _ = db.join(1)
    assert db.run(qualifications.offers, visitor) == []
    with pytest.raises(refusals.OutsideAudience) as refused:
        db.run(qualifications.join, visitor, project.id)
    assert what in refused.value.sentence
    fitting, _ = db.join(2, profile=Profile("master", "Law", ("de", "en"), "UTC"))
    assert [offer.project.id for offer in db.run(qualifications.offers, fitting)] == [project.id]


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_project_that_is_not_open_takes_nobody_new(db: Db, state: str) -> None:
    project = make(db)
    known = joined(db, project)
    db.run(projects.set_state, None, "sums", state)
    late, _ = db.join(2)
    with pytest.raises(refusals.NotOpen):
        db.run(qualifications.join, late, project.id)
    assert [offer.standing for offer in db.run(qualifications.offers, known)] == ["active"]
    assert db.run(qualifications.offers, late) == []


def test_a_forged_project_is_out_of_date(db: Db) -> None:
    visitor, _ = db.join(1)
    for action in (qualifications.join, qualifications.offer, qualifications.leave):
        with pytest.raises(refusals.OutOfDate):
            db.run(action, visitor, 77)


def test_leaving_gives_back_what_was_held(db: Db) -> None:
    project = make(db, work_items=1)
    visitor = joined(db, project)
    card = card_of(db.run(work.go_on, visitor, project.id))
    db.run(qualifications.leave, visitor, project.id)
    assert db.value("SELECT state FROM assignments") == "expired"
    for telegram_id in (2, 3):
        other = joined(db, project, telegram_id)
        judge(db, other, card_of(db.run(work.go_on, other, project.id)), "o0")
    assert db.value("SELECT settled_ms IS NOT NULL FROM items") == 1
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "o0"), outcomes.LeaseEnded)


def test_who_left_takes_no_item_up_again_until_they_come_back(db: Db) -> None:
    project = make(db)
    visitor = joined(db, project)
    card = card_of(db.run(work.go_on, visitor, project.id))
    db.run(qualifications.leave, visitor, project.id)
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "o0"), outcomes.LeaseEnded)
    assert db.value("SELECT COUNT(*) FROM judgments") == 0
    with pytest.raises(refusals.NotOnProject):
        db.run(work.go_on, visitor, project.id)
    db.run(qualifications.join, visitor, project.id)
    outcome = db.run(judgments.tap, visitor, card.token, card.step, "o0")
    assert isinstance(outcome, outcomes.LeaseEnded)
    assert card_of(outcome.next).token != card.token


def test_leaving_one_project_leaves_the_other_alone(db: Db) -> None:
    project = make(db)
    text = TOML.format(training=0, exam=0, gold_share=0.0).replace('"sums"', '"other"')
    other = db.run(projects.create_or_update, None, text).project
    visitor = joined(db, project)
    card = card_of(db.run(work.go_on, visitor, project.id))
    db.run(qualifications.leave, visitor, other.id)
    assert db.rows("SELECT token, state FROM assignments") == [(card.token, "open")]


def test_coming_back_goes_on_where_it_was_left(db: Db) -> None:
    project = make(db, training=2, exam=2)
    visitor = joined(db, project)
    roads = []
    for _ in range(5):
        db.run(qualifications.leave, visitor, project.id)
        assert db.run(qualifications.offer, visitor, project.id).standing is None
        found = db.run(qualifications.join, visitor, project.id)
        roads.append((found.standing, found.attempt, found.answered))
        following = db.run(work.begin_stage, visitor, project.id)
        judge(db, visitor, card_of(following), "o0")
    assert roads == [
        ("training", 1, 0),
        ("training", 1, 1),
        ("exam", 1, 0),
        ("exam", 1, 1),
        ("active", 1, 0),
    ], "training is paid once, however often somebody leaves"


def test_waiting_for_a_second_try_cannot_be_cut_short_by_leaving(db: Db) -> None:
    project = make(db, exam=1)
    visitor = joined(db, project)
    judge(db, visitor, card_of(db.run(work.begin_stage, visitor, project.id)), "o1")
    db.run(qualifications.leave, visitor, project.id)
    db.run(qualifications.join, visitor, project.id)
    assert isinstance(db.run(work.go_on, visitor, project.id), work.ExamToRetry)
    db.clock.advance(DAY_MS)
    assert isinstance(db.run(work.go_on, visitor, project.id), work.StageBegins)
    following = judge(db, visitor, card_of(db.run(work.begin_stage, visitor, project.id)), "o0")
    assert card_of(following).stage == "work", "passed at the second try, and at work like everybody"


@pytest.mark.parametrize("standing", ["paused", "watched"])
def test_leaving_and_coming_back_does_not_wash_a_standing_off(db: Db, standing: str) -> None:
    project = make(db)
    visitor = joined(db, project)
    stand(db, 1, standing)
    db.run(qualifications.leave, visitor, project.id)
    db.run(qualifications.join, visitor, project.id)
    assert standing_of(db) == standing


def test_who_was_removed_cannot_leave_and_join_again(db: Db) -> None:
    project = make(db)
    visitor = joined(db, project)
    card = card_of(db.run(work.go_on, visitor, project.id))
    db.clock.advance(DAY_MS)
    stand(db, 1, "removed")
    db.run(qualifications.leave, visitor, project.id)
    assert db.run(qualifications.join, visitor, project.id).standing == "removed"
    for action in (work.go_on, work.begin_stage, work.begin_set):
        assert isinstance(db.run(action, visitor, project.id), work.NothingNow)
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "o0"), outcomes.LeaseEnded)
    assert db.value("SELECT COUNT(*) FROM judgments") == 0


def test_who_was_removed_takes_up_nothing_that_was_laid_aside(db: Db) -> None:
    project = make(db)
    visitor = joined(db, project)
    card = card_of(db.run(work.go_on, visitor, project.id))
    db.run(work.pause, visitor)
    stand(db, 1, "removed")
    assert isinstance(db.run(judgments.tap, visitor, card.token, card.step, "o0"), outcomes.LeaseEnded)
    assert db.value("SELECT state FROM assignments") == "expired"
    assert db.value("SELECT COUNT(*) FROM returned") == 2, "others get both of its places at once"


def test_a_bare_work_goes_on_with_the_last_project_or_the_only_one(db: Db) -> None:
    project = make(db)
    visitor, person = db.join(1)
    assert isinstance(db.run(work.go_on, visitor), work.ChooseProject)
    db.run(qualifications.join, visitor, project.id)
    db.connection.execute("UPDATE people SET project_id = NULL")
    assert card_of(db.run(work.go_on, visitor)).project.id == project.id
    assert db.value("SELECT project_id FROM people WHERE id = :id", id=person.id) == project.id
    db.run(qualifications.leave, visitor, project.id)
    assert isinstance(db.run(work.go_on, visitor), work.ChooseProject)


def test_students_start_at_different_golds(db: Db) -> None:
    project = make(db, golds=30)
    for telegram_id in range(1, 13):
        joined(db, project, telegram_id)
    starts = {cursor for (cursor,) in db.rows("SELECT gold_cursor FROM qualifications")}
    assert len(starts) > 6
    least, most = db.rows("SELECT MIN(id), MAX(id) FROM items WHERE use = 'gold'")[0]
    assert all(least - 1 <= cursor < most for cursor in starts), "each has the whole circle before them"
