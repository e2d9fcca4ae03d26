"""Position bias: whether the answer that is read first is chosen more often than chance explains. Sides are shuffled, so without a bias the
first place wins half of the choices. Ties are no choices and do not count."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

LEAST_CHOICES = 10
"""Fewer choices than this say nothing about a person."""
CHANCE = 0.01
"""As seldom as this may chance alone make a figure look like a bias."""
_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution, for intervals of 95 %."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bias:
    """How often the first place was chosen, and what that says. `low` to `high`: the 95 % interval of the share."""

    first: int
    of: int
    share: float
    low: float
    high: float
    p: float
    beyond_chance: bool

    @property
    def prefers_first(self) -> bool:
        """Whether it leans to the first place rather than to the second."""
        return 2 * self.first > self.of


def measure(first: int, second: int, compared: int = 1) -> Bias:
    """Measure a bias from how often each place was chosen; at least one choice is needed.

    `compared`: how many people are looked at together. The more they are, the further one must stand out (Bonferroni), since
    among a hundred somebody always does.
    """
    of = first + second
    low, high = wilson(first, of)
    p = p_value(first, of)
    return Bias(first, of, first / of, low, high, p, p * max(1, compared) < CHANCE)


def wilson(first: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson, "Probable inference, the law of succession, and statistical inference", 1927)."""
    share, z2 = first / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # At the ends the interval reaches the share itself, which rounding must not hide.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def p_value(first: int, of: int) -> float:
    """Give the chance that fair coins fall at least as unevenly: the exact two-sided binomial test against one half.

    Terms are added from the observed count outwards until they no longer change the sum, so a million choices cost a few thousand steps.
    """
    fewer = min(first, of - first)
    if 2 * fewer == of:
        return 1.0
    log_term = math.lgamma(of + 1) - math.lgamma(fewer + 1) - math.lgamma(of - fewer + 1) - of * math.log(2)
    term = total = 1.0
    for count in range(fewer, 0, -1):
        term *= count / (of - count + 1)
        total += term
        if term < total * 1e-17:
            break
    return min(1.0, 2 * math.exp(log_term) * total)


def asks_preference(kinds: Iterable[str]) -> bool:
    """Tell whether a project asks for a preference between two answers, from the kinds of its questions."""
    return "preference" in kinds
