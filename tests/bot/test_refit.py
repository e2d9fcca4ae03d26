"""The refit of the timetable on a real store: taps go on meanwhile, nothing of it runs on the loop, and a second turn has nothing to do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from actions import quality, refits
from actions.ports import Store
from actions.refits import Loaded
from bot.each import each
from bot.refit import refit, refit_when_due
from rules.quality.refit import Fitted
from storage.database import open_sqlite
from storage.tx import Sources, Tx
from tests.actions.conftest import Db, migrated_file
from tests.actions.conftest import db as db_fixture
from tests.actions.crowd import Crowd
from tests.actions.projects_for_tests import make
from tests.actions.test_quality_machine import check_beliefs

migrated = migrated_file
db = db_fixture


@pytest.fixture
async def store(db: Db) -> AsyncIterator[Store]:
    """Open the database of a crowd that has answered and was never fitted."""
    project = make(db, golds=20, work_items=40, gold_share=0.2)
    Crowd(db, project, [0.9, 0.85, 0.8, 0.95]).work(15, fits=False)
    sources = Sources(lambda: db.clock.now_ms, db.chance.random, lambda: "x" * 22)
    opened = await open_sqlite(db.path, sources, db.vault)
    yield opened
    await opened.close()


async def test_what_is_due_is_fitted_once(db: Db, store: Store) -> None:
    await refit_when_due(store)
    assert db.value("SELECT version FROM fits") == 1
    assert check_beliefs(db) > 20
    await refit_when_due(store)
    assert db.value("SELECT version FROM fits") == 1, "nothing new came"


async def test_answers_that_change_between_its_steps_are_not_lost(
    db: Db, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refits, "ITEMS_A_TURN", 3)
    ready, go_on = threading.Event(), threading.Event()
    original, main = refits.fit, threading.get_ident()

    def fit(loaded: Loaded) -> Fitted:
        assert threading.get_ident() != main, "it is not for the loop"
        ready.set()
        assert go_on.wait(30)
        return original(loaded)

    monkeypatch.setattr(refits, "fit", fit)
    running = asyncio.create_task(refit(store, 1))
    while not ready.is_set():
        await asyncio.sleep(0.01)

    def exclude(tx: Tx) -> int:
        return quality.set_status(tx, range(1, 30), "excluded", "a test", {}, 1)

    db.clock.advance(1_000)
    assert await store.write(exclude) == 29, "writes go on while it fits"
    go_on.set()
    await running
    assert check_beliefs(db) > 10
    assert await store.read(refits.due) == [1], "what changed meanwhile is fitted next"


async def test_an_item_answered_between_its_steps_is_believed_by_the_new_models(
    db: Db, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await refit(store, 1)
    original = refits.install

    def install(tx: Tx, loaded: Loaded, fitted: Fitted) -> int:
        # As if the models before had spoken of an item while the new ones were made.
        tx.run("quality.ask_fit", project_id=1, now_ms=tx.now_ms)
        return original(tx, loaded, fitted)

    monkeypatch.setattr(refits, "install", install)
    monkeypatch.setattr(Fitted, "changed", ())
    db.connection.execute(
        "UPDATE beliefs SET label = 'other', model_version = 1, changed_ms = :now", {"now": db.clock.now_ms}
    )
    await refit(store, 1)
    assert check_beliefs(db) > 10


async def test_a_project_that_fails_keeps_no_other_one_waiting() -> None:
    done: list[int] = []

    async def do(number: int) -> None:
        done.append(number)
        if number < 3:
            raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        await each([1, 2, 3], do)
    assert done == [1, 2, 3]
