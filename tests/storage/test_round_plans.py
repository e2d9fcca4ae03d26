"""The way SQLite takes to what calibration rounds add to a tap, and to figures that rest on many answers: by an index, from few rows on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storage.test_plans import plan

WAYS = {
    "rounds.next_for": ["rounds_open (project_id=?)", "round_people_by_person (person_id=? AND round_id=?)"],
    "rounds.place_of": ["PRIMARY KEY (token=?)", "PRIMARY KEY (round_id=? AND item_id=?)"],
    "rounds.is_leased": ["PRIMARY KEY (token=?)"],
    "rounds.answers": ["PRIMARY KEY (round_id=?)", "judgments_by_item (item_id=?)"],
    "rounds.work_between": ["judgments_by_person (person_id=? AND answered_ms>? AND answered_ms<?)"],
    "rounds.recent_answers": ["judgments_by_project (project_id=?)"],
    "leniency.answers_beside": ["judgments_in_order (person_id=?)", "judgments_by_item (item_id=?)"],
}


@pytest.mark.parametrize(("name", "ways"), WAYS.items())
def test_a_round_is_found_by_an_index(migrated: Path, name: str, ways: list[str]) -> None:
    steps = [step for step in plan(migrated, name) if step.startswith(("SEARCH", "SCAN"))]
    for way in ways:
        assert any(step.endswith(way) for step in steps), steps
    # What is scanned is no table, but the few rows that a search before gave.
    assert [step for step in steps if step.startswith("SCAN")] in ([], ["SCAN m"])
