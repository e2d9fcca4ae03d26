"""Payees: what each way to be paid takes for an address, and that a masked one tells nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import payees
from rules.formats.exports import cells
from rules.payees import BadPayee, Payee

GOOD_IBANS = (
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
    "NO9386011117947",
)


@pytest.mark.parametrize(
    ("method", "typed", "account"),
    [
        ("paypal", "  Ada.L+pay@Example.ORG ", "Ada.L+pay@example.org"),
        ("wise", "ada@example.org", "ada@example.org"),
        ("wise", "148563324", "148563324"),
        ("wise", "6f2c1a30-0000-4d1e-9a4b-aa0011223344", "6f2c1a30-0000-4d1e-9a4b-aa0011223344"),
        ("bank", "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("bank", "Routing 021000021,\naccount 123456", "Routing 021000021, account 123456"),
        ("other", "M-Pesa +254 700 000000", "M-Pesa +254 700 000000"),
    ],
)
def test_an_address_is_read_as_its_way_has_it(method: str, typed: str, account: str) -> None:
    assert payees.read(method, typed) == Payee(method, account)


@pytest.mark.parametrize(
    ("method", "typed", "why"),
    [
        ("paypal", "ada", "email"),
        ("paypal", "=cmd@example.org", "email"),
        ("paypal", "a..b@example.org", "email"),
        ("paypal", f"{'a' * 64}@{'b' * 60}.org" + "x" * 20, "email"),
        ("wise", "hello there", "wise"),
        ("bank", "DE89370400440532013001", "iban"),
        ("bank", "DE8937040044053201300", "iban"),
        ("bank", "my bank", "account"),
        ("other", "me", "text"),
        ("other", "x" * 201, "text"),
        ("cash", "at the door", "text"),
    ],
)
def test_what_cannot_be_an_address_says_why(method: str, typed: str, why: str) -> None:
    with pytest.raises(BadPayee) as bad:
        payees.read(method, typed)
    assert bad.value.why == why


@pytest.mark.parametrize("iban", GOOD_IBANS)
def test_one_wrong_sign_of_an_iban_is_always_noticed(iban: str) -> None:
    assert payees.is_iban(iban)
    for place in range(2, len(iban)):
        for sign in "0123456789":
            wrong = iban[:place] + sign + iban[place + 1 :]
            assert payees.is_iban(wrong) == (wrong == iban)


@given(st.text(max_size=250), st.sampled_from(payees.METHODS))
def test_any_text_is_read_or_refused_and_what_is_read_is_one_line(text: str, method: str) -> None:
    try:
        payee = payees.read(method, text)
    except BadPayee:
        return
    assert payee.account == " ".join(payee.account.split())
    assert payees.read(method, payee.account) == payee
    if method == "paypal":
        assert cells.guarded(payee.account) == payee.account


@pytest.mark.parametrize(
    ("method", "account", "masked"),
    [
        ("paypal", "ada@gmail.com", "a…@gmail.com"),
        ("bank", "DE89370400440532013000", "DE89 … 3000"),
        ("bank", "Routing 021000021, account 123456", "…3456"),
        ("wise", "148563324", "…3324"),
        ("other", "M-Pesa", "…"),
    ],
)
def test_a_masked_address_is_known_to_its_owner_alone(method: str, account: str, masked: str) -> None:
    assert payees.masked(Payee(method, account)) == masked


def test_one_payee_is_found_again_whatever_the_way_and_the_case() -> None:
    assert payees.same(Payee("paypal", "Ada@example.org")) == payees.same(Payee("wise", "ada@Example.org"))
    assert payees.same(Payee("bank", "Acc 12 34")) == payees.same(Payee("other", "acc1234"))
    assert payees.same(Payee("paypal", "ada@example.org")) != payees.same(Payee("paypal", "eva@example.org"))


@pytest.mark.parametrize("name", ["", "A", "12", "x" * 71])
def test_a_name_is_a_name(name: str) -> None:
    with pytest.raises(BadPayee, match="name"):
        payees.read_name(Payee("bank", "x"), name)
    assert payees.read_name(Payee("bank", "x"), " Ada\n Byron ").name == "Ada Byron"
