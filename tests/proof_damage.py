"""How much damage the proof notices: `python -m tests.proof_damage [--damages N] [--seed S]`.

A lived-in database is damaged in one place, again and again, each time from the whole file: one value of one row is changed behind the
guards' back, or one byte of the file. Two files are damaged: the live one, and a backup with its seal (its SHA-256) beside it.

The rule for what counts. In the live file a damage is a change after which the books read otherwise (the columns below: everything from
which hours, money, who decided and what was frozen follow), or after which the file cannot be read to its end. A byte that nobody reads (a
free page, the rest of a page, a hint in a header), or that lies in a column beside the books (a draft, an item's text, a notice, and the
moments of steady time, which only bound what can be credited), is none.
In a backup each byte and each value counts, whatever it is.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import verify
from tests.bot import lived_in

BOOKS = {
    "entries": "id key kind person_id actor reason recorded_ms previous_hash hash",
    "postings": "entry_id line source destination amount asset",
    "judgments": "id token person_id project_id item_id use shown_ms answered_ms credited_ms amount_micro currency "
    "scheme piece_micro approved_ms undone_ms withheld_id",
    "balances": "account asset amount",
    "payables": "entry_id person_id currency amount_micro judgment_id line_id",
    "payout_batches": "id currency period_end_ms minimum_micro frozen_by frozen_ms lines total_micro digest",
    "payout_lines": "id batch_id person_id number reference method payee_digest amount_micro state",
    "topup_weeks": "project_id start_ms end_ms judgments median_ms topped_up_micro",
    "statements": "person_id week resume_id content digest",
    "statement_weeks": "week through_id head_hash",
    "statement_bounds": "week project_id end_ms",
    "adjustments": "id person_id currency amount_micro reason state decided_by decided_ms",
    "bonus_grants": "id project_id currency amount_micro reason students state decided_by decided_ms",
    "bonuses": "id grant_id person_id",
    "withheld": "judgment_id withholding_id currency amount_micro held_in",
}
GOAL = 0.999


@dataclasses.dataclass
class Tally:
    """What was damaged, and what of it was noticed."""

    name: str
    done: int = 0
    noticed: int = 0
    missed: list[str] = dataclasses.field(default_factory=list)

    def add(self, what: str, *, noticed: bool) -> None:
        """Count a damage."""
        self.done += 1
        self.noticed += noticed
        if not noticed:
            self.missed.append(what)


class Damages:
    """Damages copies of one file, in a folder of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.whole = folder / "whole.db"
        self.copy = folder / "copy.db"
        lived_in.live(self.whole)
        self.chance = random.Random(seed)
        self.read = read_books(self.whole)
        self.rows = {table: len(rows) for table, rows in self.read.items() if rows}

    def row(self, *, anywhere: bool = False) -> str:
        """Change one value of one row, behind the guards' back. Give where."""
        shutil.copyfile(self.whole, self.copy)
        connection = sqlite3.connect(self.copy, isolation_level=None)
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        where = ""
        while not where:
            where = self._change(connection, anywhere)
        for _, sql in triggers:
            connection.execute(sql)
        connection.close()
        return where

    def _change(self, connection: sqlite3.Connection, anywhere: bool) -> str:
        table = self._table(connection, anywhere)
        found = connection.execute(f"PRAGMA table_info({table})").fetchall()
        column = self.chance.choice([row[1] for row in found] if anywhere else BOOKS[table].split())
        keys = [row[1] for row in found if row[5]]
        names = ", ".join([column, *keys])
        count = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        place = self.chance.randrange(count)
        value, *key = connection.execute(f"SELECT {names} FROM {table} LIMIT 1 OFFSET {place}").fetchone()
        try:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {' AND '.join(f'{name} IS ?' for name in keys)}",
                (self._other(value), *key),
            )
        except sqlite3.IntegrityError:
            # The engine itself does not let it in.
            return ""
        return f"{table}.{column} of row {place}"

    def _table(self, connection: sqlite3.Connection, anywhere: bool) -> str:
        if not anywhere:
            # Each row is as likely as any other, so the large tables get most of it.
            picked: str = self.chance.choices(list(self.rows), list(self.rows.values()))[0]
            return picked
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        filled: list[str] = [
            name for (name,) in names.fetchall() if connection.execute(f"SELECT 1 FROM {name}").fetchone()
        ]
        return self.chance.choice(filled)

    def _other(self, value: Any) -> Any:
        if isinstance(value, int):
            return value + self.chance.choice([-1000, -1, 1, 7])
        if isinstance(value, str) and value:
            place = self.chance.randrange(len(value))
            return f"{value[:place]}{'x' if value[place] != 'x' else 'y'}{value[place + 1 :]}"
        return 1 if value is None else "x"

    def byte(self) -> str:
        """Change one byte of the file. Give where."""
        data = bytearray(self.whole.read_bytes())
        place = self.chance.randrange(len(data))
        data[place] ^= 1 << self.chance.randrange(8)
        self.copy.write_bytes(data)
        return f"byte {place}"

    def is_damage(self) -> bool:
        """Tell whether the books of the copy read otherwise, or cannot be read to their end."""
        try:
            return read_books(self.copy) != self.read
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            # Even what the engine says of it may be torn.
            return True

    def is_noticed(self) -> bool:
        """Tell whether the proof does not call the copy right."""
        try:
            return not verify.verify(self.copy).is_good
        except verify.CannotVerify:
            return True


def read_books(path: Path) -> dict[str, list[Any]]:
    """Read every column of the books, row by row, without the help of an index."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.text_factory = bytes
    try:
        return {
            table: connection.execute(
                f"SELECT {', '.join(columns.split())} FROM {table} NOT INDEXED"
            ).fetchall()
            for table, columns in BOOKS.items()
        }
    finally:
        connection.close()


def run(folder: Path, damages: int, seed: int) -> list[Tally]:
    """Do so many damages of each sort and tell what was noticed."""
    at = Damages(folder, seed)
    found = []
    for name, damage in (("live file, one row", at.row), ("live file, one byte", at.byte)):
        tally = Tally(name)
        while tally.done < damages:
            where = damage()
            if at.is_damage():
                tally.add(where, noticed=at.is_noticed())
        found.append(tally)
    found.append(_sealed(at, damages))
    return found


def _sealed(at: Damages, damages: int) -> Tally:
    verify.seal_of(at.copy).write_text(f"{verify.digest(at.whole)}  {at.copy.name}\n", encoding="utf-8")
    ways: tuple[Callable[[], str], ...] = (lambda: at.row(anywhere=True), at.byte)
    tally = Tally("backup with its seal, any row or byte")
    for number in range(damages):
        tally.add(ways[number % 2](), noticed=at.is_noticed())
    verify.seal_of(at.copy).unlink()
    return tally


def main(arguments: list[str]) -> int:
    """Damage, count, and tell. Return 1 when less was noticed than the goal."""
    parser = argparse.ArgumentParser(description="How much damage the proof notices.")
    parser.add_argument("--damages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.damages, chosen.seed)
    for tally in found:
        sys.stdout.write(f"{tally.name}: {tally.noticed} of {tally.done} noticed\n")
        for what in tally.missed:
            sys.stdout.write(f"  missed: {what}\n")
    return 0 if all(tally.noticed >= GOAL * tally.done for tally in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
