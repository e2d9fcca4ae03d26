"""The simulator's own HTTP: what the chat page and other processes do as people, and as fate. No Bot API."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.errors import ApiError, SandboxError
from sandbox.faults import Fault
from sandbox.feed import Subscriber
from sandbox.models import Json, dump_json, words
from sandbox.world import World

MESSAGES_SHOWN = 1_000
HEARTBEAT_SECONDS = 30
PERSON_FIELDS = words("id first_name last_name username language_code label start_payload")

Route = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Simulator:
    """Answer the requests below /sim/."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.sockets: set[web.WebSocketResponse] = set()
        self._routes: dict[tuple[str, str], Route] = {
            ("GET", "/sim/people"): self._people,
            ("POST", "/sim/people"): self._add_person,
            ("GET", "/sim/chat"): self._chat,
            ("POST", "/sim/send"): self._send,
            ("POST", "/sim/edit"): self._edit,
            ("POST", "/sim/sticker"): self._sticker,
            ("POST", "/sim/voice"): self._voice,
            ("POST", "/sim/language"): self._language,
            ("POST", "/sim/tap"): self._tap,
            ("POST", "/sim/upload"): self._upload,
            ("POST", "/sim/block"): self._block,
            ("POST", "/sim/faults"): self._add_fault,
            ("DELETE", "/sim/faults"): self._clear_faults,
            ("POST", "/sim/updates"): self._inject,
            ("POST", "/sim/clock"): self._advance,
            ("GET", "/sim/transcript"): self._transcript,
            ("GET", "/sim/file"): self._file,
            ("POST", "/sim/rate_limits"): self._rate_limits,
            ("GET", "/sim/events"): self._events,
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; what cannot be done is a 400 that says why."""
        path = request.path
        route = self._routes.get((request.method, path))
        try:
            if route is not None:
                return await route(request)
            if request.method == "GET" and path.startswith("/sim/answers/"):
                return self._answer(path.removeprefix("/sim/answers/"))
        except (SandboxError, ApiError) as error:
            return json_reply({"error": str(error)}, status=400)
        except (KeyError, TypeError, ValueError) as error:
            return json_reply({"error": f"{type(error).__name__}: {error}"}, status=400)
        return json_reply({"error": "no such address"}, status=404)

    async def close(self) -> None:
        """Close the sockets of onlookers."""
        for socket in list(self.sockets):
            await socket.close()

    async def _people(self, request: web.BaseRequest) -> web.Response:
        return json_reply(self._world.people_view())

    async def _add_person(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        unknown = body.keys() - PERSON_FIELDS
        if unknown:
            raise SandboxError(f"a person has no {', '.join(sorted(unknown))}")
        person = self._world.add_person(**body)
        return json_reply(self._world.chat(person.id).view())

    async def _chat(self, request: web.BaseRequest) -> web.Response:
        world = self._world
        chat = world.chat(int(request.query["person"]))
        profile, person = world.profile, chat.person
        if chat.unread:
            chat.unread = 0
            world.feed.people_changed()
        view = {
            "bot": {**profile.shown_to(person), "username": world.bot["username"]},
            "person": chat.view(),
            "commands": profile.commands_for(person),
            "menu_button": profile.menu_button_for(person),
            "messages": [message.view() for message in world.messages(person.id)[-MESSAGES_SHOWN:]],
            "typing": chat.typing_until_ms > world.clock.now_ms(),
            "pinned": chat.pinned,
        }
        return json_reply(view)

    async def _send(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        message = self._world.send_text(body["person"], body["text"], body.get("reply_to"))
        return json_reply({"message_id": message.message_id})

    async def _edit(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        message = self._world.edit_text(body["person"], body["message_id"], body["text"])
        return json_reply({"message_id": message.message_id})

    async def _sticker(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        message = self._world.send_sticker(body["person"], body.get("emoji", "👍"))
        return json_reply({"message_id": message.message_id})

    async def _voice(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        message = self._world.send_voice(body["person"], int(body.get("seconds", 3)))
        return json_reply({"message_id": message.message_id})

    async def _language(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        self._world.set_language(body["person"], body["language_code"])
        return json_reply({})

    async def _tap(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        query_id = self._world.tap(body["person"], body["message_id"], body["data"])
        return json_reply({"callback_query_id": query_id})

    async def _upload(self, request: web.BaseRequest) -> web.Response:
        query = request.query
        message = self._world.upload(
            int(query["person"]),
            query.get("name", "file"),
            await request.read(),
            query.get("caption", ""),
            photo=query.get("as") == "photo",
        )
        return json_reply({"message_id": message.message_id})

    async def _block(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        if body["blocked"]:
            self._world.block(body["person"])
        else:
            self._world.unblock(body["person"])
        return json_reply({})

    async def _add_fault(self, request: web.BaseRequest) -> web.Response:
        self._world.add_fault(Fault(**await _body(request)))
        return json_reply({})

    async def _clear_faults(self, request: web.BaseRequest) -> web.Response:
        self._world.clear_faults()
        return json_reply({})

    async def _inject(self, request: web.BaseRequest) -> web.Response:
        self._world.inject_update(await _body(request))
        return json_reply({})

    async def _advance(self, request: web.BaseRequest) -> web.Response:
        body = await _body(request)
        return json_reply({"now_ms": self._world.clock.advance(int(body["advance_ms"]))})

    async def _transcript(self, request: web.BaseRequest) -> web.Response:
        limit = int(request.query.get("limit", "0"))
        events = list(self._world.transcript)
        return json_reply([event._asdict() for event in events[-limit:]])

    async def _rate_limits(self, request: web.BaseRequest) -> web.Response:
        self._world.rate_limits = bool((await _body(request))["on"])
        return json_reply({})

    async def _file(self, request: web.BaseRequest) -> web.Response:
        file = self._world.files.by_id(request.query["file_id"])
        if file is None:
            return json_reply({"error": "no such file"}, status=404)
        return file_reply(file.data, file.mime_type, file.name)

    def _answer(self, query_id: str) -> web.Response:
        answer = self._world.answers.get(query_id)
        if answer is None:
            return json_reply({"error": "not answered"}, status=404)
        return json_reply(answer._asdict())

    async def _events(self, request: web.BaseRequest) -> web.StreamResponse:
        given = request.query.get("person")
        person_id = self._world.chat(int(given)).person.id if given else None
        with_people = request.query.get("people", "1" if given else "0") == "1"
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        subscriber = self._world.feed.subscribe(person_id, with_people=with_people)
        self.sockets.add(socket)
        try:
            await socket.prepare(request)
            await _pump(socket, subscriber)
        finally:
            self.sockets.discard(socket)
            self._world.feed.unsubscribe(subscriber)
        return socket


async def _pump(socket: web.WebSocketResponse, subscriber: Subscriber) -> None:
    """Send events until either side ends."""

    async def send() -> None:
        while (text := await subscriber.events.get()) is not None:
            await socket.send_str(text)
        await socket.close()

    sender = asyncio.create_task(send())
    try:
        async for _ in socket:
            pass
    finally:
        sender.cancel()


async def _body(request: web.BaseRequest) -> Json:
    body: Any = json.loads(await request.read())
    if not isinstance(body, dict):
        raise SandboxError("a JSON object is expected")
    return body


def json_reply(content: Any, status: int = 200) -> web.Response:
    """Return JSON."""
    return web.Response(body=dump_json(content).encode(), status=status, content_type="application/json")


def file_reply(data: bytes, mime_type: str, name: str) -> web.Response:
    """Return a file to be saved under its name; a browser never runs it as part of the page."""
    headers = {
        "Content-Type": mime_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=data, headers=headers)
