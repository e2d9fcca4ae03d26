"""The proof as a whole: opens the file, asks every check, and says what was found."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bot.verify.base import GENESIS, SHOWN_MAX, TIME, Check, tables
from bot.verify.chain import check_balances, check_chain
from bot.verify.clock import check_clock
from bot.verify.corrections import check_corrections
from bot.verify.file import check_file, check_schema
from bot.verify.judgments import check_judgments, check_overlap, check_pay, check_sums
from bot.verify.kinds import check_entries
from bot.verify.payables import check_batches, check_payables
from bot.verify.statements import check_statements
from bot.verify.topups import check_topups

CHECKS: tuple[Check, ...] = (
    check_file,
    check_schema,
    check_chain,
    check_balances,
    check_entries,
    check_judgments,
    check_pay,
    check_clock,
    check_sums,
    check_overlap,
    check_payables,
    check_batches,
    check_corrections,
    check_topups,
    check_statements,
)
BUSY_TIMEOUT_S = 10.0
TABLES = {"people", "projects", "items", "assignments", "judgments", "entries", "postings", "audit"}
GOOD, WRONG, UNUSABLE = 0, 1, 2
UNREADABLE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_NOMEM",
    "SQLITE_INTERRUPT",
)
"""Trouble with getting at the file, which says nothing of the books."""


class CannotVerify(Exception):
    """The file cannot be checked at all; the text says why."""


@dataclass
class Report:
    """What was looked at and what is wrong with it."""

    counts: dict[str, int] = field(default_factory=dict)
    balances: list[tuple[str, str, int]] = field(default_factory=list)
    head: str = GENESIS
    findings: list[str] = field(default_factory=list)
    wrong: int = 0

    @property
    def is_good(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.wrong == 0


Progress = Callable[[int, int], None]


def verify(path: Path, progress: Progress = lambda done, of: None, known_head: str = "") -> Report:
    """Check a database file, on one consistent view of it.

    `known_head`: the head that an earlier report told; it must still be in the chain, which proves that the ledger
    has only grown since. Raises CannotVerify when the file is no Veritap database.
    """
    report = Report()
    try:
        with opened(path) as connection:
            _collect(report, _first_look(connection, report))
            _collect(report, _check_seal(path))
            _collect(report, _check_head(connection, known_head))
            for done, check in enumerate(CHECKS):
                progress(done, len(CHECKS))
                _collect(report, check(connection))
            progress(len(CHECKS), len(CHECKS))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # What the engine says of a torn schema may be torn itself.
        _collect(report, iter([f"the file is damaged: {error}"]))
    return report


def _first_look(connection: sqlite3.Connection, report: Report) -> Iterator[str]:
    report.counts = _counts(connection)
    report.balances = _balances(connection)
    head = connection.execute("SELECT hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
    report.head = str(head[0]) if head else GENESIS
    yield from ()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database file to read one consistent view of it. Raises CannotVerify when it is no Veritap database."""
    connection = _open(path)
    try:
        connection.execute("BEGIN")
        _require_tables(connection, path)
        yield connection
    except sqlite3.OperationalError as error:
        # Neither says anything about the books: somebody holds the file, or the disk does not give it out.
        raise CannotVerify(f"{path} cannot be read: {error}") from error
    finally:
        connection.close()


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise CannotVerify(f"There is no file {path}.")
    where = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(where, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S)
    connection.execute("PRAGMA query_only=ON")
    return connection


def _require_tables(connection: sqlite3.Connection, path: Path) -> None:
    try:
        found = tables(connection)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB":
            raise
        raise CannotVerify(f"{path} is not a database: {error}.") from error
    if not found >= TABLES:
        missing = ", ".join(sorted(TABLES - found))
        raise CannotVerify(f"{path} is not a Veritap database; it has no table {missing}.")


def seal_of(path: Path) -> Path:
    """Name the file that holds the SHA-256 of a backup, as `sha256sum` writes it."""
    return path.with_name(f"{path.name}.sha256")


