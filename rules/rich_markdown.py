"""Markdown as HTML for a rich message, from the same tokens as the classic form: tables as tables, formulas as formulas.

HTML in the source is text: each tag of the result is written here. Where a list's own sign could be meant, as a minus or as "1)", its items
are paragraphs that keep it. Nothing is ever a link to tap on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from rules import rich
from rules.markup import tokens
from rules.text import PAGE_UNITS, units

LONG_UNITS = 2 * PAGE_UNITS
"""What takes more than two classic pages is better read in one."""
PICTURE = "🖼 "
STOPS = ".,;:"

_MAY_BE_RICHER = re.compile(r"\||\$|\\[(\[]|\\begin")
_RICHER = frozenset(("table_open", "math_block"))
_COULD_BE_A_SUM = frozenset("0123456789($\\=.")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_FACES = {"strong": "b", "em": "i", "s": "s"}
_INDENT = "\u00a0\u00a0"


def markdown_html(source: str) -> str:
    """Write a text as HTML, whatever is in it; the same text always gives the same. See `rich.fits` for whether it can be sent."""
    return _Writer(tokens(source)).html()


def wanted(source: str) -> bool:
    """Tell whether a text is better read as a rich message: it has a table or a formula, or takes more than two classic pages."""
    if units(source) > LONG_UNITS:
        return True
    return _MAY_BE_RICHER.search(source) is not None and any(
        token.type in _RICHER or _has_formula(token) for token in tokens(source)
    )


def _has_formula(token: Token) -> bool:
    return any(child.type == "math_inline" for child in token.children or ())


class _Writer:
    """HTML under construction: one walk over the blocks, and the lists that are open on the way."""

    __slots__ = ("_header", "_lists", "_marks", "_parts", "_place", "_stream")

    def __init__(self, stream: Sequence[Token]) -> None:
        self._stream = stream
        self._parts: list[str] = []
        self._lists: list[str] = []
        """What ends each list that is open; "" for one whose items are paragraphs."""
        self._marks: list[str] = []
        """Signs of items that wait for the text behind them."""
        self._header = 0
        self._place = 0

    def html(self) -> str:
        """Walk to the end."""
        while self._place < len(self._stream):
            token = self._stream[self._place]
            write = _BLOCKS.get(token.type)
            if write is not None:
                write(self, token)
            self._place += 1
        return "".join(self._parts)

    def _add(self, markup: str) -> None:
        self._parts.append(markup)

    def _paragraph(self, inner: str, tag: str = "p") -> None:
        """Write a paragraph, behind the signs that wait for it."""
        self._add(f"<{tag}>{self._take_marks()}{inner}</{tag}>")

    def _take_marks(self) -> str:
        marks, self._marks = self._marks, []
        return rich.flowing("".join(marks))

    def write_waiting_marks(self, token: Token) -> None:
        """Write signs that no text stands behind."""
        if self._marks:
            self._paragraph("")

    def open_heading(self, token: Token) -> None:
        """Write a heading; one without words is the sign that it was written as."""
        children = self._stream[self._place + 1].children or []
        self._paragraph(_inline(children) or rich.flowing(token.markup), token.tag)
        self._place += 2

    def write_text(self, token: Token) -> None:
        """Write the text of a paragraph; a tight list's stands in its item as it is."""
        inner = _inline(token.children or [])
        if self._stream[self._place - 1].hidden and self._lists and self._lists[-1]:
            self._add(self._take_marks() + inner)
        elif inner:
            self._paragraph(inner)

    def open_quote(self, token: Token) -> None:
        """Begin a quote; one that holds nothing is its own sign."""
        if self._stream[self._place + 1].type == "blockquote_close":
            self._paragraph("&gt;")
            self._place += 1
            return
        self.write_waiting_marks(token)
        self._add("<blockquote>")

    def close_quote(self, token: Token) -> None:
        """End a quote."""
        self.write_waiting_marks(token)
        self._add("</blockquote>")

    def open_list(self, token: Token) -> None:
        """Begin a list, as one only where nothing is lost with its signs."""
        self.write_waiting_marks(token)
        first = self._stream[self._place + 1]
        if not self._signs_are_only_signs():
            self._lists.append("")
        elif token.type == "ordered_list_open":
            self._lists.append("</ol>")
            self._add(f'<ol start="{first.info}">')
        else:
            self._lists.append("</ul>")
            self._add("<ul>")

    def close_list(self, token: Token) -> None:
        """End a list."""
        self._add(self._lists.pop())

    def open_item(self, token: Token) -> None:
        """Begin an item."""
        if not self._lists[-1]:
            depth = self._lists.count("") - 1
            self._marks.append(f"{_INDENT * depth}{token.info}{token.markup} ")
        elif token.info:
            self._add(f'<li value="{token.info}">')
        else:
            self._add("<li>")

    def close_item(self, token: Token) -> None:
        """End an item."""
        self.write_waiting_marks(token)
        if self._lists[-1]:
            self._add("</li>")

    def _signs_are_only_signs(self) -> bool:
        """Tell whether a list can be drawn as one: "1)" would become "1.", and the minus of "- 5" would be a bullet."""
        level = self._stream[self._place].level
        for place in range(self._place + 1, len(self._stream)):
            token = self._stream[place]
            if token.level == level and token.nesting < 0:
                return True
            if token.level != level + 1 or token.type != "list_item_open":
                continue
            following = self._stream[place + 1]
            text = self._stream[place + 2].content if following.type == "paragraph_open" else ""
            if following.nesting < 0:
                return False
            if token.info:
                if token.markup != "." or not _NUMBER.fullmatch(token.info):
                    return False
            elif text[:1] in _COULD_BE_A_SUM and text:
                return False
        return True

    def write_code(self, token: Token) -> None:
        """Write a block of code. What stands behind its language, or is no plain word, is its title."""
        info = token.info.strip()
        content = token.content.removesuffix("\n")
        if not content.strip():
            self._paragraph(rich.flowing(f"{token.markup}{token.info}".rstrip()))
            return
        self.write_waiting_marks(token)
        language = info.split()[0] if info else ""
        if info and not (info == language and rich.is_language(language)):
            self._paragraph(rich.flowing(info))
        self._add(rich.code_html(content, language))

    def write_formula(self, token: Token) -> None:
        """Write a formula that has lines of its own."""
        tex, content = str(token.meta["tex"]), token.content
        if not tex:
            self._paragraph(rich.flowing(content))
            return
        self.write_waiting_marks(token)
        # The stop behind a formula's end belongs to it as much as one before.
        stop = "" if content.endswith(tex) else content[len(content.rstrip(STOPS)) :]
        self._add(f"<tg-math-block>{rich.escaped(tex + stop)}</tg-math-block>")

    def write_rule(self, token: Token) -> None:
        """Draw a line."""
        self.write_waiting_marks(token)
        self._add("<hr>")

    def open_table(self, token: Token) -> None:
        """Begin a table; every row has as many cells as its header."""
        self.write_waiting_marks(token)
        self._header = 0
        self._add("<table bordered striped>")

    def write_row(self, token: Token) -> None:
        """Write a row to its end."""
        self._add("<tr>")
        count = 0
        self._place += 1
        while (cell := self._stream[self._place]).type != "tr_close":
            if cell.nesting > 0:
                text = _inline(self._stream[self._place + 1].children or [])
                self._add(f"<{cell.tag}{_side(cell)}>{text}</{cell.tag}>")
                count += 1
            self._place += 1
        self._header = self._header or count
        self._add("<td></td>" * (self._header - count) + "</tr>")

    def close_table(self, token: Token) -> None:
        """End a table."""
        self._add("</table>")


