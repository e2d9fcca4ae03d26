"""What an admin must look at: the figures of the machine in, sentences out. The limits and their reasons stand here."""

from __future__ import annotations

import dataclasses

from rules.credit import DAY_MS, MINUTE_MS, SECOND_MS

SILENCE_MAX_MS = 2 * MINUTE_MS
"""Telegram answers a waiting poll within a minute, so twice that is silence; taps are lost from 150 s on."""
INBOX_OLDEST_MAX_MS = 30 * SECOND_MS
BACKUP_MAX_MS = 7 * DAY_MS
CLOCK_SET_MIN_MS = 10 * SECOND_MS
"""Less is a clock being put right."""
PROOF_MAX_MS = 2 * DAY_MS
DISK_FREE_MIN_BYTES = 500 * 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """The state of the machine at a moment. Moments are UTC milliseconds; 0 means never. `clock_set_by_ms`: ahead, or back below zero."""

    now_ms: int
    heard_ms: int
    inbox_waiting: int
    inbox_oldest_ms: int | None
    set_aside: int
    deliveries_waiting: int
    uncertain: int
    failed: int
    people_ready: int
    people_underway: int
    judgments_today: int
    unbalanced: tuple[str, ...]
    database_bytes: int
    disk_free_bytes: int
    backup_ms: int
    clock_set_ms: int = 0
    clock_set_by_ms: int = 0
    proven_ms: int = 0
    books_red_ms: int = 0


def needs(figures: Figures) -> list[str]:
    """Say what needs an admin, the worst first; nothing when all is well."""
    found = []
    if figures.unbalanced:
        found.append(f"The books do not balance in {', '.join(figures.unbalanced)}. Run: veritap verify")
    if figures.books_red_ms:
        found.append("The last proof found the books wrong; payouts are locked. Run: veritap verify")
    elif figures.proven_ms and figures.now_ms - figures.proven_ms > PROOF_MAX_MS:
        found.append("The books were not proved for two days. Look at the log.")
    if figures.now_ms - figures.heard_ms > SILENCE_MAX_MS:
        found.append("Telegram has not been heard for a while. Look at the log.")
    if figures.disk_free_bytes < DISK_FREE_MIN_BYTES:
        found.append("The disk is nearly full. Free some space.")
    if figures.inbox_oldest_ms is not None and figures.now_ms - figures.inbox_oldest_ms > INBOX_OLDEST_MAX_MS:
        found.append("Updates are waiting too long. Look at the log.")
    if figures.set_aside:
        found.append(f"{figures.set_aside} updates could not be handled and were set aside. Look at the log.")
    if figures.failed:
        found.append(f"{figures.failed} messages were refused by Telegram today. Look at the log.")
    if figures.now_ms - figures.backup_ms > BACKUP_MAX_MS and figures.judgments_today:
        found.append("There is no backup of this week. Run: veritap backup FILE")
    if figures.clock_set_ms and abs(figures.clock_set_by_ms) >= CLOCK_SET_MIN_MS:
        way = "ahead" if figures.clock_set_by_ms > 0 else "back"
        seconds = abs(figures.clock_set_by_ms) // SECOND_MS
        found.append(
            f"The clock of the machine was set {way} by {seconds:,} s today. Paid time went on as if it was not. Is its time right now?"
        )
    return found
