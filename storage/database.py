"""The door to the store: `await db.write(action, …)` and `await db.read(query, …)`.

SQLite by default. aiosqlite owns the writer's connection and thread; waiting writes are group-committed: one
`BEGIN IMMEDIATE`, a savepoint each, one commit with `synchronous=FULL`, and a caller hears back only after
the commit. Readers have read-only connections of their own. What an action does is none of this module's
business.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiosqlite

from storage import errors, migrate, queries
from storage.tx import Sources, Tx
from storage.vault import Vault

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

BATCH_MAX = 64
"""Writes in one commit: enough to share the cost of a disk flush, few enough to keep delays short."""
READERS = 2
BUSY_TIMEOUT_S = 5.0
CACHE_KIB = 32 * 1024
WAL_KEPT_BYTES = 64 * 1024 * 1024
"""What a write-ahead log that once grew may keep of the disk."""
CHECKPOINT_PAGES = 4_000
"""Pages, 16 MB, after which the log is carried over into the file. A tap touches the same few pages again and again, so seldom is cheap."""
KEY_CHECK = "key_check"
ROOM_NEEDED_BYTES = 256 * 1024
CLOSING = "It is being closed."


@dataclasses.dataclass(slots=True)
class _Write:
    """A write that waits: its action, whoever waits for it and, once it has run, what came of it."""

    action: Callable[[Tx], Any]
    done: asyncio.Future[Any]
    result: Any = None
    trouble: BaseException | None = None
    topics: tuple[str, ...] = ()


class Database:
    """One store, open. Make it with `open_sqlite`."""

    def __init__(
        self,
        writer: aiosqlite.Connection,
        readers: list[aiosqlite.Connection],
        sources: Sources,
        vault: Vault,
        path: Path,
    ) -> None:
        self.path = path
        self.vault = vault
        self._sources = sources
        self._queries = queries.load("sqlite")
        self._writer = writer
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._reader_count = len(readers)
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._waiting: list[_Write] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._loop_task = asyncio.create_task(self._write_loop(), name="storage writer")

    async def write(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action in a transaction and return its outcome once it is on disk.

        An action that raises leaves nothing behind and does not disturb the others in the same commit. Raises
        StoreFull, StoreBusy, StoreDamaged or StoreConflict when the store is in trouble. A caller that is
        cancelled does not know whether its write was carried out.
        """
        if self._closing:
            raise errors.StoreUnreachable(CLOSING)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Write(lambda tx: action(tx, *args, **kwargs), done))
        self._wake.set()
        return await done

    async def read(self, query: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function that only reads, on one consistent snapshot. A write in it raises."""
        reader = await self._readers.get()
        try:
            with _translated():
                return await _on_thread(reader, self._run_read, lambda tx: query(tx, *args, **kwargs))
        finally:
            self._readers.put_nowait(reader)

    def listen(self, topic: str, listener: Callable[[], None]) -> None:
        """Call a function, on the loop, after each commit in which an action announced a topic."""
        self._listeners.setdefault(topic, []).append(listener)

    async def backup(self, target: Path) -> None:
        """Write a consistent copy of the live database to a new file; writes go on meanwhile."""
        with _translated():
            await asyncio.to_thread(copy_file, self.path, target)

    async def close(self) -> None:
        """Finish what was accepted, then close every connection."""
        self._closing = True
        self._wake.set()
        await self._loop_task
        for _ in range(self._reader_count):
            reader = await self._readers.get()
            await reader.close()
        await self._writer.close()

    async def _write_loop(self) -> None:
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            try:
                with _translated():
                    await _on_thread(self._writer, self._run_batch, batch)
            except asyncio.CancelledError:
                # The program is being torn down under us; whether this batch reached the disk is not known.
                self._closing = True
                _fail(batch + self._waiting, errors.StoreUnreachable(CLOSING))
                raise
            except BaseException as error:
                # The commit itself failed, so nothing of the batch is on disk; each caller is told.
                _fail(batch, error)
                continue
            self._tell(batch)

    def _tell(self, batch: list[_Write]) -> None:
        for write in batch:
            if write.done.done():
                continue
            if write.trouble is None:
                write.done.set_result(write.result)
            else:
                write.done.set_exception(write.trouble)
        for topic in {topic for write in batch for topic in write.topics}:
            for listener in self._listeners.get(topic, ()):
                try:
                    listener()
                except Exception:
                    # A listener's fault must not end the loop that carries everybody's writes.
                    _log.exception("a listener of %r failed", topic)

    def _run_batch(self, connection: sqlite3.Connection, batch: list[_Write]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for write in batch:
                self._run_one(connection, write)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _run_one(self, connection: sqlite3.Connection, write: _Write) -> None:
        if write.done.cancelled():
            return
        connection.execute("SAVEPOINT one")
        tx = Tx(connection, self._queries, self._sources, self.vault)
        try:
            write.result = write.action(tx)
        except Exception as error:
            if not connection.in_transaction:
                # The engine rolled the whole transaction back (a full disk does that): the batch is lost as
                # one.
                raise
            connection.execute("ROLLBACK TO one")
            connection.execute("RELEASE one")
            write.trouble = _translate(error)
            return
        connection.execute("RELEASE one")
        write.topics = tx.announced

    def _run_read(self, connection: sqlite3.Connection, query: Callable[[Tx], T]) -> T:
        connection.execute("BEGIN")
        try:
            return query(Tx(connection, self._queries, self._sources, self.vault))
        finally:
            connection.execute("ROLLBACK")


def _fail(batch: list[_Write], error: BaseException) -> None:
    for write in batch:
        if not write.done.done():
            write.done.set_exception(error)


async def _on_thread(connection: aiosqlite.Connection, work: Callable[..., T], *args: Any) -> T:
    # aiosqlite has no public way to run a whole function on its thread; a hop per statement costs ten times
    # as much. The version is pinned and a test stands guard over this line.
    result: T = await connection._execute(lambda: work(connection._conn, *args))  # type: ignore[no-untyped-call]
    return result


async def open_sqlite(path: Path, sources: Sources, vault: Vault) -> Database:
    """Open a database file, made if need be and migrated; an existing one is backed up before a migration.

    Raises StoreNewer, StoreChanged, StoreDamaged, StoreBusy, StoreUnreachable or WrongKey, each with a
    sentence that says what to do.
    """
    opened: list[aiosqlite.Connection] = []
    with _told_when_full(path.parent), _translated():
        await asyncio.to_thread(prepare_file, path, sources.now_ms(), vault)
        try:
            opened.append(await aiosqlite.connect(path, isolation_level=None, cached_statements=512))
            await _configure(
                opened[0],
                "synchronous=FULL",
                f"cache_size=-{CACHE_KIB}",
                f"journal_size_limit={WAL_KEPT_BYTES}",
                f"wal_autocheckpoint={CHECKPOINT_PAGES}",
                # What a savepoint keeps of the pages that a write changes goes to a file otherwise, page by page.
                "temp_store=MEMORY",
            )
            for _ in range(READERS):
                opened.append(await aiosqlite.connect(_read_only(path), uri=True, isolation_level=None))
                await _configure(opened[-1], "query_only=ON", f"cache_size=-{CACHE_KIB // 2}")
        except BaseException:
            # A connection left open is a thread that keeps the program from ending.
            for connection in opened:
                await connection.close()
            raise
    return Database(opened[0], opened[1:], sources, vault, path)


@contextlib.contextmanager
def _told_when_full(folder: Path) -> Iterator[None]:
    """SQLite says "disk I/O error" when there is no room for its shared memory; say what it is."""
    try:
        yield
    except errors.StoreUnreachable as error:
        if folder.exists() and shutil.disk_usage(folder).free < ROOM_NEEDED_BYTES:
            raise errors.StoreFull from error
        raise


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


async def _configure(connection: aiosqlite.Connection, *pragmas: str) -> None:
    for pragma in (f"busy_timeout={int(BUSY_TIMEOUT_S * 1000)}", "foreign_keys=ON", *pragmas):
        await connection.execute_fetchall(f"PRAGMA {pragma}")


def copy_file(path: Path, target: Path) -> None:
    """Write a consistent copy of a database file, whoever writes to it meanwhile. Raises BackupRefused."""
    if target.exists():
        raise errors.BackupRefused(f"{target} exists already, and a backup never overwrites.")
    half = target.with_name(f"{target.name}.part")
    connection = sqlite3.connect(_read_only(path), uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(half),))
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.rename(target)
    except OSError as error:
        raise errors.BackupRefused(f"{target}: {error.strerror}.") from error
    finally:
        connection.close()
        with contextlib.suppress(OSError):
            half.unlink()


def prepare_file(path: Path, now_ms: int, vault: Vault | None) -> list[str]:
    """Make or migrate a database file and check that the key fits. Name the migrations applied."""
    _make_folder(path.parent)
    is_new = not path.exists() or path.stat().st_size == 0
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        if not is_new:
            _check_whole(connection)
        waiting = migrate.pending(connection, migrate.known("sqlite"))
        if waiting and not is_new:
            copy_file(path, _backup_name(path, waiting[0].number, now_ms))
        for migration in waiting:
            migrate.apply(connection, migration, now_ms)
        if vault is not None:
            _check_key(connection, vault)
        return _names(waiting)
    finally:
        connection.close()


def look_at_file(path: Path, vault: Vault) -> list[str]:
    """Check that a database file is whole and that the key fits, and change nothing. Name the migrations it waits for.

    Raises StoreNewer, StoreChanged, StoreDamaged, StoreBusy, StoreUnreachable or WrongKey.
    """
    with _translated():
        connection = sqlite3.connect(_read_only(path), uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        try:
            _check_whole(connection)
            waiting = migrate.pending(connection, migrate.known("sqlite"))
            if not waiting or waiting[0].number > 1:
                _check_key(connection, vault, may_keep=False)
            return _names(waiting)
        finally:
            connection.close()


def _check_whole(connection: sqlite3.Connection) -> None:
    damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise errors.StoreDamaged(f"SQLite says: {damage}")


def _names(migrations: list[migrate.Migration]) -> list[str]:
    return [f"{migration.number:04d}_{migration.name}" for migration in migrations]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.StoreUnreachable(f"The folder {folder} cannot be made ({error.strerror}).") from error


def _backup_name(path: Path, number: int, now_ms: int) -> Path:
    return path.parent / "backups" / f"{path.stem}-before-{number:04d}-{now_ms}.db"


def _check_key(connection: sqlite3.Connection, vault: Vault, *, may_keep: bool = True) -> None:
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (KEY_CHECK,)).fetchone()
    if row is None and not may_keep:
        return
    if row is None:
        connection.execute("INSERT INTO settings VALUES (?, ?)", (KEY_CHECK, vault.seal(KEY_CHECK, "fits")))
    else:
        vault.open(KEY_CHECK, row[0])


KINDS: tuple[tuple[str, type[errors.StoreTrouble]], ...] = (
    ("SQLITE_FULL", errors.StoreFull),
    ("SQLITE_BUSY", errors.StoreBusy),
    ("SQLITE_LOCKED", errors.StoreBusy),
    ("SQLITE_CORRUPT", errors.StoreDamaged),
    ("SQLITE_NOTADB", errors.StoreDamaged),
    ("SQLITE_CONSTRAINT", errors.StoreConflict),
    ("SQLITE_CANTOPEN", errors.StoreUnreachable),
    ("SQLITE_READONLY", errors.StoreUnreachable),
    ("SQLITE_IOERR", errors.StoreUnreachable),
    ("SQLITE_PERM", errors.StoreUnreachable),
)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error) from error


def _translate(error: Exception) -> Exception:
    """Turn an engine's error into one of ours; leave everything else as it is."""
    if not isinstance(error, sqlite3.Error):
        return error
    name = getattr(error, "sqlite_errorname", "") or ""
    for prefix, kind in KINDS:
        if name.startswith(prefix):
            return kind(f"({error})")
    return error
