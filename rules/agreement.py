"""Krippendorff's alpha: how far judgments agree beyond chance, summed up item by item in memory that does not grow with the items.

The formula is that of K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, 2011), from the matrix of
coincidences. Nothing here knows what is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

Value = str | int
Distance = Callable[[Value, Value], float]


class Agreement:
    """The agreement on one question; each item's answers are added once, and only pairs of different answers are kept."""

    def __init__(self) -> None:
        self._together: dict[tuple[Value, Value], float] = {}
        self._alone: dict[Value, float] = {}
        self.items = 0
        """Items with two answers or more; an answer that stands alone cannot agree with anything."""
        self.answers = 0
        """Answers on those items."""

    def add(self, values: Iterable[Value]) -> None:
        """Add the answers that one item got."""
        counts = Counter(values)
        given = counts.total()
        if given < 2:
            return
        self.items += 1
        self.answers += given
        for value, count in counts.items():
            self._alone[value] = self._alone.get(value, 0.0) + count
            for other, others in counts.items():
                if value != other:
                    # Each ordered pair of an item weighs 1 / (answers - 1), so that an item weighs as much as it has answers.
                    pair = value, other
                    self._together[pair] = self._together.get(pair, 0.0) + count * others / (given - 1)

    def nominal(self) -> float | None:
        """Give alpha for answers that are only equal or different. 1 is full agreement, 0 is chance; None when nothing could differ."""
        return self._alpha(lambda one, other: 1.0)

    def ordinal(self) -> float | None:
        """Give alpha for answers in an order: two of them are as far apart as answers lie between them."""
        ranks = sorted(self._alone, key=lambda value: (isinstance(value, str), value))
        below, total = {}, 0.0
        for value in ranks:
            # The middle of a value's own answers: the distance is the sum of n_g from c to k, less half of n_c and n_k.
            below[value] = total + self._alone[value] / 2
            total += self._alone[value]
        return self._alpha(lambda one, other: (below[one] - below[other]) ** 2)

    def _alpha(self, distance: Distance) -> float | None:
        """Give 1 - observed / expected disagreement; the diagonals are zero and left out."""
        expected = sum(
            count * others * distance(value, other)
            for value, count in self._alone.items()
            for other, others in self._alone.items()
            if value != other
        )
        if not expected:
            return None
        observed = sum(weight * distance(*pair) for pair, weight in self._together.items())
        return 1.0 - (self.answers - 1) * observed / expected


def alpha(units: Iterable[Iterable[Value]], *, ordered: bool = False) -> float | None:
    """Give alpha for the answers of several items at once."""
    agreement = Agreement()
    for values in units:
        agreement.add(values)
    return agreement.ordinal() if ordered else agreement.nominal()
