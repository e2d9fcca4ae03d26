"""A project's file: TOML in, a checked definition out, and what is wrong said by line or key.

Pydantic does the checking; the sentences are in `project_trouble`. Nothing here opens a file or asks the store.
"""

from __future__ import annotations

import functools
import re
import tomllib
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from rules import money
from rules.audience import DEGREES, Audience
from rules.project_trouble import ProjectTrouble, sentence
from rules.qualification import Plan
from rules.text import units

__all__ = [
    "Ask",
    "Choice",
    "Option",
    "Project",
    "ProjectTrouble",
    "Scale",
    "Show",
    "Tags",
    "parse",
    "parse_bytes",
]

FILE_BYTES_MAX = 64 * 1024
TOO_LARGE = f"The file is larger than {FILE_BYTES_MAX // 1024} kB; a project file is a page or two."
TROUBLES_SHOWN = 20
INSTRUCTIONS_UNITS_MAX = 3000
"""As Telegram counts; the rest of a message is left for the pay and the buttons."""
OPTIONS_MAX = 12
TAGS_MAX = 20
ASKS_MAX = 10
SCALE_STEPS_MAX = 10
SLUG = re.compile(r"\A[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z")
WORD = re.compile(r"\A[A-Za-z0-9_.:-]{1,40}\Z")
CURRENCY = re.compile(r"\A[A-Z]{3}\Z")

LANGUAGE = re.compile(r"\A[a-z]{2,3}\Z")
RESERVED = ("id", "use", "gold", "explanation")
"""What an item says of itself beside its fields; none of it may be shown, least of all the gold answer."""


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line, without control characters")
    return text


def _fits_a_message(text: str) -> str:
    if units(text) > INSTRUCTIONS_UNITS_MAX:
        raise ValueError(
            f"has {units(text):,} characters as Telegram counts; at most {INSTRUCTIONS_UNITS_MAX:,} fit"
        )
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def _language(value: str) -> str:
    if not LANGUAGE.match(value):
        raise ValueError(f'"{value}" is not a language; write its code, such as "en"')
    return value


def _short(length: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=length, strip_whitespace=True)


