"""Veritap itself as an engine of a replay: people join a project, get their items and have their answers kept by the same actions as
in chat, on a database in memory. Nothing is decided here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from actions import (
    assignments,
    consents,
    gold_items,
    items,
    judgments,
    people,
    projects,
    qualifications,
    quality,
    refits,
    roles,
    work,
)
from actions.desk import Desk
from actions.people import Person, Visitor
from actions.ports import Tx
from bot.replay.protocol import Eligible, Result
from bot.replay.store import MemoryStore
from rules.answers import Draft
from rules.audience import Profile
from rules.item_file import Item
from rules.project_file import Quality

SLUG = "replay"
QUESTION = "label"
PROFILE = Profile("bachelor", "maths", ("en",), "UTC")
STOPPED = ("paused", "removed")
STATES = {"open": "open", "unsure": "unresolved", "settled": "done", "adjudicated": "done"}
TELEGRAM_IDS_FROM = 1_000
PROJECT = """
slug = "replay"
title = "Replay"
instructions = "What is it?"
[pay]
currency = "USD"
rate_per_hour = {rate}
expected_seconds = {seconds}
cap_seconds = 3600
[audience]
seats = 1000000
[quality]
gold_share = {gold_share}
gold_share_bounds = [{gold_least}, {gold_most}]
overlap = [{least}, {most}]
confidence = {confidence}
strictness = {strictness}
[[show]]
field = "item"
[[ask]]
id = "label"
kind = "choice"
text = "What is it?"
options = [{options}]
"""
DEFAULT = Quality()


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """What the project of a replay asks for: the defaults of every project, unless told otherwise."""

    confidence: float = DEFAULT.confidence
    overlap: tuple[int, int] = DEFAULT.overlap
    gold_share: float = DEFAULT.gold_share
    gold_share_bounds: tuple[float, float] = DEFAULT.gold_share_bounds
    strictness: str = DEFAULT.strictness
    rate: str = "24.00"
    seconds: int = 60

    def toml(self, labels: int) -> str:
        """Write the project's file. Labels go by number, so that their names change nothing."""
        options = ", ".join(f'{{ value = "{number}", label = "{number}" }}' for number in range(labels))
        return PROJECT.format(
            rate=json.dumps(self.rate),
            seconds=self.seconds,
            gold_share=self.gold_share,
            gold_least=self.gold_share_bounds[0],
            gold_most=self.gold_share_bounds[1],
            least=self.overlap[0],
            most=self.overlap[1],
            confidence=self.confidence,
            strictness=json.dumps(self.strictness),
            options=options,
        )


