"""The [pay] table: each scheme with its keys, rates by degree under a ceiling, and a clear sentence for whatever is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from rules import money, project_file
from rules.pay import Terms
from rules.pay_table import Pay
from rules.project_file import ProjectTrouble
from tests.rules.definitions import PAY, define

TIMES = {"currency": "USD", "expected_seconds": 60, "cap_seconds": 180}
ITEM = {**TIMES, "scheme": "item", "rate_per_item": "0.40"}
FLOOR = {**TIMES, "scheme": "item_with_floor", "rate_per_item": "0.40", "floor_per_hour": "24.00"}


def table(**keys: Any) -> Pay:
    return define(pay={**PAY, **keys}).pay


def trouble(pay: dict[str, Any]) -> str:
    with pytest.raises(ProjectTrouble) as caught:
        define(pay=pay)
    return "\n".join(caught.value.lines)


def test_a_file_from_before_the_schemes_pays_by_the_hour() -> None:
    pay = table()
    assert pay.terms("master", "gold") == Terms("hour", 24_000_000, 0, 180_000)
    assert (pay.budget_micro, pay.time_zone, pay.is_paid("training"), pay.is_paid("exam")) == (
        None,
        "UTC",
        True,
        True,
    )


def test_each_scheme_has_its_terms() -> None:
    assert define(pay=ITEM).pay.terms("", "work") == Terms("item", 0, 400_000, 180_000)
    assert define(pay=FLOOR).pay.terms("", "work") == Terms("floor", 24_000_000, 400_000, 180_000)


def test_a_degree_has_its_own_rate_and_gold_that_of_work() -> None:
    pay = table(rates={"bachelor": "28.00", "master": "31.50"}, ceiling="31.50")
    rates = [pay.terms(degree, "work").rate_micro for degree in ("", "associate", "bachelor", "master")]
    assert rates == [24_000_000, 24_000_000, 28_000_000, 31_500_000]
    assert pay.terms("master", "gold") == pay.terms("master", "work")
    item = define(pay={**FLOOR, "rates": {"master": "0.55"}}).pay
    assert item.terms("master", "work") == Terms("floor", 24_000_000, 550_000, 180_000)


def test_what_is_not_paid_is_not_paid_and_gold_always_is() -> None:
    pay = table(training_paid=False, exam_paid=False, rates={"master": "30.00"})
    for use in ("training", "exam"):
        assert pay.terms("master", use).most_micro == 0
    for use in ("work", "gold"):
        assert pay.terms("master", use).amount_micro(60_000) == 500_000


def test_what_is_stored_reads_back_the_same() -> None:
    for pay in (
        PAY,
        ITEM,
        {**FLOOR, "budget": "900.00", "rates": {"other": "0.45"}, "time_zone": "Europe/Kyiv"},
    ):
        project = define(pay=pay)
        assert project_file.load(project_file.dump(project)) == project


@pytest.mark.parametrize("key", ["rate_per_hour", "ceiling", "budget"])
@pytest.mark.parametrize("value", [24, 24.5, float("nan"), float("inf"), True, -1])
def test_money_is_text(key: str, value: Any) -> None:
    assert trouble({**PAY, key: value}) == f'pay.{key} must be money as text in quotes, such as "24.00".'


def test_a_rate_of_a_degree_is_text_as_well() -> None:
    said = 'pay.rates.master must be money as text in quotes, such as "24.00".'
    assert trouble({**PAY, "rates": {"master": 30.5}}) == said


@pytest.mark.parametrize("value", ["-1", "NaN", "inf", "1e3", "24,00", " 24", "$24", "1.0000001", ""])
def test_odd_amounts_are_told(value: str) -> None:
    assert "is not an amount of money" in trouble({**PAY, "rate_per_hour": value})
    assert "is not an amount of money" in trouble({**PAY, "rates": {"master": value}})
    assert "is not an amount of money" in trouble({**PAY, "budget": value})


def test_huge_amounts_are_told() -> None:
    assert trouble({**PAY, "rate_per_hour": "1000000.01"}) == (
        'pay.rate_per_hour: "1000000.01" is more than the largest amount, 1,000,000.'
    )
    assert "the largest amount, 1,000,000,000." in trouble({**PAY, "budget": "1000000000.01"})
    assert "is not an amount" in trouble({**PAY, "budget": "9" * 40})


@pytest.mark.parametrize(
    ("pay", "sentence"),
    [
        (
            {**ITEM, "scheme": "hour"},
            'pay: rate_per_hour is missing; scheme = "hour" pays by it.',
        ),
        ({**TIMES, "scheme": "item"}, 'pay: rate_per_item is missing; scheme = "item" pays by it.'),
        (
            {**ITEM, "scheme": "item_with_floor"},
            'pay: floor_per_hour is missing; scheme = "item_with_floor" pays by it.',
        ),
        (
            {**PAY, "rate_per_item": "0.40"},
            'pay: rate_per_item is not paid by scheme = "hour"; leave it out, or choose another scheme.',
        ),
        (
            {**ITEM, "floor_per_hour": "24.00"},
            'pay: floor_per_hour is not paid by scheme = "item"; leave it out, or choose another scheme.',
        ),
        ({**PAY, "scheme": "month"}, "pay.scheme must be one of 'hour', 'item' or 'item_with_floor'."),
        (
            {**PAY, "ceiling": "20.00"},
            "pay: rate_per_hour is 24.00, above the ceiling of 20.00.",
        ),
        (
            {**PAY, "rates": {"master": "40.01"}, "ceiling": "40.00"},
            "pay: rates.master is 40.01, above the ceiling of 40.00.",
        ),
        ({**ITEM, "ceiling": "0.39"}, "pay: rate_per_item is 0.40, above the ceiling of 0.39."),
        (
            {**PAY, "rates": {"doctor": "40.00"}},
            'pay.rates: "doctor" is not a degree; there are associate, bachelor, master, other.',
        ),
        ({**PAY, "budget": "1.19"}, "pay: budget is 1.19, but one item can come to cost $1.20."),
        ({**FLOOR, "budget": "1.00"}, "pay: budget is 1.00, but one item can come to cost $1.20."),
        (
            {**PAY, "time_zone": "Kyiv"},
            'pay.time_zone: "Kyiv" is not a time zone; write its name, such as "Europe/Kyiv".',
        ),
        ({**PAY, "time_zone": "../etc/passwd"}, "is not a time zone"),
        ({**PAY, "training_paid": "no"}, "pay.training_paid must be true or false."),
        ({**PAY, "bonus": "1"}, "pay.bonus is not a key that Veritap knows."),
    ],
)
def test_each_mistake_has_its_sentence(pay: dict[str, Any], sentence: str) -> None:
    assert sentence in trouble(pay)


@pytest.mark.parametrize("code", ["USX", "QQQ", "XAU", "usd", "US", "USDT", "", "€", "US1", "USD\n"])
def test_only_currencies_that_there_are_can_be_paid(code: str) -> None:
    assert "is not a currency" in trouble({**PAY, "currency": code})


@pytest.mark.parametrize(
    ("code", "shown"),
    [("USD", "$1.50"), ("JPY", "¥2"), ("KWD", "1.500 KWD"), ("VND", "2 VND"), ("CHF", "1.50 CHF")],
)
def test_amounts_are_shown_with_the_decimals_of_their_currency(code: str, shown: str) -> None:
    assert define(pay={**PAY, "currency": code}).pay.currency == code
    assert money.show(1_500_000, code) == shown


def test_the_currencies_are_those_of_the_standard() -> None:
    assert len(money.DECIMALS) > 150
    assert set(money.DECIMALS.values()) == {0, 2, 3}
    assert all(len(code) == 3 and code.isupper() for code in money.DECIMALS)
    assert set(money.SIGNS) <= set(money.DECIMALS)
