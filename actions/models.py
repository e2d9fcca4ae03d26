"""The fitted models of a project, as taps need them: parsed once for each fit and kept in memory. The store holds the truth; what is kept
here is found by the fingerprint of what it was parsed from, so it can never be out of date."""

from __future__ import annotations

import collections
import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping

from actions.projects import Project
from rules.quality import questions
from rules.quality.model import Bounds, Model, fit
from rules.quality.questions import Asked
from rules.quality.verdicts import Models, bounds_of
from rules.quality.votes import votes_of
from storage.tx import Tx

KEPT = 64
"""Fits held in memory: the projects that are worked on at a time."""
_parsed: collections.OrderedDict[str, dict[str, tuple[tuple[str, ...], Model]]] = collections.OrderedDict()


@dataclasses.dataclass(frozen=True, slots=True)
class Fit:
    """The newest fit of a project. `name`: the fingerprint of its models; `through_id`: the newest judgment that it read."""

    version: int
    name: str
    answers: int
    through_id: int
    fitted_ms: int | None
    asked_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Body:
    question: str
    body: str


def fit_of(tx: Tx, project_id: int) -> Fit | None:
    """Give the newest fit of a project; None before the first one was made or asked for."""
    return tx.one("quality.fit_of", Fit, project_id=project_id)


def of(tx: Tx, project: Project) -> Models:
    """Give the models of a project's questions. A question that has none yet is answered by a crowd of which nothing is known."""
    newest = fit_of(tx, project.id)
    asked, bounds = questions.of_definition(project.definition), bounds_of(project.rules)
    if newest is None or not newest.version:
        return Models(0, {one.key: unknown(len(one.classes), bounds) for one in asked})
    found = _read(tx, project.id, newest.name)
    return Models(newest.version, {one.key: _fitting(found, one, bounds) for one in asked})


def _fitting(found: Mapping[str, tuple[tuple[str, ...], Model]], asked: Asked, bounds: Bounds) -> Model:
    """Give the model of a question. What was fitted to other classes, before an option was added, does not serve."""
    classes, model = found.get(asked.key, ((), None))
    return model if model is not None and classes == asked.classes else unknown(len(asked.classes), bounds)


@functools.lru_cache(maxsize=256)
def unknown(classes: int, bounds: Bounds) -> Model:
    """Give the model of a crowd that has not answered anything."""
    return fit(votes_of((), {}, classes)[0], bounds)


def _read(tx: Tx, project_id: int, name: str) -> dict[str, tuple[tuple[str, ...], Model]]:
    found = _parsed.get(name)
    if found is None:
        rows = tx.all("quality.bodies", _Body, project_id=project_id)
        found = {row.question: parse(row.body) for row in rows}
        _keep(name, found)
    return found


def _keep(name: str, found: dict[str, tuple[tuple[str, ...], Model]]) -> None:
    _parsed[name] = found
    while len(_parsed) > KEPT:
        _parsed.popitem(last=False)


def parse(body: str) -> tuple[tuple[str, ...], Model]:
    """Read what `body_of` wrote."""
    found = json.loads(body)
    return tuple(found["classes"]), Model.from_json(found["model"])


def body_of(asked: Asked, model: Model) -> str:
    """Write a model with the classes that it was fitted to."""
    return json.dumps(
        {"classes": asked.classes, "model": model.to_json()}, ensure_ascii=False, separators=(",", ":")
    )


def name_of(bodies: Mapping[str, str]) -> str:
    """Fingerprint the models of a fit."""
    text = json.dumps(bodies, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
