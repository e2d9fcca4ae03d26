"""Text: pages that lose nothing, and entities that fit, for any text that people or models write."""

from __future__ import annotations

import itertools
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.text import (
    ENTITIES_MAX,
    PAGE_ENTITIES_MAX,
    PAGE_UNITS,
    Piece,
    Text,
    clip,
    columns,
    pages,
    units,
)

FAMILY = "👩‍👩‍👧‍👦"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
PARTS = [
    "word ",
    "A sentence ends. ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    " ",
    "\u00a0",
    "\u2028",
    FAMILY,
    "👍🏽",
    "🇺🇦",
    WALES,
    "e\u0301",
    "Z" + "\u0300" * 40,
    "מימין לשמאל ",
    "مرحبا بِكُم ",
    "नमस्ते ",
    "한글",
    "\u1112\u1161\u11ab",
    "\u202e",
    "\ufeff",
    "𝔘𝔫𝔦",
    "<b>&amp;</b> *_`[",
    "$\\frac{1}{2}$",
    "x" * 150,
    "漢字。" * 30,
]
ANY_TEXT = st.text(max_size=60)
LONG_TEXT = st.lists(st.one_of(st.sampled_from(PARTS), ANY_TEXT), max_size=80).map("".join)
STYLES = st.sampled_from(["", "bold", "italic", "code", "pre", "blockquote"])
NESTED_STYLES = st.sampled_from(
    [
        "",
        "bold",
        "italic",
        "code",
        "pre",
        "blockquote",
        "blockquote bold",
        "blockquote bold italic",
        "bold italic",
    ]
)
PIECES = st.lists(st.builds(Piece, LONG_TEXT, STYLES), max_size=6)
LIMITS = st.integers(2, 900)


def joined(found: list[list[Piece]]) -> list[Piece]:
    """Put pages together again: neighbours of one style become one piece."""
    whole: list[Piece] = []
    for piece in (piece for page in found for piece in page):
        if whole and whole[-1].style == piece.style:
            whole[-1] = Piece(whole[-1].text + piece.text, piece.style)
        else:
            whole.append(piece)
    return whole


@given(st.text())
@example("\ud83d")
@example("\ude00\ud83d")
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(PIECES, LIMITS)
@example([Piece("\u0301" * 500)], 7)
@example([Piece("𝔘" * 50)], 2)
@example([Piece("𝔘" * 50)], 3)
@example([Piece("🇺🇦" * 50)], 9)
@example([Piece("\r\n" * 50 + "é")], 3)
@example([Piece("\u200d" * 50)], 5)
@example([Piece("")], 2)
def test_pages_are_the_text_and_none_is_too_long(pieces: list[Piece], limit: int) -> None:
    found = pages(pieces, limit)
    assert found
    assert joined(found) == joined([[piece for piece in pieces if piece.text]])
    for page in found:
        assert sum(units(piece.text) for piece in page) <= limit
    assert all(found) or len(found) == 1, "no page is empty but that of an empty text"


@given(LONG_TEXT, LIMITS.filter(lambda limit: limit >= 400))
def test_nothing_that_reads_as_one_is_cut_in_two(text: str, limit: int) -> None:
    found = ["".join(piece.text for piece in page) for page in pages([Piece(text)], limit)]
    for before, after in itertools.pairwise(found):
        assert not before.endswith("\u200d")
        assert not after.startswith(("\u200d", "\U0001f3fd", "\ufe0f", "\U000e0067"))
        # A mark after white space stands alone; any other belongs to the letter before it.
        assert before[-1].isspace() or not unicodedata.category(after[0]).startswith("M")


@pytest.mark.parametrize(
    "whole",
    [
        "e\u0301",
        "Z" + "\u0300" * 40,
        "क\u093e",
        "بِ",
        "ก\u0e31",
        FAMILY,
        "👍🏽",
        "🇺🇦",
        WALES,
        "☝️",
        "1\ufe0f\u20e3",
    ],
)
def test_a_page_ends_before_or_after_what_reads_as_one(whole: str) -> None:
    for before in range(400 - units(whole), 401):
        found = pages([Piece("a" * before + whole + "b" * 500)], 400)
        texts = ["".join(piece.text for piece in page) for page in found]
        assert any(whole in text for text in texts), (before, texts)


def test_pages_end_where_a_reader_would_pause() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number}. " + "word " * 60 for number in range(20))
    found = ["".join(piece.text for piece in page) for page in pages([Piece(paragraphs)])]
    assert len(found) == 3
    assert all(page.endswith("\n\n") for page in found[:-1])


def test_a_piece_does_not_begin_with_a_few_words_at_the_foot_of_a_page() -> None:
    found = pages([Piece("x" * (PAGE_UNITS - 50)), Piece("y " * 100)])
    assert [len(page) for page in found] == [1, 1]


def test_a_page_without_room_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="two units"):
        pages([Piece("𝔘")], 1)


def slice_units(text: str, offset: int, length: int) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@given(PIECES)
def test_entities_lie_inside_the_text_and_split_no_character(pieces: list[Piece]) -> None:
    text, entities = Text(pieces).render()
    assert text == "".join(piece.text for piece in pieces).strip()
    assert len(entities) <= ENTITIES_MAX
    end = 0
    for entity in entities:
        assert entity["offset"] >= end, "in order, and none over another"
        assert entity["length"] > 0
        end = entity["offset"] + entity["length"]
        assert end <= units(text)
        # Decoding raises where half a character is cut off.
        assert slice_units(text, entity["offset"], entity["length"]).strip()


