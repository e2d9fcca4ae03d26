"""The table of methods and the objects that come back, held against the machine-readable Bot API.

The description is looked for in the folder that VERITAP_DATA names, else among the data beside the project.
Where it is absent, an extract of required fields, written here by hand, stands in for it; where it is there,
the extract is held against it too, so that it cannot go stale.
"""

import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Person, World
from sandbox.parameters import METHODS, Kind
from tests.sandbox.api import Api, keyboard, minimal_png

REQUIRED_PARAMETERS = {
    "answerCallbackQuery": "callback_query_id",
    "close": "",
    "copyMessage": "chat_id from_chat_id message_id",
    "deleteMessage": "chat_id message_id",
    "deleteMessages": "chat_id message_ids",
    "deleteMyCommands": "",
    "deleteWebhook": "",
    "editMessageCaption": "",
    "editMessageReplyMarkup": "",
    "editMessageText": "",
    "forwardMessage": "chat_id from_chat_id message_id",
    "getChat": "chat_id",
    "getChatMenuButton": "",
    "getFile": "file_id",
    "getMe": "",
    "getMyCommands": "",
    "getMyDescription": "",
    "getMyName": "",
    "getMyShortDescription": "",
    "getUpdates": "",
    "getWebhookInfo": "",
    "logOut": "",
    "pinChatMessage": "chat_id message_id",
    "sendChatAction": "chat_id action",
    "sendDocument": "chat_id document",
    "sendMessage": "chat_id text",
    "sendMessageDraft": "chat_id draft_id",
    "sendPhoto": "chat_id photo",
    "sendRichMessage": "chat_id rich_message",
    "setChatMenuButton": "",
    "setMessageReaction": "chat_id message_id",
    "setMyCommands": "commands",
    "setMyDescription": "",
    "setMyName": "",
    "setMyShortDescription": "",
    "setWebhook": "url",
    "unpinChatMessage": "chat_id",
}
REQUIRED_FIELDS = {
    "BotCommand": "command description",
    "BotDescription": "description",
    "BotName": "name",
    "BotShortDescription": "short_description",
    "CallbackQuery": "id from chat_instance",
    "Chat": "id type",
    "ChatFullInfo": "id type accent_color_id max_reaction_count accepted_gift_types",
    "ChatMemberUpdated": "chat from date old_chat_member new_chat_member",
    "Document": "file_id file_unique_id",
    "File": "file_id file_unique_id",
    "InlineKeyboardButton": "text",
    "InlineKeyboardMarkup": "inline_keyboard",
    "Message": "message_id date chat",
    "MessageEntity": "type offset length",
    "MessageId": "message_id",
    "MessageOriginUser": "type date sender_user",
    "PhotoSize": "file_id file_unique_id width height",
    "RichMessage": "blocks",
    "Sticker": "file_id file_unique_id type width height is_animated is_video",
    "Update": "update_id",
    "User": "id is_bot first_name",
    "Voice": "file_id file_unique_id duration",
    "WebhookInfo": "url has_custom_certificate pending_update_count",
}
# A rich message also keeps its source, which the chat page draws.
OWN_FIELDS = {"RichMessage": {"html", "markdown"}}
SIMPLE = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "False": bool}

Field = tuple[list[str], bool]


