"""Refits: a project's models brought up to date, in steps of which only the small ones write. `load` runs on a reader, `fit` on a thread,
and `install`, `look_again` and `finish` in transactions of their own, so that nobody's tap waits."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from actions import gold_items, models, projects, quality, standings
from rules.kinds import Value
from rules.quality import refit
from rules.quality.answers import Answers
from rules.quality.refit import Data, Fitted, Seen
from rules.quality.verdicts import Models, Told
from storage.tx import Tx

READ_AFTER = 5
"""After so many answers somebody in doubt is read again: they can carry the evidence half of the way to a pause, and what comes after
that is paid for nothing."""
NEW_UNTIL = 40
"""Until so many answers everybody is in doubt: most who merely click have shown it by then."""
DOUBT_MILLI = -3_000
"""And whoever the evidence has not cleared as surely as it would take to pause them; of people who turn lazy it does so no more, long
before it speaks against them."""
ITEMS_A_TURN = 100
"""Items looked at in one transaction after a refit: some ten milliseconds of the writer's time."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Id:
    id: int


def due(tx: Tx) -> list[int]:
    """Name the projects whose models are out of date: 20 answers and 1 % more than they read, or somebody asked."""
    return [row.id for row in tx.all("quality.due", _Id)]


def to_read(tx: Tx) -> list[int]:
    """Name the projects where somebody in doubt gave answers that nobody has read yet; a refit reads them as well, but it may take long
    to be due."""
    return [
        row.id
        for row in tx.all(
            "quality.to_read", _Id, answers=READ_AFTER, new_until=NEW_UNTIL, doubt_milli=DOUBT_MILLI
        )
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class Loaded:
    """What a refit was given. `through_id`: the newest judgment among it; `loaded_ms`: when it was read."""

    project_id: int
    data: Data
    through_id: int
    loaded_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Counted:
    id: int
    person_id: int
    item_id: int
    answers: str
    on_work: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Gold:
    id: int
    gold: str
    is_frozen: int
    is_chosen: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Believed:
    item_id: int
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
class _Restart:
    person_id: int
    after_id: int


def load(tx: Tx, project_id: int) -> Loaded:
    """Read all that a refit of a project needs. Only reads."""
    loaded = load_answers(tx, project_id)
    believed, ruled = _believed(tx, project_id)
    data = dataclasses.replace(loaded.data, believed=believed, apart=loaded.data.apart | ruled)
    return dataclasses.replace(loaded, data=data)


def load_answers(tx: Tx, project_id: int) -> Loaded:
    """Read what people answered, and what they are held to, without what is believed of items. Only reads."""
    project = projects.get(tx, project_id)
    newest = models.fit_of(tx, project_id)
    golds = tx.all("quality.golds", _Gold, project_id=project_id)
    restarts = tx.all("quality.restarts", _Restart, project_id=project_id)
    data = Data(
        project=project.rules,
        version=(newest.version if newest else 0) + 1,
        answers=_answers(tx, project_id, [row.id for row in golds]),
        golds={row.id: json.loads(row.gold) for row in golds if not row.is_frozen},
        past={row.person_id: row.after_id for row in restarts},
        believed={},
        apart=frozenset(row.id for row in golds),
        vouched=gold_items.vouched(tx, project_id),
        chosen=frozenset(row.id for row in golds if row.is_chosen),
    )
    return Loaded(project_id, data, tx.number("quality.newest", project_id=project_id), tx.now_ms)


def _answers(tx: Tx, project_id: int, golds: list[int]) -> Answers:
    """Read the answers that count. Those that made a work item gold are left out: it agrees with them because it was made of them."""
    # Most answers are one of a few texts, and each of these is parsed once.
    kinds: dict[str, int] = {}
    rows = [
        (row.id, row.person_id, row.item_id, kinds.setdefault(row.answers, len(kinds)), row.on_work)
        for row in tx.each("quality.counted", _Counted, project_id=project_id)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    table = table[~((table[:, 4] == 1) & np.isin(table[:, 2], golds))]
    distinct: list[dict[str, Value]] = [json.loads(text) for text in kinds]
    return Answers(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4] == 1, distinct)


def _believed(tx: Tx, project_id: int) -> tuple[dict[int, tuple[Told, ...]], frozenset[int]]:
    """Give what is stored of each item, and the items on which somebody ruled."""
    found: dict[int, list[Told]] = defaultdict(list)
    ruled = set()
    for row in tx.each("quality.all_beliefs", _Believed, project_id=project_id):
        found[row.item_id].append(
            Told(
                row.question,
                row.label,
                row.posterior,
                row.confidence,
                row.low,
                row.high,
                row.given,
                row.urgency,
                row.state,
            )
        )
        if row.state == "adjudicated":
            ruled.add(row.item_id)
    return {item: tuple(told) for item, told in found.items()}, frozenset(ruled)


def fit(loaded: Loaded) -> Fitted:
    """Do the slow part of a refit: no transaction, no store."""
    return refit.refit(loaded.data)


def install(tx: Tx, loaded: Loaded, fitted: Fitted) -> int:
    """Put a refit's models and readings in force, and see what they mean for where people stand. Return how many people moved.

    Items follow by `quality.look_again`, a few at a time; until then each keeps what it was told by the models before.
    """
    project_id = loaded.project_id
    _keep_models(tx, loaded, fitted)
    _keep_readings(tx, project_id, fitted.seen)
    project = projects.get(tx, project_id)
    cap = project.rules.quality.gold_exposure
    tx.run("quality.retire_exposed", project_id=project_id, cap=cap, now_ms=tx.now_ms)
    gold_items.look(tx, project, fitted.doubtful, fitted.leaked)
    return standings.look(tx, project)


def read(loaded: Loaded, serving: Models) -> tuple[Seen, ...]:
    """Do the slow part of a reading between two refits."""
    return refit.read(loaded.data, serving)


def take_in(tx: Tx, loaded: Loaded, seen: Sequence[Seen]) -> int:
    """Keep what a reading saw of those who answered since the last one or of whom there is doubt, and see what it means for where
    they stand. Return how many people moved."""
    project_id = loaded.project_id
    before = {one.person_id: one for one in quality.readings(tx, project_id)}
    changed = [
        one
        for one in seen
        if (was := before.get(one.person_id)) is None
        or was.answers != one.answers
        or max(was.log_e_milli, 1000 * one.reading.log_e) > DOUBT_MILLI
    ]
    _keep_readings(tx, project_id, changed)
    return standings.look(tx, projects.get(tx, project_id))


def _keep_models(tx: Tx, loaded: Loaded, fitted: Fitted) -> None:
    version, project_id = fitted.models.version, loaded.project_id
    bodies = {asked.key: models.body_of(asked, fitted.models.by_key[asked.key]) for asked in fitted.asked}
    name = models.name_of(bodies)
    tx.run("quality.forget_models", project_id=project_id)
    for key, body in bodies.items():
        model = fitted.models.by_key[key]
        tx.run(
            "quality.keep_model",
            project_id=project_id,
            question=key,
            version=version,
            golds=model.golds,
            answers=model.answers,
            now_ms=tx.now_ms,
            name=name,
            body=body,
        )
    tx.run(
        "quality.keep_fit",
        project_id=project_id,
        version=version,
        name=name,
        answers=len(loaded.data.answers.judgments),
        through_id=loaded.through_id,
        loaded_ms=loaded.loaded_ms,
        now_ms=tx.now_ms,
    )


def _keep_readings(tx: Tx, project_id: int, everybody: Sequence[Seen]) -> None:
    for seen in everybody:
        reading = seen.reading
        tx.run(
            "quality.keep_reading",
            project_id=project_id,
            person_id=seen.person_id,
            log_e_milli=round(1000 * reading.log_e),
            since_id=seen.since_id,
            golds_right=reading.golds_right,
            golds=reading.golds,
            peers_agreed=reading.peers_agreed,
            peers=reading.peers,
            stops=int(reading.stops),
            alpha_micro=round(1_000_000 * reading.alpha),
            answers=seen.answers,
            worth_milli=round(1000 * seen.worth),
            waits=int(seen.waits),
            now_ms=tx.now_ms,
        )


def to_look_at(tx: Tx, loaded: Loaded, fitted: Fitted) -> list[int]:
    """Name the items to look at again once a refit is installed: those of which it says something else, those that were answered since
    it was loaded, about which the models before had the last word, and those that no answer speaks about any more."""
    missed = tx.all(
        "quality.believed_since",
        _Id,
        project_id=loaded.project_id,
        loaded_ms=loaded.loaded_ms,
        version=fitted.models.version,
    )
    bare = tx.all("quality.without_answers", _Id, project_id=loaded.project_id)
    return sorted({*fitted.changed, *(row.id for row in (*missed, *bare))})


def finish(tx: Tx, loaded: Loaded) -> None:
    """Note that all items were looked at with a refit's models; one that was cut short before is done again."""
    tx.run("quality.finish_fit", project_id=loaded.project_id, loaded_ms=loaded.loaded_ms)


def apply(tx: Tx, loaded: Loaded, fitted: Fitted) -> None:
    """Do all that follows from a refit in one transaction, in which it was loaded as well: for replays and small projects."""
    moved = install(tx, loaded, fitted)
    # With people, the answers that count change, and so do the verdicts on their items.
    if moved:
        quality.look_again(tx, loaded.project_id, to_look_at(tx, loaded, fitted))
    else:
        quality.look_again(tx, loaded.project_id, fitted.changed, fitted.verdicts)
    finish(tx, loaded)
