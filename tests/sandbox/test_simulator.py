"""The simulator's HTTP: people, chats, what they do, events, and who may ask."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from yarl import URL

from sandbox import Person, SandboxError, World
from tests.sandbox.api import Api, keyboard


async def test_people_are_made_and_listed(api: Api, world: World) -> None:
    made = await api.sim(
        "POST", "people", {"first_name": "Eva", "label": "student", "start_payload": "a-B_9"}
    )
    assert made == {
        "id": made["id"],
        "first_name": "Eva",
        "last_name": "",
        "username": None,
        "language_code": "en",
        "label": "student",
        "start_payload": "a-B_9",
        "started": False,
        "blocked": False,
        "unread": 0,
    }
    assert made["id"] > 2**32
    own = await api.sim("POST", "people", {"first_name": "Max", "last_name": "M", "id": 5, "username": "max"})
    assert [person["id"] for person in await api.sim("GET", "people")] == [made["id"], own["id"]]
    assert [person.first_name for person in world.people] == ["Eva", "Max"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("people", {"first_name": ""}, "first name"),
        ("people", {"first_name": "A", "age": 5}, "no age"),
        ("people", {"first_name": "A", "start_payload": "not allowed"}, "start payload"),
        ("people", {"first_name": "A", "start_payload": "x" * 65}, "start payload"),
        ("people", {"first_name": "A", "id": -1}, "not positive"),
        ("people", {}, "TypeError"),
        ("people", [], "JSON object"),
        ("send", {"person": 1, "text": "x"}, "nobody has the id 1"),
        ("send", {"text": "x"}, "KeyError"),
        ("faults", {"kind": "odd"}, "unknown kind"),
        ("clock", {"advance_ms": -1}, "only moves ahead"),
    ],
)
async def test_what_cannot_be_done_says_why(api: Api, path: str, body: Any, said: str) -> None:
    async with api.session.post(f"{api.sandbox.url}/sim/{path}", json=body) as response:
        assert response.status == 400
        assert said in (await response.json())["error"]


async def test_an_unknown_address_is_not_found(api: Api) -> None:
    for path in (
        "/sim/nothing",
        "/sim/answers/1",
        "/nothing",
        "/index.html",
        "/static/nothing.js",
        "/static/js",
    ):
        async with api.session.get(f"{api.sandbox.url}{path}") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    "path", ["/static/../server.py", "/static/%2e%2e/server.py", "/static/%2fetc%2fpasswd"]
)
async def test_nothing_beside_the_page_is_served(api: Api, path: str) -> None:
    async with api.session.get(URL(f"{api.sandbox.url}{path}", encoded=True)) as response:
        assert response.status == 404


async def test_the_chat_page_is_served_uncached(api: Api) -> None:
    async with api.session.get(f"{api.sandbox.url}/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Cache-Control"] == "no-cache"
    async with api.session.get(f"{api.sandbox.url}/static/js/app.js") as response:
        assert (response.status, response.content_type) == (200, "text/javascript")


async def test_texts_and_taps_over_http(api: Api, ann: Person) -> None:
    sent = await api.sim("POST", "send", {"person": ann.id, "text": " /work now "})
    card = await api.send(ann, reply_markup=keyboard("Yes"))
    body = {"person": ann.id, "message_id": card["message_id"], "data": "Yes"}
    tapped = await api.sim("POST", "tap", body)
    text, tap = await api.updates()
    assert text["message"]["message_id"] == sent["message_id"]
    assert text["message"]["text"] == "/work now"
    assert text["message"]["entities"] == [{"offset": 0, "length": 5, "type": "bot_command"}]
    assert tap["callback_query"]["id"] == tapped["callback_query_id"]


async def test_an_app_may_keep_its_language_to_itself(api: Api, world: World) -> None:
    eva = world.add_person("Eva", language_code="")
    assert "language_code" not in world.send_text(eva.id, "/start").raw["from"]
    await api.ok("setMyCommands", commands=[{"command": "a", "description": "b"}])
    assert len((await api.sim("GET", "chat", person=eva.id))["commands"]) == 1


async def test_blocking_and_unblocking(api: Api, world: World, ann: Person) -> None:
    card = await api.send(ann)
    await api.sim("POST", "block", {"person": ann.id, "blocked": True})
    said = "Forbidden: bot was blocked by the user"
    answer = await api.call("sendMessage", chat_id=ann.id, text="x")
    assert (answer["error_code"], answer["description"]) == (403, said)
    edit = {"chat_id": ann.id, "message_id": card["message_id"], "text": "x"}
    assert await api.refused("editMessageText", **edit) == said
    assert await api.refused("sendChatAction", chat_id=ann.id, action="typing") == said
    for act in (
        lambda: world.send_text(ann.id, "x"),
        lambda: world.tap(ann.id, card["message_id"], "x"),
        lambda: world.upload(ann.id, "x", b"x"),
    ):
        with pytest.raises(SandboxError, match="unblock first"):
            act()
    world.block(ann.id)
    await api.sim("POST", "block", {"person": ann.id, "blocked": False})
    assert (await api.call("sendMessage", chat_id=ann.id, text="x"))["ok"]
    blocked, unblocked = [update["my_chat_member"] for update in await api.updates()]
    assert (blocked["old_chat_member"]["status"], blocked["new_chat_member"]["status"]) == (
        "member",
        "kicked",
    )
    assert (unblocked["old_chat_member"]["status"], unblocked["new_chat_member"]["status"]) == (
        "kicked",
        "member",
    )
    assert blocked["new_chat_member"]["user"] == world.bot
    assert blocked["from"]["id"] == ann.id


async def test_unread_messages_are_counted_until_the_chat_is_opened(api: Api, ann: Person) -> None:
    await api.send(ann)
    await api.send(ann)
    (person,) = await api.sim("GET", "people")
    assert person["unread"] == 2
    chat = await api.sim("GET", "chat", person=ann.id)
    assert chat["person"]["unread"] == 0
    assert [message["outgoing"] for message in chat["messages"]] == [True, False, False]
    assert chat["bot"] == {
        "name": "Veritap",
        "description": "",
        "short_description": "",
        "username": "veritap_bot",
    }


async def test_a_chat_tells_its_news(api: Api, world: World, ann: Person) -> None:
    ben = world.add_person("Ben")
    world.send_text(ben.id, "/start")
    url = f"{api.sandbox.url}/sim/events"
    async with api.session.ws_connect(url, params={"person": str(ann.id), "people": "0"}) as socket:
        await api.send(ben, "for others")
        card = await api.send(ann, "card", reply_markup=keyboard("Yes"))
        place = {"chat_id": ann.id, "message_id": card["message_id"]}
        await api.ok("editMessageText", **place, text="new")
        query_id = world.tap(ann.id, card["message_id"], "x")
        await api.ok("answerCallbackQuery", callback_query_id=query_id, text="Saved")
        await api.ok("sendChatAction", chat_id=ann.id, action="typing")
        await api.ok("setMyCommands", commands=[{"command": "a", "description": "b"}])
        await api.ok("deleteMessage", **place)
        events = [json.loads(await socket.receive_str(timeout=5)) for _ in range(6)]
    assert [event["type"] for event in events] == [
        "message",
        "edit",
        "answer",
        "typing",
        "commands",
        "delete",
    ]
    assert {event["person"] for event in events} == {ann.id}
    assert events[0]["message"] == {**card, "outgoing": False}
    assert events[1]["message"]["text"] == "new"
    assert events[2] == {
        "type": "answer",
        "person": ann.id,
        "callback_query_id": query_id,
        "text": "Saved",
        "show_alert": False,
        "url": None,
    }
    assert events[4]["commands"] == [{"command": "a", "description": "b"}]
    assert events[5]["message_id"] == card["message_id"]


async def test_an_open_chat_is_read_and_hears_of_other_people(api: Api, world: World, ann: Person) -> None:
    ben = world.add_person("Ben")
    world.send_text(ben.id, "/start")
    async with api.session.ws_connect(
        f"{api.sandbox.url}/sim/events", params={"person": str(ann.id)}
    ) as socket:
        await api.send(ann)
        await api.send(ben)
        await api.send(ben)
        assert json.loads(await socket.receive_str(timeout=5))["type"] == "message"
        unread: list[int] = []
        while unread != [0, 2]:
            event = json.loads(await socket.receive_str(timeout=5))
            assert event["type"] == "people"
            unread = [person["unread"] for person in event["people"]]


async def test_an_onlooker_of_everybody_gets_all_chats(api: Api, world: World, ann: Person) -> None:
    async with api.session.ws_connect(f"{api.sandbox.url}/sim/events") as socket:
        ben = world.add_person("Ben")
        world.send_text(ben.id, "/start")
        await api.send(ann)
        people = [json.loads(await socket.receive_str(timeout=5))["person"] for _ in range(2)]
    assert people == [ben.id, ann.id]


async def test_an_onlooker_who_falls_behind_is_let_go(
    api: Api, world: World, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.feed.EVENTS_WAITING", 3)
    slow = world.feed.subscribe(ann.id, with_people=False)
    for number in range(5):
        world.send_text(ann.id, str(number))
    waiting = [slow.events.get_nowait() for _ in range(slow.events.qsize())]
    assert [text is None for text in waiting] == [False, False, False, True]
    assert not world.feed.watches(ann.id)


async def test_pages_elsewhere_may_not_ask(api: Api, world: World, ann: Person) -> None:
    port = api.sandbox.url.rpartition(":")[2]
    url = f"{api.sandbox.url}/sim/people"
    for headers, status in [
        ({"Host": f"localhost:{port}"}, 200),
        ({"Origin": api.sandbox.url}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "["}, 403),
        ({"Host": f"evil.example:{port}"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": f"http://localhost:{port}"}, 403),
        ({"Origin": "null"}, 403),
    ]:
        async with api.session.get(url, headers=headers) as response:
            assert response.status == status, headers
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await api.session.ws_connect(f"{api.sandbox.url}/sim/events", origin="https://evil.example")
    headers = {"Origin": "https://evil.example"}
    async with api.session.post(api.url("getMe"), headers=headers) as response:
        assert response.status == 403


async def test_the_clock_moves_ahead_over_http(api: Api, world: World) -> None:
    before_ms = world.clock.now_ms()
    after = await api.sim("POST", "clock", {"advance_ms": 60_000})
    assert after["now_ms"] >= before_ms + 60_000


async def test_the_transcript_tells_who_did_what(api: Api, world: World, ann: Person) -> None:
    world.transcript.clear()
    world.send_text(ann.id, "Hi")
    (update,) = await api.updates()
    card = await api.send(ann, "Hello")
    await api.refused("sendMessage", chat_id=1, text="x")
    form = aiohttp.FormData({"chat_id": str(ann.id)})
    form.add_field("document", b"secret bytes", filename="a.txt")
    await api.session.post(api.url("sendDocument"), data=form)
    events = await api.sim("GET", "transcript")
    assert [(event["kind"], event["name"]) for event in events] == [
        ("write", "write"),
        ("updates", "getUpdates"),
        ("call", "sendMessage"),
        ("call", "sendMessage"),
        ("call", "sendDocument"),
    ]
    assert events[1]["detail"] == [update["update_id"]]
    assert (events[2]["detail"]["text"], events[2]["outcome"]) == ("Hello", card)
    assert events[3]["outcome"] == "Bad Request: chat not found"
    assert events[4]["detail"] == {"chat_id": ann.id, "document": "a.txt"}
    assert len(await api.sim("GET", "transcript", limit=2)) == 2


async def test_the_transcript_is_bounded(world: World, ann: Person) -> None:
    assert world.transcript.maxlen == 10_000
    for number in range(10_001):
        world.note("call", None, str(number), None, None)
    assert len(world.transcript) == 10_000
    assert world.transcript[0].name == "1"


async def test_waiting_is_woken_by_changes(api: Api, world: World, ann: Person) -> None:
    waiting = asyncio.create_task(world.wait_for(lambda: len(world.messages(ann.id)) >= 2 and "there"))
    of_ann = asyncio.create_task(world.wait_for(lambda: world.chat(ann.id).unread == 1, person_id=ann.id))
    await asyncio.sleep(0)
    await api.send(ann)
    assert await waiting == "there"
    assert await of_ann is True
    with pytest.raises(TimeoutError):
        await world.wait_for(lambda: False, timeout_s=0.01)


async def test_waiting_sees_what_no_chat_shows(api: Api, world: World, ann: Person) -> None:
    named = asyncio.create_task(world.wait_for(lambda: world.profile.names.get("de")))
    world.send_text(ann.id, "x")
    (update,) = await api.updates()
    confirmed = asyncio.create_task(world.wait_for(lambda: len(world.updates) == 0))
    await asyncio.sleep(0)
    await api.ok("setMyName", name="Auf Deutsch", language_code="de")
    assert await named == "Auf Deutsch"
    assert not confirmed.done()
    poll = asyncio.create_task(api.updates(update["update_id"] + 1, timeout=30))
    assert await confirmed is True
    poll.cancel()
