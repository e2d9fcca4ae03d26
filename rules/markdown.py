"""Markdown as a student reads it in a classic message: pieces of text in styles, from the tokens of `rules.markup`.

Every visible character of the source is shown, in its order, but for the signs that the parser took for markup. Line ends and the
distances of paragraphs stay as they were written. Nothing is ever a link to click on. Tables are laid out in `rules.markdown_table`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from rules import formula
from rules.markdown_table import Row, laid_out, read, records
from rules.markup import tokens
from rules.text import Piece

RULE = "─" * 12
PICTURE = "🖼 "
BULLET = "• "
DEEPER_QUOTE = "> "

_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]{1,30}")
_COULD_BE_A_SUM = frozenset("0123456789($\\=.")
_FACES = {"strong": "bold", "em": "italic", "s": "strikethrough"}


def pieces(source: str) -> list[Piece]:
    """Lay out a text, whatever is in it; no empty line at either end. The same text always gives the same pieces."""
    return _laid_out(source, _Writer(_as_written))


def in_a_line(source: str) -> str:
    """Give a text as one line without markup, its formulas in plain signs: for the beginning of an item in a list, never for a verdict."""
    found = _laid_out(source, _Writer(lambda token: formula.plain(token.meta["tex"])))
    return " ".join("".join(piece.text for piece in found).split())


def _as_written(token: Token) -> str:
    content: str = token.content
    return content


def _laid_out(source: str, writer: _Writer) -> list[Piece]:
    stream = tokens(source)
    place = 0
    while place < len(stream):
        token = stream[place]
        if token.type == "table_open":
            place = _table(writer, stream, place)
        else:
            write = _BLOCKS.get(token.type)
            if write is not None:
                write(writer, token)
        place += 1
    return writer.finished()


@dataclasses.dataclass(slots=True, eq=False)
class _Container:
    """A quote or an item of a list: what its first line begins with, and what its others do."""

    first: str
    rest: str
    is_quote: bool
    is_shown: bool = False


class _Writer:
    """Pieces under construction, inside of the quotes and lists that are open."""

    __slots__ = (
        "_parts",
        "_style",
        "containers",
        "end_line",
        "faces",
        "formula",
        "found",
        "last_quote",
        "quote",
        "sign",
    )

    def __init__(self, formula: Callable[[Token], str]) -> None:
        self.formula = formula
        self.found: list[Piece] = []
        self.containers: list[_Container] = []
        self.faces: list[str] = []
        self.quote: _Container | None = None
        self.last_quote: _Container | None = None
        self.end_line = 0
        self.sign = ""
        self._style = ""
        self._parts: list[str] = []

    def add(self, text: str, style: str) -> None:
        """Add text; neighbours in one style are one piece."""
        if style != self._style and text:
            self._flush()
            self._style = style
        self._parts.append(text)

    def _flush(self) -> None:
        text = "".join(self._parts)
        if text:
            self.found.append(Piece(text, self._style))
        self._parts = []

    def finished(self) -> list[Piece]:
        """Give the pieces."""
        self._flush()
        return self.found

    @property
    def style(self) -> str:
        """The style of text here: a quote, and the faces that are open, each once."""
        faces = list(dict.fromkeys(self.faces))
        return " ".join(["blockquote", *faces] if self.quote else faces)

    @property
    def outer(self) -> str:
        """The style of text here without its faces."""
        return "blockquote" if self.quote else ""

    def begin(self, token: Token, alone: bool = False) -> str:
        """Begin a block at the distance that it has in the source; `alone`: it shares no line with a mark, and no quote.

        Return what each further line of the block begins with.
        """
        if alone:
            self.mark_alone(token)
        self._part_from_the_last(token, "" if alone else self.outer)
        self.last_quote = None if alone else self.quote
        inside = self._inside()
        if not alone:
            self.add("".join(one.rest if one.is_shown else one.first for one in inside), self.outer)
        for one in self.containers:
            one.is_shown = True
        return "\n" + "".join(one.rest for one in inside)

    def mark_alone(self, token: Token) -> None:
        """Write the marks that wait for their text on a line of their own."""
        if all(one.is_shown or not one.first for one in self.containers):
            return
        self._part_from_the_last(token, self.outer)
        self.last_quote = self.quote
        self.add(
            "".join(one.rest if one.is_shown else one.first for one in self._inside()).rstrip(), self.outer
        )
        for one in self.containers:
            one.is_shown = True
        self.end_line = token.map[0] if token.map else self.end_line

    def _inside(self) -> list[_Container]:
        # A quote has its own margin: what is around it does not indent it.
        return self.containers[self.containers.index(self.quote) :] if self.quote else self.containers

    def _part_from_the_last(self, token: Token, style: str) -> None:
        start, end = token.map or (self.end_line, self.end_line)
        if self.found or self._parts:
            same = self.quote is self.last_quote
            self.add("\n\n" if start > self.end_line else "\n", style if same else "")
        self.end_line = end


def _open_quote(writer: _Writer, token: Token) -> None:
    if writer.quote is None:
        writer.mark_alone(token)
    mark = DEEPER_QUOTE if writer.quote else ""
    container = _Container(mark, mark, is_quote=True)
    writer.containers.append(container)
    writer.quote = writer.quote or container


def _close_quote(writer: _Writer, token: Token) -> None:
    container = writer.containers[-1]
    if not container.is_shown:
        # There is nothing in it but its own sign.
        container.first = ">"
        writer.mark_alone(token)
    writer.containers.pop()
    if writer.quote is container:
        writer.quote = None


def _open_item(writer: _Writer, token: Token) -> None:
    mark = f"{token.info}{token.markup} "
    writer.containers.append(_Container(mark, " " * len(mark), is_quote=False))


def _close_item(writer: _Writer, token: Token) -> None:
    writer.mark_alone(token)
    writer.containers.pop()


def _open_heading(writer: _Writer, token: Token) -> None:
    writer.faces.append("bold")
    writer.sign = token.markup


def _close_heading(writer: _Writer, token: Token) -> None:
    writer.faces.clear()


def _paragraph(writer: _Writer, token: Token) -> None:
    """Write the text of a paragraph or a heading."""
    if not token.children:
        # A heading without words is the sign that it was written as.
        writer.begin(token)
        writer.add(writer.sign, writer.outer)
        return
    _point_out(writer, token.content)
    line_start = writer.begin(token)
    write_inline(token.children, line_start, writer)


def _point_out(writer: _Writer, text: str) -> None:
    """Draw the asterisks before an item as bullets, but not where they could be meant: `* 3` under a number."""
    for item in writer.containers:
        if not item.is_shown and item.first == "* " and text[0] not in _COULD_BE_A_SUM:
            item.first = BULLET


def _code(writer: _Writer, token: Token) -> None:
    info = token.info.strip()
    language = _LANGUAGE.match(info)
    content = token.content.removesuffix("\n")
    named = f"pre:{language[0]}" if language and language[0] == info.split()[0] else "pre"
    _block(writer, token, content, named, info if info and named != f"pre:{info}" else "")


def _formula(writer: _Writer, token: Token) -> None:
    _block(writer, token, writer.formula(token), "pre")


def _rule(writer: _Writer, token: Token) -> None:
    writer.begin(token)
    writer.add(RULE, writer.outer)


def _block(writer: _Writer, token: Token, content: str, style: str, title: str = "") -> None:
    """Write lines that stand for themselves, under their title if they have one."""
    if not content.strip():
        writer.begin(token)
        writer.add(f"{token.markup}{token.info}".rstrip(), writer.outer)
        return
    writer.begin(token, alone=True)
    if title:
        writer.add(f"{title}\n", "")
    writer.add(content, style)


def _table(writer: _Writer, stream: Sequence[Token], place: int) -> int:
    """Write a table as columns where they fit on a phone, else row by row. Return where it ends in the stream."""
    end, rows = read(stream, place)
    columns = laid_out(rows)
    if columns is not None:
        _block(writer, stream[place], columns, "pre")
    else:
        _records(writer, stream[place], rows)
    return end


def _records(writer: _Writer, token: Token, rows: list[Row]) -> None:
    """Write each row as lines of "header: cell", so that nothing is left out, were it an empty column's header."""
    line_start = writer.begin(token)
    between = ""
    for row in records(rows):
        for label, cell in row:
            writer.add(
                f"{between}{label}: " if label and cell.text else between + (label and f"{label}:"),
                writer.outer,
            )
            write_inline(cell.children, line_start, writer)
            between = line_start
        between = line_start * 2


