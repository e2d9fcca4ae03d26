"""What keeps a bot honest: the watchdog, the lease, health, the timetable, menus, lanes and paces."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from actions import instances, menus
from actions.ports import Tx
from bot import instance, timetable
from bot.errors import AGAIN, ELSEWHERE, CannotRun
from bot.instance import FileLock, Instance
from bot.lanes import Lanes, Row
from bot.pace import Pace
from bot.timetable import Chore, Timetable
from bot.watchdog import Heartbeat, WatchLimits
from handlers.language import NAMES
from storage.database import Database, open_sqlite
from storage.vault import Vault
from tests.bot.conftest import SHORT, Rig, until
from tests.storage.conftest import KEY, sources


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    opened = await open_sqlite(tmp_path / "veritap.db", sources(), Vault(KEY))
    yield opened
    await opened.close()


async def reason(rig: Rig, **watch: float) -> CannotRun:
    """Start a bot under a strict watchdog and give the reason for which it ends."""
    limits = dataclasses.replace(SHORT, watch=WatchLimits(**({"look_every_s": 0.05} | watch)))

    async def hang(update: Any, context: Any) -> None:
        await asyncio.sleep(60)

    bot = await rig.start(hang, limits)
    rig.world.send_text(rig.world.add_person("Ada").id, "hello")
    error = await asyncio.wait_for(bot.failed, 10)
    assert isinstance(error, CannotRun)
    await bot._lanes.close(0)
    return error


async def test_an_update_that_does_not_end_ends_the_program(rig: Rig) -> None:
    error = await reason(rig, row_s=0.3)
    assert error.code == AGAIN
    assert "handling an update" in str(error)


async def test_a_poll_that_does_not_end_ends_the_program(rig: Rig) -> None:
    rig.fault("hang_before", "getUpdates", times=9, seconds=60)
    error = await reason(rig, poll_answer_s=0.3)
    assert "asking Telegram for updates" in str(error)


async def test_a_long_silence_of_telegram_ends_the_program(rig: Rig) -> None:
    rig.fault("500_before", "getUpdates", times=1000)
    error = await reason(rig, poll_good_s=0.5)
    assert "getting updates from Telegram" in str(error)


async def test_a_bot_at_rest_is_left_alone(rig: Rig) -> None:
    watch = WatchLimits(look_every_s=0.05, poll_good_s=2.0, poll_answer_s=2.0, row_s=1.0)
    bot = await rig.start(limits=dataclasses.replace(SHORT, watch=watch))
    await asyncio.sleep(2.5)
    assert not bot.failed.done()


async def test_a_lease_that_was_taken_away_ends_the_program(rig: Rig) -> None:
    bot = await rig.start(limits=dataclasses.replace(SHORT, watch=WatchLimits(look_every_s=0.05)))
    await bot.store.write(instances.take, "elsewhere, process 1", 60_000, at_once=True)
    error = await asyncio.wait_for(bot.failed, 10)
    assert isinstance(error, CannotRun)
    assert error.code == ELSEWHERE
    assert "elsewhere, process 1" in str(error)


async def test_a_loop_that_hangs_is_noticed_from_outside() -> None:
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    heartbeat = Heartbeat(0.2, end)
    heartbeat.start()
    await asyncio.sleep(0.5)
    assert codes == []
    # The loop hangs, as in a handler that computes for ever.
    assert ended.wait(5)
    assert codes == [AGAIN]
    heartbeat.stop()


async def test_a_lease_is_taken_renewed_and_given_up(store: Database, tmp_path: Path) -> None:
    def unsure(name: str) -> Instance:
        return Instance(store, FileLock(tmp_path / "x.lock"), name, lease_s=1.0)

    first, second = unsure("first"), unsure("second")
    await first.take()
    with pytest.raises(CannotRun, match="first"):
        await second.take()
    await first.renew()
    await first.release()
    await second.take()
    with pytest.raises(CannotRun, match="second"):
        await first.renew()


def test_a_locked_file_names_its_holder_and_a_released_one_is_free(tmp_path: Path) -> None:
    path = tmp_path / "veritap.db.lock"
    first, second = FileLock(path), FileLock(path)
    first.acquire("first, process 1")
    first.write("first, process 1", 1_800_000_000_000)
    assert first.is_sure
    with pytest.raises(CannotRun, match=r"first, process 1.*2027-01-15 08:00:00 UTC"):
        second.acquire("second")
    first.release()
    second.acquire("second")
    second.release()


def test_a_lock_holds_although_nothing_can_be_written_of_its_holder(tmp_path: Path) -> None:
    lock, other = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    lock.acquire("me")
    handle = lock._file
    assert handle is not None
    with (tmp_path / "x.lock").open(encoding="utf-8") as for_reading_only:
        lock._file = for_reading_only
        lock.write("me", 1)
        lock._file = handle
    with pytest.raises(CannotRun):
        other.acquire("you")
    lock.release()


def test_a_holder_can_be_found_by_its_name() -> None:
    import os

    assert f"process {os.getpid()}" in instance.holder_name(0)
    assert "1970-01-01" in instance.holder_name(0)


async def test_health_is_told_and_turns_red_when_nothing_can_be_written(rig: Rig) -> None:
    bot = await rig.start()
    url = f"http://127.0.0.1:{bot.web_port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/healthz") as response:
            assert response.status == 200
            assert (await response.json())["status"] == "ok"
        await bot.store._writer.execute_fetchall("PRAGMA query_only=ON")
        async with session.get(f"{url}/healthz") as response:
            assert response.status == 503
            assert "the store" in (await response.json())["status"]
        await bot.store._writer.execute_fetchall("PRAGMA query_only=OFF")
        async with session.get(f"{url}/healthz") as response:
            assert response.status == 200
        bot._pulse.last_s -= 1000
        async with session.get(f"{url}/healthz") as response:
            assert "Telegram was not heard" in (await response.json())["status"]


async def test_metrics_are_in_the_form_that_is_asked_for(rig: Rig) -> None:
    bot = await rig.start()
    rig.world.send_text(rig.world.add_person("Ada").id, "/help")
    await until(lambda: bot._desk.handled == 1)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.web_port}/metrics") as response,
    ):
        assert response.content_type == "text/plain"
        text = await response.text()
    assert "# TYPE veritap_updates_handled_total counter\nveritap_updates_handled_total 1\n" in text
    for line in text.splitlines():
        assert line.startswith("# ") or float(line.rpartition(" ")[2]) >= 0


async def test_an_address_that_is_taken_is_told_where_it_was_asked_for(rig: Rig) -> None:
    first = await rig.start()
    with pytest.raises(CannotRun, match="WEB_LISTEN"):
        await rig.start(
            database_url=f"sqlite:///{rig.folder}/other.db", web_listen=f"127.0.0.1:{first.web_port}"
        )


async def test_a_chore_runs_until_nothing_is_left_and_trouble_does_not_end_it(
    store: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    left = [5, 3, 0, 2, 0]
    runs: list[int] = []

    def work(tx: Tx) -> int:
        runs.append(left.pop(0) if left else 0)
        if len(runs) == 6:
            raise KeyError("a private word")
        return runs[-1]

    monkeypatch.setattr(timetable, "CHORES", (Chore(3600, work),))
    table = Timetable(store)
    (job,) = table._scheduler.get_jobs()
    assert job.misfire_grace_time is None
    assert job.coalesce
    await job.func(*job.args)
    assert runs == [5, 3, 0]
    await job.func(*job.args)
    assert runs == [5, 3, 0, 2, 0]
    await job.func(*job.args)
    assert "incident" in caplog.text
    assert "a private word" not in caplog.text
    await job.func(*job.args)
    assert len(runs) == 7


def test_every_chore_of_the_house_can_be_run(store: Database) -> None:
    assert {chore.action.__name__ for chore in timetable.CHORES} >= {"expire_leases", "approve_due", "sweep"}


async def test_the_timetable_wakes_its_chores(store: Database) -> None:
    woken = asyncio.Event()

    async def wake() -> None:
        woken.set()

    table = Timetable(store)
    table.add(0.05, wake, "test")
    table.start()
    await asyncio.wait_for(woken.wait(), 5)
    table.stop()


async def test_menus_are_told_once_and_follow_the_roles(rig: Rig) -> None:
    languages = len(NAMES)
    bot = await rig.start()
    await until(lambda: len(rig.calls("setMyCommands")) == languages)
    ada = rig.world.add_person("Ada")
    person = await rig.know(bot, ada, "admin")
    # Told at once, not only when the minute is over.
    await bot.store.write(lambda tx: tx.announce(menus.TOPIC))
    await until(lambda: len(rig.calls("setMyCommands")) == languages + 1)
    told = [call.detail for call in rig.calls("setMyCommands")]
    assert [one["scope"]["type"] for one in told] == ["all_private_chats"] * languages + ["chat"]
    assert {one.get("language_code", "en") for one in told[:languages]} == set(NAMES)
    everybodys = {command["command"] for command in told[0]["commands"]}
    mine = {command["command"] for command in told[-1]["commands"]}
    assert {"work", "privacy"} <= everybodys
    assert {"health", "project", "privacy"} <= mine
    assert "work" not in mine, "who is no student has no work in the menu"
    await bot._menus.refresh()
    await rig.stop()
    bot = await rig.start()
    await bot._menus.refresh()
    assert len(rig.calls("setMyCommands")) == languages + 1
    assert len(rig.calls("setMyDescription")) == languages
    await bot.store.write(lambda tx: tx._engine.execute("DELETE FROM roles", {}).rowcount)
    await bot._menus.refresh()
    assert [call.detail["scope"]["chat_id"] for call in rig.calls("deleteMyCommands")] == [ada.id]
    assert person.id


async def test_a_pace_is_even_and_a_pause_is_followed_by_no_burst() -> None:
    pace = Pace(100.0)
    clock = asyncio.get_running_loop().time
    began_s = clock()
    for _ in range(11):
        await pace.turn()
    assert clock() - began_s >= 0.1
    pace.hold(0.2)
    assert pace.held_s() > 0.15
    began_s = clock()
    await pace.turn()
    assert clock() - began_s >= 0.19
    await asyncio.sleep(0.1)
    began_s = clock()
    for _ in range(6):
        await pace.turn()
    assert clock() - began_s >= 0.05


async def test_lanes_hold_back_when_too_much_waits() -> None:
    may_end = asyncio.Event()

    async def wait(row: Row) -> None:
        await may_end.wait()

    lanes = Lanes(wait, width=2, backlog_max=3)
    for number in range(3):
        lanes.put(Row(number, str(number), None, 0))
    assert not lanes.has_room()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lanes.room(), 0.05)
    may_end.set()
    await asyncio.wait_for(lanes.room(), 5)
    await lanes.idle()
    assert lanes.waiting == 0


async def test_a_row_whose_handling_breaks_does_not_stop_its_lane() -> None:
    done: list[int] = []

    async def handle(row: Row) -> None:
        if row.id == 0:
            raise RuntimeError
        done.append(row.id)

    lanes = Lanes(handle)
    for number in range(3):
        lanes.put(Row(number, "same", None, 0))
    await lanes.idle()
    assert done == [1, 2]
