"""The simulation from beginning to end: a sandbox and a real bot as processes of their own, a project brought in by its coordinator,
students invited by the command line, their work, and the checks of what it left behind."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import aiohttp

from rules import money
from tests.simulation import checks, gsm8k, processes
from tests.simulation.checks import Worked
from tests.simulation.gsm8k import Solution
from tests.simulation.phone import Phone
from tests.simulation.students import KINDS, Goal, Library, Student

DATABASE = "veritap.db"
EXPORT = "export.jsonl"
DATA = "gsm8k_model_solutions.jsonl"
WRITTEN_PROBLEMS = 400
TAPS_AN_ITEM = 25
"""So many taps an item would mean that something goes round in circles."""
Watch = Callable[[int, int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """How large a simulation is to be. `taps`: the most in all; `data`: the lines of real input."""

    students: int
    items: int
    taps: int
    data: list[str]
    seed: int = 1


@dataclasses.dataclass(slots=True)
class Result:
    """What came of a simulation: figures to print, and what is wrong."""

    worked: list[Worked]
    wrong: list[str]
    students: list[Student]
    uses: Counter[str]
    seconds: float

    @property
    def items(self) -> int:
        """How many work items were answered."""
        return sum(student.worked for student in self.students)

    @property
    def taps(self) -> int:
        """How often somebody tapped."""
        return sum(student.phone.taps for student in self.students)


def find_data() -> Path | None:
    """Look for the real input: in the folder that VERITAP_DATA names, or in shared/data beside the project."""
    named = os.environ.get("VERITAP_DATA")
    folders = [Path(named)] if named else [processes.ROOT.parent / "shared" / "data"]
    return next((folder / DATA for folder in folders if (folder / DATA).is_file()), None)


def load_data(given: Path | None = None) -> list[str]:
    """Read the real input, or write lines of the same shape where there is none."""
    path = given or find_data()
    return gsm8k.read(path) if path is not None else gsm8k.written(WRITTEN_PROBLEMS)


async def simulate(plan: Plan, folder: Path, watch: Watch) -> Result:
    """Run everything in a fresh folder. Raises Failed or NoAnswer when a process or the bot gives up."""
    found = gsm8k.solutions(plan.data)
    use_of = gsm8k.uses(found)
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(processes.sandbox())
        variables = processes.environment(folder, url)
        # Each phone keeps a connection open, so there is no limit to them.
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        )
        link = await processes.invite("coordinator", variables=variables)
        await stack.enter_async_context(
            processes.program("-m", "bot", "run", folder=folder, variables=variables)
        )
        coordinator = await stack.enter_async_context(await Phone.bought(session, url, "Grace"))
        await bring_in(coordinator, link, gsm8k.item_lines(found, use_of))
        payload = await processes.invite(
            "student", "--project", gsm8k.SLUG, "--uses", str(plan.students), variables=variables
        )
        began = time.perf_counter()
        students = await _work(stack, session, url, payload, plan, found, watch)
        seconds = time.perf_counter() - began
        return await _examined(folder, variables, found, use_of, students, seconds)


async def bring_in(coordinator: Phone, link: str, item_lines: Iterable[str]) -> None:
    """Let a coordinator make the project from its file, import the items and open it, all by chat."""
    await coordinator.say(f"/start {link}")
    await coordinator.upload("gsm8k.toml", gsm8k.PROJECT.encode())
    await coordinator.upload("gsm8k.jsonl", "\n".join(item_lines).encode())
    await coordinator.until("Import ")
    await coordinator.press("Import ")
    await coordinator.until("To the project")
    await coordinator.press("To the project")
    await coordinator.press("Open")
    await coordinator.until("Pause")


async def _work(
    stack: contextlib.AsyncExitStack,
    session: aiohttp.ClientSession,
    url: str,
    payload: str,
    plan: Plan,
    found: list[Solution],
    watch: Watch,
) -> list[Student]:
    goal, library = Goal(plan.items, plan.taps, plan.students), Library(found)
    students = []
    for number in range(plan.students):
        phone = await stack.enter_async_context(await Phone.bought(session, url, f"Student {number + 1}"))
        students.append(Student(phone, KINDS[number % len(KINDS)], library, goal, plan.seed * 1000 + number))
    watcher = asyncio.create_task(_watch(goal, watch))
    try:
        async with asyncio.TaskGroup() as group:
            for student in students:
                group.create_task(student.live(payload))
    finally:
        watcher.cancel()
    watch(goal.done, goal.items)
    return students


async def _watch(goal: Goal, watch: Watch) -> None:
    while not goal.is_met:
        watch(goal.done, goal.items)
        await asyncio.sleep(0.1)


async def _examined(
    folder: Path,
    variables: dict[str, str],
    found: list[Solution],
    use_of: dict[str, str],
    students: list[Student],
    seconds: float,
) -> Result:
    """Export, verify, and hold everything against everything."""
    export, database = folder / EXPORT, folder / DATABASE
    await processes.command(
        *("export", gsm8k.SLUG, "--format", "judgments", "--with-gold", "--out", str(export)),
        variables=variables,
    )
    lines = checks.read_export(export)
    worked, wrong = checks.matched(students, lines, found)
    try:
        await processes.command("verify", variables=variables)
    except processes.Failed as failed:
        wrong.append(str(failed))
    library = Library(found)
    wrong += checks.troubles(students)
    wrong += checks.hours_and_money(worked, database)
    wrong += checks.overlap(lines, database)
    wrong += checks.nothing_twice(worked, library)
    wrong += checks.gold_rate(worked)
    wrong += checks.gold_is_judged(lines, found)
    wrong += checks.pay(lines, rate_micro=24 * money.MICRO, cap_ms=180_000)
    return Result(worked, wrong, students, Counter(use_of.values()), seconds)
