"""The card's pages: every character of an item over all of them, in every form; answers in turn; steps and sentences with marks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import card
from rules.card import Layout, Marks
from rules.kinds import Preference, Span, Steps
from rules.project_file import Project, dump
from rules.text import PAGE_UNITS, Piece, units
from tests.rules.definitions import choice, define, preference, shows, span, steps
from tests.rules.test_text import LONG_TEXT

COMPARING = define(show=[{"field": "prompt"}], ask=[preference("better", shown_as="plain")])
CHECKING = define(show=[{"field": "problem"}, {"field": "steps", "as": "steps"}], ask=[steps("check")])
QUOTING = define(ask=[choice("correct", "yes", "no"), span("where", when={"correct": "no"})])


def stored(fields: dict[str, Any]) -> str:
    """Write fields as an import stores them."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def laid_out(project: Project, fields: dict[str, Any], **form: Any) -> Layout:
    return card.laid_out(dump(project), stored(fields), **form)


def read(found: Layout) -> str:
    """Read all pages, one after the other."""
    return "\n".join("".join(piece.text for piece in card.shown(page)) for page in found.pages)


@given(shows(kinds=("plain", "code")), st.lists(LONG_TEXT, min_size=10, max_size=10))
def test_no_character_of_an_item_is_lost_over_all_pages(project: Project, texts: list[str]) -> None:
    fields = {show.field: text for show, text in zip(project.show, texts, strict=False)}
    found = laid_out(project, fields)
    whole = "".join(piece.text for page in found.pages for piece in page.block.pieces)
    for show in project.show:
        shown = fields[show.field].strip("\n")
        assert shown in whole
        whole = whole[whole.index(shown) + len(shown) :]
    assert all(page.block.size <= PAGE_UNITS for page in found.pages)


@given(st.sampled_from(["x", "😀", "漢", "\n"]), st.integers(0, 9_000), st.integers(0, 9_000), st.booleans())
@settings(deadline=None)
def test_two_answers_are_whole_and_in_their_order(
    letter: str, first: int, second: int, flipped: bool
) -> None:
    fields = {"prompt": "Which?", "answer_a": f"A{letter * first}a", "answer_b": f"B{letter * second}b"}
    found = laid_out(COMPARING, fields, flipped=flipped)
    sides = {
        side: "".join(p.text for page in found.pages if page.side == side for p in page.block.pieces)
        for side in (0, 1, 2)
    }
    if not found.last:
        order = ["B", "A"] if flipped else ["A", "B"]
        text = sides[0]
        assert text.index(f" A ━━━\n{order[0]}") < text.index(f" B ━━━\n{order[1]}")
        return
    read_first, read_second = ("answer_b", "answer_a") if flipped else ("answer_a", "answer_b")
    for side, field in ((1, read_first), (2, read_second)):
        assert sides[side].count(letter) >= fields[field].count(letter)
        assert "Which?" in sides[side], "what was asked stands above each of them"
    assert 0 < found.first_of_side(2) <= found.last
    assert found.pages[found.last].side == 2


def test_a_long_prompt_is_read_before_the_answers_and_not_again() -> None:
    fields = {"prompt": "p" * 2_000, "answer_a": "a" * 2_000, "answer_b": "b" * 2_000}
    found = laid_out(COMPARING, fields)
    assert [page.side for page in found.pages] == [0, 1, 2]
    assert found.first_of_side(1) == 1


@given(
    st.lists(st.text(min_size=1, max_size=400).filter(str.strip), min_size=1, max_size=100),
    st.integers(0, 1_500),
)
@settings(deadline=None, max_examples=60)
def test_every_step_is_there_once_and_its_page_is_found(texts: list[str], problem: int) -> None:
    fields = {"problem": "P" * (problem + 1), "steps": texts}
    found = laid_out(CHECKING, fields)
    entries = [entry for page in found.pages for entry in page.entries]
    assert [entry.index for entry in entries if entry.begins] == list(range(len(texts)))
    assert [entry.index for entry in entries if entry.ends] == list(range(len(texts)))
    for index in range(len(texts)):
        assert any(one.index == index and one.begins for one in found.pages[found.begin_of(index)].entries)
        assert any(one.index == index and one.ends for one in found.pages[found.end_of(index)].entries)
    for page in found.pages:
        assert sum(units(piece.text) for piece in card.shown(page, Marks(now=0))) <= PAGE_UNITS + 40


def test_a_step_longer_than_a_page_is_rated_where_it_ends() -> None:
    fields = {"problem": "P", "steps": ["s" * 7_000, "t"]}
    found = laid_out(CHECKING, fields)
    assert found.begin_of(0) == 0
    assert found.end_of(0) == 2
    ask = CHECKING.ask[0]
    assert not card.may_tap(found, ask, 0, 1, "k0+")
    assert card.may_tap(found, ask, 0, 2, "k0+")
    assert card.may_tap(found, ask, 0, 0, "xb"), "a chain can be left at any time"


