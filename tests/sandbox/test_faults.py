"""Faults on order: each kind strikes before or after the effect as its name says, as often and where it was ordered."""

import asyncio

import aiohttp
import pytest

from sandbox import Fault, Person, SandboxError, World
from sandbox.faults import AFTER_THE_EFFECT, KINDS
from tests.sandbox.api import Api, keyboard, until

ANSWERED = {
    "429": (429, "Too Many Requests: retry after 7"),
    "500_before": (500, "Internal Server Error"),
    "500_after": (500, "Internal Server Error"),
    "502_after": (502, "Bad Gateway"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "401": (401, "Unauthorized"),
    "404": (404, "Not Found"),
}


def written(world: World, person: Person) -> int:
    return sum(not message.outgoing for message in world.messages(person.id))


@pytest.mark.parametrize("kind", sorted(ANSWERED))
async def test_errors_come_before_or_after_the_effect(api: Api, world: World, ann: Person, kind: str) -> None:
    await api.sim("POST", "faults", {"kind": kind, "method": "sendMessage", "retry_after": 7})
    answer = await api.call("sendMessage", chat_id=ann.id, text="x")
    assert (answer["error_code"], answer["description"]) == ANSWERED[kind]
    assert answer.get("parameters") == ({"retry_after": 7} if kind == "429" else None)
    assert written(world, ann) == (1 if kind in AFTER_THE_EFFECT else 0)
    assert (await api.call("sendMessage", chat_id=ann.id, text="y"))["ok"]


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_a_cut_connection_gives_no_answer(api: Api, world: World, ann: Person, kind: str) -> None:
    world.add_fault(Fault(kind))
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.call("sendMessage", chat_id=ann.id, text="x")
    assert written(world, ann) == (kind == "cut_after")


@pytest.mark.parametrize("kind", ["hang_before", "hang_after"])
async def test_a_hanging_call_outlasts_the_client(api: Api, world: World, ann: Person, kind: str) -> None:
    world.add_fault(Fault(kind, seconds=600))
    call = asyncio.create_task(api.call("sendMessage", chat_id=ann.id, text="x"))
    await until(lambda: not world.faults)
    assert not call.done()
    call.cancel()
    assert written(world, ann) == (kind == "hang_after")


async def test_a_hanging_call_answers_in_the_end(api: Api, world: World, ann: Person) -> None:
    for kind, status in (("hang_before", 504), ("hang_after", None)):
        world.add_fault(Fault(kind, seconds=600))
        call = asyncio.create_task(api.call("sendMessage", chat_id=ann.id, text="x"))
        await until(lambda: not world.faults)
        world.clock.advance(600_000)
        assert (await call).get("error_code") == status
    assert written(world, ann) == 1


async def test_an_answer_may_be_broken_json(api: Api, world: World, ann: Person) -> None:
    world.add_fault(Fault("bad_json"))
    async with api.session.post(
        api.url("sendMessage"), data={"chat_id": str(ann.id), "text": "x"}
    ) as response:
        assert response.status == 200
        with pytest.raises(ValueError, match="Expecting value"):
            await response.json()
    assert written(world, ann) == 1


async def test_getting_updates_can_conflict_without_another_poller(
    api: Api, world: World, ann: Person
) -> None:
    world.send_text(ann.id, "x")
    world.add_fault(Fault("409", "getUpdates"))
    assert (await api.refused("getUpdates")).startswith("Conflict: terminated by other getUpdates request")
    assert len(await api.updates()) == 1


async def test_updates_confirmed_by_a_lost_answer_stay_confirmed(api: Api, world: World, ann: Person) -> None:
    world.send_text(ann.id, "one")
    (first,) = await api.updates()
    world.send_text(ann.id, "two")
    world.add_fault(Fault("500_after", "getUpdates"))
    await api.refused("getUpdates", offset=first["update_id"] + 1)
    (left,) = await api.updates()
    assert left["message"]["text"] == "two"


async def test_a_fault_counts_its_times_and_skips_calls_before(api: Api, world: World, ann: Person) -> None:
    world.add_fault(Fault("500_before", "sendMessage", times=2, after_calls=1))
    outcomes = [(await api.call("sendMessage", chat_id=ann.id, text="x"))["ok"] for _ in range(5)]
    assert outcomes == [True, False, False, True, True]


async def test_a_fault_is_of_its_method_and_its_chat(api: Api, world: World, ann: Person) -> None:
    ben = world.add_person("Ben")
    world.send_text(ben.id, "/start")
    world.add_fault(Fault("403", "sendMessage", chat_id=ben.id))
    assert (await api.call("sendMessage", chat_id=ann.id, text="x"))["ok"]
    assert (await api.call("sendChatAction", chat_id=ben.id, action="typing"))["ok"]
    assert not (await api.call("sendMessage", chat_id=ben.id, text="x"))["ok"]


async def test_an_answer_to_a_tap_belongs_to_the_chat_of_the_tap(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann, reply_markup=keyboard("Yes"))
    query_id = world.tap(ann.id, card["message_id"], "Yes")
    world.add_fault(Fault("500_before", "answerCallbackQuery", chat_id=ann.id))
    assert not (await api.call("answerCallbackQuery", callback_query_id=query_id))["ok"]
    assert (await api.call("answerCallbackQuery", callback_query_id=query_id))["ok"]


async def test_a_refused_call_stays_refused_after_the_effect(api: Api, world: World, ann: Person) -> None:
    world.add_fault(Fault("500_after", "sendMessage"))
    answer = await api.call("sendMessage", chat_id=1, text="x")
    assert answer["error_code"] == 500
    assert written(world, ann) == 0


async def test_faults_can_be_called_off(api: Api, world: World, ann: Person) -> None:
    world.add_fault(Fault("500_before", times=100))
    await api.sim("DELETE", "faults")
    assert (await api.call("sendMessage", chat_id=ann.id, text="x"))["ok"]


def test_odd_faults_are_refused() -> None:
    assert KINDS >= AFTER_THE_EFFECT
    with pytest.raises(SandboxError, match="unknown kind"):
        Fault("500")
    with pytest.raises(SandboxError, match="times"):
        Fault("429", times=0)
