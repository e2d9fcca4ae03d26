"""Planning with a simulated crowd: invented people of known behaviour work through invented items of known truth, by the same actions as in
chat. So a coordinator sees beforehand what a project may cost, and what the rules catch. Every figure here is simulated."""

from __future__ import annotations

import dataclasses
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from bot.replay.baselines import Majority
from bot.replay.protocol import Engine
from rules.quality import crowd
from rules.quality.crowd import MIXED, Crowd

SESSION_ANSWERS = 15
GOLD_SHARE = 0.1
GOLDS_LEAST = 10
CROWDS: Mapping[str, Mapping[str, int]] = {
    "mixed": MIXED,
    "honest": {"good": 1},
    "decent": {"decent": 1},
    "uneven": {"good": 3, "decent": 3, "mediocre": 2},
    "rough": {"good": 4, "decent": 4, "mediocre": 4, "random": 4, "same button": 2, "ring": 2},
}
"""Crowds by name, and how many of each kind are in one; see `rules.quality.crowd` for what the kinds do."""
Watch = Callable[[int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is planned for."""

    students: int = 40
    items: int = 1000
    classes: int = 2
    crowd: str = "mixed"
    seed: int = 0

    @property
    def golds(self) -> int:
        """Count the gold items that come on top."""
        return max(GOLDS_LEAST, round(GOLD_SHARE * self.items))


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What came of one simulated project.

    `right`: share of the labels that are true; `told`: what is told of them on average. `released` and `released_right`: of the items that
    got a label to rely on. `stopped`: by kind of person, how many of how many lost their place; whoever merely waits is not counted in it.
    """

    name: str
    answers: int
    right: float
    told: float
    released: float
    released_right: float | None
    unsure: int
    stopped: Mapping[str, tuple[int, int]]


def answers_about(wanted: Wanted) -> int:
    """Guess how many answers a plan takes, for a bar of progress."""
    return 5 * wanted.items


def people_of(name: str, students: int) -> dict[str, int]:
    """Share a number of students out among the kinds of a crowd, in its proportions; the largest remainders are rounded up."""
    kinds = CROWDS[name]
    whole = sum(kinds.values())
    exact = {kind: students * count / whole for kind, count in kinds.items()}
    found = {kind: math.floor(count) for kind, count in exact.items()}
    for kind in sorted(exact, key=lambda kind: found[kind] - exact[kind])[: students - sum(found.values())]:
        found[kind] += 1
    return {kind: count for kind, count in found.items() if count}


def simulate(
    wanted: Wanted, name: str, make: Callable[..., Engine], watch: Watch | None = None, **settings: Any
) -> Plan:
    """Let a simulated crowd work until nobody gets anything any more."""
    kinds = people_of(wanted.crowd, wanted.students)
    made = crowd.mixed(wanted.items + wanted.golds, wanted.classes, wanted.seed, kinds)
    engine = make(labels=[str(label) for label in range(wanted.classes)], seed=wanted.seed, **settings)
    for item in range(made.items):
        if item < wanted.items:
            engine.add_item(str(item))
        else:
            engine.add_gold(str(item), str(int(made.truth[item])))
    given = _work(made, engine, wanted.seed, watch)
    return _summed(name, wanted, made, engine, given)


def _work(made: Crowd, engine: Engine, seed: int, watch: Watch | None) -> Counter[int]:
    """Have people come in sessions, in a new order each round, until a round brings nothing. Give everybody's answers."""
    chance, answers = random.Random(seed), np.random.default_rng(seed + 1)  # noqa: S311 - the seed of a plan is no secret
    given: Counter[int] = Counter()
    met: dict[int, set[str]] = {person: set() for person in range(len(made.people))}
    working = True
    while working:
        working = False
        for person, length in _round(made, chance):
            for _ in range(length):
                task = (
                    None
                    if engine.suspended(str(person))
                    else engine.next_task(str(person), _unmet(met[person]))
                )
                if task is None:
                    break
                label = made.answer(person, int(task), answers, given[person])
                engine.submit(str(person), task, str(label))
                met[person].add(task)
                given[person] += 1
                working = True
                if watch is not None:
                    watch(given.total())
    return given


def _unmet(met: set[str]) -> Callable[[str], bool]:
    return lambda item: item not in met


def _round(made: Crowd, chance: random.Random) -> Iterator[tuple[int, int]]:
    order = list(range(len(made.people)))
    chance.shuffle(order)
    for person in order:
        yield person, 1 + int(math.log(1 - chance.random()) / math.log(1 - 1 / SESSION_ANSWERS))


def _summed(name: str, wanted: Wanted, made: Crowd, engine: Engine, given: Counter[int]) -> Plan:
    results = [engine.result(str(item)) for item in range(wanted.items)]
    rights = [result[0] == str(int(made.truth[item])) for item, result in enumerate(results)]
    done = [right for right, result in zip(rights, results, strict=True) if result[3] == "done"]
    held: Counter[str] = Counter()
    of = Counter(person.kind for person in made.people)
    for number, person in enumerate(made.people):
        held[person.kind] += engine.suspended(str(number))
    return Plan(
        name=name,
        answers=given.total(),
        right=sum(rights) / len(rights),
        told=sum(result[1] for result in results) / len(results),
        released=len(done) / len(results),
        released_right=sum(done) / len(done) if done else None,
        unsure=sum(result[3] != "done" for result in results),
        stopped={kind: (held[kind], count) for kind, count in of.items()},
    )


def fixed(wanted: Wanted, overlap: int, watch: Watch | None = None) -> Plan:
    """Do the same by a majority of so many answers, without gold and without rules about people."""
    return simulate(wanted, f"majority of {overlap}", Majority, watch, overlap=overlap, gold_rate=0.0)


def table(wanted: Wanted, plans: Sequence[Plan], seconds: int, rate: float) -> str:
    """Write the plans below each other. `rate`: pay by the hour."""
    lines = ["                   right %  told %  answers  an item   hours        cost  unsure"]
    for plan in plans:
        hours = plan.answers * seconds / 3600
        lines.append(
            f"{plan.name:<18}{plan.right * 100:8.1f}{plan.told * 100:8.1f}{plan.answers:9,}{plan.answers / wanted.items:9.2f}"
            f"{hours:8,.0f}{hours * rate:12,.2f}{plan.unsure:8,}"
        )
    return "\n".join(lines)


def caught(plan: Plan) -> str:
    """Say who lost their place, kind by kind."""
    return ", ".join(f"{kind} {stopped} of {count}" for kind, (stopped, count) in plan.stopped.items())
