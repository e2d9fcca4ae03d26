"""Answers put straight into the books, for tests of what a look at hundreds of them finds."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from actions import assignments
from actions.people import Person
from actions.projects import Project
from storage.tx import Tx
from tests.actions.conftest import Db

MINUTE_MS = 60_000


def give(
    tx: Tx,
    project: Project,
    person: Person,
    item_id: int,
    answers: Mapping[str, object],
    at_ms: int,
    spent_ms: int,
) -> int:
    """Record an answer to a work item at a moment, without its pay."""
    token = f"t-{person.id}-{item_id}"
    terms = {"scheme": "hour", "piece_micro": 0, "flipped": 0}
    tx.run(
        "assignments.add",
        token=token,
        person_id=person.id,
        project_id=project.id,
        item_id=item_id,
        attempt=1,
        use="work",
        now_ms=at_ms - spent_ms,
        steady_ms=at_ms - spent_ms,
        lease_expires_ms=at_ms,
        rate_micro=0,
        currency="USD",
        cap_ms=MINUTE_MS,
        **terms,
    )
    held = assignments.by_token(tx, token)
    assert held is not None
    assignments.stop(tx, held, "judged")
    return tx.number(
        "judgments.add",
        token=token,
        person_id=person.id,
        project_id=project.id,
        item_id=item_id,
        use="work",
        answers=json.dumps(answers),
        correct=None,
        shown_ms=at_ms - spent_ms,
        now_ms=at_ms,
        steady_ms=at_ms,
        credited_ms=0,
        amount_micro=0,
        currency="USD",
        **terms,
    )


def copy_each_other(db: Db, project: Project, people: int = 8) -> list[Person]:
    """Let people answer all items of a project, nine in ten right; the first two share one sheet of guesses. Give the people."""
    chance = np.random.default_rng(3)
    everybody = [db.join(100 + number)[1] for number in range(people)]
    items = [row[0] for row in db.rows("SELECT id FROM items WHERE use = 'work' ORDER BY id")]
    for place, item in enumerate(items):
        truth, guess = chance.integers(2), chance.integers(2)
        for number, person in enumerate(everybody):
            said = guess if number < 2 else truth if chance.random() < 0.9 else 1 - truth
            spent_ms = int(np.exp(chance.normal(9.5, 0.6)))
            at_ms = db.clock.now_ms - 10_000 * MINUTE_MS + place * 97 * MINUTE_MS + number * 13 * MINUTE_MS
            answers = {"correct": "yes"} if said else {"correct": "no", "why": ["digit"]}
            db.run(give, project, person, item, answers, at_ms, spent_ms)
    return everybody
