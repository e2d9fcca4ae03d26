"""MarkdownV2: text with marks in, plain text and entities out, errors in the server's words."""

from typing import NamedTuple

from sandbox.errors import ApiError, cannot_parse
from sandbox.models import Json

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
LITERAL = frozenset({"Code", "Pre", "PreCode"})
# Longer marks go first: `__` is always an underline, even inside italics.
BEGINS = {
    "```": "Pre",
    "||": "Spoiler",
    "__": "Underline",
    "![": "CustomEmoji",
    "*": "Bold",
    "_": "Italic",
    "~": "Strikethrough",
    "`": "Code",
    "[": "TextUrl",
}
ENDS = {
    "Bold": "*",
    "Italic": "_",
    "Underline": "__",
    "Strikethrough": "~",
    "Spoiler": "||",
    "Code": "`",
    "Pre": "```",
    "PreCode": "```",
    "TextUrl": "]",
    "CustomEmoji": "]",
}
TYPES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
}
EMOJI_URL = "tg://emoji?id="


class _Open(NamedTuple):
    """Remember a mark that waits for its end."""

    name: str
    begin: int
    opened_at: int
    language: str = ""


class _Reader:
    """Walk through a MarkdownV2 text once, collecting text and entities."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.entities: list[Json] = []
        self.open: list[_Open] = []
        self.quote: tuple[int, int] | None = None
        self.line_is_empty = True

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step(self.source[self.at])
        if self.quote is not None:
            self._end_quote()
        if self.open:
            raise self._no_end(self.open[-1])
        return "".join(self.parts), self.entities

    def _step(self, character: str) -> None:
        top = self.open[-1].name if self.open else ""
        following = self.source[self.at + 1 : self.at + 2]
        if character == "\\" and following and 0 < ord(following) <= 126:
            self._take(following, 2)
        elif character == "\n" and self.quote is not None and following != ">":
            self._end_quote()
            self._take(character, 1)
        elif character == ">" and self.line_is_empty and top not in LITERAL:
            self.quote = self.quote or (self.length, len(self.open))
            self.at += 1
        elif character not in RESERVED or (top in LITERAL and character != "`"):
            self._take(character, 1)
        elif top and self._ends(top):
            self._end(self.open.pop())
        else:
            self._begin(character)

    def _take(self, character: str, source_length: int) -> None:
        self.parts.append(character)
        self.length += 1 + (character > "\uffff")
        self.at += source_length
        self.line_is_empty = character == "\n"

    def _ends(self, name: str) -> bool:
        if name == "Italic" and self.source.startswith("__", self.at):
            return False
        return self.source.startswith(ENDS[name], self.at)

    def _begin(self, character: str) -> None:
        for mark, name in BEGINS.items():
            if self.source.startswith(mark, self.at):
                opened_at = self.at
                self.at += len(mark)
                language = self._language() if name == "Pre" else ""
                self.open.append(_Open("PreCode" if language else name, self.length, opened_at, language))
                return
        raise cannot_parse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _language(self) -> str:
        """Read past the language after three backticks and past one line break."""
        end = self.at
        while end < len(self.source) and not self.source[end].isspace() and self.source[end] != "`":
            end += 1
        language = ""
        if self.at < end < len(self.source) and self.source[end] != "`":
            language, self.at = self.source[self.at : end], end
        for line_break in ("\r\n", "\n\r", "\n", "\r"):
            if self.source.startswith(line_break, self.at):
                self.at += len(line_break)
                break
        return language

    def _end(self, opened: _Open) -> None:
        self.at += len(ENDS[opened.name])
        if opened.name == "TextUrl":
            self._end_link(opened)
        elif opened.name == "CustomEmoji":
            url = self._url("a custom emoji URL")
            if not url.startswith(EMOJI_URL):
                raise cannot_parse("Custom emoji entity must contain a tg://emoji URL")
            self._add("custom_emoji", opened.begin, custom_emoji_id=url.removeprefix(EMOJI_URL))
        elif opened.language:
            self._add("pre", opened.begin, language=opened.language)
        else:
            self._add(TYPES[opened.name], opened.begin)

    def _end_link(self, opened: _Open) -> None:
        url = self._url("a URL")
        if "." in url or "://" in url:
            self._add("text_link", opened.begin, url=url)

    def _url(self, name: str) -> str:
        """Read an address in round brackets; empty where there is none."""
        if not self.source.startswith("(", self.at):
            return ""
        self.at += 1
        opened_at = self.at
        url: list[str] = []
        while not self.source.startswith(")", self.at):
            if self.source.startswith("\\", self.at):
                self.at += 1
            if self.at >= len(self.source):
                raise cannot_parse(f"Can't find end of {name} at byte offset {self._bytes_before(opened_at)}")
            url.append(self.source[self.at])
            self.at += 1
        self.at += 1
        return "".join(url)

    def _end_quote(self) -> None:
        if self.quote is None:
            return
        (begin, depth), self.quote = self.quote, None
        kind = "blockquote"
        top = self.open[-1] if len(self.open) > depth else None
        # A spoiler mark that is the last thing in a quotation makes it expandable.
        if top is not None and top.name == "Spoiler" and top.opened_at + 2 == self.at:
            self.open.pop()
            kind = "expandable_blockquote"
        if len(self.open) > depth:
            raise self._no_end(self.open[-1])
        self._add(kind, begin)

    def _add(self, kind: str, begin: int, **extra: str) -> None:
        if self.length > begin:
            self.entities.append({"offset": begin, "length": self.length - begin, "type": kind, **extra})

    def _bytes_before(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _no_end(self, opened: _Open) -> ApiError:
        offset = self._bytes_before(opened.opened_at)
        return cannot_parse(f"Can't find end of {opened.name} entity at byte offset {offset}")


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities; 400 for a mark without end or a reserved character."""
    return _Reader(source).read()
