"""Rich messages: the limits and the well-formedness of their HTML, and their words. Nothing is drawn here."""

import re
from html.parser import HTMLParser

from sandbox.entities import length_utf16
from sandbox.errors import bad_request
from sandbox.models import Json, words

CHARACTERS_LIMIT = 32_768
BLOCKS_LIMIT = 500
DEPTH_LIMIT = 16
COLUMNS_LIMIT = 20

BLOCKS = words(
    "p h1 h2 h3 h4 h5 h6 pre footer hr ul ol li blockquote aside table tr td th caption details "
    "summary figure figcaption tg-math-block"
)
INLINE = words(
    "b strong i em u ins s strike del span tg-spoiler mark sub sup code a br cite tg-math tg-emoji "
    "tg-time input tg-reference thead tbody tfoot"
)
# Where a tag must stand; a block that is not named may stand wherever a block may.
PARENTS = {
    "tr": words("table thead tbody tfoot"),
    "thead": words("table"),
    "tbody": words("table"),
    "tfoot": words("table"),
    "caption": words("table"),
    "td": words("tr"),
    "th": words("tr"),
    "li": words("ul ol"),
    "summary": words("details"),
    "figcaption": words("figure tg-collage tg-slideshow"),
}
# These hold words and inline tags only, and these nothing but words.
HOLD_NO_BLOCKS = words("p pre h1 h2 h3 h4 h5 h6 footer summary caption figcaption") | (
    INLINE - words("thead tbody tfoot")
)
HOLD_ONLY_WORDS = words("tg-math tg-math-block")
# A row of a table counts as a block, its cells do not.
NOT_COUNTED = words("td th")
# Telegram fetches pictures and the like from their address; the sandbox lets them stand and fetches nothing.
MEDIA = words("img video audio tg-map tg-collage tg-slideshow")
VOID = frozenset({"br", "hr", "img", "input", "tg-map"})
BLOCK_MARK = re.compile(r"\n\s*\n")


class _Reader(HTMLParser):
    """Walk through rich HTML once: count, hold to the limits, and collect the words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.blocks = 0
        self.cells: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in BLOCKS and tag not in INLINE and tag not in MEDIA:
            raise _cannot_parse(f'unsupported tag "{tag}"')
        self._check_place(tag)
        if tag in BLOCKS:
            self.blocks += tag not in NOT_COUNTED
            self._break_line()
        if tag == "tr":
            self.cells.append(0)
        elif tag in ("td", "th") and self.cells:
            self._count_cell(dict(attrs).get("colspan"))
        if tag == "br":
            self.words.append("\n")
        if tag in VOID:
            return
        self.open.append(tag)
        if len(self.open) > DEPTH_LIMIT:
            raise bad_request("RICH_MESSAGE_DEPTH_EXCEEDED")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            expected = f', expected "</{self.open[-1]}>"' if self.open else ""
            raise _cannot_parse(f'unexpected end tag "</{tag}>"{expected}')
        self.open.pop()
        if tag == "tr":
            self.cells.pop()
        if tag in BLOCKS:
            self._break_line()

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def _check_place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if tag in PARENTS and parent not in PARENTS[tag]:
            raise _cannot_parse(f'unexpected start tag "{tag}"')
        if parent in HOLD_ONLY_WORDS or (tag in BLOCKS and parent in HOLD_NO_BLOCKS):
            raise _cannot_parse(f'unexpected start tag "{tag}" inside "{parent}"')

    def _break_line(self) -> None:
        if self.words and not self.words[-1].endswith("\n"):
            self.words.append("\n")

    def _count_cell(self, span: str | None) -> None:
        self.cells[-1] += int(span) if span and span.isdigit() else 1
        if self.cells[-1] > COLUMNS_LIMIT:
            raise bad_request("RICH_MESSAGE_COLUMNS_EXCEEDED")


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse rich message: {reason}")


def rich_content(given: Json) -> Json:
    """Return the `rich_message` of a message; 400 where it is empty, too large or not well-formed.

    Beside Telegram's `blocks` (here one paragraph of the words) it keeps the source as sent, for the page.
    """
    source = {name: given[name] for name in ("html", "markdown") if given.get(name)}
    if len(source) != 1:
        raise bad_request("exactly one of the fields html and markdown must be specified in the rich message")
    name, text = source.popitem()
    if not isinstance(text, str):
        raise bad_request(f'field "{name}" of the rich message must be of type String')
    shown, blocks = _read_html(text) if name == "html" else (text, len(BLOCK_MARK.split(text)))
    shown = shown.strip()
    if not shown:
        raise bad_request("rich message is empty")
    if length_utf16(shown) > CHARACTERS_LIMIT:
        raise bad_request("message is too long")
    if blocks > BLOCKS_LIMIT:
        raise bad_request("RICH_MESSAGE_BLOCKS_EXCEEDED")
    message: Json = {"blocks": [{"type": "paragraph", "text": shown}], name: text}
    if given.get("is_rtl"):
        message["is_rtl"] = True
    return {"rich_message": message}


def _read_html(text: str) -> tuple[str, int]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise _cannot_parse(f'can\'t find end tag corresponding to start tag "{reader.open[-1]}"')
    return "".join(reader.words), reader.blocks
