"""Moves: accounts that move together, as those of one person do: they start work in the same minutes, again and again. For a human to look
at; flatmates and a lecture's end do so too, and nobody is judged here.

A start is an answer after a break. How often two people start together by chance follows from how often each starts and from the hours at
which everybody does (exact Poisson-binomial tail, false discovery rate 1 %); one account handing over to the other is counted as well.
The same payee is told beside it and lowers the bar, but is never enough alone: families share an account.
"""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Sequence

import numpy as np

from rules.quality.chances import adjusted, poisson_binomial_tail

RATE = 0.01
CHANCE_MOST = 1e-4
CHANCE_MOST_SAME_PAYEE = 0.01
TOGETHER_MS = 3 * 60 * 1000
"""Two starts, or the end of one account's stint and the start of the other's, no further apart than this, are one move."""
BREAK_MS = 30 * 60 * 1000
HOUR_MS = 3600 * 1000
WEEK_HOURS = 168
LEAST_STARTS, LEAST_TOGETHER = 5, 4


@dataclasses.dataclass(frozen=True, slots=True)
class Activity:
    """When one person answered, in order, in milliseconds; `payee`: something that is equal for the same payee, "" unknown."""

    person: int
    answered_ms: Sequence[int]
    payee: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """Two accounts: of `starts` of the first, `together` came within minutes of a start or an end of the second, where `expected` would by
    chance. `same_payee`: they are paid to one account."""

    one: int
    other: int
    starts: int
    together: int
    expected: float
    same_payee: bool
    chance: float
    rate: float


@dataclasses.dataclass(frozen=True, slots=True)
class _Stints:
    person: int
    payee: str
    starts: list[int]
    turns: list[int]
    """Starts and ends together."""
    first_ms: int
    last_ms: int


def look(everybody: Sequence[Activity], rate: float = RATE) -> tuple[list[Move], int]:
    """Find pairs of accounts that move together, the least likely first, and say how many pairs were tested."""
    people = [one for one in map(_stints, everybody) if len(one.starts) >= LEAST_STARTS]
    usual = _week([start for one in people for start in one.starts])
    found = [_read(one, other, usual) for place, one in enumerate(people) for other in people[place + 1 :]]
    if not found:
        return [], 0
    rates = adjusted(np.array([move.chance for move in found]))
    moves = [
        dataclasses.replace(move, rate=float(one))
        for move, one in zip(found, rates, strict=True)
        if _stands_out(move, float(one), rate)
    ]
    return sorted(moves, key=lambda move: (move.chance, move.one, move.other)), len(found)


def _stands_out(move: Move, rate: float, most: float) -> bool:
    if move.together < LEAST_TOGETHER:
        return False
    if move.same_payee:
        return move.chance <= CHANCE_MOST_SAME_PAYEE
    return rate <= most and move.chance <= CHANCE_MOST


def _stints(one: Activity) -> _Stints:
    moments = sorted(one.answered_ms)
    starts = [now for place, now in enumerate(moments) if not place or now - moments[place - 1] > BREAK_MS]
    ends = [
        now
        for place, now in enumerate(moments)
        if place + 1 == len(moments) or moments[place + 1] - now > BREAK_MS
    ]
    first, last = (moments[0], moments[-1]) if moments else (0, 0)
    return _Stints(one.person, one.payee, starts, sorted(starts + ends), first, last)


def _week(starts: Sequence[int]) -> list[float]:
    """Give how busy each hour of the week is, 1.0 on average, with an answer's worth in each so that none is empty."""
    counts = [1.0] * WEEK_HOURS
    for start in starts:
        counts[start // HOUR_MS % WEEK_HOURS] += 1.0
    mean = sum(counts) / WEEK_HOURS
    return [count / mean for count in counts]


def _read(one: _Stints, other: _Stints, usual: Sequence[float]) -> Move:
    """Count the starts of each near a turn of the other, while both were about, and take what is less likely: an account that always
    follows another one starts at its ends, while that other one starts anywhere."""
    low, high = max(one.first_ms, other.first_ms), min(one.last_ms, other.last_ms)
    found = [_follows(one, other, low, high, usual), _follows(other, one, low, high, usual)]
    likely = min(found, key=lambda move: move.chance)
    # Two counts were made, and the better one is told.
    return dataclasses.replace(likely, chance=min(1.0, 2 * likely.chance))


def _follows(one: _Stints, other: _Stints, low: int, high: int, usual: Sequence[float]) -> Move:
    """Count how many starts of one, from `low` to `high`, lie near a turn of the other."""
    starts = [start for start in one.starts if low - TOGETHER_MS <= start <= high + TOGETHER_MS]
    inside = sum(low - TOGETHER_MS <= turn <= high + TOGETHER_MS for turn in other.turns)
    same = bool(one.payee) and one.payee == other.payee
    if len(starts) < LEAST_STARTS or not inside:
        return Move(one.person, other.person, len(starts), 0, 0.0, same, 1.0, 1.0)
    # The first of all starts may follow one call for both; it says nothing.
    together = sum(_is_near(other.turns, start) for start in starts[1:])
    a_window = inside * 2 * TOGETHER_MS / (high - low + 2 * TOGETHER_MS)
    chances = [min(0.95, a_window * usual[start // HOUR_MS % WEEK_HOURS]) for start in starts[1:]]
    chance = poisson_binomial_tail(chances, together) if together >= LEAST_TOGETHER else 1.0
    return Move(
        one.person, other.person, len(starts) - 1, together, round(sum(chances), 2), same, chance, 1.0
    )


def _is_near(turns: Sequence[int], moment: int) -> bool:
    place = bisect.bisect_left(turns, moment - TOGETHER_MS)
    return place < len(turns) and turns[place] <= moment + TOGETHER_MS
