"""The model of a project's answers to one question: fitted from all of them at once, and asked about one item or one person at a time. Who
is stopped, which golds are bad and who copies from whom is told elsewhere in this package."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rules.quality import confidence, model_golds, routing, stopping
from rules.quality import model_em as em
from rules.quality import model_kinds as kinds
from rules.quality import model_settings as settings
from rules.quality.model_em import Fitted, Sums
from rules.quality.model_state import VERSION, Belief, Bounds, Model, Person
from rules.quality.routing import waits, worth
from rules.quality.votes import Votes

__all__ = [
    "Belief",
    "Bounds",
    "Model",
    "Person",
    "belief",
    "channel_of",
    "fit",
    "review",
    "review_kinds",
    "urgency",
    "waits",
    "wants_more",
    "worth",
]

Array = NDArray[np.float64]
URGENCY_MOST = 1_000_000


def fit(votes: Votes, bounds: Bounds, *, previous: Model | None = None) -> Model:
    """Fit people, classes, exponents and the curve of confidence to all answers.

    Deterministic, and always from a cold start: the same votes and bounds give the same model, whatever `previous` was. It is taken so
    that a caller need not know that.
    """
    sums = Sums.of(votes)
    models: tuple[Fitted, ...] = (em.one_coin(sums),)
    if votes.classes <= settings.CLASSES_WITH_CONFUSION:
        models = (*models, em.confusion(sums))
    found = model_golds.temper(sums, models, bounds)
    people, pooled = _people(sums, models, found.blend)
    prior = (1 - found.blend) * models[0].prior + found.blend * models[-1].prior
    return Model(
        version=VERSION,
        classes=votes.classes,
        answers=len(votes.labels),
        golds=found.golds,
        prior=tuple(prior.tolist()),
        pooled=pooled,
        people=people,
        blend=found.blend,
        powers=(found.powers[0], found.powers[-1]),
        curve=found.curve,
        typical=routing.typical(people.values()) if people else pooled.information,
    )


def _people(sums: Sums, models: tuple[Fitted, ...], blend: float) -> tuple[dict[int, Person], Person]:
    """Name everybody's figures by their id, and give those of somebody unknown."""
    votes, coin, last = sums.votes, models[0], models[-1]
    tells = routing.one_coin_information(coin.accuracy, votes.classes)
    rows: list[list[list[float]]] = [[]] * votes.persons
    if last.confusion is not None:
        tells = (1 - blend) * tells + blend * routing.information(last.confusion.rows, last.prior)
        rows = last.confusion.rows.tolist()
    answers = np.bincount(votes.people, minlength=votes.persons).tolist()
    golds = sums.by_person(sums.is_gold.astype(np.float64)).astype(int).tolist()
    figures = zip(coin.accuracy.tolist(), rows, answers, golds, tells.tolist(), strict=True)
    people = {
        key: Person(accuracy, tuple(map(tuple, table)), given, seen, information)
        for key, (accuracy, table, given, seen, information) in zip(_ids(votes), figures, strict=True)
    }
    told = routing.one_coin_information(np.array([coin.common]), votes.classes)
    pooled = tuple(map(tuple, last.pooled.tolist())) if last.confusion is not None else ()
    return people, Person(coin.common, pooled, information=float(told[0]))


def _ids(votes: Votes) -> Sequence[int]:
    """Give the ids of people by dense index; votes made without any are known by their indexes."""
    return votes.person_ids or range(votes.persons)


def belief(model: Model, given: Sequence[tuple[int, int]]) -> Belief:
    """Tell what the answers of one item say together. `given`: (person id, class) of each."""
    coins, tables = _starts(model)
    for person_id, label in given:
        for coin, table, (wrong, odds, logs) in zip(
            coins, tables, _logs(model, person_id, label), strict=True
        ):
            coin[-1] += wrong
            coin[label] += odds
            for true, log in enumerate(logs):
                table[true] += log
    joint = _shares([[log + coin[-1] for log in coin[:-1]] for coin in coins])
    if model.blend and model.pooled.rows:
        joint = [
            [(1 - model.blend) * one + model.blend * other for one, other in zip(*both, strict=True)]
            for both in zip(joint, _shares(tables), strict=True)
        ]
    posterior = [sum(column) for column in zip(*joint, strict=True)]
    label = max(range(model.classes), key=posterior.__getitem__)
    told, low, high = confidence.told(model.curve, posterior[label], model.golds, model.classes)
    return Belief(tuple(posterior), label, told, low, high, len(given), tuple(map(tuple, joint)))


