"""A refit: all counted answers of a project in, its models, what was seen of everybody and the items whose belief changed out. Pure and
slow, so it runs where nobody waits for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from rules.kinds import Value
from rules.project_file import Project
from rules.quality import bad_golds, changes, evidence, questions, verdicts
from rules.quality.answers import Answers, Labels
from rules.quality.bad_golds import DoubtfulGold, LeakedGold
from rules.quality.evidence import Reading
from rules.quality.model import Model, fit, waits, worth
from rules.quality.questions import Asked, gold_class
from rules.quality.verdicts import Models, Told, Verdict
from rules.quality.votes import UNKNOWN, Votes


@dataclasses.dataclass(frozen=True)
class Data:
    """All that a refit reads of a project. `golds`: the keys of gold items that are not in doubt; `past`: by person, the judgment up to
    which answers no longer speak about them; `believed`: what is stored, by item; `apart`: items that are gold, or on which somebody
    ruled, so that no belief of theirs changes; `vouched`: golds whose key their owner stands by; `chosen`: golds that were picked for being
    clear, so that they tell how somebody works, and not how right labels are."""

    project: Project
    version: int
    answers: Answers
    golds: Mapping[int, Mapping[str, Value]]
    past: Mapping[int, int]
    believed: Mapping[int, tuple[Told, ...]]
    apart: frozenset[int]
    vouched: frozenset[int] = frozenset()
    chosen: frozenset[int] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one person's answers to the lead question. `since_id`: the judgment with which a run of bad evidence began."""

    person_id: int
    reading: Reading
    since_id: int | None
    answers: int
    worth: float
    waits: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Fitted:
    """What a refit found. `verdicts`: what the answers of those items come to that say something else than what is stored, by item.

    `doubtful`: golds whose key good people contradict, which nothing here was held to; `leaked`: golds that seem to be known.
    """

    models: Models
    asked: tuple[Asked, ...]
    seen: tuple[Seen, ...]
    verdicts: Mapping[int, Verdict]
    doubtful: tuple[DoubtfulGold, ...] = ()
    leaked: tuple[LeakedGold, ...] = ()

    @property
    def changed(self) -> tuple[int, ...]:
        """The items to look at again, in the order of their ids."""
        return tuple(sorted(self.verdicts))


def refit(data: Data) -> Fitted:
    """Fit every question's model anew and say what follows for people and items."""
    asked = tuple(questions.modelled(data.project))
    labels = {one.key: data.answers.labels(one) for one in asked}
    deciding = questions.deciding(asked)
    doubtful = _doubtful(data, deciding[0], labels[deciding[0].key]) if deciding else ()
    # What nobody may be held to any more must not count against anybody once more while its owner is asked.
    data = dataclasses.replace(data, golds=_without(data.golds, doubtful))
    votes = {one.key: _votes(data, one, labels[one.key]) for one in asked}
    bounds = verdicts.bounds_of(data.project)
    models = Models(
        data.version, {key: fit(_drawn(found, data.chosen), bounds) for key, found in votes.items()}
    )
    seen: tuple[Seen, ...] = ()
    leaked: tuple[LeakedGold, ...] = ()
    if deciding:
        lead = deciding[0].key
        seen = _seen(data, labels[lead], votes[lead], models.by_key[lead])
        leaked = tuple(bad_golds.leaked(votes[lead], models.by_key[lead]))
    return Fitted(models, asked, seen, _items(data, deciding, models), doubtful, leaked)


def read(data: Data, models: Models) -> tuple[Seen, ...]:
    """Read everybody's answers to the lead question once more, between two refits, beside the models that are in force."""
    deciding = questions.deciding(questions.modelled(data.project))
    if not deciding:
        return ()
    lead = deciding[0]
    labels = data.answers.labels(lead)
    return _seen(data, labels, _votes(data, lead, labels), models.by_key[lead.key])


def _doubtful(data: Data, asked: Asked, labels: Labels) -> tuple[DoubtfulGold, ...]:
    """Find the golds whose key is probably wrong, but for those whose owner stands by it."""
    if not data.golds:
        return ()
    found = bad_golds.doubtful(_votes(data, asked, labels))
    return tuple(gold for gold in found if gold.item_id not in data.vouched)


