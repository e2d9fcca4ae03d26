"""What the model of answers costs: a refit of 100,000 answers beside one of 10,000, and the questions that a tap asks of it:
`python -m benchmarks.quality`. Processor time, rounds interleaved."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.figures import ratios, spread, table
from rules.quality.model import Bounds, belief, fit, review, wants_more
from rules.quality.votes import Votes, votes_of

ROUNDS = 7
ANSWERS = 100_000
FEWER = 10_000
EACH = 4
"""Answers that an item gets."""
GOLD_EVERY = 10
BOUNDS = Bounds(2, 10, 0.95)
SHAPES = [(2, 300), (5, 300), (5, 5_000), (12, 1_000), (200, 300)]
"""Classes and people."""
ASKED = 200
GIVEN = 10


def votes(answers: int, classes: int, people: int) -> Votes:
    """Make a crowd of mixed skill whose answers come in a random order."""
    chance = np.random.default_rng(answers + classes)
    items = answers // EACH
    truth = chance.integers(classes, size=items)
    skill = chance.uniform(0.4, 0.97, size=people)
    person, item = chance.integers(people, size=answers), chance.integers(items, size=answers)
    right = chance.random(answers) < skill[person]
    label = np.where(right, truth[item], chance.integers(classes, size=answers))
    known = {number: int(truth[number]) for number in range(0, items, GOLD_EVERY)}
    return votes_of(zip(person.tolist(), item.tolist(), label.tolist(), strict=True), known, classes)[0]


def cpu_ms(action: Callable[[], object]) -> float:
    start = time.process_time_ns()
    action()
    return (time.process_time_ns() - start) / 1e6


def shape(classes: int, people: int) -> list[str]:
    """Measure one shape of crowd."""
    many, few = votes(ANSWERS, classes, people), votes(FEWER, classes, people)
    model = fit(many, BOUNDS)
    given = [(person, person % classes) for person in range(GIVEN)]
    held = belief(model, given[:3])

    def beliefs() -> None:
        for _ in range(ASKED):
            belief(model, given)

    def decisions() -> None:
        for _ in range(ASKED):
            wants_more(model, held, BOUNDS)

    rows = [
        (
            cpu_ms(lambda: fit(many, BOUNDS)),
            cpu_ms(lambda: fit(few, BOUNDS)),
            cpu_ms(lambda: review(model, many)),
            1_000 * cpu_ms(beliefs) / ASKED,
            1_000 * cpu_ms(decisions) / ASKED,
        )
        for _ in range(ROUNDS)
    ]
    refits, smaller, reviews, told, decided = (list(column) for column in zip(*rows, strict=True))
    grown = spread(ratios(refits, smaller), 1)
    return [
        str(classes),
        str(people),
        spread(refits, 0),
        grown,
        spread(reviews, 0),
        spread(told, 0),
        spread(decided, 0),
    ]


def main() -> None:
    rows = []
    for classes, people in SHAPES:
        sys.stderr.write(f"{classes} classes, {people} people …\n")
        rows.append(shape(classes, people))
    heads = [
        "classes",
        "people",
        "refit, ms",
        "times 10,000's",
        "all items, ms",
        "a belief, us",
        "asks on? us",
    ]
    sys.stdout.write(table(heads, rows) + "\n")


if __name__ == "__main__":
    main()
