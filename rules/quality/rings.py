"""Rings: pairs of people who share more answers than honest work explains. For a human to look at, with the evidence; nobody is judged
here.

Two tests of each pair that met on enough items, both exact (Poisson-binomial) under the model of `rings_null`: how many labels they share
against what everybody else says, and how many they share at all. What passes must be told apart from chance over all pairs together, at a
false discovery rate of 1 %. Copies of a careful person share no more wrong answers than chance, and are left alone for want of evidence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np

from rules.quality.chances import adjusted, poisson_binomial_tail
from rules.quality.rings_null import Bools, Floats, Ints, Joint, Null, Rows
from rules.quality.votes import Votes

RATE = 0.01
"""Of the pairs shown, at most this share may be honest."""
CHANCE_MOST = 1e-5
"""A pair less unlikely than this is not shown, however few were tested: of 100,000 honest pairs one may be."""
LEAST_COMMON = 8
"""Pairs who met on fewer items are not tested."""
ALSO_WRONG = 0.1
"""Sharing many answers is believed only of pairs who share wrong ones too, at least this seldom by chance."""
HOPELESS = 2.0
"""So many standard deviations above expectation a pair must be before its exact chance, never below 1 in 300 there, is worked out."""
GROUPS_MOST = 8
"""More classes than this are merged; the same label still falls together, and chance is reckoned for the merged ones."""
CELLS_MOST = 4_000_000
"""Numbers held at once while pairs are gone through."""
SHOWN_MOST = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two people and what they share, by their ids.

    `common`: items both answered. `wrong`: the same label against what all others say, beside `wrong_expected`; `same`: the same label at
    all, beside `same_expected`. `chance`: of that much or more between honest people; `rate`: the false discovery rate at which the pair
    is believed. `items`: where they shared a label against the others, the first of them.
    """

    one: int
    other: int
    common: int
    wrong: int
    wrong_expected: float
    same: int
    same_expected: float
    chance: float
    rate: float
    items: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Rings:
    """Pairs to look at, the least likely first, of `tested` ones."""

    pairs: tuple[Pair, ...]
    tested: int


def look(votes: Votes, rate: float = RATE) -> Rings:
    """Find the pairs of a crowd that share more than chance explains. A few seconds for 100,000 answers."""
    rows = _rows(votes)
    first, second, pair = _meetings(rows)
    if not len(pair) or rows.classes < 2:
        return Rings((), 0)
    null = Null(rows)
    null.learn()
    null.fit(first, second)
    met = _in_parts(null, first, second)
    ids, starts, common = np.unique(pair, return_index=True, return_counts=True)
    wrong = _tails(met.wrong, met.is_wrong, starts, common)
    same = _tails(met.same, met.is_same, starts, common)
    chances = _together(wrong, same)
    rates = adjusted(chances)
    found = []
    believed = int(((rates <= rate) & (chances <= CHANCE_MOST)).sum())
    for place in np.argsort(chances, kind="stable")[:believed].tolist():
        span = slice(int(starts[place]), int(starts[place] + common[place]))
        shown = _pair(votes, rows, met, first, int(ids[place]), span)
        found.append(dataclasses.replace(shown, chance=float(chances[place]), rate=float(rates[place])))
    return Rings(tuple(found), len(ids))


def groups(pairs: Iterable[Pair]) -> list[tuple[int, ...]]:
    """Join pairs that have a person in common: the rings, the largest first."""
    leader: dict[int, int] = {}

    def lead(person: int) -> int:
        while leader.setdefault(person, person) != person:
            person = leader[person]
        return person

    for pair in pairs:
        leader[lead(pair.other)] = lead(pair.one)
    found: dict[int, list[int]] = {}
    for person in leader:
        found.setdefault(lead(person), []).append(person)
    return sorted((tuple(sorted(people)) for people in found.values()), key=lambda ring: (-len(ring), ring))


