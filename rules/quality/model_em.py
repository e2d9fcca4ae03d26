"""Expectation and maximisation: from votes to what each person's answers are worth. Gold items are clamped to their answer, and every
fit starts cold from what golds alone support, so that no fit can turn its labels round."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rules.quality import model_settings as settings
from rules.quality.model_crowd import Spread, expected_accuracy, normal, spread_of
from rules.quality.votes import Votes

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Confusion:
    """What people confuse. `counts`: weighted answers. `base`: what is expected of somebody of that accuracy. `rows`: both together, as
    shares. All [person, true, told]."""

    counts: Array
    base: Array
    rows: Array


@dataclasses.dataclass(frozen=True, slots=True)
class Fitted:
    """One model's figures.

    `right`, `given`: each person's weighted answers. `accuracy`: each person's. `common`: everybody's together. `spread`: how accuracy
    differs. `prior`: of the classes. `pooled`: everybody's [true, told]. `posterior`: [item, class]. `confusion`: None with one coin.
    """

    right: Array
    given: Array
    accuracy: Array
    common: float
    spread: Spread
    prior: Array
    pooled: Array
    posterior: Array
    confusion: Confusion | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Sums:
    """What every round needs of the votes.

    `is_gold`: [vote]. `gold_items`: [item]. `known`: [item, class], one-hot for golds. `weight`: [vote], what it counts in its person's
    figures. `cells`, `spots`: flat indexes [vote] into [person, class] and [item, class].
    """

    votes: Votes
    is_gold: NDArray[np.bool_]
    gold_items: NDArray[np.bool_]
    known: Array
    weight: Array
    cells: NDArray[np.int64]
    spots: NDArray[np.int64]

    @staticmethod
    def of(votes: Votes) -> Sums:
        """Prepare votes for the rounds."""
        people, items = votes.people.astype(np.int64), votes.items.astype(np.int64)
        gold_items = votes.known >= 0
        is_gold = gold_items[items]
        known = np.zeros((len(votes.known), votes.classes))
        known[gold_items, votes.known[gold_items]] = 1.0
        weight = np.where(is_gold, 1.0, settings.UNKNOWN_WEIGHT)
        cells, spots = people * votes.classes + votes.labels, items * votes.classes + votes.labels
        return Sums(votes, is_gold, gold_items, known, weight, cells, spots)

    def by_person(self, values: Array) -> Array:
        """Sum a value per vote over each person."""
        totals = np.bincount(self.votes.people, weights=values, minlength=self.votes.persons)
        # An empty count of numpy's is whole, whatever its weights.
        return totals.astype(np.float64, copy=False)

    def at_labels(self, table: Array) -> Array:
        """Pick from [item, class] what stands at each vote's item and label."""
        return np.asarray(table.ravel()[self.spots])

    def clamped(self, posterior: Array) -> Array:
        """Set gold items to their answer."""
        posterior[self.gold_items] = self.known[self.gold_items]
        return posterior


def one_coin(sums: Sums) -> Fitted:
    """Fit one accuracy per person, errors spread evenly over the other classes."""
    accuracy, _ = _from_golds(sums)
    fitted = _one_coin_round(sums, sums.clamped(normal(one_coin_logs(sums, accuracy))))
    return _settled(sums, fitted, _one_coin_round)


def _one_coin_round(sums: Sums, posterior: Array) -> Fitted:
    right, given, common, spread = _accuracies(sums, posterior)
    accuracy, prior = spread.shrunk(right, given), _class_prior(sums, posterior)
    posterior = _softened(sums, one_coin_logs(sums, accuracy) + np.log(prior))
    return Fitted(right, given, accuracy, common, spread, prior, even(common, sums.votes.classes), posterior)


def confusion(sums: Sums) -> Fitted:
    """Fit a table of confusion per person, held to what everybody confuses, scaled to the person's accuracy."""
    accuracy, common = _from_golds(sums)
    _, pooled = _tables(sums, sums.known, common)
    fitted = _confusion_round(
        sums, sums.clamped(normal(confusion_logs(sums, _scaled(pooled, accuracy, common))))
    )
    return _settled(sums, fitted, _confusion_round)


def _confusion_round(sums: Sums, posterior: Array) -> Fitted:
    right, given, common, spread = _accuracies(sums, posterior)
    accuracy, prior = spread.shrunk(right, given), _class_prior(sums, posterior)
    counts, pooled = _tables(sums, posterior, common)
    base = _scaled(pooled, accuracy, common)
    rows = counts + settings.CONFUSION_ANSWERS * base
    rows /= rows.sum(axis=2, keepdims=True)
    posterior = _softened(sums, confusion_logs(sums, rows) + np.log(prior))
    return Fitted(
        right, given, accuracy, common, spread, prior, pooled, posterior, Confusion(counts, base, rows)
    )


def _settled(sums: Sums, fitted: Fitted, next_round: Callable[[Sums, Array], Fitted]) -> Fitted:
    """Go on until people's accuracies settle."""
    for _ in range(settings.ITERATIONS - 1):
        before, fitted = fitted.accuracy, next_round(sums, fitted.posterior)
        if np.abs(fitted.accuracy - before).max(initial=0.0) < settings.SETTLED:
            break
    return fitted


