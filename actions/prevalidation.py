"""Pre-validation: each answer is looked at as it is recorded, before it counts. `rules.quality.signals` weighs what is seen; this module
gathers it, cheapest first, and writes down what follows. Nothing is excluded here unless a human removed the person.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from actions import models, quality
from actions.desk import Desk
from rules.quality import questions, signals
from rules.quality.questions import Asked
from rules.quality.signals import Seen, Verdict
from storage.tx import Tx

RULE = "signals"
DUE_A_RUN = 100
LOOKED_BACK = 200
"""So many of a person's last answers are looked at for one text that came twice."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    answers: str
    fields: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Sides:
    first_chosen: int
    second_chosen: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Id:
    id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    id: int
    held_ms: int
    log_e_milli: int
    stops: int
    standing: str


def weigh(tx: Tx, held: Desk, judgment_id: int, spent_ms: int) -> Verdict:
    """Weigh an answer to work or gold that was just recorded, and hold it where two signals or more speak against it.

    Nearly always nothing does, and then one row is read and nothing written.
    """
    seen = _in_short(tx, held, spent_ms)
    verdict = signals.weigh(seen)
    if not verdict.rule:
        return verdict
    verdict = signals.weigh(_at_length(tx, held, seen))
    if verdict.status != "held" or _held_by_now(tx, held) >= signals.HELD_AT_ONCE:
        return verdict
    rule = f"{RULE}:{verdict.rule}"
    quality.set_status(tx, [judgment_id], "held", rule, verdict.figures, version=verdict.version)
    return verdict


def decide_due(tx: Tx) -> int:
    """Decide about answers that signals held: what nothing more speaks against counts. Return how many were decided."""
    # By project, so that the small index of what was set aside leads to them.
    return sum(_decide(tx, project.id) for project in tx.all("prevalidation.projects", _Id))


def _decide(tx: Tx, project_id: int) -> int:
    due = tx.all(
        "prevalidation.held",
        _Held,
        project_id=project_id,
        now_ms=tx.now_ms,
        most_ms=signals.HELD_MOST_MS,
        rule=f"{RULE}:%",
        most=DUE_A_RUN,
    )
    decided = 0
    for one in due:
        status = signals.decide_held(
            one.held_ms, one.log_e_milli / 1000, stops=bool(one.stops), is_removed=one.standing == "removed"
        )
        if status != "held":
            figures = {"held_ms": one.held_ms, "log_e_milli": one.log_e_milli}
            rule = f"{RULE}-decided"
            decided += quality.set_status(tx, [one.id], status, rule, figures, version=signals.VERSION)
    return decided


def _in_short(tx: Tx, held: Desk, spent_ms: int) -> Seen:
    """See what costs next to nothing: the time, beside the length of the text, and the reading of the last fit."""
    reading, usual_ms = quality.of_person(tx, held.project, held.person.id), _usual_ms(held)
    seen = Seen(words=_words(held, spent_ms), spent_ms=spent_ms, usual_ms=usual_ms)
    if reading is None:
        return seen
    lead = _lead(held)
    by_chance = 1.0 / len(lead.classes) if lead is not None else 0.5
    return dataclasses.replace(
        seen,
        agreed=reading.peers_agreed,
        compared=reading.peers,
        by_chance=by_chance,
        golds_right=reading.golds_right,
        golds=reading.golds,
        golds_by_chance=by_chance,
    )


def _usual_ms(held: Desk) -> int:
    return held.project.rules.pay.expected_seconds * 1000


def _words(held: Desk, spent_ms: int) -> int:
    """Count the words that were to be read; the whole item is taken apart only where its time is short."""
    if spent_ms >= _usual_ms(held) * signals.FAR_FASTER:
        return 0
    fields: dict[str, Any] = json.loads(held.held.fields)
    texts: list[str] = []
    for name in held.project.rules.fields:
        value = fields.get(name, "")
        texts += map(str, value) if isinstance(value, list) else [str(value)]
    return signals.words_of(texts)


def _at_length(tx: Tx, held: Desk, seen: Seen) -> Seen:
    """See the rest as well: the person's last answers beside everybody's, and which side they prefer."""
    lead, project_id, person_id = _lead(held), held.project.id, held.person.id
    sides = tx.one("prevalidation.sides", _Sides, project_id=project_id, person_id=person_id)
    if sides is not None:
        seen = dataclasses.replace(seen, first=sides.first_chosen, second=sides.second_chosen)
    if lead is None:
        return seen
    rows = tx.all(
        "prevalidation.recent", _Answer, project_id=project_id, person_id=person_id, most=LOOKED_BACK
    )
    # Most answers are one of a few texts, and each of these is parsed once.
    classes = {text: questions.class_of(lead, json.loads(text)) for text in {row.answers for row in rows}}
    given = [(row.fields, classes[row.answers]) for row in reversed(rows)]
    found = [(fields, label) for fields, label in given if label is not None]
    labels = [label for _fields, label in found[-signals.RECENT :]]
    usual = models.of(tx, held.project).by_key[lead.key].prior
    repeats, alike = _repeats(found)
    return dataclasses.replace(seen, labels=labels, usual=usual, repeats=repeats, repeats_alike=alike)


def _repeats(given: Sequence[tuple[str, int]]) -> tuple[int, int]:
    """Count the answers about what the same person had answered before, and how many of them said the same. No item comes twice to one
    person; what comes twice is one text under two ids."""
    first: dict[str, int] = {}
    again = [first.setdefault(fields, label) == label for fields, label in given]
    return len(again) - len(first), sum(again) - len(first)


def _lead(held: Desk) -> Asked | None:
    deciding = questions.deciding(questions.of_definition(held.project.definition))
    return deciding[0] if deciding else None


def _held_by_now(tx: Tx, held: Desk) -> int:
    return tx.number("prevalidation.held_of", project_id=held.project.id, person_id=held.person.id)
