"""The memory of the bot with many students active in the last hour: `python -m benchmarks.memory`.

A real bot process; every student joins by an invitation, walks the road to a first card and does a few taps. All of it happens within
the hour.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import figures, servers
from benchmarks.servers import Bot

AT_ONCE = 100
HOUR_S = 3600
MEGABYTE = 1_000_000


async def measure(folder: Path, students: int, taps: int) -> str:
    """Bring the students in a hundred at a time, and write what the bot's process holds as they come."""
    rows = []
    began = time.perf_counter()
    async with servers.veritap(folder, students) as bot:
        for before in range(0, students, AT_ONCE):
            arriving = min(AT_ONCE, students - before)
            await bot.meet(arriving)
            await bot.server.order("tap", students=arriving, seconds=HOUR_S, taps=taps, first=before)
            rows.append([f"{before + arriving:,}", f"{(before + arriving) * taps:,}", _held(bot)])
            print(f"\r{before + arriving:,} students", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    if time.perf_counter() - began > HOUR_S:
        raise RuntimeError(
            "this took more than an hour, so not all of the students were active in the last one"
        )
    return figures.table(["students", "answers", "memory of the bot, MB"], rows)


def _held(bot: Bot) -> str:
    return f"{servers.resident_bytes(bot.process_id) / MEGABYTE:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--students", type=int, default=1_000)
    parser.add_argument("--taps", type=int, default=5, help="answers of each student")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="veritap-bench-") as folder:
        print(asyncio.run(measure(Path(folder), chosen.students, chosen.taps)))


if __name__ == "__main__":
    main()
