"""Rich messages over real HTTP: to a server that takes them, to an older one, to one that refuses; and what is remembered of it."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest
from telegram import Update
from telegram.error import BadRequest

from actions import deliveries
from actions import rich as refusals
from actions.ports import Store, Tx
from bot.app import Bot
from handlers import notices, posting
from handlers.context import Context
from handlers.screen import Button, Screen
from rules import rich
from rules.text import Text
from sandbox import Person as Account
from storage.errors import StoreBusy
from tests.bot.conftest import Rig, until
from tests.bot.older import make_older, refuse

ROWS = [[Button("To rich", "rich"), Button("To text", "text")]]
TEXT = Screen(Text().plain("as text"), ROWS)
RICH = Screen(Text().plain("a | b as text"), ROWS, rich="<table><tr><td>a</td><td>b</td></tr></table>")
WRONG = dataclasses.replace(RICH, rich="<script>a</script>")
SCREENS = {"text": TEXT, "rich": RICH, "wrong": WRONG}


async def show(update: Update, context: Context) -> None:
    """Answer a text with the screen of that name, and a tap with one in place of the message."""
    if context.tapped:
        await asyncio.gather(context.toast(), context.show(SCREENS[context.tapped]))
    else:
        await context.say(SCREENS[context.said])


@dataclasses.dataclass(slots=True)
class Chat:
    """A bot that shows what it is asked for, and somebody who asks."""

    rig: Rig
    bot: Bot
    account: Account

    async def ask(self, name: str) -> None:
        """Ask for a screen as a new message."""
        before = len(self.shown())
        self.rig.world.send_text(self.account.id, name)
        await until(lambda: len(self.shown()) > before)
        await self._settle()

    async def tap(self, name: str) -> None:
        """Ask for a screen in place of the newest message."""
        messages = [one for one in self.rig.world.messages(self.account.id) if not one.outgoing]
        query_id = self.rig.world.tap(self.account.id, messages[-1].message_id, name)
        await until(lambda: query_id in self.rig.world.answers)
        await self._settle()

    async def _settle(self) -> None:
        """Wait until the bot has nothing in hand: a refusal is noted only after the person was served."""
        await until(lambda: all(state == "done" for state in self.rig.states()))

    def shown(self) -> list[str]:
        """Name the form and the words of every message of the bot."""
        return [
            f"{'rich' if 'rich_message' in one.raw else 'text'}: {one.text.split()[0]}"
            for one in self.rig.world.messages(self.account.id)
            if not one.outgoing
        ]

    def tried(self) -> int:
        """Count the calls that brought a rich message."""
        sent = self.rig.calls("sendRichMessage")
        edited = [call for call in self.rig.calls("editMessageText") if "rich_message" in call.detail]
        return len(sent) + len(edited)

    def mark(self) -> Any:
        return self.rig.value("SELECT value FROM settings WHERE name = 'rich_refused_ms'")


async def open_chat(rig: Rig) -> Chat:
    bot = await rig.start(show)
    return Chat(rig, bot, rig.world.add_person("Ann"))


async def test_a_message_changes_its_form_in_place_and_back(rig: Rig) -> None:
    chat = await open_chat(rig)
    await chat.ask("rich")
    assert chat.shown() == ["rich: a"]
    for name, seen in [("text", "text: as"), ("rich", "rich: a"), ("rich", "rich: a"), ("text", "text: as")]:
        await chat.tap(name)
        assert chat.shown() == [seen]
    assert chat.mark() is None
    message = rig.world.last_message(chat.account.id)
    assert [button["text"] for button in message.buttons] == ["To rich", "To text"]


async def test_an_older_server_gets_text_at_once_and_is_not_asked_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(monkeypatch, rig.world)
    chat = await open_chat(rig)
    await chat.ask("rich")
    assert chat.shown() == ["text: a"]
    assert chat.mark() is not None
    sent = len(rig.calls("sendMessage"))
    await chat.ask("rich")
    await chat.tap("text")
    await chat.tap("rich")
    assert chat.shown() == ["text: a", "text: a"]
    assert len(rig.calls("sendMessage")) == sent + 1
    # An edit that brings no text would have been refused, and a new message sent.
    assert all(call.outcome != "Bad Request: message text is empty" for call in rig.calls("editMessageText"))


async def test_an_older_server_that_is_asked_for_an_edit_first_gets_text(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(monkeypatch, rig.world)
    chat = await open_chat(rig)
    await chat.ask("text")
    await chat.tap("rich")
    assert chat.shown() == ["text: a"]
    assert chat.mark() is not None


async def test_a_server_that_refuses_them_all_is_not_asked_again_even_by_the_next_process(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "sendRichMessage", "rich messages are not supported")
    chat = await open_chat(rig)
    await chat.ask("rich")
    await chat.ask("rich")
    assert chat.shown() == ["text: a", "text: a"]
    assert chat.tried() == 1
    await rig.stop()
    chat.bot = await rig.start(show)
    await chat.ask("rich")
    assert chat.tried() == 1


async def test_a_refusal_of_one_text_is_no_refusal_of_the_others(rig: Rig) -> None:
    chat = await open_chat(rig)
    await chat.ask("wrong")
    assert chat.shown() == ["text: a"]
    await chat.tap("rich")
    await chat.tap("wrong")
    assert chat.shown() == ["text: a"]
    assert chat.mark() is None
    await chat.ask("rich")
    assert chat.shown() == ["text: a", "rich: a"]


async def test_a_message_that_cannot_change_its_form_is_followed_by_a_new_one(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "editMessageText", "the form of the message can't be changed")
    chat = await open_chat(rig)
    await chat.ask("text")
    await chat.tap("rich")
    assert chat.shown() == ["text: as", "rich: a"]
    assert chat.mark() is None


async def test_a_refusal_that_is_no_question_of_form_stays_one(rig: Rig) -> None:
    bot = await rig.start()
    stranger_id = 7_000_000
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await posting.send(bot.services.api.call, bot.store, stranger_id, RICH)
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await posting.edit(bot.services.api.call, bot.store, stranger_id, 1, RICH)
    assert await refusals.may_be_tried(bot.store)


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    return dataclasses.replace(RICH, replaces=notice.get("replaces"), silent=True)


@pytest.mark.parametrize("older", [False, True])
async def test_a_notice_has_its_rich_form_too(rig: Rig, monkeypatch: pytest.MonkeyPatch, older: bool) -> None:
    if older:
        make_older(monkeypatch, rig.world)
    monkeypatch.setitem(notices.COMPOSERS, "text", compose)
    bot = await rig.start()
    ann = rig.world.add_person("Ann")
    person = await rig.know(bot, ann)
    chat = Chat(rig, bot, ann)
    form = "text: a" if older else "rich: a"

    def enqueue(tx: Tx, key: str, replaces: int | None) -> None:
        deliveries.enqueue(tx, person_id=person.id, key=key, notice={"kind": "text", "replaces": replaces})

    await bot.store.write(enqueue, "new", None)
    await until(lambda: chat.shown()[1:] == [form])
    greeting = rig.world.messages(ann.id)[-2].message_id
    await bot.store.write(enqueue, "instead", greeting)
    await until(lambda: chat.shown() == [form, form])
    await until(lambda: rig.rows("SELECT state, attempts FROM deliveries") == [("sent", 1), ("sent", 1)])
    assert (chat.mark() is not None) == older


async def test_an_items_addresses_are_its_words_and_its_direction_is_told(rig: Rig) -> None:
    payload = dataclasses.replace(RICH, rich=rich.plain_html("שלום @ann")).rich_payload()
    assert payload["rich_message"] == {
        "html": "<p>שלום @ann</p>",
        "skip_entity_detection": True,
        "is_rtl": True,
    }
    assert "is_rtl" not in RICH.rich_payload()["rich_message"]
    with pytest.raises(ValueError, match="no rich form"):
        TEXT.rich_payload()


def busy(tx: Tx) -> bool:
    raise StoreBusy


async def test_a_store_that_cannot_be_asked_means_text(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "serves", busy)
    chat = await open_chat(rig)
    await chat.ask("rich")
    assert (chat.shown(), chat.tried()) == (["text: a"], 0)


async def test_a_refusal_that_cannot_be_noted_takes_nothing_from_the_answer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older(monkeypatch, rig.world)
    monkeypatch.setattr(refusals, "refuse", busy)
    chat = await open_chat(rig)
    await chat.ask("rich")
    await chat.tap("rich")
    assert (chat.shown(), chat.mark()) == (["text: a"], None)
