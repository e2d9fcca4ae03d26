"""`python -m tests.simulation`: runs the main job on real input with a progress bar, and prints the figures and whatever is wrong."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bot.progress import Progress
from rules import credit, money
from tests.simulation import checks
from tests.simulation.checks import Worked
from tests.simulation.phone import NoAnswer
from tests.simulation.processes import Failed
from tests.simulation.run import TAPS_AN_ITEM, Plan, Result, load_data, simulate

WELL = "All is well: every tap is in the export once, the books balance, nobody saw an item twice, no item has too many answers."


def figures(result: Result) -> str:
    """Write what happened: the whole, and each student."""
    judged = sum(len(one.lines) for one in result.worked)
    deeds: Counter[str] = sum((student.deeds for student in result.students), Counter())
    uses = ", ".join(f"{count:,} {use}" for use, count in sorted(result.uses.items()))
    lines = [
        f"Imported: {result.uses.total():,} items ({uses}).",
        f"Worked: {result.items:,} items by {len(result.students)} students in {result.seconds:.1f} s.",
        f"Taps: {result.taps:,}, {result.taps / result.seconds:.0f} a second; {judged:,} judgments in the export.",
        f"Also: {', '.join(f'{count} {deed}' for deed, count in sorted(deeds.items()))}.",
        "",
        f"{'student':<9}{'exam':>7}{'work':>6}{'gold right':>12}{'share':>7}{'time':>12}{'money':>8}",
    ]
    return "\n".join([*lines, *(_row(one) for one in result.worked)])


def _row(one: Worked) -> str:
    exam = [line for line in one.lines if line["use"] == "exam"]
    passed = f"{sum(line['correct'] for line in exam)}/{len(exam)}"
    right = f"{sum(line['correct'] for line in one.golds)} of {len(one.golds)}"
    share = f"{len(one.golds) / len(one.work):.0%}" if one.work else "–"
    time, pay = credit.show(one.credited_ms), money.show(one.amount_micro, checks.CURRENCY)
    row = f"{one.student.habits.name:<9}{passed:>7}{len(one.work):>6}{right:>12}{share:>7}{time:>12}{pay:>8}"
    return f"{row}  {one.student.ended}".rstrip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    options = [
        ("--students", 8, "how many students (8)"),
        ("--items", 400, "work items to answer in all (400)"),
        ("--taps", 0, f"the most taps in all ({TAPS_AN_ITEM} an item)"),
        ("--seed", 1, "of the students' chance (1)"),
    ]
    for name, usual, words in options:
        parser.add_argument(name, type=int, default=usual, metavar="N", help=words)
    parser.add_argument(
        "--data", type=Path, metavar="FILE", help="problems with four solutions each, JSON lines"
    )
    return parser


def main() -> int:
    """Run a simulation as the command line asks, and give its exit code: 0 when all is well."""
    chosen = _parser().parse_args()
    try:
        data = load_data(chosen.data)
    except OSError as error:
        print(f"{chosen.data}: {error.strerror}.", file=sys.stderr)
        return 2
    taps = chosen.taps or chosen.items * TAPS_AN_ITEM
    plan = Plan(chosen.students, chosen.items, taps, data, chosen.seed)
    bar, result = Progress("items"), None
    with tempfile.TemporaryDirectory(prefix="veritap-simulation-") as folder:
        try:
            result = asyncio.run(simulate(plan, Path(folder), bar))
        except* (Failed, NoAnswer, ValueError) as troubles:
            print("\n".join(str(trouble) for trouble in troubles.exceptions), file=sys.stderr)
        finally:
            bar.close()
    if result is None:
        return 1
    print(figures(result), end="\n\n")
    print("\n".join(result.wrong) or WELL)
    return 1 if result.wrong or result.items < plan.items else 0


sys.exit(main())
