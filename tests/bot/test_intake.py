"""Updates on their way from Telegram to the books: kept before confirmed, in order for each, once for all."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict

import pytest
from telegram import Update

from actions import inbox, people
from bot.intake import STARTS_MAX, UNKNOWN_ID, arrival_of, without_tapped_text
from handlers.context import Context
from tests.bot.conftest import Rig, until


async def count(update: Update, context: Context) -> None:
    """Write one line into the books for each update, with no key that would hide a second one."""
    assert update.effective_message is not None
    await context.write(people.audit, "test", "counted", update.effective_message.text or "")


def counted(rig: Rig) -> list[str]:
    return [subject for (subject,) in rig.rows("SELECT subject FROM audit ORDER BY id")]


async def test_effect_and_mark_are_there_and_the_text_is_gone(rig: Rig) -> None:
    await rig.start(count)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "very private")
    await until(lambda: counted(rig) == ["very private"])
    assert rig.rows("SELECT state, payload, attempts, trouble FROM inbox") == [("done", "", 0, None)]


async def test_an_update_waits_sealed(rig: Rig) -> None:
    may_end = asyncio.Event()

    async def wait(update: Update, context: Context) -> None:
        await may_end.wait()

    await rig.start(wait)
    ada = rig.world.add_person("Adalbert")
    rig.world.send_text(ada.id, "very private")
    await until(lambda: rig.states() == ["new"])
    (row,) = rig.rows("SELECT payload, person_key, digest FROM inbox")
    assert len(row[0]) > 100
    for word in ("private", "Adalbert", str(ada.id)):
        assert all(word not in value for value in row)
    may_end.set()
    await until(lambda: rig.states() == ["done"])


async def test_a_repeated_update_has_one_effect(rig: Rig) -> None:
    await rig.start(count)
    ada = rig.world.add_person("Ada")
    rig.fault("duplicate_update", times=3)
    for text in ("one", "two", "three", "four"):
        rig.world.send_text(ada.id, text)
    await until(lambda: len(counted(rig)) == 4)
    rig.world.send_text(ada.id, "last")
    await until(lambda: "last" in counted(rig))
    assert counted(rig) == ["one", "two", "three", "four", "last"]


async def test_one_persons_updates_keep_their_order_while_people_run_side_by_side(rig: Rig) -> None:
    seen: dict[int, list[int]] = defaultdict(list)
    under_way: set[int] = set()
    most = 0

    async def slow(update: Update, context: Context) -> None:
        nonlocal most
        person = context.chat_id
        assert person not in under_way
        under_way.add(person)
        most = max(most, len(under_way))
        await asyncio.sleep(0.01)
        assert update.effective_message is not None
        seen[person].append(int(update.effective_message.text or ""))
        under_way.discard(person)

    people_here = [rig.world.add_person(f"P{number}") for number in range(8)]
    for number in range(10):
        for person in people_here:
            rig.world.send_text(person.id, str(number))
    await rig.start(slow)
    await until(lambda: sum(map(len, seen.values())) == 80)
    assert all(numbers == list(range(10)) for numbers in seen.values())
    assert most == 8
    await until(lambda: rig.states() == ["done"] * 80)


async def test_nobody_leaves_anything_in_memory(rig: Rig) -> None:
    bot = await rig.start(count)
    for number in range(30):
        rig.world.send_text(rig.world.add_person(f"P{number}").id, "hello")
    await until(lambda: len(counted(rig)) == 30)
    await until(lambda: not bot._lanes._lanes)
    assert not bot._lanes._ready
    assert not bot._lanes._started_s
    assert bot._lanes.waiting == 0


async def test_an_update_that_cannot_be_read_is_set_aside_and_blocks_nobody(rig: Rig) -> None:
    bot = await rig.start()
    admin = rig.world.add_person("Root")
    await rig.know(bot, admin, "admin")
    ada = rig.world.add_person("Ada")
    rig.world.inject_update({"message": {"from": {"id": ada.id}, "text": 17, "date": "yesterday"}})
    rig.world.inject_update({"callback_query": "no object at all"})
    rig.world.send_text(ada.id, "/start")
    await until(lambda: rig.texts(ada))
    await until(lambda: rig.states().count("set_aside") == 2)
    troubles = [trouble for (trouble,) in rig.rows("SELECT trouble FROM inbox WHERE state = 'set_aside'")]
    assert all("cannot be read as an update" in trouble for trouble in troubles)
    await until(lambda: any("stays aside" in text for text in rig.texts(admin)))
    polls = bot._poller is not None and bot._poller._offset
    assert polls  # The offset went on behind them: they are not fetched again.


async def test_deep_nesting_and_lone_surrogates_are_kept_and_block_nobody(rig: Rig) -> None:
    bot = await rig.start()
    ada = rig.world.add_person("Ada")
    deep: object = "bottom"
    for _ in range(300):
        deep = [deep]
    await bot._intake.take([{"update_id": 5, "message": {"deep": deep, "text": "\ud800"}}])
    await until(lambda: rig.states() == ["set_aside"])
    rig.world.send_text(ada.id, "/start")
    await until(lambda: rig.texts(ada))


async def test_a_tap_whose_id_holds_half_a_character_blocks_nobody(rig: Rig) -> None:
    bot = await rig.start()
    ada = rig.world.add_person("Ada")
    sender = {"id": ada.id, "is_bot": False, "first_name": "Ada"}
    rig.world.inject_update(
        {"callback_query": {"id": "\ud800", "from": sender, "data": "x", "chat_instance": "1"}}
    )
    rig.world.send_text(ada.id, "/start")
    await until(lambda: rig.texts(ada))
    assert not bot.failed.done()


def test_an_update_of_any_depth_that_could_be_read_can_be_kept() -> None:
    read = 0
    for depth in range(900, 1000):
        try:
            body = json.loads('{"update_id": 5, "deep": ' + "[" * depth + "]" * depth + "}")
        except RecursionError:
            break
        read += 1
        assert arrival_of(body).update_id == 5
        assert json.loads(arrival_of(body).text)["update_id"] == 5
    assert read > 0


def test_of_a_tapped_message_only_its_place_is_kept() -> None:
    chat, sender = {"id": 7, "type": "private"}, {"id": 7, "is_bot": False, "first_name": "Ada"}
    message = {
        "message_id": 3,
        "date": 5,
        "chat": chat,
        "text": "an item",
        "reply_markup": {"inline_keyboard": []},
    }
    tap = {"id": "1", "from": sender, "data": "a:x", "message": message}
    kept = {"message_id": 3, "date": 5, "chat": chat}
    body = {"update_id": 9, "callback_query": tap}
    assert without_tapped_text(body) == {"update_id": 9, "callback_query": {**tap, "message": kept}}
    assert tap["message"] is message, "what came is left as it is"


@pytest.mark.parametrize(
    "body",
    [
        {"update_id": 9, "message": {"message_id": 3, "text": "kept"}},
        {"update_id": 9, "callback_query": {"id": "1", "data": "a:x"}},
        {"update_id": 9, "callback_query": {"id": "1", "message": "broken"}},
        {"update_id": 9, "callback_query": "broken"},
        ["broken"],
    ],
)
def test_everything_else_is_kept_whole(body: object) -> None:
    assert without_tapped_text(body) == body


async def test_what_is_no_json_is_set_aside_once_it_stands_alone(rig: Rig) -> None:
    bot = await rig.start()
    assert await bot._intake.take_unreadable(b'{"update_id": 77, "message": {"text": nonsense') == 77
    assert await bot._intake.take_unreadable(b"no number in it") == UNKNOWN_ID
    assert rig.states() == ["set_aside", "set_aside"]


async def test_a_new_process_takes_up_what_the_former_left_in_order(rig: Rig) -> None:
    bot = await rig.start(count)
    bodies = [
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 1,
                "chat": {"id": 7, "type": "private", "first_name": "A"},
                "from": {"id": 7, "is_bot": False, "first_name": "A"},
                "text": str(number),
            },
        }
        for number in range(1, 451)
    ]
    await bot.store.write(inbox.accept, [arrival_of(body) for body in bodies])
    await rig.stop()
    assert rig.states() == ["new"] * 450
    await rig.start(count)
    await until(lambda: rig.states() == ["done"] * 450)
    assert counted(rig) == [str(number) for number in range(1, 451)]


async def test_a_kept_row_that_cannot_be_opened_does_not_keep_the_bot_from_starting(rig: Rig) -> None:
    bot = await rig.start(count)
    await bot.store.write(inbox.accept, [arrival_of({"update_id": 1, "message": {}})])
    await bot.store.write(lambda tx: tx._engine.execute("UPDATE inbox SET payload = 'spoilt'", {}).rowcount)
    await rig.stop()
    bot = await rig.start(count)
    rig.world.send_text(rig.world.add_person("Ada").id, "hello")
    await until(lambda: counted(rig) == ["hello"])
    assert rig.states() == ["set_aside", "done"]
    assert not bot.failed.done()


async def poison_was_begun(rig: Rig, times: int) -> None:
    await until(lambda: rig.value("SELECT attempts FROM inbox WHERE id = 1") == times)


async def test_a_row_that_never_ends_is_set_aside_after_a_few_starts_and_its_neighbours_are_not(
    rig: Rig,
) -> None:
    """The processes below end like killed ones: their handlers hang, and nothing of theirs is written at the end."""

    async def hang_on_poison(update: Update, context: Context) -> None:
        assert update.effective_message is not None
        if update.effective_message.text == "poison":
            await asyncio.sleep(3600)
        await count(update, context)

    ada, eve = rig.world.add_person("Ada"), rig.world.add_person("Eve")
    starts = 0
    await rig.start(hang_on_poison)
    rig.world.send_text(eve.id, "poison")
    rig.world.send_text(eve.id, "after poison")
    while "set_aside" not in rig.states():
        starts += 1
        rig.world.send_text(ada.id, f"hello {starts}")
        await poison_was_begun(rig, starts - 1)
        await asyncio.sleep(0.1)
        for bot in rig.bots:
            await bot._lanes.close(0)
        await rig.stop()
        await rig.start(hang_on_poison)
        assert starts <= STARTS_MAX + 1
        await asyncio.sleep(0.1)
    assert starts == STARTS_MAX + 1
    await until(lambda: "after poison" in counted(rig))
    await until(lambda: rig.states().count("done") == starts + 1)
    assert rig.value("SELECT trouble FROM inbox WHERE id = 1") == f"it did not end in {STARTS_MAX} starts"


async def test_a_handler_whose_write_fails_for_want_of_a_disk_runs_again_and_nobody_is_told(rig: Rig) -> None:
    bot = await rig.start()
    runs = 0

    async def count_later(update: Update, context: Context) -> None:
        nonlocal runs
        runs += 1
        await bot.store._writer.execute_fetchall(f"PRAGMA query_only={'ON' if runs == 1 else 'OFF'}")
        try:
            await count(update, context)
        finally:
            await bot.store._writer.execute_fetchall("PRAGMA query_only=OFF")

    rig.answer(bot, count_later)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "hello")
    await until(lambda: counted(rig) == ["hello"])
    await until(lambda: rig.rows("SELECT state, trouble FROM inbox") == [("done", None)])
    assert runs == 2
    assert rig.texts(ada) == []


async def test_when_nothing_can_be_written_updates_wait_and_none_is_lost(rig: Rig) -> None:
    bot = await rig.start(count)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "before")
    await until(lambda: counted(rig) == ["before"])
    await bot.store._writer.execute_fetchall("PRAGMA max_page_count=1")
    for number in range(40):
        rig.world.send_text(ada.id, f"{number} " + "x" * 2000)
    await until(lambda: bot._gate.trouble)
    assert "disk is full" in bot._gate.trouble
    await bot.store._writer.execute_fetchall("PRAGMA max_page_count=1000000")
    await until(lambda: len(counted(rig)) == 41)
    assert [text.split()[0] for text in counted(rig)[1:]] == [str(number) for number in range(40)]
    assert not bot._gate.trouble