class ReplayEngine:
    """Veritap, asked as a replay asks; see `bot.replay.protocol`. Items join with the first visit."""

    def __init__(self, labels: Sequence[str], seed: int, terms: Terms) -> None:
        self._labels = list(labels)
        self._number = {label: number for number, label in enumerate(self._labels)}
        self._terms = terms
        self._store = MemoryStore(seed)
        self._waiting: list[Item] = []
        self._ids: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._people: dict[str, Person] = {}
        self._project_id = 0
        self._is_stale = True

    def add_item(self, item: str) -> None:
        """Take an item whose label is wanted."""
        self._waiting.append(Item(item, "work", json.dumps({"item": item}), None, None))

    def add_gold(self, item: str, label: str) -> None:
        """Take a hidden item whose label is known."""
        gold = json.dumps({QUESTION: str(self._number[label])})
        self._waiting.append(Item(item, "gold", json.dumps({"item": item}), gold, None))

    def next_task(self, worker: str, eligible: Eligible) -> str | None:
        """Give a person what they would get now in chat, among the items that are eligible for them."""
        if self._waiting:
            self._store.run(self._make)
        return self._store.run(self._next, worker, eligible)

    def submit(self, worker: str, item: str, label: str, ms: int | None = None) -> None:
        """Keep a person's answer to the item that lies open before them, and let the models be fitted anew when that is due."""
        self._store.clock.now_ms += self._terms.seconds * 1000 if ms is None else ms
        self._store.run(self._keep, worker, self._ids[item], self._number[label])

    def suspended(self, worker: str) -> bool:
        """Tell whether a person's standing keeps them from work."""
        person = self._people.get(worker)
        return person is not None and self._store.run(self._standing, person) in STOPPED

    def result(self, item: str) -> Result:
        """Say what an item's answers come to, by models that have read every answer."""
        if self._waiting:
            self._store.run(self._make)
        if self._is_stale:
            self._store.run(self._refit)
            self._is_stale = False
        return self._store.run(self._told, self._ids[item])

    def doubted(self) -> set[str]:
        """Name the golds that rest because people contradict their key."""
        return self._store.run(self._doubted)

    def _doubted(self, tx: Tx) -> set[str]:
        where = {"project_id": self._project_id, "kind": gold_items.DOUBTFUL}
        cases = gold_items.count(tx, self._project_id, gold_items.DOUBTFUL)
        found = (
            tx.one("gold_items.case_at", gold_items.Case, **where, place=place) for place in range(cases)
        )
        return {self._names[case.item_id] for case in found if case is not None}

    def _make(self, tx: Tx) -> None:
        """Make the project, and bring in all items that wait."""
        waiting, self._waiting = self._waiting, []
        if not self._project_id:
            projects.create_or_update(tx, None, self._terms.toml(len(self._labels)))
        project_id = self._project_id = projects.by_slug(tx, SLUG).id
        ordered = items.shuffled(tx, waiting)
        for start in range(0, len(ordered), items.BATCH_ITEMS):
            items.import_batch(tx, project_id, ordered[start : start + items.BATCH_ITEMS])
        for item in waiting:
            found = tx.number("items.present", project_id=project_id, external_id=item.external_id)
            self._ids[item.external_id], self._names[found] = found, item.external_id
        tx.run("projects.set_state", id=project_id, state="open", now_ms=tx.now_ms)

    def _next(self, tx: Tx, worker: str, eligible: Eligible) -> str | None:
        person, project = self._joined(tx, worker), projects.get(tx, self._project_id)
        standing = qualifications.of(tx, person.id, project.id)
        assert standing is not None
        if standing.set_done >= work.SET_SIZE:
            # Whoever is still here when a set is over begins another one.
            tx.run("qualifications.begin_set", person_id=person.id, project_id=project.id)
            standing = dataclasses.replace(standing, set_done=0)
        names = self._names
        found = work.next_for(
            tx, person, project, standing, asked=False, may=lambda item_id: eligible(names[item_id])
        )
        if not isinstance(found, work.Card):
            return None
        held = assignments.open_of(tx, person.id)
        assert held is not None
        return names[held.item_id]

    def _joined(self, tx: Tx, worker: str) -> Person:
        """Give the person behind a name; who is new agrees, has a profile, and joins the project."""
        known = self._people.get(worker)
        if known is not None:
            return known
        number = TELEGRAM_IDS_FROM + len(self._people)
        visitor = Visitor(tx.vault.index(str(number)), number, "", "", "en")
        person = people.enrol(tx, visitor)
        roles.add(tx, person.id, "student", granted_by=None, because="replay")
        consents.give(tx, visitor)
        tx.run("people.set_profile", id=person.id, profile=people.seal_profile(tx, PROFILE), state="ready")
        qualifications.join(tx, visitor, self._project_id)
        self._people[worker] = people.get(tx, person.id)
        return self._people[worker]

    def _keep(self, tx: Tx, worker: str, item_id: int, label: int) -> None:
        person, project = self._people[worker], projects.get(tx, self._project_id)
        held, standing = assignments.open_of(tx, person.id), qualifications.of(tx, person.id, project.id)
        if held is None or held.item_id != item_id or standing is None:
            raise ValueError(f"{worker} answers an item that is not before them")
        judgments.keep(tx, Desk(person, project, standing, held), Draft({QUESTION: str(label)}))
        self._is_stale = True
        if refits.due(tx):
            self._refit(tx)
        elif refits.to_read(tx):
            loaded = refits.load_answers(tx, self._project_id)
            refits.take_in(tx, loaded, refits.read(loaded, quality.serving(tx, project)))

    def _refit(self, tx: Tx) -> None:
        """Fit the models anew, and do what follows from it for items and people."""
        loaded = refits.load(tx, self._project_id)
        refits.apply(tx, loaded, refits.fit(loaded))
        self._is_stale = False

    def _standing(self, tx: Tx, person: Person) -> str:
        found = qualifications.of(tx, person.id, self._project_id)
        return "" if found is None else found.standing

    def _told(self, tx: Tx, item_id: int) -> Result:
        for told in quality.beliefs_of(tx, item_id):
            if told.label is not None:
                return (
                    self._labels[int(told.label)],
                    told.confidence / 1_000_000,
                    told.given,
                    STATES[told.state],
                )
        # Nobody's answer counts, so all there is to go by is how usual each label is.
        prior = quality.serving(tx, projects.get(tx, self._project_id)).by_key[QUESTION].prior
        usual = max(range(len(prior)), key=prior.__getitem__)
        return self._labels[usual], prior[usual], 0, "open"
