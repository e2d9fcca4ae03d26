"""When an item has enough answers: not at a fixed confidence, but once the answers still to be had would change its label too rarely to
be worth their price. The decision is solved backwards over the next few answers of a typical person (optimal stopping)."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np
from numpy.typing import NDArray

from rules.quality import model_settings as settings
from rules.quality.model_state import Bounds

Array = NDArray[np.float64]


def price(bounds: Bounds) -> float:
    """Give the gain in the chance of a right label that is worth one answer: a share of the doubt that the project accepts."""
    return settings.PRICE_OF_DOUBT * (1.0 - bounds.confidence)


@functools.cache
def lattice(tellings: int, depth: int) -> list[NDArray[np.int64]]:
    """Number the multisets of so many answers, and for each level give [state, answer]: the state of the next level."""
    levels = [list(itertools.combinations_with_replacement(range(tellings), n)) for n in range(depth + 1)]
    steps = []
    for here, there in itertools.pairwise(levels):
        place = {state: number for number, state in enumerate(there)}
        steps.append(
            np.array([[place[tuple(sorted((*s, t)))] for t in range(tellings)] for s in here], dtype=np.int64)
        )
    return steps


def depth_for(tellings: int) -> int:
    """Tell how far to look ahead with so many different answers."""
    depths = range(settings.LOOK_AHEAD, 1, -1)
    return next((d for d in depths if math.comb(tellings + d, d) <= settings.OUTCOMES_MOST), 1)


def gains(posteriors: Array, channels: Array, cost: float) -> Array:
    """Give for each item what asking on gains in the chance of a right label, less its price; negative where it does not pay.

    `posteriors`: [item, kind, class]. `channels`: [kind, true, told], a typical person on each kind of item. Only the likeliest classes
    are told apart.
    """
    if posteriors.shape[2] < 2:
        return np.full(len(posteriors), -cost)
    size = settings.ITEMS_AT_ONCE
    parts = [_gains(posteriors[n : n + size], channels, cost) for n in range(0, len(posteriors), size)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _gains(posteriors: Array, channels: Array, cost: float) -> Array:
    classes = posteriors.shape[2]
    kept = min(classes, settings.CLASSES_COMPARED)
    order = np.argsort(-posteriors.sum(axis=1), axis=1, kind="stable")[:, :kept]
    weight = np.take_along_axis(posteriors, order[:, None, :], axis=2)
    told = channels[:, order[:, :, None], order[:, None, :]]
    if kept < classes:
        # Whatever else is told is one more answer.
        told = np.concatenate([told, np.maximum(1.0 - told.sum(axis=3, keepdims=True), 1e-9)], axis=3)
    asked = _solve(weight.transpose(1, 2, 0), told.transpose(3, 0, 2, 1), cost)
    return np.asarray(asked - weight.sum(axis=1)[:, 0])


def _solve(weight: Array, told: Array, cost: float) -> Array:
    """Give the value of asking at least once more: the chance of a right label in the end, less the price of the answers.

    `weight`: [kind, class, item]. `told`: [answer, kind, class, item]. Chances stay joint ones of kind, class and answers, so that no step
    divides. Items lie along the last axis, where numpy is quickest.
    """
    chances = np.ascontiguousarray(told)
    steps = lattice(len(chances), depth_for(len(chances)))
    levels = [np.ascontiguousarray(weight)[:, :, None, :]]
    for step in steps:
        here = levels[-1]
        following = np.empty((*here.shape[:2], int(step.max()) + 1, here.shape[3]))
        for answer, chance in enumerate(chances):
            following[:, :, step[:, answer], :] = here * chance[:, :, None, :]
        levels.append(following)
    # What kind an item is matters for the answers to come, not for the label that is given in the end.
    classes = [level.sum(axis=0) for level in levels]
    value = asked = classes[-1].max(axis=0)
    for step, here in zip(reversed(steps), reversed(classes[:-1]), strict=True):
        asked = -cost * here.sum(axis=0)
        for answer in range(len(chances)):
            asked += value[step[:, answer]]
        value = np.maximum(asked, here.max(axis=0))
    return np.asarray(asked[0])


def wanted(posteriors: Array, given: NDArray[np.int64], channels: Array, bounds: Bounds) -> NDArray[np.bool_]:
    """Tell for each item whether it wants another answer. `posteriors`: [item, kind, class]."""
    pays = gains(posteriors, channels, price(bounds)) > 0
    return np.asarray((given < bounds.least) | (pays & (given < bounds.most)))
