"""Menus: who gets which commands in their menu, and what Telegram was told before. What a menu holds is not known
here; that a command stands in it gives nobody the right to use it."""

from __future__ import annotations

import dataclasses

from actions import marks, people
from storage.tx import Tx

TOPIC = "roles"
"""Announced when roles change."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Privileged:
    id: int
    contact: str
    role: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Chooser:
    id: int
    language: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Told:
    name: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Menu:
    """A person with a menu of their own: for their roles, or since they want it in another language than their Telegram's.

    `roles` is empty when they hold none beyond the student's. `language`: the one they chose, empty for none; `phone_language`: their
    Telegram's. `told` is the fingerprint of what Telegram was told last.
    """

    person_id: int
    telegram_id: int
    roles: tuple[str, ...]
    told: str
    language: str
    phone_language: str


def wanted(tx: Tx) -> list[Menu]:
    """List everybody who has, or had, a menu of their own."""
    told = {
        int(row.name.partition(":")[2]): row.value
        for row in tx.all("menus.told", _Told)
        if row.name.partition(":")[2].isdigit()
    }
    held: dict[int, list[str]] = {person_id: [] for person_id in told}
    for row in tx.all("menus.privileged", _Privileged):
        held.setdefault(row.id, []).append(row.role)
    chosen = {row.id: row.language for row in tx.all("languages.choosers", _Chooser)}
    for person_id in chosen:
        held.setdefault(person_id, [])
    menus = []
    for person_id, roles in held.items():
        contact = people.contact_of(tx, people.get(tx, person_id))
        if contact:
            found = told.get(person_id, "")
            language, phone = chosen.get(person_id, ""), str(contact.get("language_code", ""))
            menus.append(Menu(person_id, int(contact["telegram_id"]), tuple(roles), found, language, phone))
    return menus


def note(tx: Tx, person_id: int, fingerprint: str) -> None:
    """Remember what Telegram was told; an empty fingerprint forgets it."""
    if fingerprint:
        marks.put(tx, f"menu:{person_id}", fingerprint)
    else:
        marks.drop(tx, f"menu:{person_id}")
