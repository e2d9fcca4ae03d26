"""Languages: in which one a person wants to be spoken to. Empty: as Telegram says. What is said in it is the handlers' business."""

from __future__ import annotations

import dataclasses

from actions import menus, people
from actions.people import Visitor
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class _Speaker:
    contact: str
    language: str


def chosen(tx: Tx, key: str) -> str:
    """Give the language that a person chose; empty when they chose none, or are not known."""
    return str(tx.value("languages.chosen", key=key) or "")


def of_person(tx: Tx, person_id: int) -> str:
    """Give the language for a person to whom something is sent: their choice, else that of their Telegram."""
    speaker = tx.one("languages.of_person", _Speaker, id=person_id)
    if speaker is None or speaker.language or not speaker.contact:
        return speaker.language if speaker is not None else ""
    return str(tx.vault.open("contact", speaker.contact).get("language_code", ""))


def choose(tx: Tx, visitor: Visitor, code: str) -> None:
    """Have a person spoken to in a language from now on; an empty code follows Telegram again."""
    person = people.known(tx, visitor)
    tx.run("languages.choose", id=person.id, language=code)
    tx.announce(menus.TOPIC)
