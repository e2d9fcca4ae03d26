"""The [pay] table of a project's file: which keys each scheme has, and the terms that an item of a student has by them."""

from __future__ import annotations

import functools
import zoneinfo
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from rules import money
from rules.audience import DEGREES
from rules.parts import Part
from rules.pay import FLOOR, HOUR, ITEM, Terms

SCHEMES = {"hour": HOUR, "item": ITEM, "item_with_floor": FLOOR}
BUDGET_MAX_MICRO = 1_000_000_000 * money.MICRO
MONEY_KEYS = ("rate_per_hour", "rate_per_item", "floor_per_hour", "ceiling", "budget")
_NEEDED = {
    "hour": ("rate_per_hour",),
    "item": ("rate_per_item",),
    "item_with_floor": ("rate_per_item", "floor_per_hour"),
}


class Pay(Part):
    """What is paid, and what a student is told of time beforehand. Money is text here, millionths in the properties."""

    scheme: Literal["hour", "item", "item_with_floor"] = "hour"
    currency: str
    rate_per_hour: str | None = None
    rate_per_item: str | None = None
    floor_per_hour: str | None = None
    rates: dict[str, str] = Field(default={})
    ceiling: str | None = None
    expected_seconds: int = Field(ge=1, le=3600)
    cap_seconds: int = Field(ge=1, le=3600)
    training_paid: bool = True
    exam_paid: bool = True
    budget: str | None = None
    time_zone: str = "UTC"

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        return money.currency(value)

    @field_validator("rate_per_hour", "rate_per_item", "floor_per_hour", "ceiling")
    @classmethod
    def _amount(cls, value: str | None) -> str | None:
        if value is not None:
            money.parse_amount(value)
        return value

    @field_validator("budget")
    @classmethod
    def _budget(cls, value: str | None) -> str | None:
        if value is not None:
            money.parse_amount(value, BUDGET_MAX_MICRO)
        return value

    @field_validator("rates")
    @classmethod
    def _rates(cls, values: dict[str, str]) -> dict[str, str]:
        for degree, value in values.items():
            if degree not in DEGREES:
                raise ValueError(f'"{degree}" is not a degree; there are {", ".join(DEGREES)}')
            money.parse_amount(value)
        return values

    @field_validator("time_zone")
    @classmethod
    def _time_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                f'"{value}" is not a time zone; write its name, such as "Europe/Kyiv"'
            ) from error
        return value

    @model_validator(mode="after")
    def _cap_covers_expected(self) -> Self:
        if self.cap_seconds < self.expected_seconds:
            raise ValueError(
                "cap_seconds is below expected_seconds; nobody could be paid for the time you expect"
            )
        return self

    @model_validator(mode="after")
    def _fits_scheme(self) -> Self:
        needed = _NEEDED[self.scheme]
        for key in ("rate_per_hour", "rate_per_item", "floor_per_hour"):
            given = getattr(self, key) is not None
            if key in needed and not given:
                raise ValueError(f'{key} is missing; scheme = "{self.scheme}" pays by it')
            if given and key not in needed:
                raise ValueError(
                    f'{key} is not paid by scheme = "{self.scheme}"; leave it out, or choose another scheme'
                )
        return self

    @model_validator(mode="after")
    def _under_ceiling(self) -> Self:
        if self.ceiling is None:
            return self
        key = _NEEDED[self.scheme][0]
        for name, rate in (
            (key, getattr(self, key)),
            *((f"rates.{one}", self.rates[one]) for one in self.rates),
        ):
            if money.parse_amount(rate) > money.parse_amount(self.ceiling):
                raise ValueError(f"{name} is {rate}, above the ceiling of {self.ceiling}")
        return self

    @model_validator(mode="after")
    def _budget_pays_an_item(self) -> Self:
        if self.budget_micro is not None and self.budget_micro < self.dearest_micro:
            dearest = money.show(self.dearest_micro, self.currency)
            raise ValueError(f"budget is {self.budget}, but one item can come to cost {dearest}")
        return self

    @functools.cached_property
    def rate_micro(self) -> int:
        """The rate per hour in millionths, or the hourly floor; 0 when paid by the item alone."""
        return money.parse_amount(self.rate_per_hour or self.floor_per_hour or "0")

    @functools.cached_property
    def piece_micro(self) -> int:
        """The pay per item in millionths; 0 when paid by the hour."""
        return money.parse_amount(self.rate_per_item or "0")

    @functools.cached_property
    def rates_micro(self) -> dict[str, int]:
        """Rates by degree in millionths: an hour, or an item where the scheme pays by it."""
        return {degree: money.parse_amount(rate) for degree, rate in self.rates.items()}

    @functools.cached_property
    def budget_micro(self) -> int | None:
        """What the project may spend in all; None is without limit."""
        return None if self.budget is None else money.parse_amount(self.budget, BUDGET_MAX_MICRO)

    @functools.cached_property
    def dearest_micro(self) -> int:
        """The most that one item can come to cost, whoever does it."""
        return max(self.terms(degree, "work").most_micro for degree in ("", *self.rates))

    @property
    def cap_ms(self) -> int:
        """The most time that one item can be credited."""
        return self.cap_seconds * 1000

    @property
    def expected_ms(self) -> int:
        """The time that an item is expected to take."""
        return self.expected_seconds * 1000

    @property
    def in_words(self) -> str:
        """Say in English what is paid, for the pages about a data set."""
        if self.scheme == "hour":
            return f"{self.rate_per_hour} {self.currency} an hour for credited time"
        item = f"{self.rate_per_item} {self.currency} an item"
        if self.scheme == "item":
            return item
        return f"{item}, topped up by the week to {self.floor_per_hour} {self.currency} an hour of the median time"

    def is_paid(self, use: str) -> bool:
        """Tell whether items of a use are paid. Work and gold always are."""
        return {"training": self.training_paid, "exam": self.exam_paid}.get(use, True)

    def terms(self, degree: str, use: str) -> Terms:
        """Give the terms of an item for a student with a degree: their own rate, or else everybody's. Nothing where it is not paid."""
        scheme = SCHEMES[self.scheme]
        if not self.is_paid(use):
            return Terms(scheme, 0, 0, self.cap_ms)
        own = self.rates_micro.get(degree)
        if scheme == HOUR:
            return Terms(scheme, self.rate_micro if own is None else own, 0, self.cap_ms)
        return Terms(scheme, self.rate_micro, self.piece_micro if own is None else own, self.cap_ms)
