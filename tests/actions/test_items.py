"""Importing items: each once, in a drawn order, the good ones of a bad file too, and again after an interruption."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from actions import items, projects, refusals
from actions.items import Imported
from actions.ports import Sources, Store
from rules import item_file
from rules.item_file import Item
from storage.database import open_sqlite
from storage.vault import Vault
from tests.actions import samples
from tests.actions.conftest import KEY, START_MS, Db


def made(db: Db, text: str = samples.PROJECT) -> int:
    return db.run(projects.create_or_update, None, text).project.id


def test_work_joins_the_queue_with_the_least_overlap_and_gold_does_not(db: Db) -> None:
    project_id = made(db)
    assert db.run(items.import_batch, project_id, samples.items(work=3)) == Imported(added=8, present=0)
    assert db.rows(
        "SELECT i.external_id, q.slots FROM queue AS q JOIN items AS i ON i.id = q.item_id ORDER BY i.id"
    ) == [("i0", 2), ("i1", 2), ("i2", 2)]
    assert db.rows("SELECT use, COUNT(*) FROM items GROUP BY use ORDER BY use") == [
        ("exam", 2),
        ("gold", 2),
        ("training", 1),
        ("work", 3),
    ]


def test_the_same_items_again_add_nothing(db: Db) -> None:
    project_id = made(db)
    db.run(items.import_batch, project_id, samples.items())
    before = db.rows("SELECT * FROM items"), db.rows("SELECT * FROM queue")
    assert db.run(items.import_batch, project_id, samples.items()) == Imported(added=0, present=25)
    assert (db.rows("SELECT * FROM items"), db.rows("SELECT * FROM queue")) == before


def test_a_draft_takes_the_new_text_of_an_item_and_its_new_use(db: Db) -> None:
    project_id = made(db)
    db.run(items.import_batch, project_id, samples.items(work=1, gold=0))
    changed = samples.line(0, gold={"correct": "no"})
    item = next(iter(item_file.read(samples.RULES, [json.dumps(changed)])))
    assert isinstance(item, Item)
    assert db.run(items.import_batch, project_id, [item]) == Imported(added=0, present=1, replaced=1)
    assert db.value("SELECT use FROM items WHERE external_id = 'i0'") == "gold"
    assert db.value("SELECT COUNT(*) FROM queue") == 0


def test_an_open_project_keeps_the_text_that_students_may_have_seen(db: Db) -> None:
    project_id = made(db)
    db.run(items.import_batch, project_id, samples.items())
    db.run(projects.set_state, None, "maths", "open")
    changed = Item("i0", "work", '{"question":"other","solution":"x"}', None, None)
    assert db.run(items.import_batch, project_id, [changed]) == Imported(added=0, present=1, kept=1)
    assert "other" not in db.value("SELECT fields FROM items WHERE external_id = 'i0'")


def test_new_items_wake_students_who_had_seen_everything(db: Db) -> None:
    project_id = made(db)
    _, student = db.join(5)
    db.connection.execute(
        "INSERT INTO qualifications VALUES (?, ?, 'active', 1, 0, 0, NULL, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, NULL)",
        (student.id, project_id),
    )
    db.run(items.import_batch, project_id, [])
    assert db.value("SELECT exhausted_ms FROM qualifications") == 9
    db.run(items.import_batch, project_id, samples.items())
    assert db.value("SELECT exhausted_ms FROM qualifications") is None


def test_a_closed_project_takes_no_items(db: Db) -> None:
    project_id = made(db)
    db.run(projects.set_state, None, "maths", "closed")
    with pytest.raises(refusals.ProjectClosed):
        db.run(items.import_batch, project_id, samples.items())


def test_a_transaction_stays_small(db: Db) -> None:
    project_id = made(db)
    with pytest.raises(ValueError, match="at most 2000"):
        db.run(items.import_batch, project_id, samples.items(work=2000))


def test_the_order_is_drawn_and_nothing_is_lost_in_it(db: Db) -> None:
    given = samples.items(work=100)
    drawn = db.run(items.shuffled, given)
    assert drawn != given
    assert sorted(drawn, key=lambda item: item.external_id) == sorted(
        given, key=lambda item: item.external_id
    )


@pytest_asyncio.fixture
async def store(migrated_file: Path, db: Db) -> AsyncIterator[Store]:
    sources = Sources(lambda: START_MS, db.chance.random, lambda: "A" * 22)
    opened = await open_sqlite(db.path, sources, Vault(KEY))
    yield opened
    await opened.close()


async def test_a_file_is_imported_whole_and_progress_is_told(store: Store, db: Db) -> None:
    made(db)
    told: list[tuple[int, int]] = []

    async def note(done: int, of: int) -> None:
        told.append((done, of))

    report = await items.import_lines(store, None, "maths", samples.lines(work=1200), progress=note)
    assert report.imported == Imported(added=1205, present=0)
    assert told == [(500, 1205), (1000, 1205), (1205, 1205)]
    assert (
        db.value("SELECT detail FROM audit WHERE deed = 'imported items'")
        == "1205 added, 0 replaced, 0 present"
    )
    order = [row[0] for row in db.rows("SELECT external_id FROM items ORDER BY id")]
    assert order[:20] != [f"i{number}" for number in range(20)]


async def test_bad_lines_are_told_and_the_good_ones_imported(store: Store, db: Db) -> None:
    made(db)
    broken = [*samples.lines(work=3), '{"question": "only"}', "not json"]
    refused = await items.import_lines(store, None, "maths", broken, only_if_all_good=True)
    assert refused.imported == items.NOTHING
    assert db.value("SELECT COUNT(*) FROM items") == 0
    report = await items.import_lines(store, None, "maths", broken)
    assert str(report.checked.bad[0]) == 'line 9: has no "solution"'
    assert report.checked.bad_count == 2
    assert report.imported.added == 8


async def test_an_interrupted_import_is_finished_by_importing_again(store: Store, db: Db) -> None:
    made(db)

    async def stop(done: int, of: int) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await items.import_lines(store, None, "maths", samples.lines(work=1200), progress=stop)
    assert db.value("SELECT COUNT(*) FROM items") == 500
    report = await items.import_lines(store, None, "maths", samples.lines(work=1200))
    assert report.imported == Imported(added=705, present=500)
    assert db.value("SELECT COUNT(*) FROM queue") == 1200


async def test_a_stranger_to_the_project_imports_nothing(store: Store, db: Db) -> None:
    made(db)
    other, _ = db.join(3, "coordinator")
    with pytest.raises(refusals.NotYourProject):
        await items.import_lines(store, other, "maths", samples.lines())


async def test_reading_ends_when_a_file_is_no_file_of_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "BAD_LINES_KEPT", 3)
    monkeypatch.setattr(items, "BAD_LINES_MAX", 5)
    checked = await items.check(samples.RULES, ["x"] * 9 + samples.lines(), "jsonl")
    assert (len(checked.bad), checked.bad_count, checked.good) == (3, 5, [])


async def test_checking_a_file_lets_others_have_their_turn() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await items.check(samples.RULES, samples.lines(work=5000), "jsonl")
    task.cancel()
    assert turns > 10
