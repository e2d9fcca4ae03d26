"""The card's body: every character of an item, over all its pages, and the number of pages told right without laying it out."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import card
from rules.card import HEADINGS_UNITS_MAX
from rules.project_file import Project, dump
from rules.text import PAGE_UNITS, Piece, units
from tests.rules.definitions import define, shows
from tests.rules.test_text import LONG_TEXT

WIDE = define(show=[{"field": chr(97 + n), "label": "😀" * 40} for n in range(10)])
LENGTHS = st.integers(0, 4_000)


def stored(fields: dict[str, str]) -> str:
    """Write fields as an import stores them."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def laid_out(project: Project, fields: dict[str, str]) -> int:
    return len(card.paged(dump(project), stored(fields)))


@given(shows(), st.lists(LONG_TEXT, min_size=10, max_size=10))
def test_no_character_of_an_item_is_lost_over_all_pages(project: Project, texts: list[str]) -> None:
    fields = {show.field: text for show, text in zip(project.show, texts, strict=False)}
    found = card.paged(dump(project), stored(fields))
    whole = "".join(piece.text for page in found for piece in page)
    for show in project.show:
        shown = fields[show.field].strip("\n")
        assert shown in whole
        whole = whole[whole.index(shown) + len(shown) :]
    assert all(sum(units(piece.text) for piece in page) <= PAGE_UNITS for page in found)


@given(shows(), st.sampled_from(["x", "é", "😀", "\n", '"', "\x01", "漢"]), LENGTHS, st.integers(0, 9))
@example(WIDE, "😀", 1_190, 0)
@example(WIDE, "😀", (PAGE_UNITS - HEADINGS_UNITS_MAX) // 2 - 60, 3)
def test_the_short_way_to_the_number_of_pages_is_never_wrong(
    project: Project, letter: str, length: int, where: int
) -> None:
    fields = {show.field: "" for show in project.show}
    fields[project.show[where % len(project.show)].field] = letter * length
    assert card.page_count(dump(project), stored(fields)) == laid_out(project, fields)


@given(st.integers(PAGE_UNITS // 2 - 600, PAGE_UNITS // 2 + 600), st.sampled_from(["x", "😀"]))
def test_the_short_way_is_right_around_its_edge(length: int, letter: str) -> None:
    for project in (WIDE, define()):
        fields = {show.field: "" for show in project.show} | {project.show[0].field: letter * length}
        assert card.page_count(dump(project), stored(fields)) == laid_out(project, fields)


def test_labels_of_any_width_count_towards_the_pages() -> None:
    fields = {show.field: "😀" * 117 for show in WIDE.show}
    assert len(stored(fields)) * 2 + 500 <= PAGE_UNITS, "short, but for its labels"
    assert laid_out(WIDE, fields) == 2
    assert card.page_count(dump(WIDE), stored(fields)) == 2


def test_a_field_is_shown_in_its_order_under_its_heading_and_in_its_style() -> None:
    project = define(
        show=[
            {"field": "question"},
            {"field": "LLM_answer", "as": "markdown"},
            {"field": "code", "label": "Programme", "as": "code"},
        ]
    )
    pieces = card.body(project, {"question": "\n1 + 1?\n", "LLM_answer": " *2*", "code": "print(2)"})
    assert pieces == [
        Piece("1 + 1?"),
        Piece("\n\n"),
        Piece("LLM answer", "bold"),
        Piece("\n"),
        Piece(" *2*", "blockquote"),
        Piece("\n\n"),
        Piece("Programme", "bold"),
        Piece("\n"),
        Piece("print(2)", "pre"),
    ]


@pytest.mark.parametrize(
    "text", ["<int> & <b>*bold*</b>", "$x_1 \\times x_2$", "#include <stdio.h>", "\\n ` ``` _"]
)
def test_markup_in_an_item_is_text(text: str) -> None:
    pieces = card.body(define(), {"question": text, "solution": text})
    assert [piece.text for piece in pieces if piece.text == text] == [text, text]
