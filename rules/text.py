"""Text with styles, measured as Telegram measures it (UTF-16 units), cut into pages that lose nothing.

A `Text` is built from pieces and gives plain text plus entities; no markup language is parsed or written, so no character of an item can
be taken for markup. Knows nothing of messages or chats.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

MESSAGE_UNITS_MAX = 4096
ENTITIES_MAX = 100
PAGE_ENTITIES_MAX = 80
"""So many entities a page of an item may need; the rest of a message's is left for what stands around it."""
PAGE_UNITS = 3000
"""A page of an item; the rest of a message is left for the header, the question and the answers so far."""

ROOM_WORTH_USING_UNITS = 200
"""Less room than this at the foot of a page is left empty rather than filled with a few words."""


def units(text: str) -> int:
    """Count UTF-16 units: what Telegram counts in lengths and offsets."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_FACES = frozenset(("bold", "italic", "underline", "strikethrough", "spoiler"))
_NO_WIDTH = ("Mn", "Me", "Cf")


def columns(text: str) -> int:
    """Count the columns that a text takes in a face of a fixed width: two for a wide character, none for a mark."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in ("W", "F") for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in _NO_WIDTH for character in text)


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one style: "" for plain, or entity types with spaces between them, the outermost first: "blockquote bold".

    "pre:python" is a block of code and its language. Neighbours that share an outer style are one entity there.
    """

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
        open_here: list[dict[str, Any]] = []
        styles: tuple[str, ...] = ()
        position = 0
        for piece in _trimmed(self.pieces):
            kept, styles = _shared(styles, _styles(piece.style)), _styles(piece.style)
            open_here[kept:] = [_entity(style, position) for style in styles[kept:]]
            entities += open_here[kept:]
            inked = piece.text.rstrip() if open_here else ""
            for entity in open_here if inked else ():
                # No entity ends in white space; one of nothing else keeps the length 0.
                entity["length"] = position + units(inked) - entity["offset"]
            parts.append(piece.text)
            position += units(piece.text)
        return "".join(parts), [entity for entity in entities if entity["length"] > 0][:ENTITIES_MAX]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@functools.lru_cache(maxsize=256)
def _styles(style: str) -> tuple[str, ...]:
    return tuple(style.split())


def _shared(before: tuple[str, ...], after: tuple[str, ...]) -> int:
    """Count the outer styles that two pieces have in common: their entities go on."""
    count = 0
    while count < len(before) and count < len(after) and before[count] == after[count]:
        count += 1
    return count


def _entity(style: str, offset: int) -> dict[str, Any]:
    kind, _, language = style.partition(":")
    entity: dict[str, Any] = {"type": kind, "offset": offset, "length": 0}
    return {**entity, "language": language} if language else entity


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
    """Cut styled text into pages of at most so many units. Joined, the pages are exactly the text. At least one page.

    No page needs more than `PAGE_ENTITIES_MAX` entities. A block of code that fits on a page is on one; a longer one goes on in its style.
    """
    if limit_units < 2:
        raise ValueError("a page must have room for two units, since a character can take two")
    stack = _Pages(limit_units)
    for piece in pieces:
        if piece.text:
            stack.put(piece)
    return stack.found


class _Pages:
    """Pages being filled: the room that is left on the last one, its entities, and the styles at its end."""

    __slots__ = ("entities", "found", "limit", "room", "styles")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[list[Piece]] = [[]]
        self._fresh()

    def _fresh(self) -> None:
        self.room, self.entities = self.limit, 0
        self.styles: tuple[str, ...] = ()

    def put(self, piece: Piece) -> None:
        """Put text on the last page, and what does not fit on as many more as it takes."""
        rest, style = piece.text, piece.style
        size = units(rest)
        whole = self.room < size <= self.limit and style.startswith("pre")
        if whole or self.entities + self._opened(style) > PAGE_ENTITIES_MAX:
            rest = self._turned(rest, style)
        while rest:
            if size <= self.room or units(rest) <= self.room:
                self._append(rest, style)
                return
            if self.found[-1] and self.room < min(ROOM_WORTH_USING_UNITS, self.limit):
                rest = self._turned(rest, style)
                continue
            part = _cut(rest, self.room)
            self._append(part, style)
            rest = rest[len(part) :]
            self._turn()
            size = units(rest)

    def _turned(self, rest: str, style: str) -> str:
        """Begin a new page. Return the text without the line ends before it: they stay on the old page, as far as they fit."""
        if not self.found[-1]:
            return rest
        count = min(len(rest) - len(rest.lstrip("\n")), self.room)
        if count and self.entities + self._opened(style) <= PAGE_ENTITIES_MAX:
            self._append(rest[:count], style)
            rest = rest[count:]
        if rest:
            self._turn()
        return rest

    def _turn(self) -> None:
        self.found.append([])
        self._fresh()

    def _append(self, text: str, style: str) -> None:
        self.entities += self._opened(style)
        self.styles = _styles(style)
        self.found[-1].append(Piece(text, style))
        self.room -= units(text)

    def _opened(self, style: str) -> int:
        """Count the entities that a piece begins. Telegram cuts a face where another begins inside of it, so each counts in each piece."""
        styles = _styles(style)
        shared = styles[: _shared(self.styles, styles)]
        return len(styles) - sum(one not in _FACES for one in shared)


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
