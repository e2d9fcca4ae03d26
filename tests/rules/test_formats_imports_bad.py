"""Other tools' files that are not what they should be: a sentence for each row or one for the file, and nothing raises."""

from __future__ import annotations

import gzip
import itertools
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import item_file, item_lines
from rules.formats import imports
from rules.item_checks import Refused
from rules.item_file import BadLine, Item
from rules.project_file import Project
from tests.rules.definitions import define
from tests.rules.foreign_rows import (
    ANSWERS,
    BARE_PAIRS,
    CHAIN,
    CHAINS,
    EVERY,
    FIVE,
    FOUR,
    HH,
    LOOSE,
    PAIRS,
    PHASE_1,
    PRM,
    PROCESS,
    TASK,
    USER,
    lines,
    open_rows,
)


@pytest.mark.parametrize(
    ("project", "row", "expected"),
    [
        (CHAINS, PROCESS | {"steps": 7}, 'line 2: "chain" must be a list of texts, not a number (7)'),
        (CHAINS, PROCESS | {"label": "1"}, 'line 2: "label" must be the index of the first wrong step or -1, not a text ("1")'),
        (CHAINS, PROCESS | {"problem": None}, 'line 2: "question" must be text, not null'),
        (CHAINS, {"problem": "p"}, 'line 2: has no "label"'),
        (CHAINS, PRM | {"label": {"steps": 3, "finish_reason": "solution"}}, 'line 2: "label.steps" must be a list, not a number (3)'),
        (CHAINS, PRM | {"label": {"steps": [{}], "finish_reason": "solution"}},
         'line 2: step 1 of "label.steps" has no list "completions"'),
        (PAIRS, {"chosen": 1, "rejected": "x", "prompt": "p"}, 'line 2: "chosen" must be text or a list of messages, not a number (1)'),
        (PAIRS, {"chosen": "x", "rejected": "x", "prompt": "p"}, "line 2: holds the same answer twice"),
        (PAIRS, {"chosen": "x", "rejected": " ", "prompt": "p"}, "line 2: holds no words in the rejected answer"),
        (PAIRS, {"prompt": "p", "chosen": "x"}, 'line 2: has no "rejected"'),
        (PAIRS, {"chosen": "x", "rejected": "y"}, 'line 2: "question" is empty'),
        (ANSWERS, {"messages": [USER]}, 'line 2: "messages" holds nothing that an assistant said'),
        (ANSWERS, {"messages": [FOUR]}, 'line 2: "messages" begins with the answer; there is no question before it'),
        (ANSWERS, {"messages": [USER, {"role": "assistant", "content": None}]},
         'line 2: message 2 of "messages" has no text that could be read: '
         "its content is null"),
        (ANSWERS, {"messages": [{"role": "user", "content": [{"type": "image_url"}]}, FOUR]},
         'line 2: message 1 of "messages" has a part that is not text'),
        (ANSWERS, {"messages": [USER, {"role": "poet", "content": "x"}]}, 'line 2: message 2 of "messages" has the role "poet"; '
         'there are system, developer, user, assistant, tool, function'),
        (ANSWERS, {"prompt": "p", "completion": "c", "label": 1}, 'line 2: "label" must be true or false, not a number (1)'),
        (ANSWERS, TASK | {"data": []}, 'line 2: "data" must be an object, not a list'),
        (CHAINS, CHAIN | {"chain": []}, 'line 2: "chain" has 0 steps; there must be 1 to 100'),
        (CHAINS, CHAIN | {"chain": ["x"] * 500}, 'line 2: "chain" has 500 steps; there must be 1 to 100'),
        (CHAINS, CHAIN | {"chain": ["x", 7]}, 'line 2: step 2 of "chain" must be text, not a number (7)'),
        (CHAINS, CHAIN | {"chain": ["x", " "]}, 'line 2: step 2 of "chain" is empty'),
        (CHAINS, CHAIN | {"chain": ["x" * 60_000] * 2}, 'line 2: "chain" is longer than 100,000 characters, all steps together'),
        (CHAINS, CHAIN | {"gold": {"check": 2}}, 'line 2: gold for "check" is 2; it is the first wrong step '
         'counted from 0 (there are 2), -1 when none is wrong, or "bad_problem"'),
    ],
)  # fmt: skip
def test_each_mistake_has_its_sentence(project: Project, row: dict[str, Any], expected: str) -> None:
    good = {
        "label": PROCESS if "label" in row and "steps" in row else PRM,
        "problem": PROCESS,
        "messages": {"messages": [USER, FOUR]},
        "completion": {"prompt": "p", "completion": "c", "label": True},
        "chosen": {"prompt": "p", "chosen": "c", "rejected": "d"},
        "data": TASK,
        "chain": CHAIN,
    }
    first = next(found for key, found in good.items() if key in row and (key != "label" or project is CHAINS))
    reading = open_rows(project, first, row)
    assert reading.trouble is None
    assert [str(found) for found in reading.found if isinstance(found, BadLine)] == [expected]


