"""The machine's clocks: steady time beside the wall's, kept over a restart, and told to the admins when the wall's was set."""

from __future__ import annotations

import asyncio
import dataclasses

from actions import clock, health
from actions.people import Visitor
from bot.sources import CLOCK, Clock
from bot.watchdog import WatchLimits
from tests.bot.conftest import SHORT, Rig

WALL_MS = 1_700_000_000_000


@dataclasses.dataclass(slots=True)
class Machine:
    """A machine whose clock can be set."""

    wall_ms: int = WALL_MS
    passed_ms: int = 12

    def run(self, duration_ms: int, set_by_ms: int = 0) -> None:
        self.passed_ms += duration_ms
        self.wall_ms += duration_ms + set_by_ms


def clock_of(machine: Machine) -> Clock:
    return Clock(lambda: machine.wall_ms, lambda: machine.passed_ms)


def test_what_is_set_is_left_out_of_steady_time() -> None:
    machine = Machine()
    read = clock_of(machine)
    machine.run(1_000, set_by_ms=-3_600_000)
    assert read.now_ms() == WALL_MS + 1_000 - 3_600_000
    assert (read.steady_ms(), read.stepped_ms) == (WALL_MS + 1_000, -3_600_000)
    machine.run(2_000, set_by_ms=7_200_000)
    read.now_ms()
    assert (read.steady_ms(), read.stepped_ms) == (WALL_MS + 3_000, 3_600_000)


def test_it_goes_on_after_a_restart() -> None:
    machine = Machine()
    read = clock_of(machine)
    machine.run(1_000, set_by_ms=90_000)
    read.now_ms()
    kept_ms, machine.passed_ms = read.stepped_ms, 3
    machine.run(5_000)
    again = clock_of(machine)
    again.resume(kept_ms, WALL_MS)
    again.now_ms()
    assert again.steady_ms() == WALL_MS + 6_000
    machine.run(0, set_by_ms=-600_000)
    again.resume(kept_ms, WALL_MS + 6_000)
    machine.run(1_000)
    again.now_ms()
    assert again.steady_ms() == WALL_MS + 7_000, "set back while nobody looked, it goes on from the books"


def _visitor(key: str, telegram_id: int) -> Visitor:
    return Visitor(key, telegram_id, "Ada", "", "en")


async def test_a_clock_that_was_set_is_kept_and_told(rig: Rig) -> None:
    bot = await rig.start(limits=dataclasses.replace(SHORT, watch=WatchLimits(look_every_s=0.05)))
    ada = rig.world.add_person("Ada")
    await rig.know(bot, ada, "admin")
    try:
        CLOCK.resume(90_000, 0)
        async with asyncio.timeout(10):
            while (step := await bot.store.read(clock.last_step)) is None:
                await asyncio.sleep(0.01)
        assert step.by_ms == 90_000
        figures = await bot.store.read(
            health.look, _visitor(bot.store.vault.index(str(ada.id)), ada.id), health.Disk(1, 10**10)
        )
        assert figures.clock_set_by_ms == 90_000
        assert (await bot.store.read(clock.look)).stepped_ms == 90_000
    finally:
        CLOCK.resume(0, 0)
