"""Who is asked: what a person's answers tell beside everybody's, and who waits while others want work."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rules.quality import model_settings as settings
from rules.quality.model_state import Model, Person

Array = NDArray[np.float64]


def information(rows: Array, prior: Array) -> Array:
    """Give what one answer tells of the truth, in nats: the mutual information of each [true, told] under a prior."""
    told = np.einsum("t,ptl->pl", prior, rows)
    parts = (
        prior[None, :, None] * rows * np.log(np.maximum(rows, 1e-12) / np.maximum(told, 1e-12)[:, None, :])
    )
    return np.asarray(np.maximum(parts.sum(axis=(1, 2)), 0.0))


def one_coin_information(accuracy: Array, classes: int) -> Array:
    """Give the same for people whose errors are spread evenly, under equal chances."""
    wrong = np.maximum(1 - accuracy, 1e-12)
    if classes < 2:
        return np.zeros_like(accuracy)
    told = math.log(classes) + accuracy * np.log(accuracy) + wrong * np.log(wrong / (classes - 1))
    return np.asarray(np.maximum(told, 0.0))


def typical(people: Iterable[Person]) -> float:
    """Give the information of the median answer; 0.0 where there is none."""
    ranked = sorted((person.information, person.answers) for person in people)
    totals = list(itertools.accumulate(answers for _, answers in ranked))
    if not totals:
        return 0.0
    return ranked[min(bisect.bisect_left(totals, totals[-1] / 2), len(ranked) - 1)][0]


def worth(model: Model, person_id: int) -> float:
    """Give what a person's answer tells beside the median answer; 1.0 for somebody unknown."""
    person = model.people.get(person_id)
    return 1.0 if person is None or model.typical <= 0 else person.information / model.typical


def waits(model: Model, person_id: int) -> bool:
    """Tell whether a person adds so little that they wait while others want work."""
    person = model.people.get(person_id)
    if person is None or person.answers < settings.WAITING_ANSWERS:
        return False
    return person.information < settings.WAITING_SHARE * model.typical
