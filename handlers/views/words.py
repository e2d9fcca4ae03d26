"""Small words that several views share."""

from __future__ import annotations

import re

from handlers.language import isolated
from rules.text import Piece, Text

_PLACE = re.compile(r"\{(\w+)\}")


def count(number: int, word: str) -> str:
    """Write a number with its word: "1 student", "1,204 students"."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def with_style(sentence: str, style: str, **values: str) -> Text:
    """Fill the places of a sentence that was said already, each value in a style, wherever its language puts them."""
    text = Text()
    for number, part in enumerate(_PLACE.split(sentence)):
        # What stands between two places is even, the name of a place odd.
        text.extend([Piece(str(isolated(values[part])), style)]) if number % 2 else text.plain(part)
    return text
