"""The profile: four steps in order, whatever is tapped; changed later one at a time."""

from __future__ import annotations

import pytest

from actions import people, profiles, refusals, settings
from actions.people import Visitor
from rules.audience import Profile
from rules.profile import STEPS
from tests.actions.conftest import Db


def newcomer(db: Db, language_code: str = "en") -> Visitor:
    """Add somebody who has agreed and told nothing yet."""
    visitor, _ = db.join(1, profile=Profile(), state="profiling")
    return Visitor(visitor.key, visitor.telegram_id, visitor.name, visitor.username, language_code)


def told(db: Db) -> Profile:
    return db.run(people.profile_of, db.run(people.get, 1))


def state(db: Db) -> str:
    return str(db.value("SELECT state FROM people"))


def walk(db: Db, visitor: Visitor) -> list[str | None]:
    """Answer the four steps and give what is asked after each."""
    asked = [db.run(profiles.look, visitor).step]
    db.run(profiles.ask, visitor, "degree")
    asked.append(db.run(profiles.choose, visitor, "degree", "master").step)
    asked.append(db.run(profiles.choose, visitor, "field", "physics").step)
    asked.append(db.run(profiles.languages_done, visitor).step)
    asked.append(db.run(profiles.choose, visitor, "time_zone", "Europe/Kyiv").step)
    return asked


def test_four_steps_make_somebody_ready(db: Db) -> None:
    visitor = newcomer(db)
    assert walk(db, visitor) == [*STEPS, None]
    assert told(db) == Profile("master", "physics", ("en",), "Europe/Kyiv")
    assert state(db) == "ready"
    assert db.value("SELECT COUNT(*) FROM awaited") == 0


@pytest.mark.parametrize("code", ["fr", "es", "ar", "pl", "it", "uk", "pt-br", "xx", ""])
def test_the_guessed_zone_can_be_confirmed_from_any_phone(db: Db, code: str) -> None:
    visitor = newcomer(db, code)
    for step, value in (("degree", "other"), ("field", "law")):
        db.run(profiles.choose, visitor, step, value)
    asked = db.run(profiles.languages_done, visitor)
    assert asked.step == "time_zone"
    done = db.run(profiles.choose, visitor, "time_zone", asked.guessed_zone)
    assert done.step is None
    assert told(db).time_zone == asked.guessed_zone


def test_languages_are_guessed_once_and_then_as_told(db: Db) -> None:
    visitor = newcomer(db, "uk-UA")
    assert db.run(profiles.ask, visitor, "languages").profile.languages == ("en", "uk")
    db.run(profiles.choose, visitor, "languages", "uk")
    assert db.run(profiles.ask, visitor, "languages").profile.languages == ("en",)


def test_the_languages_end_only_by_done_and_with_one_at_least(db: Db) -> None:
    visitor = newcomer(db)
    db.run(profiles.choose, visitor, "degree", "other")
    db.run(profiles.choose, visitor, "field", "law")
    assert db.run(profiles.choose, visitor, "languages", "de").step == "languages"
    for code in ("de", "en"):
        db.run(profiles.choose, visitor, "languages", code)
    assert db.run(profiles.languages_done, visitor).step == "languages"
    db.run(profiles.choose, visitor, "languages", "fr")
    assert db.run(profiles.languages_done, visitor).step == "time_zone"


def test_a_step_that_comes_before_its_turn_makes_nobody_ready(db: Db) -> None:
    visitor = newcomer(db)
    early = db.run(profiles.choose, visitor, "time_zone", "Europe/Kyiv")
    assert (early.step, state(db)) == ("degree", "profiling")
    db.run(profiles.choose, visitor, "degree", "other")
    assert db.run(profiles.choose, visitor, "time_zone", "Europe/Kyiv").step == "field"
    assert state(db) == "profiling"


@pytest.mark.parametrize(
    ("step", "value"),
    [
        ("degree", "doctor"),
        ("field", "alchemy"),
        ("languages", "xx"),
        ("time_zone", "Mars"),
        ("name", "x"),
        ("", ""),
    ],
)
def test_a_forged_button_is_out_of_date(db: Db, step: str, value: str) -> None:
    visitor = newcomer(db)
    with pytest.raises(refusals.OutOfDate):
        db.run(profiles.choose, visitor, step, value)
    assert told(db) == Profile()
    if step not in STEPS:
        with pytest.raises(refusals.OutOfDate):
            db.run(profiles.ask, visitor, step)


def test_a_field_may_be_typed_and_nonsense_is_asked_again(db: Db) -> None:
    visitor = newcomer(db)
    db.run(profiles.choose, visitor, "degree", "other")
    assert db.run(profiles.type_field, visitor, "\u200b\u200b") is None
    typed = db.run(profiles.type_field, visitor, "  Food   science ")
    assert typed is not None
    assert (typed.step, typed.profile.field) == ("languages", "Food science")


def test_one_can_go_back_and_change_an_answer(db: Db) -> None:
    visitor = newcomer(db)
    db.run(profiles.choose, visitor, "degree", "other")
    assert db.run(profiles.ask, visitor, "degree").step == "degree"
    assert db.run(profiles.choose, visitor, "degree", "master").step == "field"
    assert told(db).degree == "master"


def test_later_one_answer_is_changed_at_a_time(db: Db) -> None:
    visitor, _ = db.join(1)
    changed = db.run(profiles.choose, visitor, "degree", "master")
    assert (changed.step, changed.first_time) == (None, False)
    assert told(db) == Profile("master", "maths", ("en",), "Europe/Kyiv")
    assert state(db) == "ready"


def test_who_is_at_work_keeps_one_language_at_least(db: Db) -> None:
    visitor, _ = db.join(1)
    kept = db.run(profiles.choose, visitor, "languages", "en")
    assert kept.profile.languages == told(db).languages == ("en",)
    db.run(profiles.choose, visitor, "languages", "uk")
    assert db.run(profiles.choose, visitor, "languages", "en").profile.languages == ("uk",)


@pytest.mark.parametrize("state_before", ["invited", "withdrawn"])
def test_nobody_is_asked_before_they_agreed(db: Db, state_before: str) -> None:
    visitor, _ = db.join(1, profile=Profile(), state=state_before)
    for action, arguments in (
        (profiles.look, ()),
        (profiles.ask, ("degree",)),
        (profiles.choose, ("degree", "other")),
        (profiles.languages_done, ()),
        (profiles.type_field, ("Law",)),
    ):
        with pytest.raises(refusals.ConsentNeeded):
            db.run(action, visitor, *arguments)


def test_the_profile_is_sealed(db: Db) -> None:
    newcomer(db)
    db.run(profiles.type_field, db.visitor(1), "Linguistics")
    assert "Linguistics" not in str(db.rows("SELECT * FROM people"))


def test_calls_can_be_switched_off_and_on(db: Db) -> None:
    visitor, _ = db.join(1)
    assert db.run(settings.of, visitor).muted is False
    assert db.run(settings.mute, visitor, muted=True).muted is True
    assert db.value("SELECT muted_ms FROM people") == db.clock.now_ms
    assert db.run(settings.mute, visitor, muted=False).muted is False
