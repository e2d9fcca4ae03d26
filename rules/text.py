"""Text with styles, measured as Telegram measures it (UTF-16 units), cut into pages that lose nothing.

A `Text` is built from pieces and gives plain text plus entities; no markup language is parsed or written, so no character of an item can
be taken for markup. Knows nothing of messages or chats.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

MESSAGE_UNITS_MAX = 4096
ENTITIES_MAX = 100
PAGE_UNITS = 3000
"""A page of an item; the rest of a message is left for the header, the question and the answers so far."""

ROOM_WORTH_USING_UNITS = 200
"""Less room than this at the foot of a page is left empty rather than filled with a few words."""


def units(text: str) -> int:
    """Count UTF-16 units: what Telegram counts in lengths and offsets."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_NO_WIDTH = ("Mn", "Me", "Cf")


def columns(text: str) -> int:
    """Count the columns that a text takes in a face of a fixed width: two for a wide character, none for a mark."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in ("W", "F") for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in _NO_WIDTH for character in text)


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one style: "" for plain, or an entity type such as "bold", "code", "pre", "blockquote"."""

    text: str
    style: str = ""


class Text:
    """Styled text under construction; each method returns the same object, so that calls can be chained."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self.pieces = list(pieces)

    def plain(self, text: str) -> Text:
        """Add text as it is."""
        return self.add(text, "")

    def bold(self, text: str) -> Text:
        """Add text in bold."""
        return self.add(text, "bold")

    def italic(self, text: str) -> Text:
        """Add text in italics."""
        return self.add(text, "italic")

    def code(self, text: str) -> Text:
        """Add a short text in a fixed-width face; a tap copies it."""
        return self.add(text, "code")

    def add(self, text: str, style: str) -> Text:
        """Add text in any style."""
        if text:
            self.pieces.append(Piece(text, style))
        return self

    def line(self, text: str = "", style: str = "") -> Text:
        """Add text and the end of its line."""
        return self.add(text, style).plain("\n")

    def extend(self, other: Text | Sequence[Piece]) -> Text:
        """Add another text's pieces."""
        self.pieces.extend(other.pieces if isinstance(other, Text) else other)
        return self

    def render(self) -> tuple[str, list[dict[str, Any]]]:
        """Give the plain text and its entities, as the Bot API wants them; white space at both ends is dropped, as Telegram does."""
        parts: list[str] = []
        entities: list[dict[str, Any]] = []
        position = 0
        for piece in _trimmed(self.pieces):
            length = units(piece.text)
            if piece.style:
                kept = piece.text.rstrip()
                if kept and len(entities) < ENTITIES_MAX:
                    entities.append({"type": piece.style, "offset": position, "length": units(kept)})
            parts.append(piece.text)
            position += length
        return "".join(parts), entities

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    kept = list(pieces)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = Piece(kept[0].text.lstrip(), kept[0].style)
        kept[-1] = Piece(kept[-1].text.rstrip(), kept[-1].style)
    return kept


def pages(pieces: Sequence[Piece], limit_units: int = PAGE_UNITS) -> list[list[Piece]]:
    """Cut styled text into pages of at most so many units. Joined, the pages are exactly the text. At least one page."""
    if limit_units < 2:
        raise ValueError("a page must have room for two units, since a character can take two")
    found: list[list[Piece]] = [[]]
    room = limit_units
    for piece in pieces:
        rest = piece.text
        while rest:
            if units(rest) <= room:
                part = rest
            else:
                hardly = found[-1] and room < ROOM_WORTH_USING_UNITS
                part = "" if hardly else _cut(rest, room)
            if not part:
                found.append([])
                room = limit_units
                continue
            found[-1].append(Piece(part, piece.style))
            room -= units(part)
            rest = rest[len(part) :]
            if rest:
                found.append([])
                room = limit_units
    return found


_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。])\s"), re.compile(r"\s"))

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_MODIFIERS = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]")


def clip(text: str, limit_units: int) -> str:
    """Shorten a text to at most so many units, with "…" at the end where something was left out."""
    if units(text) <= limit_units:
        return text
    return _prefix(text, limit_units - 1).rstrip() + "…" if limit_units > 0 else ""


def _cut(text: str, room: int) -> str:
    """Take as much of the text as fits, up to the last good place to break."""
    fitting = _prefix(text, room)
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(fitting)]
        if ends and ends[-1] >= len(fitting) // 2:
            return fitting[: ends[-1]]
    return fitting


def _prefix(text: str, room: int) -> str:
    if text.isascii():
        return text[:room]
    low, high = 0, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        if units(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    while low and low < len(text) and _joins(text[low - 1], text[low]):
        low -= 1
    return text[:low] or text[: min(len(text), room // 2)]


def _joins(before: str, after: str) -> bool:
    """Tell whether two characters are read as one: a letter and its marks, parts of an emoji or of a flag."""
    return (
        unicodedata.category(after) in ("Mn", "Mc", "Me")
        or _ZERO_WIDTH_JOINER in (before, after)
        or _EMOJI_MODIFIERS.match(after) is not None
        or (_FLAG_LETTERS.match(before) is not None and _FLAG_LETTERS.match(after) is not None)
    )
