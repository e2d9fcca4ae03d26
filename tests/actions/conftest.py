"""A database for the tests of actions: a fresh, migrated file, transactions on demand, and a clock and chance that the test holds.

`db.run(action, …)` is the synchronous twin of `await store.write(action, …)`: one transaction, kept when the action returns and undone
when it raises. `db.clock.advance(ms)` moves time. Nothing is faked but the moment and chance.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from actions import people
from actions.people import Person, Visitor
from rules.audience import Profile
from storage import queries
from storage.database import prepare_file
from storage.tx import Sources, Tx
from storage.vault import Vault, new_key

P = ParamSpec("P")
T = TypeVar("T")

START_MS = 1_700_000_000_000
KEY = new_key()
PROFILE = Profile("bachelor", "maths", ("en",), "Europe/Kyiv")


@dataclasses.dataclass(slots=True)
class Clock:
    """The time that transactions see, in UTC milliseconds; it moves only when told. `stepped_ms`: by how much it was set in all."""

    now_ms: int = START_MS
    stepped_ms: int = 0

    def advance(self, duration_ms: int) -> None:
        """Let time pass; less than nothing sets the clock back."""
        self.now_ms += duration_ms
        self.stepped_ms += min(0, duration_ms)

    def set_by(self, step_ms: int) -> None:
        """Set the clock, forwards or backwards, while no time passes."""
        self.now_ms += step_ms
        self.stepped_ms += step_ms

    def steady_ms(self) -> int:
        """Tell the time that nobody set."""
        return self.now_ms - self.stepped_ms


class Db:
    """One database file, open for a test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock()
        self.chance = random.Random(20)
        self.vault = Vault(KEY)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys=ON")
        self.connection.execute("PRAGMA synchronous=OFF")
        self._sources = Sources(
            lambda: self.clock.now_ms, self.chance.random, self._new_id, self.clock.steady_ms
        )

    def _new_id(self) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "".join(self.chance.choices(letters, k=22))

    @contextlib.contextmanager
    def tx(self) -> Iterator[Tx]:
        """Open a transaction: committed at the end, rolled back when something raises."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield Tx(self.connection, queries.load("sqlite"), self._sources, self.vault)
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def run(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one action in a transaction of its own and give its outcome."""
        with self.tx() as tx:
            return action(tx, *args, **kwargs)

    def rows(self, sql: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Look into the tables with any SQL."""
        return self.connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, /, **parameters: Any) -> Any:
        """Look up one value with any SQL; None when there is no row."""
        row = self.connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def visitor(self, telegram_id: int, name: str = "Ada") -> Visitor:
        """Make the visitor behind a Telegram id; known to the database only once they joined."""
        return Visitor(self.vault.index(str(telegram_id)), telegram_id, name, "", "en")

    def join(
        self,
        telegram_id: int,
        *roles: str,
        profile: Profile = PROFILE,
        state: str = "ready",
        consent: bool = True,
    ) -> tuple[Visitor, Person]:
        """Add a person who has agreed and told their profile; a student unless other roles are named."""
        visitor = self.visitor(telegram_id)
        person = self.run(people.enrol, visitor)
        for role in roles or ("student",):
            self._insert("roles", person_id=person.id, role=role, granted_ms=self.clock.now_ms)
        if consent:
            self._insert("consents", person_id=person.id, version="1", digest="d", given_ms=self.clock.now_ms)
        with self.tx() as tx:
            tx.run("people.set_profile", id=person.id, profile=people.seal_profile(tx, profile), state=state)
        return visitor, self.run(people.get, person.id)

    def _insert(self, table: str, **values: Any) -> None:
        columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        self.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one empty database, to be copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    prepare_file(path, START_MS, Vault(KEY))
    connection = sqlite3.connect(path, isolation_level=None)
    # One file, without its log beside it, is what a copy needs.
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    return path


@pytest.fixture
def db(migrated_file: Path, tmp_path: Path) -> Iterator[Db]:
    """Give a fresh database."""
    path = tmp_path / "veritap.db"
    shutil.copyfile(migrated_file, path)
    opened = Db(path)
    yield opened
    opened.connection.close()
