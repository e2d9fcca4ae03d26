"""A transaction as the actions see it: named queries in, dataclasses out; time, chance and ids handed in.

An action is a plain function `def verb(tx: Tx, …) -> Outcome`; nothing in it can be awaited, so nothing can
come between its reads and its writes. No engine is imported here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from storage.vault import Vault

Row = TypeVar("Row")
Parameters = Mapping[str, Any]


class Cursor(Protocol):
    """What an engine's statement gives back."""

    @property
    def description(self) -> Sequence[Sequence[Any]] | None: ...
    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def close(self) -> Any: ...


class Engine(Protocol):
    """The few things a transaction needs of an engine."""

    def execute(self, sql: str, parameters: Parameters, /) -> Cursor: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Sources:
    """Where the moment, chance and ids come from; a test or a simulation hands in its own.

    `now_ms`: UTC milliseconds. `draw`: uniform in [0, 1). `new_id`: 22 URL-safe characters, unguessable. `steady_ms`: the same moment
    on a clock that nobody can set; None where the clock is never set.
    """

    now_ms: Callable[[], int]
    draw: Callable[[], float]
    new_id: Callable[[], str]
    steady_ms: Callable[[], int] | None = None


# Checked once per query and dataclass: the columns are the fields, in order.
_shapes: dict[tuple[str, type], bool] = {}


class Tx:
    """One transaction. `now_ms` stands still within it."""

    __slots__ = ("_engine", "_queries", "_steady_ms", "announced", "draw", "new_id", "now_ms", "vault")

    def __init__(self, engine: Engine, queries: Mapping[str, str], sources: Sources, vault: Vault) -> None:
        self._engine = engine
        self._queries = queries
        self.now_ms = sources.now_ms()
        self._steady_ms = None if sources.steady_ms is None else sources.steady_ms()
        self.draw = sources.draw
        self.new_id = sources.new_id
        self.vault = vault
        self.announced: tuple[str, ...] = ()

    @property
    def steady_ms(self) -> int:
        """This moment in steady time (`rules.steady`), which never goes back: what paid time is measured on."""
        return self.now_ms if self._steady_ms is None else self._steady_ms

    def one(self, query: str, into: type[Row], /, **parameters: Any) -> Row | None:
        """Run a query that gives at most one row. Its columns are the fields of `into`, in order."""
        cursor = self._engine.execute(self._queries[query], parameters)
        row = cursor.fetchone()
        if row is None:
            return None
        _check_shape(query, into, cursor)
        return into(*row)

    def all(self, query: str, into: type[Row], /, **parameters: Any) -> list[Row]:
        """Run a query that gives any number of rows."""
        cursor = self._engine.execute(self._queries[query], parameters)
        _check_shape(query, into, cursor)
        return [into(*row) for row in cursor.fetchall()]

    def each(self, query: str, into: type[Row], /, **parameters: Any) -> Iterator[Row]:
        """Run a query and give its rows one by one, as they are asked for. Nothing may be written before the last one."""
        cursor = self._engine.execute(self._queries[query], parameters)
        _check_shape(query, into, cursor)
        try:
            while (row := cursor.fetchone()) is not None:
                yield into(*row)
        finally:
            cursor.close()

    def value(self, query: str, /, **parameters: Any) -> Any:
        """Run a query that gives one column of at most one row; None when there is no row."""
        row = self._engine.execute(self._queries[query], parameters).fetchone()
        return None if row is None else row[0]

    def number(self, query: str, /, **parameters: Any) -> int:
        """Run a query that gives one whole number; 0 when there is no row or a null."""
        return int(self.value(query, **parameters) or 0)

    def run(self, query: str, /, **parameters: Any) -> int:
        """Run a query that gives no rows. Return how many rows it changed."""
        return self._engine.execute(self._queries[query], parameters).rowcount

    def announce(self, topic: str) -> None:
        """Wake whoever listens for a topic, once this transaction is committed; see `Database.listen`."""
        self.announced = (*self.announced, topic)


def _check_shape(query: str, into: type, cursor: Cursor) -> None:
    if (query, into) in _shapes:
        return
    columns = [column[0] for column in cursor.description or ()]
    fields = [field.name for field in dataclasses.fields(into)]
    if columns != fields:
        raise TypeError(f"{query} gives {columns}, but {into.__name__} has {fields}")
    _shapes[query, into] = True
