"""What a fitted model is: each person's figures, everybody's together, the curve of confidence. Values and their JSON, no arithmetic."""

from __future__ import annotations

import dataclasses
import json
from functools import cached_property
from typing import Any

from rules.quality import model_settings as settings

VERSION = 1
Rows = tuple[tuple[float, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """How many answers an item gets at least and at most, and the confidence that a project asks for."""

    least: int
    most: int
    confidence: float


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person's answers.

    `accuracy`: the share that is right. `rows[t][l]`: how often they say l when t is true; empty with very many classes. `answers`,
    `golds`: how many stand behind it. `information`: what one more answer of theirs is expected to tell, in nats.
    """

    accuracy: float
    rows: Rows = ()
    answers: int = 0
    golds: int = 0
    information: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """The curve from what the model computes to what is told: logistic in the logit, with the spread of its two coefficients."""

    shift: float = 0.0
    slope: float = settings.SLOPE
    spread: tuple[float, float, float] = (settings.SHIFT_SPREAD**2, settings.SLOPE_SPREAD**2, 0.0)
    """Variance of the shift, of the slope, and their covariance."""


@dataclasses.dataclass(frozen=True)
class Model:
    """A fitted model of the answers of one question.

    `golds`: gold items behind the curve of confidence. `blend`: the weight of the confusion model beside the one-coin model.
    `powers`: the exponents of the two likelihoods. `prior`: how often each class is true. `pooled`: a person of whom nothing is known.
    `typical`: information of the median answer.
    """

    version: int
    classes: int
    answers: int
    golds: int
    prior: tuple[float, ...]
    pooled: Person
    people: dict[int, Person]
    blend: float
    powers: tuple[float, float]
    curve: Curve
    typical: float

    @property
    def is_opinion(self) -> bool:
        """Tell whether no gold stands behind the model, so that it reports agreement and claims no confidence."""
        return self.golds == 0

    def person(self, person_id: int) -> Person:
        """Give a person's figures; for somebody unknown, those of everybody together."""
        return self.people.get(person_id, self.pooled)

    @cached_property
    def logs(self) -> dict[tuple[int, int], tuple[tuple[float, float, tuple[float, ...]], ...]]:
        """Keep what a person's answer adds to the logarithms, by (person id, class), once it was asked for: see `rules.quality.model`."""
        return {}

    @cached_property
    def memo(self) -> dict[str, Any]:
        """Keep what is computed once for this model."""
        return {}

    def to_json(self) -> str:
        """Write the model as text that `from_json` reads back exactly."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Model:
        """Read what `to_json` wrote."""
        found = json.loads(text)
        if found["version"] != VERSION:
            raise ValueError(f"This model is of version {found['version']}, not {VERSION}.")
        found["pooled"] = _person(found["pooled"])
        found["people"] = {int(key): _person(value) for key, value in found["people"].items()}
        curve = found["curve"]
        found["curve"] = Curve(curve["shift"], curve["slope"], tuple(curve["spread"]))
        for name in ("prior", "powers"):
            found[name] = tuple(found[name])
        return Model(**found)


def _person(found: dict[str, Any]) -> Person:
    return Person(**(found | {"rows": tuple(tuple(row) for row in found["rows"])}))


@dataclasses.dataclass(frozen=True, slots=True)
class Belief:
    """What the answers of one item say together.

    `posterior`: the chance of each class, tempered. `label`: the likeliest class. `confidence`: the chance that it is right,
    calibrated, with its interval `low` to `high`. `given`: how many answers stand behind it. `kinds`: the posterior once more, [kind of
    item, class].
    """

    posterior: tuple[float, ...]
    label: int
    confidence: float
    low: float
    high: float
    given: int
    kinds: Rows = ()
