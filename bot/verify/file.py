"""The file itself: the engine finds it whole, every reference leads somewhere, and nothing that guards the books was taken down."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bot.verify.base import SHOWN_MAX, columns

GUARDS = {
    f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT,"
    for table in ("entries", "postings", "audit")
    for verb in ("update", "delete")
}
TABLES_SINCE = {
    1: "people projects items assignments judgments earned approvals_due entries postings audit settings roles consents",
    5: "balances payables budgets topup_weeks",
    6: "payout_batches payout_lines payout_details",
    7: "statement_weeks statement_bounds statements",
    8: "adjustments bonus_grants bonuses withholdings withheld appeals",
    12: "standing_changes pauses paused_answers practice_items",
}
"""Tables that the books need, by the migration that made them."""


def check_file(connection: sqlite3.Connection) -> Iterator[str]:
    """The engine finds its own file whole, every reference leads somewhere, and the guards stand."""
    for (line,) in connection.execute(f"PRAGMA integrity_check({SHOWN_MAX})"):
        if line != "ok":
            yield f"the file is damaged: {line}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row} points to something in {parent} that is not there"
    triggers = {
        name: " ".join(sql.split())
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    }
    for name, words in sorted(GUARDS.items()):
        if not triggers.get(name, "").startswith(words):
            yield f"the guard {name} that keeps the ledger append-only is gone"


def check_schema(connection: sqlite3.Connection) -> Iterator[str]:
    """Every table of the books is there that a migration on record made."""
    if not columns(connection, "migrations"):
        return
    numbers = [int(row[0]) for row in connection.execute("SELECT number FROM migrations ORDER BY number")]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the migrations on record are {numbers}, which are not one after the other"
    for number, names in TABLES_SINCE.items():
        for name in names.split():
            if number in numbers and not columns(connection, name):
                yield f"the table {name} is gone, which migration {number} made"
