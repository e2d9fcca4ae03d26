"""The short profile: what is asked in which order, what a tap changes, and a guess of the time zone."""

from __future__ import annotations

import dataclasses
import re

from rules.audience import DEGREES, FIELDS, LANGUAGES, Profile

STEPS = ("degree", "field", "languages", "time_zone")
FIELD_CHARACTERS_MAX = 40
_PLAIN = re.compile(r"\A[^<>]{2,40}\Z")
_JOINERS = re.compile("[\u200c\u200d]")
"""Invisible, but letters of Persian and of Indian languages are joined and parted by them."""

# A guess from the language of the phone; a tap puts it right.
ZONES_BY_LANGUAGE = {
    "uk": "Europe/Kyiv",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "es": "Europe/Madrid",
    "pt": "America/Sao_Paulo",
    "hi": "Asia/Kolkata",
    "ar": "Africa/Cairo",
    "zh": "Asia/Shanghai",
    "tr": "Europe/Istanbul",
    "pl": "Europe/Warsaw",
    "it": "Europe/Rome",
    "id": "Asia/Jakarta",
    "ja": "Asia/Tokyo",
    "en": "Europe/London",
}
ZONES = (
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Halifax",
    "America/Sao_Paulo",
    "Atlantic/Azores",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Africa/Johannesburg",
    "Europe/Kyiv",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)

KNOWN_ZONES = frozenset({*ZONES, *ZONES_BY_LANGUAGE.values()})
"""What a button may choose: each zone of the list, and each that is guessed."""


def step_now(profile: Profile, *, languages_done: bool) -> str | None:
    """Give the next thing to ask, or None when the profile is complete. Languages end only by Done."""
    if not profile.degree:
        return "degree"
    if not profile.field:
        return "field"
    if not profile.languages or not languages_done:
        return "languages"
    return None if profile.time_zone else "time_zone"


def with_choice(profile: Profile, step: str, value: str) -> Profile | None:
    """Apply a button; None when it offers nothing that exists. A language is switched on or off."""
    if step == "degree" and value in DEGREES:
        return dataclasses.replace(profile, degree=value)
    if step == "field" and value in FIELDS:
        return dataclasses.replace(profile, field=value)
    if step == "languages" and value in LANGUAGES:
        chosen = set(profile.languages) ^ {value}
        return dataclasses.replace(profile, languages=tuple(code for code in LANGUAGES if code in chosen))
    if step == "time_zone" and value in KNOWN_ZONES:
        return dataclasses.replace(profile, time_zone=value)
    return None


def typed_field(text: str) -> str | None:
    """Read a field of study that somebody typed; None when it cannot be one."""
    words = " ".join(text.split())
    seen = _JOINERS.sub("", words)
    return words if _PLAIN.match(words) and seen.isprintable() and any(map(str.isalpha, seen)) else None


def guessed_zone(language_code: str) -> str:
    """Guess a time zone from the language of somebody's phone."""
    return ZONES_BY_LANGUAGE.get(language_code.partition("-")[0].casefold(), "Europe/London")


def guessed_languages(language_code: str) -> tuple[str, ...]:
    """Guess the languages that somebody reads: their phone's, and English."""
    code = language_code.partition("-")[0].casefold()
    return tuple(known for known in LANGUAGES if known in {code, "en"})
