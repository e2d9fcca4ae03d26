"""The way SQLite takes to the notes that are written with a judgment: by an index, a few rows each, however much was written before."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import near_text
from storage import queries
from tests.storage.test_plans import plan

WAYS = {
    "twins.forget_marks": "text_marks_by_judgment (judgment_id=?)",
    "twins.forget": "PRIMARY KEY (judgment_id=?)",
    "twins.forget_others": "text_twins_by_other (other_judgment_id=?)",
    "twins.of_project": "text_twins_by_project (project_id=?)",
    "stints.of": "PRIMARY KEY (person_id=?)",
    "position.of": "PRIMARY KEY (project_id=? AND person_id=?)",
    "position.take_back": "PRIMARY KEY (project_id=? AND person_id=?)",
    "position.sums": "PRIMARY KEY (project_id=?)",
    "position.students": "PRIMARY KEY (project_id=?)",
}


@pytest.mark.parametrize(("name", "way"), WAYS.items())
def test_a_note_is_found_by_an_index(migrated: Path, name: str, way: str) -> None:
    first = plan(migrated, name)[0]
    assert first.startswith("SEARCH"), first
    assert first.endswith(way), first


def test_near_copies_are_looked_up_mark_by_mark_each_in_a_few_rows(migrated: Path) -> None:
    steps = plan(migrated, "twins.candidates")
    searches = [step for step in steps if step.startswith("SEARCH")]
    by_mark = "SEARCH text_marks USING PRIMARY KEY (mark=?)"
    assert searches == [by_mark] * near_text.MARKS + ["SEARCH j USING INTEGER PRIMARY KEY (rowid=?)"]
    # What is scanned and sorted besides are the rows that these searches gave: at most eight each, without a sort of their own.
    sql = queries.load("sqlite")["twins.candidates"]
    assert sql.count("ORDER BY person_id DESC LIMIT 8") == near_text.MARKS
    found = {f"SCAN m{place}" for place in range(near_text.MARKS)} | {"SCAN met", "SCAN found"}
    assert {step for step in steps if step.startswith("SCAN")} == found
    assert steps.count("USE TEMP B-TREE FOR ORDER BY") == 2
