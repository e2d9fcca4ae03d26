"""Which items may say something else after a refit than what is stored of them: found for all items at once, so that only these few are
looked at one by one. It may name an item too many, never one too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.project_file import Project
from rules.quality import confidence, stopping
from rules.quality.answers import Answers
from rules.quality.model import Belief, Model, channel_of, review_kinds, urgency
from rules.quality.questions import Asked
from rules.quality.verdicts import MILLION, TOLD_CHANGE, Models, Told, bounds_of
from rules.quality.votes import UNKNOWN, Votes

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
GRID = np.linspace(0.0, 1.0, 401)
"""Chances at which the curve of confidence is looked up; in between it is as good as straight."""
TIE = 1e-9
"""Two classes as likely as that are a tie, whose label is looked at one by one."""
GRID_ERROR = 0.002
"""What a confidence read between two of them may be off, with something to spare."""


def doubtful(
    project: Project,
    deciding: Sequence[Asked],
    models: Models,
    answers: Answers,
    believed: Mapping[int, Sequence[Told]],
) -> dict[int, bool]:
    """Name the items whose belief may differ from the stored one, and tell of each whether another answer would pay. `answers`: those on
    work items."""
    item_ids, places = np.unique(answers.items, return_inverse=True)
    judgments = np.bincount(places, minlength=len(item_ids))
    bounds = bounds_of(project)
    wants, pays = judgments < bounds.least, np.zeros(len(item_ids), dtype=bool)
    differs, wavers = np.zeros(len(item_ids), dtype=bool), np.zeros(len(item_ids), dtype=bool)
    stored_open = np.zeros(len(item_ids), dtype=bool)
    for asked in deciding:
        model, labels = models.by_key[asked.key], answers.labels(asked)
        votes = _votes(answers, labels, places, item_ids, asked)
        given = np.bincount(votes.items, minlength=len(item_ids))
        kinds = review_kinds(model, votes)
        posterior = kinds.sum(axis=1)
        more = stopping.wanted(kinds, given, channel_of(model), bounds)
        pays |= more
        wants |= more & (judgments < bounds.most)
        stored = [_stored(believed.get(item, ()), asked) for item in item_ids.tolist()]
        differs |= _differs(asked, model, posterior, given, stored)
        wavers |= _wavers(model, posterior, votes, judgments, bounds.confidence, stored)
        differs |= _moves(model, posterior, stored)
        stored_open |= np.array([one is not None and one.state == "open" for one in stored], dtype=bool)
    # An item is in doubt only once nobody else is asked.
    named = differs | (wavers & ~wants) | (wants != stored_open)
    return dict(zip(item_ids[named].tolist(), pays[named].tolist(), strict=True))


def _moves(model: Model, posterior: Floats, stored: Sequence[Told | None]) -> Flags:
    """Tell for each open item whether its place in the order of open items moves."""
    found = np.zeros(len(stored), dtype=bool)
    for place, one in enumerate(stored):
        if one is not None and one.state == "open":
            chances = tuple(posterior[place].tolist())
            now = urgency(model, Belief(chances, 0, 0.0, 0.0, 0.0, one.given))
            found[place] = abs(now - one.urgency) >= TOLD_CHANGE
    return found


def _stored(found: Sequence[Told], asked: Asked) -> Told | None:
    return next((one for one in found if one.question == asked.key), None)


def _votes(
    answers: Answers,
    labels: NDArray[np.int16],
    places: NDArray[np.intp],
    item_ids: NDArray[np.int64],
    asked: Asked,
) -> Votes:
    """Put the answers to one question together, with all items, also those where nobody answered it."""
    has = labels >= 0
    person_ids, people = np.unique(answers.people[has], return_inverse=True)
    return Votes(
        people.astype(np.int32),
        places[has].astype(np.int32),
        labels[has],
        np.full(len(item_ids), UNKNOWN, dtype=np.int16),
        len(person_ids),
        len(asked.classes),
        tuple(person_ids.tolist()),
        tuple(item_ids.tolist()),
    )


def told_at(model: Model, chances: Floats) -> Floats:
    """Give the confidence that is told for many chances at once."""
    told = [confidence.told(model.curve, float(chance), model.golds, model.classes)[0] for chance in GRID]
    return np.asarray(np.interp(chances, GRID, np.array(told)))


def _differs(
    asked: Asked, model: Model, posterior: Floats, given: NDArray[np.intp], stored: Sequence[Told | None]
) -> Flags:
    """Tell for each item whether its label, its confidence or the number of answers behind it is another one."""
    places = {word: place for place, word in enumerate(asked.classes)}
    label = np.array(
        [UNKNOWN if one is None or one.label is None else places.get(one.label, UNKNOWN) for one in stored],
        dtype=np.int64,
    )
    before = np.array([0 if one is None else one.confidence for one in stored], dtype=np.float64) / MILLION
    count = np.array([-1 if one is None else one.given for one in stored], dtype=np.int64)
    now = np.where(given > 0, posterior.argmax(axis=1), UNKNOWN)
    best = np.sort(posterior, axis=1)[:, -2:]
    tied = best[:, -1] - best[:, 0] < TIE if posterior.shape[1] > 1 else np.zeros(len(now), dtype=bool)
    told = told_at(model, posterior.max(axis=1))
    moved = np.abs(told - before) >= TOLD_CHANGE / MILLION - GRID_ERROR
    return np.asarray((label != now) | (count != given) | moved | tied)


def _wavers(
    model: Model,
    posterior: Floats,
    votes: Votes,
    judgments: NDArray[np.intp],
    wanted: float,
    stored: Sequence[Told | None],
) -> Flags:
    """Tell for each item whether it is in doubt and was not, or the other way round: its answers disagree, and the confidence asked for is
    not reached."""
    items = len(judgments)
    counts = np.zeros((items, votes.classes), dtype=np.int64)
    np.add.at(counts, (votes.items, votes.labels), 1)
    agree = counts.max(axis=1) == judgments
    top = posterior.max(axis=1)
    claimed = top if model.is_opinion else told_at(model, top)
    was = np.array([one is not None and one.state == "unsure" for one in stored], dtype=bool)
    return np.asarray(
        ((~agree & (claimed < wanted)) != was) | (~agree & (np.abs(claimed - wanted) < GRID_ERROR))
    )
