"""The timetable reads people in doubt between two refits, on a real store and off the loop."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from actions import refits
from actions.refits import Loaded
from bot.refit import refit_when_due
from rules.quality.refit import Seen
from rules.quality.verdicts import Models
from storage.database import open_sqlite
from storage.tx import Sources
from tests.actions.conftest import Db, migrated_file
from tests.actions.conftest import db as db_fixture
from tests.actions.crowd import Crowd, refit
from tests.actions.projects_for_tests import make

migrated = migrated_file
db = db_fixture


async def test_who_is_in_doubt_is_read_once_off_the_loop(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = Crowd(db, make(db, golds=20, work_items=60, gold_share=0.2), [0.9, 0.9, 0.9, 0.9])
    crowd.work(6, fits=False)
    refit(db)
    for _ in range(refits.READ_AFTER):
        db.clock.advance(1_000)
        assert crowd.turn(0)
    assert db.run(refits.to_read) == [crowd.project.id]
    threads: list[int] = []
    original = refits.read

    def read(loaded: Loaded, serving: Models) -> Sequence[Seen]:
        threads.append(threading.get_ident())
        return original(loaded, serving)

    monkeypatch.setattr(refits, "read", read)
    sources = Sources(lambda: db.clock.now_ms, db.chance.random, lambda: "x" * 22)
    store = await open_sqlite(db.path, sources, db.vault)
    try:
        await refit_when_due(store)
        await refit_when_due(store)
    finally:
        await store.close()
    assert len(threads) == 1, "once"
    assert threads[0] != threading.get_ident()
    assert db.value("SELECT version FROM fits") == 1
    assert db.value("SELECT MAX(answers) FROM readings") == 6 + refits.READ_AFTER