def write_inline(children: Sequence[Token], line_start: str, writer: _Writer) -> None:
    """Write text with its faces. A line end is one; an address stands in brackets behind its label."""
    address = ""
    for place, token in enumerate(children):
        kind = token.type
        if kind == "text":
            writer.add(token.content, writer.style)
        elif kind in ("softbreak", "hardbreak"):
            writer.add(line_start, writer.style)
        elif kind in ("code_inline", "math_inline"):
            said = writer.formula(token) if kind == "math_inline" else token.content
            writer.add(said.replace("\n", line_start), f"{writer.outer} code".strip())
        elif kind == "image":
            writer.add(PICTURE + token.content + _behind(token.content, token.meta["shown"]), writer.style)
        elif kind == "link_open":
            address = _behind(_label(children, place), token.meta["shown"])
        elif kind == "link_close":
            writer.add(address, writer.style)
        elif token.nesting > 0:
            writer.faces.append(_FACES[kind.removesuffix("_open")])
        else:
            writer.faces.pop()


def _label(children: Sequence[Token], place: int) -> str:
    end = place + 1
    while children[end].type != "link_close":
        end += 1
    return "".join(token.content for token in children[place + 1 : end])


def _behind(label: str, address: str) -> str:
    """Write an address behind its label; not a second time where it is the label."""
    if not label.strip():
        return address
    return "" if label == address else f" ({address})"


_BLOCKS: dict[str, Callable[[_Writer, Token], None]] = {
    "blockquote_open": _open_quote,
    "blockquote_close": _close_quote,
    "list_item_open": _open_item,
    "list_item_close": _close_item,
    "heading_open": _open_heading,
    "heading_close": _close_heading,
    "inline": _paragraph,
    "fence": _code,
    "code_block": _code,
    "math_block": _formula,
    "hr": _rule,
}