Title = Annotated[str, _short(60), AfterValidator(_one_line)]
Label = Annotated[str, _short(40), AfterValidator(_one_line)]
Sentence = Annotated[str, _short(300), AfterValidator(_one_line)]
Instructions = Annotated[str, _short(INSTRUCTIONS_UNITS_MAX), AfterValidator(_fits_a_message)]
Language = Annotated[str, AfterValidator(_language)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Pay(_Part):
    """What is paid, and what a student is told of time beforehand."""

    currency: str
    rate_per_hour: str
    expected_seconds: int = Field(ge=1, le=3600)
    cap_seconds: int = Field(ge=1, le=3600)

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if not CURRENCY.match(value):
            raise ValueError(f'"{value}" is not a currency; write its three capital letters, such as "USD"')
        return value

    @field_validator("rate_per_hour")
    @classmethod
    def _rate(cls, value: str) -> str:
        money.parse_amount(value)
        return value

    @model_validator(mode="after")
    def _cap_covers_expected(self) -> Self:
        if self.cap_seconds < self.expected_seconds:
            raise ValueError(
                "cap_seconds is below expected_seconds; nobody could be paid for the time you expect"
            )
        return self

    @property
    def rate_micro(self) -> int:
        """The rate per hour in millionths."""
        return money.parse_amount(self.rate_per_hour)

    @property
    def cap_ms(self) -> int:
        """The most time that one item can be credited."""
        return self.cap_seconds * 1000

    @property
    def expected_ms(self) -> int:
        """The time that an item is expected to take."""
        return self.expected_seconds * 1000


class AudiencePart(_Part):
    """Whom a broadcast reaches and who may join; an empty list means everybody."""

    degrees: list[str] = []
    fields: list[Label] = Field(default=[], max_length=20)
    languages: list[Language] = Field(default=[], max_length=20)
    seats: int = Field(default=100, ge=1, le=1_000_000)

    @field_validator("degrees")
    @classmethod
    def _degrees(cls, values: list[str]) -> list[str]:
        for value in values:
            if value not in DEGREES:
                raise ValueError(f'"{value}" is not a degree; there are {", ".join(DEGREES)}')
        return values

    @property
    def audience(self) -> Audience:
        """The same as a plain value for the matching rule."""
        return Audience(tuple(self.degrees), tuple(self.fields), tuple(self.languages))


class Qualification(_Part):
    """What is asked before work."""

    training: int = Field(default=0, ge=0, le=100)
    exam: int = Field(default=0, ge=0, le=100)
    pass_score: float = Field(default=0.75, ge=0.0, le=1.0)
    retry_after_hours: int = Field(default=24, ge=0, le=24 * 365)

    @property
    def plan(self) -> Plan:
        """The same as a plain value for the qualification rule."""
        return Plan(self.training, self.exam, self.pass_score, self.retry_after_hours)


class Quality(_Part):
    """How answers are checked and how many are collected."""

    gold_share: float = Field(default=0.10, ge=0.0, le=1.0)
    gold_share_bounds: tuple[float, float] = Field(default=(0.03, 0.30), strict=False)
    overlap: tuple[int, int] = Field(default=(2, 5), strict=False)
    confidence: float = Field(default=0.95, gt=0.5, lt=1.0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        least, most = self.overlap
        if not 1 <= least <= most <= 50:
            raise ValueError("overlap must be two whole numbers, least and most, such as [2, 5]")
        low, high = self.gold_share_bounds
        if not 0.0 <= low <= high <= 1.0:
            raise ValueError("gold_share_bounds must be two shares in order, such as [0.03, 0.30]")
        if self.gold_share and not low <= self.gold_share <= high:
            raise ValueError(f"gold_share {self.gold_share} lies outside gold_share_bounds [{low}, {high}]")
        return self


class Show(_Part):
    """A field of the item that the student reads."""

    field: str = Field(min_length=1, max_length=60)
    label: Label | None = None
    shown_as: Literal["plain", "markdown", "code"] = Field(default="plain", alias="as")

    @field_validator("field")
    @classmethod
    def _field(cls, value: str) -> str:
        if value in RESERVED:
            raise ValueError(f'"{value}" is a key of Veritap\'s own in an items file and is never shown')
        return _one_line(value)


class Option(_Part):
    """One answer that a button offers."""

    value: str
    label: Label

    @field_validator("value")
    @classmethod
    def _value(cls, value: str) -> str:
        if not WORD.match(value):
            raise ValueError(
                f'"{value}" cannot be a value; use 1 to 40 letters, digits, "_", ".", ":" or "-"'
            )
        return value


class _Ask(_Part):
    id: str
    text: Sentence
    when: dict[str, str | int | list[str | int]] = {}

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        if not WORD.match(value):
            raise ValueError(f'"{value}" cannot be an id; use 1 to 40 letters, digits, "_", ".", ":" or "-"')
        return value


def _no_twins(options: list[Option]) -> list[Option]:
    for name in ("value", "label"):
        seen = [getattr(option, name) for option in options]
        for word in seen:
            if seen.count(word) > 1:
                raise ValueError(f'two options have the {name} "{word}"')
    return options


class Choice(_Ask):
    """Exactly one of a few options, a button each."""

    kind: Literal["choice"]
    options: list[Option] = Field(min_length=2, max_length=OPTIONS_MAX)
    _twins = field_validator("options")(_no_twins)


class Tags(_Ask):
    """Any number of options, then Done; at least `at_least` of them."""

    kind: Literal["tags"]
    options: list[Option] = Field(min_length=1, max_length=TAGS_MAX)
    at_least: int = Field(default=1, ge=0, le=TAGS_MAX)
    _twins = field_validator("options")(_no_twins)

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.at_least > len(self.options):
            raise ValueError(f"at_least is {self.at_least}, but there are only {len(self.options)} options")
        return self


class Scale(_Ask):
    """A whole number between two labelled ends; a gold answer is met within `tolerance`."""

    kind: Literal["scale"]
    low: int = Field(default=1, ge=-10, le=100)
    high: int = Field(default=5, ge=-10, le=100)
    low_label: Label
    high_label: Label
    tolerance: int = Field(default=0, ge=0, le=SCALE_STEPS_MAX)

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not 1 <= self.high - self.low < SCALE_STEPS_MAX:
            raise ValueError(f"a scale needs 2 to {SCALE_STEPS_MAX} steps, from low up to high")
        return self


Ask = Annotated[Choice | Tags | Scale, Field(discriminator="kind")]


class Project(_Part):
    """A project's whole definition."""

    slug: str
    title: Title
    instructions: Instructions
    language: Language = "en"
    pay: Pay
    audience: AudiencePart = AudiencePart()
    qualification: Qualification = Qualification()
    quality: Quality = Quality()
    show: list[Show] = Field(min_length=1, max_length=10)
    ask: list[Ask] = Field(min_length=1, max_length=ASKS_MAX)

    @field_validator("slug")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not SLUG.match(value):
            raise ValueError(f'"{value}" cannot be a slug; use 1 to 40 of a-z, 0-9 and "-"')
        return value

    @model_validator(mode="after")
    def _questions_fit(self) -> Self:
        shown = [show.field for show in self.show]
        if len(set(shown)) < len(shown):
            raise ValueError("a field is shown twice")
        earlier: dict[str, Ask] = {}
        for ask in self.ask:
            if ask.id in earlier:
                raise ValueError(f'two questions have the id "{ask.id}"')
            for question, wanted in ask.when.items():
                _check_condition(ask.id, question, wanted, earlier)
            earlier[ask.id] = ask
        if self.ask[0].when:
            raise ValueError("the first question cannot depend on another one")
        return self

    def asked(self, question: str) -> Choice | Tags | Scale | None:
        """Find a question by its id."""
        return next((ask for ask in self.ask if ask.id == question), None)


def _check_condition(asking: str, question: str, wanted: Any, earlier: dict[str, Ask]) -> None:
    if question not in earlier:
        raise ValueError(f'"{asking}" depends on "{question}", which is not an earlier question')
    if wanted == []:
        raise ValueError(f'"{asking}" waits for {question} = [], which nobody can answer')
    for value in wanted if isinstance(wanted, list) else [wanted]:
        if not accepts(earlier[question], value):
            raise ValueError(f'"{asking}" waits for {question} = {value!r}, which nobody can answer')


def accepts(ask: Choice | Tags | Scale, value: object) -> bool:
    """Tell whether a value can be (part of) an answer to a question."""
    if isinstance(ask, Scale):
        return isinstance(value, int) and not isinstance(value, bool) and ask.low <= value <= ask.high
    return isinstance(value, str) and any(value == option.value for option in ask.options)


def parse_bytes(data: bytes) -> Project:
    """Read a project file as it was sent. Raise ProjectTrouble like `parse`."""
    if len(data) > FILE_BYTES_MAX:
        raise ProjectTrouble([TOO_LARGE])
    try:
        return parse(data.decode())
    except UnicodeDecodeError as error:
        trouble = (
            f"This is not UTF-8 text (byte {error.start + 1:,}). Save the file as UTF-8 and send it again."
        )
        raise ProjectTrouble([trouble]) from error


def parse(text: str) -> Project:
    """Read a project file. Raise ProjectTrouble, which says by line or key what is wrong and what is expected."""
    if len(text.encode("utf-8", "surrogatepass")) > FILE_BYTES_MAX:
        raise ProjectTrouble([TOO_LARGE])
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise ProjectTrouble(["This is not a project file: it is nested too deeply."]) from error
    except ValueError as error:
        raise ProjectTrouble([f"This is not TOML: {error}."]) from error
    return check(raw)


def check(raw: dict[str, Any]) -> Project:
    """Check what a project file says. Raise ProjectTrouble, which says by key what is wrong and what is expected."""
    try:
        return Project.model_validate(raw)
    except ValidationError as error:
        troubles = error.errors(include_url=False, include_input=False)
        raise ProjectTrouble([sentence(trouble) for trouble in troubles[:TROUBLES_SHOWN]]) from error


def dump(project: Project) -> str:
    """Write a definition as canonical JSON, as it is stored."""
    return project.model_dump_json(by_alias=True)


@functools.lru_cache(maxsize=256)
def load(definition: str) -> Project:
    """Read back what `dump` wrote. Cached: the same text is the same definition."""
    return Project.model_validate_json(definition, strict=False)
