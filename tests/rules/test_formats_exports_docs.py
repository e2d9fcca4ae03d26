"""The page on formats says of exports what the code writes: every format is named, and every example row has its exact keys."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rules.formats.exports import formats
from rules.formats.exports.formats import Format
from tests.rules.definitions import choice, define, tags
from tests.rules.judged_items import CHAIN, COMPARISON, PAIR, STEPS, begin, judged

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
EXPORT = PAGE.partition("## Export\n")[2].partition("\n## ")[0]
EXAMPLES = dict(re.findall(r"^### ([a-z0-9-]+)\n```json\n(.*?)\n```", EXPORT, re.MULTILINE | re.DOTALL))
MATHS = define(
    ask=[choice("correct", "yes", "no"), tags("why", "digit", when={"correct": "no"})],
    quality={"overlap": [2, 4]},
)
SHOWN = {
    "preference": judged(COMPARISON, PAIR, [{"better": "a"}] * 2),
    "steps": judged(CHAIN, STEPS, [{"check": {"ratings": [1, -1], "end": "found_error"}}] * 2),
}
SUM = judged(MATHS, {"question": "2 + 2?", "solution": "5"}, [{"correct": "no", "why": ["digit"]}] * 2)
PLAIN = [form for form in formats.ALL if form.shape in ("jsonl", "json")]


def shape(value: Any) -> Any:
    """Give the keys of a value, at every depth, and the kinds of what is in it."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items() if not key.isdigit()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_the_table_names_every_format() -> None:
    named = re.findall(r"`([a-z0-9-]+)`", "".join(re.findall(r"^\| `.*?` \|(?= )", EXPORT, re.MULTILINE)))
    assert {form.name for form in formats.ALL} <= set(named)
    assert set(EXAMPLES) == {form.name for form in PLAIN}


@pytest.mark.parametrize("form", PLAIN, ids=lambda form: form.name)
def test_every_example_is_a_row_as_it_is_written(form: Format) -> None:
    item = SHOWN.get(form.needs, SUM)
    text = begin(form.name, item.project).text(item).strip().splitlines()[0].rstrip(",")
    shown = EXAMPLES[form.name]
    assert "\n" not in shown
    assert shape(json.loads(shown)) == shape(json.loads(text))
    assert list(json.loads(shown)) == list(json.loads(text)), "in that order"
