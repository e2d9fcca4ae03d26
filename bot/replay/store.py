"""A store for a replay: the real schema and the real queries on a database in memory, a clock that moves when it is told, chance and ids
from a seed. It leaves no file and no thread behind."""

from __future__ import annotations

import dataclasses
import functools
import random
import sqlite3
import weakref
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from actions.ports import Sources, Tx
from storage import migrate, queries
from storage.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")

START_MS = 1_700_000_000_000
KEY = "A" * 43 + "="
"""Nobody real is in here, so this key keeps nothing secret."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STATEMENTS_KEPT = 512


@functools.cache
def _empty() -> bytes:
    """Make one migrated database, to be copied for each replay."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for migration in migrate.pending(connection, migrate.known("sqlite")):
            migrate.apply(connection, migration, START_MS)
        return connection.serialize()
    finally:
        connection.close()


@dataclasses.dataclass(slots=True)
class Clock:
    """The time that transactions see, in UTC milliseconds; it moves when it is told."""

    now_ms: int = START_MS


class MemoryStore:
    """One database in memory; whoever holds it moves its clock."""

    def __init__(self, seed: int) -> None:
        self.clock = clock = Clock()
        self.vault = Vault(KEY)
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, cached_statements=STATEMENTS_KEPT
        )
        self._connection.deserialize(_empty())
        self._connection.execute("PRAGMA foreign_keys=ON")
        self._connection.execute("PRAGMA synchronous=OFF")
        # Closed with the last reference to this store, since an engine of a replay is simply dropped.
        weakref.finalize(self, self._connection.close)
        self._queries = queries.load("sqlite")
        chance = random.Random(seed)  # noqa: S311 - the seed of a replay is no secret
        self._sources = Sources(
            lambda: clock.now_ms, chance.random, lambda: "".join(chance.choices(LETTERS, k=22))
        )

    def run(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action in a transaction of its own and give its outcome; one that raises leaves nothing behind."""
        self._connection.execute("BEGIN")
        try:
            outcome = action(Tx(self._connection, self._queries, self._sources, self.vault), *args, **kwargs)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return outcome
