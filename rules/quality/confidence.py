"""The curve of confidence: from what the model computes to how often it is right, fitted on gold items at the point where an ordinary item
would have stopped. Two coefficients with a prior (Platt scaling in Laplace's approximation), so that few golds bend it little."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rules.quality import model_settings as settings
from rules.quality.model_state import Curve

Array = NDArray[np.float64]
LOGIT_MOST = 6.0
"""Beyond 99.75 % a model's own figures say nothing any more."""
NINETY_PERCENT = 1.645
ONE_IN_TWENTY = 0.05
"""The chance that is left outside each end of that interval."""
NEWTON_STEPS = 20


def fit_curve(stated: Array, right: Array) -> Curve:
    """Fit the curve to the chances that were computed and to whether they were right (1.0 or 0.0), by Newton's method."""
    stated = np.clip(stated, 1e-9, 1 - 1e-9)
    logits = np.clip(np.log(stated / (1 - stated)), -LOGIT_MOST, LOGIT_MOST)
    design = np.stack([np.ones_like(logits), logits], axis=1)
    precision = np.diag([1 / settings.SHIFT_SPREAD**2, 1 / settings.SLOPE_SPREAD**2])
    centre = np.array([0.0, settings.SLOPE])
    at, hessian = centre, precision
    for _ in range(NEWTON_STEPS):
        chances = 1 / (1 + np.exp(-(design @ at)))
        hessian = (design * (chances * (1 - chances))[:, None]).T @ design + precision
        step = np.linalg.solve(hessian, design.T @ (right - chances) - precision @ (at - centre))
        at = at + step
        if np.abs(step).max() < 1e-9:
            break
    spread = np.linalg.inv(hessian)
    # More certainty must never be told as less.
    slope = max(float(at[1]), 0.0)
    return Curve(float(at[0]), slope, (float(spread[0, 0]), float(spread[1, 1]), float(spread[0, 1])))


def told(curve: Curve, chance: float, golds: int, classes: int) -> tuple[float, float, float]:
    """Give the confidence that is told, and the two ends of its 90 % interval.

    The confidence never exceeds what so many golds can support. Without golds it is only what the model computes, and claims nothing.
    """
    logit = _logit(chance)
    middle = curve.shift + curve.slope * logit
    shift, slope, both = curve.spread
    spread = math.sqrt(max(shift + slope * logit * logit + 2 * both * logit, 0.0))
    # The mean of a logistic function under a normal spread (MacKay, 1992).
    mean = _logistic(middle / math.sqrt(1 + math.pi * spread * spread / 8))
    most = (golds + settings.CAP_GOLDS) / (golds + 2 * settings.CAP_GOLDS) if golds else 1.0
    confidence = min(max(mean, 1.0 / classes), most)
    low, high = _logistic(middle - NINETY_PERCENT * spread), _logistic(middle + NINETY_PERCENT * spread)
    # Even if all golds were right, they would not exclude a share below this (Clopper and Pearson, 1934).
    low = min(low, ONE_IN_TWENTY ** (1 / golds)) if golds else low
    return confidence, min(low, confidence), max(high, confidence)


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-9), 1.0 - 1e-9)
    return min(max(math.log(chance / (1.0 - chance)), -LOGIT_MOST), LOGIT_MOST)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))
