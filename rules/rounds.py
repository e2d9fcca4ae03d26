"""Calibration rounds, the pure part: which items are worth one, how the answers to an item spread, and how far a cohort agrees.

The questions of a round are those that are answered by buttons; what students write in their own words is never laid before others.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rules import agreement, answers
from rules.credit import DAY_MS
from rules.kinds import (
    AnyQuestion,
    Choice,
    GoldTrouble,
    Preference,
    Scale,
    Span,
    Steps,
    Tags,
    TextAnswer,
    Value,
)
from rules.project_file import Project

ITEMS_LEAST, ITEMS_PROPOSED, ITEMS_MOST = 3, 5, 10
"""So many items a round has: few enough for one sitting, enough to see a habit."""
COHORT_LEAST = 3
"""Of two people each would know what the other one answered."""
SHOWN_LEAST = 3
"""An item that fewer answered has no spread: it would tell who."""
DAYS = (1, 3, 7)
"""How long a round may stay open."""
DAYS_PROPOSED = 3
WINDOW_MS = 14 * DAY_MS
"""Agreement before and after a round is that on the work of so long."""
WHY_LEAST, WHY_MOST = 5, 600
"""How long the reason of a ruling is, in characters."""
GIVE_UP = "give_up"

Answers = Mapping[str, Value]


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """One answer to a question and how many gave it. `value` is in the form in which judgments are compared."""

    value: Value
    count: int


@dataclasses.dataclass(frozen=True, slots=True)
class Spread:
    """How the answers to one question spread. `given`: how many answered it; of tags each may have picked several."""

    question: str
    bars: tuple[Bar, ...]
    given: int


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """How far answers to one question agree beyond chance, and on how many items that rests. `low` to `high`: 95 % of alpha.

    Alpha is None where no two answers differ, AC1 only without items; the interval also where too few items stand behind it.
    """

    question: str
    items: int
    answers: int
    alpha: float | None
    ac1: float | None = None
    low: float | None = None
    high: float | None = None


def verdicts(project: Project) -> Project:
    """Give a project with only those of its questions that are answered by buttons."""
    asked = [ask for ask in project.ask if not isinstance(ask, TextAnswer | Span)]
    kept = {ask.id for ask in asked}
    return project.model_copy(update={"ask": [ask for ask in asked if set(ask.when) <= kept]})


def leading(project: Project) -> AnyQuestion | None:
    """Give the question that a round is about: the first one that everybody is asked and whose answers are compared."""
    return next((ask for ask in compared(project) if not ask.when), None)


def compared(project: Project) -> list[Choice | Scale | Preference | Steps]:
    """List the questions whose answers are held beside each other."""
    return [ask for ask in project.ask if isinstance(ask, Choice | Scale | Preference | Steps)]


def confusion(values: Iterable[Value]) -> float:
    """Tell how far the answers to one item part, 0 to 1: the share of pairs that differ, with one pair that agrees put to them.

    So an even split of four weighs more than one of two, which chance makes more easily.
    """
    counts = Counter(_key(value) for value in values)
    given = counts.total()
    pairs = given * (given - 1) // 2
    alike = sum(count * (count - 1) // 2 for count in counts.values())
    return (pairs - alike) / (pairs + 1)


def propose(project: Project, given: Mapping[int, Sequence[Answers]], most: int) -> list[int]:
    """List the items on which answers part most, the most confusing first; of two alike the one with more answers, then the older.

    `given`: the live answers by item. Items on which all agree are left out. Where a question has several answers, the pairs that
    are taken for each other take turns, so that a round is not about one of them alone.
    """
    ask = leading(project)
    if ask is None:
        return []
    ranked: dict[tuple[str, ...], list[tuple[float, int, int]]] = {}
    for item_id, found in given.items():
        values = values_of(ask, found)
        weight = confusion(values)
        if weight > 0:
            pair = tuple(sorted(key for key, _ in Counter(map(_key, values)).most_common(2)))
            ranked.setdefault(pair, []).append((-weight, -len(values), item_id))
    rows = [(place, *row) for rows in ranked.values() for place, row in enumerate(sorted(rows))]
    return [item_id for _, _, _, item_id in sorted(rows)][:most]


def values_of(ask: AnyQuestion, found: Iterable[Answers]) -> list[Value]:
    """Give the answers to a question as they are compared; who gave up, or was not asked, has none."""
    values = [ask.compared(one[ask.id]) for one in found if one.get(ask.id) is not None]
    return [value for value in values if value != GIVE_UP]


def spreads(project: Project, found: Sequence[Answers]) -> list[Spread]:
    """Tell how answers to one item spread, question by question; a question that nobody was asked is left out."""
    told = []
    for ask in verdicts(project).ask:
        values = [ask.compared(one[ask.id]) for one in found if one.get(ask.id) is not None]
        if values:
            told.append(Spread(ask.id, tuple(_bars(ask, values)), len(values)))
    return told


def _bars(ask: AnyQuestion, values: Sequence[Value]) -> list[Bar]:
    counts: Counter[Any] = Counter()
    for value in values:
        counts.update(value if isinstance(value, list) else [value])
    return [Bar(value, counts[value]) for value in _order(ask, counts)]


def _order(ask: AnyQuestion, counts: Mapping[Any, int]) -> list[Any]:
    """Give the answers in the order of their buttons, also those that nobody gave; of steps only those that somebody named."""
    match ask:
        case Choice() | Tags():
            return [option.value for option in ask.options]
        case Scale():
            return list(range(ask.low, ask.high + 1))
        case Preference():
            return ask.offered
    steps = sorted(value for value in counts if isinstance(value, int) and value >= 0)
    ends = [value for value in (-1, "bad_problem", GIVE_UP) if value in counts]
    return [*steps, *ends]


def ruled(project: Project, fields: Mapping[str, Any], given: Answers) -> dict[str, Value]:
    """Give a ruling, made by the same taps as an answer, in the form of gold. Raise GoldTrouble where nobody can hold to it."""
    found = {
        ask.id: ask.compared(given[ask.id]) if isinstance(ask, Steps) else given[ask.id]
        for ask in verdicts(project).ask
        if given.get(ask.id) not in (None, [])
    }
    if GIVE_UP in found.values():
        raise GoldTrouble("cannot be to give up")
    return answers.gold_of(project, fields, found)


def agrees(project: Project, ruling: Answers, given: Answers) -> bool:
    """Tell whether a student's verdict is the ruling's; the reasons beside it may differ."""
    return answers.meets_gold(project, core(project, ruling), given)


def core(project: Project, ruling: Answers) -> dict[str, Value]:
    """Give the verdicts of a ruling, without the reasons beside them."""
    return {ask.id: ruling[ask.id] for ask in compared(project) if ask.id in ruling}


def agreement_of(project: Project, given: Mapping[int, Sequence[Answers]]) -> list[Figure]:
    """Measure how far people agree on items, for each question that all are asked. Items with one answer count for nothing."""
    return [_figure(ask, given) for ask in compared(project) if not ask.when]


def _figure(ask: AnyQuestion, given: Mapping[int, Sequence[Answers]]) -> Figure:
    found = agreement.Agreement()
    for rows in given.values():
        found.add([value if isinstance(value, int) else _key(value) for value in values_of(ask, rows)])
    measured = found.measure(ordered=isinstance(ask, Scale))
    return Figure(
        ask.id,
        measured.items,
        measured.answers,
        measured.alpha,
        measured.ac1,
        measured.alpha_low,
        measured.alpha_high,
    )


def dump(figures: Iterable[Figure]) -> str:
    """Write figures as JSON."""
    return json.dumps([dataclasses.asdict(one) for one in figures])


def load(text: str) -> list[Figure]:
    """Read back what `dump` wrote; an empty text holds none."""
    return [Figure(**one) for one in json.loads(text)] if text else []


def _key(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
