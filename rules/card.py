"""What a task card shows of an item, and on how many pages. The item's own characters, all of them, in the project's order.

An item is laid out once for each form that it can be read in: classic pages, or a rich message; with the answer read first; with its
sentences numbered while one of them is to be quoted. What is ticked or rated is put in when a page is shown.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rules import markdown, rich, rich_markdown
from rules.kinds import AnyQuestion, Span, Steps
from rules.project_file import Project, Show, load
from rules.text import PAGE_UNITS, Piece, pages, units

PINNED_UNITS_MAX = 700
"""A text of at most so many units stands again above each answer and each part of a chain: nobody compares from memory."""
ENTRIES_MAX = 20
"""So many numbered sentences fit on a page with a button each."""
RICH_PAGE_UNITS = 12_000
"""More than this is read in turns, even where one message could hold it."""
MARGINS = {"+": "✓", "o": "○", "-": "✗"}
NOW = "▶"
SIDES = ("━━━ A ━━━", "━━━ B ━━━")
"""The headings of two answers to compare: letters in every language, and hard to miss when one scrolls."""
BEYOND = "·"


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A text of an item in both forms: pieces for a classic message, HTML for a rich one (empty when it is not asked for)."""

    pieces: tuple[Piece, ...]
    html: str = ""

    @property
    def size(self) -> int:
        """Its length in units."""
        return sum(units(piece.text) for piece in self.pieces)

    def __add__(self, other: Block) -> Block:
        gap = (Piece("\n\n"),) if self.pieces and other.pieces else ()
        return Block((*self.pieces, *gap, *other.pieces), self.html + other.html)


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A numbered step or sentence, or a part of one that is longer than a page. `ends`: its last words are here."""

    index: int
    block: Block
    begins: bool = True
    ends: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """What is read at once. `side`: 1 or 2 where one of two answers stands alone on it, else 0."""

    block: Block
    entries: tuple[Entry, ...] = ()
    side: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """All pages of an item, at least one. `is_rich`: they are for rich messages."""

    pages: tuple[Page, ...]
    is_rich: bool = False

    @property
    def last(self) -> int:
        """The number of the last page, counted from 0."""
        return len(self.pages) - 1

    def begin_of(self, index: int) -> int:
        """Find the page on which a step or sentence begins."""
        return next(
            (n for n, page in enumerate(self.pages) if any(e.index == index for e in page.entries)), 0
        )

    def end_of(self, index: int) -> int:
        """Find the page on which a step or sentence ends."""
        found = (
            n for n, page in enumerate(self.pages) if any(e.index == index and e.ends for e in page.entries)
        )
        return next(found, 0)

    def first_of_side(self, side: int) -> int:
        """Find the page on which one of two answers begins."""
        return next((n for n, page in enumerate(self.pages) if page.side == side), 0)


def wants_rich(definition: str, fields: str) -> bool:
    """Tell whether a text of the item is better read as a rich message: a table, formulas, or great length."""
    return _wants_rich(definition, fields)


@functools.lru_cache(maxsize=512)
def _wants_rich(definition: str, fields: str) -> bool:
    project, values = load(definition), json.loads(fields)
    texts = [
        values.get(field, "")
        for field, shown_as in project.fields.items()
        if shown_as in ("markdown", "steps")
    ]
    flat = [part for text in texts for part in (text if isinstance(text, list) else [text])]
    return any(rich_markdown.wanted(str(part)) for part in flat)


def laid_out(
    definition: str,
    fields: str,
    *,
    flipped: bool = False,
    is_rich: bool = False,
    ask: AnyQuestion | None = None,
) -> Layout:
    """Lay an item out, from the stored texts of its project and its fields, for the question asked now."""
    return _laid_out(definition, fields, flipped, is_rich, ask.id if isinstance(ask, Span) else "")


@functools.lru_cache(maxsize=512)
def _laid_out(definition: str, fields: str, flipped: bool, is_rich: bool, quoting: str) -> Layout:
    project, values = load(definition), json.loads(fields)
    maker = _Maker(project, values, flipped, is_rich, quoting)
    layout = Layout(tuple(maker.pages()), is_rich)
    if is_rich and not all(rich.fits(html_of(page)) for page in layout.pages):
        return _laid_out(definition, fields, flipped, False, quoting)
    return layout


@dataclasses.dataclass(frozen=True, slots=True)
class _Maker:
    project: Project
    fields: Mapping[str, Any]
    flipped: bool
    is_rich: bool
    quoting: str

    def pages(self) -> list[Page]:
        numbered = self._numbered()
        above = self._context(numbered[0] if numbered else "")
        sides = self._sides()
        if numbered is not None:
            # While a sentence is picked, only the text that holds it is read; a chain stands below the answers to compare.
            over = above if self.quoting else sum(sides, above)
            return self._with_entries(over, numbered[1])
        if not sides:
            return [Page(block) for block in self._cut(above, self._room)]
        whole = above + sides[0] + sides[1]
        if whole.size <= PAGE_UNITS:
            return [Page(whole)]
        return self._in_turn(above, sides)

    @property
    def _room(self) -> int:
        return RICH_PAGE_UNITS if self.is_rich else PAGE_UNITS

    def _context(self, without: str) -> Block:
        """Lay out the shown fields but the numbered one: each under its heading; the first needs none."""
        found = Block(())
        for show in self.project.show:
            if show.field != without:
                found += self._field(_heading(show, is_first=not found.pieces), show.field, show.shown_as)
        return found

    def _field(self, heading: str, field: str, shown_as: str) -> Block:
        value = self.fields.get(field, "")
        block = self._text(str(value), shown_as)
        if not heading:
            return block
        top = (Piece(heading, "bold"), Piece("\n"))
        html = rich.from_pieces(top[:1]) + block.html if self.is_rich else ""
        return Block((*top, *block.pieces), html)

    def _text(self, text: str, shown_as: str) -> Block:
        match shown_as:
            case "markdown" | "steps":
                html = rich_markdown.markdown_html(text) if self.is_rich else ""
                return Block(tuple(markdown.pieces(text)), html)
            case "code":
                kept = text.strip("\n")
                return Block((Piece(kept, "pre"),), rich.code_html(kept) if self.is_rich else "")
        kept = text.strip("\n")
        return Block((Piece(kept),), rich.plain_html(kept) if self.is_rich else "")

    def _sides(self) -> list[Block]:
        """Lay out the two answers to compare in the order in which they are read; none where none are compared."""
        compared = self.project.preference
        if compared is None:
            return []
        fields = (compared.b, compared.a) if self.flipped else (compared.a, compared.b)
        return [
            self._field(name, field, compared.shown_as) for name, field in zip(SIDES, fields, strict=True)
        ]

    def _in_turn(self, above: Block, sides: Sequence[Block]) -> list[Page]:
        """Put what both answers are about above each of them, or before them where it is long; then one answer after the other."""
        pinned, before = (
            (above, []) if above.size <= PINNED_UNITS_MAX else (Block(()), self._cut(above, self._room))
        )
        found = [Page(block) for block in before]
        for number, side in enumerate(sides, start=1):
            found += [Page(pinned + part, side=number) for part in self._cut(side, self._room - pinned.size)]
        return found

    def _numbered(self) -> tuple[str, list[Block]] | None:
        """Give the field whose parts are numbered, and these: a chain of steps, or the sentences of which some are to be quoted."""
        asked = self.project.asked(self.quoting)
        if isinstance(asked, Span):
            text = str(self.fields.get(asked.field, ""))
            return asked.field, [
                self._text(text[start:end], "plain") for start, end in asked.places(self.fields)
            ]
        field = next((show.field for show in self.project.show if show.shown_as == "steps"), None)
        if field is None:
            return None
        steps = self.fields.get(field, [])
        parts = steps if isinstance(steps, list) else [steps]
        return field, [self._text(str(step), "steps") for step in parts]

    def _with_entries(self, above: Block, blocks: list[Block]) -> list[Page]:
        """Put numbered parts under what they are about; one that is longer than a page is read on over several."""
        most = ENTRIES_MAX if self.quoting else len(blocks)
        whole = above.size + sum(_entry_size(block) for block in blocks)
        if whole <= self._room and len(blocks) <= most:
            return [Page(above, tuple(Entry(index, block) for index, block in enumerate(blocks)))]
        is_pinned = above.size <= PINNED_UNITS_MAX
        pinned = above if is_pinned else Block(())
        found = [] if is_pinned else [Page(block) for block in self._cut(above, self._room)]
        room = self._room - pinned.size
        entries: list[Entry] = []
        left = room
        for entry in self._entries(blocks, room):
            size = _entry_size(entry.block)
            if entries and (size > left or len(entries) >= most):
                found.append(Page(pinned, tuple(entries)))
                entries, left = [], room
            entries.append(entry)
            left -= size
        return [*found, Page(pinned, tuple(entries))]

    def _entries(self, blocks: list[Block], room: int) -> Iterable[Entry]:
        for index, block in enumerate(blocks):
            parts = self._cut(block, room - MARGIN_UNITS)
            for number, part in enumerate(parts):
                yield Entry(index, part, begins=number == 0, ends=number == len(parts) - 1)

    def _cut(self, block: Block, limit: int) -> list[Block]:
        if block.size <= limit:
            return [block]
        # HTML of our own cannot be cut in the middle of a table, so what is too long for one rich page is not rich.
        return [
            Block(tuple(part), rich.from_pieces(part) if self.is_rich else "")
            for part in pages(block.pieces, limit)
        ]


MARGIN_UNITS = 11
"""Room for the mark and the number before an entry, and the ends of lines after it."""


def _entry_size(block: Block) -> int:
    return block.size + MARGIN_UNITS


def _heading(show: Show, *, is_first: bool) -> str:
    if show.label:
        return show.label
    words = show.field.replace("_", " ").strip()
    return "" if is_first else words[:1].upper() + words[1:]


@dataclasses.dataclass(frozen=True, slots=True)
class Marks:
    """What stands before numbered entries. `signs`: by index; `now`: the step that is rated; `until`: later steps are not told yet."""

    signs: Mapping[int, str] = dataclasses.field(default_factory=dict)
    now: int | None = None
    until: int | None = None

    def sign(self, entry: Entry) -> str:
        """Give the mark of an entry."""
        return NOW if entry.index == self.now else self.signs.get(entry.index, BEYOND)

    def hides(self, entry: Entry) -> bool:
        """Tell whether a step comes after the one that is rated: who judges a step needs what leads to it, close above the buttons."""
        return self.until is not None and entry.index > self.until


NO_MARKS = Marks()


def shown(page: Page, marks: Marks = NO_MARKS) -> list[Piece]:
    """Give a page as it is read."""
    pieces = list(page.block.pieces)
    apart = "\n\n" if any(_is_tall(entry.block) for entry in page.entries) else "\n"
    for place, entry in enumerate(page.entries):
        if pieces:
            pieces.append(Piece(apart if place else "\n\n"))
        margin = f"{marks.sign(entry)} {entry.index + 1}  " if entry.begins else "…  "
        if marks.hides(entry):
            return [*pieces, Piece(f"{margin}…")]
        is_now = entry.index == marks.now
        body = [Piece(margin, "bold" if is_now else ""), *entry.block.pieces]
        pieces += [_quoted(piece) for piece in body] if is_now else body
    return pieces


def _is_tall(block: Block) -> bool:
    """Tell whether a text of several lines needs room around it, lest it run into the next one."""
    return any("\n" in piece.text for piece in block.pieces)


def _quoted(piece: Piece) -> Piece:
    """Set a piece off with a bar at its side, where Telegram lets it stand in one."""
    styles = piece.style.split()
    if any(style.startswith("pre") or style == "blockquote" for style in styles):
        return piece
    return Piece(piece.text, " ".join(["blockquote", *styles]))


def html_of(page: Page, marks: Marks = NO_MARKS) -> str:
    """Give a page as it is read in a rich message."""
    parts = [page.block.html]
    for entry in page.entries:
        margin = f"{marks.sign(entry)} {entry.index + 1}" if entry.begins else "…"
        if marks.hides(entry):
            return "".join([*parts, rich.plain_html(f"{margin} …")])
        body = _led_by(margin, entry.block.html)
        parts.append(f"<blockquote>{body}</blockquote>" if entry.index == marks.now else body)
    return "".join(parts)


def _led_by(margin: str, html: str) -> str:
    """Put a mark and a number before a text: on its first line where that is a paragraph, else on a line of its own."""
    if html.startswith("<p>"):
        return f"<p><b>{margin}</b> {html.removeprefix('<p>')}"
    return rich.from_pieces([Piece(margin, "bold")]) + html


def may_tap(layout: Layout, ask: AnyQuestion, count_marked: int, pages_seen: int, operation: str) -> bool:
    """Tell whether a tap may answer yet: who judges has read what it is about, to its last page.

    `pages_seen`: the number of the furthest page opened. A step is rated once its own end was opened, a sentence picked once it was;
    a chain can be left at any time.
    """
    if isinstance(ask, Steps):
        return operation[:1] == "x" or pages_seen >= layout.end_of(count_marked)
    if isinstance(ask, Span) and operation[:1] == "t":
        digits = operation[1:-1]
        return digits.isascii() and digits.isdigit() and pages_seen >= layout.begin_of(int(digits[:4]))
    return pages_seen >= layout.last
