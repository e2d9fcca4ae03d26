"""The vault: what is sealed opens with the same key for the same purpose only, and tells nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import WrongKey
from storage.vault import Vault, new_key, parse_key
from tests.storage.conftest import KEY

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_what_is_sealed_opens_again(value: object) -> None:
    vault = Vault(KEY)
    assert vault.open("contact", vault.seal("contact", value)) == value


def test_another_key_purpose_or_text_does_not_open() -> None:
    vault = Vault(KEY)
    sealed = vault.seal("contact", "Ada")
    flipped = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    for opener, purpose, text in (
        (Vault(new_key()), "contact", sealed),
        (vault, "profile", sealed),
        (vault, "contact", flipped),
    ):
        with pytest.raises(WrongKey):
            opener.open(purpose, text)


def test_the_same_value_never_looks_the_same() -> None:
    vault = Vault(KEY)
    assert vault.seal("contact", "Ada") != vault.seal("contact", "Ada")
    assert "Ada" not in vault.seal("contact", "Ada")


def test_an_index_is_the_same_for_the_same_name_and_key_alone() -> None:
    assert Vault(KEY).index("42") == Vault(KEY).index("42")
    assert Vault(KEY).index("42") != Vault(KEY).index("43")
    assert Vault(KEY).index("42") != Vault(new_key()).index("42")
    assert len(Vault(KEY).index("42")) == 22


@pytest.mark.parametrize("text", ["", "short", "!" * 44, new_key()[:-4], new_key() + new_key()])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(WrongKey):
        parse_key(text)