class Description:
    """Answer what a method takes and what an object holds, from the whole description or from the extract."""

    def __init__(self, whole: dict[str, Any] | None) -> None:
        self.whole = whole

    def parameters(self, method: str) -> dict[str, Field] | None:
        """Return every parameter with its types and whether it is required; None where only the extract is known."""
        return None if self.whole is None else _fields(self.whole["methods"][method])

    def required(self, method: str) -> set[str]:
        """Return the names of the parameters without which a method is refused."""
        fields = self.parameters(method)
        if fields is None:
            return set(REQUIRED_PARAMETERS[method].split())
        return {name for name, (_, required) in fields.items() if required}

    def problem(self, value: Any, types: list[str], where: str) -> str:
        """Return why the value is of none of the types, down to its last field; empty where it is of one."""
        problems = [self._problem_of_one(value, name, where) for name in types]
        return "" if "" in problems else "; ".join(problems)

    def _problem_of_one(self, value: Any, name: str, where: str) -> str:
        if name in SIMPLE:
            return "" if type(value) is SIMPLE[name] else f"{where} is no {name}"
        if name.startswith("Array of "):
            if not isinstance(value, list):
                return f"{where} is no array"
            inner = [name.removeprefix("Array of ")]
            return _first(self.problem(item, inner, f"{where}[{place}]") for place, item in enumerate(value))
        described = self.whole["types"][name] if self.whole is not None else {}
        if described.get("subtypes"):
            return self.problem(value, described["subtypes"], where)
        if not isinstance(value, dict):
            return f"{where} is no {name}"
        return self._problem_of_object(value, name, described, where)

    def _problem_of_object(
        self, value: dict[str, Any], name: str, described: dict[str, Any], where: str
    ) -> str:
        fields = _fields(described)
        required = {field for field, (_, needed) in fields.items() if needed}
        if self.whole is None:
            required = set(REQUIRED_FIELDS.get(name, "").split())
        missing = required - value.keys()
        if missing:
            return f"{where} ({name}) lacks {', '.join(sorted(missing))}"
        if self.whole is None:
            return ""
        known = {field: item for field, item in value.items() if field not in OWN_FIELDS.get(name, ())}
        unknown = known.keys() - fields.keys()
        if unknown:
            return f"{where} ({name}) has no {', '.join(sorted(unknown))}"
        return _first(
            self.problem(item, fields[field][0], f"{where}.{field}") for field, item in known.items()
        )


def _first(problems: Iterator[str]) -> str:
    return next(filter(None, problems), "")


def _fields(described: dict[str, Any]) -> dict[str, Field]:
    return {field["name"]: (field["types"], field["required"]) for field in described.get("fields", [])}