def _side(cell: Token) -> str:
    side = str(cell.attrs.get("style", "")).removeprefix("text-align:")
    return f' align="{side}"' if side in ("center", "right") else ""


def _inline(children: Sequence[Token]) -> str:
    """Write text with its faces. A line end is one; an address stands in brackets behind its label."""
    parts: list[str] = []
    links: list[str] = []
    for token in children:
        kind = token.type
        if kind == "text":
            parts.append(rich.flowing(token.content))
        elif kind in ("softbreak", "hardbreak"):
            parts.append("<br>")
        elif kind == "code_inline":
            parts.append(f"<code>{rich.flowing(token.content)}</code>" if token.content else "")
        elif kind == "math_inline":
            parts.append(f"<tg-math>{rich.escaped(str(token.meta['tex']).strip())}</tg-math>")
        elif kind == "image":
            parts.append(rich.flowing(f"{PICTURE}{token.content} ({token.meta['shown']})"))
        elif kind == "link_open":
            links.append(f" ({token.meta['shown']})")
        elif kind == "link_close":
            parts.append(rich.flowing(links.pop()))
        else:
            tag = _FACES[token.type.rpartition("_")[0]]
            parts.append(f"<{tag}>" if token.nesting > 0 else f"</{tag}>")
    return "".join(parts)


_BLOCKS: dict[str, Callable[[_Writer, Token], None]] = {
    "heading_open": _Writer.open_heading,
    "inline": _Writer.write_text,
    "blockquote_open": _Writer.open_quote,
    "blockquote_close": _Writer.close_quote,
    "bullet_list_open": _Writer.open_list,
    "bullet_list_close": _Writer.close_list,
    "ordered_list_open": _Writer.open_list,
    "ordered_list_close": _Writer.close_list,
    "list_item_open": _Writer.open_item,
    "list_item_close": _Writer.close_item,
    "fence": _Writer.write_code,
    "code_block": _Writer.write_code,
    "math_block": _Writer.write_formula,
    "hr": _Writer.write_rule,
    "table_open": _Writer.open_table,
    "tr_open": _Writer.write_row,
    "table_close": _Writer.close_table,
}
