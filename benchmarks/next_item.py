"""The cost of a tap's whole transaction with many items and much history: `python -m benchmarks.next_item`.

Real actions on real files with `synchronous=FULL`: an answer is judged, timed, paid and chained into the books, the
item's overlap reviewed, the next item found and leased, the inbox row marked. Small and large files are built in a
temporary folder and deleted at the end. Rounds are interleaved, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from actions import inbox, judgments, outcomes, people, projects, qualifications, work
from actions.people import Visitor
from actions.work import Card
from benchmarks import figures
from rules import project_file
from rules.audience import Profile
from storage import queries
from storage.database import CACHE_KIB, prepare_file
from storage.tx import Sources, Tx
from storage.vault import Vault, new_key

P = ParamSpec("P")
T = TypeVar("T")

START_MS = 1_750_000_000_000
DAY_MS = 86_400_000
TAP_MS = 20_000
GOLD_EVERY = 10
HISTORY = 5_000
HISTORY_A_DAY = 200
FIELD_CHARACTERS = 260
PROJECT = """
slug = "bench"
title = "Check maths solutions"
instructions = "Read the problem, then the solution."
[pay]
currency = "USD"
rate_per_hour = "24.00"
expected_seconds = 60
cap_seconds = 180
[quality]
gold_share = 0.10
overlap = [3, 5]
[[show]]
field = "question"
[[show]]
field = "solution"
[[ask]]
id = "correct"
kind = "choice"
text = "Is the solution correct?"
options = [{ value = "yes", label = "Correct" }, { value = "no", label = "Wrong" }]
"""


@dataclasses.dataclass(slots=True)
class Student:
    """A student who taps: the card that lies open before them, and the day on which they work."""

    visitor: Visitor
    now_ms: int
    card: Card | None = None
    done: int = 0


class Bench:
    """One database file with so many items, and students who work on it."""

    def __init__(self, folder: Path, items: int) -> None:
        self.items = items
        self.now_ms = START_MS
        self.chance = random.Random(items)
        self.vault = Vault(new_key())
        path = folder / f"{items}.db"
        prepare_file(path, START_MS, self.vault)
        self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        for pragma in ("foreign_keys=ON", f"cache_size=-{CACHE_KIB}", "synchronous=OFF"):
            self.connection.execute(f"PRAGMA {pragma}")
        self._sources = Sources(lambda: self.now_ms, self.chance.random, self._new_id)
        self._queries = queries.load("sqlite")
        self._people = 0
        self._updates = 0

    def _new_id(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"[:22]

    @contextlib.contextmanager
    def _tx(self) -> Iterator[Tx]:
        self.connection.execute("BEGIN IMMEDIATE")
        yield Tx(self.connection, self._queries, self._sources, self.vault)
        self.connection.execute("COMMIT")

    def run(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one action in a transaction of its own, as the writer does."""
        with self._tx() as tx:
            return action(tx, *args, **kwargs)

    def fill(self) -> None:
        """Make the project and its items by plain SQL; every tenth item is gold."""
        self.run(projects.keep, None, project_file.parse(PROJECT))
        self.connection.execute("UPDATE projects SET state = 'open'")
        insert = "INSERT INTO items (id, project_id, external_id, use, fields, gold, added_ms) VALUES (?,1,?,?,?,?,0)"
        self.connection.execute("BEGIN")
        self.connection.executemany(insert, self._rows())
        self.connection.execute("INSERT INTO queue SELECT 1, id, 3 FROM items WHERE use = 'work'")
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        for number in range(1, self.items + 1):
            text = f"{number} " + "apples and pears are sold by the dozen; " * 7
            fields = json.dumps({"question": text[:FIELD_CHARACTERS], "solution": text[:FIELD_CHARACTERS]})
            gold = '{"correct":"yes"}' if number % GOLD_EVERY == 0 else None
            yield number, f"i{number}", "gold" if gold else "work", fields, gold

    def student(self, now_ms: int) -> Student:
        """Let a student join who agreed and told their profile."""
        self._people += 1
        self.now_ms = now_ms
        key = self.vault.index(str(self._people))
        visitor = Visitor(key, self._people, "Ada", "", "en")
        person = self.run(people.enrol, visitor)
        with self._tx() as tx:
            sealed = people.seal_profile(tx, Profile("bachelor", "maths", ("en",), "Europe/Kyiv"))
            tx.run("people.set_profile", id=person.id, profile=sealed, state="ready")
            qualifications.join(tx, visitor, 1)
        return Student(visitor, now_ms)

    def tap(self, student: Student, spent_ms: int = TAP_MS) -> tuple[float, float]:
        """Answer the open card. Give the milliseconds of CPU and of time that its transaction took."""
        card = self._card_of(student)
        student.now_ms += spent_ms
        self.now_ms = student.now_ms
        self._updates += 1
        arrival = inbox.Arrival(
            self._updates, str(self._updates), student.visitor.key, f'{{"tap":"{card.token}"}}'
        )
        [accepted] = self.run(inbox.accept, [arrival])
        cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
        outcome = self.run(
            inbox.with_mark, accepted.id, judgments.tap, student.visitor, card.token, card.step, "o0"
        )
        cpu, wall = time.thread_time_ns() - cpu, time.perf_counter_ns() - wall
        assert isinstance(outcome, outcomes.Recorded), outcome
        student.card = outcome.next if isinstance(outcome.next, Card) else None
        student.done += 1
        return cpu / 1e6, wall / 1e6

    def _card_of(self, student: Student) -> Card:
        if student.card is None:
            self.now_ms = student.now_ms
            following = self.run(work.begin_set, student.visitor, 1)
            assert isinstance(following, Card), following
            student.card = following
        return student.card

    def veteran(self, history: int, a_day: int) -> Student:
        """Let a student work so many items, so many a day up to yesterday."""
        days = -(-history // a_day)
        student = self.student(START_MS - days * DAY_MS)
        for day in range(days):
            student.now_ms = START_MS - (days - day) * DAY_MS
            for _ in range(min(a_day, history - student.done)):
                self.tap(student, spent_ms=min(TAP_MS, DAY_MS // (2 * a_day)))
        student.now_ms = START_MS
        return student

    def in_earnest(self) -> None:
        """From here on every commit waits for the disk."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.execute("PRAGMA synchronous=FULL")


@dataclasses.dataclass(slots=True)
class Series:
    """What a tap of one kind of student on one file cost: a mean each round, in milliseconds.

    A mean, since one tap in ten meets gold and a median would hide what that costs.
    """

    name: str
    bench: Bench
    make: Callable[[], Student]
    lasts: int
    student: Student | None = None
    cpu_ms: list[float] = dataclasses.field(default_factory=list)
    wall_ms: list[float] = dataclasses.field(default_factory=list)

    def round(self, taps: int) -> None:
        """Measure one round. A student who did `lasts` taps in the measurement makes way for the next."""
        measured = []
        for _ in range(taps):
            if self.student is None or self.student.done >= self.lasts:
                self.student = self.make()
            measured.append(self.bench.tap(self.student))
        self.cpu_ms.append(statistics.fmean(cpu for cpu, _ in measured))
        self.wall_ms.append(statistics.fmean(wall for _, wall in measured))


def build(folder: Path, items: int) -> list[Series]:
    """Make one file and the kinds of students who will be measured on it."""
    began = time.perf_counter()
    bench = Bench(folder, items)
    bench.fill()
    veteran = bench.veteran(HISTORY, HISTORY_A_DAY)
    marathon = bench.veteran(HISTORY, HISTORY)
    # Theirs is one day without a night: all of it counts towards the day's earnings on each card.
    marathon.now_ms = START_MS - DAY_MS + HISTORY * (DAY_MS // (2 * HISTORY))
    bench.in_earnest()
    print(f"{items:>9,} items, ready in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return [
        Series("fresh student", bench, lambda: bench.student(START_MS), 200),
        Series(f"{HISTORY:,} judgments before today", bench, lambda: veteran, sys.maxsize),
        Series(f"{HISTORY:,} judgments, all today", bench, lambda: marathon, sys.maxsize),
    ]


def report(small: list[Series], large: list[Series]) -> str:
    """Write the tables: cost by file and kind of student, and the two ratios."""
    rows = []
    for one, other in zip(small, large, strict=True):
        fresh = [
            figures.ratios(kind.cpu_ms, base.cpu_ms) for kind, base in ((one, small[0]), (other, large[0]))
        ]
        rows.append(
            [
                one.name,
                figures.spread(one.cpu_ms, 3),
                figures.spread(other.cpu_ms, 3),
                figures.spread(figures.ratios(other.cpu_ms, one.cpu_ms)),
                f"{figures.spread(fresh[0])}, {figures.spread(fresh[1])}",
                f"{figures.spread(one.wall_ms)}, {figures.spread(other.wall_ms)}",
            ]
        )
    few, many = f"{small[0].bench.items:,}", f"{large[0].bench.items:,}"
    head = [
        "student",
        f"{few} items, CPU ms",
        f"{many} items, CPU ms",
        "large / small",
        "/ fresh (small, large)",
        "wall ms (small, large)",
    ]
    return figures.table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.next_item", description=__doc__)
    parser.add_argument("--few", type=int, default=10_000, help="items in the small file")
    parser.add_argument("--many", type=int, default=1_000_000, help="items in the large file")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--taps", type=int, default=60, help="taps of each kind a round")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="veritap-bench-") as folder:
        small, large = build(Path(folder), chosen.few), build(Path(folder), chosen.many)
        for number in range(chosen.rounds):
            for series in (*small, *large) if number % 2 else (*large, *small):
                series.round(chosen.taps)
            print(f"\rround {number + 1}/{chosen.rounds}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        print(report(small, large))


if __name__ == "__main__":
    main()