def test_an_element_of_an_array_is_named_by_its_number() -> None:
    text = json.dumps([TASK, {"data": {"question": "?"}}, 7, TASK], indent=2)
    found = [
        str(one)
        for one in item_file.read(ANSWERS, item_file.lines_of(text.encode()))
        if not isinstance(one, Item)
    ]
    assert found == [
        'element 2: has no "solution"',
        'element 3: is not a JSON object, such as {"question": "…"}',
        'element 4: has the id "7", which stands on element 1 already',
    ]


@pytest.mark.parametrize(
    ("project", "row", "expected"),
    [
        (ANSWERS, {"prompt": "p", "chosen": "a", "rejected": "b"},
         'The file is TRL preference, which holds two answers to compare, and the project asks no question of the kind "preference".'),
        (ANSWERS, PROCESS, 'The file is ProcessBench, which holds a list of steps, and the project shows no field `as = "steps"`.'),
        (define(), {"data": {"question": "q"}},
         'The file is Label Studio, which fills "question" of this project and leaves "solution" without anything. '
         'Give its rows a key of that name, or say in the project file\'s [map] where it stands.'),
        (define(show=[{"field": "answer"}]), {"prompt": "p", "completion": "c"},
         'The file is TRL prompt-completion, which holds a "completion", and the project shows no text field that could be it.'),
        (BARE_PAIRS, {"prompt": "p", "chosen": "a", "rejected": "b"},
         'The file is TRL preference, which holds a "prompt", and the project shows no text field that could be it.'),
    ],
)  # fmt: skip
def test_a_project_that_does_not_fit_is_told_once(project: Project, row: Any, expected: str) -> None:
    reading = open_rows(project, *[row] * 30)
    assert reading.trouble == expected
    assert list(reading.found) == []


def test_an_unknown_shape_is_told_what_was_looked_for() -> None:
    reading = open_rows(ANSWERS, {"a": 1, "b": 2, "id": 3})
    assert reading.trouble is not None
    for words in (
        '"question", "solution" (this project',
        "prompt+completion (TRL",
        'its rows have "a", "b", "id".',
        "[map]",
    ):
        assert words in reading.trouble
    for shape in imports.FOREIGN:
        assert shape.title in reading.trouble
    half = open_rows(ANSWERS, {"\ud800": 1}).trouble
    assert half is not None
    assert half.encode()


def test_a_shape_that_is_named_is_not_guessed() -> None:
    reading = open_rows(CHAINS, {"problem": "p"}, named="processbench")
    assert [str(found) for found in reading.found] == ['line 1: has no "label"']
    assert open_rows(ANSWERS, LOOSE, named="map").trouble == (
        "Read by a map, the file needs a table [map] in the project file, and there is none."
    )
    lacking = open_rows(define(map={"question": "q"}), {"q": "?"}, named="map").trouble
    assert str(lacking).startswith(
        'Read by a map, the file fills "question" of this project and leaves "solution"'
    )
    assert len(set(imports.NAMES)) == len(imports.NAMES) == len(imports.FOREIGN) + 2


def test_only_answers_that_somebody_could_give_are_counted_as_known() -> None:
    reading = open_rows(CHAINS, PROCESS, PROCESS | {"id": "b", "label": 9})
    assert len(list(reading.found)) == 2
    assert reading.known == 1
    reading = open_rows(CHAINS, PROCESS, PROCESS | {"id": "b", "label": 9}, gold=True)
    assert [type(found) for found in reading.found] == [Item, BadLine]


def test_gzip_is_unpacked_and_damage_is_told() -> None:
    packed = gzip.compress("".join(lines(PROCESS, PROCESS | {"id": "b"})).encode())
    assert all(isinstance(found, Item) for found in item_file.read(CHAINS, item_file.lines_of(packed)))
    *_, last = item_file.read(CHAINS, item_file.lines_of(packed[:-12]))
    assert str(last) == "The file cannot be unpacked to its end; it is damaged or was cut off."
    assert item_file.shape_of("train.CSV.gz") == "csv"