def _without(
    golds: Mapping[int, Mapping[str, Value]], doubtful: Sequence[DoubtfulGold]
) -> Mapping[int, Mapping[str, Value]]:
    gone = {gold.item_id for gold in doubtful}
    return {item: gold for item, gold in golds.items() if item not in gone}


def _drawn(votes: Votes, chosen: frozenset[int]) -> Votes:
    """Forget the keys of chosen golds: labels that are clear on purpose would make all labels look surer than they are."""
    if not chosen:
        return votes
    keep = ~np.isin(np.array(votes.item_ids, dtype=np.int64), np.array(sorted(chosen), dtype=np.int64))
    return dataclasses.replace(votes, known=np.where(keep, votes.known, UNKNOWN).astype(np.int16))


def _votes(data: Data, asked: Asked, labels: Labels) -> Votes:
    """Put the answers to one question together with the keys of its golds."""
    has = labels >= 0
    person_ids, people = np.unique(data.answers.people[has], return_inverse=True)
    item_ids, items = np.unique(data.answers.items[has], return_inverse=True)
    keys = ((item, gold_class(asked, gold)) for item, gold in data.golds.items())
    known = {item: label for item, label in keys if label is not None}
    gold = [known.get(item, UNKNOWN) for item in item_ids.tolist()]
    return Votes(
        people.astype(np.int32),
        items.astype(np.int32),
        labels[has],
        np.array(gold, dtype=np.int16),
        len(person_ids),
        len(asked.classes),
        tuple(person_ids.tolist()),
        tuple(item_ids.tolist()),
    )


def _seen(data: Data, labels: Labels, votes: Votes, model: Model) -> tuple[Seen, ...]:
    """Read everybody's answers to the lead question."""
    alpha = evidence.alpha_of(data.project.quality.strictness)
    has = labels >= 0
    order = np.argsort(data.answers.people[has], kind="stable")
    judgments, people = data.answers.judgments[has][order], data.answers.people[has][order]
    begins = np.searchsorted(people, np.array(votes.person_ids[1:], dtype=np.int64))
    own = dict(zip(votes.person_ids, np.split(judgments, begins), strict=False))
    after = {
        person: int((own[person] <= data.past[person]).sum())
        for person in votes.person_ids
        if person in data.past
    }
    readings = evidence.read_all(votes, model, alpha, after=after)
    return tuple(
        Seen(
            person,
            reading,
            int(own[person][reading.since]) if reading.since < len(own[person]) else None,
            len(own[person]),
            worth(model, person),
            waits(model, person),
        )
        for person, reading in sorted(readings.items())
    )


def _items(data: Data, deciding: Sequence[Asked], models: Models) -> dict[int, Verdict]:
    """Say what the answers of those work items come to that say something else than before."""
    answers = data.answers
    on_work = answers.on_work & ~np.isin(answers.items, np.array(sorted(data.apart), dtype=np.int64))
    doubtful = changes.doubtful(data.project, deciding, models, answers.only(on_work), data.believed)
    rows: dict[int, list[int]] = {item: [] for item in doubtful}
    for row in np.flatnonzero(
        on_work & np.isin(answers.items, np.array(list(doubtful), dtype=np.int64))
    ).tolist():
        rows[int(answers.items[row])].append(row)
    people, kinds = answers.people, answers.kinds
    found = {
        item: verdicts.verdict(
            data.project,
            deciding,
            models,
            [verdicts.Said(int(people[row]), answers.distinct[kinds[row]]) for row in at],
            pays=doubtful[item],
        )
        for item, at in rows.items()
    }
    return {item: now for item, now in found.items() if _differs(data.believed.get(item, ()), now)}


def _differs(stored: Sequence[Told], now: Verdict) -> bool:
    before = {one.question: one for one in stored}
    if before.keys() != {one.question for one in now.told}:
        return True
    return any(verdicts.differs(before[one.question], one) for one in now.told)
