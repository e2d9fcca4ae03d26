"""Whether what is told can be believed: items sorted by the confidence they were told with, beside how many of them are right, as figures
and as text for a terminal. The picture of it is drawn elsewhere."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

BIN_WIDTH = 0.05
BIN_COUNT = 20
ITEMS_LEAST = 10
SHARE_LEAST = 0.02
"""Neighbouring bins are put together until each holds so many items, and such a share of all: a point for three items tells nothing."""
NORMAL_95 = 1.96
TEXT_CELLS = 44


@dataclasses.dataclass(frozen=True, slots=True)
class Bin:
    """Items that were told alike. `items`: how many in one replay, on average. `told` on average and `right` in truth are shares; `low` to
    `high` is the 95 % interval of the latter."""

    items: float
    told: float
    right: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """The bins of one engine over one recording. `counts`: items of one replay in each twentieth of the scale."""

    name: str
    bins: tuple[Bin, ...]
    counts: tuple[float, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Panel:
    """What one diagram shows: a recording, a line of figures, and the curves, of which the first is the one under test."""

    title: str
    words: str
    curves: tuple[Curve, ...]

    @property
    def least(self) -> float:
        """Where the axes begin: a tenth at or below all that is shown."""
        values = [min(bin_.told, bin_.right) for one in self.curves for bin_ in one.bins]
        return max(0.0, math.floor(min(values, default=0.5) * 10 + 1e-9) / 10)


def curve(name: str, told: Sequence[tuple[float, bool]], runs: int) -> Curve:
    """Sort the items of several replays of one recording into bins. The replays repeat the same items, so they count once."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(BIN_COUNT)]
    for pair in told:
        parts[min(int(pair[0] / BIN_WIDTH + 1e-9), BIN_COUNT - 1)].append(pair)
    least = max(ITEMS_LEAST, SHARE_LEAST * len(told) / runs)
    counts = tuple(len(part) / runs for part in parts)
    return Curve(name, tuple(_bin(part, runs) for part in _put_together(parts, least * runs)), counts)


def _put_together(parts: Sequence[list[tuple[float, bool]]], least: float) -> list[list[tuple[float, bool]]]:
    """Join parts from the top down until each is large enough; what is left at the bottom goes to the one above it."""
    found: list[list[tuple[float, bool]]] = []
    here: list[tuple[float, bool]] = []
    for part in reversed(parts):
        here = here + part
        if len(here) >= least:
            found.append(here)
            here = []
    if here and found:
        found[-1] = found[-1] + here
    elif here:
        found.append(here)
    return found[::-1]


def _bin(part: Sequence[tuple[float, bool]], runs: int) -> Bin:
    count = len(part)
    right = sum(right for _, right in part) / count
    low, high = wilson(right, count / runs)
    return Bin(count / runs, sum(told for told, _ in part) / count, right, low, high)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Give the 95 % interval of a share (E. B. Wilson, 1927), which is honest with few items too."""
    square = NORMAL_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = (
        NORMAL_95 * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    )
    return max(0.0, middle - reach), min(1.0, middle + reach)


def text(panel: Panel) -> str:
    """Draw the first curve with letters: a line a bin, │ where a label was told, ● where it was right, on one scale."""
    least = panel.least
    lines = [f"  told %  right %   items  {least * 100:<{TEXT_CELLS - 3}.0f}100"]
    for one in panel.curves[0].bins:
        cells = ["·"] * TEXT_CELLS
        for place in range(_cell(one.low, least), _cell(one.high, least) + 1):
            cells[place] = "─"
        cells[_cell(one.told, least)] = "│"
        cells[_cell(one.right, least)] = "●"
        figures = f"  {one.told * 100:6.1f}  {one.right * 100:7.1f}  {one.items:6,.0f}"
        lines.append(f"{figures}  {''.join(cells)}")
    lines.append("  ● right, with its 95 % interval ─; │ told.")
    lines.append("  Where they meet, what is told can be believed.")
    return "\n".join(lines)


def _cell(value: float, least: float) -> int:
    share = (value - least) / (1 - least)
    return min(max(round(share * (TEXT_CELLS - 1)), 0), TEXT_CELLS - 1)
