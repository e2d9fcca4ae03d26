"""Taps: the update they make, answering them once and in time, forged ones, cards that are gone."""

import pytest

from sandbox import Person, SandboxError, World
from sandbox.methods_chats import ANSWER_WITHIN_MS
from tests.sandbox.api import Api, keyboard

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_tap_brings_the_card_as_it_stands_now(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann, "old", reply_markup=keyboard("Yes"))
    edited = await api.ok(
        "editMessageText",
        chat_id=ann.id,
        message_id=card["message_id"],
        text="new",
        reply_markup=keyboard("No"),
    )
    query_id = world.tap(ann.id, card["message_id"], "No")
    await api.ok("editMessageText", chat_id=ann.id, message_id=card["message_id"], text="later")
    (update,) = await api.updates()
    query = update["callback_query"]
    assert query["id"] == query_id
    assert query["message"] == edited
    assert query["data"] == "No"
    assert query["from"] == {
        "id": ann.id,
        "is_bot": False,
        "first_name": "Ann",
        "username": "ann",
        "language_code": "en",
    }


async def test_the_chat_instance_stays_and_query_ids_cannot_be_guessed(
    api: Api, world: World, ann: Person
) -> None:
    card = await api.send(ann)
    ids = {world.tap(ann.id, card["message_id"], "x") for _ in range(50)}
    assert len(ids) == 50
    assert max(map(int, ids)) - min(map(int, ids)) > 2**40
    assert len({update["callback_query"]["chat_instance"] for update in await api.updates()}) == 1


async def test_an_answer_reaches_the_person_once(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann)
    query_id = world.tap(ann.id, card["message_id"], "x")
    answer = {"callback_query_id": query_id, "text": "Saved", "show_alert": True}
    assert await api.ok("answerCallbackQuery", **answer) is True
    assert (world.answers[query_id].text, world.answers[query_id].show_alert) == ("Saved", True)
    shown = await api.sim("GET", f"answers/{query_id}")
    assert (shown["text"], shown["show_alert"]) == ("Saved", True)
    assert await api.refused("answerCallbackQuery", **answer) == TOO_OLD


async def test_late_and_unknown_answers_are_refused(api: Api, world: World, ann: Person) -> None:
    assert await api.refused("answerCallbackQuery", callback_query_id="12345") == TOO_OLD
    card = await api.send(ann)
    in_time, late = (world.tap(ann.id, card["message_id"], "x") for _ in range(2))
    world.clock.advance(ANSWER_WITHIN_MS - 10_000)
    assert await api.ok("answerCallbackQuery", callback_query_id=in_time)
    world.clock.advance(20_000)
    assert await api.refused("answerCallbackQuery", callback_query_id=late) == TOO_OLD
    assert late not in world.answers


async def test_a_toast_has_200_characters(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann)
    query_id = world.tap(ann.id, card["message_id"], "x")
    too_long = await api.refused("answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    bad_url = await api.refused("answerCallbackQuery", callback_query_id=query_id, url="https://example.org")
    assert bad_url == "Bad Request: URL_INVALID"
    assert await api.ok("answerCallbackQuery", callback_query_id=query_id, text="x" * 200)


async def test_a_tap_may_be_forged_within_64_bytes(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann, reply_markup=keyboard("Yes"))
    world.tap(ann.id, card["message_id"], "no such button \u202e")
    (update,) = await api.updates()
    assert update["callback_query"]["data"] == "no such button \u202e"
    for data in ("", "x" * 65, "é" * 33):
        with pytest.raises(SandboxError, match="1-64 bytes"):
            world.tap(ann.id, card["message_id"], data)


async def test_only_the_bots_messages_in_ones_own_chat_can_be_tapped(
    api: Api, world: World, ann: Person
) -> None:
    own = world.send_text(ann.id, "mine")
    for message_id in (own.message_id, 99, 0, -1):
        with pytest.raises(SandboxError, match="no message"):
            world.tap(ann.id, message_id, "x")
    with pytest.raises(SandboxError, match="nobody"):
        world.tap(1, 1, "x")


async def test_a_deleted_card_can_still_be_tapped_and_is_inaccessible(
    api: Api, world: World, ann: Person
) -> None:
    card = await api.send(ann)
    await api.ok("deleteMessage", chat_id=ann.id, message_id=card["message_id"])
    world.tap(ann.id, card["message_id"], "x")
    (update,) = await api.updates()
    assert update["callback_query"]["message"] == {
        "chat": card["chat"],
        "message_id": card["message_id"],
        "date": 0,
    }


async def test_old_taps_and_their_answers_are_forgotten(
    api: Api, world: World, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.world.QUERIES_KEPT", 2)
    card = await api.send(ann)
    first = world.tap(ann.id, card["message_id"], "x")
    await api.ok("answerCallbackQuery", callback_query_id=first)
    for _ in range(2):
        world.tap(ann.id, card["message_id"], "x")
    assert first not in world.queries
    assert first not in world.answers
    assert len(world.queries) == 2