def even(accuracy: float, classes: int) -> Array:
    """Give [true, told] of somebody whose errors are spread evenly."""
    rows = np.full((classes, classes), (1 - accuracy) / max(classes - 1, 1))
    np.fill_diagonal(rows, accuracy)
    return rows


def one_coin_odds(accuracy: Array, classes: int) -> Array:
    """Give the log odds that one answer adds to its own class."""
    return np.asarray(np.log(accuracy * max(classes - 1, 1) / (1 - accuracy)))


def one_coin_logs(sums: Sums, accuracy: Array) -> Array:
    """Sum the log odds of the answers of each item, [item, class]."""
    told = one_coin_odds(accuracy, sums.votes.classes)[sums.votes.people]
    totals = np.bincount(sums.spots, weights=told, minlength=sums.known.size)
    return totals.astype(np.float64, copy=False).reshape(sums.known.shape)


def one_coin_chances(sums: Sums, accuracy: Array) -> Array:
    """Sum the logarithms of the answers of each item, [item, class]: its log odds, and what all classes get alike."""
    wrong = np.log((1 - accuracy) / max(sums.votes.classes - 1, 1))[sums.votes.people]
    alike = np.bincount(sums.votes.items, weights=wrong, minlength=len(sums.known))
    return np.asarray(one_coin_logs(sums, accuracy) + alike[:, None])


def confusion_logs(sums: Sums, rows: Array) -> Array:
    """Sum the logarithms of the answers of each item, [item, class]."""
    votes, items = sums.votes, len(sums.known)
    logs = np.log(rows).transpose(0, 2, 1).reshape(-1, votes.classes)
    columns = [
        np.bincount(votes.items, weights=logs[sums.cells, true], minlength=items)
        for true in range(votes.classes)
    ]
    return np.stack(columns, axis=1)


def _from_golds(sums: Sums) -> tuple[Array, float]:
    """Give each person's accuracy and the common one from golds alone."""
    classes, strength = sums.votes.classes, settings.ACCURACY_ANSWERS
    expected = expected_accuracy(classes)
    right = sums.at_labels(sums.known)
    common = (float(right.sum()) + strength * expected) / (float(sums.is_gold.sum()) + strength)
    # Where even golds are answered badly, agreement still has to mean something at first.
    common = max(common, (expected + 1.0 / classes) / 2)
    people, given = sums.by_person(right), sums.by_person(sums.is_gold.astype(np.float64))
    return spread_of(people, given, common, classes).shrunk(people, given), common


def _accuracies(sums: Sums, posterior: Array) -> tuple[Array, Array, float, Spread]:
    """Give each person's right and given answers, the common accuracy and its spread."""
    agreed = sums.at_labels(posterior)
    right, given = sums.by_person(sums.weight * agreed), sums.by_person(sums.weight)
    weight = np.where(sums.is_gold, 1.0, settings.UNKNOWN_POOLED)
    classes, strength = sums.votes.classes, settings.ACCURACY_ANSWERS
    total = float(np.dot(weight, agreed)) + strength * expected_accuracy(classes)
    common = total / (float(weight.sum()) + strength)
    return right, given, common, spread_of(right, given, common, classes)


def _class_prior(sums: Sums, posterior: Array) -> Array:
    """Give how often each class is true, held to equal shares. Golds count no more than others: they are often chosen by class."""
    totals = settings.UNKNOWN_POOLED * posterior.sum(axis=0) + settings.CLASS_ITEMS
    return np.asarray(totals / totals.sum())


def _tables(sums: Sums, posterior: Array, common: float) -> tuple[Array, Array]:
    """Count [person, true, told], and give everybody's [true, told] as shares."""
    votes = sums.votes
    classes, size = votes.classes, votes.persons * votes.classes
    counts, pooled = np.empty((votes.persons, classes, classes)), np.empty((classes, classes))
    weight = np.where(sums.is_gold, 1.0, settings.UNKNOWN_POOLED)
    for true in range(classes):
        share = posterior[votes.items, true]
        told = np.bincount(sums.cells, weights=share * sums.weight, minlength=size)
        counts[:, true, :] = told.reshape(votes.persons, classes)
        pooled[true] = np.bincount(votes.labels, weights=share * weight, minlength=classes)
    pooled += settings.POOLED_ANSWERS * even(common, classes)
    return counts, pooled / pooled.sum(axis=1, keepdims=True)


def _scaled(pooled: Array, accuracy: Array, common: float) -> Array:
    """Scale everybody's table to each person's accuracy: towards faultless above the common one, towards saying anything below it."""
    classes = len(pooled)
    better = np.clip((accuracy - common) / max(1 - common, 1e-6), 0, 1)[:, None, None]
    worse = np.clip((common - accuracy) / max(common - 1.0 / classes, 1e-6), 0, 1)[:, None, None]
    base = pooled * (1 - better - worse) + better * np.eye(classes) + worse * pooled.mean(axis=0)
    base = np.maximum(base, (1 - settings.ACCURACY_MOST) / classes)
    return np.asarray(base / base.sum(axis=2, keepdims=True))


def _softened(sums: Sums, logs: Array) -> Array:
    """Give [item, class] flattened, golds clamped, so that agreement does not feed on itself."""
    return sums.clamped(normal(settings.SOFTENING * logs))
