"""How many judgments an item gets: at least the project's least, more while they disagree, never above its most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MARGIN = 2
"""An item that needed more than its least is settled once one answer leads by this many."""


def still_wanted(answers: Sequence[str], least: int, most: int) -> int:
    """Tell how many more judgments an item wants, given those it has. Zero means that it is settled.

    `answers`: one comparable text per live judgment. All alike at `least`: settled. Otherwise one more at a time, until the leading
    answer is `MARGIN` ahead of the next, or there are `most`.
    """
    if len(answers) < least:
        return least - len(answers)
    if len(answers) >= most:
        return 0
    ranked = Counter(answers).most_common(2)
    if len(ranked) < 2:
        return 0
    return 0 if ranked[0][1] - ranked[1][1] >= MARGIN else 1


def disputed(answers: Sequence[str], most: int) -> bool:
    """Tell whether an item took all the judgments that it may get without one answer `MARGIN` ahead: a person has to look at it."""
    ranked = Counter(answers).most_common(2)
    return len(answers) >= most and len(ranked) == 2 and ranked[0][1] - ranked[1][1] < MARGIN
