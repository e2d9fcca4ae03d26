"""A project's file: TOML in, a checked definition out, and what is wrong said by line or key.

Pydantic does the checking; the sentences are in `project_trouble`. Nothing here opens a file or asks the store.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from rules.audience import DEGREES, Audience
from rules.kinds import AnyQuestion, Ask, Choice, Preference, Question, Scale, Span, Steps, Tags
from rules.parts import RESERVED, FieldName, Label, Language, Option, Part, Title, short
from rules.pay_table import Pay
from rules.project_trouble import ProjectTrouble, sentence
from rules.qualification import Plan
from rules.text import units

__all__ = [
    "RESERVED",
    "Ask",
    "Choice",
    "Option",
    "Pay",
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
ASKS_MAX = 10
MAPPED_MAX = 50
SLUG = re.compile(r"\A[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z")


def _fits_a_message(text: str) -> str:
    if units(text) > INSTRUCTIONS_UNITS_MAX:
        raise ValueError(
            f"has {units(text):,} characters as Telegram counts; at most {INSTRUCTIONS_UNITS_MAX:,} fit"
        )
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


Instructions = Annotated[str, short(INSTRUCTIONS_UNITS_MAX), AfterValidator(_fits_a_message)]


class AudiencePart(Part):
    """Whom a broadcast reaches and who may join; an empty list means everybody."""

    degrees: list[str] = Field(default=[])
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


class Qualification(Part):
    """What is asked before work."""

    training: int = Field(default=0, ge=0, le=100)
    exam: int = Field(default=0, ge=0, le=100)
    pass_score: float = Field(default=0.75, ge=0.0, le=1.0)
    retry_after_hours: int = Field(default=24, ge=0, le=24 * 365)

    @property
    def plan(self) -> Plan:
        """The same as a plain value for the qualification rule."""
        return Plan(self.training, self.exam, self.pass_score, self.retry_after_hours)


class Quality(Part):
    """How answers are checked and how many are collected."""

    gold_share: float = Field(default=0.10, ge=0.0, le=1.0)
    gold_share_bounds: tuple[float, float] = Field(default=(0.03, 0.30), strict=False)
    overlap: tuple[int, int] = Field(default=(2, 10), strict=False)
    confidence: float = Field(default=0.95, gt=0.5, lt=1.0)
    strictness: Literal["gentle", "normal", "strict"] = "normal"
    gold_exposure: int = Field(default=200, ge=0, le=1_000_000)
    senior: bool = True

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


class Show(Part):
    """A field of the item that the student reads; `steps` is a list of texts, numbered."""

    field: FieldName
    label: Label | None = None
    shown_as: Literal["plain", "markdown", "code", "steps"] = Field(default="plain", alias="as")


class Project(Part):
    """A project's whole definition. `map`: how the keys of another tool's file become this project's (see `rules.formats`)."""

    slug: str
    title: Title
    instructions: Instructions
    language: Language = "en"
    pay: Pay
    audience: AudiencePart = AudiencePart()
    qualification: Qualification = Qualification()
    quality: Quality = Quality()
    map: dict[str, str] = Field(default={}, max_length=MAPPED_MAX)
    show: list[Show] = Field(default=[], max_length=10)
    ask: list[Ask] = Field(min_length=1, max_length=ASKS_MAX)

    @field_validator("slug")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not SLUG.match(value):
            raise ValueError(f'"{value}" cannot be a slug; use 1 to 40 of a-z, 0-9 and "-"')
        return value

    @model_validator(mode="after")
    def _questions_fit(self) -> Self:
        earlier: dict[str, AnyQuestion] = {}
        for ask in self.ask:
            if ask.id in earlier:
                raise ValueError(f'two questions have the id "{ask.id}"')
            for question, wanted in ask.when.items():
                _check_condition(ask.id, question, wanted, earlier)
            earlier[ask.id] = ask
        if self.ask[0].when:
            raise ValueError("the first question cannot depend on another one")
        return self

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        shown = {show.field: show.shown_as for show in self.show}
        if len(shown) < len(self.show):
            raise ValueError("a field is shown twice")
        if not self.fields:
            raise ValueError("show is missing; name at least one field of the item that the student reads")
        for ask in self.ask:
            _check_fields(ask, shown)
        if len({(ask.a, ask.b, ask.shown_as) for ask in self.ask if isinstance(ask, Preference)}) > 1:
            raise ValueError("all preference questions of a project must compare the same two fields")
        if len([show for show in self.show if show.shown_as == "steps"]) > 1:
            raise ValueError("only one field can be shown as steps")
        return self

    def asked(self, question: str) -> AnyQuestion | None:
        """Find a question by its id."""
        return next((ask for ask in self.ask if ask.id == question), None)

    @property
    def fields(self) -> dict[str, str]:
        """Name every field that an item must have, and as what it is shown: plain, markdown, code or steps."""
        found = {show.field: str(show.shown_as) for show in self.show}
        for ask in self.ask:
            found |= ask.shown_fields()
        return found

    @property
    def preference(self) -> Preference | None:
        """The question that compares two answers, if one does; all that do compare the same two."""
        return next((ask for ask in self.ask if isinstance(ask, Preference)), None)


def _check_fields(ask: Question, shown: Mapping[str, str]) -> None:
    """Hold a question to what the item shows: steps are rated where they stand, quotes are picked from a shown text."""
    for field in ask.shown_fields():
        if field in shown:
            raise ValueError(f'"{field}" is shown by the question "{ask.id}" already; leave it out of show')
    if isinstance(ask, Steps) and shown.get(ask.field) != "steps":
        raise ValueError(f'"{ask.id}" rates the steps of "{ask.field}"; show that field as = "steps"')
    if isinstance(ask, Span) and shown.get(ask.field, "steps") == "steps":
        raise ValueError(f'"{ask.id}" quotes from "{ask.field}"; show that field as plain, markdown or code')


def _check_condition(asking: str, question: str, wanted: Any, earlier: dict[str, AnyQuestion]) -> None:
    if question not in earlier:
        raise ValueError(f'"{asking}" depends on "{question}", which is not an earlier question')
    if wanted == []:
        raise ValueError(f'"{asking}" waits for {question} = [], which nobody can answer')
    for value in wanted if isinstance(wanted, list) else [wanted]:
        if not earlier[question].can_sign(value):
            raise ValueError(f'"{asking}" waits for {question} = {value!r}, which nobody can answer')


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
