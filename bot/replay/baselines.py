"""The rules that others use, for a replay to be held against: a majority at a fixed number of answers, with and without a rule that bans
people over their last ten golds, and the dynamic overlap that a large platform documents. Nothing of them is used for real work."""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

from bot.replay.protocol import Eligible, Result

GOLD_RATE = 0.1
BAN_WINDOW = 10
BAN_GOLDS = 3
BAN_SHARE = 0.6
"""Who has answered three golds and is right on fewer than 60 % of the last ten is banned, and their answers are dropped."""
DRAWS = 24
"""Draws of an open item before all are looked through; most people may have most of them."""


class Majority:
    """The label given most often among a fixed number of answers; a tie is settled by lot."""

    def __init__(
        self,
        labels: Sequence[str],
        seed: int = 0,
        *,
        overlap: int = 3,
        ban: bool = False,
        gold_rate: float = GOLD_RATE,
    ) -> None:
        self._labels = list(labels)
        self._chance = random.Random(seed)  # noqa: S311 - the seed of a replay is no secret
        self._overlap = overlap
        self._ban = ban
        self._gold_rate = gold_rate
        self._open: list[str] = []
        self._place: dict[str, int] = {}
        self._votes: dict[str, dict[str, str]] = {}
        self._items_of: dict[str, list[str]] = {}
        self._golds: dict[str, str] = {}
        self._record: dict[str, tuple[int, int]] = {}
        self._last: dict[str, deque[bool]] = {}
        self._banned: set[str] = set()

    def add_item(self, item: str) -> None:
        """Take an item whose label is wanted."""
        self._votes[item] = {}
        self._reopen(item)

    def add_gold(self, item: str, label: str) -> None:
        """Take an item whose label is known."""
        self._golds[item] = label

    def next_task(self, worker: str, eligible: Eligible) -> str | None:
        """Give an open item by lot, or now and then a gold one in its place."""
        item = self._drawn(worker, eligible)
        if item is None:
            return None
        if self._golds and self._chance.random() < self._gold_rate:
            golds = [gold for gold in self._golds if eligible(gold)]
            if golds:
                return self._chance.choice(golds)
        return item

    def _drawn(self, worker: str, eligible: Eligible) -> str | None:
        def fits(item: str) -> bool:
            return eligible(item) and worker not in self._votes[item]

        for _ in range(DRAWS if self._open else 0):
            item = self._open[int(self._chance.random() * len(self._open))]
            if fits(item):
                return item
        left = [item for item in self._open if fits(item)]
        return self._chance.choice(left) if left else None

    def submit(self, worker: str, item: str, label: str, ms: int | None = None) -> None:
        """Count an answer; one on gold goes into its giver's record."""
        if item in self._golds:
            self._note(worker, label == self._golds[item])
            return
        self._votes[item][worker] = label
        self._items_of.setdefault(worker, []).append(item)
        self._look(item)

    def _note(self, worker: str, right: bool) -> None:
        before = self._record.get(worker, (0, 0))
        self._record[worker] = before[0] + right, before[1] + 1
        last = self._last.setdefault(worker, deque(maxlen=BAN_WINDOW))
        last.append(right)
        own = self._items_of.get(worker, ())
        if self._ban and len(last) >= BAN_GOLDS and sum(last) < BAN_SHARE * len(last):
            self._banned.add(worker)
            for item in own:
                del self._votes[item][worker]
        for item in own:
            self._look(item)

    def suspended(self, worker: str) -> bool:
        """Tell whether somebody was banned."""
        return worker in self._banned

    def result(self, item: str) -> Result:
        """Give the label given most often, and its share."""
        counts = Counter(self._votes[item].values())
        if not counts:
            return self._chance.choice(self._labels), 1 / len(self._labels), 0, "open"
        most = max(counts.values())
        label = self._chance.choice([label for label, count in counts.items() if count == most])
        return label, most / counts.total(), counts.total(), self._state(item)

    def _state(self, item: str) -> str:
        return "done" if self._has_enough(item) else "open"

    def _has_enough(self, item: str) -> bool:
        return len(self._votes[item]) >= self._overlap

    def _look(self, item: str) -> None:
        """Keep an item among the open ones exactly as long as it wants more answers."""
        if self._has_enough(item):
            self._close(item)
        else:
            self._reopen(item)

    def _reopen(self, item: str) -> None:
        if item not in self._place:
            self._place[item] = len(self._open)
            self._open.append(item)

    def _close(self, item: str) -> None:
        """Take an item out of the open ones, in constant time: the last one takes its place."""
        place = self._place.pop(item, None)
        if place is None:
            return
        last = self._open.pop()
        if last != item:
            self._open[place] = last
            self._place[last] = place


class DynamicOverlap(Majority):
    """Stop at a confidence, between two numbers of answers, as documented: everybody is right with q = (0.5 + right) / (1 + golds), errors
    are spread evenly, all labels are equally likely beforehand, and answers are taken for independent."""

    def __init__(
        self,
        labels: Sequence[str],
        seed: int = 0,
        *,
        confidence: float = 0.9,
        least: int = 2,
        most: int = 10,
        **more: Any,
    ) -> None:
        super().__init__(labels, seed, overlap=most, **more)
        self._confidence = confidence
        self._least = least

    def result(self, item: str) -> Result:
        """Give the likeliest label and its posterior."""
        label, chance = self._likeliest(item)
        return label, chance, len(self._votes[item]), self._state(item)

    def _has_enough(self, item: str) -> bool:
        given = len(self._votes[item])
        return given >= self._overlap or (
            given >= self._least and self._likeliest(item)[1] >= self._confidence
        )

    def _likeliest(self, item: str) -> tuple[str, float]:
        logs = dict.fromkeys(self._labels, 0.0)
        for worker, vote in self._votes[item].items():
            right, golds = self._record.get(worker, (0, 0))
            skill = min(max((0.5 + right) / (1 + golds), 1e-6), 1 - 1e-6)
            wrong = math.log((1 - skill) / (len(self._labels) - 1))
            for label in logs:
                logs[label] += math.log(skill) if label == vote else wrong
        best = max(logs, key=logs.__getitem__)
        return best, 1 / sum(math.exp(value - logs[best]) for value in logs.values())
