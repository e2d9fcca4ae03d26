"""`replay` and `simulate`: how right the labels are and what they cost, measured on recorded crowds and tried on invented ones."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bot.cli_base import GOOD, Halt, say, shown
from bot.progress import Progress
from bot.replay import course, make_engine, picture, planning, recording, reliability, report
from bot.replay.baselines import DynamicOverlap, Majority
from bot.replay.planning import Wanted
from bot.replay.recording import BadRecording, Recording
from bot.replay.reliability import Panel
from bot.replay.report import Line
from rules import agreement

OTHERS: tuple[tuple[str, Any, Mapping[str, Any], bool], ...] = (
    ("majority of 3", Majority, {"overlap": 3}, False),
    ("majority of 5", Majority, {"overlap": 5}, False),
    ("majority of 5, bans", Majority, {"overlap": 5, "ban": True}, True),
    (report.COMPARED, DynamicOverlap, {}, True),
    ("dynamic overlap, bans", DynamicOverlap, {"ban": True}, True),
    ("majority of all", Majority, {"overlap": 1_000_000}, False),
)
"""Rules of others: the name, the engine, its settings, and whether it uses gold."""
STUDENTS_MOST = 2_000
ITEMS_MOST = 20_000
COLUMNS = 80
ANSWERS_AN_ITEM = 4
"""A first guess for the bar of progress, where a rule does not fix it."""
SIMULATED = (
    "right: labels that are true. told: how sure they are said to be, on average.\n"
    "unsure: items that are left for a person to rule on.\n"
)
NEARBY = (Decimal("0.90"), Decimal("0.95"), Decimal("0.98"))


def add_replay_arguments(parser: argparse.ArgumentParser) -> None:
    """Name what `replay` can be told."""
    parser.add_argument(
        "folders",
        nargs="+",
        type=Path,
        metavar="FOLDER",
        help="recorded answers: answers.csv (worker,item,label and, where known, ms) and truth.csv (item,label)",
    )
    parser.add_argument(
        "--seeds", type=_count, default=3, metavar="N", help="replays of each, in other orders (3)"
    )
    parser.add_argument(
        "--gold", type=share, default=0.1, metavar="SHARE", help="share of the items used as gold (0.1)"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE.png", help="draw the diagrams of calibration into a picture"
    )
    parser.add_argument("--only", action="store_true", help="leave out the rules of others")


def add_simulate_arguments(parser: argparse.ArgumentParser) -> None:
    """Name what `simulate` can be told."""
    parser.add_argument("--students", type=_count, default=40, metavar="N", help="how many take part (40)")
    parser.add_argument(
        "--items", type=_count, default=1_000, metavar="N", help="how many want a label (1000)"
    )
    parser.add_argument("--classes", type=_count, default=2, metavar="N", help="labels to choose from (2)")
    parser.add_argument(
        "--crowd",
        choices=tuple(planning.CROWDS),
        default="mixed",
        help=f"who they are: {', '.join(planning.CROWDS)}",
    )
    parser.add_argument(
        "--confidence", type=confidence, default=Decimal("0.95"), metavar="P", help="wanted of a label (0.95)"
    )
    parser.add_argument(
        "--rate", type=_rate, default=Decimal(24), metavar="MONEY", help="pay by the hour (24)"
    )
    parser.add_argument("--seconds", type=_count, default=60, metavar="N", help="time for an item (60)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another crowd of the same kind (0)")


def replay(arguments: argparse.Namespace) -> int:
    """`replay FOLDER…`: run recorded answers through Veritap and through the rules of others, and score what comes out."""
    plot: Path | None = arguments.plot
    if plot is not None and plot.suffix.lower() != ".png":
        raise Halt(f"{plot}: the picture is a PNG; give it a name that ends with .png")
    recordings = [_read(folder) for folder in arguments.folders]
    panels = []
    for number, crowd in enumerate(recordings):
        print("\n" * bool(number) + _heading(crowd, arguments))
        if not crowd.truth:
            _tell_agreement(crowd)
            continue
        lines = _measured(crowd, arguments)
        panels.append(report.panel(crowd.name, lines))
        if plot is None:
            print(f"\n{reliability.text(panels[-1])}")
    if panels:
        print(f"\n{report.LEGEND}")
    if plot is not None:
        _draw(plot, panels)
    return GOOD


def _read(folder: Path) -> Recording:
    try:
        crowd = recording.read(folder)
    except BadRecording as error:
        raise Halt(str(error)) from None
    if crowd.unheard:
        say(f"{folder}: nobody gave {', '.join(crowd.unheard)}, which truth.csv says is right of some items.")
    return crowd


def _heading(crowd: Recording, arguments: argparse.Namespace) -> str:
    if crowd.truth:
        return report.heading(crowd, arguments.seeds, arguments.gold)
    people = len({answer.person for answer in crowd.answers})
    return f"{crowd.name}: {len(crowd.by_item()):,} items, {people:,} people, {len(crowd.answers):,} answers, no truth"


def _tell_agreement(crowd: Recording) -> None:
    """Without truth nothing can be called right, so only say how far people agree."""
    together = agreement.Agreement()
    for labels in crowd.by_item().values():
        together.add(labels)
    found = together.measure()
    _print(
        "No item's truth is known here, so nothing can be scored; this is how far people agree beyond chance."
    )
    alpha = _interval(found.alpha, found.alpha_low, found.alpha_high)
    print(f"Krippendorff's α {'not defined: all answers are alike' if found.is_alike else alpha}")
    print(f"Gwet's AC1       {_interval(found.ac1, found.ac1_low, found.ac1_high)}")
    print(f"over {found.items:,} items with two answers or more")


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "–"
    return (
        f"{value:.3f}"
        if low is None or high is None
        else f"{value:.3f}, 95 % interval {low:.3f} to {high:.3f}"
    )


def _measured(crowd: Recording, arguments: argparse.Namespace) -> list[Line]:
    """Replay a recording through every engine, and write each line as soon as it is known."""
    engines = [("Veritap", make_engine, {}, True), *(() if arguments.only else OTHERS)]
    print(report.HEAD)
    lines = []
    for name, make, settings, has_gold in engines:
        gold_share = arguments.gold if has_gold else 0.0
        lines.append(
            _line(
                crowd,
                name,
                [course.Plan(make, seed, gold_share, settings) for seed in range(arguments.seeds)],
            )
        )
        print(report.row(lines[-1]), flush=True)
    return lines


def _line(crowd: Recording, name: str, plans: Sequence[course.Plan]) -> Line:
    overlap = int(plans[0].settings.get("overlap", ANSWERS_AN_ITEM))
    bar = _Bar(f"{name}: answers", len(plans), min(len(crowd.judged), overlap * len(crowd.truth)))
    runs = []
    try:
        for plan in plans:
            runs.append(course.replay(crowd, plan, bar))
            bar.next()
    finally:
        bar.close()
    return Line(name, tuple(runs))


class _Bar:
    """Progress over several runs of which nobody knows beforehand how many answers they take: those that ended tell of those to come."""

    def __init__(self, label: str, runs: int, guess: int) -> None:
        self._progress = Progress(label)
        self._left = runs
        self._guess = guess
        self._ended: list[int] = []
        self._given = 0

    def __call__(self, given: int) -> None:
        """Tell how many answers this run has; beyond the guess a tenth is always left to go."""
        self._given = given
        this = max(self._guess, given + given // 9)
        ended = sum(self._ended)
        self._progress(ended + given, ended + this + self._guess * (self._left - 1))

    def next(self) -> None:
        """End this run."""
        self._ended.append(self._given)
        self._left -= 1
        self._guess = sum(self._ended) // len(self._ended)

    def close(self) -> None:
        """Take the bar off the screen."""
        self._progress.close()


def _draw(plot: Path, panels: list[Panel]) -> None:
    if not panels:
        say("There is nothing to draw: no item's truth is known.")
        return
    plot.write_bytes(picture.png(panels))
    print(f"\n{shown(plot)}: what was told against what was right")


def simulate(arguments: argparse.Namespace) -> int:
    """`simulate`: plan a project with an invented crowd."""
    wanted = Wanted(arguments.students, arguments.items, arguments.classes, arguments.crowd, arguments.seed)
    _check(wanted)
    kinds = ", ".join(
        f"{count} {kind}" for kind, count in planning.people_of(wanted.crowd, wanted.students).items()
    )
    _print(
        f"Simulated: {wanted.students:,} invented students ({kinds}), {wanted.items:,} items with {wanted.classes} labels "
        f"and {wanted.golds:,} gold items."
    )
    aims = sorted({*NEARBY, arguments.confidence})
    bar = _Bar("answers", len(aims), planning.answers_about(wanted))
    try:
        plans = [_planned(wanted, aim, arguments, bar) for aim in aims]
        plans += [planning.fixed(wanted, overlap) for overlap in (3, 5)]
    finally:
        bar.close()
    print(planning.table(wanted, plans, arguments.seconds, float(arguments.rate)))
    chosen = plans[aims.index(arguments.confidence)]
    print(SIMULATED)
    _print(f"Who lost their place at {_percent(arguments.confidence)}: {planning.caught(chosen)}.")
    hours = chosen.answers * arguments.seconds / 3600
    _print(
        f"With {wanted.students:,} students like these, {wanted.items:,} items at {_percent(arguments.confidence)} cost about "
        f"{hours * float(arguments.rate):,.0f}: {chosen.answers:,} answers, {hours:,.0f} hours at {arguments.rate} an hour; "
        f"{chosen.unsure:,} items would stay unsure."
    )
    _print(
        "All of this is simulated; people are not. Look at the first hundred real items before a budget is promised."
    )
    return GOOD


def _print(words: str) -> None:
    """Print a sentence in lines that a terminal of the usual width shows whole."""
    print(textwrap.fill(words, COLUMNS, break_on_hyphens=False))


def _planned(wanted: Wanted, aim: Decimal, arguments: argparse.Namespace, bar: _Bar) -> planning.Plan:
    settings = {"confidence": float(aim), "seconds": arguments.seconds, "rate": str(arguments.rate)}
    name = f"confidence {_percent(aim)}"
    plan = planning.simulate(wanted, name, make_engine, bar, **settings)
    bar.next()
    return plan


def _check(wanted: Wanted) -> None:
    if wanted.students > STUDENTS_MOST or wanted.items > ITEMS_MOST:
        raise Halt(f"At most {STUDENTS_MOST:,} students and {ITEMS_MOST:,} items are simulated.")
    if not 2 <= wanted.classes <= recording.LABELS_MOST:
        raise Halt(f"A question with buttons has 2 to {recording.LABELS_MOST} labels.")


def share(text: str) -> float:
    """Read a share of gold."""
    return float(_decimal(text, Decimal(0), Decimal("0.9"), "a share from 0 to 0.9, such as 0.1"))


def confidence(text: str) -> Decimal:
    """Read a wanted confidence."""
    return _decimal(text, Decimal("0.51"), Decimal("0.999"), "a confidence from 0.51 to 0.999, such as 0.95")


def _rate(text: str) -> Decimal:
    return _decimal(text, Decimal("0.01"), Decimal(10_000), "an amount of money, such as 24.00")


def _decimal(text: str, least: Decimal, most: Decimal, what: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and least <= value <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return value


def _percent(chance: Decimal) -> str:
    return f"{(chance * 100).normalize():f} %"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
