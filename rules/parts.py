"""The small parts that a project's file is made of: one-line labels, sentences, options, languages."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator

WORD = re.compile(r"\A[A-Za-z0-9_.:-]{1,40}\Z")
LANGUAGE = re.compile(r"\A[a-z]{2,3}\Z")
RESERVED = ("id", "use", "gold", "explanation")
"""What an item says of itself beside its fields; none of it may be shown, least of all the gold answer."""
FIELD_NAME_MAX = 60


def one_line(text: str) -> str:
    """Let a text stand that is one printable line; raise ValueError otherwise."""
    if not text.isprintable():
        raise ValueError("must be one line, without control characters")
    return text


def language(value: str) -> str:
    """Let a language's code stand; raise ValueError otherwise."""
    if not LANGUAGE.match(value):
        raise ValueError(f'"{value}" is not a language; write its code, such as "en"')
    return value


def field_name(value: str) -> str:
    """Let the name of an item's field stand; raise ValueError for Veritap's own keys, which no student may read."""
    if value in RESERVED:
        raise ValueError(f'"{value}" is a key of Veritap\'s own in an items file and is never shown')
    return one_line(value)


def word(value: str, what: str) -> str:
    """Let a short identifier stand; raise ValueError otherwise."""
    if not WORD.match(value):
        raise ValueError(f'"{value}" cannot be {what}; use 1 to 40 letters, digits, "_", ".", ":" or "-"')
    return value


def short(length: int) -> StringConstraints:
    """Bound a text that must not be empty."""
    return StringConstraints(min_length=1, max_length=length, strip_whitespace=True)


Title = Annotated[str, short(60), AfterValidator(one_line)]
Label = Annotated[str, short(40), AfterValidator(one_line)]
Sentence = Annotated[str, short(300), AfterValidator(one_line)]
Language = Annotated[str, AfterValidator(language)]
FieldName = Annotated[
    str, StringConstraints(min_length=1, max_length=FIELD_NAME_MAX), AfterValidator(field_name)
]


class Part(BaseModel):
    """A table of a project's file: no unknown keys, no silent conversions, unchangeable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Option(Part):
    """One answer that a button offers."""

    value: str
    label: Label

    @field_validator("value")
    @classmethod
    def _value(cls, value: str) -> str:
        return word(value, "a value")


def no_twins(options: list[Option]) -> list[Option]:
    """Let options stand that differ in value and in label; raise ValueError otherwise."""
    for name in ("value", "label"):
        seen = [getattr(option, name) for option in options]
        for one in seen:
            if seen.count(one) > 1:
                raise ValueError(f'two options have the {name} "{one}"')
    return options
