"""What a student meets when the bot was away: nothing lost, nothing doubled, and an honest line."""

from __future__ import annotations

import dataclasses

from actions.ports import Sources
from bot import sources as real_sources
from bot.app import Bot
from rules.credit import MINUTE_MS
from tests.stories.conftest import House
from tests.stories.test_student import at_work, judgments


def later(minutes: int) -> Sources:
    """Give sources whose clock is ahead."""
    real = real_sources.real()
    steady = real.steady_ms
    assert steady is not None
    return dataclasses.replace(
        real,
        now_ms=lambda: real.now_ms() + minutes * MINUTE_MS,
        steady_ms=lambda: steady() + minutes * MINUTE_MS,
    )


async def restart(house: House, minutes: int) -> None:
    """Stop the bot and start it again, so much later."""
    settings = house.bot.settings
    await house.bot.stop()
    house.world.clock.advance(minutes * MINUTE_MS)
    house.bot = await Bot.start(settings, later(minutes))


async def test_a_tap_during_a_short_restart_is_recorded(house: House) -> None:
    ada = await at_work(house)
    data, message_id = ada.find("Correct"), ada.last.message_id
    settings = house.bot.settings
    await house.bot.stop()
    house.world.tap(ada.id, message_id, data)
    house.bot = await Bot.start(settings)
    await house.world.wait_for(lambda: "2/20" in ada.text, timeout_s=10.0)
    assert await judgments(house) == 1


async def test_after_a_long_outage_the_open_card_says_that_it_is_not_saved(house: House) -> None:
    ada = await at_work(house)
    message_id, count = ada.last.message_id, len(house.world.messages(ada.id))
    await restart(house, minutes=30)
    await house.world.wait_for(lambda: "not saved yet" in ada.text, timeout_s=10.0)
    assert ada.last.message_id == message_id, "in the same place"
    assert len(house.world.messages(ada.id)) == count
    assert await judgments(house) == 0
    await ada.press("Correct")
    assert await judgments(house) == 1


async def test_an_old_card_is_answered_after_its_lease_ran_out(house: House) -> None:
    ada = await at_work(house)
    data, message_id = ada.find("Correct"), ada.last.message_id
    await restart(house, minutes=120)
    toast = await ada.tap(message_id, data)
    assert toast.startswith("Saved · 2 min"), (
        "credited to the cap, and recorded since the place was still free"
    )
    assert await judgments(house) == 1
