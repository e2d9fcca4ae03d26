"""The proof of large books: `.venv/bin/python -m benchmarks.verify [--entries N]`.

A database is filled with judgments that are approved, each chained as the ledger chains them. Then it is proved, and written as a journal,
by the real command in processes of its own. The ratio is that of N entries to a tenth as many: ten times the work should take ten times as
long, and no more.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rules import ledger
from rules.ledger import Posting
from storage.database import prepare_file

START_MS = 1_700_000_000_000
STEP_MS = 30_000
CREDITED_MS = 21_000
RATE_MICRO = 24_000_000
AMOUNT_MICRO = 140_000
STUDENTS = 200
ROUNDS = 3


class Books:
    """A database file that is filled without the actions, as they would fill it."""

    def __init__(self, path: Path) -> None:
        prepare_file(path, START_MS, None)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA synchronous=OFF")
        self.head = ledger.GENESIS
        self.entries = 0
        self.balances: dict[tuple[str, str], int] = {}

    def fill(self, entries: int) -> None:
        """Add so many entries: an earning and an approval a judgment."""
        self.connection.execute("BEGIN")
        self._base(entries // 2)
        for number in range(1, entries // 2 + 1):
            self._judge(number)
        self._keep()
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA journal_mode=DELETE")
        self.connection.close()

    def _base(self, items: int) -> None:
        people = [(number, f"k{number}", f"p{number}", START_MS) for number in range(1, STUDENTS + 1)]
        self.connection.executemany(
            "INSERT INTO people (id, person_key, pseudonym, contact, profile, state, joined_ms) VALUES (?, ?, ?, '', '', 'ready', ?)",
            people,
        )
        definition = '{"quality": {"overlap": [2, 5]}, "pay": {}}'
        self.connection.execute(
            "INSERT INTO projects VALUES (1, 'large', 'Large', ?, 'open', NULL, ?, ?)",
            (definition, START_MS, START_MS),
        )
        self.connection.executemany(
            "INSERT INTO items (id, project_id, external_id, use, fields, added_ms) VALUES (?, 1, ?, 'work', '{}', 0)",
            ((number, str(number)) for number in range(1, items + 1)),
        )

    def _judge(self, number: int) -> None:
        person, shown = number % STUDENTS + 1, START_MS + number * STEP_MS
        answered, approved, token = shown + CREDITED_MS, shown + CREDITED_MS + 700_000, f"t{number}"
        self.connection.execute(
            "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen, "
            "first_shown_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms, first_steady_ms) "
            "VALUES (?, ?, 1, ?, 1, 'work', 'judged', 1, '', 0, 0, ?, ?, ?, 0, ?, 'USD', 120000, ?)",
            (token, person, number, shown, shown, CREDITED_MS, RATE_MICRO, shown),
        )
        self.connection.execute(
            "INSERT INTO judgments (id, token, person_id, project_id, item_id, use, answers, shown_ms, answered_ms, credited_ms, "
            "amount_micro, currency, status, approved_ms, answered_steady_ms) "
            "VALUES (?, ?, ?, 1, ?, 'work', '{\"correct\": \"yes\"}', ?, ?, ?, ?, 'USD', 'counted', ?, ?)",
            (number, token, person, number, shown, answered, CREDITED_MS, AMOUNT_MICRO, approved, answered),
        )
        self.connection.execute(
            "INSERT INTO earned VALUES (?, ?, 'USD', ?, ?) ON CONFLICT DO UPDATE SET credited_ms = credited_ms + excluded.credited_ms, "
            "amount_micro = amount_micro + excluded.amount_micro",
            (person, answered - answered % 900_000, CREDITED_MS, AMOUNT_MICRO),
        )
        earned = ledger.earning(1, person, CREDITED_MS, AMOUNT_MICRO, "USD")
        self._post(f"judgment:{number}", "earning", person, f"person:{person}", answered, earned)
        moved = ledger.approval(person, CREDITED_MS, AMOUNT_MICRO, "USD")
        entry_id = self._post(f"approve:{number}", "approval", person, "system", approved, moved)
        self.connection.execute(
            "INSERT INTO payables VALUES (?, ?, 'USD', ?, ?, NULL)", (entry_id, person, AMOUNT_MICRO, number)
        )

    def _post(self, key: str, kind: str, person: int, actor: str, at_ms: int, postings: list[Posting]) -> int:
        digest = ledger.chain_hash(self.head, key, kind, actor, "work", at_ms, postings)
        self.entries += 1
        self.connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, 'work', ?, ?, ?)",
            (self.entries, key, kind, person, actor, at_ms, self.head, digest),
        )
        for line, posting in enumerate(postings, start=1):
            row = (self.entries, line, posting.source, posting.destination, posting.amount, posting.asset)
            self.connection.execute("INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?)", row)
        for place, amount in ledger.balances(postings).items():
            self.balances[place] = self.balances.get(place, 0) + amount
        self.head = digest
        return self.entries

    def _keep(self) -> None:
        rows = ((account, asset, amount) for (account, asset), amount in self.balances.items())
        self.connection.executemany("INSERT INTO balances VALUES (?, ?, ?)", rows)


def measure(path: Path, *more: str) -> float:
    """Run the command on a file and give its shortest time of some rounds, in seconds: what the machine's other guests cost is left out."""
    command = [sys.executable, "-m", "bot", "verify", str(path), *more]
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return min(times)


def main(arguments: list[str]) -> None:
    """Fill, measure and tell."""
    parser = argparse.ArgumentParser(description="The proof of large books.")
    parser.add_argument("--entries", type=int, default=200_000)
    entries = parser.parse_args(arguments).entries
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.db"), Path(folder, "large.db")
        Books(small).fill(entries // 10)
        Books(large).fill(entries)
        size = large.stat().st_size / 1_000_000
        print(f"{entries:,} entries, {size:,.0f} MB")
        for name, more in (
            ("verify", ()),
            ("--journal hledger", ("--journal", "hledger")),
            ("--journal beancount", ("--journal", "beancount")),
        ):
            tenth, whole = measure(small, *more), measure(large, *more)
            print(
                f"{name}: {whole:.1f} s; {whole / tenth:.1f} times what a tenth of it takes ({tenth:.2f} s)"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
