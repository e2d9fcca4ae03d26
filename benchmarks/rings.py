"""How many rings and copies are found in simulated crowds, and how many honest pairs are flagged: `python -m benchmarks.rings [FOLDER…]`.

Each of 24 crowds of 80 people for 2 and for 4 classes answers the same 60 items: 60 honest people (careful, decent, mediocre, and some who
begin to click on the way), clickers, a ring of 5 that shares a sheet of guesses, and 3 copies of one mediocre person. A folder holds real
answers, `answers.csv` with worker, item and label; then each pair that is flagged is printed with its figures. About two minutes.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import time
from collections import Counter
from pathlib import Path

import numpy as np

from rules.quality import crowd, rings
from rules.quality.crowd import Crowd
from rules.quality.votes import Votes, votes_of

CROWDS, ANSWERS = 24, 60
HONEST = frozenset({"good", "decent", "mediocre", "drifting"})


def main() -> None:
    """Print a line for each number of classes, or for each folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--crowds", type=int, default=CROWDS)
    parser.add_argument("--items", type=int, default=ANSWERS, help="items of which everybody answers 60")
    options = parser.parse_args()
    for folder in options.folders:
        real(folder)
    for classes in () if options.folders else (2, 4):
        simulated(classes, options.crowds, options.items)


def simulated(classes: int, crowds: int, items: int) -> None:
    """Look at many crowds, and count what was there and what was found of it."""
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    began = time.perf_counter()
    for seed in range(crowds):
        people = crowd.mixed(items, classes, seed)
        seen = rings.look(answered(people, seed))
        everybody = itertools.combinations(range(len(people.people)), 2)
        there.update(sort_of(people, one, other) for one, other in everybody)
        found.update(sort_of(people, pair.one, pair.other) for pair in seen.pairs)
    told = ", ".join(
        f"{sort} {found[sort]} of {there[sort]}" for sort in ("ring", "copies", "honest", "button", "other")
    )
    print(
        f"{classes} classes, {crowds} crowds, pairs flagged: {told}  ({time.perf_counter() - began:.0f} s)",
        flush=True,
    )


def answered(people: Crowd, seed: int, answers: int = ANSWERS) -> Votes:
    """Let everybody answer so many items drawn for them, all in one shuffled order."""
    chance = np.random.default_rng(1_000 + seed)
    rows = [
        (person, int(item), people.answer(person, int(item), chance, given))
        for person in range(len(people.people))
        for given, item in enumerate(chance.permutation(people.items)[:answers])
    ]
    return votes_of([rows[place] for place in chance.permutation(len(rows))], {}, people.classes)[0]


def sort_of(people: Crowd, one: int, other: int) -> str:
    """Name what a pair of people is."""
    kinds = people.people[one].kind, people.people[other].kind
    if HONEST.issuperset(kinds):
        return "honest"
    if kinds[0] != kinds[1]:
        return "other"
    return {"ring": "ring", "copycat": "copies", "same button": "button"}.get(kinds[0], "other")


def real(folder: Path) -> None:
    """Look at real answers, and print each pair that is flagged."""
    with (folder / "answers.csv").open(newline="") as file:
        rows = [(row["worker"], row["item"], row["label"]) for row in csv.DictReader(file)]
    places = [
        {key: place for place, key in enumerate(dict.fromkeys(column))} for column in zip(*rows, strict=True)
    ]
    dense = ((places[0][one], places[1][item], places[2][label]) for one, item, label in rows)
    votes = votes_of(dense, {}, len(places[2]))[0]
    began = time.perf_counter()
    seen = rings.look(votes)
    print(
        f"{folder.name}: {len(seen.pairs)} of {seen.tested:,} pairs flagged ({time.perf_counter() - began:.1f} s)",
        flush=True,
    )
    names = list(places[0])
    for pair in seen.pairs:
        wrong, same = (
            f"{pair.wrong} (chance {pair.wrong_expected})",
            f"{pair.same} (chance {pair.same_expected})",
        )
        print(
            f"  {names[pair.one]} + {names[pair.other]}: of {pair.common}, wrong alike {wrong}, alike {same}, p {pair.chance:.1e}"
        )


if __name__ == "__main__":
    main()
