"""How accuracy is spread in a crowd: learnt from everybody, so that a few answers place a person among careful people and clickers alike.
Nothing here knows items or classes beyond their number."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from rules.quality import model_settings as settings

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Spread:
    """How common each accuracy is. `grid`: accuracies. `shares`: how much of the crowd has each."""

    grid: Array
    shares: Array

    def shrunk(self, right: Array, given: Array) -> Array:
        """Give the accuracy to expect of people with so many right of so many answers, weighted."""
        return np.asarray(_chances(right, given, self.grid, self.shares) @ self.grid)


def expected_accuracy(classes: int) -> float:
    """Guess how often people are right before anything is known: half of what lies above chance."""
    return 0.5 + 0.5 / classes


def spread_of(right: Array, given: Array, common: float, classes: int) -> Spread:
    """Learn the spread from everybody's weighted answers: a nonparametric maximum likelihood (Kiefer and Wolfowitz, 1956), smoothed by a
    beta distribution around the common accuracy."""
    grid = np.linspace(settings.ACCURACY_LEAST / classes, settings.ACCURACY_MOST, settings.ACCURACIES)
    strength = settings.ACCURACY_ANSWERS
    base = np.exp((strength * common - 1) * np.log(grid) + (strength * (1 - common) - 1) * np.log(1 - grid))
    base /= base.sum()
    shares = base
    for _ in range(settings.SPREAD_ROUNDS if len(right) else 0):
        shares = _chances(right, given, grid, shares).sum(axis=0) + settings.SPREAD_PEOPLE * base
        shares = shares / shares.sum()
    return Spread(grid, shares)


def _chances(right: Array, given: Array, grid: Array, shares: Array) -> Array:
    """Give each person's chance of each accuracy, [person, accuracy]."""
    right = np.maximum(right, 0.0)
    wrong = np.maximum(given - right, 0.0)
    return normal(right[:, None] * np.log(grid) + wrong[:, None] * np.log(1 - grid) + np.log(shares))


def normal(logs: Array) -> Array:
    """Turn rows of logarithms into chances."""
    chances = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))
