"""When a student meets a gold item, and what their golds say of them. Chance is handed in, so nothing here can be predicted or repeated
by accident."""

from __future__ import annotations

FRONT_LOADED = 10
"""The first so many work items of a student on a project carry twice the share of gold: trust is earned early."""
FEWEST_FOR_A_VIEW = 8
PLAUSIBLE = 0.05


def probability(share: float, bounds: tuple[float, float], golds_seen: int, standing: str) -> float:
    """Tell how likely the next item is a gold one: the project's share, more at first and while watched, within the bounds."""
    least, most = bounds
    wanted = share
    if golds_seen * 10 < FRONT_LOADED:
        wanted = 2 * share
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
    return "watched" if binomial_tail(right, seen, pass_score) < PLAUSIBLE else "active"


def binomial_tail(right: int, seen: int, accuracy: float) -> float:
    """Give the chance of at most `right` successes among `seen` when each succeeds with `accuracy`."""
    if accuracy >= 1.0:
        return 1.0 if right >= seen else 0.0
    term = (1.0 - accuracy) ** seen
    total = term
    for k in range(right):
        term *= (seen - k) / (k + 1) * accuracy / (1.0 - accuracy)
        total += term
    return min(total, 1.0)
