"""What golds say of the model itself: each gold item is judged as if its answer were not known, by figures without its own votes, at the
point where an ordinary item would have stopped. From that come the exponents, the blend and the curve of confidence."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from rules.quality import confidence, stopping
from rules.quality import model_kinds as kinds
from rules.quality import model_settings as settings
from rules.quality.model_em import Fitted, Sums
from rules.quality.model_state import Bounds, Curve

Array = NDArray[np.float64]
Indexes = NDArray[np.int64]
POWERS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4)
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

    `tables`: per model the person's, [vote, true, told], or their accuracy, [vote]. `logs`: what the votes of an item come to, from its
    first one on, for each kind of item [vote, class]; by model and exponent. `priors`: per model. `labels`, `truth`: [vote]. `first`:
    where each item begins. `place`: how many votes an item has after each.
    """

    tables: tuple[Array, ...]
    logs: dict[tuple[int, float], list[Array]]
    priors: tuple[Array, ...]
    labels: Indexes
    truth: Indexes
    first: Indexes
    place: Indexes


def temper(sums: Sums, models: tuple[Fitted, ...], bounds: Bounds) -> Tempering:
    """Choose exponents, blend and curve on the golds at their stopping point; without golds, the usual ones."""
    powers, blend = [settings.POWER] * len(models), 0.5 if len(models) == 2 else 0.0
    shown = trials(sums, models, bounds.most)
    if not len(shown.first):
        return Tempering(tuple(powers), blend, Curve(), 0)
    posterior = _posteriors(shown, powers, blend)
    at = _stops(shown, posterior, models[-1].pooled, powers[-1], bounds)
    for _ in range(ROUNDS):
        powers = [_best_power(shown, number, at) for number in range(len(models))]
        blend = _best_blend(shown, powers, at) if len(models) == 2 else 0.0
        posterior = _posteriors(shown, powers, blend)
        at = _stops(shown, posterior, models[-1].pooled, powers[-1], bounds)
    stated = posterior[at].sum(axis=1)
    right = (stated.argmax(axis=1) == shown.truth[at]) * 1.0
    curve = confidence.fit_curve(stated.max(axis=1), right)
    return Tempering(tuple(powers), blend, curve, len(shown.first))


def trials(sums: Sums, models: tuple[Fitted, ...], most: int) -> Trials:
    """Judge every gold vote, as many of each gold as an ordinary item gets, by figures from which its own contribution is taken."""
    votes = sums.votes
    latest = np.flatnonzero(sums.gold_items)[-settings.TRIALS_MOST :]
    at = np.flatnonzero(np.isin(votes.items, latest))
    at = at[np.argsort(votes.items[at], kind="stable")]
    items = votes.items[at].astype(np.int64)
    first = np.flatnonzero(np.diff(items, prepend=-1))
    place = np.arange(len(at)) - np.repeat(first, np.diff(np.append(first, len(at)))) + 1
    at, items, place = at[place <= most], items[place <= most], place[place <= most]
    truth, labels = votes.known[items].astype(np.int64), votes.labels[at].astype(np.int64)
    tables = tuple(_left_out(model, votes.people[at], labels, truth) for model in models)
    first = np.flatnonzero(place == 1)
    return Trials(tables, {}, tuple(model.prior for model in models), labels, truth, first, place)


def _left_out(model: Fitted, people: NDArray[np.int32], labels: Indexes, truth: Indexes) -> Array:
    """Give the tables behind gold votes, [vote, true, told], or with one coin the accuracies, by figures that do not know them."""
    if model.confusion is None:
        # With one coin a table is two numbers, whatever the classes.
        return model.spread.shrunk(model.right[people] - (labels == truth), model.given[people] - 1.0)
    every = np.arange(len(people))
    counts = model.confusion.counts[people, truth]
    counts[every, labels] = np.maximum(counts[every, labels] - 1.0, 0.0)
    rows = model.confusion.rows[people]
    row = counts + settings.CONFUSION_ANSWERS * model.confusion.base[people, truth]
    rows[every, truth] = row / row.sum(axis=1, keepdims=True)
    return rows


def _logs(shown: Trials, number: int, power: float) -> list[Array]:
    """Give for each kind of item the logarithms of what gold votes come to, [vote, class], once they are asked for."""
    key = number, power
    if key not in shown.logs:
        shown.logs[key] = [_powered(shown, number, exponent) for exponent in kinds.exponents(power)]
    return shown.logs[key]


def _powered(shown: Trials, number: int, exponent: float) -> Array:
    tables, every, classes = shown.tables[number], np.arange(len(shown.labels)), len(shown.priors[number])
    if tables.ndim == 1:
        accuracy = kinds.accuracies(tables, classes, exponent)
        logs = np.repeat(np.log((1 - accuracy) / max(classes - 1, 1))[:, None], classes, axis=1)
        logs[every, shown.labels] = np.log(accuracy)
    else:
        logs = np.log(kinds.tables(tables, exponent)[every, :, shown.labels])
    return _running(logs, shown.first)


def _running(logs: Array, first: Indexes) -> Array:
    """Sum from each item's first vote on."""
    total = np.cumsum(logs, axis=0)
    before = np.concatenate([np.zeros((1, logs.shape[1])), total])[first]
    return np.asarray(total - np.repeat(before, np.diff(np.append(first, len(logs))), axis=0))


def _posteriors(shown: Trials, powers: list[float], blend: float) -> Array:
    """Give [vote, kind, class] after each vote, by both models together."""
    parts = [_tempered(shown, number, power) for number, power in enumerate(powers)]
    return parts[0] if len(parts) == 1 else (1 - blend) * parts[0] + blend * parts[1]


def _tempered(shown: Trials, number: int, power: float, at: Indexes | slice = slice(None)) -> Array:
    return kinds.mixed([logs[at] for logs in _logs(shown, number, power)], shown.priors[number])


def _stops(shown: Trials, posterior: Array, pooled: Array, power: float, bounds: Bounds) -> Indexes:
    """Give the vote at which each gold would have stopped: the first that wants no more, or the last it has."""
    wants = stopping.wanted(posterior, shown.place, kinds.channels(pooled, power), bounds)
    ends = np.append(shown.first[1:], len(wants)) - 1
    at = np.where(wants, len(wants), np.arange(len(wants)))
    return np.asarray(np.minimum(np.minimum.reduceat(at, shown.first), ends))


def _best_power(shown: Trials, number: int, at: Indexes) -> float:
    """Choose the exponent by the log loss of the golds, with a pull to the usual one."""
    every = np.arange(len(at))

    def loss(power: float) -> float:
        chances = _tempered(shown, number, power, at)[every, :, shown.truth[at]].sum(axis=1)
        return _log_loss(chances) + 0.5 * ((power - settings.POWER) / settings.POWER_SPREAD) ** 2

    return min(POWERS, key=loss)


def _best_blend(shown: Trials, powers: list[float], at: Indexes) -> float:
    """Choose the weight of the second model by the log loss of the golds (stacking), with a pull to the middle."""
    every = np.arange(len(at))
    one, other = (
        _tempered(shown, number, power, at)[every, :, shown.truth[at]].sum(axis=1)
        for number, power in enumerate(powers)
    )

    def loss(blend: float) -> float:
        return _log_loss((1 - blend) * one + blend * other) + settings.BLEND_PULL * (blend - 0.5) ** 2

    return min(BLENDS, key=loss)


def _log_loss(chances: Array) -> float:
    return float(-np.log(np.maximum(chances, 1e-9)).sum())
