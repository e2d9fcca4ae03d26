"""An item exactly as it came, its markup unread: page by page in the place of its card, or as a file. Pure."""

from __future__ import annotations

from actions.work import Card
from handlers.language import _
from handlers.screen import Button, Rows, Screen
from rules.text import Piece, Text, pages

PAGE_UNITS = 3500


def text(card: Card) -> str:
    """Give the item's fields under their names, in the order in which they are read; two answers to compare as A and B."""
    fields = card.sheet.fields
    parts = [(show.field, fields.get(show.field, "")) for show in card.project.rules.show]
    compared = card.project.rules.preference
    if compared is not None:
        first, second = (compared.b, compared.a) if card.flipped else (compared.a, compared.b)
        parts += [("A", fields.get(first, "")), ("B", fields.get(second, ""))]
    return "\n\n".join(f"{name}:\n{_written(value)}" for name, value in parts)


def _written(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(f"{place}. {step}" for place, step in enumerate(value, start=1))
    return str(value)


def screen(card: Card, number: int = 0) -> Screen:
    """Show a page of the item as it came."""
    found = pages([Piece(text(card), "pre")], PAGE_UNITS)
    page = min(number, len(found) - 1)
    rows: Rows = []
    if len(found) > 1:
        back = _button(card, "◀", f"r{page - 1}") if page else _button(card, "·", f"r{page}")
        forth = (
            _button(card, "▶", f"r{page + 1}") if page + 1 < len(found) else _button(card, "·", f"r{page}")
        )
        rows.append([back, _button(card, f"{page + 1}/{len(found)}", f"r{page}"), forth])
    # Translators: a button that sends the text of an item as a file.
    rows.append([_button(card, _("As a file"), "D"), _button(card, _("Back"), "b")])
    return Screen(Text(found[page]), rows)


def _button(card: Card, label: str, operation: str) -> Button:
    return Button(label, f"a:{card.token}:{card.step}:{operation}")
