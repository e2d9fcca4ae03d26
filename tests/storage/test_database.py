"""The store's two doors: group commit, savepoints, what callers hear and when, and trouble in each of its kinds."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from storage import errors
from storage.database import BATCH_MAX, Database, open_sqlite
from storage.tx import Tx
from storage.vault import Vault, new_key
from tests.storage.conftest import KEY, get, names, put, sources


class Oops(Exception):
    """What an action of these tests raises."""


async def no_store_threads() -> None:
    """Wait for the threads of closed connections to end; one that stays would keep the program from ending."""
    for _ in range(200):
        if not [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"still there: {threading.enumerate()}")


def put_and_raise(tx: Tx, name: str) -> None:
    put(tx, name)
    raise Oops(name)


async def test_a_write_is_on_disk_when_its_caller_hears_of_it(store: Database) -> None:
    assert await store.write(put, "a") == "a"
    assert names(store.path) == {"a"}
    assert await store.read(get, "a") == "v"


async def test_an_action_that_fails_leaves_nothing_and_disturbs_nobody_in_its_batch(store: Database) -> None:
    writes: list[Any] = [
        store.write(put_and_raise if number % 3 == 0 else put, f"n{number}") for number in range(BATCH_MAX)
    ]
    results = await asyncio.gather(*writes, return_exceptions=True)
    for number, result in enumerate(results):
        if number % 3 == 0:
            assert isinstance(result, Oops)
        else:
            assert result == f"n{number}"
    assert names(store.path) == {f"n{number}" for number in range(BATCH_MAX) if number % 3}


async def test_waiting_writes_share_a_commit_of_bounded_size(store: Database) -> None:
    transactions: list[str] = []
    await store._writer.set_trace_callback(transactions.append)
    await asyncio.gather(*(store.write(put, f"n{number}") for number in range(3 * BATCH_MAX)))
    await store._writer.set_trace_callback(lambda sql: None)
    assert transactions.count("COMMIT") == 3
    assert transactions.count("SAVEPOINT one") == 3 * BATCH_MAX


async def test_writes_are_carried_out_in_the_order_in_which_they_were_asked(store: Database) -> None:
    await asyncio.gather(*(store.write(put, "last", str(number)) for number in range(200)))
    assert await store.read(get, "last") == "199"


async def test_nobody_hears_back_before_the_commit(store: Database) -> None:
    may_commit = threading.Event()

    def slow(tx: Tx) -> None:
        may_commit.wait(5)

    first = asyncio.create_task(store.write(put, "early"))
    second = asyncio.create_task(store.write(slow))
    await asyncio.sleep(0.05)
    # The first action has run, but its commit waits for the second, which shares it.
    assert not first.done()
    may_commit.set()
    await asyncio.gather(first, second)
    assert names(store.path) == {"early"}


async def test_a_caller_that_gave_up_before_its_turn_has_written_nothing(store: Database) -> None:
    blocked = threading.Event()
    ahead = asyncio.create_task(store.write(lambda tx: blocked.wait(5)))
    await asyncio.sleep(0.02)
    late = asyncio.create_task(store.write(put, "late"))
    await asyncio.sleep(0.02)
    late.cancel()
    blocked.set()
    await ahead
    await store.write(put, "after")
    assert names(store.path) == {"after"}


async def test_a_reader_cannot_write(store: Database) -> None:
    with pytest.raises(errors.StoreUnreachable):
        await store.read(put, "a")
    assert names(store.path) == set()


async def test_a_read_sees_one_moment_although_writes_go_on(store: Database) -> None:
    began, written = threading.Event(), threading.Event()

    def look_twice(tx: Tx) -> tuple[str | None, str | None]:
        first = get(tx, "x")
        began.set()
        written.wait(5)
        return first, get(tx, "x")

    await store.write(put, "x", "old")
    looking = asyncio.create_task(store.read(look_twice))
    await asyncio.to_thread(began.wait, 5)
    await store.write(put, "x", "new")
    written.set()
    assert await looking == ("old", "old")
    assert await store.read(get, "x") == "new"


async def test_a_broken_rule_is_a_conflict_of_its_caller_alone(store: Database) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.run(
                "instances.take", name="x", holder=None, expires_ms=1
            )  # A holder is NOT NULL: the engine says no.

    good, bad = await asyncio.gather(store.write(put, "a"), store.write(twice), return_exceptions=True)
    assert good == "a"
    assert isinstance(bad, errors.StoreConflict)
    assert "holder" in str(bad)


async def test_listeners_hear_after_the_commit_and_only_of_what_was_kept(store: Database) -> None:
    heard: list[set[str]] = []
    store.listen("news", lambda: heard.append(names(store.path)))

    def tell(tx: Tx, name: str, *, fail: bool = False) -> None:
        put(tx, name)
        tx.announce("news")
        if fail:
            raise Oops

    with pytest.raises(Oops):
        await store.write(tell, "lost", fail=True)
    assert heard == []
    await store.write(tell, "kept")
    assert heard == [{"kept"}]

    def fail() -> None:
        raise Oops

    store.listen("news", fail)
    await store.write(tell, "although a listener fails")
    assert await store.write(put, "and after it") == "and after it"


async def test_a_full_disk_fails_whole_and_the_store_goes_on_when_there_is_room(store: Database) -> None:
    await store.write(put, "before")
    raw = store._writer._conn
    pages = await store._writer.execute_fetchall("PRAGMA page_count")
    await store._writer.execute_fetchall(f"PRAGMA max_page_count={next(iter(pages))[0] + 2}")
    results = await asyncio.gather(
        *(store.write(put, f"big{number}", "x" * 20_000) for number in range(8)), return_exceptions=True
    )
    full = [result for result in results if isinstance(result, errors.StoreFull)]
    assert full
    assert {result for result in results if isinstance(result, str)} | {"before"} == names(store.path)
    assert not raw.in_transaction
    await store._writer.execute_fetchall("PRAGMA max_page_count=1000000")
    assert await store.write(put, "again") == "again"


async def test_a_lock_of_another_program_is_told_as_such_and_passes(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store._writer.execute_fetchall("PRAGMA busy_timeout=50")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.StoreBusy, match="locked by another program"):
        await store.write(put, "a")
    other.execute("ROLLBACK")
    other.close()
    assert await store.write(put, "a") == "a"


async def test_what_was_accepted_is_finished_at_the_end_and_nothing_after_it(path: Path) -> None:
    opened = await open_sqlite(path, sources(), Vault(KEY))
    writes = [asyncio.create_task(opened.write(put, f"n{number}")) for number in range(200)]
    await asyncio.sleep(0)
    await opened.close()
    assert len(await asyncio.gather(*writes)) == 200
    assert len(names(path)) == 200
    with pytest.raises(errors.StoreUnreachable):
        await opened.write(put, "late")
    await no_store_threads()


async def test_close_waits_for_a_read_that_is_under_way(path: Path) -> None:
    opened = await open_sqlite(path, sources(), Vault(KEY))
    may_end = threading.Event()
    reading = asyncio.create_task(opened.read(lambda tx: may_end.wait(5)))
    await asyncio.sleep(0.02)
    closing = asyncio.create_task(opened.close())
    await asyncio.sleep(0.02)
    assert not closing.done()
    may_end.set()
    assert await reading
    await closing


async def test_a_folder_with_odd_letters_can_hold_the_database(tmp_path: Path) -> None:
    path = tmp_path / "50% of? #1 data é" / "veritap.db"
    opened = await open_sqlite(path, sources(), Vault(KEY))
    await opened.write(put, "a")
    assert await opened.read(get, "a") == "v"
    await opened.close()
    assert path.exists()


async def test_the_function_that_runs_work_on_the_writers_thread_is_still_there(store: Database) -> None:
    """The store calls a private function of aiosqlite, for which there is no public one. A new version must not
    change what it promises: to run a function on the connection's own thread, and to hand on what it gives or raises."""
    here = threading.get_ident()
    there = await store._writer._execute(threading.get_ident)  # type: ignore[no-untyped-call]
    assert there != here
    assert there == await store._writer._execute(threading.get_ident)  # type: ignore[no-untyped-call]
    assert isinstance(store._writer._conn, sqlite3.Connection)
    with pytest.raises(ZeroDivisionError):
        await store._writer._execute(lambda: 1 // 0)  # type: ignore[no-untyped-call]
    assert isinstance(store._writer, aiosqlite.Connection)


async def test_another_key_is_refused(migrated: Path) -> None:
    with pytest.raises(errors.WrongKey, match="use the key that was made with it"):
        await open_sqlite(migrated, sources(), Vault(new_key()))


async def test_a_damaged_file_is_refused(migrated: Path) -> None:
    data = bytearray(migrated.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xff" * 64
    migrated.write_bytes(bytes(data))
    with pytest.raises(errors.StoreDamaged, match="restore the newest backup"):
        await open_sqlite(migrated, sources(), Vault(KEY))


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("slug = 'maths'\n" * 1000)
    with pytest.raises(errors.StoreDamaged):
        await open_sqlite(path, sources(), Vault(KEY))


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(errors.StoreUnreachable, match="data"):
        await open_sqlite(tmp_path / "data" / "veritap.db", sources(), Vault(KEY))


async def test_trouble_while_opening_leaves_no_thread_behind(
    migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.CACHE_KIB", "no number; DROP TABLE")
    with pytest.raises(sqlite3.Error):
        await open_sqlite(migrated, sources(), Vault(KEY))
    await no_store_threads()
