"""Time and memory of an export of a million judgments: `python -m benchmarks.export`.

A database is filled by plain SQL in a temporary folder; each format is then written by the real command in a process of its own, and the
most memory that this process ever held is what the system says of it (ru_maxrss).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import figures
from bot import settings
from rules import project_file
from storage.database import prepare_file
from storage.vault import Vault

STUDENTS = 1_000
FIELD_CHARACTERS = 260
MEGABYTE = 1_000_000
FORMATS = ("judgments", "judgments-csv", "labels", "trl-unpaired", "label-studio")
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
overlap = [4, 4]
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
MEASURED = """
import resource, sys
from bot import cli
code = cli.main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


def fill(path: Path, judgments: int, overlap: int) -> None:
    """Make a project whose items each have so many judgments; a hundredth of them are gold, which everybody meets."""
    key = settings.load(env_file=None, database_url=f"sqlite:///{path}").key()
    prepare_file(path, 0, Vault(key))
    connection = sqlite3.connect(path, isolation_level=None)
    run, many = connection.execute, connection.executemany
    # There are no assignments behind these judgments; an export never looks at them.
    for pragma in ("synchronous=OFF", "foreign_keys=OFF"):
        run(f"PRAGMA {pragma}")
    run("BEGIN")
    definition = project_file.dump(project_file.parse(PROJECT))
    run(
        "INSERT INTO projects VALUES (1, 'bench', 'Check maths solutions', ?, 'open', NULL, 0, 0)",
        (definition,),
    )
    people = [(number, f"student-{number:04}") for number in range(1, STUDENTS + 1)]
    many(
        "INSERT INTO people (id, pseudonym, contact, profile, state, joined_ms) VALUES (?, ?, '', '', 'ready', 0)",
        people,
    )
    many(
        "INSERT INTO consents (person_id, version, digest, given_ms) VALUES (?, '1', '', 0)",
        [p[:1] for p in people],
    )
    many(
        "INSERT INTO items (id, project_id, external_id, use, fields, gold, added_ms) VALUES (?, 1, ?, ?, ?, ?, 0)",
        _items(judgments // overlap),
    )
    many(
        "INSERT INTO judgments (token, person_id, project_id, item_id, use, answers, shown_ms, answered_ms, credited_ms, amount_micro, "
        "currency, status) VALUES (?, ?, 1, ?, ?, ?, ?, ?, 30000, 200000, 'USD', 'counted')",
        _judgments(judgments, overlap),
    )
    run("COMMIT")
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _items(count: int) -> Iterator[tuple[Any, ...]]:
    text = "apples and pears are sold by the dozen; " * 7
    for number in range(1, count + 1):
        words = f"{number} {text}"[:FIELD_CHARACTERS]
        gold = '{"correct":"yes"}' if number % 100 == 0 else None
        yield (
            number,
            f"i{number}",
            "gold" if gold else "work",
            json.dumps({"question": words, "solution": words}),
            gold,
        )


def _judgments(count: int, overlap: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(count)
    for number in range(count):
        item, person = number // overlap + 1, number % STUDENTS + 1
        answers = '{"correct": "yes"}' if chance.random() < 0.8 else '{"correct": "no"}'
        moment = 1_750_000_000_000 + number * 1000
        yield (
            f"t{number}",
            person,
            item,
            "gold" if item % 100 == 0 else "work",
            answers,
            moment - 30_000,
            moment,
        )


def measure(folder: Path, judgments: int, overlap: int, names: list[str]) -> str:
    """Fill a database, write every format, and table the seconds, the size and the memory."""
    path = folder / "bench.db"
    fill(path, judgments, overlap)
    rows = []
    for name in names:
        print(f"{name} …", file=sys.stderr)
        target = folder / f"out-{name}"
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{path}"}
        words = [sys.executable, "-c", MEASURED, "export", "bench", "--format", name, "--out", str(target)]
        began = time.perf_counter()
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - began
        held = int(done.stdout.split()[-1]) * 1024
        lines = done.stdout.splitlines()[0].split()[0]
        size = target.stat().st_size / MEGABYTE
        rows.append([name, lines, f"{size:,.0f}", f"{seconds:.0f}", f"{held / MEGABYTE:.0f}"])
    return figures.table(["format", "rows", "file, MB", "seconds", "memory at most, MB"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument("--judgments", type=int, default=1_000_000)
    parser.add_argument("--overlap", type=int, default=4, help="judgments of each item")
    parser.add_argument("--formats", nargs="+", default=list(FORMATS))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="veritap-bench-") as folder:
        print(measure(Path(folder), chosen.judgments, chosen.overlap, chosen.formats))


if __name__ == "__main__":
    main()
