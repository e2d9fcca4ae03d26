"""The nightly proof on a live store: green says so, red locks payouts, and the loop stays free meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions import proofs
from actions.ports import Sources, Store
from bot import proof
from rules.credit import DAY_MS
from storage.database import open_sqlite
from storage.vault import Vault
from tests.actions.conftest import KEY, START_MS, Clock
from tests.bot import lived_in


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[tuple[Store, Clock]]:
    """Give an open store that was lived in, and its clock."""
    path = tmp_path / "veritap.db"
    lived_in.live(path)
    clock = Clock(START_MS + 40 * DAY_MS)
    store = await open_sqlite(path, Sources(lambda: clock.now_ms, lambda: 0.5, lambda: "x" * 22), Vault(KEY))
    yield store, clock
    await store.close()


async def test_a_night_is_proved_once_and_red_books_are_locked_and_opened(kept: tuple[Store, Clock]) -> None:
    store, clock = kept
    await proof.prove_when_due(store)
    clock.advance(DAY_MS)
    await proof.prove_when_due(store)
    assert await store.read(proofs.last) == proofs.Proof(clock.now_ms, 0)
    clock.advance(DAY_MS)
    change(store.path, 1)
    await proof.prove_when_due(store)
    assert await store.read(proofs.last) == proofs.Proof(clock.now_ms, clock.now_ms)
    change(store.path, -1)
    clock.advance(1000)
    await proof.prove_when_due(store)
    assert await store.read(proofs.last) == proofs.Proof(clock.now_ms, 0)


async def test_books_that_cannot_be_read_are_neither_right_nor_wrong(
    kept: tuple[Store, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, clock = kept
    await proof.prove_when_due(store)
    before = await store.read(proofs.last)
    clock.advance(DAY_MS)
    monkeypatch.setattr(store, "path", store.path.with_name("nowhere.db"))
    await proof.prove_when_due(store)
    assert await store.read(proofs.last) == before


def change(path: Path, by: int) -> None:
    """Make a kept balance another one."""
    connection = sqlite3.connect(path)
    connection.execute("UPDATE balances SET amount = amount + ? WHERE account = 'office'", (by,))
    connection.commit()
    connection.close()
