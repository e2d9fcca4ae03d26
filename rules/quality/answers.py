"""All counted answers of a project as arrays, a row for each, in the order in which they were given. Nothing is judged here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rules.kinds import Value
from rules.quality.questions import Asked, class_of
from rules.quality.votes import UNKNOWN

Ids = NDArray[np.int64]
Labels = NDArray[np.int16]


@dataclasses.dataclass(frozen=True)
class Answers:
    """All counted answers to work and gold. `kinds`: the place of each among the `distinct` ones; `on_work`: whether it was given as
    work."""

    judgments: Ids
    people: Ids
    items: Ids
    kinds: Ids
    on_work: NDArray[np.bool_]
    distinct: Sequence[Mapping[str, Value]]

    def only(self, rows: NDArray[np.bool_]) -> Answers:
        """Give some of the rows."""
        return Answers(
            self.judgments[rows],
            self.people[rows],
            self.items[rows],
            self.kinds[rows],
            self.on_work[rows],
            self.distinct,
        )

    def labels(self, asked: Asked) -> Labels:
        """Give the class of each answer, -1 where it has none."""
        classes = (class_of(asked, one) for one in self.distinct)
        table = np.array([UNKNOWN if label is None else label for label in classes], dtype=np.int16)
        return table[self.kinds] if len(table) else np.zeros(0, dtype=np.int16)