@functools.cache
def whole_description() -> dict[str, Any] | None:
    """Return the machine-readable Bot API, or None where there is none on this machine."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    path = Path(os.environ.get("VERITAP_DATA") or beside) / "bot_api_spec.json"
    return json.loads(path.read_text()) if path.is_file() else None


@pytest.fixture(params=["whole", "extract"])
def description(request: pytest.FixtureRequest) -> Description:
    """The whole description where it is at hand, and the extract always."""
    return Description(whole_description() if request.param == "whole" else None)


def kind_of(types: list[str]) -> Kind:
    """Return how a parameter of these types is read."""
    if types == ["Integer", "String"]:
        return Kind.CHAT
    if types[0] == "InputFile":
        return Kind.FILE if "String" in types else Kind.UPLOAD
    if types[0].startswith("Array of "):
        return Kind.ARRAY
    return Kind(types[0]) if types[0] in SIMPLE else Kind.OBJECT


def test_the_table_holds_the_methods_that_are_known() -> None:
    assert {method.name for method in METHODS.values()} == set(REQUIRED_PARAMETERS)


@pytest.mark.parametrize("method", sorted(REQUIRED_PARAMETERS))
def test_a_method_takes_what_is_described(method: str, description: Description) -> None:
    ours = METHODS[method.lower()]
    assert set(ours.required) == description.required(method)
    described = description.parameters(method)
    if described is not None:
        assert dict(ours.kinds) == {name: kind_of(types) for name, (types, _) in described.items()}


def test_the_extract_agrees_with_the_whole_description() -> None:
    whole = whole_description() or {"methods": {}, "types": {}}
    for kind, extract in (("methods", REQUIRED_PARAMETERS), ("types", REQUIRED_FIELDS)):
        for name in extract.keys() & whole[kind].keys():
            required = {field for field, (_, needed) in _fields(whole[kind][name]).items() if needed}
            assert set(extract[name].split()) == required, name


async def test_what_comes_back_is_as_described(
    api: Api, world: World, ann: Person, description: Description
) -> None:
    answers = await every_answer(api, world, ann)
    for place, (types, value) in enumerate(answers):
        assert not description.problem(value, types, f"{place}:{types[0]}")
    returning = {types[0] for types, _ in answers}
    assert {
        "Message",
        "User",
        "Array of Update",
        "File",
        "WebhookInfo",
        "ChatFullInfo",
        "MessageId",
    } <= returning


async def test_a_field_missing_or_of_a_wrong_type_is_noticed(
    api: Api, ann: Person, description: Description
) -> None:
    message = await api.send(ann, reply_markup=keyboard("Yes"))
    del message["chat"]
    assert description.problem(message, ["Message"], "message") == "message (Message) lacks chat"
    assert description.problem([message], ["Message"], "message") == "message is no Message"
    assert description.problem("5", ["Integer"], "number") == "number is no Integer"
    assert description.problem([{}], ["Array of Update"], "updates") == "updates[0] (Update) lacks update_id"


async def every_answer(api: Api, world: World, ann: Person) -> list[tuple[list[str], Any]]:
    """Return one answer of each kind with the types that it should have."""
    chat = {"chat_id": ann.id}
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    card = await api.send(ann, "see https://e.org", reply_markup=keyboard("Yes"), entities=bold)
    edit = await api.ok("editMessageText", **chat, message_id=card["message_id"], text="new")
    rich = await api.ok("sendRichMessage", **chat, rich_message={"html": "<p>a</p>", "is_rtl": True})
    reply = await api.send(ann, reply_parameters={"message_id": card["message_id"]}, protect_content=True)
    source = {"from_chat_id": ann.id, "message_id": card["message_id"]}
    forward = await api.ok("forwardMessage", **chat, **source)
    copy = await api.ok("copyMessage", **chat, **source)
    document = world.files.add_document("a.txt", b"x")
    sent = await api.ok("sendDocument", **chat, document=document.file_id, caption="/c")
    photo = await api.ok("sendPhoto", **chat, photo=world.files.add_photo("a.png", minimal_png()).file_id)
    await api.ok("pinChatMessage", **chat, message_id=card["message_id"])
    commands = [{"command": "a", "description": "b"}]
    return [
        *((["Message"], message) for message in (card, edit, rich, reply, forward, sent, photo)),
        (["MessageId"], copy),
        (["User"], await api.ok("getMe")),
        (["ChatFullInfo"], await api.ok("getChat", **chat)),
        (["File"], await api.ok("getFile", file_id=document.file_id)),
        (["Boolean"], await api.ok("setMyCommands", commands=commands)),
        (["Array of BotCommand"], await api.ok("getMyCommands")),
        (["BotName"], await api.ok("getMyName")),
        (["BotDescription"], await api.ok("getMyDescription")),
        (["BotShortDescription"], await api.ok("getMyShortDescription")),
        (["MenuButton"], await api.ok("getChatMenuButton")),
        (["Array of Update"], await every_update(api, world, ann, card["message_id"])),
        (["Boolean"], await api.ok("setWebhook", url="http://127.0.0.1:1/", allowed_updates=["message"])),
        (["WebhookInfo"], await api.ok("getWebhookInfo")),
    ]


async def every_update(api: Api, world: World, ann: Person, card_id: int) -> Any:
    """Return an update of each kind."""
    world.send_text(ann.id, "/start hello@e.org")
    world.upload(ann.id, "a.txt", b"x", "caption")
    world.upload(ann.id, "a.png", minimal_png(), photo=True)
    world.edit_text(ann.id, world.send_text(ann.id, "an answer", reply_to=card_id).message_id, "another")
    world.send_sticker(ann.id)
    world.send_voice(ann.id)
    world.send_photo(ann.id, "#look")
    world.tap(ann.id, card_id, "x")
    await api.ok("deleteMessage", chat_id=ann.id, message_id=card_id)
    world.tap(ann.id, card_id, "x")
    world.block(ann.id)
    world.unblock(ann.id)
    updates = await api.updates()
    assert len(updates) == 12
    return updates
