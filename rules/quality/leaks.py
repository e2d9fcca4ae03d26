"""Leaks: people who answer gold better than the rest of their work, as only somebody can who knows which items are gold, or what their
answers are. For a human to look at; nobody is judged here.

Gold is often easier for everybody, so a person's table (gold right and wrong, other items with and against their peers) is held against the
odds ratio of all others, by Fisher's noncentral hypergeometric test, at a false discovery rate of 5 % over all people tested.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from rules.quality.chances import adjusted, table_tail
from rules.quality.votes import Votes

RATE = 0.05
"""A look at somebody's golds takes a minute, and asks nothing of them."""
CHANCE_MOST = 5e-4
"""A person less unlikely than this is not shown, however few were tested."""
LEAST_GOLDS, LEAST_OTHERS = 8, 15
"""With fewer answers of either kind nobody is tested."""
ODDS_MOST = 20.0
"""Others' odds ratio is believed between 1 and this; below 1 gold would be harder than work, and no excuse for being good at it."""
PRIOR_ANSWERS = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """What one person answered: gold items right of all, and other items as their peers of all that peers answered too."""

    person: int
    golds_right: int
    golds: int
    agreed: int
    compared: int


@dataclasses.dataclass(frozen=True, slots=True)
class Leak:
    """A record that stands out. `expected`: golds that a person who knows none would have right; `chance`: of that much by chance;
    `rate`: the false discovery rate at which it is believed."""

    record: Record
    expected: float
    chance: float
    rate: float


def records_of(votes: Votes) -> list[Record]:
    """Count everybody's answers. An item speaks where at least two others answered it and one label leads among them."""
    people, items = votes.people.astype(np.int64), votes.items.astype(np.int64)
    labels, known = votes.labels.astype(np.int64), votes.known.astype(np.int64)[items]
    cells = np.bincount(items * votes.classes + labels, minlength=len(votes.known) * votes.classes)
    others = cells.reshape(-1, votes.classes)[items]
    others[np.arange(len(items)), labels] -= 1
    most = others.max(axis=1, initial=0)
    leads = (others == most[:, None]).sum(axis=1) == 1
    speaks = (known < 0) & leads & (others.sum(axis=1) >= 2)
    agrees = speaks & (others.argmax(axis=1) == labels) if len(items) else speaks
    gold = known >= 0
    counts = [
        np.bincount(people, weights, votes.persons).astype(int).tolist()
        for weights in (gold & (known == labels), gold, agrees, speaks)
    ]
    return [Record(person, *figures) for person, *figures in zip(votes.person_ids, *counts, strict=True)]


def look(records: Sequence[Record], rate: float = RATE) -> tuple[list[Leak], int]:
    """Find people whose gold is too good for the rest of their work, the least likely first, and say how many were tested."""
    tested = [one for one in records if one.golds >= LEAST_GOLDS and one.compared >= LEAST_OTHERS]
    if not tested:
        return [], 0
    sums = np.array([(one.golds_right, one.golds, one.agreed, one.compared) for one in records])
    whole = sums.sum(axis=0)
    found = [_read(one, whole - (one.golds_right, one.golds, one.agreed, one.compared)) for one in tested]
    rates = adjusted(np.array([leak.chance for leak in found]))
    leaks = [
        dataclasses.replace(leak, rate=float(one))
        for leak, one in zip(found, rates, strict=True)
        if one <= rate and leak.chance <= CHANCE_MOST
    ]
    return sorted(leaks, key=lambda leak: (leak.chance, leak.record.person)), len(tested)


def _read(one: Record, others: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Leak:
    right, golds, agreed, compared = (int(figure) + PRIOR_ANSWERS for figure in others)
    ratio = (right / max(golds - right, PRIOR_ANSWERS)) / (agreed / max(compared - agreed, PRIOR_ANSWERS))
    odds = min(max(ratio, 1.0), ODDS_MOST)
    chance = table_tail(one.golds_right, one.golds, one.agreed, one.compared, odds)
    plain = odds * one.agreed / max(one.compared - one.agreed, 0.5)
    return Leak(one, round(one.golds * plain / (1.0 + plain), 1), chance, 1.0)
