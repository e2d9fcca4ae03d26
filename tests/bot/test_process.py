"""The bot as a process: killed under load it loses and doubles nothing; it starts, stops and refuses with clear words."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter

import pytest

from bot.errors import AGAIN, ELSEWHERE, SETTING
from tests.bot.conftest import Rig, until
from tests.bot.process import Process, running

KILLS = 3
SENDERS = 8


def counted(rig: Rig) -> Counter[str]:
    """Count the effects that are in the books, by message."""
    return Counter(text for (text,) in rig.rows("SELECT subject FROM audit WHERE deed = 'counted'"))


def at_work(process: Process) -> bool:
    return "at work" in process.log


async def test_a_kill_under_load_loses_nothing_and_doubles_nothing(rig: Rig) -> None:
    chance = random.Random(7)
    senders = [rig.world.add_person(f"P{number}") for number in range(SENDERS)]
    sent: list[str] = []
    left = 0

    def send_all(rounds: int) -> None:
        for _ in range(rounds * SENDERS):
            text = f"count {len(sent)}"
            rig.world.send_text(senders[len(sent) % SENDERS].id, text)
            sent.append(text)

    for _ in range(KILLS):
        async with running(rig) as process:
            await until(lambda process=process: at_work(process))  # type: ignore[misc]
            rig.fault("duplicate_update", times=3)
            for _ in range(10):
                send_all(1)
                await asyncio.sleep(0.01)
            send_all(8)
            await asyncio.sleep(chance.uniform(0.0, 0.05))
            assert await process.end(signal.SIGKILL) == -signal.SIGKILL
        left += len(sent) - sum(counted(rig).values())
    async with running(rig) as process:
        await until(lambda: "new" not in rig.states() and len(counted(rig)) == len(sent))
        await until(lambda: not rig.value("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'"), 20)
        assert await process.end(signal.SIGTERM) == 0
    # The kills struck in the middle of the work: something was left to do.
    assert left > 0
    assert counted(rig) == Counter(sent)
    assert set(rig.states()) == {"done"}
    # Each sender's messages had their effect in the order in which they were sent.
    order = [text for (text,) in rig.rows("SELECT subject FROM audit WHERE deed = 'counted' ORDER BY id")]
    for index in range(SENDERS):
        mine = [text for text in order if int(text.split()[1]) % SENDERS == index]
        assert mine == sorted(mine, key=lambda text: int(text.split()[1]))
    assert rig.value("SELECT COUNT(*) FROM deliveries") == len(sent)
    told = Counter(text for sender in senders for text in rig.texts(sender))
    assert max(told.values()) <= 2
    unsure = rig.value("SELECT COUNT(*) FROM deliveries WHERE state = 'uncertain'")
    assert len(told) >= len(sent) - unsure


async def test_a_message_that_kills_its_process_is_set_aside_in_the_end_and_none_beside_it(rig: Rig) -> None:
    """Some are slow, so that each of the first kills meets them half done: they must not be blamed for it."""
    expected = 4
    eve = rig.world.add_person("Eve")
    for number in range(3):
        rig.world.send_text(rig.world.add_person(f"P{number}").id, f"count slowly {number}")
    rig.world.send_text(eve.id, "die")
    rig.world.send_text(eve.id, "count after")
    starts = 0
    while True:
        starts += 1
        async with running(rig) as process:
            done, _ = await asyncio.wait(
                (
                    asyncio.create_task(process.end()),
                    asyncio.create_task(until(lambda: len(counted(rig)) == expected)),
                ),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if len(counted(rig)) == expected:
                break
            assert [task.result() for task in done] == [9]
        assert starts <= 5
    assert rig.rows("SELECT id, state FROM inbox WHERE state <> 'done'") == [(4, "set_aside")]


async def test_a_stop_finishes_what_is_under_way_and_a_restart_is_instant(rig: Rig) -> None:
    async with running(rig) as process:
        await until(lambda: at_work(process))
        rig.world.send_text(rig.world.add_person("Ada").id, "count 1")
        await until(lambda: counted(rig))
        assert await process.end(signal.SIGINT) == 0
        assert "stopped" in process.log
    assert rig.rows("SELECT * FROM instances") == []
    async with running(rig) as process:
        await until(lambda: at_work(process))
        assert "waiting for the lease" not in process.log
        assert await process.end(signal.SIGTERM) == 0


async def test_a_second_instance_stops_and_names_the_first(rig: Rig) -> None:
    async with running(rig) as first:
        await until(lambda: at_work(first))
        async with running(rig) as second:
            assert await second.end() == ELSEWHERE
        assert "Veritap runs already on this database" in second.log
        assert f"process {first._process.pid}" in second.log
        assert "ends at 20" in second.log
        assert "Traceback" not in second.log
        rig.world.send_text(rig.world.add_person("Ada").id, "count 1")
        await until(lambda: counted(rig))
        # After a crash the lease has not run out, but its holder is known to be gone.
        await first.end(signal.SIGKILL)
        assert rig.value("SELECT COUNT(*) FROM instances") == 1
        async with running(rig) as third:
            await until(lambda: at_work(third))
            assert await third.end(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        (
            {"TELEGRAM_BOT_TOKEN": "1000000001:Wrong_token_that_opens_nothing_00"},
            SETTING,
            "TELEGRAM_BOT_TOKEN",
        ),
        ({"TELEGRAM_BOT_TOKEN": ""}, SETTING, "TELEGRAM_BOT_TOKEN is not set"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, AGAIN, "TELEGRAM_API_URL"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/x.db"}, SETTING, "/proc/nowhere"),
    ],
)
async def test_what_keeps_it_from_starting_is_said_in_one_sentence(
    rig: Rig, variables: dict[str, str], code: int, words: str
) -> None:
    async with running(rig, **variables) as process:
        assert await process.end() == code
    assert words in process.log
    assert "CRITICAL" in process.log
    assert "Traceback" not in process.log


async def test_the_token_is_in_no_log_line_whatever_happens(rig: Rig) -> None:
    for kind in ("401", "404", "409", "429", "500_before", "cut_before", "bad_json"):
        rig.fault(kind, "getUpdates")
    for kind in ("403", "500_after", "cut_after", "429", "bad_json"):
        rig.fault(kind, "sendMessage")
    async with running(rig, TEST_LOG_LEVEL="debug", LOG_FORMAT="json") as process:
        await until(lambda: at_work(process))
        await asyncio.sleep(0.3)
        ada = rig.world.add_person("Ada")
        for number in range(8):
            rig.world.send_text(ada.id, f"count {number}")
            rig.world.send_text(ada.id, "/help")
        await until(lambda: len(counted(rig)) == 8, 20)
        rig.sandbox.world.token = "gone"
        await asyncio.sleep(0.3)
        await process.end(signal.SIGTERM)
    assert '"level": "debug"' in process.log
    assert len(process.log) > 10_000
    assert rig.sandbox.token not in process.log
    assert rig.sandbox.token.partition(":")[2] not in process.log
