"""When a student meets a gold item, and what their golds say of them. Chance is handed in, so nothing here can be predicted or repeated
by accident."""

from __future__ import annotations

import math

EARLY_GOLDS = 2
"""Until a student has answered so many golds of a project, gold comes twice as often: trust is earned early."""
FEWEST_FOR_A_VIEW = 8
PLAUSIBLE = 0.05
ACCURACY_ASKED_MAX = 0.95
"""A few golds are wrong themselves, so nobody is held to more; at a pass score of 1 one slip would never be forgiven."""


def probability(share: float, bounds: tuple[float, float], golds_seen: int, standing: str) -> float:
    """Tell how likely the next item is a gold one: the project's share, more at first and while watched, within the bounds.

    A project whose share is 0 has no gold, whatever its bounds say.
    """
    if not share:
        return 0.0
    least, most = bounds
    wanted = 2 * share if golds_seen < EARLY_GOLDS else share
    if standing == "watched":
        wanted = most
    return min(max(wanted, least), most)


def is_due(draw: float, share: float) -> bool:
    """Decide for one item, by a draw uniform in [0, 1). Independent draws make the position of gold unpredictable."""
    return draw < share


def standing_after(right: int, wrong: int, pass_score: float) -> str:
    """Tell whether a working student is `active` or `watched`, from all golds so far.

    Watched means only that gold comes more often. A student is watched when, had they the accuracy that the exam asks for, so few right
    answers would come about less than one time in twenty (binomial tail), and no longer once the figures recover. Nobody loses work or
    pay by this rule.
    """
    seen = right + wrong
    if seen < FEWEST_FOR_A_VIEW:
        return "active"
    asked = min(pass_score, ACCURACY_ASKED_MAX)
    return "watched" if binomial_tail(right, seen, asked) < PLAUSIBLE else "active"


def binomial_tail(right: int, seen: int, accuracy: float) -> float:
    """Give the chance of at most `right` successes among `seen` when each succeeds with `accuracy`."""
    if right >= seen or accuracy <= 0.0:
        return 1.0
    if accuracy >= 1.0:
        return 0.0
    if right < seen * accuracy:
        return _light_tail(right, seen, accuracy)
    # The heavy side is the rest of the light one: so many successes are at most that many failures.
    return 1.0 - _light_tail(seen - right - 1, seen, 1.0 - accuracy)


def _light_tail(most: int, seen: int, accuracy: float) -> float:
    """Sum a binomial from a count below its mean downwards, where each chance is smaller than the one before.

    The first one comes from logarithms: a product that begins at (1 - accuracy) ** seen is zero after some hundred golds.
    """
    log_chance = math.lgamma(seen + 1) - math.lgamma(most + 1) - math.lgamma(seen - most + 1)
    chance = math.exp(log_chance + most * math.log(accuracy) + (seen - most) * math.log1p(-accuracy))
    total = 0.0
    for right in range(most, -1, -1):
        total += chance
        chance *= right / (seen - right + 1) * (1.0 - accuracy) / accuracy
        if chance < total * 1e-17:
            break
    return total
