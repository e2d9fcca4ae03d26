"""Blocking the bot and letting it in again, as Telegram tells it."""

from __future__ import annotations

from actions import deliveries
from tests.bot.conftest import Rig, rig, until

__all__ = ["rig"]


async def test_who_blocks_is_unreachable_and_who_comes_back_is_reached_again(rig: Rig) -> None:
    bot = await rig.start()
    ada = rig.world.add_person("Ada")
    person = await rig.know(bot, ada)
    unreachable = "SELECT unreachable_ms FROM people"
    rig.world.block(ada.id)
    await until(lambda: rig.value(unreachable) is not None)
    rig.world.unblock(ada.id)
    await until(lambda: rig.value(unreachable) is None)
    await bot.store.write(
        lambda tx: deliveries.enqueue(
            tx, person_id=person.id, key="k", notice={"kind": "text", "text": "back"}
        )
    )
    await until(lambda: rig.texts(ada)[-1] == "back")
    assert set(rig.states()) == {"done"}
