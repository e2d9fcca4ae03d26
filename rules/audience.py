"""Whom a project is for: matching a profile with the audience of a project, and counting who is left out and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

DEGREES = {"associate": "Associate's", "bachelor": "Bachelor's", "master": "Master's", "other": "Other"}
FIELDS = {
    "maths": "Maths",
    "physics": "Physics",
    "computing": "Computing",
    "engineering": "Engineering",
    "biology": "Biology",
    "medicine": "Medicine",
    "economics": "Economics",
    "law": "Law",
    "languages": "Languages",
    "humanities": "Humanities",
}
LANGUAGES = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "hi": "हिन्दी",
    "ar": "العربية",
    "uk": "Українська",
    "fr": "Français",
    "de": "Deutsch",
    "zh": "中文",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """What a student told of themselves; an empty text or tuple is not yet answered. `time_zone` is an IANA name."""

    degree: str = ""
    field: str = ""
    languages: tuple[str, ...] = ()
    time_zone: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """Whom a project reaches; an empty tuple means everybody."""

    degrees: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def mismatch(audience: Audience, profile: Profile) -> str | None:
    """Say what keeps a profile out of an audience ("degree", "field" or "language"), or None when it fits."""
    if audience.degrees and profile.degree not in audience.degrees:
        return "degree"
    if audience.fields and profile.field.casefold() not in {field.casefold() for field in audience.fields}:
        return "field"
    if audience.languages and not set(audience.languages) & set(profile.languages):
        return "language"
    return None


def describe(audience: Audience) -> str:
    """Say an audience in words: "Bachelor's or Master's, Maths or Physics, English"."""
    parts: Sequence[tuple[tuple[str, ...], dict[str, str]]] = (
        (audience.degrees, DEGREES),
        (audience.fields, FIELDS),
        (audience.languages, LANGUAGES),
    )
    words = [" or ".join(names.get(value, value) for value in values) for values, names in parts if values]
    return ", ".join(words) or "everybody"
