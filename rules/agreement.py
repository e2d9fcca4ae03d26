"""Agreement: how far judgments agree beyond chance, by Krippendorff's alpha and Gwet's AC1 side by side, with intervals over items.

The two part where one answer is much more frequent than the others: alpha then calls most agreement chance, AC1 hardly any. So neither is
ever a gate alone. Memory grows with the kinds of answers that items got together, not with the items. Nothing here knows what is judged.

Alpha: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, 2011), from the matrix of coincidences.
AC1: K. L. Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement" (2008), with missing judgments as
in his "Handbook of Inter-Rater Reliability". Intervals: the percentile bootstrap over items (B. Efron, 1979).
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Value = str | int
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pattern = tuple[tuple[Value, int], ...]

DRAWS = 400
"""Resamples behind an interval: its ends then move by about a tenth of its length from one seed to another."""
LEAST_ITEMS = 10
"""With fewer items than this an interval would promise more than it knows."""
SEED = 20_080
"""Chance has no part in a figure that somebody compares with last week's."""


@dataclasses.dataclass(frozen=True, slots=True)
class Measured:
    """The agreement on a question. `items`: those with two answers or more, `answers`: on them.

    Alpha is None where no two answers differ, since it sets disagreement against what chance gives, and chance gives none then; AC1 only
    where no item has two answers. `…_low` to `…_high` is a 95 % interval, None where the items are too few or all answers alike.
    """

    items: int
    answers: int
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    ac1: float | None = None
    ac1_low: float | None = None
    ac1_high: float | None = None

    @property
    def is_alike(self) -> bool:
        """Whether all answers that could be compared are the same one."""
        return self.items > 0 and self.alpha is None


class Agreement:
    """The agreement on one question; each item's answers are added once."""

    def __init__(self) -> None:
        self._patterns: Counter[Pattern] = Counter()
        self.items = 0
        """Items with two answers or more; an answer that stands alone cannot agree with anything."""
        self.answers = 0
        """Answers on those items."""

    def add(self, values: Iterable[Value]) -> None:
        """Add the answers that one item got."""
        counts = Counter(values)
        if not counts:
            return
        self._patterns[tuple(sorted(counts.items(), key=lambda pair: _rank(pair[0])))] += 1
        given = counts.total()
        if given > 1:
            self.items += 1
            self.answers += given

    def nominal(self) -> float | None:
        """Give alpha for answers that are only equal or different. 1 is full agreement, 0 is chance; None when nothing could differ."""
        return self._told(ordered=False)[0]

    def ordinal(self) -> float | None:
        """Give alpha for answers in an order: two of them are as far apart as answers lie between them."""
        return self._told(ordered=True)[0]

    def ac1(self) -> float | None:
        """Give Gwet's AC1, for which answers are only equal or different; None when no item has two of them."""
        return self._told(ordered=False)[1]

    def _told(self, *, ordered: bool) -> tuple[float | None, float | None]:
        units = self._units()
        alpha_, ac1 = units.figures(units.times, ordered=ordered)
        return _told(alpha_), _told(ac1)

    def measure(self, *, ordered: bool = False, draws: int = DRAWS, seed: int = SEED) -> Measured:
        """Give both figures with their intervals."""
        return self._units().measure(ordered=ordered, draws=draws, seed=seed)

    def of_each(self) -> dict[Value, float]:
        """Give alpha for each answer against all others, where it is defined: which answer it is that people disagree on."""
        found = {}
        values = sorted({value for pattern in self._patterns for value, _ in pattern}, key=_rank)
        for value in values:
            apart = Agreement()
            for pattern, times in self._patterns.items():
                picked = sum(count for other, count in pattern if other == value)
                rest = sum(count for _, count in pattern) - picked
                apart._patterns[tuple(pair for pair in ((0, rest), (1, picked)) if pair[1])] += times
            alone = apart.nominal()
            if alone is not None:
                found[value] = alone
        return found

    def _units(self) -> Units:
        values = sorted({value for pattern in self._patterns for value, _ in pattern}, key=_rank)
        place = {value: index for index, value in enumerate(values)}
        cells = [
            (unit, place[value], count)
            for unit, pattern in enumerate(self._patterns)
            for value, count in pattern
        ]
        table = np.array(cells, dtype=np.int64).reshape(-1, 3)
        times = np.array(list(self._patterns.values()), dtype=float)
        return Units(table[:, 0], table[:, 1], table[:, 2].astype(float), times, len(values))


