"""Whole taps a second, Veritap beside a bare echo bot: `python -m benchmarks.tap`.

Each bot is a process of its own and talks real HTTP to a sandbox in another one. A tap is whole when it is answered and its message is
edited; a student taps again as soon as that is so. Rounds are interleaved, and the ratio is taken round by round. At the end Veritap runs
once more under a sampler, which tells where the processor time of a tap goes.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import figures, servers
from benchmarks.servers import Bot

LEVELS = (1, 32, 128)
WARM_S = 1.0
PARTS_S = 8.0
WAITS_MAX, WAIT_S = 100, 0.1
RESULT = "samples.json"


@dataclasses.dataclass(slots=True)
class Round:
    """One bot under one load for a few seconds."""

    taps: int
    seconds: float
    cpu_s: float
    waits_ms: list[float]

    @property
    def rate(self) -> float:
        """Whole taps a second."""
        return self.taps / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Processor time of the bot's process for one tap."""
        return self.cpu_s * 1000 / max(self.taps, 1)

    def wait_ms(self, share: float) -> float:
        """The time within which this share of the taps was whole."""
        return self.waits_ms[min(len(self.waits_ms) - 1, int(len(self.waits_ms) * share))]


@dataclasses.dataclass(slots=True)
class Measured:
    """A bot and its rounds, by how many students tapped at once."""

    bot: Bot
    rounds: dict[int, list[Round]] = dataclasses.field(default_factory=dict)

    async def run(self, students: int, seconds: float) -> Round:
        """Let so many students tap for so long."""
        await self.bot.server.order("tap", students=students, seconds=WARM_S)
        before = servers.cpu_s(self.bot.process_id)
        told = await self.bot.server.order("tap", students=students, seconds=seconds)
        used = servers.cpu_s(self.bot.process_id) - before
        measured = Round(told["taps"], told["seconds"], used, told["waits_ms"])
        self.rounds.setdefault(students, []).append(measured)
        return measured


async def measure(folder: Path, rounds: int, seconds: float) -> str:
    """Measure both bots, by turns, and write the table."""
    most = max(LEVELS)
    async with servers.echo(folder) as echo, servers.veritap(folder, most) as veritap:
        theirs, ours = Measured(echo), Measured(veritap)
        await echo.meet(most)
        await veritap.meet(most)
        for number in range(rounds):
            for students in LEVELS:
                for one in (theirs, ours) if number % 2 else (ours, theirs):
                    await one.run(students, seconds)
            print(f"\rround {number + 1}/{rounds}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return _table(theirs, ours)


def _table(echo: Measured, ours: Measured) -> str:
    head = [
        "at once",
        "echo, taps/s",
        "Veritap, taps/s",
        "ratio",
        "CPU ms/tap (echo, Veritap)",
        "Veritap p50, p99 ms",
    ]
    rows = []
    for students in LEVELS:
        theirs, mine = echo.rounds[students], ours.rounds[students]
        cpu = [figures.quartiles([one.cpu_ms for one in some])[1] for some in (theirs, mine)]
        waits = [figures.quartiles([one.wait_ms(share) for one in mine])[1] for share in (0.5, 0.99)]
        rows.append(
            [
                str(students),
                figures.spread([one.rate for one in theirs], 0),
                figures.spread([one.rate for one in mine], 0),
                figures.spread(figures.ratios([one.rate for one in mine], [one.rate for one in theirs])),
                f"{cpu[0]:.2f}, {cpu[1]:.2f}",
                f"{waits[0]:.1f}, {waits[1]:.1f}",
            ]
        )
    return figures.table(head, rows)


async def parts(folder: Path, seconds: float, students: int = 32) -> str:
    """Run Veritap under the sampler, and write what each part of a tap costs."""
    async with servers.veritap(folder, students, program="benchmarks.sampled_bot") as bot:
        await bot.meet(students)
        await bot.server.order("tap", students=students, seconds=WARM_S)
        _tell(bot.process_id)
        told = await bot.server.order("tap", students=students, seconds=seconds)
        _tell(bot.process_id)
        found = await asyncio.to_thread(_samples, folder / RESULT)
    whole = sum(found.values())
    rows = [
        [part, f"{spent_s * 1000 / told['taps']:.3f}", f"{spent_s / whole:.0%}"]
        for part, spent_s in sorted(found.items(), key=lambda one: -one[1])
    ]
    every = ["all", f"{whole * 1000 / told['taps']:.3f}", ""]
    return figures.table(["part of a tap", "CPU ms", "share"], [*rows, every])


def _samples(target: Path) -> dict[str, float]:
    """Wait for what the sampler writes: a part's name to seconds."""
    for _ in range(WAITS_MAX):
        if target.exists():
            found: dict[str, float] = json.loads(target.read_text(encoding="ascii"))
            return found
        time.sleep(WAIT_S)
    raise RuntimeError("the sampler has written nothing")


def _tell(process_id: int) -> None:
    """Have the sampler begin, or end and write."""
    os.kill(process_id, signal.SIGUSR1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tap", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a measurement")
    parser.add_argument("--only-parts", action="store_true", help="only tell where the processor time goes")
    chosen = parser.parse_args()
    if not chosen.only_parts:
        with tempfile.TemporaryDirectory(prefix="veritap-bench-") as folder:
            print(asyncio.run(measure(Path(folder), chosen.rounds, chosen.seconds)), end="\n\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="veritap-bench-") as folder:
        print(asyncio.run(parts(Path(folder), PARTS_S)))


if __name__ == "__main__":
    main()
