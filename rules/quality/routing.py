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
    ranked, totals = _ranked(people)
    return _at(ranked, totals, 0.5)


def worth(model: Model, person_id: int) -> float:
    """Give what a person's answer tells beside the median answer; 1.0 for somebody unknown."""
    person = model.people.get(person_id)
    return 1.0 if person is None or model.typical <= 0 else person.information / model.typical


def waits(model: Model, person_id: int, *, supply: float | None = None) -> bool:
    """Tell whether a person adds so little that they wait while others want work.

    `supply`: how many people an item could get in all, that is the sum over people of the share of open items that each may get. The
    richer it is, the choosier; None where nothing is known of it.
    """
    person = model.people.get(person_id)
    if person is None or person.answers < settings.WAITING_ANSWERS:
        return False
    return person.information < threshold(model, supply)


def threshold(model: Model, supply: float | None) -> float:
    """Give the information per answer below which somebody waits."""
    if supply is None:
        return settings.WAITING_SHARE * model.typical
    wanted = settings.CHOOSY * settings.ANSWERS_WANTED / max(supply, 1e-9)
    if "ranked" not in model.memo:
        model.memo["ranked"] = _ranked(model.people.values())
    ranked, totals = model.memo["ranked"]
    refused = _at(ranked, totals, 1.0 - min(wanted, 1.0))
    return min(max(refused, settings.WORTHLESS * model.typical), settings.CHOOSY_MOST * model.typical)


def _ranked(people: Iterable[Person]) -> tuple[list[float], list[int]]:
    """Rank people by what they tell; give that, and the answers up to each."""
    pairs = sorted((person.information, person.answers) for person in people)
    return [tells for tells, _ in pairs], list(itertools.accumulate(answers for _, answers in pairs))


def _at(ranked: list[float], totals: list[int], share: float) -> float:
    """Give the information that this share of all answers does not reach."""
    if not totals or share <= 0:
        return 0.0
    return ranked[min(bisect.bisect_left(totals, share * totals[-1]), len(ranked) - 1)]