def test_steps_stand_with_their_marks_and_the_present_one_is_set_off() -> None:
    found = laid_out(CHECKING, {"problem": "P", "steps": ["one", "two", "three"]})
    pieces = card.shown(found.pages[0], Marks({0: "✓"}, now=1))
    assert "".join(piece.text for piece in pieces) == "P\n\n✓ 1  one\n▶ 2  two\n· 3  three"
    assert {piece.style for piece in pieces if piece.text.strip() in ("▶ 2", "two")} == {
        "blockquote bold",
        "blockquote",
    }


def test_what_comes_after_the_step_that_is_rated_is_not_told_yet() -> None:
    found = laid_out(CHECKING, {"problem": "P", "steps": ["one", "two", "three", "four"]})
    text = "".join(piece.text for piece in card.shown(found.pages[0], Marks({0: "✓"}, now=1, until=1)))
    assert text == "P\n\n✓ 1  one\n▶ 2  two\n· 3  …"
    html = card.html_of(
        laid_out(CHECKING, {"problem": "P", "steps": ["$x$", "b", "c"]}, is_rich=True).pages[0]
    )
    assert "<p><b>· 2</b> b</p>" in html
    assert html.index("· 3") > html.index("· 2")


def test_sentences_are_numbered_only_while_they_are_quoted() -> None:
    fields = {"question": "Q?", "solution": "One. Two is 3.5 long! Three"}
    ask = QUOTING.asked("where")
    assert isinstance(ask, Span)
    assert read(laid_out(QUOTING, fields)) == "Q?\n\nSolution\nOne. Two is 3.5 long! Three"
    numbered = laid_out(QUOTING, fields, ask=ask)
    assert read(numbered) == "Q?\n\n· 1  One.\n· 2  Two is 3.5 long!\n· 3  Three"


def test_no_page_asks_for_more_numbers_than_a_phone_shows() -> None:
    ask = QUOTING.asked("where")
    found = laid_out(QUOTING, {"question": "Q", "solution": "Yes. " * 95}, ask=ask)
    assert [len(page.entries) for page in found.pages] == [20, 20, 20, 20, 15]


def test_a_field_is_shown_in_its_order_under_its_heading_and_in_its_style() -> None:
    project = define(
        show=[
            {"field": "question"},
            {"field": "LLM_answer", "as": "markdown"},
            {"field": "code", "label": "Programme", "as": "code"},
        ]
    )
    found = laid_out(project, {"question": "\n1 + 1?\n", "LLM_answer": "is **2**", "code": "print(2)"})
    assert list(found.pages[0].block.pieces) == [
        Piece("1 + 1?"),
        Piece("\n\n"),
        Piece("LLM answer", "bold"),
        Piece("\n"),
        Piece("is "),
        Piece("2", "bold"),
        Piece("\n\n"),
        Piece("Programme", "bold"),
        Piece("\n"),
        Piece("print(2)", "pre"),
    ]


@pytest.mark.parametrize(
    "text", ["<int> & <b>*bold*</b>", "$x_1 \\times x_2$", "#include <stdio.h>", "\\n ` ``` _"]
)
def test_markup_in_a_plain_field_is_text(text: str) -> None:
    pieces = laid_out(define(), {"question": text, "solution": text}).pages[0].block.pieces
    assert [piece.text for piece in pieces if piece.text == text] == [text, text]


def test_what_must_be_read_before_a_verdict() -> None:
    fields = {"prompt": "p", "answer_a": "a" * 4_000, "answer_b": "b" * 4_000}
    found, ask = laid_out(COMPARING, fields), COMPARING.ask[0]
    assert isinstance(ask, Preference)
    assert [card.may_tap(found, ask, 0, seen, "w1") for seen in range(found.last + 1)] == [
        seen == found.last for seen in range(found.last + 1)
    ]
    assert isinstance(CHECKING.ask[0], Steps)


TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"


def test_a_rich_form_is_for_what_needs_it_and_holds_the_same_words() -> None:
    project = define(show=[{"field": "question"}, {"field": "solution", "as": "markdown"}])
    plain, table = {"question": "Q", "solution": "S *s*"}, {"question": "Q", "solution": TABLE}
    assert not card.wants_rich(dump(project), stored(plain))
    assert card.wants_rich(dump(project), stored(table))
    found = laid_out(project, table, is_rich=True)
    assert found.is_rich
    html = card.html_of(found.pages[0])
    assert "<table" in html
    assert "Q" in html


def test_what_no_rich_message_can_hold_is_read_as_plain_pages() -> None:
    project = define(show=[{"field": "solution", "as": "markdown"}])
    found = laid_out(
        project, {"solution": "\n\n".join(f"{n}. line" for n in range(3_000)) + TABLE}, is_rich=True
    )
    assert not found.is_rich or found.last
