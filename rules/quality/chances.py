"""Exact chances, and how many of them may be believed at once: tails of sums of unlike coins, of two-by-two tables, and the rate of false
discoveries. Plain arithmetic; nothing here knows what is tested."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def poisson_binomial_tail(chances: Sequence[float] | Floats, least: int) -> float:
    """Give the chance that at least `least` of unlike, independent events happen, exactly.

    The distribution is built event by event (a convolution); all terms are positive, so that even the smallest tail keeps its digits.
    The cost is events times `least`: what reaches `least` is never told apart again.
    """
    if least <= 0:
        return 1.0
    if least > len(chances):
        return 0.0
    below = np.zeros(least)
    below[0], reached = 1.0, 0.0
    for chance in np.clip(np.asarray(chances, dtype=float), 0.0, 1.0).tolist():
        reached += float(below[-1]) * chance
        below[1:] = below[1:] * (1.0 - chance) + below[:-1] * chance
        below[0] *= 1.0 - chance
    return min(reached, 1.0)


def poisson_binomial_tails(chances: Floats, owners: NDArray[np.int64], least: NDArray[np.int64]) -> Floats:
    """Give the tail of each owner's events. `chances`, `owners`: a row per event, sorted by owner; `least`: by owner."""
    ends = np.searchsorted(owners, np.arange(len(least) + 1))
    spans = zip(ends[:-1].tolist(), ends[1:].tolist(), least.tolist(), strict=True)
    return np.array([poisson_binomial_tail(chances[start:end], many) for start, end, many in spans])


def table_tail(right: int, of: int, others_right: int, others_of: int, odds: float = 1.0) -> float:
    """Give the chance of at least `right` of `of` beside `others_right` of `others_of`, given how many were right in all.

    With `odds` 1 this is Fisher's exact test, one-sided; else his noncentral hypergeometric distribution, in which the first kind is
    easier by that ratio of odds (R. A. Fisher, "The logic of inductive inference", 1935).
    """
    total = right + others_right
    low, high = max(0, total - others_of), min(of, total)
    if right <= low:
        return 1.0
    log_odds = math.log(odds)
    terms = [
        _log_choose(of, count) + _log_choose(others_of, total - count) + count * log_odds
        for count in range(low, high + 1)
    ]
    top = max(terms)
    weights = [math.exp(term - top) for term in terms]
    return min(1.0, math.fsum(weights[right - low :]) / math.fsum(weights))


def _log_choose(of: int, count: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)


def discoveries(chances: Floats, rate: float, tested: int | None = None) -> NDArray[np.bool_]:
    """Tell which of many tests may be believed when a share of at most `rate` of those believed may be wrong.

    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate" (1995). `tested`: how many were tested in all, where the
    hopeless ones are not among `chances`.
    """
    if not len(chances):
        return np.zeros(0, dtype=bool)
    order = np.argsort(chances, kind="stable")
    bars = rate * np.arange(1, len(chances) + 1) / max(tested or 0, len(chances))
    passing = np.flatnonzero(chances[order] <= bars)
    believed = np.zeros(len(chances), dtype=bool)
    if len(passing):
        believed[order[: passing[-1] + 1]] = True
    return believed


def adjusted(chances: Floats, tested: int | None = None) -> Floats:
    """Give for each test the lowest false discovery rate at which it would be believed."""
    count = len(chances)
    order = np.argsort(chances, kind="stable")
    scaled = chances[order] * max(tested or 0, count) / np.arange(1, count + 1)
    found = np.empty(count)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found
