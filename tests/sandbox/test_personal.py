"""What people send: long texts in parts, edits, replies, stickers, voice messages, photos; and their language."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Person, SandboxError, World
from sandbox.entities import length_utf16
from sandbox.personal import TEXT_LIMIT, picture, texts
from tests.sandbox.api import Api

HOUR_MS = 3600 * 1000


def test_a_text_within_the_limit_is_one_message() -> None:
    assert texts(f" {'x' * 4096}\n") == [{"text": "x" * 4096}]
    assert texts("/stop") == [
        {"text": "/stop", "entities": [{"offset": 0, "length": 5, "type": "bot_command"}]}
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 4097, ["x" * 4096, "x"]),
        ("😀" * 2049, ["😀" * 2048, "😀"]),
        ("a" * 3000 + "\n" + "b c" * 1000, ["a" * 3000, "b c" * 1000]),
        ("a" * 4000 + " " + "b" * 200, ["a" * 4000, "b" * 200]),
        ("a b" + "c" * 4100, ["a b" + "c" * 4093, "c" * 7]),
    ],
)
def test_a_longer_text_is_cut_between_lines_or_words(text: str, parts: list[str]) -> None:
    assert [content["text"] for content in texts(text)] == parts


@settings(deadline=None)
@given(st.text(alphabet="a😀 \né", min_size=1, max_size=60).filter(str.strip), st.integers(1, 400))
def test_nothing_but_space_is_lost_in_a_cut(text: str, times: int) -> None:
    parts = [content["text"] for content in texts(text * times)]
    assert all(1 <= length_utf16(part) <= TEXT_LIMIT for part in parts)
    assert "".join("".join(parts).split()) == "".join((text * times).split())


async def test_each_part_of_a_text_is_an_update(api: Api, world: World, ann: Person) -> None:
    last = world.send_text(ann.id, f"{'a ' * 2000}{'b ' * 2000}")
    received = [update["message"] for update in await api.updates(limit=100)]
    assert [message["message_id"] for message in received] == [last.message_id - 1, last.message_id]
    with pytest.raises(SandboxError, match="at most 100 messages"):
        world.send_text(ann.id, "x" * 5000 * 100)
    for text in ("", " \n"):
        with pytest.raises(SandboxError, match="at least 1"):
            world.send_text(ann.id, text)


async def test_a_person_edits_their_own_text(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann)
    await api.sim("POST", "edit", {"person": ann.id, "message_id": 1, "text": "/stop"})
    (update,) = await api.updates()
    edited = update["edited_message"]
    assert (edited["message_id"], edited["text"], edited["entities"][0]["length"]) == (1, "/stop", 5)
    assert edited["edit_date"] >= edited["date"]
    assert world.messages(ann.id)[0].text == "/stop"
    for message_id, text, said in (
        (card["message_id"], "x", "no text"),
        (99, "x", "no text"),
        (1, "/stop", "as it is"),
        (1, " ", "1-4096"),
        (1, "x" * 4097, "1-4096"),
    ):
        with pytest.raises(SandboxError, match=said):
            world.edit_text(ann.id, message_id, text)
    world.clock.advance(48 * HOUR_MS)
    with pytest.raises(SandboxError, match="too old"):
        world.edit_text(ann.id, 1, "later")


async def test_the_words_below_a_photo_are_edited(api: Api, world: World, ann: Person) -> None:
    photo = world.send_photo(ann.id, "before")
    world.edit_text(ann.id, photo.message_id, "after #this")
    world.edit_text(ann.id, photo.message_id, "")
    _, named, bare = await api.updates(limit=100)
    assert named["edited_message"]["caption"] == "after #this"
    assert named["edited_message"]["caption_entities"] == [{"offset": 6, "length": 5, "type": "hashtag"}]
    assert "caption" not in bare["edited_message"]
    assert bare["edited_message"]["photo"] == photo.raw["photo"]


async def test_a_person_answers_a_message(api: Api, world: World, ann: Person) -> None:
    asked = await api.send(
        ann, "Why?", reply_markup={"force_reply": True, "input_field_placeholder": "Because"}
    )
    await api.sim("POST", "send", {"person": ann.id, "text": "So", "reply_to": asked["message_id"]})
    world.send_text(ann.id, "And", reply_to=world.messages(ann.id)[-1].message_id)
    first, second = [update["message"] for update in await api.updates(limit=100)]
    assert first["reply_to_message"] == asked
    assert second["reply_to_message"]["text"] == "So"
    assert "reply_to_message" not in second["reply_to_message"]
    with pytest.raises(SandboxError, match="no message 99"):
        world.send_text(ann.id, "x", reply_to=99)


async def test_stickers_voice_messages_and_photos_come_as_updates(
    api: Api, world: World, ann: Person
) -> None:
    world.send_sticker(ann.id, "🎉")
    world.send_voice(ann.id, 7)
    world.send_photo(ann.id, "look")
    await api.sim("POST", "sticker", {"person": ann.id})
    await api.sim("POST", "voice", {"person": ann.id})
    messages = [update["message"] for update in await api.updates(limit=100)]
    sticker, voice, photo, default_sticker, default_voice = messages
    assert (sticker["sticker"]["emoji"], sticker["sticker"]["type"]) == ("🎉", "regular")
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (7, "audio/ogg")
    assert (photo["photo"][0]["width"], photo["caption"]) == (320, "look")
    assert (default_sticker["sticker"]["emoji"], default_voice["voice"]["duration"]) == ("👍", 3)
    assert not any("text" in message for message in messages)
    for message, kind in ((sticker, "sticker"), (voice, "voice")):
        file = await api.ok("getFile", file_id=message[kind]["file_id"])
        assert file["file_size"] == message[kind]["file_size"]


@pytest.mark.parametrize("act", ["send_sticker", "send_voice", "send_photo"])
async def test_who_has_blocked_the_bot_sends_nothing(world: World, ann: Person, act: str) -> None:
    world.block(ann.id)
    with pytest.raises(SandboxError, match="unblock first"):
        getattr(world, act)(ann.id)


async def test_what_is_no_sticker_or_voice_message(world: World, ann: Person) -> None:
    with pytest.raises(SandboxError, match="emoji"):
        world.send_sticker(ann.id, "")
    for seconds in (0, 3601):
        with pytest.raises(SandboxError, match="seconds"):
            world.send_voice(ann.id, seconds)


def test_any_picture_is_a_whole_png() -> None:
    data = picture(8, 4)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")


async def test_a_person_changes_the_language_of_their_app(api: Api, world: World, ann: Person) -> None:
    english: list[dict[str, Any]] = [{"command": "help", "description": "Help"}]
    arabic = [{"command": "help", "description": "مساعدة"}]
    await api.ok("setMyCommands", commands=english)
    await api.ok("setMyCommands", commands=arabic, language_code="ar")
    await api.sim("POST", "language", {"person": ann.id, "language_code": "ar"})
    assert world.send_text(ann.id, "hello").raw["from"]["language_code"] == "ar"
    view = await api.sim("GET", "chat", person=ann.id)
    assert (view["person"]["language_code"], view["commands"]) == ("ar", arabic)
    world.set_language(ann.id, "")
    assert "language_code" not in world.send_text(ann.id, "hello").raw["from"]
    for code in ("x", "en_US", "english!"):
        with pytest.raises(SandboxError, match="language code"):
            world.set_language(ann.id, code)
    with pytest.raises(SandboxError, match="language code"):
        world.add_person("Eva", language_code="?")
