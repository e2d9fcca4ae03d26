"""The task card, as a pure value: it fits a message, shows every character, and offers only what is taken."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.judgments import FLAG_REASONS
from actions.work import Card
from handlers.views import card as card_view
from rules import answers, project_file
from rules import card as layout
from rules.answers import EMPTY, Draft
from rules.kinds import Value
from tests.handlers.screens import WIDEST, data, labels, sound, stored
from tests.rules.definitions import EVERY_KIND, define, scale, tags

TOKEN = "t" * 22


def card(rules: project_file.Project = EVERY_KIND, **changes: Any) -> Card:
    """Make a card of an item that fits one page."""
    fields = {show.field: f"the {show.field}" for show in rules.show}
    plain = Card(
        project=stored(rules),
        token=TOKEN,
        step=0,
        stage="work",
        fields=json.dumps(fields),
        draft=EMPTY,
        page=0,
        pages_seen=0,
        place=7,
        of=20,
        today_micro=3_120_000,
        currency="USD",
    )
    return dataclasses.replace(plain, **changes)


def test_a_card_says_where_one_is_and_what_is_asked() -> None:
    screen = card_view.screen(card())
    text = sound(screen)
    assert text.startswith("Check maths · 7/20")
    assert "today $3.12" in text
    assert "the question\n\nSolution\nthe solution" in text
    assert text.endswith("correct?")
    assert labels(screen) == ["Yes", "No", "Unsure", "Undo ↩", "Skip", "⋯"]
    assert data(screen)[:3] == [f"a:{TOKEN}:0:o{place}" for place in range(3)]


def pages(rules: project_file.Project, fields: str) -> int:
    return len(layout.laid_out(project_file.dump(rules), fields).pages)


@pytest.mark.parametrize(
    "title", ["Sums", "Check maths", "Rate explanations", "A title that is far too long"]
)
@pytest.mark.parametrize("stage", ["training", "exam", "work"])
def test_a_header_is_one_line_or_two_but_never_broken(title: str, stage: str) -> None:
    heads = [
        sound(card_view.screen(card(define(title=title), stage=stage, place=place))).partition("\n\n")[0]
        for place in (1, 9, 20)
    ]
    assert {len(head.split("\n")) for head in heads} in ({1}, {2}), "it keeps its height for the whole set"
    assert max(len(line) for head in heads for line in head.split("\n")) <= card_view.LINE_CHARACTERS


def test_a_page_cut_between_paragraphs_leaves_one_empty_line() -> None:
    fields = json.dumps({"question": ("word " * 300 + "\n\n") * 4, "solution": "S"})
    count = pages(EVERY_KIND, fields)
    assert count > 1
    for page in range(count):
        text = sound(card_view.screen(card(fields=fields, page=page, pages_seen=page)))
        assert "\n\n\n" not in text


def test_the_answer_so_far_stays_in_sight() -> None:
    draft = Draft({"correct": "no"}, ("sign",))
    screen = card_view.screen(card(draft=draft, step=1))
    text = sound(screen)
    assert "Your answer: No\n\nwhy?" in text
    assert labels(screen)[:4] == ["Digit", "✓ Sign", "Logic", "Done"]
    assert data(screen)[:4] == [f"a:{TOKEN}:1:{what}" for what in ("t0+", "t1-", "t2+", "d")]


def test_done_says_how_many_are_needed() -> None:
    rules = define(ask=[tags("why", "a", "b", "c", at_least=2)])
    assert "Done (choose 2 or more)" in labels(card_view.screen(card(rules, draft=Draft({}, ("a",)))))
    assert "Done" in labels(card_view.screen(card(rules, draft=Draft({}, ("a", "b")))))
    free = define(ask=[tags("why", "a", "b", "c", at_least=0)])
    assert "None of these" in labels(card_view.screen(card(free)))
    assert "Done" in labels(card_view.screen(card(free, draft=Draft({}, ("a",)))))


def test_a_scale_says_what_its_ends_mean() -> None:
    screen = card_view.screen(card(define(ask=[scale("clear")])))
    assert sound(screen).endswith("clear?\n1 = bad, 5 = good")
    assert labels(screen)[:5] == ["1", "2", "3", "4", "5"]


@given(
    st.lists(
        st.sampled_from(["o0", "o1", "o11", "v1", "v5", "d", *[f"t{n}+" for n in range(20)]]), max_size=50
    ),
    st.booleans(),
)
def test_every_button_of_every_question_is_taken(operations: list[str], widest: bool) -> None:
    rules, draft = WIDEST if widest else EVERY_KIND, EMPTY
    for operation in operations:
        draft = answers.after_tap(rules, draft, operation) or draft
        if answers.question_now(rules, draft) is None:
            return
        screen = card_view.screen(card(rules, draft=draft))
        sound(screen)
        offered = [one.rpartition(":")[2] for one in data(screen)]
        verdicts = [one for one in offered if one[0] in "ovt"]
        assert verdicts
        assert all(answers.after_tap(rules, draft, one) is not None for one in verdicts)


@given(
    st.sampled_from(["x", "é", "😀", "漢", "\n", " "]),
    st.integers(0, 12_000),
    st.sampled_from(["training", "exam", "work"]),
)
@settings(max_examples=60, deadline=None)
def test_a_long_item_is_read_page_by_page_and_judged_on_the_last(
    letter: str, length: int, stage: str
) -> None:
    fields = json.dumps({"question": "Q" + letter * length + "Z", "solution": "S"})
    found = layout.laid_out(project_file.dump(WIDEST), fields)
    whole = "".join(piece.text for page in found.pages for piece in page.block.pieces)
    count = pages(WIDEST, fields)
    seen = ""
    for page in range(count):
        shown = card(WIDEST, fields=fields, page=page, pages_seen=page, stage=stage)
        screen = card_view.screen(shown, note="A note that stands above the card, for whoever comes back.")
        text = sound(screen)
        seen += "".join(text.split())
        verdicts = [one for one in data(screen) if one.rpartition(":")[2][0] in "ovt"]
        assert bool(verdicts) == (page == count - 1)
        if count > 1:
            assert f"{page + 1}/{count}" in labels(screen)
            assert (f"a:{TOKEN}:0:g{page + 1}" in data(screen)) == (page + 1 < count)
            assert (f"a:{TOKEN}:0:g{page - 1}" in data(screen)) == (page > 0)
    for letter_of_item in set("".join(whole.split())):
        assert seen.count(letter_of_item) >= whole.count(letter_of_item), "no visible character is lost"


def test_a_full_page_and_the_longest_answers_fit_one_message() -> None:
    every = [f"v{n}" for n in range(20)]
    fields = json.dumps({"question": "😀" * 1_470, "solution": "x"})
    whole: dict[str, Value] = {"t1": every, "t2": every, "s": 5}
    for count in (1, 2, 3):
        draft = Draft(dict(list(whole.items())[:count]))
        shown = card(WIDEST, fields=fields, draft=draft, today_micro=10**12, place=100, of=100)
        text = sound(card_view.screen(shown, note="n" * 120))
        assert "Your answer: 😀" in text
        assert "😀" * 1_470 in text, "the item is whole, and the answer so far is cut"


def test_markup_in_an_item_stays_text() -> None:
    fields = json.dumps({"question": "<b>1</b> *2* [x](tg://user?id=1)", "solution": "$a_1$ `c`"})
    payload = card_view.screen(card(fields=fields)).payload()
    assert "<b>1</b> *2* [x](tg://user?id=1)" in payload["text"]
    assert "parse_mode" not in payload
    assert {one["type"] for one in payload["entities"]} == {"bold"}


@pytest.mark.parametrize(
    ("stage", "bottom"),
    [("training", ["⋯"]), ("exam", ["Undo ↩", "⋯"]), ("work", ["Undo ↩", "Skip", "⋯"])],
)
def test_what_cannot_be_left_has_no_skip(stage: str, bottom: list[str]) -> None:
    assert [button.label for button in card_view.screen(card(stage=stage)).rows[-1]] == bottom


def test_the_other_sides_of_a_card_lead_back_and_keep_its_text() -> None:
    shown = card(WIDEST, step=3)
    for side in (card_view.menu, card_view.flag_menu, card_view.instructions):
        screen = side(shown)
        sound(screen)
        assert f"a:{TOKEN}:3:b" in data(screen)
    assert str(card_view.menu(shown).text) == str(card_view.screen(shown).text)
    flags = [one for one in data(card_view.flag_menu(shown)) if ":f" in one]
    assert [one.rpartition(":f")[2] for one in flags] == list(FLAG_REASONS)


def test_a_preview_looks_like_the_card_and_answers_nothing() -> None:
    fields = {"question": "1 + 1?", "solution": "2"}
    shown = card_view.screen(card(fields=json.dumps(fields), place=1, today_micro=0))
    preview = card_view.preview(EVERY_KIND, fields)
    assert sound(preview) == sound(shown)
    assert labels(preview) == labels(shown)[:3]
    assert set(data(preview)) == {"c:nothing"}
    sound(card_view.preview(WIDEST, {"question": "x" * 9_000, "solution": "y"}))


@given(st.integers(-5, 60), st.integers(0, 60))
def test_the_bar_has_one_length(done: int, of: int) -> None:
    assert len(card_view.bar(max(done, 0), of)) == card_view.BAR_CELLS
    assert card_view.bar(of, of).count("░") == (card_view.BAR_CELLS if of == 0 else 0)
