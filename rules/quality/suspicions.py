"""Suspicions: all that a project's answers hold for a human to look at, found in one go: pairs who share wrong answers, leaked gold,
scripts, and accounts that move together. Pure and slow, so it runs where nobody waits for it; nothing
follows from it but a line on a page."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rules.quality import leaks, moves, rings, scripts
from rules.quality.votes import votes_of

KINDS = ("pair", "leak", "script", "moves")
FOUND_MOST = 100
"""More suspicions of one kind than anybody reads; the least likely ones are kept, and the count says how many there were."""


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """One answer: `label` is its class on the lead question, -1 where it has none. In milliseconds: when it was given and what it took."""

    person: int
    item: int
    label: int
    answered_ms: int
    spent_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Data:
    """All that is looked at: the answers in their order, the classes of gold items, and what is equal for people with the same payee."""

    given: Sequence[Given]
    golds: Mapping[int, int]
    classes: int
    payees: Mapping[int, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Suspicion:
    """Something to look at. `people`: one or two ids, in order; `chance`: how unlikely it is among honest people, None where that is not
    reckoned; `figures`: the evidence, plain numbers."""

    kind: str
    people: tuple[int, ...]
    chance: float | None
    figures: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a look found, and how many of each kind were tested."""

    suspicions: tuple[Suspicion, ...]
    tested: Mapping[str, int]


def look(data: Data) -> Found:
    """Look at everything. A few seconds for 100,000 answers."""
    told = [one for one in data.given if one.label >= 0]
    rows = ((one.person, one.item, one.label) for one in told)
    votes = votes_of(rows, data.golds, max(data.classes, 1))[0]
    paired = rings.look(votes)
    leaked, leak_tests = leaks.look(leaks.records_of(votes)) if told else ([], 0)
    times = _times(data.given)
    scripted = scripts.look(times)
    activity = [moves.Activity(one.person, one.answered_ms, data.payees.get(one.person, "")) for one in times]
    moved, move_tests = moves.look(activity)
    found = [
        *(_pair(one) for one in paired.pairs[:FOUND_MOST]),
        *(_leak(one) for one in leaked[:FOUND_MOST]),
        *(Suspicion("script", (one.person,), None, _script(one)) for one in scripted[:FOUND_MOST]),
        *(_move(one) for one in moved[:FOUND_MOST]),
    ]
    tested = {"pair": paired.tested, "leak": leak_tests, "script": len(times), "moves": move_tests}
    return Found(tuple(found), tested)


def _times(given: Sequence[Given]) -> list[scripts.Times]:
    by_person: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for one in given:
        answered, spent = by_person[one.person]
        answered.append(one.answered_ms)
        spent.append(one.spent_ms)
    return [scripts.Times(person, *lists) for person, lists in sorted(by_person.items())]


def _pair(one: rings.Pair) -> Suspicion:
    figures = dataclasses.asdict(one)
    people = tuple(sorted((figures.pop("one"), figures.pop("other"))))
    return Suspicion("pair", people, figures.pop("chance"), figures)


def _leak(one: leaks.Leak) -> Suspicion:
    figures = dataclasses.asdict(one.record) | {"expected": one.expected, "rate": one.rate}
    return Suspicion("leak", (figures.pop("person"),), one.chance, figures)


def _script(one: scripts.Script) -> dict[str, Any]:
    return {"answers": one.answers, **one.patterns}


def _move(one: moves.Move) -> Suspicion:
    figures = dataclasses.asdict(one)
    people = tuple(sorted((figures.pop("one"), figures.pop("other"))))
    return Suspicion("moves", people, figures.pop("chance"), figures)