def test_what_a_packed_file_grows_to_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_lines, "UNPACKED_CHARACTERS_MAX", 1_000)
    packed = gzip.compress("".join(lines(*[CHAIN] * 100)).encode())
    *_, last = item_file.read(CHAINS, item_file.lines_of(packed))
    assert str(last).startswith("The file unpacks to more than")


def test_of_an_element_that_is_too_long_nothing_is_kept() -> None:
    tracemalloc.start()
    try:
        endless = (f"{number:1000}" for number in range(10_000))
        (found,) = item_lines.rows(itertools.chain(['[{"x": "'], endless), "jsonl")
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert str(found) == "element 1: is longer than 400,000 characters"


def test_a_line_without_end_is_not_kept_whole() -> None:
    data = b'{"x": "' + b"y" * 3_000_000 + b'"}\n' + json.dumps(CHAIN).encode()
    cut = list(item_file.lines_of(data))
    assert max(map(len, cut)) <= item_lines.LINE_CHARACTERS_MAX + 32_000
    bad, good = item_file.read(CHAINS, cut)
    assert str(bad) == "line 1: is longer than 400,000 characters"
    assert isinstance(good, Item)
    long = json.dumps([CHAIN, {"x": "y" * 500_000}, CHAIN | {"question": "r"}])
    found = list(item_file.read(CHAINS, item_file.lines_of(long.encode())))
    assert str(found[1]) == "element 2: is longer than 400,000 characters"
    assert [type(one) for one in found] == [Item, BadLine, Item]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
ROWS = (
    PRM, PHASE_1, PROCESS, HH, TASK, LOOSE, {"messages": [USER, FOUR]},
    {"prompt": [USER], "chosen": [FOUR], "rejected": [FIVE]},
    {"chosen": [USER, FOUR], "rejected": [USER, FIVE]},
    {"prompt": "p", "completion": "c", "label": True},
    {"prompt": "p", "completions": ["c"], "labels": [True]},
    {"input": {"messages": [USER]}, "preferred_output": [FOUR], "non_preferred_output": [FIVE]},
    {"INPUT:question": "q", "INPUT:solution": "s", "GOLDEN:correct": "yes", "HINT:text": "h"},
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a row of a published shape in which one value, at any depth, is another one."""
    row: Any = json.loads(json.dumps(draw(st.sampled_from(ROWS))))
    whole, inside = row, row
    for _ in range(draw(st.integers(1, 6))):
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = draw(st.sampled_from(keys)) if keys else None
        if key is None or not isinstance(inside[key], dict | list) or not inside[key]:
            break
        row, inside = inside, inside[key]
    keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
    inside[draw(st.sampled_from(keys))] = draw(JSON)
    return dict(whole)


@given(broken() | st.dictionaries(st.text(max_size=6), JSON, max_size=3), st.sampled_from(EVERY))
def test_no_row_makes_a_converter_raise_anything_but_a_refusal(row: dict[str, Any], project: Project) -> None:
    for name in imports.NAMES:
        shape = imports.by_name(name)
        assert shape is not None
        try:
            imports.convert(shape, row, project)
        except Refused as refused:
            said = str(refused)
            assert said.encode("utf-8", "strict"), name
    for gold in (False, True):
        reading = open_rows(project, row, gold=gold)
        for found in reading.found:
            assert str(found).encode()
        assert (reading.trouble or "").encode() is not None


MARKS = st.dictionaries(st.just("x"), st.text(alphabet='\\"[]{},é', max_size=9))


@given(
    st.lists(st.sampled_from(ROWS) | MARKS, min_size=1, max_size=4),
    st.integers(1, 9),
    st.sampled_from([None, 1]),
)
def test_an_array_cut_anywhere_holds_the_same_rows(rows: list[Any], size: int, indent: int | None) -> None:
    text = json.dumps(rows, indent=indent, ensure_ascii=False)
    pieces = [text[:2], *(text[at : at + size] for at in range(2, len(text), size))]
    found = list(item_lines.rows(pieces, "jsonl"))
    assert [one.row for one in found if isinstance(one, item_lines.Read)] == rows


@given(st.text(alphabet='[]{}",:\\ \n1a', max_size=40).map(lambda text: "[{" + text))
def test_no_broken_array_makes_the_reading_raise(text: str) -> None:
    for found in item_lines.rows([text[:3], text[3:]], "jsonl"):
        assert isinstance(found, item_lines.Read | BadLine)
