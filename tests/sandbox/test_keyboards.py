"""Keyboards: limits, what a button may be, and what becomes of the other kinds."""

from typing import Any

import pytest

from sandbox import Person, World
from tests.sandbox.api import Api, keyboard


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


@pytest.mark.parametrize(
    "markup",
    [
        button(callback_data="x" * 64),
        button(callback_data="é" * 32),
        button(url="https://example.org"),
        button(copy_text={"text": "x" * 256}),
        button(callback_data="x", style="danger"),
        button(disabled={}),
        keyboard(*"abcdefgh"),
        {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 100},
    ],
)
async def test_allowed_keyboards_come_back_as_they_were(
    api: Api, ann: Person, markup: dict[str, Any]
) -> None:
    assert (await api.send(ann, reply_markup=markup))["reply_markup"] == markup


PARSE = "can't parse inline keyboard button: "


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (button(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (button(callback_data="é" * 33), "BUTTON_DATA_INVALID"),
        (button(callback_data=""), "BUTTON_DATA_INVALID"),
        (button(callback_data=5), PARSE + 'Field "callback_data" must be of type String'),
        (button(), PARSE + "Text buttons are unallowed in the inline keyboard"),
        (
            button(callback_data="x", url="https://e.org"),
            PARSE + "exactly one of the optional fields must be used",
        ),
        (button(callback_data="x", style="blue"), PARSE + "invalid button style specified"),
        (button(url="example"), "inline keyboard button URL 'example' is invalid: Wrong HTTP URL"),
        (button(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        ({"inline_keyboard": [[{"callback_data": "x"}]]}, PARSE + 'Can\'t find field "text"'),
        (
            {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]},
            "inline keyboard button text must be non-empty",
        ),
        ({"inline_keyboard": [["x"]]}, PARSE + "expected an Object"),
        (
            {"inline_keyboard": ["x"]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (keyboard(*"abcdefghi"), "REPLY_MARKUP_INVALID"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}, "REPLY_MARKUP_TOO_LONG"),
        ({"wrong": 1}, "object expected as reply markup"),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
        ({"keyboard": 1}, 'field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays'),
        (
            {"force_reply": True, "input_field_placeholder": "x" * 65},
            "REPLY_MARKUP_PLACEHOLDER_INVALID",
        ),
    ],
)
async def test_keyboards_that_are_refused(
    api: Api, world: World, ann: Person, markup: dict[str, Any], said: str
) -> None:
    assert (
        await api.refused("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)
        == f"Bad Request: {said}"
    )
    assert len(world.messages(ann.id)) == 1


async def test_an_edit_takes_inline_keyboards_alone(api: Api, ann: Person) -> None:
    message = await api.send(ann)
    place = {"chat_id": ann.id, "message_id": message["message_id"], "text": "new"}
    markup = {"force_reply": True}
    assert "inline_keyboard" in await api.refused("editMessageText", **place, reply_markup=markup)


async def test_an_empty_keyboard_is_none(api: Api, ann: Person) -> None:
    assert "reply_markup" not in await api.send(ann, reply_markup={"inline_keyboard": []})
    assert "reply_markup" not in await api.send(ann, reply_markup={"inline_keyboard": [[]]})


async def test_other_interfaces_reach_the_person_but_not_the_answer(
    api: Api, world: World, ann: Person
) -> None:
    for markup in (
        {"keyboard": [[{"text": "A"}, "B"]]},
        {"remove_keyboard": True},
        {"force_reply": True, "input_field_placeholder": "Say"},
    ):
        assert "reply_markup" not in await api.send(ann, reply_markup=markup)
        assert world.last_message(ann.id).view()["reply_markup"] == markup


async def test_buttons_are_found_by_their_label(api: Api, world: World, ann: Person) -> None:
    await api.send(ann, reply_markup=keyboard("Yes", "No"))
    card = world.last_message(ann.id)
    assert card.data_of("No") == "No"
    assert [button["text"] for button in card.buttons] == ["Yes", "No"]
    with pytest.raises(KeyError, match="Yes"):
        card.data_of("Maybe")