class Units:
    """Items as a sparse table: a cell per item and answer that it got. `units`, `classes`: int64[cells]; `counts`: how often the answer was
    given; `times`: float64[units], how many items look like this one; `kinds`: how many answers are possible."""

    def __init__(self, units: Ints, classes: Ints, counts: Floats, times: Floats, kinds: int) -> None:
        self.units, self.classes, self.counts, self.times, self.kinds = units, classes, counts, times, kinds
        size = len(times)
        self.given = np.bincount(units, counts, size)
        squares = np.bincount(units, counts * counts, size)
        self.pairable = self.given > 1
        others = np.where(self.pairable, self.given - 1, 1.0)
        # An item weighs as much in alpha as it has answers: each ordered pair of them weighs 1 / (answers - 1).
        self.weight = self.pairable / others
        self.differing = self.weight * (self.given**2 - squares)
        self.agreeing = self.weight * (squares - self.given) / np.maximum(self.given, 1.0)
        self.paired = counts * self.pairable[units]
        self.shares = counts / self.given[units]

    def figures(self, times: Floats, *, ordered: bool) -> tuple[float, float]:
        """Give alpha and AC1 with each item taken so many times; NaN for what is not defined."""
        taken = times[self.units]
        alone = np.bincount(self.classes, taken * self.paired, self.kinds).astype(float)
        if np.count_nonzero(alone) < 2:
            alpha_ = np.nan
        elif ordered:
            alpha_ = self._ordinal(times, alone)
        else:
            total = alone.sum()
            expected = total**2 - (alone**2).sum()
            alpha_ = 1.0 - (total - 1.0) * float(times @ self.differing) / float(expected)
        pairs = float(times @ self.pairable)
        if not pairs:
            return float(alpha_), np.nan
        usual = np.bincount(self.classes, taken * self.shares, self.kinds) / times.sum()
        # Gwet's chance is sum(share · (1 - share)) / (q - 1). Where one answer is all that was given, the sum is 0 for each q of two or
        # more, and every question offers two: chance agrees on nothing, and AC1 is the agreement seen, which is 1.
        by_chance = float((usual * (1.0 - usual)).sum()) / max(self.kinds - 1, 1)
        return float(alpha_), (float(times @ self.agreeing) / pairs - by_chance) / (1.0 - by_chance)

    def _ordinal(self, times: Floats, alone: Floats) -> float:
        """Take as distance the square of how many answers lie between two, half of each end counted."""
        total = alone.sum()
        # The middle of a value's own answers; measured from the mean, so that the squares lose no digits.
        place = np.cumsum(alone) - alone / 2 - total / 2
        middle = self.paired * place[self.classes]
        first = np.bincount(self.units, middle, len(times))
        second = np.bincount(self.units, middle * place[self.classes], len(times))
        observed = times @ (self.weight * 2.0 * (self.given * second - first**2))
        expected = 2.0 * (total * (alone @ place**2) - (alone @ place) ** 2)
        return float(1.0 - (total - 1.0) * observed / expected)

    def measure(self, *, ordered: bool = False, draws: int = DRAWS, seed: int = SEED) -> Measured:
        """Give both figures with 95 % intervals from `draws` resamples of the items."""
        items, answers = int(self.times @ self.pairable), int(self.times @ (self.given * self.pairable))
        alpha_, ac1 = self.figures(self.times, ordered=ordered)
        if items < LEAST_ITEMS or not draws or np.isnan(alpha_):
            # Where nothing differs no resample does, and an interval from them would promise certainty.
            return Measured(items, answers, alpha=_told(alpha_), ac1=_told(ac1))
        found = np.array([self.figures(times, ordered=ordered) for times in self._drawn(draws, seed)])
        (alpha_low, alpha_high), (ac1_low, ac1_high) = _interval(found[:, 0]), _interval(found[:, 1])
        return Measured(items, answers, _told(alpha_), alpha_low, alpha_high, _told(ac1), ac1_low, ac1_high)

    def _drawn(self, draws: int, seed: int) -> Iterable[Floats]:
        chance = np.random.default_rng(seed)
        items = int(self.times.sum())
        if 4 * len(self.times) < items:
            for _ in range(draws):
                yield chance.multinomial(items, self.times / items).astype(float)
            return
        ends = np.repeat(np.arange(len(self.times)), self.times.astype(np.int64))
        for _ in range(draws):
            picked = ends[chance.integers(0, items, items)]
            yield np.bincount(picked, minlength=len(self.times)).astype(float)


def measure(
    items: NDArray[np.integer],
    labels: NDArray[np.integer],
    *,
    ordered: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Measured:
    """Measure the agreement of many answers at once. `items`, `labels`: an answer each, as dense indexes; labels in their order."""
    if not len(items):
        return Measured(0, 0)
    kinds, place = np.unique(labels, return_inverse=True)
    cells, counts = np.unique(items.astype(np.int64) * len(kinds) + place, return_counts=True)
    _, units = np.unique(cells // len(kinds), return_inverse=True)
    times = np.ones(int(units[-1]) + 1)
    table = Units(units, cells % len(kinds), counts.astype(float), times, len(kinds))
    return table.measure(ordered=ordered, draws=draws, seed=seed)


def alpha(units: Iterable[Iterable[Value]], *, ordered: bool = False) -> float | None:
    """Give alpha for the answers of several items at once."""
    agreement = Agreement()
    for values in units:
        agreement.add(values)
    return agreement.ordinal() if ordered else agreement.nominal()


def _rank(value: Value) -> tuple[bool, Value]:
    return isinstance(value, str), value


def _told(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _interval(found: Floats) -> tuple[float | None, float | None]:
    """Give the middle 95 % of resampled figures; those of resamples in which nothing could differ are left out."""
    kept: Sequence[float] = found[~np.isnan(found)].tolist()
    if not kept:
        return None, None
    low, high = np.quantile(kept, (0.025, 0.975))
    return float(low), float(high)