def _rows(votes: Votes) -> Rows:
    """Sort the answers by item, keep each person's first one to it, and merge classes where there are too many."""
    people, items = votes.people.astype(np.int64), votes.items.astype(np.int64)
    _, kept = np.unique(items * max(votes.persons, 1) + people, return_index=True)
    labels, known = votes.labels.astype(np.int64)[kept], votes.known.astype(np.int64)
    classes = votes.classes
    if classes > GROUPS_MOST:
        merged = _merged(labels, classes)
        labels, known = merged[labels], np.where(known >= 0, merged[known], -1)
        classes = GROUPS_MOST
    return Rows(people[kept], items[kept], labels, known, votes.persons, classes)


def _merged(labels: Ints, classes: int) -> Ints:
    """Give each class one of a few groups, so that the groups are about equally frequent."""
    counts = np.bincount(labels, minlength=classes)
    load, merged = np.zeros(GROUPS_MOST), np.zeros(classes, dtype=np.int64)
    for label in np.argsort(-counts, kind="stable"):
        merged[label] = load.argmin()
        load[merged[label]] += counts[label] + 1e-9
    return merged


def _meetings(rows: Rows) -> tuple[Ints, Ints, Ints]:
    """List where two people met: indexes of both rows and a number of the pair, sorted by pair; only pairs that met often enough."""
    bounds = np.searchsorted(rows.items, np.arange(len(rows.known) + 1))
    sizes = np.diff(bounds)
    firsts, seconds = [], []
    # Items with equally many answers are gone through together.
    for size in np.unique(sizes[sizes > 1]).tolist():
        one, other = np.triu_indices(size, 1)
        start = bounds[:-1][sizes == size][:, None]
        firsts.append((start + one).ravel())
        seconds.append((start + other).ravel())
    if not firsts:
        return (np.zeros(0, dtype=np.int64),) * 3
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    pair = rows.people[first] * rows.persons + rows.people[second]
    order = np.argsort(pair, kind="stable")
    _, back, common = np.unique(pair[order], return_inverse=True, return_counts=True)
    kept = order[common[back] >= LEAST_COMMON]
    return first[kept], second[kept], pair[kept]


def _in_parts(null: Null, first: Ints, second: Ints) -> Joint:
    part = max(1, CELLS_MOST // null.rows.classes**2)
    found = [null.joint(first[at : at + part], second[at : at + part]) for at in range(0, len(first), part)]
    return Joint(
        np.concatenate([one.wrong for one in found]),
        np.concatenate([one.same for one in found]),
        np.concatenate([one.is_wrong for one in found]),
        np.concatenate([one.is_same for one in found]),
    )


def _tails(chances: Floats, happened: Bools, starts: Ints, common: Ints) -> Floats:
    """Give for each pair the exact chance of so many events or more; 1 where that is not worth the work."""
    expected = np.add.reduceat(chances, starts)
    spread = np.sqrt(np.add.reduceat(chances * (1.0 - chances), starts))
    seen = np.add.reduceat(happened.astype(np.int64), starts)
    found = np.ones(len(starts))
    high = (seen - expected) / np.maximum(spread, 1e-9)
    for place in np.flatnonzero(high > HOPELESS).tolist():
        start = int(starts[place])
        span = chances[start : start + int(common[place])]
        found[place] = poisson_binomial_tail(span, int(seen[place]))
    return found


def _together(wrong: Floats, same: Floats) -> Floats:
    """Put both tests of each pair into one chance: the better one counts, and two were made."""
    return np.where(wrong <= ALSO_WRONG, np.minimum(1.0, 2.0 * np.minimum(wrong, same)), 1.0)


def _pair(votes: Votes, rows: Rows, met: Joint, first: Ints, pair: int, span: slice) -> Pair:
    one, other = divmod(pair, rows.persons)
    shared = rows.items[first[span]][met.is_wrong[span]]
    return Pair(
        votes.person_ids[one],
        votes.person_ids[other],
        span.stop - span.start,
        int(met.is_wrong[span].sum()),
        round(float(met.wrong[span].sum()), 2),
        int(met.is_same[span].sum()),
        round(float(met.same[span].sum()), 2),
        1.0,
        1.0,
        tuple(votes.item_ids[item] for item in shared[:SHOWN_MOST].tolist()),
    )
