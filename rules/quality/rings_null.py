"""What honest people share by chance: the null model behind `rings`. Two people who answer by themselves still meet in the same wrong
answer where an item is hard, where the others are wrong, or where both lean to one button; only what goes beyond that is worth a look.

The truth of an item and its hardness stay unknown. The class is a latent one; the labels given to an item follow a
Dirichlet-multinomial around what people usually say to its class (so that items differ in hardness, and others' votes tell how hard this
one is); each person has odds of their own for each wrong label. A pair is always judged from the votes of everybody but those two.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ALIKE = (3.0, 4.0, 6.0, 9.0, 14.0, 22.0, 40.0, 80.0)
"""How alike items of a class may be in hardness, in votes: 3 is very unlike."""
LEARNT_AT = 12.0
ROUNDS = 5
PERSON_ROUNDS = 8
SHRINK = 4.0
"""Pseudo-answers of an average person that stand beside each person's own when their skill is read."""
SHRINK_ODDS, SHRINK_LABEL = 1.0, 2.0
"""The same for the odds to be wrong at all, and to be wrong with one label rather than another."""
SURE = 1e-3
"""Left for all other classes together when a gold's class is known: keys err too."""
SAMPLE = 60_000
"""Rows of pairs on which the hardness is fitted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rows:
    """Answers sorted by item, a person once per item. `people`, `items`, `labels`: int64[rows]; `known`: int64[items], -1 unknown."""

    people: Ints
    items: Ints
    labels: Ints
    known: Ints
    persons: int
    classes: int


@dataclasses.dataclass(frozen=True, slots=True)
class Joint:
    """What is expected of rows of pairs: `wrong`, the chance that both give the same label against what all others say; `same`: that
    they give the same label at all; `is_wrong`, `is_same`: what they did."""

    wrong: Floats
    same: Floats
    is_wrong: Bools
    is_same: Bools


class Null:
    """The null model of a crowd. After `learn` and `fit` it tells what pairs share by chance."""

    def __init__(self, rows: Rows) -> None:
        count = rows.classes
        self.rows = rows
        self.alike = LEARNT_AT
        self.weights = np.ones(rows.persons)
        self.prior = np.full(count, 1.0 / count)
        self.says = np.full((count, count), 0.3 / max(count - 1, 1))
        np.fill_diagonal(self.says, 0.7 if count > 1 else 1.0)
        self.odds = np.ones((rows.persons, count))
        self._stand()

    def _stand(self) -> None:
        """Work out each item's weighted counts, the log chance of each class by all its votes, and the same without each vote."""
        rows, size = self.rows, len(self.rows.known)
        own = self.weights[rows.people]
        cell = rows.items * rows.classes + rows.labels
        self.counts = np.bincount(cell, own, size * rows.classes).reshape(size, rows.classes).astype(float)
        self.total = self.counts.sum(axis=1)
        pseudo = self.alike * self.says
        self.log_class = np.log(self.prior) + _log_gamma(self.alike)
        self.log_class = self.log_class - _log_gamma(self.alike + self.total)[:, None]
        for label in range(rows.classes):
            added = _log_gamma(pseudo[:, label] + self.counts[:, label, None])
            self.log_class = self.log_class + added - _log_gamma(pseudo[:, label])
        self.without = self._chances(rows.items, [(rows.labels, own)])

    def _chances(self, items: Ints, taken: list[tuple[Ints, Floats]]) -> Floats:
        """Give the chance of each class of each row's item once some votes are taken out: labels and weights, no label twice in a row."""
        found = self.log_class[items]
        gone = np.zeros(len(items))
        for labels, weights in taken:
            pseudo = self.alike * self.says[:, labels].T
            there = self.counts[items, labels]
            left = np.maximum(there - weights, 0.0)
            found = found + _log_gamma(pseudo + left[:, None]) - _log_gamma(pseudo + there[:, None])
            gone += weights
        # The total is the same for all classes and falls out when the chances are made to sum to one.
        return self._known(_normal(found), items)

    def _known(self, chances: Floats, items: Ints) -> Floats:
        known = self.rows.known[items]
        gold = np.flatnonzero(known >= 0)
        chances[gold] = SURE / self.rows.classes
        chances[gold, known[gold]] += 1.0 - SURE
        return chances

    def learn(self) -> None:
        """Learn how usual each class is, what people say to it, and how much each person's vote tells."""
        rows, place = self.rows, np.arange(len(self.rows.items))
        usual = np.bincount(rows.labels, minlength=rows.classes) / max(len(rows.labels), 1)
        every = np.arange(len(rows.known))
        for _ in range(ROUNDS):
            whole = self._known(_normal(self.log_class.copy()), every)
            self.prior = (whole.sum(axis=0) + 1.0) / (len(whole) + rows.classes)
            said = 0.1 + 4.0 * self.says
            told = whole[rows.items] * self.weights[rows.people][:, None]
            for label in range(rows.classes):
                said[:, label] += told[rows.labels == label].sum(axis=0)
            self.says = said / said.sum(axis=1, keepdims=True)
            met, by_chance = self.without[place, rows.labels], self.without @ usual
            most = (self.without**2).sum(axis=1)
            gained = np.bincount(rows.people, met - by_chance, rows.persons)
            there = np.bincount(rows.people, most - by_chance, rows.persons)
            mean = max(gained.sum() / max(there.sum(), 1e-9), 1e-3)
            skill = (gained + SHRINK * mean) / (np.maximum(there, 0.0) + SHRINK)
            self.weights = np.clip(skill / mean, 0.02, 1.5)
            self._stand()

    def fit(self, first: Ints, second: Ints) -> None:
        """Choose how alike items are, so that all pairs together share as many wrong answers as the model says: a few pairs who
        copy hardly move that sum, hard items do."""
        step = max(1, len(first) // SAMPLE)
        first, second = first[::step], second[::step]
        low, high = 0, len(ALIKE) - 1
        while low < high:
            middle = (low + high) // 2
            self._stand_at(ALIKE[middle])
            seen = self.joint(first, second)
            # The more alike items are, the less is shared; where too little is expected, they must be less alike.
            low, high = (middle + 1, high) if seen.wrong.sum() > seen.is_wrong.sum() else (low, middle)
        self._stand_at(ALIKE[low])

    def _stand_at(self, alike: float) -> None:
        self.alike = alike
        self._stand()
        self._fit_odds()

    def _fit_odds(self) -> None:
        """Fit each person's odds for each wrong label, relative to the average person on the same items (EM over the latent class)."""
        rows, place = self.rows, np.arange(len(self.rows.items))
        shape = rows.persons, rows.classes
        shares, _size = self._shares(rows.items, [(rows.labels, self.weights[rows.people])])
        cell = rows.people * rows.classes + rows.labels
        wrongly, each = np.ones(rows.persons), np.ones(shape)
        for _ in range(PERSON_ROUNDS):
            says = _says(shares, (wrongly[:, None] * each)[rows.people].T)
            by_class = self.without.T * says[:, rows.labels, place]
            by_class /= by_class.sum(axis=0)
            observed = np.bincount(cell, 1.0 - by_class[rows.labels, place], len(each.ravel())).reshape(shape)
            due = np.empty(shape)
            for label in range(rows.classes):
                says[label, label] = 0.0
                wrong = (by_class * says[:, label]).sum(axis=0)
                due[:, label] = np.bincount(rows.people, wrong, rows.persons)
            wrongly = (observed.sum(axis=1) + SHRINK_ODDS) / (due.sum(axis=1) / wrongly + SHRINK_ODDS)
            each = (observed + SHRINK_LABEL) / (due / each + SHRINK_LABEL)
            wrongly, each = np.clip(wrongly, 0.01, 100.0), np.clip(each, 0.05, 20.0)
        self.odds = wrongly[:, None] * each

    def _shares(self, items: Ints, taken: list[tuple[Ints, Floats]]) -> tuple[Floats, Floats]:
        """Give what an average person says to each class of each row's item, some votes taken out: float[class, label, rows]; and on
        how many votes that rests. Rows come last: sums over the classes then run along memory."""
        left, place = self.counts[items], np.arange(len(items))
        for labels, weights in taken:
            left[place, labels] = np.maximum(left[place, labels] - weights, 0.0)
        size = self.alike + left.sum(axis=1)
        shares = (self.alike * self.says)[:, :, None] + np.ascontiguousarray(left.T)[None]
        shares /= size
        return shares, size

    def joint(self, first: Ints, second: Ints) -> Joint:
        """Tell what is expected where two people met, and what they did. `first`, `second`: indexes of rows on the same item."""
        rows = self.rows
        items, one, other = rows.items[first], rows.labels[first], rows.labels[second]
        weigh_one, weigh_other = self.weights[rows.people[first]], self.weights[rows.people[second]]
        is_same = one == other
        # Where both gave the same label it is taken out once, with both weights.
        taken = [
            (one, np.where(is_same, weigh_one + weigh_other, weigh_one)),
            (other, np.where(is_same, 0.0, weigh_other)),
        ]
        chances = self._chances(items, taken)
        shares, size = self._shares(items, taken)
        mine = _says(shares, self.odds[rows.people[first]].T)
        theirs = _says(shares, self.odds[rows.people[second]].T)
        by_class, others_say = np.ascontiguousarray(chances.T), chances.argmax(axis=1)
        same, wrong = np.zeros(len(items)), np.zeros(len(items))
        for label in range(rows.classes):
            # One hardness acts on both: E[q²] = E[q]² (1 + (1 - q) / (q (S + 1))) for a share q of a Dirichlet of size S.
            share, my, their = shares[:, label], mine[:, label], theirs[:, label]
            both = my * their
            right = both[label].copy()
            both *= 1.0 + (1.0 - share) / (share * (size + 1.0))
            np.minimum(both, np.minimum(my, their), out=both)
            both[label] = right
            met = (by_class * both).sum(axis=0)
            same += met
            wrong += np.where(others_say == label, 0.0, met)
        return Joint(np.minimum(wrong, 0.98), np.minimum(same, 0.995), is_same & (one != others_say), is_same)


def _says(shares: Floats, odds: Floats) -> Floats:
    """Turn what an average person says to each class into what people with such odds say: float[class, label, rows]."""
    pulled: Floats = shares * odds
    for label in range(len(shares)):
        pulled[label, label] = shares[label, label]
    pulled /= pulled.sum(axis=1)[:, None]
    return pulled


def _normal(logs: Floats) -> Floats:
    logs -= logs.max(axis=1, keepdims=True)
    found = np.exp(logs)
    found /= found.sum(axis=1, keepdims=True)
    return found


def _log_gamma(of: Floats | float) -> Floats:
    """Give the logarithm of the gamma function for positive numbers, to eight digits: Stirling's series, after four steps up."""
    start = np.asarray(of, dtype=float)
    product = start * (start + 1.0) * (start + 2.0) * (start + 3.0)
    far = start + 4.0
    inverse = 1.0 / far
    series = inverse * (1 / 12 - inverse**2 * (1 / 360 - inverse**2 * (1 / 1260 - inverse**2 / 1680)))
    return (far - 0.5) * np.log(far) - far + 0.9189385332046727 + series - np.log(product)
