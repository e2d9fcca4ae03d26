"""The course of one replay: people come in sessions, in an order drawn by a seed, and an engine may hand each only items that they really
answered. The course holds the order, the clock and the truth; the engine sees its own calls and nothing else."""

from __future__ import annotations

import dataclasses
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.replay.protocol import Engine
from bot.replay.recording import Recording
from bot.replay.scores import Outcome, Run, score

SESSION_ANSWERS = 15
"""Answers in a session on average; results hardly depend on it."""
GOLDS_LEAST = 10

Maker = Callable[..., Engine]
Watch = Callable[[int], None]
"""Told after each answer how many there are."""


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What one replay is made of."""

    engine: Maker
    seed: int
    gold_share: float = 0.1
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def sessions(counts: Mapping[str, int], chance: random.Random) -> list[tuple[str, int]]:
    """Cut everybody's answers into sessions of geometric length, and shuffle these."""
    found = []
    for person, count in counts.items():
        left = count
        while left > 0:
            drawn = math.log(1 - chance.random()) / math.log(1 - 1 / SESSION_ANSWERS)
            length = min(left, 1 + int(drawn))
            found.append((person, length))
            left -= length
    chance.shuffle(found)
    return found


def golds_of(items: Iterable[str], share: float, chance: random.Random) -> set[str]:
    """Draw which items are gold: a share of them, and ten at least."""
    ordered = sorted(items)
    if not share:
        return set()
    return set(chance.sample(ordered, min(len(ordered), max(GOLDS_LEAST, round(share * len(ordered))))))


def replay(recording: Recording, plan: Plan, watch: Watch | None = None) -> Run:
    """Replay a recording whose truth is known, and score what comes out."""
    chance = random.Random(plan.seed)  # noqa: S311 - the seed of a replay is no secret
    answers = recording.judged
    items = sorted({answer.item for answer in answers})
    golds = golds_of(items, plan.gold_share, chance)
    labels = sorted({answer.label for answer in answers} | set(recording.truth.values()))
    engine = plan.engine(labels=labels, seed=plan.seed, **plan.settings)
    for item in items:
        if item in golds:
            engine.add_gold(item, recording.truth[item])
        else:
            engine.add_item(item)
    unused: dict[str, dict[str, tuple[str, int | None]]] = {}
    for answer in answers:
        # Of two answers of one person to one item, the first counts.
        unused.setdefault(answer.person, {}).setdefault(answer.item, (answer.label, answer.ms))
    given = _walk(engine, unused, chance, watch)
    paid = Counter[str]()
    for (person, _), count in given.items():
        paid[person] += count
    asked_gold = sum(count for (_, item), count in given.items() if item in golds)
    results = [(engine.result(item), recording.truth[item]) for item in items if item not in golds]
    outcome = Outcome(
        results=results,
        answers=sum(given.values()),
        golds=asked_gold,
        paid=paid,
        stopped={person for person in unused if engine.suspended(person)},
    )
    return score(outcome, answers, recording.truth)


def _walk(
    engine: Engine,
    unused: dict[str, dict[str, tuple[str, int | None]]],
    chance: random.Random,
    watch: Watch | None,
) -> Counter[tuple[str, str]]:
    """Let everybody work through their sessions. Give what was answered by whom."""
    given: Counter[tuple[str, str]] = Counter()
    counts = {person: len(own) for person, own in unused.items()}
    for person, visits in sessions(counts, chance):
        own = unused[person]
        for _ in range(visits):
            if engine.suspended(person):
                break
            item = engine.next_task(person, own.__contains__)
            if item is None:
                break
            label, ms = own.pop(item)
            engine.submit(person, item, label, ms)
            given[person, item] += 1
            if watch is not None:
                watch(len(given))
    return given
