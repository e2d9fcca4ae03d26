"""What replays of one recording come to, as a table and as diagrams: Veritap's line first, the other rules beside it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence

from bot.replay.recording import Recording
from bot.replay.reliability import Panel, curve
from bot.replay.scores import Run

COMPARED = "dynamic overlap"
"""Whose curve is drawn beside Veritap's."""
NAME_CELLS = 21
HEAD = (
    "                       right     answers      told ≥ 90 %    gap  people stopped\n"
    "                                 an item  items  told right       useful  others"
)
"""A terminal shows 80 cells; so does the rest of what is printed."""
LEGEND = (
    "right: labels that are true, in % of all items, and the spread over replays.\n"
    "answers an item: those on gold counted in. told ≥ 90 %: how many items are told\n"
    "so sure, how sure on average, and how many of them are right. gap: by how many\n"
    "points what is told misses what is right, over ten bins (calibration error).\n"
    "useful: people who for certain know more than 35 % of what cannot be guessed;\n"
    "others: who for certain know less. Those between are in neither count."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """The replays of one engine."""

    name: str
    runs: tuple[Run, ...]

    def mean(self, figure: Callable[[Run], float | None]) -> float | None:
        """Average a figure over the replays that have it."""
        values = [value for value in map(figure, self.runs) if value is not None]
        return sum(values) / len(values) if values else None

    def spread(self, figure: Callable[[Run], float]) -> float:
        """Give the standard deviation of a figure over the replays."""
        values = [figure(run) for run in self.runs]
        middle = sum(values) / len(values)
        return math.sqrt(sum((value - middle) ** 2 for value in values) / max(len(values) - 1, 1))


def heading(recording: Recording, replays: int, gold_share: float) -> str:
    """Say what was replayed."""
    people = len({answer.person for answer in recording.judged})
    return (
        f"{recording.name}: {len(recording.truth):,} items, {people:,} people, {len(recording.judged):,} answers, "
        f"{len(recording.labels)} labels; {replays} replay{'s' * (replays != 1)}, {gold_share * 100:.0f} % gold"
    )


def row(line: Line) -> str:
    """Write one engine's line of the table."""
    right = f"{_percent(line.mean(lambda run: run.right))} ± {line.spread(lambda run: run.right) * 100:3.1f}"
    cells = (
        f"{line.name:<{NAME_CELLS}}",
        f"{right:>12}",
        f"{line.mean(lambda run: run.per_item) or 0.0:7.2f}",
        f"{_percent(line.mean(lambda run: run.high)):>7}",
        f"{_percent(line.mean(lambda run: run.high_told)):>6}",
        f"{_percent(line.mean(lambda run: run.high_right)):>6}",
        f"{_percent(line.mean(lambda run: run.gap)):>5}",
        f"{_of(line, lambda run: run.good_stopped, lambda run: run.good):>8}",
        f"{_of(line, lambda run: run.bad_stopped, lambda run: run.bad):>8}",
    )
    return "".join(cells)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f}"


def _of(line: Line, part: Callable[[Run], float], whole: Callable[[Run], float]) -> str:
    """Write how many were stopped of how many, added up over the replays."""
    return f"{sum(map(part, line.runs)):.0f}/{sum(map(whole, line.runs)):.0f}"


def panel(name: str, lines: Sequence[Line]) -> Panel:
    """Lay out the diagram of a recording: the first engine, and the one it is compared with."""
    first = lines[0]
    shown = [first, *(line for line in lines[1:] if line.name == COMPARED)]
    curves = tuple(
        curve(line.name, [pair for run in line.runs for pair in run.told], len(line.runs)) for line in shown
    )
    told, right = first.mean(lambda run: run.high_told), first.mean(lambda run: run.high_right)
    words = f"gap {_percent(first.mean(lambda run: run.gap))} points"
    if told is not None:
        words += f"  ·  told at 90 % and above: {_percent(told)} %, right {_percent(right)} %"
    return Panel(name, words, curves)
