"""What the answers of one item come to: a label with its confidence for each question that decides, and whether the item wants more. The
slots that follow from it are not handled here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence

from rules import answers, overlap
from rules.kinds import Value
from rules.labels import Sure
from rules.project_file import Project
from rules.quality.model import Belief, Bounds, Model, belief, urgency, wants_more
from rules.quality.questions import Asked, class_of

MILLION = 1_000_000
POSTERIOR_DIGITS = 4
"""A class with a smaller chance is left out of what is stored."""
TOLD_CHANGE = 10_000
"""A confidence that moves by less than a point is not worth writing down again."""
URGENCY_MOST = 1_000_000
CONFIDENCE_DIGITS = 4
TIE = 1e-9
"""Two classes whose chances are no further apart are a tie."""


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """One counted answer: who gave it, and what."""

    person_id: int
    answers: Mapping[str, Value]


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What is believed of an item's answer to one question. Chances in millionths; `posterior`: JSON, class to chance.

    `state`: open, settled, or unsure, where nobody else is asked and yet the answers disagree.
    """

    question: str
    label: str | None
    posterior: str
    confidence: int
    low: int
    high: int
    given: int
    urgency: int
    state: str


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What an item's answers come to. `wanted`: how many more judgments it wants now; `urgency`: how much one would tell."""

    wanted: int
    urgency: int
    told: tuple[Told, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Models:
    """The models of a project's questions, by key. `version` 0 is before the first fit: then agreement alone decides."""

    version: int
    by_key: Mapping[str, Model]


def bounds_of(project: Project) -> Bounds:
    """Give a project's bounds as the model takes them."""
    least, most = project.quality.overlap
    return Bounds(least, most, project.quality.confidence)


def verdict(
    project: Project,
    deciding: Sequence[Asked],
    models: Models,
    said: Sequence[Said],
    *,
    pays: bool | None = None,
) -> Verdict:
    """Say what an item's counted answers come to. Pure: the same answers and models give the same verdict.

    `pays`: whether another answer would pay by any question, where that was found for many items at once.
    """
    bounds = bounds_of(project)
    votes = [_votes(asked, said) for asked in deciding]
    found = [belief(models.by_key[asked.key], given) for asked, given in zip(deciding, votes, strict=True)]
    if deciding and models.version:
        if pays is None:
            pays = any(
                wants_more(models.by_key[asked.key], held, bounds)
                for asked, held in zip(deciding, found, strict=True)
            )
        wanted = by_worth(len(said), bounds, more=pays)
    else:
        wanted = by_agreement(project, said)
    told = tuple(
        _told(asked, models.by_key[asked.key], held, given, len(said), bounds, is_open=wanted > 0)
        for asked, held, given in zip(deciding, found, votes, strict=True)
    )
    # Where nobody answered yet, others come first: their answers are known to tell something beside one more.
    most = max((one.urgency for one in told), default=URGENCY_MOST // 2) if said else 0
    return Verdict(wanted, most, told)


def stops_at(project: Project, deciding: Sequence[Asked], models: Models, said: Sequence[Said | None]) -> int:
    """Tell how many of an item's judgments, in the order in which they came, it wanted: up to the one with which it had enough, or all.

    `said`: None for a judgment that does not count. Whether an item's answer is known beforehand has no part in this, so gold items, which
    everybody meets, look like any other after it.
    """
    least = project.quality.overlap[0]
    counted: list[Said] = []
    for place, one in enumerate(said, start=1):
        if one is None:
            continue
        counted.append(one)
        if len(counted) >= least and verdict(project, deciding, models, counted).wanted == 0:
            return place
    return len(said)


def sure_of(asked: Asked, models: Models, said: Sequence[Said]) -> Sure | None:
    """Say what an item's counted answers make likeliest for one question, and how sure that is. None where nobody answered it."""
    votes = _votes(asked, said)
    if not votes:
        return None
    model = models.by_key[asked.key]
    held = belief(model, votes)
    ranked = sorted(held.posterior, reverse=True)
    word = None if len(ranked) > 1 and ranked[0] - ranked[1] < TIE else asked.classes[held.label]
    if model.is_opinion:
        return Sure(word)
    low, confidence, high = (
        round(chance, CONFIDENCE_DIGITS) for chance in (held.low, held.confidence, held.high)
    )
    return Sure(word, confidence, low, high, model.golds)


def by_worth(judgments: int, bounds: Bounds, *, more: bool) -> int:
    """Tell how many judgments an item wants: its least at first, then one at a time while one would pay."""
    if judgments < bounds.least:
        return bounds.least - judgments
    return int(more and judgments < bounds.most)


def by_agreement(project: Project, said: Sequence[Said]) -> int:
    """Tell how many judgments an item wants where nothing is modelled: see `rules.overlap`. Who gave up agrees with nobody."""
    texts = [
        f"gave up: {place}"
        if answers.gives_up(project, one.answers)
        else answers.comparable(project, one.answers)
        for place, one in enumerate(said)
    ]
    return overlap.still_wanted(texts, *project.quality.overlap)


def _votes(asked: Asked, said: Sequence[Said]) -> list[tuple[int, int]]:
    """Give the answers that have a class."""
    classes = ((one.person_id, class_of(asked, one.answers)) for one in said)
    return [(person_id, label) for person_id, label in classes if label is not None]


def _told(
    asked: Asked,
    model: Model,
    held: Belief,
    votes: Sequence[tuple[int, int]],
    judgments: int,
    bounds: Bounds,
    *,
    is_open: bool,
) -> Told:
    agree = len({label for _, label in votes}) == 1 and len(votes) == judgments
    claimed = max(held.posterior) if model.is_opinion else held.confidence
    doubtful = not agree and claimed < bounds.confidence
    state = "open" if is_open else "unsure" if doubtful else "settled"
    low, confidence, high = sorted(
        round(MILLION * chance) for chance in (held.low, held.confidence, held.high)
    )
    return Told(
        asked.key,
        asked.classes[held.label] if votes else None,
        posterior_text(asked, held),
        confidence,
        low,
        high,
        held.given,
        urgency(model, held),
        state,
    )


def posterior_text(asked: Asked, held: Belief) -> str:
    """Write the chances of the classes that are worth a word, as JSON."""
    chances = (round(chance, POSTERIOR_DIGITS) for chance in held.posterior)
    kept = {word: chance for word, chance in zip(asked.classes, chances, strict=True) if chance > 0}
    return json.dumps(kept, ensure_ascii=False)


def differs(stored: Told, now: Told) -> bool:
    """Tell whether what is stored says something else than what would be said now."""
    before, after = (
        dataclasses.replace(one, posterior="", confidence=0, low=0, high=0, urgency=0)
        for one in (stored, now)
    )
    if before != after or abs(stored.confidence - now.confidence) >= TOLD_CHANGE:
        return True
    return now.state == "open" and abs(stored.urgency - now.urgency) >= TOLD_CHANGE
