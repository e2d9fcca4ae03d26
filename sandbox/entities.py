"""Formatted text as Telegram keeps it: UTF-16 offsets, cleaning, checks, detection of commands and links.

Which entities may lie within which is in nesting.py.
"""

import re
from bisect import bisect_left
from itertools import islice
from typing import Any

from sandbox.errors import bad_request, cannot_parse
from sandbox.html_text import parse_html
from sandbox.markdown_text import parse_markdown
from sandbox.models import Json, words
from sandbox.nesting import nest, without_space

ENTITIES_LIMIT = 100
FOUND_LIMIT = 1_000  # more would not be shown, and a text may be long
GIVEN_TYPES = words(
    "bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link "
    "text_mention custom_emoji date_time"
)
# Telegram finds these by itself, and lets pass without effect those that are given.
DETECTED_TYPES = words("mention hashtag cashtag bot_command url email phone_number bank_card")
REQUIRED_FIELDS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
KEPT_FIELDS = {
    "text_link": ("url",),
    "text_mention": ("user",),
    "pre": ("language",),
    "custom_emoji": ("custom_emoji_id",),
    "date_time": ("unix_time", "date_time_format"),
}

# What the server makes of an incoming text: control characters become spaces, some marks vanish.
CLEANED: dict[int, str | None] = {
    **dict.fromkeys((*range(10), 11, 12, *range(14, 32)), " "),
    **dict.fromkeys((0x0D, *range(0x2028, 0x202F), 0x333, 0x33F, 0x30A)),
}
UNCLEAN = re.compile("[" + "".join(re.escape(chr(code)) for code in CLEANED) + "]")
MAY_HOLD_LINKS = re.compile(r"[/@#$]")
DETECTED = re.compile(
    r"(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<url>\bhttps?://[^\s<>\"]*[^\s<>\".,:;!?')\]])"
    r"|(?P<email>\b[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\b)"
    r"|(?P<mention>(?<![\w/])@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d_]\w*)"
    r"|(?P<cashtag>(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$]))"
)

Formatted = tuple[str, list[Json]]


def length_utf16(text: str) -> int:
    """Return the length in UTF-16 code units, which is how Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def format_text(text: str, parse_mode: str | None, given: list[Any] | None) -> Formatted:
    """Return the text as it will be shown with its entities in order; 400 where either cannot be read.

    A `parse_mode` goes before given entities. Entities that may not lie as they do are dropped or cut, and of
    more than a hundred the rest is dropped, all without a word.
    """
    mode = (parse_mode or "").lower()
    if mode:
        text, entities = _parse(text, mode)
    else:
        entities = [_check_entity(entity) for entity in given or ()]
        _check_offsets(text, entities)
        entities = [entity for entity in entities if entity["type"] not in DETECTED_TYPES]
    text, entities = _clean(text, nest(entities))
    if entities:
        entities = nest(without_space(text, entities))
    text, entities = _trim(text, entities)
    if MAY_HOLD_LINKS.search(text) and (found := detect_entities(text)):
        # Cutting may leave pieces of nothing but space.
        entities = without_space(text, nest(entities, found))
    return text, entities[:ENTITIES_LIMIT]


def _parse(text: str, mode: str) -> Formatted:
    if mode == "html":
        return parse_html(text)
    if mode == "markdownv2":
        return parse_markdown(text)
    if mode == "markdown":
        raise cannot_parse("the sandbox reads MarkdownV2 and HTML, not the legacy Markdown")
    raise bad_request("unsupported parse_mode")


def _check_entity(entity: Any) -> Json:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for name in ("type", "offset", "length"):
        if name not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
    kind, offset, length = entity["type"], entity["offset"], entity["length"]
    if not (isinstance(offset, int) and isinstance(length, int)):
        raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
    if kind not in GIVEN_TYPES and kind not in DETECTED_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    required = REQUIRED_FIELDS.get(kind)
    if required is not None and required not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{required}\"")
    if offset < 0 or length < 0:
        raise bad_request(f"receive an entity with incorrect {'offset' if offset < 0 else 'length'}")
    if kind == "text_link" and "." not in str(entity["url"]) and "://" not in str(entity["url"]):
        raise bad_request(f"entity URL '{entity['url']}' is invalid: Wrong HTTP URL")
    kept = {name: entity[name] for name in KEPT_FIELDS.get(kind, ()) if entity.get(name) not in (None, "")}
    if not isinstance(kept.get("language", ""), str):
        raise bad_request('can\'t parse MessageEntity: Field "language" must be of type String')
    return {"offset": offset, "length": length, "type": kind, **kept}


def _check_offsets(text: str, entities: list[Json]) -> None:
    if not entities:
        return
    end = length_utf16(text)
    inside_pairs = _middles_of_pairs(text) if end != len(text) else frozenset()
    for entity in entities:
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        beginning = f"entity beginning at UTF-16 offset {start}"
        if start > end or (start == end and stop > start):
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
        if stop > end:
            raise bad_request(f"{beginning} ends after the end of the text at UTF-16 offset {stop}")
        if start in inside_pairs:
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {start}")
        if stop in inside_pairs:
            raise bad_request(f"{beginning} ends in a middle of a UTF-16 symbol at byte offset {stop}")
    entities[:] = [entity for entity in entities if entity["length"]]


def _middles_of_pairs(text: str) -> frozenset[int]:
    middles = []
    at = 0
    for character in text:
        at += 1
        if character > "\uffff":
            middles.append(at)
            at += 1
    return frozenset(middles)


def _clean(text: str, entities: list[Json]) -> Formatted:
    if not UNCLEAN.search(text):
        return text, entities
    removed = [
        length_utf16(text[: found.start()])
        for found in UNCLEAN.finditer(text)
        if CLEANED[ord(found[0])] is None
    ]
    for entity in entities:
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        entity["offset"] = start - bisect_left(removed, start)
        entity["length"] = stop - bisect_left(removed, stop) - entity["offset"]
    return text.translate(CLEANED), [entity for entity in entities if entity["length"] > 0]


def _trim(text: str, entities: list[Json]) -> Formatted:
    # Space that an entity covers stays at the front, as in Telegram; at the end it goes in any case.
    text = text.rstrip(" \n")
    end = length_utf16(text)
    covered = min((entity["offset"] for entity in entities), default=end)
    front = min(len(text) - len(text.lstrip(" \n")), covered)
    if front:
        text = text[front:]
        end -= front
    kept = []
    for entity in entities:
        offset = entity["offset"] - front
        length = min(entity["length"], end - offset)
        if length > 0:
            kept.append({**entity, "offset": offset, "length": length})
    return text, kept


def detect_entities(text: str) -> list[Json]:
    """Return the commands, links, addresses, mentions, hashtags and cashtags in a text."""
    if not MAY_HOLD_LINKS.search(text):
        return []
    found: list[Json] = []
    offset = at = 0
    for match in islice(DETECTED.finditer(text), FOUND_LIMIT):
        offset += length_utf16(text[at : match.start()])
        length = length_utf16(match[0])
        found.append({"offset": offset, "length": length, "type": match.lastgroup})
        offset += length
        at = match.end()
    return found
