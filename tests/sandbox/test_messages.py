"""Messages: sending, editing, deleting, replies, forwards, and what Telegram refuses about each."""

import json

import aiohttp
import pytest

from sandbox import Person, SandboxError, World
from tests.sandbox.api import Api, keyboard

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
HOUR_MS = 3600 * 1000


async def test_a_call_may_come_as_query_form_multipart_or_json(api: Api, world: World, ann: Person) -> None:
    url, chat = api.url("sendMessage"), str(ann.id)
    await api.session.get(url, params={"chat_id": chat, "text": "query"})
    await api.session.post(url, data={"chat_id": chat, "text": "form"})
    await api.session.post(url, json={"chat_id": ann.id, "text": "json"})
    await api.session.post(f"{url}?chat_id={chat}", json={"text": "both"})
    await api.session.post(api.url("SENDMESSAGE"), data={"chat_id": chat, "text": "any case"})
    multipart = aiohttp.FormData({"chat_id": chat, "text": "multipart €"}, default_to_multipart=True)
    await api.session.post(url, data=multipart)
    seen = [message.text for message in world.messages(ann.id) if not message.outgoing]
    assert seen == ["query", "form", "json", "both", "any case", "multipart €"]


async def test_a_wrong_token_and_an_unknown_method(api: Api) -> None:
    async with api.session.get(f"{api.sandbox.url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    answer = await api.call("sendMoney")
    assert (answer["error_code"], answer["description"]) == (404, "Not Found")


@pytest.mark.parametrize("body", ["[1]", "{", "[" * 100_000])
async def test_a_broken_json_body_is_refused(api: Api, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.session.post(api.url("sendMessage"), data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: can't parse JSON object"


async def test_what_is_not_utf8_is_refused(api: Api, ann: Person) -> None:
    said = "Bad Request: strings must be encoded in UTF-8"
    lone = json.dumps({"chat_id": ann.id, "text": "\ud800"})
    headers = {"Content-Type": "application/json"}
    async with api.session.post(api.url("sendMessage"), data=lone, headers=headers) as response:
        assert (await response.json())["description"] == said
    markup = json.dumps(keyboard("\ud83d\ude00 \udc00"))
    assert await api.refused("sendMessage", chat_id=ann.id, text="x", reply_markup=markup) == said
    assert (await api.send(ann, reply_markup=json.dumps(keyboard("\U0001f600"))))["reply_markup"] == keyboard(
        "😀"
    )
    multipart = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with api.session.post(api.url("sendMessage"), data=multipart, headers=headers) as response:
        assert (await response.json())["description"] == said
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"chat_id=1&text=%ff", b"chat_id=1&text=\xff"):
        async with api.session.post(api.url("sendMessage"), data=body, headers=headers) as response:
            assert (await response.json())["description"] == said
    body = f"chat_id={ann.id}&text=é%C3%A9".encode()
    async with api.session.post(api.url("sendMessage"), data=body, headers=headers) as response:
        assert (await response.json())["result"]["text"] == "éé"


@pytest.mark.parametrize(
    ("method", "fields", "said"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@somebody", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "[]", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 1, "text": "x", "txet": "y"}, 'unknown parameter "txet"'),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("deleteMessage", {"chat_id": 1, "message_id": "x"}, 'parameter "message_id" must be Integer'),
        ("sendChatAction", {"chat_id": 1}, "wrong parameter action in request"),
        ("sendDocument", {"chat_id": 1}, "there is no document in the request"),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("setMyCommands", {"commands": "{"}, 'can\'t parse "commands" JSON array'),
        ("setMyCommands", {"commands": {}}, 'parameter "commands" must be an array'),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "[]"},
            'parameter "reply_markup" must be',
        ),
        ("answerCallbackQuery", {"callback_query_id": "1", "show_alert": "maybe"}, "must be Boolean"),
    ],
)
async def test_missing_and_misshapen_parameters(
    api: Api, method: str, fields: dict[str, object], said: str
) -> None:
    assert said in await api.refused(method, **fields)


async def test_unknown_parameters_can_be_ignored_as_telegram_does(
    api: Api, world: World, ann: Person
) -> None:
    world.refuse_unknown = False
    assert (await api.send(ann, txet="y"))["text"] == "Hello"


async def test_nobody_is_written_to_who_did_not_write_first(api: Api, world: World) -> None:
    ben = world.add_person("Ben")
    said = "Bad Request: chat not found"
    assert await api.refused("sendMessage", chat_id=ben.id, text="Hi") == said
    assert await api.refused("getChat", chat_id=ben.id) == said
    world.send_text(ben.id, "/start")
    assert (await api.send(ben))["chat"]["id"] == ben.id


