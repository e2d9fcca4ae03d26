"""The order among entities: which may lie within which, and what becomes of those that may not. No parsing.

Telegram refuses none of them. As in its own library (tdlib, MessageEntity.cpp): code, links and quotations never
cross each other, and the first of two that do stays; faces are joined where they touch, cut where anything else
begins or ends, and gone inside code; a quotation may hold code and links, but no quotation.
"""

from collections import deque
from operator import itemgetter

from sandbox.models import Json

FACES = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
CODE = frozenset({"code", "pre"})
# These mean something even over nothing but space.
KEPT_OVER_SPACE = CODE | {"text_link", "text_mention"}
# Of two over the same text the lower is the outer one.
RANKS = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
}
RANKS |= {face: 90 + place for place, face in enumerate(FACES)} | {"custom_emoji": 99}
RANK_OF_OTHERS = 50
FAR = 1 << 30
SPACES = (b" \0", b"\n\0")


def in_order(entities: list[Json]) -> list[Json]:
    """Return the entities by where they begin, the outer before the inner."""
    return sorted(entities, key=_place)


def _place(entity: Json) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], RANKS.get(entity["type"], RANK_OF_OTHERS)


def _end(entity: Json) -> int:
    end: int = entity["offset"] + entity["length"]
    return end


def nest(entities: list[Json], found: list[Json] | None = None) -> list[Json]:
    """Return the entities in order and so that none crosses another; what was `found` gives way to what was given."""
    if not found and len(entities) < 2:
        return entities
    faces = [entity for entity in entities if entity["type"] in FACES]
    quotes = _apart([entity for entity in entities if entity["type"] in QUOTES])
    solid = _apart([e for e in entities if e["type"] not in FACES and e["type"] not in QUOTES])
    free = [
        one
        for one in found or ()
        if not any(one["offset"] < _end(s) and s["offset"] < _end(one) for s in solid)
    ]
    blocks = in_order(_uncrossed(solid + free, quotes) + quotes)
    return in_order(_cut(in_order(faces), blocks) + blocks) if faces else blocks


def _apart(entities: list[Json]) -> list[Json]:
    """Keep those that begin after all that were kept before them have ended."""
    kept: list[Json] = []
    end = 0
    for entity in in_order(entities):
        if entity["offset"] >= end:
            kept.append(entity)
            end = _end(entity)
    return kept


def _uncrossed(entities: list[Json], quotes: list[Json]) -> list[Json]:
    """Leave out what lies neither within a quotation nor beside all of them."""

    def crosses(entity: Json, quote: Json) -> bool:
        meet = entity["offset"] < _end(quote) and quote["offset"] < _end(entity)
        return meet and (entity["offset"] < quote["offset"] or _end(quote) < _end(entity))

    return [entity for entity in entities if not any(crosses(entity, quote) for quote in quotes)]


class _Cutter:
    """Walk along the text with the faces that are open, and give them out in pieces."""

    def __init__(self, faces: list[Json]) -> None:
        self.coming = deque(faces)
        self.open: dict[str, tuple[int, int]] = {}
        self.pieces: list[Json] = []

    def advance(self, to: int) -> None:
        """Take up the faces that begin before `to` and give out what lies before it."""
        while self.coming and self.coming[0]["offset"] < to:
            face = self.coming.popleft()
            start, end = face["offset"], _end(face)
            span = self.open.get(face["type"])
            if span is not None and start <= span[1]:
                self.open[face["type"]] = (span[0], max(span[1], end))
            else:
                self._give_out(start)
                self.open[face["type"]] = (start, end)
        self._give_out(to)

    def _give_out(self, to: int) -> None:
        for kind in FACES:
            start, end = self.open.get(kind, (to, to))
            if start >= to:
                continue
            self.pieces.append({"offset": start, "length": min(end, to) - start, "type": kind})
            if end <= to:
                del self.open[kind]
            else:
                self.open[kind] = (to, end)


def _cut(faces: list[Json], blocks: list[Json]) -> list[Json]:
    cutter = _Cutter(faces)
    around: list[Json] = []

    def walk(to: int) -> None:
        while around and _end(around[-1]) <= to:
            block = around.pop()
            before = len(cutter.pieces)
            cutter.advance(_end(block))
            if block["type"] in CODE:
                del cutter.pieces[before:]
        cutter.advance(to)

    for block in blocks:
        walk(block["offset"])
        around.append(block)
    walk(FAR)
    return cutter.pieces


def without_space(text: str, entities: list[Json]) -> list[Json]:
    """Let each entity begin at a letter; one over nothing but space is gone, unless it is code or a link."""
    if not entities:
        return entities
    units = text.encode("utf-16-le", "surrogatepass")
    # A quotation that begins with code or a link begins where that does.
    held = set(map(itemgetter("offset"), (e for e in entities if e["type"] in KEPT_OVER_SPACE)))
    return [kept for entity in entities if (kept := _shrunk(entity, units, held))]


def _shrunk(entity: Json, units: bytes, held: set[int]) -> Json | None:
    if entity["type"] in KEPT_OVER_SPACE:
        return entity
    start, end = entity["offset"], _end(entity)
    stays = held if entity["type"] in QUOTES else ()
    while start < end and units[2 * start : 2 * start + 2] in SPACES and start not in stays:
        start += 1
    if start == end:
        return None
    return entity if start == entity["offset"] else {**entity, "offset": start, "length": end - start}
