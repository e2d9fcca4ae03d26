"""A database from before balances were kept: the migration fills them, and what is payable, from the entries that there are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from actions import ledger
from storage import migrate
from storage.database import prepare_file
from storage.vault import Vault
from tests.actions.conftest import KEY, START_MS, Db

BEFORE = 4
LEDGER = [
    (
        1,
        "judgment:1",
        "earning",
        [("project:1", "student:1:pending", 500, "USD"), ("project:1", "student:1:pending", 75, "TIME")],
    ),
    (
        2,
        "judgment:2",
        "earning",
        [("project:1", "student:1:pending", 300, "USD"), ("project:1", "student:1:pending", 40, "TIME")],
    ),
    (
        3,
        "undo:2",
        "reversal",
        [("student:1:pending", "project:1", 300, "USD"), ("student:1:pending", "project:1", 40, "TIME")],
    ),
    (
        4,
        "approve:1",
        "approval",
        [
            ("student:1:pending", "student:1:approved", 500, "USD"),
            ("student:1:pending", "student:1:approved", 75, "TIME"),
        ],
    ),
    (5, "judgment:3", "earning", [("project:1", "student:1:pending", 7, "EUR")]),
]


def older(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a database as version 0.2 left it, with a little in its books."""
    known = migrate.known
    with monkeypatch.context() as patch:
        patch.setattr(
            migrate, "known", lambda engine="sqlite": [one for one in known(engine) if one.number <= BEFORE]
        )
        prepare_file(path, START_MS, Vault(KEY))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(
        "INSERT INTO people (id, pseudonym, contact, profile, state, joined_ms) VALUES (1, 's', '', '', 'ready', 0)"
    )
    connection.execute(
        "INSERT INTO projects (id, slug, title, definition, state, created_ms, changed_ms) VALUES (1, 'p', 'P', '{}', 'open', 0, 0)"
    )
    connection.execute(
        "INSERT INTO items (id, project_id, external_id, use, fields, added_ms) VALUES (1, 1, 'i', 'work', '{}', 0)"
    )
    connection.execute(
        "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen,"
        " first_shown_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms)"
        " VALUES ('t', 1, 1, 1, 1, 'work', 'judged', 0, '', 0, 0, 0, 0, 75, 0, 24000000, 'USD', 1000)"
    )
    for number in (1, 2, 3):
        connection.execute(
            "INSERT INTO judgments (id, token, person_id, project_id, item_id, use, answers, shown_ms, answered_ms,"
            " credited_ms, amount_micro, currency, status, undone_ms)"
            " VALUES (?, 't', 1, 1, 1, 'work', '{}', 0, 75, 75, 500, 'USD', 'counted', ?)",
            (number, None if number == 1 else 1),
        )
    for number, key, kind, postings in LEDGER:
        connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, 1, 'a', 'r', 0, ?, ?)",
            (number, key, kind, str(number - 1), str(number)),
        )
        for line, posting in enumerate(postings, start=1):
            connection.execute("INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?)", (number, line, *posting))
    connection.close()


def test_balances_and_what_is_payable_are_filled_from_the_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "veritap.db"
    older(path, monkeypatch)
    assert any(name.startswith("0005") for name in prepare_file(path, START_MS, Vault(KEY)))
    db = Db(path)
    kept = {(account, asset): amount for account, asset, amount in db.rows("SELECT * FROM balances")}
    assert kept == {
        ("project:1", "USD"): -500,
        ("project:1", "TIME"): -75,
        ("project:1", "EUR"): -7,
        ("student:1:pending", "USD"): 0,
        ("student:1:pending", "TIME"): 0,
        ("student:1:pending", "EUR"): 7,
        ("student:1:approved", "USD"): 500,
        ("student:1:approved", "TIME"): 75,
    }
    assert db.rows(
        "SELECT entry_id, person_id, currency, amount_micro, judgment_id, line_id FROM payables"
    ) == [(4, 1, "USD", 500, 1, None)]
    assert db.run(ledger.balance, "student:1:approved", "USD") == 500
    assert db.rows("SELECT scheme, piece_micro FROM assignments") == [("hour", 0)], (
        "who worked by the hour still does"
    )
    assert set(db.rows("SELECT scheme, piece_micro, withheld_id FROM judgments")) == {("hour", 0, None)}
    db.connection.close()
