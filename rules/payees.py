"""Payees: where money may be sent, what such an address must look like, and how it is shown without being told."""

from __future__ import annotations

import dataclasses
import re
import unicodedata

METHODS = ("paypal", "wise", "bank", "other")
WITH_NAME = ("wise", "bank")
"""Methods that also ask for the name of whoever the account belongs to."""
ACCOUNT_MAX = 200
EMAIL_MAX = 127
NAME_MAX = 70
# A mail address begins with a letter or digit, so that no file needs a guard before it.
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_WISE_ID = re.compile(r"[0-9]{4,20}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,32}")
_IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29, "AE": 23, "BR": 29,
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Payee:
    """Where somebody's money goes: a method, an address in its form, and a name where the method wants one."""

    method: str
    account: str
    name: str = ""


class BadPayee(ValueError):
    """This cannot be a payee. `why`: email, wise, iban, account, text, name."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def read(method: str, text: str) -> Payee:
    """Read what somebody typed for a method. Raise BadPayee when it cannot be that."""
    account = _plain(text)
    if method == "paypal":
        return Payee(method, _email(account, "email"))
    if method == "wise":
        return Payee(method, account if _WISE_ID.fullmatch(account) else _email(account, "wise"))
    if method == "bank":
        return Payee(method, _bank(account))
    if method != "other" or not 4 <= len(account) <= ACCOUNT_MAX:
        raise BadPayee("text")
    return Payee(method, account)


def read_name(payee: Payee, text: str) -> Payee:
    """Add the name of whoever the account belongs to. Raise BadPayee when it cannot be a name."""
    name = _plain(text)
    if not 2 <= len(name) <= NAME_MAX or not any(sign.isalpha() for sign in name):
        raise BadPayee("name")
    return dataclasses.replace(payee, name=name)


def is_iban(account: str) -> bool:
    """Tell whether a text is an IBAN: its check digits (ISO 13616: modulo 97 leaves 1) and, where known, its length fit."""
    compact = account.replace(" ", "")
    if not _LIKE_IBAN.fullmatch(compact) or len(compact) != _IBAN_LENGTHS.get(compact[:2], len(compact)):
        return False
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1


def same(payee: Payee) -> str:
    """Give what two payees share when money for both ends in the same place, whichever method names it."""
    return f"payee:{''.join(payee.account.split()).casefold()}"


def masked(payee: Payee) -> str:
    """Write an address so that its owner knows it again and nobody else learns it: "a…@gmail.com", "DE89 … 3000"."""
    account = payee.account
    if "@" in account:
        local, _at, domain = account.rpartition("@")
        return f"{local[:1]}…@{domain}"
    if is_iban(account):
        return f"{account[:4]} … {account[-4:]}"
    return f"…{account[-4:]}" if len(account) >= 8 else "…"


def _plain(text: str) -> str:
    # Unseen signs and line breaks would be carried into files.
    seen = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    return " ".join("".join(sign for sign in seen if unicodedata.category(sign)[0] != "C").split())


def _email(account: str, why: str) -> str:
    if len(account) > EMAIL_MAX or not _EMAIL.fullmatch(account) or ".." in account:
        raise BadPayee(why)
    local, _at, domain = account.rpartition("@")
    return f"{local}@{domain.lower()}"


def _bank(account: str) -> str:
    compact = re.sub(r"[ -]", "", account).upper()
    if _LIKE_IBAN.fullmatch(compact):
        if not is_iban(compact):
            raise BadPayee("iban")
        return compact
    if not 6 <= len(account) <= ACCOUNT_MAX or sum(sign.isdigit() for sign in account) < 4:
        raise BadPayee("account")
    return account
