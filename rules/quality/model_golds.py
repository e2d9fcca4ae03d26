"""What golds say of the model itself: each gold item is judged as if its answer were not known, by figures without its own votes, at the
point where an ordinary item would have stopped. From that come the exponents, the blend and the curve of confidence."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from rules.quality import confidence, stopping
from rules.quality import model_em as em
from rules.quality import model_settings as settings
from rules.quality.model_crowd import normal
from rules.quality.model_em import Fitted, Sums
from rules.quality.model_state import Bounds, Curve

Array = NDArray[np.float64]
Indexes = NDArray[np.int64]
POWERS = tuple(tenth / 10 for tenth in range(2, 13))
BLENDS = tuple(tenth / 10 for tenth in range(11))
ROUNDS = 2
"""Where items stop depends on the exponents, and those on where items stop; the second round is close enough."""


@dataclasses.dataclass(frozen=True, slots=True)
class Tempering:
    """`powers`: the exponent of each model. `blend`: the weight of the second. `curve`: of confidence. `golds`: how many stand behind."""

    powers: tuple[float, ...]
    blend: float
    curve: Curve
    golds: int


@dataclasses.dataclass(frozen=True, slots=True)
class Trials:
    """The votes on golds, sorted by item and then by order.

    `logs`: per model [vote, class], summed from the item's first vote on. `priors`: per model. `first`: where each item begins. `place`:
    how many votes an item has after each. `truth`: [vote].
    """

    logs: tuple[Array, ...]
    priors: tuple[Array, ...]
    first: Indexes
    place: Indexes
    truth: Indexes


def temper(sums: Sums, models: tuple[Fitted, ...], bounds: Bounds) -> Tempering:
    """Choose exponents, blend and curve on the golds at their stopping point; without golds, the usual ones."""
    powers, blend = [settings.POWER] * len(models), 0.5 if len(models) == 2 else 0.0
    shown = trials(sums, models)
    if not len(shown.first):
        return Tempering(tuple(powers), blend, Curve(), 0)
    posterior = _posteriors(shown, powers, blend)
    at = _stops(shown, posterior, models[-1].pooled, powers[-1], bounds)
    for _ in range(ROUNDS):
        powers = [_best_power(shown, number, at) for number in range(len(models))]
        blend = _best_blend(shown, powers, at) if len(models) == 2 else 0.0
        posterior = _posteriors(shown, powers, blend)
        at = _stops(shown, posterior, models[-1].pooled, powers[-1], bounds)
    right = (posterior[at].argmax(axis=1) == shown.truth[at]) * 1.0
    curve = confidence.fit_curve(posterior[at].max(axis=1), right)
    return Tempering(tuple(powers), blend, curve, len(shown.first))


def trials(sums: Sums, models: tuple[Fitted, ...]) -> Trials:
    """Judge every gold vote by figures from which the vote's own contribution is taken."""
    votes = sums.votes
    latest = np.flatnonzero(sums.gold_items)[-settings.TRIALS_MOST :]
    at = np.flatnonzero(np.isin(votes.items, latest))
    at = at[np.argsort(votes.items[at], kind="stable")]
    items = votes.items[at].astype(np.int64)
    truth = votes.known[items].astype(np.int64)
    first = np.flatnonzero(np.diff(items, prepend=-1))
    lengths = np.diff(np.append(first, len(at)))
    place = np.arange(len(at)) - np.repeat(first, lengths) + 1
    people, labels = votes.people[at], votes.labels[at]
    logs = tuple(_running(_left_out(model, people, labels, truth), first, lengths) for model in models)
    return Trials(logs, tuple(np.log(model.prior) for model in models), first, place, truth)


def _left_out(model: Fitted, people: NDArray[np.int32], labels: NDArray[np.int16], truth: Indexes) -> Array:
    """Give the logarithms of gold votes, [vote, class], by figures that do not know them."""
    classes, every = len(model.prior), np.arange(len(people))
    if model.confusion is None:
        accuracy = model.spread.shrunk(model.right[people] - (labels == truth), model.given[people] - 1.0)
        logs = np.zeros((len(people), classes))
        logs[every, labels] = em.one_coin_odds(accuracy, classes)
        return logs
    counts, base = model.confusion.counts, model.confusion.base
    logs = np.log(model.confusion.rows[people, :, labels])
    own = counts[people, truth, labels] - 1.0 + settings.CONFUSION_ANSWERS * base[people, truth, labels]
    total = counts[people, truth].sum(axis=1) - 1.0 + settings.CONFUSION_ANSWERS
    logs[every, truth] = np.log(np.maximum(own, 1e-3) / total)
    return logs


def _running(logs: Array, first: Indexes, lengths: Indexes) -> Array:
    """Sum from each item's first vote on."""
    total = np.cumsum(logs, axis=0)
    before = np.concatenate([np.zeros((1, logs.shape[1])), total])[first]
    return np.asarray(total - np.repeat(before, lengths, axis=0))


def _posteriors(shown: Trials, powers: list[float], blend: float) -> Array:
    """Give [vote, class] after each vote, tempered and blended."""
    parts = [_tempered(shown, number, power) for number, power in enumerate(powers)]
    return parts[0] if len(parts) == 1 else (1 - blend) * parts[0] + blend * parts[1]


def _tempered(shown: Trials, number: int, power: float, at: Indexes | slice = slice(None)) -> Array:
    return normal(power * shown.logs[number][at] + shown.priors[number])


def _stops(shown: Trials, posterior: Array, pooled: Array, power: float, bounds: Bounds) -> Indexes:
    """Give the vote at which each gold would have stopped: the first that wants no more, or the last it has."""
    wants = stopping.wanted(posterior, shown.place, stopping.deflated(pooled, power), bounds)
    ends = np.append(shown.first[1:], len(wants)) - 1
    at = np.where(wants, len(wants), np.arange(len(wants)))
    return np.asarray(np.minimum(np.minimum.reduceat(at, shown.first), ends))


def _best_power(shown: Trials, number: int, at: Indexes) -> float:
    """Choose the exponent by the log loss of the golds, with a pull to the usual one."""
    every = np.arange(len(at))

    def loss(power: float) -> float:
        chances = _tempered(shown, number, power, at)[every, shown.truth[at]]
        return _log_loss(chances) + 0.5 * ((power - settings.POWER) / settings.POWER_SPREAD) ** 2

    return min(POWERS, key=loss)


def _best_blend(shown: Trials, powers: list[float], at: Indexes) -> float:
    """Choose the weight of the second model by the log loss of the golds (stacking), with a pull to the middle."""
    every = np.arange(len(at))
    one, other = (
        _tempered(shown, number, power, at)[every, shown.truth[at]] for number, power in enumerate(powers)
    )

    def loss(blend: float) -> float:
        return _log_loss((1 - blend) * one + blend * other) + settings.BLEND_PULL * (blend - 0.5) ** 2

    return min(BLENDS, key=loss)


def _log_loss(chances: Array) -> float:
    return float(-np.log(np.maximum(chances, 1e-9)).sum())
