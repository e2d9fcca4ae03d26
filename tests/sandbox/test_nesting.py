"""Entities within entities: what Telegram keeps, joins, cuts and drops."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Person
from sandbox.entities import GIVEN_TYPES, REQUIRED_FIELDS, format_text
from sandbox.nesting import CODE, FACES, QUOTES
from tests.sandbox.api import Api

Span = tuple[str, int, int]
TEXT = "0123456789abcdefghij"


def entities_of(*spans: Span) -> list[dict[str, Any]]:
    more: dict[str, Any] = {
        "url": "https://e.org/",
        "user": {"id": 1, "is_bot": False, "first_name": "A"},
        "custom_emoji_id": "5",
        "unix_time": 1,
    }
    made = []
    for kind, offset, length in spans:
        needed = REQUIRED_FIELDS.get(kind)
        extra = {needed: more[needed]} if needed else {}
        made.append({"type": kind, "offset": offset, "length": length, **extra})
    return made


def kept(text: str, *spans: Span) -> list[Span]:
    found = format_text(text, None, entities_of(*spans))[1]
    return [(entity["type"], entity["offset"], entity["length"]) for entity in found]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param(
            [("bold", 2, 3), ("blockquote", 0, 9), ("code", 6, 2)],
            [("blockquote", 0, 9), ("bold", 2, 3), ("code", 6, 2)],
            id="a quotation holds bold and code",
        ),
        pytest.param(
            [("blockquote", 0, 9), ("pre", 0, 9)],
            [("blockquote", 0, 9), ("pre", 0, 9)],
            id="a quotation of code",
        ),
        pytest.param(
            [("blockquote", 0, 9), ("blockquote", 2, 3), ("expandable_blockquote", 4, 3)],
            [("blockquote", 0, 9)],
            id="no quotation in a quotation",
        ),
        pytest.param([("code", 0, 9), ("bold", 2, 3)], [("code", 0, 9)], id="nothing in code"),
        pytest.param([("pre", 0, 9), ("bold", 2, 3)], [("pre", 0, 9)], id="nothing in a block of code"),
        pytest.param([("pre", 0, 9), ("text_link", 2, 3)], [("pre", 0, 9)], id="no link in a block of code"),
        pytest.param(
            [("bold", 0, 9), ("code", 3, 3)],
            [("bold", 0, 3), ("code", 3, 3), ("bold", 6, 3)],
            id="code breaks what is bold",
        ),
        pytest.param(
            [("code", 0, 5), ("pre", 3, 5)], [("code", 0, 5)], id="of two that cross the first stays"
        ),
        pytest.param(
            [("blockquote", 3, 5), ("code", 0, 5)], [("blockquote", 3, 5)], id="code across a quotation"
        ),
        pytest.param(
            [("pre", 0, 9), ("blockquote", 2, 3)], [("blockquote", 2, 3)], id="a quotation within code"
        ),
        pytest.param(
            [("bold", 0, 5), ("italic", 3, 5)],
            [("bold", 0, 3), ("italic", 3, 5), ("bold", 3, 2)],
            id="faces may cross",
        ),
        pytest.param(
            [("bold", 0, 3), ("bold", 3, 2), ("bold", 4, 3)], [("bold", 0, 7)], id="one face is joined"
        ),
        pytest.param(
            [("bold", 0, 6), ("text_link", 2, 4)],
            [("bold", 0, 2), ("text_link", 2, 4), ("bold", 2, 4)],
            id="a face is cut where a link begins",
        ),
        pytest.param(
            [("text_link", 0, 6), ("text_link", 2, 2), ("custom_emoji", 3, 2)],
            [("text_link", 0, 6)],
            id="no link in a link",
        ),
    ],
)
def test_what_may_lie_within_what(spans: list[Span], expected: list[Span]) -> None:
    assert kept(TEXT, *spans) == expected
    assert kept(TEXT, *reversed(spans)) == expected
    assert kept(TEXT, *expected) == expected


def test_an_entity_begins_at_a_letter() -> None:
    assert kept("a  b ", ("bold", 1, 3)) == [("bold", 3, 1)]
    assert kept("a  b ", ("bold", 1, 2)) == []
    assert kept("a\n\nb", ("blockquote", 1, 3)) == [("blockquote", 3, 1)]
    assert kept("a  b", ("code", 1, 2)) == [("code", 1, 2)]
    assert kept("a  b", ("blockquote", 1, 3), ("code", 1, 3)) == [("blockquote", 1, 3), ("code", 1, 3)]


def test_what_is_found_gives_way_to_what_was_given() -> None:
    text = "see https://e.org now"
    assert kept(text, ("bold", 0, 21)) == [("bold", 0, 4), ("url", 4, 13), ("bold", 4, 13), ("bold", 18, 3)]
    assert kept(text, ("code", 0, 6)) == [("code", 0, 6)]
    assert kept(text, ("text_link", 4, 5)) == [("text_link", 4, 5)]
    assert kept(text, ("blockquote", 0, 9)) == [("blockquote", 0, 9)]
    assert kept("$USD $24 $x$", ("code", 0, 0)) == [("cashtag", 0, 4)]


async def test_the_language_is_kept_for_code_alone(api: Api, ann: Person) -> None:
    given_entities = [
        {"type": "pre", "offset": 0, "length": 2, "language": "python"},
        {"type": "bold", "offset": 3, "length": 2, "language": "python"},
        {"type": "pre", "offset": 6, "length": 2, "language": ""},
    ]
    message = await api.send(ann, TEXT, entities=given_entities)
    assert message["entities"] == [
        {"type": "pre", "offset": 0, "length": 2, "language": "python"},
        {"type": "bold", "offset": 3, "length": 2},
        {"type": "pre", "offset": 6, "length": 2},
    ]
    wrong = [{"type": "pre", "offset": 0, "length": 2, "language": 5}]
    said = await api.refused("sendMessage", chat_id=ann.id, text=TEXT, entities=wrong)
    assert said == 'Bad Request: can\'t parse MessageEntity: Field "language" must be of type String'


spans = st.tuples(st.sampled_from(sorted(GIVEN_TYPES)), st.integers(0, 12), st.integers(1, 8))


@settings(deadline=None, max_examples=300)
@given(st.lists(spans, max_size=8))
def test_any_entities_come_out_nested(given_spans: list[Span]) -> None:
    found = kept("ab cd  ef\ngh ij klmnopqr", *given_spans)
    assert found == kept("ab cd  ef\ngh ij klmnopqr", *found)
    for place, (outer, start, length) in enumerate(found):
        for inner, begin, size in found[place + 1 :]:
            if begin >= start + length:
                continue
            both_faces = outer in FACES and inner in FACES
            assert begin + size <= start + length or both_faces
            assert outer not in CODE
            assert not (outer in QUOTES and inner in QUOTES)
            # A custom emoji is the innermost of all.
            assert inner in FACES or outer in QUOTES or (outer in FACES and inner == "custom_emoji")
