"""Updates by polling: offsets and confirmation, batches, the long poll, two pollers, expiry."""

import asyncio

import pytest

from sandbox import Fault, Person, SandboxError, World
from sandbox.updates import MESSAGE_LIFETIME_MS, TAP_LIFETIME_MS
from tests.sandbox.api import Api, until


def texts(updates: list[dict]) -> list[str]:  # type: ignore[type-arg]
    return [update["message"]["text"] for update in updates]


async def test_what_is_not_confirmed_comes_again(world: World, api: Api, ann: Person) -> None:
    for text in ("one", "two", "three"):
        world.send_text(ann.id, text)
    first = await api.updates(limit=2)
    assert texts(first) == ["one", "two"]
    again = await api.updates(first[0]["update_id"])
    assert texts(again) == ["one", "two", "three"]
    assert [update["update_id"] for update in again] == sorted(update["update_id"] for update in again)


async def test_an_offset_confirms_what_lies_before_it_and_only_that(
    world: World, api: Api, ann: Person
) -> None:
    for text in ("one", "two", "three"):
        world.send_text(ann.id, text)
    first = await api.updates()
    rest = await api.updates(first[1]["update_id"])
    assert texts(rest) == ["two", "three"]
    assert texts(await api.updates(-100)) == ["two", "three"]
    assert await api.updates(first[2]["update_id"] + 1) == []
    assert len(world.updates) == 0


async def test_the_same_offset_again_at_once_gives_a_single_update(
    world: World, api: Api, ann: Person
) -> None:
    for text in ("one", "two"):
        world.send_text(ann.id, text)
    offset = (await api.updates())[0]["update_id"]
    assert len(await api.updates(offset)) == 2
    assert len(await api.updates(offset)) == 1
    world.clock.advance(500)
    assert len(await api.updates(offset)) == 2


async def test_a_negative_offset_keeps_only_the_last(world: World, api: Api, ann: Person) -> None:
    for text in ("one", "two", "three"):
        world.send_text(ann.id, text)
    assert texts(await api.updates(-1)) == ["three"]
    assert len(world.updates) == 1


async def test_an_offset_from_the_future_is_no_confirmation(world: World, api: Api, ann: Person) -> None:
    world.send_text(ann.id, "one")
    first = await api.updates()
    assert await api.updates(first[0]["update_id"] + 1000) == first


@pytest.mark.parametrize(("limit", "given"), [(1, 1), (100, 100), (0, 100), (101, 100)])
async def test_a_batch_has_at_most_a_hundred(
    world: World, api: Api, ann: Person, limit: int, given: int
) -> None:
    for number in range(105):
        world.send_text(ann.id, str(number))
    assert len(await api.updates(limit=limit)) == given


async def test_a_long_poll_ends_with_the_first_update(world: World, api: Api, ann: Person) -> None:
    poll = asyncio.create_task(api.updates(timeout=30))
    await until(lambda: world.updates.polled)
    world.send_text(ann.id, "now")
    world.send_text(ann.id, "and this")
    async with asyncio.timeout(20):
        assert texts(await poll) == ["now", "and this"]


async def test_a_long_poll_ends_empty_at_its_timeout(api: Api) -> None:
    assert await api.updates(timeout=1) == []


async def test_the_newer_of_two_pollers_wins(world: World, api: Api, ann: Person) -> None:
    older = asyncio.create_task(api.call("getUpdates", timeout=30))
    await until(lambda: world.updates.polled)
    newer = asyncio.create_task(api.updates(timeout=30))
    answer = await older
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    world.send_text(ann.id, "for the newer")
    assert texts(await newer) == ["for the newer"]


async def test_a_poller_that_went_away_takes_nothing_along(world: World, api: Api, ann: Person) -> None:
    poll = asyncio.create_task(api.updates(timeout=30))
    await until(lambda: world.updates.polled)
    poll.cancel()
    world.send_text(ann.id, "still there")
    assert texts(await api.updates()) == ["still there"]


async def test_taps_live_150_seconds_and_messages_a_day(world: World, api: Api, ann: Person) -> None:
    card = await api.send(ann)
    world.tap(ann.id, card["message_id"], "x")
    world.send_text(ann.id, "text")
    world.clock.advance(TAP_LIFETIME_MS - 5_000)
    assert len(await api.updates()) == 2
    world.clock.advance(5_000)
    assert texts(await api.updates()) == ["text"]
    world.clock.advance(MESSAGE_LIFETIME_MS - TAP_LIFETIME_MS - 5_000)
    assert texts(await api.updates()) == ["text"]
    world.clock.advance(5_000)
    assert await api.updates() == []
    assert len(world.updates) == 0


async def test_allowed_updates_are_remembered_and_hold_for_later_ones(
    world: World, api: Api, ann: Person
) -> None:
    world.send_text(ann.id, "before")
    before = await api.updates(allowed_updates=["callback_query"])
    assert texts(before) == ["before"]
    world.send_text(ann.id, "not asked for")
    card = await api.send(ann)
    world.tap(ann.id, card["message_id"], "x")
    after = await api.updates(before[-1]["update_id"] + 1)
    assert [list(update) for update in after] == [["update_id", "callback_query"]]
    await api.updates(after[-1]["update_id"] + 1, allowed_updates=[])
    world.send_text(ann.id, "again")
    assert texts(await api.updates()) == ["again"]


async def test_a_duplicate_has_the_same_id(world: World, api: Api, ann: Person) -> None:
    world.add_fault(Fault("duplicate_update"))
    world.send_text(ann.id, "twice")
    world.send_text(ann.id, "once")
    updates = await api.updates()
    assert texts(updates) == ["twice", "twice", "once"]
    assert updates[0] == updates[1]
    assert await api.updates(updates[2]["update_id"] + 1) == []


async def test_an_injected_update_passes_whatever_it_holds(world: World, api: Api, ann: Person) -> None:
    world.inject_update({"message": {"broken": "\ud800"}})
    await api.sim("POST", "updates", {"update_id": "no number", "callback_query": None})
    updates = await api.updates()
    assert updates[0]["message"] == {"broken": "\ud800"}
    assert updates[1] == {"update_id": "no number", "callback_query": None}
    world.send_text(ann.id, "after")
    assert texts(await api.updates(-1)) == ["after"]


async def test_a_full_queue_says_so(world: World, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.updates.UPDATES_KEPT", 2)
    world.send_text(ann.id, "one")
    world.send_text(ann.id, "two")
    with pytest.raises(SandboxError, match="more than 2 updates"):
        world.send_text(ann.id, "three")
