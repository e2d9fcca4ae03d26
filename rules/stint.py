"""Stints: how long a student has worked without a break, and when a break is due. Taking it stays up to them."""

from __future__ import annotations

import dataclasses

from rules.credit import MINUTE_MS, segment_ms

BREAK_MS = 5 * MINUTE_MS
"""From this long without an answer on, a pause is a break and a new stint begins."""
WORK_MS = 25 * MINUTE_MS
"""Active time after which a break is due, and again as much after that."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stint:
    """Active time since the last break, or since a break was last due, and the moment of the last answer."""

    active_ms: int
    answered_ms: int


def after_answer(before: Stint | None, shown_ms: int, answered_ms: int) -> tuple[Stint, bool]:
    """Give the stint after an answer and whether a break is due now; when it is, the count begins again.

    Between two answers less than `BREAK_MS` apart the whole stretch is active. After a longer one, as for the first answer, only
    the time in which the item lay open is, unless that was as long as a break itself. A clock set back adds nothing, and time goes
    on from where it was set.
    """
    if before is None or answered_ms - before.answered_ms >= BREAK_MS:
        opened = segment_ms(shown_ms, answered_ms)
        active = opened if opened < BREAK_MS else 0
    else:
        active = before.active_ms + segment_ms(before.answered_ms, answered_ms)
    if active >= WORK_MS:
        return Stint(0, answered_ms), True
    return Stint(active, answered_ms), False
