"""Clear items and murky ones. What is known of a person is an average over both: on a clear item their answers tell more than that, on a
murky one far less, and answers that disagree are how murkiness shows. Nothing is fitted here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rules.quality import model_settings as settings
from rules.quality.model_crowd import normal

Array = NDArray[np.float64]
SHARES = (settings.MURKY_SHARE, 1.0 - settings.MURKY_SHARE)
"""How common each kind of item is: murky, clear."""


def exponents(power: float) -> tuple[float, ...]:
    """Give the exponent of what answers tell on each kind of item."""
    return settings.MURKY * power, settings.CLEAR * power


def accuracies(accuracy: Array, classes: int, exponent: float) -> Array:
    """Give accuracies whose odds are those of others, raised to the exponent."""
    others = max(classes - 1, 1)
    odds = (accuracy * others / (1 - accuracy)) ** exponent
    return np.asarray(odds / (odds + others))


def tables(rows: Array, exponent: float) -> Array:
    """Raise tables [..., true, told] to the exponent, as shares again."""
    powered = rows**exponent
    return np.asarray(powered / powered.sum(axis=-1, keepdims=True))


def channels(rows: Array, power: float) -> Array:
    """Give [kind, true, told] of an answer on each kind of item."""
    return np.stack([tables(rows, exponent) for exponent in exponents(power)])


def mixed(parts: list[Array], prior: Array) -> Array:
    """Give the joint posterior [item, kind, class]. `parts`: for each kind the logarithms of its answers, [item, class]."""
    logs = np.stack(parts, axis=1) + np.log(np.array(SHARES))[:, None] + np.log(prior)
    together = logs.reshape(len(logs), logs.shape[1] * logs.shape[2])
    return normal(together).reshape(logs.shape)
