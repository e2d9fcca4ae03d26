"""Texts that are nearly the same: folding away what a copy is varied by, marks under which near copies meet, and how alike two texts are.

Every hash here is fixed (CRC-32 of zlib and BLAKE2b), so marks are the same in every process and may be stored. Nothing is judged here: a
likeness is a figure for the rules of quality.

Marks: the 5-character shingles of a folded text are laid on a ring of 2**32 places by their CRC-32. Each of 36 fixed points picks the
first shingle at or after it, so two texts agree on a point with about the chance of their Jaccard similarity (MinHash by rotation:
Shrivastava and Li, "Improved densification of one permutation hashing", 2014). Four points together make a band and each band a mark
(Leskovec, Rajaraman, Ullman, "Mining of massive datasets", 3.4): texts of similarity s share one of nine with the chance 1 - (1 - s**4)**9.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Set
from zlib import crc32

SHINGLE = 5
"""Characters in a shingle."""
CHARACTERS_MAX = 4_000
"""What is looked at of a text, before and after folding; the rest of a longer one changes nothing."""
COLUMNS_OF_EXACT = 16
"""Below this nothing is noted at all: "yes", "2+2=5" and "wrong arithmetic" are what anybody writes. Wide characters are two columns."""
COLUMNS_OF_NEAR = 20
"""Below this a text has so few shingles that only an exact copy tells anything."""
NOTED_FROM = 0.7
"""Likeness from which on a pair is worth noting: one word changed in a sentence of fifteen. From 0.8 on the marks bring more than 95 of 100
such pairs together, at 0.7 nine of ten."""

BANDS = 9
POINTS_A_BAND = 4
MARKS = 1 + BANDS
"""Marks of a text at most: one of the whole and one of each band."""

_RING = 2**32
_BYTES = 4
_STEP = _RING // (BANDS * POINTS_A_BAND)
# The points of one band lie a quarter of the ring apart, so that in a short text they seldom pick the same shingle.
_POINTS = tuple(
    tuple((band + BANDS * place) * _STEP for place in range(POINTS_A_BAND)) for band in range(BANDS)
)
_KEPT = ("L", "M", "N", "Sm")


def fold(text: str) -> str:
    """Reduce a text to its letters, their marks, digits and mathematical signs, in one case and one Unicode form."""
    if text.isascii():
        return _bare(text[:CHARACTERS_MAX].casefold())
    alike = unicodedata.normalize("NFKC", text[:CHARACTERS_MAX])
    alike = unicodedata.normalize("NFKC", alike[:CHARACTERS_MAX].casefold())
    return unicodedata.normalize("NFC", _bare(alike))[:CHARACTERS_MAX]


def _bare(text: str) -> str:
    """Take punctuation, spaces and signs away. The marks stay: in Hindi or Arabic they are what letters are in English."""
    for character in set(text):
        if not character.isalnum() and not unicodedata.category(character).startswith(_KEPT):
            text = text.replace(character, "")
    return text


def columns(folded: str) -> int:
    """Measure how much a folded text says: a Chinese, Japanese or Korean character counts as two."""
    if folded.isascii() or len(folded) >= COLUMNS_OF_NEAR:
        return len(folded)
    return len(folded) + sum(unicodedata.east_asian_width(character) in "WF" for character in folded)


def shingles(folded: str) -> set[bytes]:
    """Give the runs of five characters in a folded text, as UTF-32; a shorter text is one run."""
    data = folded.encode("utf-32-le", "surrogatepass")
    size = SHINGLE * _BYTES
    return {data[start : start + size] for start in range(0, max(1, len(data) - size + 1), _BYTES)}


def likeness(one: Set[bytes], other: Set[bytes]) -> float:
    """Give the Jaccard similarity of two sets of shingles, 0.0 to 1.0; neither may be empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def similarity(one: str, other: str) -> float:
    """Tell how alike two texts are once folded, 0.0 to 1.0: the share of their shingles that they have in common.

    Short texts are alike or not, 1.0 or 0.0, and those that say too little, 0.0.
    """
    return similarities(fold(one), [fold(other)])[0]


def similarities(folded: str, others: Iterable[str]) -> list[float]:
    """Do what `similarity` does for one folded text and each of others, shingling the one only once."""
    width, own = columns(folded), shingles(folded)
    found = []
    for other in others:
        shorter = min(width, columns(other))
        if shorter < COLUMNS_OF_EXACT:
            found.append(0.0)
        elif other == folded:
            found.append(1.0)
        else:
            found.append(0.0 if shorter < COLUMNS_OF_NEAR else likeness(own, shingles(other)))
    return found


def marks(folded: str, place: str) -> list[int]:
    """Give the marks under which near copies of a folded text are found: signed 64-bit numbers, at most `MARKS`.

    None for a text that says too little. `place`: what texts are compared within, such as a project and a question; the marks of
    different places never meet. The first mark is that of the whole text, so exact copies always meet.
    """
    width = columns(folded)
    if width < COLUMNS_OF_EXACT:
        return []
    seed = hashlib.blake2b(place.encode(), digest_size=16).digest()
    found = [_mark(seed, folded.encode("utf-8", "surrogatepass"))]
    if width >= COLUMNS_OF_NEAR:
        ring = sorted(map(crc32, shingles(folded)))
        found += [
            _mark(seed, b"%d:%d:%d:%d:%d" % (band, *(_pick(ring, point) for point in points)))
            for band, points in enumerate(_POINTS)
        ]
    return found


def _pick(ring: list[int], point: int) -> int:
    """Give the first hash at or after a point, going round."""
    at = bisect_left(ring, point)
    return ring[at] if at < len(ring) else ring[0]


def _mark(seed: bytes, data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=seed).digest(), "big", signed=True)
