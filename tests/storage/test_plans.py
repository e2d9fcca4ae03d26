"""The way SQLite takes to what a tap needs: by an index, to a few rows, however many items and answers there are. The benchmark of the next
item measures it; this notices at once when a query or an index no longer fit each other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage import queries

WAYS = {
    "people.by_key": "sqlite_autoindex_people_1 (person_key=?)",
    "assignments.by_token": "sqlite_autoindex_assignments_2 (token=?)",
    "assignments.open_of": "assignments_one_open (person_id=?)",
    "assignments.laid_aside": "assignments_unfinished (person_id=? AND project_id=?)",
    "assignments.held": "assignments_held (item_id=?)",
    "assignments.expired": "assignments_leases (lease_expires_ms<?)",
    "assignments.unfinished_of": "assignments_unfinished (person_id=?)",
    "qualifications.of": "PRIMARY KEY (person_id=? AND project_id=?)",
    "work.next_queued": "PRIMARY KEY (project_id=? AND item_id>?)",
    "work.next_returned": "returned_by_project (project_id=? AND id>?)",
    "work.next_gold": "items_live_gold (project_id=? AND id>?)",
    "work.next_qualifying": "items_by_use (project_id=? AND use=?)",
    "work.answers_of": "judgments_by_item (item_id=?)",
    "quality.fit_of": "sqlite_autoindex_fits_1 (project_id=?)",
    "quality.set_urgency": "returned_by_item (item_id=?)",
    "quality.forget_beliefs": "PRIMARY KEY (item_id=?)",
    "quality.is_ruled": "PRIMARY KEY (item_id=?)",
    "judgments.live_of": "judgments_once (token=?)",
    "judgments.last_of": "judgments_in_order (person_id=?)",
    "judgments.earned_since": "PRIMARY KEY (person_id=? AND quarter_ms>?)",
    "judgments.credited_since": "PRIMARY KEY (person_id=? AND quarter_ms>?)",
    "quality.reading": "PRIMARY KEY (project_id=? AND person_id=?)",
    "prevalidation.recent": "judgments_in_order (person_id=?)",
    "prevalidation.sides": "PRIMARY KEY (project_id=? AND person_id=?)",
    "prevalidation.held": "judgments_set_aside (project_id=?)",
    "prevalidation.held_of": "judgments_set_aside (project_id=? AND person_id=?)",
    "inbox.finish": "INTEGER PRIMARY KEY (rowid=?)",
}
"""A query of a tap, and the index that must lead to its first rows, with the columns that narrow it."""


def plan(database: Path, name: str) -> list[str]:
    """Ask SQLite for its way, a step a line."""
    sql = queries.load("sqlite")[name]
    connection = sqlite3.connect(database)
    try:
        steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}", dict.fromkeys(queries.parameters(sql), 1))
        return [row[3] for row in steps]
    finally:
        connection.close()


@pytest.mark.parametrize(("name", "way"), WAYS.items())
def test_a_tap_finds_its_rows_by_an_index(migrated: Path, name: str, way: str) -> None:
    first = plan(migrated, name)[0]
    assert first.startswith("SEARCH"), first
    assert first.endswith(way), first


def test_the_most_urgent_slots_are_read_from_the_front_of_their_index(migrated: Path) -> None:
    # A sort of all slots would cost more with every item under way; the few that are looked at may be sorted.
    steps = plan(migrated, "work.next_urgent")
    assert steps[0].startswith("CO-ROUTINE")
    assert steps[1].endswith("returned_by_urgency (project_id=?)")
    assert steps[2].startswith("SCAN"), steps


def test_who_is_in_doubt_is_looked_for_among_the_answers_since_the_last_fit(migrated: Path) -> None:
    steps = plan(migrated, "quality.to_read")
    assert steps[1:3] == ["SCAN f", "SEARCH j USING INDEX judgments_by_project (project_id=? AND id>?)"]
    assert steps[3].startswith("SEARCH q"), steps


def test_an_export_walks_through_the_items_without_sorting_them(migrated: Path) -> None:
    # Sorting all items for each page would cost the square of their number.
    steps = plan(migrated, "exports.judged_items")
    assert steps[0].endswith("INTEGER PRIMARY KEY (rowid>?)")
    assert not [step for step in steps if "TEMP B-TREE" in step]
    assert plan(migrated, "exports.judgments_of")[0].endswith("judgments_by_item (item_id=?)")


def test_the_newest_entry_is_read_from_the_end(migrated: Path) -> None:
    # A scan in the order of the key, which stops at its first row; a sort would read all.
    assert plan(migrated, "ledger.head") == ["SCAN entries"]
    assert "ORDER BY id DESC LIMIT 1" in queries.load("sqlite")["ledger.head"]


def test_writing_an_assignment_builds_no_table_for_its_indexes(migrated: Path) -> None:
    connection = sqlite3.connect(migrated)
    steps = connection.execute("EXPLAIN UPDATE assignments SET state = 'judged' WHERE token = 'x'").fetchall()
    connection.close()
    opened = [step for step in steps if step[1] == "OpenEphemeral"]
    # One is for the CHECK of the state. Each partial index with an IN would add two, which cost more than the rest of a tap.
    assert len(opened) == 1
