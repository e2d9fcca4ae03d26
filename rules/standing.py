"""Standing: when the running check has a student watched, paused or left in peace, what ends a pause, and which moves there are at all.
Nobody is removed here: that takes a person."""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from collections.abc import Mapping, Sequence

from rules.credit import DAY_MS
from rules.qualification import WORKING

ON_IT = frozenset({"training", "exam", "active", "watched", "paused"})
MOVES: Mapping[tuple[str, str], str] = {
    ("active", "watched"): "rule",
    ("watched", "active"): "rule",
    ("active", "paused"): "rule",
    ("watched", "paused"): "rule",
    ("paused", "active"): "anybody",
    ("removed", "training"): "person",
    ("removed", "exam"): "person",
    ("removed", "active"): "person",
    **{(word, "removed"): "person" for word in ON_IT},
}
"""A move of standing, and who may make it: a rule, a person, or either. Training, exam and leaving are the student's own road."""

WATCHED_FROM = 0.5
"""A student is watched once the evidence has gone so much of the way (in logarithms) to where the project pauses for them."""
CALM_BELOW = 0.25
"""And no longer once it has gone back to so much of the way; between the two nothing changes, so nobody goes to and fro."""

PRACTICE_ITEMS = 6
PRACTICE_LEAST = 3
"""Fewer items than this are no practice; then a person decides, or the pause ends by itself."""
SETTLED_CONFIDENCE_MICRO = 950_000
SETTLED_ANSWERS = 3
"""An item that students settled is explained by its figures only where they are as clear as this."""

PAUSE_MS = 3 * DAY_MS
"""So long a first pause lasts at most, and any that practice cannot end: a person has as long for an answer."""
LATER_PAUSE_MS = 7 * DAY_MS

COMPARED_LEAST = 20
"""From fewer compared answers no figure is told: it would say more about single answers than about their student."""


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """What the running check has read of a student. `log_e`: natural logarithm; `alpha`: the chance of a false alarm; the project pauses
    at 1 / `alpha`. `compared`: the answers that were held against something; `fresh`: the run of bad ones began after the last pause."""

    log_e: float
    alpha: float
    stops: bool
    compared: int
    fresh: bool

    @property
    def way(self) -> float:
        """How far the evidence has gone to where the project pauses, 1 being there; below 0 it speaks for the student."""
        return self.log_e / -math.log(self.alpha) if 0.0 < self.alpha < 1.0 else 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """How a pause can end. `practice`: how many items bring the student back, 0 where there are too few; `needed`: so many right, and the
    answers on hold count again; `must_pass`: without them the student does not come back early either."""

    practice: int
    needed: int
    must_pass: bool
    ends_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Ending:
    """What finished practice brings: whether the student is back, and whether the answers on hold count again."""

    is_back: bool
    counts: bool


def after_reading(word: str, seen: Evidence) -> str:
    """Give the standing that follows from what was read; whoever has no compared answer, or does not work just now, stays as they are."""
    if word not in WORKING or not seen.compared:
        return word
    if seen.stops and seen.fresh:
        return "paused"
    if seen.way >= WATCHED_FROM and seen.fresh:
        return "watched"
    return "active" if seen.way <= CALM_BELOW else word


def may_move(was: str, became: str, *, by_person: bool) -> bool:
    """Tell whether there is such a move, and whether a rule or a person may make it."""
    who = MOVES.get((was, became))
    return who == "anybody" or who == ("person" if by_person else "rule")


def offer(items: int, strikes: int, pass_score: float, now_ms: int) -> Offer:
    """Say how a pause can end, that begins now.

    `items`: those that practice can be made of. `strikes`: the pauses of this student on the project, this one included, but for those
    that a person lifted. The first practice brings a student back whatever its answers; later ones must be passed.
    """
    practice = min(items, PRACTICE_ITEMS) if items >= PRACTICE_LEAST else 0
    is_later = strikes > 1 and practice > 0
    ends_ms = now_ms + (LATER_PAUSE_MS if is_later else PAUSE_MS)
    return Offer(practice, needed_right(practice, pass_score), is_later, ends_ms)


def needed_right(items: int, pass_score: float) -> int:
    """Give the fewest right answers of so many that reach the project's pass score; without rounding errors at the edge."""
    return -(-round(pass_score * 10_000) * items // 10_000)


def ending(right: int, needed: int, *, must_pass: bool) -> Ending:
    """Say what finished practice brings."""
    passed = right >= needed
    return Ending(passed or not must_pass, passed)


def tenths(agreed: int, compared: int) -> int | None:
    """Give roughly how many in ten agree; None where too few were compared. Exact figures, looked at again and again, would tell gold."""
    return None if compared < COMPARED_LEAST else (20 * agreed + compared) // (2 * compared)


def mixed(kinds: Sequence[str], most: int) -> list[int]:
    """Choose places so that each kind comes in turn, in the order given: whoever taps the same button each time must not pass."""
    waiting: dict[str, deque[int]] = {}
    for place, kind in enumerate(kinds):
        waiting.setdefault(kind, deque()).append(place)
    chosen: list[int] = []
    while waiting and len(chosen) < most:
        for kind in list(waiting):
            chosen.append(waiting[kind].popleft())
            if not waiting[kind]:
                del waiting[kind]
    return sorted(chosen[:most])