async def test_a_sent_message_is_telegrams_own_object(api: Api, world: World, ann: Person) -> None:
    message = await api.send(ann, "Hi", reply_markup=keyboard("Yes"), protect_content=True)
    assert message == {
        "message_id": 2,
        "from": world.bot,
        "chat": {"id": ann.id, "first_name": "Ann", "username": "ann", "type": "private"},
        "date": message["date"],
        "text": "Hi",
        "reply_markup": keyboard("Yes"),
        "has_protected_content": True,
    }
    assert abs(message["date"] - world.clock.now_seconds()) < 100


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("x" * 4096, True),
        ("x" * 4097, False),
        ("😀" * 2048, True),
        ("😀" * 2048 + "x", False),
        ("x" * 4096 + "  \n", True),
    ],
)
async def test_a_text_has_4096_utf16_units_after_trimming(
    api: Api, ann: Person, text: str, fits: bool
) -> None:
    answer = await api.call("sendMessage", chat_id=ann.id, text=text)
    assert answer["ok"] is fits
    if not fits:
        assert answer["description"] == "Bad Request: message is too long"


async def test_markup_does_not_count_towards_the_length(api: Api, ann: Person) -> None:
    message = await api.send(ann, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(message["text"]) == 4096
    assert (
        await api.refused("sendMessage", chat_id=ann.id, text=" \n ") == "Bad Request: text must be non-empty"
    )
    assert (
        await api.refused("sendMessage", chat_id=ann.id, text="<b></b>", parse_mode="HTML")
        == "Bad Request: text must be non-empty"
    )


async def test_an_edit_replaces_text_and_keyboard(api: Api, world: World, ann: Person) -> None:
    message = await api.send(ann, "<b>old</b>", parse_mode="HTML", reply_markup=keyboard("Yes"))
    place = {"chat_id": ann.id, "message_id": message["message_id"]}
    edited = await api.ok("editMessageText", **place, text="new")
    assert edited["text"] == "new"
    assert edited["edit_date"] >= edited["date"]
    assert "entities" not in edited
    assert "reply_markup" not in edited
    assert world.last_message(ann.id).raw == edited
    again = await api.ok("editMessageReplyMarkup", **place, reply_markup=keyboard("No"))
    assert (again["text"], again["reply_markup"]) == ("new", keyboard("No"))
    assert "reply_markup" not in await api.ok("editMessageReplyMarkup", **place)


async def test_an_edit_that_changes_nothing_is_refused(api: Api, ann: Person) -> None:
    message = await api.send(ann, "*x*", parse_mode="MarkdownV2", reply_markup=keyboard("Yes"))
    place = {"chat_id": ann.id, "message_id": message["message_id"]}
    same = {"text": "<b>x</b> ", "parse_mode": "HTML", "reply_markup": keyboard("Yes")}
    assert await api.refused("editMessageText", **place, **same) == NOT_MODIFIED
    same["link_preview_options"] = {"is_disabled": True}
    assert await api.refused("editMessageText", **place, **same) == NOT_MODIFIED
    assert await api.refused("editMessageReplyMarkup", **place, reply_markup=keyboard("Yes")) == NOT_MODIFIED
    assert (await api.ok("editMessageText", **place, text="x"))["text"] == "x"


async def test_what_cannot_be_edited(api: Api, world: World, ann: Person) -> None:
    own = world.send_text(ann.id, "mine")
    message = await api.send(ann)
    edit = {"chat_id": ann.id, "text": "new"}
    assert await api.refused("editMessageText", **edit) == "Bad Request: message identifier is not specified"
    assert await api.refused("editMessageText", text="new", message_id=1) == "Bad Request: chat_id is empty"
    gone = await api.refused("editMessageText", **edit, message_id=999)
    assert gone == "Bad Request: message to edit not found"
    theirs = await api.refused("editMessageText", **edit, message_id=own.message_id)
    assert theirs == "Bad Request: message can't be edited"
    assert (
        await api.refused("editMessageText", text="x", inline_message_id="1")
        == "Bad Request: MESSAGE_ID_INVALID"
    )
    caption = {"chat_id": ann.id, "message_id": message["message_id"], "caption": "c"}
    said = "Bad Request: there is no caption in the message to edit"
    assert await api.refused("editMessageCaption", **caption) == said


async def test_messages_are_deleted_for_48_hours(api: Api, world: World, ann: Person) -> None:
    young, old = await api.send(ann, "young"), await api.send(ann, "old")
    assert await api.ok("deleteMessage", chat_id=ann.id, message_id=young["message_id"]) is True
    again = await api.refused("deleteMessage", chat_id=ann.id, message_id=young["message_id"])
    assert again == "Bad Request: message to delete not found"
    world.clock.advance(48 * HOUR_MS)
    late = await api.refused("deleteMessage", chat_id=ann.id, message_id=old["message_id"])
    assert late == "Bad Request: message can't be deleted for everyone"
    assert [message.text for message in world.messages(ann.id)] == ["/start", "old"]
    edited = await api.ok("editMessageText", chat_id=ann.id, message_id=old["message_id"], text="edited")
    assert edited["text"] == "edited"


async def test_what_a_person_wrote_is_deleted_too(api: Api, world: World, ann: Person) -> None:
    text, sticker = world.send_text(ann.id, "my answer"), world.send_sticker(ann.id)
    for message in (text, sticker):
        assert await api.ok("deleteMessage", chat_id=ann.id, message_id=message.message_id) is True
    assert [message.text for message in world.messages(ann.id)] == ["/start"]
    with pytest.raises(SandboxError, match="no text"):
        world.edit_text(ann.id, text.message_id, "too late")
    world.clock.advance(48 * HOUR_MS)
    late = await api.refused("deleteMessage", chat_id=ann.id, message_id=1)
    assert late == "Bad Request: message can't be deleted for everyone"
    stranger = world.add_person("Eva")
    unknown = await api.refused("deleteMessage", chat_id=stranger.id, message_id=1)
    assert unknown == "Bad Request: chat not found"


async def test_many_messages_are_deleted_at_once_or_none(api: Api, world: World, ann: Person) -> None:
    old = await api.send(ann, "old")
    world.clock.advance(48 * HOUR_MS)
    first, second = await api.send(ann, "a"), world.send_text(ann.id, "b").raw
    ids = [first["message_id"], second["message_id"], 999, first["message_id"]]
    late = await api.refused("deleteMessages", chat_id=ann.id, message_ids=[*ids, old["message_id"]])
    assert late == "Bad Request: message can't be deleted for everyone"
    assert [message.text for message in world.messages(ann.id)] == ["/start", "old", "a", "b"]
    assert await api.ok("deleteMessages", chat_id=ann.id, message_ids=ids) is True
    assert [message.text for message in world.messages(ann.id)] == ["/start", "old"]
    assert "too many" in await api.refused("deleteMessages", chat_id=ann.id, message_ids=list(range(101)))
    assert "not specified" in await api.refused("deleteMessages", chat_id=ann.id, message_ids=[])


async def test_a_reply_shows_what_it_answers(api: Api, ann: Person) -> None:
    reply = await api.send(ann, "answer", reply_parameters={"message_id": 1})
    assert reply["reply_to_message"]["text"] == "/start"
    missing = {"chat_id": ann.id, "text": "x", "reply_parameters": {"message_id": 99}}
    assert await api.refused("sendMessage", **missing) == "Bad Request: message to be replied not found"
    missing["reply_parameters"] = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await api.ok("sendMessage", **missing)
    missing["reply_parameters"] = {}
    assert "message_id" in await api.refused("sendMessage", **missing)


async def test_forwards_name_the_writer_and_copies_do_not(api: Api, world: World, ann: Person) -> None:
    ben = world.add_person("Ben")
    world.send_text(ben.id, "/start")
    source = {"chat_id": ben.id, "from_chat_id": ann.id, "message_id": 1}
    forward = await api.ok("forwardMessage", **source)
    assert forward["text"] == "/start"
    assert forward["forward_origin"]["sender_user"]["id"] == ann.id
    copy = await api.ok("copyMessage", **source)
    assert list(copy) == ["message_id"]
    assert "forward_origin" not in world.last_message(ben.id).raw
    secret = await api.send(ann, "secret", protect_content=True)
    source["message_id"] = secret["message_id"]
    assert await api.refused("forwardMessage", **source) == "Bad Request: message can't be forwarded"
    source["message_id"] = 99
    assert await api.refused("copyMessage", **source) == "Bad Request: message to copy not found"


async def test_pins_reactions_actions_and_drafts(api: Api, world: World, ann: Person) -> None:
    place = {"chat_id": ann.id, "message_id": 1}
    await api.ok("pinChatMessage", **place)
    assert (await api.ok("getChat", chat_id=ann.id))["pinned_message"]["text"] == "/start"
    await api.ok("unpinChatMessage", chat_id=ann.id)
    assert "not found" in await api.refused("unpinChatMessage", chat_id=ann.id)
    assert "not found" in await api.refused("pinChatMessage", chat_id=ann.id, message_id=99)
    await api.ok("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert world.messages(ann.id)[0].reactions == ["👍"]
    odd = [{"type": "emoji", "emoji": "🧦"}]
    assert await api.refused("setMessageReaction", **place, reaction=odd) == "Bad Request: REACTION_INVALID"
    await api.ok("sendChatAction", chat_id=ann.id, action="typing")
    assert (await api.sim("GET", "chat", person=ann.id))["typing"] is True
    world.clock.advance(5_000)
    assert (await api.sim("GET", "chat", person=ann.id))["typing"] is False
    wrong = await api.refused("sendChatAction", chat_id=ann.id, action="dancing")
    assert wrong == "Bad Request: wrong parameter action in request"
    await api.ok("sendMessageDraft", chat_id=ann.id, draft_id=1, text="so far")
    assert "too long" in await api.refused("sendMessageDraft", chat_id=ann.id, draft_id=1, text="x" * 4097)


async def test_messages_beyond_the_limit_of_a_chat_are_forgotten(
    api: Api, world: World, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.models.MESSAGES_KEPT_PER_CHAT", 2)
    for text in ("a", "b", "c"):
        await api.send(ann, text)
    assert [message.text for message in world.messages(ann.id)] == ["b", "c"]
    assert "not found" in await api.refused("editMessageText", chat_id=ann.id, message_id=2, text="x")
