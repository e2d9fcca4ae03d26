"""`veritap items import` with other tools' files: recognised or named, with and without their known answers, twice, packed, and wrong."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.actions import samples
from tests.bot.terminal import Terminal
from tests.rules.foreign_rows import PROCESS, TASK

CHAINS = (
    samples.PROJECT.partition("[[show]]")[0]
    + """
[[show]]
field = "question"
[[show]]
field = "chain"
as = "steps"
[[ask]]
id = "check"
kind = "steps"
text = "Is this step right?"
field = "chain"
"""
)
ROWS = [PROCESS | {"id": f"p{number}"} for number in range(30)]
USES = "SELECT use, COUNT(*) FROM items GROUP BY use"


@pytest.fixture
def chains(veritap: Terminal) -> Terminal:
    veritap("project", "add", veritap.file("chains.toml", CHAINS))
    return veritap


def test_known_answers_are_left_out_until_they_are_asked_for(chains: Terminal) -> None:
    path = chains.file("bench.jsonl", "\n".join(map(json.dumps, ROWS)))
    out, _ = chains("items", "import", "maths", path)
    assert out == (
        "Read as ProcessBench; 30 known answers left out (--gold makes them gold).\nItems: 30 added.\n"
    )
    assert chains.rows(USES) == [("work", 30)]
    out, _ = chains("items", "import", "maths", path, "--gold")
    assert "30 known answers became gold" in out
    assert "Items: 0 added, 30 there before, 30 of those brought up to date." in out
    assert chains.rows(USES) == [("gold", 30)]
    assert set(chains.rows("SELECT gold FROM items")) == {('{"check":1}',)}
    out, _ = chains("items", "import", "maths", path, "--gold")
    assert out.endswith("Items: 0 added, 30 there before.\n")


def test_a_packed_array_with_a_bad_element(chains: Terminal) -> None:
    text = json.dumps([*ROWS, PROCESS | {"steps": 7}], indent=1)
    path = chains.file("bench.json.gz", gzip.compress(text.encode()))
    said = chains.refuses("items", "import", "maths", path, code=1)
    assert 'element 31: "chain" must be a list of texts, not a number (7)' in said
    assert "1 bad lines, 30 good ones" in said
    out, _ = chains("items", "import", "maths", path, "--skip-bad")
    assert "Items: 30 added, 1 bad lines left out." in out


def test_a_shape_can_be_named(chains: Terminal) -> None:
    path = chains.file("bench.jsonl", "\n".join(json.dumps(row) for row in [{"problem": "?"}, *ROWS]))
    out, _ = chains("items", "import", "maths", path, "--from", "processbench", "--skip-bad")
    assert "Items: 30 added, 1 bad lines left out." in out
    assert "invalid choice: 'excel'" in chains.refuses("items", "import", "maths", path, "--from", "excel")


def test_what_fits_nothing_is_one_sentence(chains: Terminal) -> None:
    path = chains.file("tasks.json", json.dumps([TASK] * 50))
    said = chains.refuses("items", "import", "maths", path, "--skip-bad", code=1)
    assert said.startswith(f"Nothing was imported from {path}. The file is Label Studio, which fills")
    assert "\n" not in said
    path = chains.file("other.jsonl", '{"a": 1}\n' * 50)
    assert 'its rows have "a".' in chains.refuses("items", "import", "maths", path, code=1)