def expected_entities(pieces: list[Piece]) -> list[tuple[str, str]]:
    """Say which entities there are, by another road than the code: for each depth, the runs of pieces with equal outer styles."""
    found: list[tuple[int, int, str, str]] = []
    starts = list(itertools.accumulate((units(piece.text) for piece in pieces), initial=0))
    for depth in range(3):
        numbered = enumerate(pieces)
        for outer, run in itertools.groupby(numbered, key=lambda one: one[1].style.split()[: depth + 1]):
            members = list(run)
            covered = "".join(piece.text for _, piece in members).rstrip()
            if len(outer) == depth + 1 and covered:
                found.append((starts[members[0][0]], depth, outer[-1], covered))
    return [(style, covered) for _, _, style, covered in sorted(found)]


@given(st.lists(st.builds(Piece, ANY_TEXT.filter(bool), NESTED_STYLES), max_size=8))
@example([Piece("a", "bold"), Piece("b", "bold")])
@example([Piece("a", "blockquote"), Piece("b", "blockquote bold"), Piece("\n"), Piece("c", "blockquote")])
@example([Piece("a ", "blockquote bold"), Piece(" ", "blockquote italic"), Piece("c", "bold")])
def test_each_entity_covers_its_own_pieces(parts: list[Piece]) -> None:
    text, entities = Text([Piece("start "), *parts, Piece("end")]).render()
    covered = [(one["type"], slice_units(text, one["offset"], one["length"])) for one in entities]
    assert sorted(covered) == sorted(expected_entities([Piece("start "), *parts, Piece("end")]))


def test_neighbours_share_the_entities_around_them() -> None:
    quote = [Piece("a ", "blockquote"), Piece("b", "blockquote bold"), Piece(" c", "blockquote bold italic")]
    _, entities = Text([*quote, Piece("\n"), Piece("d", "blockquote")]).render()
    assert [(one["type"], one["offset"], one["length"]) for one in entities] == [
        ("blockquote", 0, 5),
        ("bold", 2, 3),
        ("italic", 3, 2),
        ("blockquote", 6, 1),
    ]


def test_a_block_of_code_names_its_language() -> None:
    _, entities = Text([Piece("x = 1", "pre:python"), Piece("\n"), Piece("y", "pre")]).render()
    assert entities == [
        {"type": "pre", "offset": 0, "length": 5, "language": "python"},
        {"type": "pre", "offset": 6, "length": 1},
    ]


def test_more_entities_than_telegram_takes_are_plain_text() -> None:
    text, entities = Text([Piece("x ", "bold"), Piece("y ")] * 150).render()
    assert len(entities) == ENTITIES_MAX
    assert len(text) == 599


@given(st.lists(st.builds(Piece, st.sampled_from(["a", "b ", "\n\n", "👍🏽"]), NESTED_STYLES), max_size=400))
@example([Piece("x ", "bold"), Piece("y ")] * 150)
@example([Piece("x", "bold"), Piece("\n\n", "italic")] * 150)
def test_no_page_needs_more_entities_than_it_may(pieces: list[Piece]) -> None:
    found = pages(pieces)
    assert joined(found) == joined([[piece for piece in pieces if piece.text]])
    assert all(found) or not pieces
    for page in found:
        assert len(Text([Piece("|"), *page, Piece("|")]).render()[1]) <= PAGE_ENTITIES_MAX
    assert len(found) <= 1 + len(pieces) * 3 / (PAGE_ENTITIES_MAX - 3), "no page ends long before it must"


def test_code_goes_on_in_its_language_on_the_next_page() -> None:
    lines = "".join(f"line({number})\n" for number in range(900))
    found = pages([Piece("Read this:\n"), Piece(lines, "pre:python"), Piece("\nDone.")])
    assert len(found) > 2
    assert all(any(piece.style == "pre:python" for piece in page) for page in found)
    assert all(page[-1].text.endswith("\n") for page in found[:-1])


def test_code_that_fits_on_a_page_is_not_cut() -> None:
    code = Piece("x = 1\n" * 300, "pre:python")
    found = pages([Piece("word " * 300), Piece("\n\n"), code, Piece("\n\nThe end.")])
    assert [piece.text for piece in found[0]] == ["word " * 300, "\n\n"]
    assert found[1][0] == code


def test_a_page_does_not_begin_with_the_line_ends_before_it() -> None:
    found = pages([Piece("x" * (PAGE_UNITS - 50)), Piece("\n\n" + "y " * 100)])
    assert [piece.text for piece in found[0]][1:] == ["\n\n"]
    assert found[1][0].text.startswith("y")


@pytest.mark.parametrize(
    ("text", "taken"),
    [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("بِ", 1), ("한글", 4), ("👍", 2), ("a\u200db", 2), ("", 0)],
)
def test_columns_are_those_of_a_fixed_width_face(text: str, taken: int) -> None:
    assert columns(text) == taken


def test_a_text_is_built_piece_by_piece() -> None:
    text = Text().bold("A").plain(" b ").italic("c").code("d").line("e", "bold").add("", "bold").line()
    text.extend([Piece("f")]).extend(Text().plain("g"))
    assert str(text) == "A b cde\n\nfg"
    rendered: tuple[str, list[dict[str, Any]]] = text.render()
    assert [entity["type"] for entity in rendered[1]] == ["bold", "italic", "code", "bold"]
    json.dumps(rendered)


@given(LONG_TEXT, st.integers(-1, 200))
def test_a_clipped_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert units(short) <= max(limit, 0)
    if units(text) <= limit:
        assert short == text
    elif limit > 0:
        assert short.endswith("…")
        assert text.startswith(short[:-1])
