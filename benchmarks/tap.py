"""Whole taps a second, Veritap beside a bare echo bot: `python -m benchmarks.tap`.

Each bot is a process of its own and talks real HTTP to a sandbox in another one. A tap is whole when it is answered and its message is
edited; a student taps again as soon as that is so. Rounds are interleaved, and the ratio is taken round by round. At the end Veritap runs
once more under a sampler, which tells where the processor time of a tap goes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import figures, servers
from benchmarks.servers import LoadServer
from tests.simulation import gsm8k, processes

LEVELS = (1, 32, 128)
WARM_S = 1.0
PROBLEMS = 10_000
NO_LIMIT = sys.maxsize
TOML = (
    gsm8k.PROJECT.replace("training = 4", "training = 0")
    .replace("exam = 10", "exam = 0")
    .replace("overlap = [2, 5]", "overlap = [40, 40]")
)


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
class Bot:
    """A bot under measurement: its process, and the server with its students."""

    server: LoadServer
    process_id: int
    rounds: dict[int, list[Round]] = dataclasses.field(default_factory=dict)

    async def run(self, students: int, seconds: float) -> Round:
        """Let so many students tap for so long."""
        await self.server.order("tap", students=students, seconds=WARM_S, taps=NO_LIMIT)
        before = servers.cpu_s(self.process_id)
        told = await self.server.order("tap", students=students, seconds=seconds, taps=NO_LIMIT)
        used = servers.cpu_s(self.process_id) - before
        return Round(told["taps"], told["seconds"], used, told["waits_ms"])


class Stage:
    """Where everything runs, in one folder that goes at the end."""

    def __init__(self, folder: Path, people: int) -> None:
        self.folder = folder
        self.people = people
        self.variables: dict[str, str] = {}

    @contextlib.asynccontextmanager
    async def echo(self) -> Any:
        """Run the echo bot with its students at their buttons."""
        async with servers.load_server() as server:
            variables = processes.environment(self.folder, server.url)
            async with processes.program(
                "-m", "benchmarks.echo_bot", folder=self.folder, variables=variables
            ) as process:
                await server.order("arrive", people=self.people, payload="")
                yield Bot(server, process.pid)

    @contextlib.asynccontextmanager
    async def veritap(self, *, program: str = "bot") -> Any:
        """Run Veritap with its students at their first cards. `program`: the module to run it as."""
        async with servers.load_server() as server:
            self.folder.mkdir(exist_ok=True)
            self.variables = processes.environment(self.folder, server.url)
            found = gsm8k.solutions(gsm8k.written(PROBLEMS))
            lines = gsm8k.item_lines(found, gsm8k.uses(found))
            await servers.make_project(self.folder, self.variables, TOML, lines)
            async with processes.program(
                "-m", program, "run", folder=self.folder, variables=self.variables
            ) as process:
                payload = await processes.invite(
                    *("student", "--project", gsm8k.SLUG, "--uses", str(self.people)),
                    variables=self.variables,
                )
                await server.order("arrive", people=self.people, payload=payload)
                yield Bot(server, process.pid)


async def measure(folder: Path, rounds: int, seconds: float) -> str:
    """Measure both bots, by turns, and write the table."""
    async with (
        Stage(folder, max(LEVELS)).echo() as echo,
        Stage(folder / "veritap", max(LEVELS)).veritap() as ours,
    ):
        for number in range(rounds):
            for students in LEVELS:
                for bot in (echo, ours) if number % 2 else (ours, echo):
                    bot.rounds.setdefault(students, []).append(await bot.run(students, seconds))
            print(f"\rround {number + 1}/{rounds}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return _table(echo, ours)


def _table(echo: Bot, ours: Bot) -> str:
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
    """Run Veritap under the sampler with 32 students, and write what each part of a tap costs."""
    async with Stage(folder, 32).veritap(program="benchmarks.sampled_bot") as bot:
        target = folder / "samples.json"
        await bot.run(students, WARM_S)
        target.unlink(missing_ok=True)
        _tell(bot.process_id)
        told = await bot.server.order("tap", students=students, seconds=seconds, taps=NO_LIMIT)
        _tell(bot.process_id)
        for _ in range(100):
            if target.exists():
                break
            await asyncio.sleep(0.1)
        found: dict[str, float] = json.loads(target.read_text(encoding="ascii"))
    whole = sum(found.values())
    rows = [
        [part, f"{spent_s * 1000 / told['taps']:.3f}", f"{spent_s / whole:.0%}"]
        for part, spent_s in sorted(found.items(), key=lambda one: -one[1])
    ]
    return figures.table(
        ["part of a tap", "CPU ms", "share"], [*rows, ["all", f"{whole * 1000 / told['taps']:.3f}", ""]]
    )


def _tell(process_id: int) -> None:
    """Have the sampler begin, or end and write."""
    os.kill(process_id, signal.SIGUSR1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tap", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a measurement")
    parser.add_argument("--only-parts", action="store_true", help="only tell where the processor time goes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="veritap-bench-") as folder:
        if not chosen.only_parts:
            print(asyncio.run(measure(Path(folder), chosen.rounds, chosen.seconds)), end="\n\n", flush=True)
        print(asyncio.run(parts(Path(folder) / "sampled", max(4.0, chosen.seconds))))


if __name__ == "__main__":
    main()
