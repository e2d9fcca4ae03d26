"""Simulated crowds: people of known behaviour on items of known truth, for tests and for planning. Chance is handed in or seeded; nothing
here judges anybody."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

HARDER = 0.25
"""By so much fewer are right on a hard item."""
HARD_SHARE = 0.15


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """How somebody answers.

    `kind`: a word for reports. `accuracy`: chance to be right on an easy item; None for somebody who guesses. `button`: who guesses
    presses this one, or any when None. `sheet`: answers are copied from this sheet of the crowd. `drifts_at`: from this answer on the
    person guesses.
    """

    kind: str
    accuracy: float | None = None
    button: int | None = None
    sheet: int | None = None
    drifts_at: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Crowd:
    """People and items. `truth`, `lure`: int16[items], a class each; `hard`: bool[items]. `sheets`: int16[sheets, items].

    On a hard item everybody's wrong answer is its lure; on others it is any wrong class.
    """

    classes: int
    people: tuple[Person, ...]
    truth: NDArray[np.int16]
    lure: NDArray[np.int16]
    hard: NDArray[np.bool_]
    sheets: NDArray[np.int16]

    @property
    def items(self) -> int:
        """Count the items."""
        return len(self.truth)

    def answer(self, person: int, item: int, chance: np.random.Generator, given: int = 0) -> int:
        """Answer one item. `given`: how many answers the person has given before, for those who change on the way."""
        who = self.people[person]
        if who.sheet is not None:
            return int(self.sheets[who.sheet, item])
        lazy = who.drifts_at is not None and given >= who.drifts_at
        if who.accuracy is None or lazy:
            return who.button if who.button is not None else int(chance.integers(self.classes))
        return self._honest(who.accuracy, item, chance)

    def _honest(self, accuracy: float, item: int, chance: np.random.Generator) -> int:
        hard = bool(self.hard[item])
        if chance.random() < accuracy - HARDER * hard:
            return int(self.truth[item])
        if hard:
            return int(self.lure[item])
        return int((self.truth[item] + chance.integers(1, max(self.classes, 2))) % self.classes)


def crowd_of(
    people: Sequence[Person],
    items: int,
    classes: int,
    seed: int,
    *,
    hard_share: float = HARD_SHARE,
    shares: Sequence[float] | None = None,
    sheet_accuracies: Sequence[float | None] = (),
) -> Crowd:
    """Make items for people. `shares`: how usual each class is (all alike by default). `sheet_accuracies`: a sheet of answers each, whose
    author is right so often; None for a sheet of guesses."""
    chance = np.random.default_rng(seed)
    truth = chance.choice(classes, size=items, p=shares).astype(np.int16)
    lure = ((truth + chance.integers(1, max(classes, 2), size=items)) % classes).astype(np.int16)
    hard = chance.random(items) < hard_share
    crowd = Crowd(classes, tuple(people), truth, lure, hard, np.zeros((0, items), dtype=np.int16))
    sheets = np.zeros((len(sheet_accuracies), items), dtype=np.int16)
    for number, accuracy in enumerate(sheet_accuracies):
        author = dataclasses.replace(crowd, people=(Person("author", accuracy),))
        sheets[number] = [author.answer(0, item, chance) for item in range(items)]
    return dataclasses.replace(crowd, sheets=sheets)


def honest(people: int, items: int, classes: int, seed: int, accuracy: float = 0.9) -> Crowd:
    """Make a crowd in which everybody does careful work."""
    return crowd_of([Person("good", accuracy)] * people, items, classes, seed)


def survey(
    crowd: Crowd,
    seed: int,
    *,
    each: int,
    overlap: int = 3,
    golds: int = 40,
    gold_share: float = 0.07,
) -> tuple[list[tuple[int, int, int]], dict[int, int]]:
    """Have people answer as on a quiet project: item after item, each by `overlap` people, with gold in between.

    `each`: answers that a person gives at most. `golds`: so many of the first items are golds. Give the answers as (person, item,
    class) in their order, and the keys by item. Nobody answers an item twice.
    """
    chance = np.random.default_rng(seed)
    keys = {item: int(crowd.truth[item]) for item in range(min(golds, crowd.items))}
    people = np.arange(len(crowd.people))
    given = np.zeros(len(people), dtype=np.int64)
    unseen = [chance.permutation(len(keys)).tolist() for _ in people]
    rows: list[tuple[int, int, int]] = []

    def answers(person: int, item: int) -> None:
        rows.append((person, item, crowd.answer(person, item, chance, int(given[person]))))
        given[person] += 1

    for item in range(len(keys), crowd.items):
        free = people[given < each]
        if not len(free):
            break
        for person in chance.permutation(free)[:overlap].tolist():
            if unseen[person] and given[person] < each - 1 and chance.random() < gold_share:
                answers(person, unseen[person].pop())
            answers(person, item)
    return rows, keys


MIXED: Mapping[str, int] = {
    "good": 30,
    "decent": 15,
    "mediocre": 10,
    "random": 8,
    "same button": 4,
    "ring": 5,
    "copycat": 3,
    "drifting": 5,
}
"""How many of each kind are in the mixed crowd of 80."""


def mixed(items: int, classes: int, seed: int, kinds: Mapping[str, int] = MIXED) -> Crowd:
    """Make a crowd with all that happens: good (.9), decent (.8) and mediocre (.7) people, random and same-button clickers, a ring that
    shares a sheet of guesses, copies of one mediocre person, and good people who begin to click at their 60th answer."""
    made = {
        "good": lambda number: Person("good", 0.9),
        "decent": lambda number: Person("decent", 0.8),
        "mediocre": lambda number: Person("mediocre", 0.7),
        "random": lambda number: Person("random"),
        "same button": lambda number: Person("same button", button=number % classes),
        "ring": lambda number: Person("ring", sheet=0),
        "copycat": lambda number: Person("copycat", sheet=1),
        "drifting": lambda number: Person("drifting", 0.9, drifts_at=60),
    }
    people = [made[kind](number) for kind, count in kinds.items() for number in range(count)]
    return crowd_of(people, items, classes, seed, sheet_accuracies=(None, 0.7))
