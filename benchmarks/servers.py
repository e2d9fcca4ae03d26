"""Starting what a benchmark measures: a load server and a bot on it, each a process of its own; and reading what a process has used."""

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