def _starts(model: Model) -> tuple[list[list[float]], list[list[float]]]:
    """Give the logarithms before any answer, for each kind of item and class, once with one coin and once with tables. What every class
    gets alike with one coin stands behind its classes."""
    if "starts" not in model.memo:
        model.memo["starts"] = [
            [math.log(share * chance) for chance in model.prior] for share in kinds.SHARES
        ]
    starts: list[list[float]] = model.memo["starts"]
    return [[*start, 0.0] for start in starts], [list(start) for start in starts]


def _logs(model: Model, person_id: int, label: int) -> tuple[tuple[float, float, tuple[float, ...]], ...]:
    """Give what one answer adds on each kind of item: to all classes and to its own class by one coin, and to every class by table."""
    key = person_id, label
    if key not in model.logs:
        person, others = model.person(person_id), max(model.classes - 1, 1)
        odds = math.log(person.accuracy * others / (1 - person.accuracy))
        coin, table = (kinds.exponents(power) for power in model.powers)
        told = [(-math.log(math.exp(odds * exponent) + others), odds * exponent) for exponent in coin]
        rows = np.array(person.rows)
        logs = [
            tuple(np.log(kinds.tables(rows, each)[:, label]).tolist()) if len(rows) else () for each in table
        ]
        model.logs[key] = tuple((*one, log) for one, log in zip(told, logs, strict=True))
    return model.logs[key]


def _shares(logs: list[list[float]]) -> list[list[float]]:
    """Turn logarithms for each kind of item and class into chances."""
    top = max(map(max, logs))
    chances = [[math.exp(log - top) for log in row] for row in logs]
    total = sum(map(sum, chances))
    return [[chance / total for chance in row] for row in chances]


def review(model: Model, votes: Votes) -> Array:
    """Give the posterior of every item at once, [item, class], as `belief` gives it for one; golds as if they were not known."""
    return np.asarray(review_kinds(model, votes).sum(axis=1))


def review_kinds(model: Model, votes: Votes) -> Array:
    """Do what `review` does, telling kinds of items apart: [item, kind, class]."""
    sums = Sums.of(votes)
    known = [model.person(key) for key in _ids(votes)]
    prior = np.array(model.prior)
    accuracy = np.array([person.accuracy for person in known])
    one, other = (kinds.exponents(power) for power in model.powers)
    accuracies = [kinds.accuracies(accuracy, votes.classes, exponent) for exponent in one]
    posterior = kinds.mixed([em.one_coin_chances(sums, each) for each in accuracies], prior)
    if model.blend and model.pooled.rows:
        rows = np.array([person.rows for person in known]).reshape(-1, votes.classes, votes.classes)
        parts = [em.confusion_logs(sums, kinds.tables(rows, exponent)) for exponent in other]
        posterior = (1 - model.blend) * posterior + model.blend * kinds.mixed(parts, prior)
    return posterior


def channel_of(model: Model) -> Array:
    """Give [kind, true, told] of a typical person, on each kind of item."""
    if "channel" not in model.memo:
        pooled = model.pooled
        rows = np.array(pooled.rows) if pooled.rows else em.even(pooled.accuracy, model.classes)
        model.memo["channel"] = kinds.channels(rows, model.powers[1])
    channel: Array = model.memo["channel"]
    return channel


def wants_more(model: Model, found: Belief, bounds: Bounds) -> bool:
    """Tell whether an item wants another answer: never beyond the most, always below the least, in between while it pays."""
    if found.given < bounds.least or found.given >= bounds.most:
        return found.given < bounds.least
    return bool(stopping.gains(np.array([found.kinds]), channel_of(model), stopping.price(bounds))[0] > 0)


def urgency(model: Model, found: Belief) -> int:
    """Rank open items by their doubt, from 0 to 1,000,000: the larger, the sooner the next answer should be theirs."""
    if model.classes < 2:
        return 0
    doubt = (1.0 - max(found.posterior)) / (1.0 - 1.0 / model.classes)
    return min(max(round(URGENCY_MOST * doubt), 0), URGENCY_MOST)
