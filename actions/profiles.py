"""The profile: four answers, given by taps or typed, changed at any time."""

from __future__ import annotations

import dataclasses

from actions import people, refusals
from actions.people import Person, Visitor
from rules import profile as rules
from rules.audience import Profile
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class ProfileStep:
    """The profile so far and what is asked now; `step` None means complete. `now_ms` for showing local times."""

    profile: Profile
    step: str | None
    guessed_zone: str
    now_ms: int
    first_time: bool


def look(tx: Tx, visitor: Visitor) -> ProfileStep:
    """Give a person's profile and what is asked next."""
    person = _agreed(tx, visitor)
    profile = people.profile_of(tx, person)
    done = bool(profile.time_zone) or _awaits(tx, person) == "time_zone"
    return _step(tx, visitor, person, profile, rules.step_now(profile, languages_done=done))


def ask(tx: Tx, visitor: Visitor, step: str) -> ProfileStep:
    """Go to one question of the profile, forwards, back, or from the settings."""
    person = _agreed(tx, visitor)
    if step not in rules.STEPS:
        raise refusals.OutOfDate
    profile = people.profile_of(tx, person)
    if step == "languages" and not profile.languages:
        profile = dataclasses.replace(profile, languages=rules.guessed_languages(visitor.language_code))
        _store(tx, person, profile)
    people.await_input(tx, person.id, "profile", step)
    return _step(tx, visitor, person, profile, step)


def choose(tx: Tx, visitor: Visitor, step: str, value: str) -> ProfileStep:
    """Take a button of the profile and go on; a language stays on its question until Done."""
    person = _agreed(tx, visitor)
    changed = rules.with_choice(people.profile_of(tx, person), step, value)
    if changed is None:
        raise refusals.OutOfDate
    if step == "languages" and not changed.languages and person.state == "ready":
        # Somebody at work reads at least one language; the next one is ticked before the last is taken off.
        return ask(tx, visitor, step)
    _store(tx, person, changed)
    if step == "languages":
        return _step(tx, visitor, person, changed, step)
    return _go_on(tx, visitor, person, changed, step)


def languages_done(tx: Tx, visitor: Visitor) -> ProfileStep:
    """Go on from the languages; at least one is needed."""
    person = _agreed(tx, visitor)
    profile = people.profile_of(tx, person)
    if not profile.languages:
        return _step(tx, visitor, person, profile, "languages")
    return _go_on(tx, visitor, person, profile, "languages")


def type_field(tx: Tx, visitor: Visitor, text: str) -> ProfileStep | None:
    """Take a typed field of study. None when the text cannot be one; then it is still awaited."""
    person = _agreed(tx, visitor)
    field = rules.typed_field(text)
    if field is None:
        return None
    changed = dataclasses.replace(people.profile_of(tx, person), field=field)
    _store(tx, person, changed)
    return _go_on(tx, visitor, person, changed, "field")


def _go_on(tx: Tx, visitor: Visitor, person: Person, profile: Profile, after: str) -> ProfileStep:
    """After one answer: the next question on the first round, nothing more when it was changed in the settings."""
    if person.state == "ready":
        people.stop_awaiting(tx, person.id)
        return _step(tx, visitor, person, profile, None)
    place = rules.STEPS.index(after) + 1
    if place < len(rules.STEPS):
        return ask(tx, visitor, rules.STEPS[place])
    missing = rules.step_now(profile, languages_done=True)
    if missing is not None:
        # A button of an old message can come before its turn.
        return ask(tx, visitor, missing)
    people.stop_awaiting(tx, person.id)
    tx.run("people.set_state", id=person.id, state="ready")
    return _step(tx, visitor, person, profile, None)


def _agreed(tx: Tx, visitor: Visitor) -> Person:
    person = people.require(tx, visitor)
    if person.state in ("invited", "withdrawn"):
        raise refusals.ConsentNeeded
    return person


def _awaits(tx: Tx, person: Person) -> str:
    awaited = people.awaited(tx, person.id)
    return awaited.detail if awaited is not None and awaited.kind == "profile" else ""


def _store(tx: Tx, person: Person, profile: Profile) -> None:
    tx.run("people.set_profile", id=person.id, profile=people.seal_profile(tx, profile), state=person.state)


def _step(tx: Tx, visitor: Visitor, person: Person, profile: Profile, step: str | None) -> ProfileStep:
    zone = rules.guessed_zone(visitor.language_code)
    return ProfileStep(profile, step, zone, tx.now_ms, person.state != "ready")
