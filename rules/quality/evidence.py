"""Whether a person still works acceptably: a sequential test that stays valid however often one looks. What follows from it is not
decided here.

The evidence is an e-value ("e-detectors": J. Shin, A. Ramdas, A. Rinaldo, 2023): how much better "worked well so far, badly since then"
tells a person's answers than "works well" does, with ways of working as usual as they are in this crowd. By Ville's inequality, of
people who work well at most a share alpha ever reaches 1 / alpha within `HORIZON` answers, at whatever moments one looks. For people
exactly at the bar the share may be ten times that: there good and bad meet.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from rules.quality.evidence_odds import GOOD_SKILLS, Rows, earlier_alike, verdicts
from rules.quality.evidence_peers import KEY_TRUST, Ints, Peers, listen
from rules.quality.votes import Votes

ALPHAS: Mapping[str, float] = {"gentle": 0.01, "normal": 0.04, "strict": 0.08}
"""How strict a project is: at most so likely is a careful person stopped in error within `HORIZON` answers."""
HORIZON = 500
BAR = GOOD_SKILLS[0]
"""The least share of items that a person must know beyond guessing. At the bar, balanced accuracy is chance and 35 % of what is left."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What the test saw of one person.

    `log_e`: natural logarithm of the evidence. `since`: index among the person's answers where the present run of bad evidence most
    likely began; equal to the number of answers when nothing speaks against them. `golds_right` of `golds`, and `peers_agreed` of
    `peers`: plain figures over the run, or over all answers where there is none. `stops`: the evidence reaches 1 / `alpha`.
    """

    log_e: float
    since: int
    golds_right: int
    golds: int
    peers_agreed: int
    peers: int
    stops: bool
    alpha: float


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One answer: its class, and either the class of a gold or the chances of each class by peers who answered the same item."""

    label: int
    reference: int | Sequence[float]
    is_gold: bool


def alpha_of(strictness: str) -> float:
    """Give the stated false-alarm rate of `gentle`, `normal` or `strict`."""
    return ALPHAS[strictness]


def read_one(rows: Sequence[Row], classes: int, strictness: str = "normal") -> Reading:
    """Read one person's answers, in their order."""
    alpha = alpha_of(strictness)
    if not rows:
        return Reading(0.0, 0, 0, 0, 0, 0, False, alpha)
    labels = np.array([row.label for row in rows], dtype=np.int64)
    chances = np.array([_chances(row, classes) for row in rows])
    right = chances[np.arange(len(rows)), labels]
    gold = np.array([row.is_gold for row in rows])
    agrees = right >= chances.max(axis=1) - 1e-9
    usual = np.full(classes, 1.0 / classes)
    slip = (1.0 - right) / max(classes - 1, 1)
    even, even_slip = usual[labels], np.full(len(rows), 1.0 / classes)
    peers = Peers(right, slip, even, even_slip, np.ones(len(rows), dtype=bool), gold, agrees, usual)
    return _read(np.zeros(len(rows), dtype=np.int64), labels, peers, alpha)[0]


def _chances(row: Row, classes: int) -> Sequence[float]:
    """Give the chance of each class. A key is wrong now and then, so it does not rule out the others."""
    if not isinstance(row.reference, int):
        return row.reference
    wrong = (1.0 - KEY_TRUST) / max(classes - 1, 1)
    return [KEY_TRUST if label == row.reference else wrong for label in range(classes)]


def read_all(
    votes: Votes,
    model: object = None,
    alpha: float = ALPHAS["normal"],
    *,
    after: Mapping[int, int] | None = None,
) -> dict[int, Reading]:
    """Read everybody at once, by person id. What peers say is found in the votes themselves; `model` may be left out.

    `after`: for people who came back, how many of their first answers are past and no longer speak against them.
    """
    person_ids = votes.person_ids or tuple(range(votes.persons))
    past = np.array([(after or {}).get(person, 0) for person in person_ids], dtype=np.int64)
    people = votes.people.astype(np.int64)
    given = np.bincount(people, minlength=votes.persons)
    readings = [Reading(0.0, count, 0, 0, 0, 0, False, alpha) for count in given.tolist()]
    counts = earlier_alike(people) >= past[people]
    if counts.any():
        present, numbers = np.unique(people[counts], return_inverse=True)
        peers = listen(votes).at(counts)
        found = _read(numbers, votes.labels[counts].astype(np.int64), peers, alpha)
        for index, reading in zip(present.tolist(), found, strict=True):
            readings[index] = dataclasses.replace(reading, since=reading.since + int(past[index]))
    return dict(zip(person_ids, readings, strict=True))


def _read(people: Ints, labels: Ints, peers: Peers, alpha: float) -> list[Reading]:
    """Sort the rows by person, weigh them, and say what was seen. People are numbered from 0, and everybody has a row."""
    order = np.argsort(people, kind="stable")
    person, sorted_peers = people[order], peers.at(order)
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    place = np.arange(len(person)) - starts[person]
    heard, gold, agrees = sorted_peers.informed, sorted_peers.gold, sorted_peers.agrees
    rows = Rows(
        person,
        labels[order],
        sorted_peers.right,
        sorted_peers.slip,
        sorted_peers.right_blind,
        sorted_peers.slip_blind,
        gold,
        heard,
        peers.usual,
        starts,
        place,
    )
    found = verdicts(rows, HORIZON)
    given = np.bincount(person)
    since = np.where(found.log_e > 0.0, found.since, given)
    run = heard & ((place >= since[person]) | (since == given)[person])
    golds_right, golds, agreed, others = (
        np.bincount(person, kept).astype(np.int64).tolist()
        for kept in (run & gold & agrees, run & gold, run & ~gold & agrees, run & ~gold)
    )
    told = zip(found.log_e.tolist(), since.tolist(), golds_right, golds, agreed, others, strict=True)
    threshold = -math.log(alpha)
    return [
        Reading(log_e, start, right_golds, all_golds, agreeing, heard_peers, log_e >= threshold, alpha)
        for log_e, start, right_golds, all_golds, agreeing, heard_peers in told
    ]
