"""Scripts: answers whose times no person keeps. For a human to look at; nobody is judged here, and speed alone is never a pattern.

People take sometimes twice as long as at other times over alike items, pause, and sleep. A script waits a set time, or a whole number of
seconds, or goes on through the night. Each pattern is told with its figures.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

LEAST_ANSWERS = 40
"""With fewer answers nothing is said: twenty alike in a row happen to anybody."""
EVEN = 0.10
"""People's times spread by .4 to 1.0 (standard deviation of the logarithm); below this they are even beyond any habit."""
EVEN_BESIDE = 0.25
"""And they must spread less than this part of what everybody's do, since items may be all alike."""
ROUND_CHANCE = 1e-6
SECOND_MS = 1000
BREAK_MS = 30 * 60 * 1000
"""Half an hour without an answer is a break."""
AWAKE_MS = 20 * 3600 * 1000
"""Nobody answers for so long without one."""
LEAST_AWAKE = 200
"""Answers such a stretch must hold: a person who looks in every half hour of a long day is no script."""


@dataclasses.dataclass(frozen=True, slots=True)
class Times:
    """One person's answers in order: when each was given and how long it took, in milliseconds."""

    person: int
    answered_ms: Sequence[int]
    spent_ms: Sequence[int]


@dataclasses.dataclass(frozen=True, slots=True)
class Script:
    """A person whose times show patterns: of `even`, `round` and `sleepless`, each with its figures."""

    person: int
    answers: int
    patterns: Mapping[str, Mapping[str, float]]


def look(everybody: Sequence[Times]) -> list[Script]:
    """Find people whose times show a pattern of scripts, those with the most patterns first."""
    usual = _middle([_spread(one.spent_ms) for one in everybody if len(one.spent_ms) >= LEAST_ANSWERS])
    found = []
    for one in everybody:
        if len(one.spent_ms) < LEAST_ANSWERS:
            continue
        seen = {
            "even": _even(one.spent_ms, usual),
            "round": _round(one.spent_ms),
            "sleepless": _sleepless(one.answered_ms),
        }
        patterns = {name: figures for name, figures in seen.items() if figures is not None}
        if patterns:
            found.append(Script(one.person, len(one.spent_ms), patterns))
    return sorted(found, key=lambda script: (-len(script.patterns), script.person))


def _even(spent_ms: Sequence[int], usual: float) -> dict[str, float] | None:
    spread = _spread(spent_ms)
    # Where everybody is one script's account there is nobody to compare with; a spread below the floor still speaks.
    if spread >= EVEN or (usual > EVEN and spread >= EVEN_BESIDE * usual):
        return None
    return {"spread": round(spread, 4), "usual": round(usual, 4), "middle_ms": _middle(spent_ms)}


def _round(spent_ms: Sequence[int]) -> dict[str, float] | None:
    """Test whether times crowd around one point of the second (Lord Rayleigh's test on the circle, p about exp(-n R²))."""
    turn = 2 * math.pi / SECOND_MS
    across = math.fsum(math.cos(turn * spent) for spent in spent_ms)
    up = math.fsum(math.sin(turn * spent) for spent in spent_ms)
    length = math.hypot(across, up) / len(spent_ms)
    if math.exp(-len(spent_ms) * length**2) > ROUND_CHANCE:
        return None
    return {"crowding": round(length, 3), "at_ms": round(math.atan2(up, across) / turn) % SECOND_MS}


def _sleepless(answered_ms: Sequence[int]) -> dict[str, float] | None:
    """Find the longest stretch without a break."""
    longest, held = 0, 0
    start = place = 0
    moments = sorted(answered_ms)
    for place, moment in enumerate(moments):
        if place and moment - moments[place - 1] > BREAK_MS:
            start = place
        if moment - moments[start] > longest:
            longest, held = moment - moments[start], place - start + 1
    if longest < AWAKE_MS or held < LEAST_AWAKE:
        return None
    return {"hours": round(longest / 3_600_000, 1), "answers": held}


def _spread(spent_ms: Sequence[int]) -> float:
    """Give the robust standard deviation of the logarithms: from the middle half, so that a few pauses do not hide a pattern."""
    logs = sorted(math.log(max(spent, 1)) for spent in spent_ms)
    quarter = len(logs) // 4
    return (logs[-1 - quarter] - logs[quarter]) / 1.349 if logs else 0.0


def _middle(values: Sequence[float]) -> float:
    ranked = sorted(values)
    return ranked[len(ranked) // 2] if ranked else 0.0
