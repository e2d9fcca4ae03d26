"""Credited time: from the moment an item was shown to the moment it was answered, capped per item, breaks left out."""

from __future__ import annotations

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def segment_ms(shown_ms: int, until_ms: int) -> int:
    """Measure one stretch in which an item lay open. A clock that was set back counts as no time, never as negative."""
    return max(0, until_ms - shown_ms)


def credited_ms(spent_ms: int, cap_ms: int) -> int:
    """Credit the time spent on an item, at most its cap."""
    return min(max(0, spent_ms), cap_ms)


LEASE_LEAST_MS = 10 * MINUTE_MS


def lease_ms(cap_ms: int) -> int:
    """Tell how long an item is held for a student: four times its cap, at least ten minutes, at most an hour."""
    return min(max(4 * cap_ms, LEASE_LEAST_MS), HOUR_MS)


def show(duration_ms: int) -> str:
    """Write a duration for people: "41 s", "14 min 10 s", "3 h 05 min"."""
    seconds = duration_ms // SECOND_MS
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02d} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes:02d} min"


def show_about(duration_ms: int) -> str:
    """Write a duration roughly: "45 s", "14 minutes", "1 h 10 min"."""
    minutes = -(-duration_ms // MINUTE_MS)
    if duration_ms < 90 * SECOND_MS:
        return f"{-(-duration_ms // SECOND_MS)} s"
    return f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
