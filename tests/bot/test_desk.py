"""What becomes of one update: done, refused, told with an incident's number, or tried again."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest
from telegram import Update

from actions import people, refusals
from actions.ports import Tx
from bot.incidents import number_of, trace_of
from handlers.context import Context
from tests.bot.conftest import Rig, until

SECRET = "Janet's ducks lay 16 eggs"


async def tap(rig: Rig, account_id: int, data: str = "x:1") -> str:
    """Tap a button of a message that the bot sent before."""
    message = next(message for message in rig.world.messages(account_id) if not message.outgoing)
    return rig.world.tap(account_id, message.message_id, data)


async def refuse(update: Update, context: Context) -> None:
    def action(tx: Tx) -> None:
        people.audit(tx, "test", "wrote", "before the refusal")
        raise refusals.NoSuchProject(slug="maths")

    await context.write(action)


async def break_down(update: Update, context: Context) -> None:
    raise KeyError(SECRET)


async def test_a_refusal_is_read_by_the_person_and_leaves_nothing(rig: Rig) -> None:
    await rig.start(refuse)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "hello")
    await until(lambda: rig.texts(ada) == ['There is no project called "maths".'])
    await until(lambda: rig.states() == ["done"])
    assert rig.value("SELECT COUNT(*) FROM audit") == 0
    assert rig.value("SELECT trouble FROM inbox") is None
    query = await tap(rig, ada.id)
    await until(lambda: query in rig.world.answers)
    assert rig.world.answers[query].show_alert
    assert rig.world.answers[query].text == 'There is no project called "maths".'


async def test_a_refusal_too_long_for_a_box_is_read_in_the_chat(rig: Rig) -> None:
    async def refuse_at_length(update: Update, context: Context) -> None:
        raise refusals.NoSuchProject(slug="x" * 300)

    await rig.start(refuse_at_length)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "hello")
    await until(lambda: rig.texts(ada))
    query = await tap(rig, ada.id)
    await until(lambda: len(rig.texts(ada)) == 2)
    assert rig.texts(ada)[1].endswith(f'{"x" * 300}".')
    assert not rig.world.answers[query].text


async def test_a_right_that_was_refused_is_written_down(rig: Rig) -> None:
    async def refuse_right(update: Update, context: Context) -> None:
        raise refusals.NotAllowed(role="admin")

    await rig.start(refuse_right)
    rig.world.send_text(rig.world.add_person("Ada").id, "hello")
    await until(
        lambda: rig.rows("SELECT actor, deed, subject FROM audit") == [("stranger", "refused", "admin")]
    )


async def test_a_fault_is_logged_told_and_kept(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    bot = await rig.start()
    root = rig.world.add_person("Root")
    await rig.know(bot, root, "admin")
    await rig.stop()
    await rig.start(break_down)
    ada = rig.world.add_person("Ada")
    with caplog.at_level(logging.ERROR):
        rig.world.send_text(ada.id, SECRET)
        await until(lambda: rig.texts(ada))
        await until(lambda: len(rig.texts(root)) == 2)
    (told,) = rig.texts(ada)
    found = re.fullmatch(
        r"Something went wrong on our side; nothing you did is lost\. Incident ([0-9A-Z]{4}-[0-9A-Z]{4})\.",
        told,
    )
    assert found
    number = found.group(1)
    alert = rig.texts(root)[1]
    assert number in alert
    assert "KeyError" in alert
    assert "tests/bot/test_desk.py" in alert
    assert number in caplog.text
    assert SECRET not in alert + caplog.text
    assert "Ada" not in alert
    assert rig.rows("SELECT state, trouble FROM inbox WHERE trouble IS NOT NULL") == [
        ("set_aside", f"incident {number}")
    ]
    assert rig.value("SELECT LENGTH(payload) FROM inbox WHERE state = 'set_aside'") > 0


async def test_a_fault_after_the_write_leaves_the_update_done(rig: Rig) -> None:
    async def write_and_break(update: Update, context: Context) -> None:
        await context.write(people.audit, "test", "counted", "once")
        raise RuntimeError

    await rig.start(write_and_break)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "hello")
    await until(lambda: rig.texts(ada))
    assert rig.value("SELECT COUNT(*) FROM audit") == 1
    (row,) = rig.rows("SELECT state, trouble FROM inbox")
    assert row[0] == "done"
    assert row[1].startswith("incident ")


async def test_many_faults_in_a_minute_are_one_alert(rig: Rig) -> None:
    bot = await rig.start()
    root = rig.world.add_person("Root")
    await rig.know(bot, root, "admin")
    await rig.stop()
    bot = await rig.start(break_down)
    ada = rig.world.add_person("Ada")
    for number in range(20):
        rig.world.send_text(ada.id, str(number))
    await until(lambda: bot._desk.faults == 20)
    alerts = "SELECT COUNT(*), COUNT(DISTINCT created_ms / 60000) FROM deliveries WHERE key LIKE 'alert:incident:%'"
    ((count, minutes),) = rig.rows(alerts)
    assert count == minutes


async def test_a_fault_on_a_tap_is_told_over_the_chat(rig: Rig) -> None:
    bot = await rig.start()
    ada = rig.world.add_person("Ada")
    await rig.know(bot, ada)
    await rig.stop()
    await rig.start(break_down)
    query = await tap(rig, ada.id)
    await until(lambda: query in rig.world.answers)
    assert rig.world.answers[query].show_alert
    assert "Incident" in rig.world.answers[query].text
    assert len(rig.texts(ada)) == 1


async def test_a_reply_that_fails_before_anything_was_written_is_tried_again(rig: Rig) -> None:
    async def greet(update: Update, context: Context) -> None:
        await context.services.api.call("sendMessage", chat_id=context.chat_id, text="hello")

    await rig.start(greet)
    ada = rig.world.add_person("Ada")
    rig.fault("cut_before", "sendMessage", times=1)
    rig.world.send_text(ada.id, "hello")
    await until(lambda: rig.texts(ada) == ["hello"])
    await until(lambda: rig.states() == ["done"])


async def test_a_reply_that_fails_after_the_write_does_not_run_the_write_again(rig: Rig) -> None:
    async def write_and_greet(update: Update, context: Context) -> None:
        await context.write(people.audit, "test", "counted", "once")
        await context.services.api.call("sendMessage", chat_id=context.chat_id, text="hello")

    bot = await rig.start(write_and_greet)
    ada = rig.world.add_person("Ada")
    rig.fault("cut_before", "sendMessage", times=5)
    rig.world.send_text(ada.id, "hello")
    await until(lambda: bot._desk.handled == 1)
    assert rig.value("SELECT COUNT(*) FROM audit") == 1
    assert rig.rows("SELECT state, trouble FROM inbox") == [("done", None)]


async def test_who_blocks_the_bot_while_being_answered_is_unreachable(rig: Rig) -> None:
    bot = await rig.start()
    ada = rig.world.add_person("Ada")
    await rig.know(bot, ada)
    rig.fault("403", "sendMessage")
    rig.world.send_text(ada.id, "/help")
    await until(lambda: rig.value("SELECT unreachable_ms FROM people") is not None)
    assert rig.value("SELECT trouble FROM inbox ORDER BY id DESC LIMIT 1") == "blocked"


async def test_a_handler_that_hangs_is_ended_and_its_person_goes_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.HANDLER_LIMIT_S", 0.1)

    async def hang_once(update: Update, context: Context) -> None:
        assert update.effective_message is not None
        if update.effective_message.text == "hang":
            await asyncio.sleep(60)
        await context.services.api.call("sendMessage", chat_id=context.chat_id, text="here")

    await rig.start(hang_once)
    ada = rig.world.add_person("Ada")
    rig.world.send_text(ada.id, "hang")
    rig.world.send_text(ada.id, "go on")
    await until(lambda: "here" in rig.texts(ada))
    assert "Incident" in rig.texts(ada)[0]


def test_a_trace_says_where_and_not_what() -> None:
    def inner() -> None:
        raise ValueError(SECRET)

    def outer() -> None:
        try:
            inner()
        except ValueError as error:
            raise TypeError("unsupported operand") from error

    with pytest.raises(TypeError) as caught:
        outer()
    trace = trace_of(caught.value)
    assert SECRET not in trace
    assert "TypeError: unsupported operand" in trace
    assert "\nValueError\n" in trace
    assert "inner" in trace


def test_an_incidents_number_can_be_read_out() -> None:
    assert number_of("a") != number_of("b")
    assert number_of("a") == number_of("a")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number_of("x"))
