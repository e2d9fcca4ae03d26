"""Steady time: UTC as if nobody ever set the clock. Pay is measured on it, so that the same hour is credited once whatever the wall says.

A machine has a second clock that counts what passes and cannot be set, but begins anew with each start. Where the two part by a step, the
step is left out of steady time; it passes on as it did before, and never goes back.
"""

from __future__ import annotations

import dataclasses

STEP_MS = 500
"""From here on the clock was set. Less is the doubt between two readings, and is followed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Steady:
    """Steady time at a reading. `ahead_ms`: the wall's lead over the count of what passed, before any doubt.

    `stepped_ms`: by how much the wall's clock was set in all since the books began; kept on disk, since it outlives the process.
    """

    steady_ms: int
    stepped_ms: int
    ahead_ms: int


def begin(wall_ms: int, passed_ms: int, stepped_ms: int = 0, latest_ms: int = 0) -> Steady:
    """Begin with a process. `latest_ms`: the latest moment of steady time in the books; a clock set back before it goes on from there."""
    steady_ms = max(wall_ms - stepped_ms, latest_ms)
    return Steady(steady_ms, wall_ms - steady_ms, wall_ms - passed_ms)


def follow(before: Steady, wall_ms: int, passed_ms: int) -> Steady:
    """Go on to another reading of both clocks. In all, steady time passes at most `STEP_MS` more than what passed."""
    moved_ms = wall_ms - passed_ms - before.ahead_ms
    if abs(moved_ms) < STEP_MS:
        return Steady(max(before.steady_ms, wall_ms - before.stepped_ms), before.stepped_ms, before.ahead_ms)
    stepped_ms = before.stepped_ms + moved_ms
    return Steady(max(before.steady_ms, wall_ms - stepped_ms), stepped_ms, before.ahead_ms + moved_ms)
