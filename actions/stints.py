"""Stints: each student's active time since their last break, kept with every answer, so that a break can be offered in time."""

from __future__ import annotations

from rules import stint
from rules.stint import Stint
from storage.tx import Tx


def after_answer(tx: Tx, person_id: int, shown_ms: int, answered_ms: int) -> bool:
    """Keep an answer's time and tell whether a break is due with it: True once after each 25 active minutes.

    `shown_ms`: when the item was first shown. An answer that is undone afterwards stays worked time.
    """
    before = tx.one("stints.of", Stint, person_id=person_id)
    after, due = stint.after_answer(before, shown_ms, answered_ms)
    tx.run("stints.put", person_id=person_id, active_ms=after.active_ms, answered_ms=after.answered_ms)
    return due
