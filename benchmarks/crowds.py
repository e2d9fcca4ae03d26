"""Who is stopped, and after how many answers, when simulated crowds work through the real engine: `python -m benchmarks.crowds`.

Three parts, each by its own word, or all. `mixed`: a crowd of 80 in which much goes wrong (clickers, one button, a ring that shares a
sheet, copies of a mediocre person, people who begin to click at their 60th answer) beside careful, decent and mediocre people. `honest`:
careful people alone, up to 500 answers each, for the false alarms. `golds`: the crowd of 80 where one gold key in twenty is wrong. Items,
answers, refits and standings are those of `bot.replay`: the same actions as in chat, on a database in memory.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.figures import table
from bot.replay import make_engine, planning
from bot.replay.engine import ReplayEngine
from bot.replay.planning import Wanted
from bot.replay.protocol import Eligible, Result
from rules.quality import crowd
from rules.quality.evidence import HORIZON

FIRST_SEED = 100
STUDENTS, ITEMS = 80, 2_500
HONEST_STUDENTS, HONEST_ITEMS = 20, 3_600
"""Enough work for 500 answers of everybody."""
GOLDS_TO_DOUBT = 60
"""So few that each is answered about ten times, where one key in twenty is wrong."""
WRONG_EVERY = 20
DRIFTS_AT = 60


class Watched:
    """Veritap in a replay, with a note of how many answers and golds everybody had given when they were stopped.

    Every `wrong_every`th gold gets a wrong key; 0 for none. Nobody gives more answers than `most`.
    """

    def __init__(
        self, labels: Sequence[str], seed: int, *, golds: int, wrong_every: int = 0, most: int | None = None
    ) -> None:
        self.engine: ReplayEngine = make_engine(labels, seed)
        self.labels, self.most = list(labels), most
        self.golds_wanted, self.wrong_every = golds, wrong_every
        self.golds: set[str] = set()
        self.wrong: set[str] = set()
        self.given: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.stopped: dict[str, tuple[int, int]] = {}

    def add_item(self, item: str) -> None:
        """Take an item whose label is wanted."""
        self.engine.add_item(item)

    def add_gold(self, item: str, label: str) -> None:
        """Take a gold, unless there are enough; some keys are turned into wrong ones."""
        if len(self.golds) >= self.golds_wanted:
            return
        self.golds.add(item)
        if self.wrong_every and len(self.golds) % self.wrong_every == 0:
            self.wrong.add(item)
            label = self.labels[(self.labels.index(label) + 1) % len(self.labels)]
        self.engine.add_gold(item, label)

    def next_task(self, worker: str, eligible: Eligible) -> str | None:
        """Give a person what they get next."""
        if self.most is not None and self.given[worker] >= self.most:
            return None
        return self.engine.next_task(worker, eligible)

    def submit(self, worker: str, item: str, label: str, ms: int | None = None) -> None:
        """Take a person's answer."""
        self.given[worker] += 1
        self.met[worker] += item in self.golds
        self.engine.submit(worker, item, label, ms)

    def suspended(self, worker: str) -> bool:
        """Tell whether a person is stopped, and note when that is seen first."""
        if self.engine.suspended(worker):
            self.stopped.setdefault(worker, (self.given[worker], self.met[worker]))
        return worker in self.stopped

    def result(self, item: str) -> Result:
        """Say what an item's answers come to."""
        return self.engine.result(item)


