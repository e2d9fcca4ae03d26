"""Telegram's HTML: text with tags in, plain text and entities out, errors in the server's words."""

import re

from sandbox.errors import cannot_parse
from sandbox.models import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
# Of HTML's named characters Telegram knows these four; others stay as they are written.
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TOKEN = re.compile(
    r"<|&(?:(?P<name>lt|gt|amp|quot)|#(?P<number>[0-9]{1,7})|#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6}));?"
)
TAG = re.compile(r"<(?P<end>/?)(?P<name>[^\s>/]*)(?P<attributes>[^>]*)>")
ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


class _Open:
    """Remember a tag that waits for its end."""

    __slots__ = ("attributes", "begin", "name")

    def __init__(self, name: str, attributes: dict[str, str], begin: int) -> None:
        self.name = name
        self.attributes = attributes
        self.begin = begin


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities; 400 for a tag that is unknown, unclosed or out of place."""
    if "<" not in source and "&" not in source:
        return source, []
    parts: list[str] = []
    entities: list[Json] = []
    stack: list[_Open] = []
    length = at = 0
    while token := TOKEN.search(source, at):
        plain = source[at : token.start()]
        tag = None
        if token[0] == "<":
            tag = _tag_at(source, token.start())
            at = tag.end()
        else:
            plain += _character(token)
            at = token.end()
        parts.append(plain)
        length += _units(plain)
        if tag is not None and tag["end"]:
            _close(tag, source, stack, entities, length)
        elif tag is not None:
            stack.append(_opened(tag, source, length))
    if stack:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    parts.append(source[at:])
    return "".join(parts), _join_code_in_pre(entities)


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _byte_offset(source: str, at: int) -> int:
    return len(source[:at].encode())


def _character(token: re.Match[str]) -> str:
    if token["name"]:
        return NAMED[token["name"]]
    code = int(token["number"]) if token["number"] else int(token["hexadecimal"], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else token[0]


def _tag_at(source: str, at: int) -> re.Match[str]:
    tag = TAG.match(source, at)
    if tag is None:
        kind = "end" if source[at + 1 : at + 2] == "/" else "start"
        raise cannot_parse(f"Unclosed {kind} tag at byte offset {_byte_offset(source, at)}")
    return tag


def _opened(tag: re.Match[str], source: str, begin: int) -> _Open:
    name = tag["name"].lower()
    attributes = {
        found[1].lower(): found[2] or found[3] or found[4] or ""
        for found in ATTRIBUTE.finditer(tag["attributes"])
    }
    if name not in TAGS:
        offset = _byte_offset(source, tag.start())
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {offset}')
    if name == "span" and attributes.get("class") != "tg-spoiler":
        offset = _byte_offset(source, tag.start())
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    return _Open(name, attributes, begin)


def _close(tag: re.Match[str], source: str, stack: list[_Open], entities: list[Json], length: int) -> None:
    name = tag["name"].lower()
    if not stack:
        raise cannot_parse(f"Unexpected end tag at byte offset {_byte_offset(source, tag.start())}")
    opened = stack.pop()
    if name and name != opened.name:
        offset = _byte_offset(source, tag.start())
        raise cannot_parse(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.name}>", found "</{name}>"'
        )
    if length > opened.begin:
        entity = {"offset": opened.begin, "length": length - opened.begin, "type": TAGS[opened.name]}
        if _describe(entity, opened):
            entities.append(entity)


def _describe(entity: Json, opened: _Open) -> bool:
    """Add what the tag's attributes say; False for a link that leads nowhere."""
    attributes = opened.attributes
    if opened.name == "a":
        entity["url"] = attributes.get("href", "")
        return "." in entity["url"] or "://" in entity["url"]
    if opened.name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif opened.name == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    elif opened.name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif opened.name == "tg-time":
        entity["unix_time"] = int(attributes.get("unix") or 0)
    return True


def _join_code_in_pre(entities: list[Json]) -> list[Json]:
    """Make one `pre` with a language out of a `pre` that holds nothing but a `code` of that language."""
    spans = {(entity["offset"], entity["length"]): entity for entity in entities if entity["type"] == "pre"}
    kept = []
    for entity in entities:
        if entity["type"] == "code":
            around = spans.get((entity["offset"], entity["length"]))
            if around is not None and "language" in entity:
                around["language"] = entity["language"]
                continue
            entity.pop("language", None)
        kept.append(entity)
    return kept
