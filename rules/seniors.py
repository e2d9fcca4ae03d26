"""Senior students: who is asked about an item that the others do not decide, and how far their ruling is believed. Pure."""

from __future__ import annotations

import dataclasses

from rules.position import wilson

GOLDS_LEAST = 30
"""Fewer answers on items whose answer is known say too little of anybody whose word is to stand for all."""
WORTH_LEAST_MILLI = 1250
"""A senior's answer tells a quarter more than the median one. Where all are equally good nobody is senior, and a coordinator rules."""
QUIET_LOG_E_MILLI = 700
"""Evidence of bad work beyond this (about 2 to 1) keeps somebody from ruling, long before it would pause them."""
WORKS = ("active",)
"""The standings of somebody whom nothing speaks against."""


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a student on a project. `golds_right` of `golds` over all their answers; `worth_milli` and `log_e_milli` of the
    last reading, None before the first. `named`: True where a coordinator made them senior, False where one said that they are none."""

    standing: str
    golds_right: int
    golds: int
    worth_milli: int | None
    log_e_milli: int | None
    named: bool | None = None


def is_senior(figures: Figures) -> bool:
    """Tell whether a student is asked about disputes. A coordinator's word decides; else the figures do."""
    if figures.standing not in WORKS:
        return False
    if figures.named is not None:
        return figures.named
    if figures.golds < GOLDS_LEAST or figures.worth_milli is None:
        return False
    return figures.worth_milli >= WORTH_LEAST_MILLI and (figures.log_e_milli or 0) < QUIET_LOG_E_MILLI


def confidence(golds_right: int, golds: int) -> tuple[float, float, float]:
    """Give how far a senior's ruling is believed, and the 95 % interval of it: how often they were right where the answer is known.

    The rule of succession keeps it away from certainty: 30 of 30 make 97 %.
    """
    told = (golds_right + 1) / (golds + 2)
    if not golds:
        return told, 0.0, 1.0
    low, high = wilson(golds_right, golds)
    return told, min(low, told), max(high, told)
