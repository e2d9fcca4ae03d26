"""Quotes: how a text is cut into sentences and lines, what can be picked, and which gold quotes are met."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import answers
from rules.answers import EMPTY, Draft
from rules.kinds import GoldTrouble
from rules.kinds.span import places
from tests.rules.definitions import define, span
from tests.rules.test_kinds import ON_SOLUTION, QUOTING, SOLUTION, taps


@given(st.text("aA1 .!?\n。", max_size=60), st.sampled_from(["sentence", "line"]))
def test_sentences_and_lines_lose_nothing_but_white_space(source: str, unit: str) -> None:
    found = places(source, unit)
    assert "".join("".join(source[a:b].split()) for a, b in found) == "".join(source.split())
    assert all(a < b and source[a:b] == source[a:b].strip() for a, b in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))


def test_a_sentence_is_not_cut_at_a_number_or_an_abbreviation() -> None:
    source = "1. Take 3.5 of it, e.g. half. Mr. Li pays $18. Done!"
    assert [source[a:b] for a, b in places(source, "sentence")] == [
        "1. Take 3.5 of it, e.g. half.",
        "Mr. Li pays $18.",
        "Done!",
    ]


def test_what_nobody_would_quote_stays_with_its_neighbour() -> None:
    source = "🍰 Take four eggs. Beat them. 😉\n```python\nprint(1)\n```\nDone!"
    assert [source[a:b] for a, b in places(source, "sentence")] == [
        "🍰 Take four eggs.",
        "Beat them. 😉\n```python",
        "print(1)\n```",
        "Done!",
    ]
    assert places("😀\n😀", "line") == ((0, 3),)


def test_what_is_wrong_is_picked_by_its_number() -> None:
    draft = taps(QUOTING, ON_SOLUTION, "t1+", "t3+", "d")
    value: Any = draft.answers["where"]
    assert [SOLUTION[one["start"] : one["end"]] for one in value] == [
        "16 - 3 = 13 are left.",
        "That makes $26.",
    ]
    assert answers.after_tap(QUOTING, Draft({}, ("1", "3")), "t0+", ON_SOLUTION) is None, "two are enough"
    assert answers.after_tap(QUOTING, Draft({}, ("1",)), "t1-", ON_SOLUTION) == EMPTY
    assert answers.after_tap(QUOTING, EMPTY, "t9+", ON_SOLUTION) is None
    assert answers.after_tap(QUOTING, EMPTY, "d", ON_SOLUTION) is None, "at least one is asked for"


def test_where_one_can_be_picked_picking_answers() -> None:
    one = define(ask=[span("where")])
    assert taps(one, ON_SOLUTION, "t0+").answers == {"where": [{"start": 0, "end": 16}]}


@pytest.mark.parametrize(
    ("gold", "picked", "met"),
    [
        ("16 - 3 = 13", ["1"], True),
        ("16 - 3 = 13", ["0"], False),
        ("16 - 3 = 13", ["1", "2"], False),
        (["eggs", "$26"], ["0"], True),
        (["eggs", "$26"], ["0", "3"], True),
    ],
)
def test_a_quote_is_met_by_its_own_sentences(gold: Any, picked: list[str], met: bool) -> None:
    stored = answers.gold_of(QUOTING, ON_SOLUTION.fields, {"where": gold})
    given_spans = taps(QUOTING, ON_SOLUTION, *[f"t{n}+" for n in picked], "d").answers
    assert answers.meets_gold(QUOTING, stored, given_spans) is met
    assert answers.gold_of(QUOTING, ON_SOLUTION.fields, stored) == stored, "what is stored can be read again"


@pytest.mark.parametrize(
    ("gold", "sentence"),
    [
        ("17 - 3", "which the field does not say word for word"),
        (["eggs", "$2", "$26"], "must be a quote, or a list of 1 to 2 quotes"),
        (7, "is 7, which the field does not say"),
        ({"start": 900, "end": 950}, "lies outside the field's text"),
    ],
)
def test_a_gold_quote_must_stand_in_the_text(gold: Any, sentence: str) -> None:
    with pytest.raises(GoldTrouble) as trouble:
        answers.gold_of(QUOTING, ON_SOLUTION.fields, {"where": gold})
    assert sentence in str(trouble.value)
