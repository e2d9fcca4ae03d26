"""What a benchmark measures: a bot and a load server, each a process of its own, and what the bot's process has used. Nothing is decided
here about how long to measure, or what to make of it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from tests.simulation import gsm8k, processes

START_S = 60.0
ORDER_S = 600.0
ANSWER_BYTES_MAX = 64 * 1024 * 1024
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PROBLEMS = 10_000
TOML = (
    gsm8k.PROJECT.replace("training = 4", "training = 0")
    .replace("exam = 10", "exam = 0")
    .replace("overlap = [2, 5]", "overlap = [3, 5]")
)
"""Nothing comes before the work, and there is enough of it for everybody to the end."""
LAST_WORDS = " How many are left?"
"""Left out: students here tap as fast as the bot answers, and on more than some thirty words that is haste (`rules.quality.signals`), which
has every answer looked at at length."""


@dataclasses.dataclass(slots=True)
class LoadServer:
    """A sandbox with students of its own, in another process."""

    url: str
    _process: asyncio.subprocess.Process

    async def order(self, do: str, **details: Any) -> dict[str, Any]:
        """Have it do something, and give what it answers."""
        reader, writer = self._process.stdout, self._process.stdin
        assert reader is not None
        assert writer is not None
        writer.write(json.dumps({"do": do, **details}).encode() + b"\n")
        await writer.drain()
        async with asyncio.timeout(ORDER_S):
            line = await reader.readline()
        if not line:
            raise processes.Failed("the load server has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextlib.asynccontextmanager
async def load_server() -> AsyncIterator[LoadServer]:
    """Run a load server."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.load_server"),
        cwd=processes.ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=ANSWER_BYTES_MAX,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_S):
            ready, url = (await process.stdout.readline()).decode().split()
        assert ready == "READY"
        yield LoadServer(url, process)
    finally:
        await processes.end(process)


@dataclasses.dataclass(slots=True)
class Bot:
    """A bot under measurement: its process, the server with its students, and the invitation that they come by."""

    server: LoadServer
    process_id: int
    payload: str = ""

    async def meet(self, people: int) -> None:
        """Let so many more students arrive and walk to their first card."""
        await self.server.order("arrive", people=people, payload=self.payload)


@contextlib.asynccontextmanager
async def echo(folder: Path) -> AsyncIterator[Bot]:
    """Run the echo bot."""
    async with load_server() as server:
        variables = processes.environment(folder, server.url)
        arguments = ("-m", "benchmarks.echo_bot")
        async with processes.program(*arguments, folder=folder, variables=variables) as process:
            yield Bot(server, process.pid)


@contextlib.asynccontextmanager
async def veritap(folder: Path, students: int, program: str = "bot") -> AsyncIterator[Bot]:
    """Run Veritap on an empty folder, with work for so many students. `program`: the module to run it as."""
    async with load_server() as server:
        variables = processes.environment(folder, server.url)
        found = [
            dataclasses.replace(one, question=one.question.removesuffix(LAST_WORDS))
            for one in gsm8k.solutions(gsm8k.written(PROBLEMS))
        ]
        await make_project(folder, variables, TOML, gsm8k.item_lines(found, gsm8k.uses(found)))
        options = ("--project", gsm8k.SLUG, "--uses", str(students))
        payload = await processes.invite("student", *options, variables=variables)
        async with processes.program("-m", program, "run", folder=folder, variables=variables) as process:
            yield Bot(server, process.pid, payload)


async def make_project(folder: Path, variables: dict[str, str], toml: str, items: Iterable[str]) -> None:
    """Make a project, import its items and open it, by the command line."""
    project, lines = folder / "project.toml", folder / "items.jsonl"
    project.write_text(toml, encoding="utf-8")
    lines.write_text("\n".join(items) + "\n", encoding="utf-8")
    await processes.command("project", "add", str(project), variables=variables)
    await processes.command("items", "import", gsm8k.SLUG, str(lines), variables=variables)
    await processes.command("project", "open", gsm8k.SLUG, variables=variables)


def cpu_s(process_id: int) -> float:
    """Tell how much processor time a process has used, in seconds."""
    text = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii", errors="replace")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def resident_bytes(process_id: int) -> int:
    """Tell how much memory a process holds."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()[1])
    return pages * PAGE_BYTES
