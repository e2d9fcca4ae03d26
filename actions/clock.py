"""The clock: what outlives a process of steady time, and when the clock on the wall was seen to be set."""

from __future__ import annotations

import dataclasses

from actions import marks
from storage.tx import Tx

STEPPED = "clock_stepped_ms"
"""The mark that says by how much the clock was set in all."""
STEP = "clock_step"
"""The mark that says when the clock was last seen to be set, and by how much."""


@dataclasses.dataclass(frozen=True, slots=True)
class Resumed:
    """Where steady time goes on: by how much the clock was set so far, and the latest moment in the books."""

    stepped_ms: int
    latest_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """The clock was seen at a moment to have been set, by so much."""

    seen_ms: int
    by_ms: int


def look(tx: Tx) -> Resumed:
    """Tell where steady time goes on after a start."""
    stepped_ms = _whole(marks.get(tx, STEPPED) or "0")
    heard_ms = marks.moment(tx, marks.LAST_GOOD)
    heard_ms -= stepped_ms if heard_ms else 0
    return Resumed(stepped_ms, max(heard_ms, tx.number("judgments.latest_steady"), 0))


def note(tx: Tx, stepped_ms: int) -> int:
    """Keep by how much the clock was set in all. Return by how much that has changed; what changed is told under /health for a day."""
    by_ms = stepped_ms - _whole(marks.get(tx, STEPPED) or "0")
    if by_ms:
        marks.put(tx, STEPPED, str(stepped_ms))
        marks.put(tx, STEP, f"{tx.now_ms} {by_ms}")
    return by_ms


def last_step(tx: Tx) -> Step | None:
    """Give the last time that the clock was seen to be set."""
    seen, _, by = (marks.get(tx, STEP) or "").partition(" ")
    return Step(_whole(seen), _whole(by)) if by else None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0
