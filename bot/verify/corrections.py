"""Corrections: whatever was booked, held back, released or forfeited is in the ledger, once, and two people stood for it where two must."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bot.verify.base import columns

WITHHELD = """
    SELECT h.judgment_id, h.withholding_id, h.currency, h.amount_micro, w.state, w.person_id, w.project_id,
        w.proposed_by, w.confirmed_by, w.decided_by, j.person_id, j.project_id, j.currency, j.amount_micro, j.withheld_id,
        (SELECT 1 FROM entries WHERE key = 'withhold:' || h.withholding_id || ':' || h.judgment_id),
        (SELECT 1 FROM entries WHERE key = 'release:' || h.withholding_id || ':' || h.judgment_id),
        (SELECT 1 FROM entries WHERE key = 'forfeit:' || h.withholding_id || ':' || h.judgment_id)
    FROM withheld AS h JOIN withholdings AS w ON w.id = h.withholding_id JOIN judgments AS j ON j.id = h.judgment_id"""
POSTED = {"held": (1, None, None), "released": (1, 1, None), "forfeited": (1, None, 1)}
"""Which of withhold:, release: and forfeit: a withholding's state calls for."""


def check_corrections(connection: sqlite3.Connection) -> Iterator[str]:
    """Each booked adjustment and bonus has its entry, and each withheld judgment the entries that its withholding's state calls for."""
    if not columns(connection, "withheld"):
        return
    yield from _without_entry(connection)
    yield from _withheld(connection)
    lost = """
        SELECT j.id FROM judgments AS j LEFT JOIN withheld AS h ON h.judgment_id = j.id AND h.withholding_id = j.withheld_id
        WHERE j.withheld_id IS NOT NULL AND h.judgment_id IS NULL AND j.amount_micro > 0"""
    for (number,) in connection.execute(lost):
        yield f"judgment {number} is marked withheld, but no withholding holds it"


def _without_entry(connection: sqlite3.Connection) -> Iterator[str]:
    for words, sql in (
        (
            "adjustment {} is booked, but not in the ledger",
            "SELECT a.id FROM adjustments AS a LEFT JOIN entries AS e ON e.key = 'adjust:' || a.id "
            "WHERE a.state = 'booked' AND e.id IS NULL",
        ),
        (
            "bonus {} is booked, but not in the ledger",
            "SELECT b.id FROM bonuses AS b JOIN bonus_grants AS g ON g.id = b.grant_id "
            "LEFT JOIN entries AS e ON e.key = 'bonus:' || b.id WHERE g.state = 'booked' AND e.id IS NULL",
        ),
        (
            "grant {} does not have as many bonuses as it says",
            "SELECT g.id FROM bonus_grants AS g WHERE g.students <> (SELECT COUNT(*) FROM bonuses AS b WHERE b.grant_id = g.id)",
        ),
        (
            "adjustment {} needed a second person and had none",
            "SELECT id FROM adjustments WHERE state = 'booked' AND needs_second <> 0 AND decided_by = proposed_by",
        ),
        (
            "grant {} needed a second person and had none",
            "SELECT id FROM bonus_grants WHERE state = 'booked' AND needs_second <> 0 AND decided_by = proposed_by",
        ),
    ):
        for (number,) in connection.execute(sql):
            yield words.format(number)


def _withheld(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute(WITHHELD):
        number, withholding, currency, amount, state, *rest = row
        person, project, proposed, confirmed, decided, owner, of_project, due_in, due, marked, *posted = rest
        name = f"withholding {withholding} of judgment {number}"
        if tuple(posted) != POSTED.get(state):
            yield f"{name} is {state}, which its entries do not say"
        if (person, project, currency, amount) != (owner, of_project, due_in, due):
            yield f"{name} holds {amount} {currency} of person {person}, where the judgment is {due} {due_in} of person {owner}"
        if marked != withholding:
            yield f"{name} is not marked at the judgment"
        if (
            confirmed is None
            or confirmed == proposed
            or (state == "forfeited" and decided in (None, proposed))
        ):
            yield f"{name} was not decided by two people"