def digest(path: Path) -> str:
    """Give the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_seal(path: Path) -> Iterator[str]:
    """A backup with its seal beside it is byte for byte what was written."""
    seal = seal_of(path)
    if seal.is_file() and seal.read_text(encoding="utf-8", errors="replace").partition(" ")[0] != digest(
        path
    ):
        yield f"the file is not the one that {seal.name} was written for"


def _check_head(connection: sqlite3.Connection, known_head: str) -> Iterator[str]:
    sought = known_head.strip().lower()
    if sought in ("", GENESIS):
        return
    if connection.execute("SELECT 1 FROM entries WHERE hash = ?", (sought,)).fetchone() is None:
        yield f"the ledger no longer holds the entry with the hash {sought}"


def _collect(report: Report, found: Iterator[str]) -> None:
    for number, finding in enumerate(_unbroken(found), start=1):
        report.wrong += 1
        if number <= SHOWN_MAX:
            report.findings.append(finding)
        elif number == SHOWN_MAX + 1:
            report.findings.append("… and more of this kind")


def _unbroken(found: Iterator[str]) -> Iterator[str]:
    """Go on with the other checks when one meets something so damaged that it cannot look at it."""
    try:
        yield from found
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "").startswith(UNREADABLE):
            raise
        yield f"the file is damaged: {error}"
    except Exception as error:
        # Whatever a check stumbles over stands in the file, and is not what the program writes.
        yield f"something is damaged past reading: {type(error).__name__} {error}"


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    questions = {
        "people": "SELECT COUNT(*) FROM people",
        "items": "SELECT COUNT(*) FROM items",
        "judgments": "SELECT COUNT(*) FROM judgments WHERE undone_ms IS NULL",
        "undone": "SELECT COUNT(*) FROM judgments WHERE undone_ms IS NOT NULL",
        "approved": "SELECT COUNT(*) FROM judgments WHERE approved_ms IS NOT NULL",
        "entries": "SELECT COUNT(*) FROM entries",
        "postings": "SELECT COUNT(*) FROM postings",
    }
    return {name: int(connection.execute(sql).fetchone()[0]) for name, sql in questions.items()}


def _balances(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Sum what students hold by state (pending, approved, paid) and asset."""
    sql = """
        SELECT SUBSTR(account, INSTR(SUBSTR(account, 9), ':') + 9) AS state, asset, SUM(amount)
        FROM (
            SELECT destination AS account, asset, amount FROM postings
            UNION ALL SELECT source, asset, -amount FROM postings)
        WHERE account LIKE 'student:%' GROUP BY state, asset
        HAVING SUM(amount) <> 0 ORDER BY asset, state"""
    return [(str(state), str(asset), int(amount)) for state, asset, amount in connection.execute(sql)]


def describe(report: Report) -> str:
    """Write a report for people: figures, balances, the chain's head, and OK or what is wrong."""
    width = max(len(f"{count:,}") for count in report.counts.values()) if report.counts else 0
    lines = [f"{name:<10} {count:>{width},}" for name, count in report.counts.items()]
    for state, asset, amount in report.balances:
        lines.append(f"students, {state}: {_amount(amount, asset)}")
    lines.append(f"head       {report.head}")
    if report.is_good:
        lines.append(f"OK: {len(CHECKS)} checks, nothing wrong.")
    else:
        lines += [f"WRONG: {finding}" for finding in report.findings]
        lines.append(
            f"{report.wrong:,} findings. Keep a copy of the file before anything else is done with it."
        )
    return "\n".join(lines)


def _amount(amount: int, asset: str) -> str:
    if asset == TIME:
        seconds = amount // 1000
        return f"{seconds // 3600:,} h {seconds // 60 % 60:02d} min {seconds % 60:02d} s"
    sign, units = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{units // 1_000_000:,}.{units % 1_000_000:06d} {asset}"


def main(arguments: list[str]) -> int:
    """Verify the file that is named. Return 0 when the books are right, 1 when not, 2 when it cannot be read."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python3 -m bot.verify FILE\n")
        return UNUSABLE
    try:
        report = verify(Path(arguments[0]))
    except (CannotVerify, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    sys.stdout.write(describe(report) + "\n")
    return GOOD if report.is_good else WRONG
