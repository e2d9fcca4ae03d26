"""Who fits a project, the steps of the profile, and the text that a student agrees to."""

from __future__ import annotations

import dataclasses
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import audience, consent, profile
from rules.audience import DEGREES, FIELDS, LANGUAGES, Audience, Profile

PROFILES = st.builds(
    Profile,
    st.sampled_from(["", *DEGREES]),
    st.sampled_from(["", *FIELDS, "Linguistics"]),
    st.lists(st.sampled_from(list(LANGUAGES)), unique=True).map(tuple),
    st.sampled_from(["", *profile.ZONES]),
)
AUDIENCES = st.builds(
    Audience,
    st.lists(st.sampled_from(list(DEGREES)), unique=True).map(tuple),
    st.lists(st.sampled_from([*FIELDS, "linguistics"]), unique=True).map(tuple),
    st.lists(st.sampled_from(list(LANGUAGES)), unique=True).map(tuple),
)


@given(AUDIENCES, PROFILES)
def test_who_fits_each_part_fits_the_whole(wanted: Audience, told: Profile) -> None:
    parts = {
        "degree": Audience(degrees=wanted.degrees),
        "field": Audience(fields=wanted.fields),
        "language": Audience(languages=wanted.languages),
    }
    missing = [word for word, part in parts.items() if audience.mismatch(part, told) is not None]
    assert audience.mismatch(wanted, told) == (missing[0] if missing else None)
    assert audience.mismatch(Audience(), told) is None


def test_a_typed_field_is_met_in_any_case_and_one_language_is_enough() -> None:
    told = Profile("master", "LINGUISTICS", ("uk", "en"), "UTC")
    assert audience.mismatch(Audience(("master",), ("Linguistics",), ("en", "de")), told) is None
    assert audience.mismatch(Audience(languages=("de",)), told) == "language"
    assert audience.mismatch(Audience(degrees=("bachelor",)), told) == "degree"
    assert audience.mismatch(Audience(fields=("maths",)), told) == "field"


def test_an_audience_is_said_in_words() -> None:
    wanted = Audience(("bachelor", "master"), ("maths", "Botany"), ("en",))
    assert audience.describe(wanted) == "Bachelor's or Master's, Maths or Botany, English"
    assert audience.describe(Audience()) == "everybody"


@given(PROFILES, st.sampled_from([*profile.STEPS, "name", ""]), st.text(max_size=12))
def test_no_button_can_set_what_does_not_exist(told: Profile, step: str, value: str) -> None:
    changed = profile.with_choice(told, step, value)
    if changed is not None:
        known = {"degree": DEGREES, "field": FIELDS, "languages": LANGUAGES, "time_zone": profile.KNOWN_ZONES}
        assert value in known[step]


@given(PROFILES, st.lists(st.sampled_from(list(LANGUAGES)), max_size=12))
def test_languages_are_switched_and_kept_in_one_order(told: Profile, taps: list[str]) -> None:
    now = told
    for value in taps:
        changed = profile.with_choice(now, "languages", value)
        assert changed is not None
        assert (value in changed.languages) != (value in now.languages)
        now = changed
    assert list(now.languages) == [code for code in LANGUAGES if code in now.languages] or not taps
    assert dataclasses.replace(now, languages=()) == dataclasses.replace(told, languages=())


def test_the_steps_are_asked_in_order_until_all_are_told() -> None:
    told, asked = Profile(), []
    for value in ("bachelor", "maths", "en", "Europe/Kyiv"):
        step = profile.step_now(told, languages_done=bool(told.languages))
        assert step is not None
        asked.append(step)
        told = profile.with_choice(told, step, value) or told
    assert tuple(asked) == profile.STEPS
    assert profile.step_now(told, languages_done=True) is None
    assert profile.step_now(told, languages_done=False) == "languages", "they end by Done"


@pytest.mark.parametrize("code", [*profile.ZONES_BY_LANGUAGE, "", "xx", "pt-BR", "EN-gb", "zh-hans"])
def test_what_is_guessed_can_be_chosen(code: str) -> None:
    zone = profile.guessed_zone(code)
    changed = profile.with_choice(Profile(), "time_zone", zone)
    assert changed is not None
    assert changed.time_zone == zone
    assert set(profile.guessed_languages(code)) <= set(LANGUAGES)
    assert "en" in profile.guessed_languages(code)


def test_all_zones_exist() -> None:
    assert zoneinfo.available_timezones() >= profile.KNOWN_ZONES


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("  Linguistics ", "Linguistics"),
        ("Food\n science", "Food science"),
        ("Філологія", "Філологія"),
        ("x", None),
        ("", None),
        ("a" * 41, None),
        ("<b>bold</b>", None),
        ("nul\0", None),
        ("زبان\u200cشناسی", "زبان\u200cشناسی"),
        ("\u200b\u200b\u200b", None),
        ("12", None),
        ("\u202etxet", None),
    ],
)
def test_a_typed_field_is_read_or_asked_again(text: str, field: str | None) -> None:
    assert profile.typed_field(text) == field


@given(st.text(max_size=60))
def test_no_typed_field_raises(text: str) -> None:
    field = profile.typed_field(text)
    if field is not None:
        assert 2 <= len(field) <= 40
        assert field.replace("\u200c", "").replace("\u200d", "").isprintable()


def test_a_change_of_the_text_is_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = consent.digest()
    assert len(before) == 64
    monkeypatch.setattr(consent, "POINTS", (*consent.POINTS, ("More", "a word.")))
    assert consent.digest() != before


def test_the_text_belongs_to_its_version() -> None:
    kept = {"2026-11-1": "cc87f042350c66802f94a6f56a2d60d21a83afe08292281b1e5c791c8c341260"}
    assert consent.digest() == kept[consent.VERSION], (
        "another text needs another version, so that all are asked again"
    )
