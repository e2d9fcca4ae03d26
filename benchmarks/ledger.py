"""The cost of a balance, and of posting one more entry, with 1,000 and with 1,000,000 entries: `python -m benchmarks.ledger`.

Real files of the real schema, read and written by the real actions. All entries are one busy student's, in the measured
account. Rounds are interleaved, so that a busy machine disturbs both alike; the ratio is what counts.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from actions import ledger
from benchmarks import figures
from rules import ledger as books
from storage import queries
from storage.database import CACHE_KIB, prepare_file
from storage.tx import Sources, Tx
from storage.vault import Vault, new_key

START_MS = 1_750_000_000_000
SMALL, LARGE = 1_000, 1_000_000
ROUNDS, LOOKS, POSTS = 15, 2_000, 300
GOAL = 1.2
STUDENT = 1


class Bench:
    """One database file with so many entries."""

    def __init__(self, folder: Path, entries: int) -> None:
        self.path = folder / f"{entries}.db"
        prepare_file(self.path, START_MS, Vault(new_key()))
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute(
            "INSERT INTO people (id, pseudonym, contact, profile, state, joined_ms) VALUES (1, 's', '', '', 'ready', 0)"
        )
        self.number = 0
        self.tx = Tx(
            self.connection,
            queries.load("sqlite"),
            Sources(lambda: START_MS, lambda: 0.5, lambda: ""),
            Vault(new_key()),
        )
        self.connection.execute("BEGIN")
        for _ in range(entries):
            self.post()
        self.connection.execute("COMMIT")

    def post(self) -> None:
        """Post one more bonus, the entry that moves both a balance and what is payable."""
        self.number += 1
        ledger.post(
            self.tx,
            key=f"bonus:{self.number}",
            kind="bonus",
            person_id=STUDENT,
            actor="system",
            reason="benchmark",
            postings=books.bonus(1, STUDENT, 200_000, "USD"),
        )

    def look_us(self) -> float:
        """Time one look at a balance, in microseconds; the mean of many."""
        begin = time.perf_counter()
        for _ in range(LOOKS):
            ledger.balance(self.tx, f"student:{STUDENT}:approved", "USD")
        return (time.perf_counter() - begin) / LOOKS * 1e6

    def post_us(self) -> float:
        """Time one more entry, in microseconds, the commit aside; the mean of many, which are not kept."""
        number = self.number
        self.connection.execute("BEGIN")
        begin = time.perf_counter()
        for _ in range(POSTS):
            self.post()
        spent = time.perf_counter() - begin
        self.connection.execute("ROLLBACK")
        self.number = number
        return spent / POSTS * 1e6


def main() -> int:
    """Measure and print; 1 when a balance costs more than the goal allows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--entries", type=int, default=LARGE, help="entries of the large file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        benches = [Bench(Path(folder), SMALL), Bench(Path(folder), asked.entries)]
        looks: list[list[float]] = [[], []]
        posts: list[list[float]] = [[], []]
        for one in range(asked.rounds):
            # The order turns round, so that neither file always comes second.
            for place in (0, 1) if one % 2 else (1, 0):
                looks[place].append(benches[place].look_us())
                posts[place].append(benches[place].post_us())
    rows = [
        [name, figures.spread(small), figures.spread(large), figures.spread(figures.ratios(large, small))]
        for name, (small, large) in (("a balance", looks), ("one more entry", posts))
    ]
    head = ["", f"{SMALL:,} entries, us", f"{asked.entries:,} entries, us", "large / small"]
    sys.stdout.write(figures.table(head, rows) + "\n")
    return int(statistics.median(figures.ratios(looks[1], looks[0])) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
