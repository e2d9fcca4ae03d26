"""Caps that prove too tight: when more than a tenth of careful work meets the cap on an item's paid time, the cap cuts honest time, and a
better one is proposed. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rules.credit import DAY_MS, MINUTE_MS, SECOND_MS

FEWEST_JUDGMENTS = 30
"""Fewer say nothing."""
MET_MOST = 10
"""A cap is too tight when more than one in so many judgments meet it."""
QUIET_MS = 14 * DAY_MS
"""Nobody is told of the same cap again before."""
CAP_MAX_MS = 60 * MINUTE_MS
"""As high as a project file may set it."""
_STEPS_MS = (
    (MINUTE_MS, 5 * SECOND_MS),
    (5 * MINUTE_MS, 30 * SECOND_MS),
    (30 * MINUTE_MS, MINUTE_MS),
    (CAP_MAX_MS, 5 * MINUTE_MS),
)
"""Up to a duration, the steps in which people like to read it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Tight:
    """A cap that is too tight: how many of the judgments looked at met it, and what to put in its place."""

    cap_ms: int
    judgments: int
    met: int
    proposed_ms: int


def judge(spent_ms: Sequence[int], cap_ms: int) -> Tight | None:
    """Judge a cap by the times that careful students took, uncapped. None when it is well, or when there is too little to tell."""
    met = sum(spent >= cap_ms for spent in spent_ms)
    if len(spent_ms) < FEWEST_JUDGMENTS or met * MET_MOST <= len(spent_ms) or cap_ms >= CAP_MAX_MS:
        return None
    return Tight(cap_ms, len(spent_ms), met, friendly_ms(max(percentile_95_ms(spent_ms), cap_ms + 1)))


def percentile_95_ms(spent_ms: Sequence[int]) -> int:
    """Give the least of some durations that nineteen in twenty do not exceed (the nearest rank)."""
    ordered = sorted(spent_ms)
    return ordered[-(-19 * len(ordered) // 20) - 1]


def friendly_ms(duration_ms: int) -> int:
    """Round a duration up to one that people like to read: 45 s, 90 s, 4 min, 35 min; at most the highest cap."""
    for until_ms, step_ms in _STEPS_MS:
        rounded = -(-duration_ms // step_ms) * step_ms
        if rounded <= until_ms:
            return rounded
    return CAP_MAX_MS
