"""A stock python-telegram-bot `Bot` over its own httpx transport lives in the sandbox and reads its own results."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from sandbox import Fault, Person, Sandbox, World
from tests.sandbox.api import minimal_png

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y", style="success")]])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with make_bot(sandbox, sandbox.token) as running:
        yield running


def make_bot(sandbox: Sandbox, token: str) -> Bot:
    return Bot(
        token,
        base_url=f"{sandbox.url}/bot",
        base_file_url=f"{sandbox.url}/file/bot",
        request=HTTPXRequest(read_timeout=5),
    )


async def test_a_conversation(bot: Bot, world: World, ann: Person) -> None:
    assert (bot.username, bot.first_name) == ("veritap_bot", "Veritap")
    world.send_text(ann.id, "/start abc")
    (start,) = await bot.get_updates(timeout=5)
    assert start.message is not None
    assert start.message.text == "/start abc"
    assert start.message.parse_entities([MessageEntity.BOT_COMMAND])
    card = await bot.send_message(
        ann.id, "<b>Correct</b> 😀?", parse_mode=ParseMode.HTML, reply_markup=BUTTONS, protect_content=True
    )
    assert card.reply_markup == BUTTONS
    assert card.parse_entity(card.entities[0]) == "Correct"
    query_id = world.tap(ann.id, card.message_id, world.last_message(ann.id).data_of("Yes"))
    (tap,) = await bot.get_updates(offset=start.update_id + 1, timeout=5)
    assert tap.callback_query is not None
    assert tap.callback_query.message == card
    assert await tap.callback_query.answer("Saved", show_alert=True)
    assert world.answers[query_id].text == "Saved"
    edited = await tap.callback_query.edit_message_text("Done")
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("Done", None)
    with pytest.raises(BadRequest, match="not modified"):
        await card.edit_text("Done")
    with pytest.raises(BadRequest, match="too old"):
        await tap.callback_query.answer()


async def test_files_go_and_come(bot: Bot, world: World, ann: Person) -> None:
    sent = await bot.send_document(
        ann.id, b"# Raw \xf0\x9f\x98\x80", filename="räw.md", caption="c", reply_markup=BUTTONS
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("räw.md", "text/markdown")
    again = await bot.send_document(ann.id, sent.document.file_id)
    assert again.document == sent.document
    photo = await bot.send_photo(ann.id, minimal_png(30, 20))
    assert (photo.photo[0].width, photo.photo[0].height) == (30, 20)
    world.upload(ann.id, "items.jsonl", b'{"id": 1}')
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b'{"id": 1}'


async def test_the_rest_of_the_methods_is_understood(bot: Bot, world: World, ann: Person) -> None:
    commands = [BotCommand("work", "Work")]
    scope = BotCommandScopeChat(ann.id)
    assert await bot.set_my_commands(commands, scope=scope, language_code="en")
    assert await bot.get_my_commands(scope=scope, language_code="en") == tuple(commands)
    assert await bot.delete_my_commands(scope=scope, language_code="en")
    assert await bot.set_my_name("V")
    assert (await bot.get_my_name()).name == "V"
    assert await bot.set_my_description("D")
    assert (await bot.get_my_description()).description == "D"
    assert await bot.set_my_short_description("S")
    assert (await bot.get_my_short_description()).short_description == "S"
    assert await bot.set_chat_menu_button(ann.id, MenuButtonCommands())
    assert await bot.get_chat_menu_button(ann.id) == MenuButtonCommands()
    assert (await bot.get_chat(ann.id)).first_name == "Ann"
    message = await bot.send_message(
        ann.id, "x", reply_markup=ForceReply(), reply_parameters=ReplyParameters(1)
    )
    assert message.reply_to_message is not None
    assert (await message.forward(ann.id)).forward_origin is not None
    assert (await message.copy(ann.id)).message_id > message.message_id
    assert await message.pin()
    assert await message.unpin()
    assert await message.set_reaction("👍")
    assert await bot.send_chat_action(ann.id, "typing")
    assert await bot.send_message_draft(ann.id, 1, "so")
    assert await bot.edit_message_reply_markup(ann.id, message.message_id, reply_markup=BUTTONS)
    assert await message.delete()
    assert await bot.set_webhook(
        f"http://127.0.0.1:1/{ann.id}", secret_token="s", allowed_updates=["message"]
    )
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook(drop_pending_updates=True)


async def test_rich_messages_pass_as_raw_calls(bot: Bot, ann: Person) -> None:
    message = await bot.do_api_request(
        "sendRichMessage",
        api_kwargs={"chat_id": ann.id, "rich_message": {"html": "<h1>A</h1>"}, "reply_markup": BUTTONS},
        return_type=Message,
    )
    assert message.api_kwargs["rich_message"]["html"] == "<h1>A</h1>"
    assert (message.text, message.reply_markup) == (None, BUTTONS)


async def test_every_update_can_be_read(bot: Bot, world: World, ann: Person) -> None:
    card = await bot.send_message(ann.id, "x")
    await card.delete()
    world.tap(ann.id, card.message_id, "gone")
    world.block(ann.id)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ann.id, "x")
    world.unblock(ann.id)
    tap, blocked, unblocked = await bot.get_updates(timeout=5)
    assert tap.callback_query is not None
    assert tap.callback_query.message is not None
    assert not tap.callback_query.message.is_accessible
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.difference()["status"] == ("kicked", "member")


# Reading `retry_after` as a number is due to change in the library; the sandbox only has to give it.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_errors_become_the_librarys_own(bot: Bot, sandbox: Sandbox, world: World, ann: Person) -> None:
    world.add_fault(Fault("429", retry_after=7))
    with pytest.raises(RetryAfter):
        await bot.send_message(ann.id, "x")
    world.add_fault(Fault("hang_after", seconds=600))
    with pytest.raises(TimedOut):
        await bot.send_message(ann.id, "x", read_timeout=0.2)
    assert world.last_message(ann.id).text == "x"
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "x")
    with pytest.raises(InvalidToken):
        async with make_bot(sandbox, "123:wrong"):
            pass
