"""The page on formats says of imports what the code does: every shape is named, and every example row is an item."""

from __future__ import annotations

import json
import re
from pathlib import Path

from rules import item_file, item_lines
from rules.formats import imports
from rules.item_file import Item
from rules.item_lines import Read
from rules.project_file import Project
from tests.rules.foreign_rows import ANSWERS, CHAINS, PAIRS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
IMPORT = PAGE.partition("## Import\n")[2].partition("\n## ")[0]
EXAMPLES = re.findall(r"^```json\n(.*?)^```", IMPORT, re.MULTILINE | re.DOTALL)


def rows() -> list[dict[str, object]]:
    """Give every row that the page shows, also those that it writes over several lines."""
    found = []
    for text in EXAMPLES:
        # A bracket alone in its piece makes the reader look for objects over several lines.
        for one in item_lines.rows([text[:1], text[1:]], "jsonl"):
            assert isinstance(one, Read), one
            found.append(one.row)
    return found


def test_the_table_names_every_shape() -> None:
    assert set(re.findall(r"^\| `([a-z][a-z0-9-]+)` \|", IMPORT, re.MULTILINE)) == set(imports.NAMES)


def test_every_example_is_an_item() -> None:
    seen = set()
    for row in rows():
        shape = imports.recognise(ANSWERS, [row])
        assert shape is not None, row
        seen.add(shape.name)
        taken = [project for project in (ANSWERS, PAIRS, CHAINS) if _items(project, row)]
        assert taken, row
    assert seen == {shape.name for shape in imports.FOREIGN} - {"toloka"}


def _items(project: Project, row: dict[str, object]) -> bool:
    reading = item_file.open_file(project, [json.dumps(row)], gold=True)
    return any(isinstance(found, Item) for found in reading.found)
