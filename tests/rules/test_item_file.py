"""Items files: good lines become items, each bad line one sentence, and no bytes at all stop the reading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules import answers, item_file, project_file
from rules.item_file import BadLine, Item
from rules.kinds import Value
from rules.kinds.span import places
from tests.rules.definitions import define, span

PROJECT = project_file.parse("""
slug = "maths"
title = "Check maths"
instructions = "Read."
[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 60
cap_seconds = 180
[[show]]
field = "question"
[[show]]
field = "solution"
[[ask]]
id = "correct"
kind = "choice"
text = "Is it correct?"
options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]
[[ask]]
id = "why"
kind = "tags"
text = "What is wrong?"
when = { correct = "no" }
options = [{ value = "logic", label = "Logic" }, { value = "facts", label = "Facts" }]
[[ask]]
id = "clear"
kind = "scale"
text = "How clear is it?"
low_label = "not"
high_label = "very"
tolerance = 1
""")
QUESTION = '"question": "1 + 1?", "solution": "2"'


def read(lines: Iterable[str], shape: str = "jsonl") -> list[Item | BadLine]:
    return list(item_file.read(PROJECT, lines, shape))


def one(line: str) -> Item:
    (found,) = read([line])
    assert isinstance(found, Item), found
    return found


def reason(line: str) -> str:
    (found,) = read([line])
    assert isinstance(found, BadLine), found
    return found.reason


def test_a_plain_line_is_work_and_keeps_every_field() -> None:
    item = one('{"id": 7, "question": "1 + 1?", "solution": "2 \\u2713", "source": {"page": 3}}')
    assert (item.external_id, item.use, item.gold, item.explanation) == ("7", "work", None, None)
    assert json.loads(item.fields) == {"question": "1 + 1?", "solution": "2 ✓", "source": {"page": 3}}


def test_what_has_a_gold_answer_is_gold_training_or_exam() -> None:
    assert one(f'{{{QUESTION}, "gold": {{"correct": "no"}}}}').use == "gold"
    assert one(f'{{{QUESTION}, "gold": {{"correct": "no"}}, "use": "work"}}').use == "gold"
    assert one(f'{{{QUESTION}, "gold": {{"correct": "no"}}, "use": "exam"}}').use == "exam"
    item = one(f'{{{QUESTION}, "gold": {{"clear": 4}}, "use": "training", "explanation": "So."}}')
    assert (item.use, item.gold, item.explanation) == ("training", '{"clear":4}', "So.")


def test_without_an_id_the_text_is_its_own_id() -> None:
    first, again = one(f"{{{QUESTION}}}"), one('{"solution": "2", "question": "1 + 1?"}')
    assert first.external_id == again.external_id
    assert first.external_id.startswith("sha256:")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"question": "1"}', 'has no "solution"'),
        ('{"question": "1", "solution": null}', '"solution" must be text, not null'),
        ('{"question": "1", "solution": 2}', '"solution" must be text, not a number (2)'),
        ('{"question": ["1"], "solution": "2"}', '"question" must be text, not a list'),
        ('{"question": " \\n", "solution": "2"}', '"question" is empty'),
        ('{"question": "a\\u0000", "solution": "2"}', '"question" holds a NUL character'),
        ('{"question": "\\ud800", "solution": "2"}', "holds half a character (a lone surrogate)"),
        (f'{{{QUESTION}, "note": "\\udfff"}}', "holds half a character (a lone surrogate)"),
        (f'{{{QUESTION}, "\\udfff": 1}}', "holds half a character (a lone surrogate)"),
        (f'{{{QUESTION}, "weight": NaN}}', "holds NaN, which is not a number in JSON"),
        (f'{{{QUESTION}, "weight": -Infinity}}', "holds -Infinity, which is not a number in JSON"),
        (f'{{{QUESTION}, "weight": 1e999}}', "holds a number too large to keep"),
        (f'{{{QUESTION}, "weight": {"9" * 5000}}}', "holds a number too large to keep"),
        (f'{{{QUESTION}, "question": "2"}}', 'has the key "question" twice'),
        (f'{{{QUESTION}', "is not JSON: Expecting ',' delimiter at character 39"),
        ("not json", "is not JSON: Expecting value at character 1"),
        ('{"question": "a\tb"}', "is not JSON: Invalid control character at character 16"),
        ("[1, 2]", 'is not a JSON object, such as {"question": "…"}'),
        ("[" * 100_000, "is nested deeper than 32 levels"),
        (f'{{{QUESTION}, "deep": {"[" * 40}{"]" * 40}}}', "is nested deeper than 32 levels"),
        (f'{{{QUESTION}, "id": true}}', "has an id that is neither text nor a whole number"),
        (f'{{{QUESTION}, "id": 1.5}}', "has an id that is neither text nor a whole number"),
        (f'{{{QUESTION}, "id": " "}}', "has an id that is empty or longer than 200 characters"),
        (f'{{{QUESTION}, "id": "{"x" * 201}"}}', "has an id that is empty or longer than 200 characters"),
        (f'{{{QUESTION}, "id": "a\\u0000"}}', "has an id with a character that cannot be shown"),
        (f'{{{QUESTION}, "id": "\\ud800"}}', "has an id with a character that cannot be shown"),
        (f'{{{QUESTION}, "use": "play"}}', 'has use "play"; there are training, exam and work'),
        (f'{{{QUESTION}, "use": ["work"]}}', 'has use ["work"]; there are training, exam and work'),
        (f'{{{QUESTION}, "use": "gold"}}', 'has use "gold"; leave "use" out: what has a "gold" answer is a gold item'),
        (f'{{{QUESTION}, "use": "exam"}}', 'is for exam but has no "gold" answer'),
        (f'{{{QUESTION}, "use": "training", "gold": {{"clear": 1}}}}', 'is for training but has no "explanation"'),
        (f'{{{QUESTION}, "gold": "no"}}', 'gold must be an object such as {"correct": "no"}'),
        (f'{{{QUESTION}, "gold": {{}}}}', 'gold must be an object such as {"correct": "no"}'),
        (f'{{{QUESTION}, "gold": {{"right": "no"}}}}', 'gold answers "right", which the project does not ask'),
        (f'{{{QUESTION}, "gold": {{"correct": "maybe"}}}}', 'gold for "correct" is "maybe"; the options are yes, no'),
        (f'{{{QUESTION}, "gold": {{"correct": true}}}}', 'gold for "correct" is true; the options are yes, no'),
        (f'{{{QUESTION}, "gold": {{"correct": ["no"]}}}}', 'gold for "correct" must be one value'),
        (f'{{{QUESTION}, "gold": {{"correct": {{"a": 1}}}}}}', 'gold for "correct" must be one value'),
        (f'{{{QUESTION}, "gold": {{"why": "logic"}}}}', 'gold for "why" must be a list of values'),
        (f'{{{QUESTION}, "gold": {{"why": []}}}}', 'gold for "why" must be a list of 1 to 2 values'),
        (f'{{{QUESTION}, "gold": {{"why": [["logic"]]}}}}', 'gold for "why" must be one value'),
        (f'{{{QUESTION}, "gold": {{"why": ["style"]}}}}', 'gold for "why" is "style"; the options are logic, facts'),
        (f'{{{QUESTION}, "gold": {{"clear": 6}}}}', 'gold for "clear" is 6; the scale has whole numbers from 1 to 5'),
        (f'{{{QUESTION}, "gold": {{"clear": 3.0}}}}', 'gold for "clear" is 3.0; the scale has whole numbers from 1 to 5'),
        (
            f'{{{QUESTION}, "gold": {{"correct": "yes", "why": ["logic"]}}}}',
            'gold answers "why", which is not asked after the rest of that answer',
        ),
        ("\udcff", "is not UTF-8 text; save the file as UTF-8"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(line: str, expected: str) -> None:
    assert reason(line) == expected


def test_sizes_have_limits() -> None:
    assert (
        reason(json.dumps({"question": "x" * 100_001, "solution": "2"}))
        == '"question" is longer than 100,000 characters'
    )
    assert reason("x" * 400_001) == "is longer than 400,000 characters"


def test_a_file_brings_no_more_items_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_file, "ITEMS_MAX", 2)
    found = read(f'{{"id": {number}, {QUESTION}}}' for number in range(9))
    assert len(found) == 3
    assert str(found[-1]).startswith("line 3: and the rest are left out: a file can bring 2 items.")


def test_a_bad_line_spoils_only_itself_and_is_counted_with_the_empty_ones() -> None:
    lines = ["\ufeff" + f'{{"id": 1, {QUESTION}}}\n', "\n", "broken\n", f'{{"id": 2, {QUESTION}}}']
    first, bad, last = read(lines)
    assert isinstance(first, Item)
    assert isinstance(last, Item)
    assert str(bad) == "line 3: is not JSON: Expecting value at character 1"


def test_an_id_may_stand_once() -> None:
    lines = [
        f'{{"id": "a", {QUESTION}}}',
        f'{{"id": " a ", {QUESTION}}}',
        f"{{{QUESTION}}}",
        f"{{{QUESTION}}}",
    ]
    assert [str(found) for found in read(lines) if isinstance(found, BadLine)] == [
        'line 2: has the id "a", which stands on line 1 already',
        "line 4: shows the same as line 3; if both are wanted, give each an id",
    ]


def test_gold_that_contradicts_itself_is_refused_where_it_does() -> None:
    lines = [
        f'{{"id": "a", {QUESTION}, "gold": {{"correct": "yes"}}}}',
        f'{{"id": "b", {QUESTION}, "gold": {{"correct": "yes"}}}}',
        f'{{"id": "c", {QUESTION}}}',
        f'{{"id": "d", {QUESTION}, "gold": {{"correct": "no"}}}}',
        '{"id": "e", "question": "1 + 2?", "solution": "2", "gold": {"correct": "no"}}',
    ]
    found = read(lines)
    assert [str(one) for one in found if isinstance(one, BadLine)] == [
        "line 4: shows the same as line 1, and its gold answer is another one"
    ]
    assert [one.external_id for one in found if isinstance(one, Item)] == ["a", "b", "c", "e"]


def test_a_table_reads_like_json_lines() -> None:
    text = 'id,question,solution,use,gold,explanation\n1,"a, b","x\ny",,,\n\n2,c,d,training,"{""correct"": ""no""}",So.\n'
    first, second = read(text.splitlines(keepends=True), "csv")
    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert json.loads(first.fields) == {"question": "a, b", "solution": "x\ny"}
    assert (first.use, second.use, second.gold) == ("work", "training", '{"correct":"no"}')
    (tab,) = read(["question\tsolution\n", "a\tb\n"], "tsv")
    assert isinstance(tab, Item)


NOT_NAMED = 'The first line must name the columns, and "solution" is not among them; it names {}.'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("question,solved\n1,2\n3,4\n", NOT_NAMED.format('"question", "solved"')),
        ("question,question,solution\n1,2,3\n", 'line 1: names the column "question" twice'),
        ("question,solution\n1\n", "line 2: has 1 columns where the first line names 2"),
        ("question,solution\n1, \n", 'line 2: "solution" is empty'),
        ('question,solution\n1,"2" x\n', "line 2: is not CSV: ',' expected after '\"'"),
        ('question,solution\n\n1,"2\n3,4\n', "line 3: is not CSV: unexpected end of data"),
        ("question,solution,gold\n1,2,no\n", 'line 2: gold must be an object such as {"correct": "no"}'),
        ("question,solution\n1,\udcff\n", "line 2: is not UTF-8 text; save the file as UTF-8"),
        ("question,solution,\udcff\n1,2\n", "line 1: is not UTF-8 text; save the file as UTF-8"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_table_has_its_sentence(text: str, expected: str) -> None:
    (found,) = read(text.splitlines(keepends=True), "csv")
    assert str(found) == expected


def test_reading_goes_on_after_a_broken_row() -> None:
    text = 'question,solution\n1,"2" x\n3,4\n'
    bad, good = read(text.splitlines(keepends=True), "csv")
    assert isinstance(bad, BadLine)
    assert isinstance(good, Item)


def test_the_name_tells_the_shape() -> None:
    assert [item_file.shape_of(name) for name in ("a.jsonl", "a.CSV", "b.tsv", "noending")] == [
        "jsonl",
        "csv",
        "tsv",
        "jsonl",
    ]


SHAPES = st.sampled_from(["jsonl", "csv", "tsv"])
LINE = st.sampled_from(
    [
        f'{{"id": 1, {QUESTION}}}',
        "question,solution,gold",
        '1,"2',
        "a\tb",
        f'{{{QUESTION}, "gold": {{"why": []}}}}',
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINE.map(str.encode) | st.binary(max_size=60)).map(b"\n".join), SHAPES)
@example(b"\xef\xbb\xbf", "csv")
@example(b"question,solution\r1,2\r\r\n", "csv")
@example(b'question,solution\n"', "csv")
def test_any_bytes_end_in_items_or_sentences(data: bytes, shape: str) -> None:
    for found in item_file.read(PROJECT, item_file.lines_of(data), shape):
        assert str(found).encode()
        if isinstance(found, Item):
            assert (
                found.external_id + found.fields + (found.gold or "") + (found.explanation or "")
            ).encode()


@pytest.mark.parametrize("text", ["!" * 50_000, ". " * 50_000, "😀\n" * 30_000, " " * 50_000 + "1." * 20_000])
def test_a_row_of_signs_is_one_place_and_found_in_no_time(text: str) -> None:
    # Tried by halves, each of these takes minutes, and the bot stands still meanwhile.
    whole = (text.index(text.strip()), len(text.rstrip()))
    assert places(text, "sentence") == places(text, "line") == (whole,)


def test_a_quote_that_nobody_could_give_is_refused() -> None:
    two = define(ask=[span("where", at_least=2, at_most=3)])
    fields = {"question": "?", "solution": "One. Two. Three."}
    assert answers.gold_trouble(two, {"where": "One."}, fields) == (
        'gold for "where" names 1 of the field\'s sentences; at least 2 are to be picked'
    )
    assert answers.gold_trouble(two, {"where": ["One.", "One."]}, fields) is not None
    assert answers.gold_trouble(two, {"where": ["One.", "Three."]}, fields) is None
    asked = two.asked("where")
    assert asked is not None
    assert asked.lacks(fields) is None
    assert asked.lacks({"solution": "One."}) == 'has 1 of the 2 sentences in "solution" that "where" asks for'


def test_an_item_that_has_too_little_to_quote_is_refused() -> None:
    project = define(ask=[span("where", at_least=2, at_most=3)])
    lines = [json.dumps({"question": "?", "solution": text}) for text in ("One.", "One. Two.")]
    short, enough = item_file.read(project, lines)
    assert str(short) == 'line 1: has 1 of the 2 sentences in "solution" that "where" asks for'
    assert isinstance(enough, Item)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats()
    | st.sampled_from(["yes", "no", "logic", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ROW = st.fixed_dictionaries(
    {"question": st.text() | VALUES, "solution": st.text()},
    optional={"id": VALUES | st.text(), "use": VALUES, "gold": VALUES, "explanation": VALUES | st.text()},
)


@settings(max_examples=500, deadline=None)
@given(ROW)
def test_any_object_ends_in_an_item_or_a_sentence(row: dict[str, object]) -> None:
    (found,) = read([json.dumps(row)])
    assert str(found).encode()
    if isinstance(found, Item):
        assert json.loads(found.fields)["question"] == row["question"]


TAGS: list[list[str]] = [["logic"], ["facts"], ["logic", "facts"]]
YES: list[dict[str, Value]] = [{"correct": "yes", "clear": clear} for clear in range(1, 6)]
NO: list[dict[str, Value]] = [
    {"correct": "no", "why": why, "clear": clear} for why in TAGS for clear in range(1, 6)
]


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["correct", "why", "clear", "other"]), VALUES))
def test_a_gold_answer_that_is_taken_can_be_given(gold: dict[str, object]) -> None:
    if answers.gold_trouble(PROJECT, gold) is not None:
        return
    taken = cast(dict[str, Value], gold)
    assert any(answers.meets_gold(PROJECT, taken, one) for one in YES + NO)
