"""Rich messages as HTML of our own making: every character of a text is escaped, every tag is written here, and the limits are counted.

What a rich message is for: tables, formulas and texts of many pages. Markdown is walked in `rules.rich_markdown`. Knows nothing of chats.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence

from rules.text import Piece, Text, units

CHARACTERS_MAX = 32_768
BLOCKS_MAX = 500
DEPTH_MAX = 16
COLUMNS_MAX = 20
"""Telegram's limits of one rich message, in the words of its Bot API 10.1."""

CHARACTERS_MARGIN = 768
BLOCKS_MARGIN = 20
"""Left free, since the server may count a little otherwise than is counted here."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"(?<=\s) |^ +|\t", re.MULTILINE)
_LANGUAGE = re.compile(r"[\w+#.-]{1,32}", re.ASCII)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)([^>]*)>")
_SPAN = re.compile(r'colspan="(\d+)"')

_BLOCK_TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 pre hr ul ol li blockquote table tr details summary tg-math-block".split()
)
"""An item counts twice, since what stands in it is a paragraph, written or not. Cells of a table count with their row."""
_VOID_TAGS = frozenset(("br", "hr"))
_INLINE = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
}
_QUOTES = ("blockquote", "expandable_blockquote")


def cleaned(text: str) -> str:
    """Give a text as Telegram can take it: control characters as spaces, half a pair of surrogates as U+FFFD, one kind of line end."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _SURROGATE.sub("\ufffd", _UNSEEN.sub(" ", text))
    return text


def escaped(text: str) -> str:
    """Write a text so that no character of it is taken for markup. White space is left as it is."""
    return html.escape(cleaned(text), quote=False)


def flowing(text: str) -> str:
    """Write a text for where HTML folds white space: line ends as breaks, and spaces that would be folded as ones that are not."""
    kept = _SPACES.sub(_hard_spaces, cleaned(text))
    return html.escape(kept, quote=False).replace("\n", "<br>")


def _hard_spaces(found: re.Match[str]) -> str:
    return "\u00a0" * (4 if found[0] == "\t" else len(found[0]))


def plain_html(text: str) -> str:
    """Write a text as it is: paragraphs at its empty lines, its line ends and its indents kept."""
    return from_pieces([Piece(text)])


def code_html(text: str, language: str = "") -> str:
    """Write a text as a block of code; a language that is no plain word is left out."""
    if not text.strip():
        return ""
    name = f' class="language-{language}"' if is_language(language) else ""
    return f"<pre><code{name}>{escaped(text.expandtabs(4))}</code></pre>"


def is_language(word: str) -> bool:
    """Tell whether a word can stand as the name of a programming language."""
    return _LANGUAGE.fullmatch(word) is not None


def from_pieces(pieces: Text | Iterable[Piece]) -> str:
    """Write styled text: quotes and code as blocks, the rest as paragraphs with its line ends kept."""
    given = pieces.pieces if isinstance(pieces, Text) else pieces
    parts = []
    for block, run in itertools.groupby(given, _block_of):
        if block.startswith("pre"):
            parts.append(code_html("".join(piece.text for piece in run).strip("\n"), block[4:]))
        elif block:
            inner = _paragraphs([_without_quote(piece) for piece in run])
            parts.append(f"<blockquote>{inner}</blockquote>" if inner else "")
        else:
            parts.append(_paragraphs(list(run)))
    return "".join(parts)


def _block_of(piece: Piece) -> str:
    """Name the block that a piece stands in: "pre" with its language, "blockquote", or "" for none."""
    styles = piece.style.split(" ")
    if styles[0] in _QUOTES:
        return "blockquote"
    return next((style for style in styles if style == "pre" or style.startswith("pre:")), "")


def _without_quote(piece: Piece) -> Piece:
    return Piece(piece.text, " ".join(style for style in piece.style.split(" ") if style not in _QUOTES))


def _paragraphs(pieces: Sequence[Piece]) -> str:
    """Write pieces as paragraphs; code within them as blocks between."""
    paragraphs: list[str] = []
    current: list[str] = []
    breaks = 0

    def close() -> None:
        if current:
            paragraphs.append(f"<p>{''.join(current)}</p>")
            current.clear()

    for piece in pieces:
        if (block := _block_of(piece)).startswith("pre"):
            close()
            breaks = 0
            paragraphs.append(code_html(piece.text.strip("\n"), block[4:]))
            continue
        for line in re.split(r"(\n)", cleaned(piece.text)):
            if line == "\n":
                breaks += 1
            elif line and (line.strip() or not breaks):
                if breaks > 1:
                    close()
                elif breaks and current:
                    current.append("<br>")
                breaks = 0
                current.append(_styled(line, piece.style))
    close()
    return "".join(paragraphs)


def _styled(text: str, style: str) -> str:
    tags = [_INLINE[name] for name in style.split(" ") if name in _INLINE]
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    return f"{opened}{flowing(text)}{closed}"


def words(source: str) -> str:
    """Give the characters that a rich message of ours shows, without tags."""
    return html.unescape(_TAG.sub("", source.replace("<br>", "\n")))


def fits(source: str) -> bool:
    """Tell whether HTML made here is within what one rich message may hold, with a margin."""
    if units(words(source)) > CHARACTERS_MAX - CHARACTERS_MARGIN:
        return False
    blocks = depth = columns = 0
    for end, tag, attributes in _TAG.findall(source):
        if end:
            depth -= 1
            continue
        blocks += (tag in _BLOCK_TAGS) + (tag == "li")
        depth += tag not in _VOID_TAGS
        if tag == "tr":
            columns = 0
        elif tag in ("td", "th"):
            span = _SPAN.search(attributes)
            columns += int(span[1]) if span else 1
        if depth > DEPTH_MAX or columns > COLUMNS_MAX or blocks > BLOCKS_MAX - BLOCKS_MARGIN:
            return False
    return True


SAMPLE_CHARACTERS = 4000


def reads_right_to_left(source: str) -> bool:
    """Tell whether most letters at the beginning of a rich message are of a script that is read from right to left."""
    if source.isascii():
        return False
    directions = [unicodedata.bidirectional(character) for character in words(source[:SAMPLE_CHARACTERS])]
    return sum(one in ("R", "AL") for one in directions) > directions.count("L")