def main() -> None:
    """Print a table for each part that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="crowds of each kind (1)")
    parser.add_argument("--classes", type=int, nargs="+", default=[2, 4], metavar="N", help="labels (2 4)")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        for classes in options.classes:
            PARTS[part](classes, range(FIRST_SEED, FIRST_SEED + options.seeds))


def worked(wanted: Wanted, **settings: Any) -> tuple[Watched, planning.Plan]:
    """Let a simulated crowd work, and give who watched with what came of it."""
    made: list[Watched] = []

    def make(labels: Sequence[str], seed: int) -> Watched:
        made.append(Watched(labels, seed, **settings))
        return made[-1]

    began = time.perf_counter()
    plan = planning.simulate(wanted, "", make)
    seconds = time.perf_counter() - began
    sys.stderr.write(
        f"{wanted.crowd}, {wanted.classes} classes, seed {wanted.seed}: {plan.answers:,} answers, {seconds:.0f} s\n"
    )
    return made[0], plan


def mixed(classes: int, seeds: Sequence[int]) -> None:
    """Tell for each behaviour who is stopped, and when."""
    ends: dict[str, list[tuple[int, int] | None]] = defaultdict(list)
    plans = []
    for seed in seeds:
        wanted = Wanted(STUDENTS, ITEMS, classes, "mixed", seed)
        seen, plan = worked(wanted, golds=wanted.golds)
        plans.append(plan)
        for number, kind in enumerate(_kinds(crowd.MIXED)):
            end = seen.stopped.get(str(number))
            # Whoever was stopped, or had no more to do, before they began to click has not drifted.
            if kind != "drifting" or seen.given[str(number)] > DRIFTS_AT:
                ends[kind].append(end)
    right = np.mean([plan.right for plan in plans])
    cost = np.mean([plan.answers for plan in plans]) / ITEMS
    print(
        f"\n{classes} classes, {STUDENTS} people, {ITEMS:,} items, {len(plans)} crowds: "
        f"{100 * right:.1f} % right at {cost:.2f} answers\n"
    )
    heads = ["people", "of", "stopped, %", "answers, median", "nine in ten", "golds, median", "nine in ten"]
    print(table(heads, [_row(kind, found) for kind, found in ends.items()]), flush=True)


def _kinds(counts: Mapping[str, int]) -> list[str]:
    return [kind for kind, count in counts.items() for _ in range(count)]


def _row(kind: str, ends: Sequence[tuple[int, int] | None]) -> list[str]:
    stopped = [end for end in ends if end is not None]
    since = DRIFTS_AT if kind == "drifting" else 0
    name = f"{kind}, answers after {since}" if since else kind
    figures = (
        [
            f"{np.quantile([end[part] for end in stopped], share) - since * (part == 0):.0f}"
            for part in (0, 1)
            for share in (0.5, 0.9)
        ]
        if stopped
        else ["–"] * 4
    )
    return [name, str(len(ends)), f"{100 * len(stopped) / max(len(ends), 1):.1f}", *figures]


def honest(classes: int, seeds: Sequence[int]) -> None:
    """Tell how many careful people are stopped within the answers that the stated rate is for."""
    people = stopped = answers = 0
    for seed in seeds:
        wanted = Wanted(HONEST_STUDENTS, HONEST_ITEMS, classes, "honest", seed)
        seen, _ = worked(wanted, golds=wanted.golds, most=HORIZON)
        people, stopped = people + HONEST_STUDENTS, stopped + len(seen.stopped)
        answers += seen.given.total()
    print(
        f"\n{classes} classes, careful people alone: {stopped} of {people} stopped, "
        f"{answers / people:.0f} answers each",
        flush=True,
    )


def golds(classes: int, seeds: Sequence[int]) -> None:
    """Tell how many wrong keys are found, and how many right ones are doubted."""
    found: Counter[str] = Counter()
    for seed in seeds:
        wanted = Wanted(STUDENTS, ITEMS, classes, "mixed", seed)
        seen, _ = worked(wanted, golds=GOLDS_TO_DOUBT, wrong_every=WRONG_EVERY)
        doubted = seen.engine.doubted()
        found.update(wrong=len(seen.wrong), right=len(seen.golds - seen.wrong))
        found.update(hit=len(doubted & seen.wrong), miss=len(doubted - seen.wrong), met=seen.met.total())
    keys = found["wrong"] + found["right"]
    print(
        f"\n{classes} classes, one key in {WRONG_EVERY} wrong, {found['met'] / keys:.1f} answers each: "
        f"{found['hit']} of {found['wrong']} found, {found['miss']} of {found['right']} right ones doubted",
        flush=True,
    )


PARTS: Mapping[str, Callable[[int, Sequence[int]], None]] = {"mixed": mixed, "honest": honest, "golds": golds}


if __name__ == "__main__":
    main()
