"""Polling: trouble of every kind is outlived or named, an outage is made good, and a webhook does the same work."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import json
import socket

import aiohttp
import pytest
from telegram import Update

from actions import assignments, marks, people
from actions.ports import Tx
from bot.app import Bot
from bot.errors import AGAIN, ELSEWHERE, SETTING, CannotRun
from bot.web import BODY_LIMIT_BYTES, SECRET_HEADER
from handlers.context import Context
from tests.bot.conftest import SHORT, Rig, until

SECRET = "a-secret_word"


async def count(update: Update, context: Context) -> None:
    assert update.effective_message is not None
    await context.write(people.audit, "test", "counted", update.effective_message.text or "")


def counted(rig: Rig) -> list[str]:
    return [subject for (subject,) in rig.rows("SELECT subject FROM audit ORDER BY id")]


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("401", 2),
        ("404", 2),
        ("409", 3),
        ("429", 1),
        ("500_before", 3),
        ("500_after", 3),
        ("cut_after", 2),
        ("bad_json", 5),
    ],
)
async def test_no_passing_trouble_ends_polling_or_loses_anything(rig: Rig, kind: str, times: int) -> None:
    bot = await rig.start(count)
    ada = rig.world.add_person("Ada")
    rig.fault(kind, "getUpdates", times=times)
    for number in range(5):
        rig.world.send_text(ada.id, str(number))
    await until(lambda: counted(rig) == ["0", "1", "2", "3", "4"])
    rig.world.send_text(ada.id, "after")
    await until(lambda: "after" in counted(rig))
    assert not bot.failed.done()
    assert set(rig.states()) == {"done"}


async def test_an_answer_that_stays_unreadable_is_taken_apart_and_only_the_bad_update_set_aside(
    rig: Rig,
) -> None:
    bot = await rig.start(count)
    original = bot._wire.post

    async def spoil(method: str, body: bytes | aiohttp.FormData, answer_s: float = 0.0) -> bytes:
        return (await original(method, body, answer_s)).replace(b'"poison"', b"poison")

    bot._wire.post = spoil  # type: ignore[method-assign]
    ada = rig.world.add_person("Ada")
    for text in ("one", "two", "poison", "three", "four"):
        rig.world.send_text(ada.id, text)
    await until(lambda: counted(rig) == ["one", "two", "three", "four"])
    assert sorted(rig.states()) == ["done"] * 4 + ["set_aside"]


async def test_a_hanging_answer_is_given_up(rig: Rig) -> None:
    poll = dataclasses.replace(SHORT.poll, answer_s=0.5)
    rig.fault("hang_before", "getUpdates", seconds=30.0)
    await rig.start(count, dataclasses.replace(SHORT, poll=poll))
    rig.world.send_text(rig.world.add_person("Ada").id, "hello")
    await until(lambda: counted(rig) == ["hello"])


async def test_pauses_grow_while_trouble_lasts(rig: Rig) -> None:
    bot = await rig.start(count)
    faults = rig.world.transcript
    rig.fault("500_before", "getUpdates", times=1000)
    await asyncio.sleep(1.0)
    assert 3 <= sum(event.kind == "fault" for event in faults) <= 12
    assert not bot.failed.done()


async def test_a_token_that_is_rejected_for_long_ends_the_program_with_a_sentence(rig: Rig) -> None:
    bot = await rig.start()
    rig.fault("401", "getUpdates", times=1000)
    error = await asyncio.wait_for(bot.failed, 10)
    assert isinstance(error, CannotRun)
    assert error.code == SETTING
    assert "TELEGRAM_BOT_TOKEN" in str(error)


async def test_another_poller_is_named_and_ends_the_program(rig: Rig) -> None:
    bot = await rig.start()
    rig.fault("409", "getUpdates", times=1000)
    error = await asyncio.wait_for(bot.failed, 10)
    assert isinstance(error, CannotRun)
    assert error.code == ELSEWHERE
    assert "Another program gets this bot's updates" in str(error)


async def test_a_wrong_token_is_told_at_the_start(rig: Rig) -> None:
    with pytest.raises(CannotRun, match="@BotFather") as caught:
        await rig.start(telegram_bot_token="1000000001:Another_token_that_opens_nothing_00")
    assert caught.value.code == SETTING
    assert "Another_token" not in str(caught.value)
    # Everything is closed again: the same folder can be used at once.
    await rig.start()


async def test_a_server_that_cannot_be_reached_is_named_after_a_while(rig: Rig) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(CannotRun, match="TELEGRAM_API_URL") as caught:
        await rig.start(telegram_api_url=url)
    assert caught.value.code == AGAIN
    assert url in str(caught.value)


async def test_a_server_that_comes_late_is_waited_for(rig: Rig) -> None:
    rig.fault("500_before", "getMe", times=1)
    await rig.start(count)
    rig.world.send_text(rig.world.add_person("Ada").id, "hello")
    await until(lambda: counted(rig) == ["hello"])


def open_card(tx: Tx, person_id: int) -> None:
    """Lease an item to somebody, past the road that does it."""
    values = {"person": person_id, "now": tx.now_ms, "later": tx.now_ms + 3_600_000}
    for sql in (
        "INSERT INTO projects (slug, title, definition, state, created_ms, changed_ms) "
        "VALUES ('p', 'P', '{}', 'open', :now, :now)",
        "INSERT INTO items (project_id, external_id, use, fields, added_ms) VALUES (1, 'i', 'work', '{}', :now)",
        "INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen, "
        "first_shown_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms) "
        "VALUES ('t', :person, 1, 1, 1, 'work', 'open', 0, '{}', 0, 0, :now, :now, 0, :later, 1, 'USD', 1)",
    ):
        tx._engine.execute(sql, values)


async def test_after_a_long_silence_open_cards_are_shown_again_and_after_a_short_one_not(rig: Rig) -> None:
    bot = await rig.start()
    ada = rig.world.add_person("Ada")
    person = await rig.know(bot, ada)
    await bot.store.write(open_card, person.id)
    assert await bot.store.read(marks.moment, marks.LAST_GOOD) > 0
    await rig.stop()
    reshown = "SELECT COUNT(*) FROM deliveries WHERE key LIKE 'reshow:%'"
    bot = await rig.start()
    await asyncio.sleep(0.3)
    assert rig.value(reshown) == 0
    long_ago = bot.sources.now_ms() - 151_000
    await rig.stop()
    age(rig, long_ago)
    await rig.start()
    await until(lambda: rig.value(reshown) == 1)
    await asyncio.sleep(0.3)
    assert rig.value(reshown) == 1


def age(rig: Rig, moment_ms: int) -> None:
    """Have the bot believe that it heard Telegram last at some moment."""
    import sqlite3

    connection = sqlite3.connect(rig.database)
    with connection:
        connection.execute("UPDATE settings SET value = ? WHERE name = ?", (str(moment_ms), marks.LAST_GOOD))
    connection.close()


async def test_an_outage_of_telegram_alone_is_made_good_as_well(rig: Rig) -> None:
    bot = await rig.start(limits=dataclasses.replace(SHORT, tap_kept_ms=700))
    person = await rig.know(bot, rig.world.add_person("Ada"))
    await bot.store.write(open_card, person.id)
    rig.fault("500_before", "getUpdates", times=6)
    await until(lambda: rig.value("SELECT COUNT(*) FROM deliveries WHERE key LIKE 'reshow:%'") == 1)
    assert await bot.store.read(assignments.open_of, person.id) is not None


async def start_hook(rig: Rig) -> tuple[Bot, str]:
    """Start a bot by webhook, and give the address at which it listens behind what would be a proxy."""
    bot = await rig.start(count, webhook_url="https://127.0.0.1/hook/veritap", webhook_secret=SECRET)
    return bot, f"http://127.0.0.1:{bot.web_port}/hook/veritap"


def update(number: int, text: str = "hello") -> dict[str, object]:
    sender = {"id": 7, "is_bot": False, "first_name": "A"}
    chat = {"id": 7, "type": "private", "first_name": "A"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": text},
    }


async def test_the_webhook_keeps_before_it_answers_and_repeats_do_no_harm(rig: Rig) -> None:
    bot, url = await start_hook(rig)
    await bot._hook.is_open.wait()  # type: ignore[union-attr]
    async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
        for number in (1, 2, 2, 1, 3):
            async with session.post(url, json=update(number, str(number))) as response:
                assert response.status == 200
            assert len(rig.states()) == len({1, 2, 3} & set(range(number + 1))) or number < 3
        await until(lambda: counted(rig) == ["1", "2", "3"])
        async with session.post(url, data=b"{ nonsense") as response:
            assert response.status == 200
    assert rig.states() == ["done", "done", "done", "set_aside"]


async def test_the_webhook_turns_strangers_away_before_it_reads_what_they_send(rig: Rig) -> None:
    bot, url = await start_hook(rig)
    await bot._hook.is_open.wait()  # type: ignore[union-attr]
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "é"}):
            async with session.post(url, json=update(1), headers=headers) as response:
                assert response.status == 403
        headers = {SECRET_HEADER: SECRET}
        async with session.post(
            url, data=io.BytesIO(b" " * (BODY_LIMIT_BYTES + 1)), headers=headers
        ) as response:
            assert response.status == 413
        async with session.get(url, headers=headers) as response:
            assert response.status == 405
    # A stranger hears the no although not one byte of the promised body has come.
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.web_port)
    writer.write(b"POST /hook/veritap HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n")
    assert b"403" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert rig.states() == []


async def test_the_webhook_asks_to_come_again_while_nothing_can_be_written(rig: Rig) -> None:
    bot, url = await start_hook(rig)
    await bot._hook.is_open.wait()  # type: ignore[union-attr]
    await bot.store._writer.execute_fetchall("PRAGMA query_only=ON")
    async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
        async with session.post(url, json=update(1)) as response:
            assert response.status == 503
            assert int(response.headers["Retry-After"]) < 150
        await bot.store._writer.execute_fetchall("PRAGMA query_only=OFF")
        async with session.post(url, json=update(1)) as response:
            assert response.status == 200
    await until(lambda: counted(rig) == ["hello"])


async def test_telegram_is_told_of_the_webhook_and_its_secret_and_polling_takes_it_off(rig: Rig) -> None:
    await start_hook(rig)
    (told,) = rig.calls("setWebhook")
    assert told.detail["url"] == "https://127.0.0.1/hook/veritap"
    assert told.detail["secret_token"] == SECRET
    assert "drop_pending_updates" not in told.detail
    assert json.dumps(told.detail["allowed_updates"]) == json.dumps(
        ["message", "edited_message", "callback_query", "my_chat_member"]
    )
    await rig.stop()
    await rig.start(count)
    rig.world.send_text(rig.world.add_person("Ada").id, "by polling")
    await until(lambda: counted(rig) == ["by polling"])
    assert len(rig.calls("deleteWebhook")) == 1
