"""Votes: the answers of a project as arrays of dense indexes, which the arithmetic of this package reads. Nothing is judged here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1
"""The gold class of an item whose answer is not known."""


@dataclasses.dataclass(frozen=True, slots=True)
class Votes:
    """Answers in the order in which they came, a row each.

    `people`, `items`: int32[rows], dense indexes. `labels`: int16[rows], indexes of classes. `known`: int16[number of items], the gold
    class of each item or -1. `person_ids`, `item_ids`: the key outside of each dense index.
    """

    people: NDArray[np.int32]
    items: NDArray[np.int32]
    labels: NDArray[np.int16]
    known: NDArray[np.int16]
    persons: int
    classes: int
    person_ids: tuple[int, ...] = ()
    item_ids: tuple[int, ...] = ()

    @property
    def golds(self) -> int:
        """Count the gold items that somebody answered."""
        return len(set(self.items[self.known[self.items] >= 0].tolist()))


def votes_of(
    rows: Iterable[tuple[int, int, int]], known: Mapping[int, int], classes: int
) -> tuple[Votes, list[int], list[int]]:
    """Number people and items in the order in which they first appear.

    `rows`: (person id, item id, index of the class). Give the votes, the ids of the people and those of the items, by dense index.
    Gold items that nobody answered are left out.
    """
    person_index: dict[int, int] = {}
    item_index: dict[int, int] = {}
    people, items, labels = [], [], []
    for person, item, label in rows:
        if not 0 <= label < classes:
            raise ValueError(f"There is no class {label} among {classes}.")
        people.append(person_index.setdefault(person, len(person_index)))
        items.append(item_index.setdefault(item, len(item_index)))
        labels.append(label)
    gold = [known.get(item, UNKNOWN) for item in item_index]
    votes = Votes(
        np.array(people, dtype=np.int32),
        np.array(items, dtype=np.int32),
        np.array(labels, dtype=np.int16),
        np.array(gold, dtype=np.int16),
        len(person_index),
        classes,
        tuple(person_index),
        tuple(item_index),
    )
    return votes, list(person_index), list(item_index)
