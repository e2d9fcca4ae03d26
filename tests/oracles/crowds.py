"""crowd-kit beside our model: the same answers, all of them at once, aggregated by both.

    python3 -m venv /tmp/oracle
    /tmp/oracle/bin/pip install -e . crowd-kit==1.4.2 "scikit-learn<1.7"
    /tmp/oracle/bin/python -m tests.oracles.crowds [FOLDER…]

It weighs some 500 MB and is none of ours, so this stands apart from the default check. Simulated crowds always; folders of recorded answers
(`answers.csv`, `truth.csv`) as well. One item in ten is gold for ours; only the others are scored. Exit code 1 when ours is more than two
points below the better of majority and Dawid-Skene.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.replay import recording
from rules.quality import crowd
from rules.quality.model import Bounds, fit, review
from rules.quality.votes import votes_of

Rows = list[tuple[int, int, int]]
POINTS_MOST = 2.0
GOLD_EVERY = 10
METHODS = ("MajorityVote", "DawidSkene", "OneCoinDawidSkene")


def simulated(classes: int) -> tuple[Rows, dict[int, int]]:
    """Have the crowd of eighty label 400 items, ten answers each."""
    crowd_ = crowd.mixed(400, classes, seed=5)
    rows, _ = crowd.survey(crowd_, 6, each=60, overlap=10, golds=0, gold_share=0.0)
    return rows, dict(enumerate(int(one) for one in crowd_.truth))


def recorded(folder: Path) -> tuple[Rows, dict[int, int]]:
    """Read a folder; people, items and labels become numbers."""
    found = recording.read(folder)
    labels = {label: number for number, label in enumerate(found.labels)}
    items = {item: number for number, item in enumerate(sorted(found.truth))}
    people = {person: number for number, person in enumerate(sorted({one.person for one in found.judged}))}
    rows = [(people[one.person], items[one.item], labels[one.label]) for one in found.judged]
    return rows, {items[item]: labels[label] for item, label in found.truth.items()}


def ours(rows: Rows, truth: dict[int, int], golds: set[int]) -> dict[int, int]:
    """Label every item by our model."""
    classes = max(max(label for *_, label in rows), *truth.values()) + 1
    votes, _, items = votes_of(rows, {item: truth[item] for item in golds}, classes)
    posteriors = review(fit(votes, Bounds(2, 10, 0.95)), votes)
    return dict(zip(items, np.argmax(posteriors, axis=1).tolist(), strict=True))


def theirs(rows: Rows, method: str) -> dict[int, int]:
    """Label every item by a method of crowd-kit."""
    pandas = importlib.import_module("pandas")
    table = pandas.DataFrame(rows, columns=["worker", "task", "label"])
    aggregate = getattr(importlib.import_module("crowdkit.aggregation"), method)
    return {int(item): int(label) for item, label in aggregate().fit_predict(table).items()}


def compare(name: str, rows: Rows, truth: dict[int, int]) -> bool:
    """Print how right each is on the items that are no golds; tell whether ours keeps up."""
    golds = {item for item in truth if item % GOLD_EVERY == 0}

    def right(labels: dict[int, int]) -> float:
        scored = [item for item in labels if item in truth and item not in golds]
        return 100 * sum(labels[item] == truth[item] for item in scored) / len(scored)

    found = {method: right(theirs(rows, method)) for method in METHODS}
    mine = right(ours(rows, truth, golds))
    told = "  ".join(f"{method} {value:.1f}" for method, value in found.items())
    print(f"{name}: ours {mine:.1f}  {told}", flush=True)
    return mine >= max(found["MajorityVote"], found["DawidSkene"]) - POINTS_MOST


def main(folders: Sequence[str]) -> int:
    """Compare on simulated crowds and on the folders."""
    kept = [compare(f"simulated, {classes} classes", *simulated(classes)) for classes in (2, 4)]
    kept += [compare(Path(folder).name, *recorded(Path(folder))) for folder in folders]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
