"""The sandbox over HTTP: the Bot API, its files, the simulator and the chat page, on this machine alone."""

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader

from sandbox.calls import Reply, answer, error_reply
from sandbox.errors import ApiError, bad_request, not_found, not_utf8, unauthorized
from sandbox.parameters import Upload, parse_json
from sandbox.simulator import Simulator, file_reply, json_reply
from sandbox.world import World

# It has the form of a real token and is none.
DEFAULT_TOKEN = "1000000001:Sandbox_token_that_opens_nothing_00"  # noqa: S105
PAGE = Path(__file__).parent / "page"
BODY_LIMIT_BYTES = 64 * 1024 * 1024
STOP_SECONDS = 0.1
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO_CACHE = {"Cache-Control": "no-cache"}
# Not every system's table of types knows these, and a module of another type is not run.
for suffix, mime_type in {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
}.items():
    mimetypes.add_type(mime_type, suffix)


class Sandbox:
    """Serve one world: start it, give its `url` to a bot, drive it through `world`, stop it."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "veritap_bot",
        bot_name: str = "Veritap",
        *,
        with_page: bool = True,
    ) -> None:
        self.world = World(token, bot_username, bot_name)
        self.token = token
        self.url = self._host = ""
        self._simulator = Simulator(self.world)
        self._with_page = with_page
        self._api = f"/bot{token}/"
        self._files = f"/file/bot{token}/"
        self._runner: web.ServerRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on a free port where none is given."""
        server = web.Server(
            self._serve, request_factory=_make_request, handler_cancellation=True, access_log=None
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound_port = self._runner.addresses[0][:2]
        self._host = f"{host}:{bound_port}"
        self.url = f"http://{self._host}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.world.webhook.close()
        await self._simulator.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if not self._is_from_here(request):
            return json_reply({"error": "only this machine's own pages may ask"}, status=403)
        path, _, query = request.raw_path.partition("?")
        if "%" in path:
            path = unquote(path)
        if path.startswith(self._api):
            return await self._call(request, path[len(self._api) :], query)
        if path.startswith("/sim/"):
            return await self._simulator.handle(request)
        if path.startswith(self._files):
            return self._download(path[len(self._files) :])
        if path.startswith(("/bot", "/file/bot")):
            return _reply(error_reply(unauthorized()))
        return _page(path) if self._with_page else json_reply({"error": "no such address"}, status=404)

    async def _call(self, request: web.BaseRequest, method: str, query: str) -> web.StreamResponse:
        try:
            fields, uploads = await _read_fields(request, query)
        except ApiError as error:
            return _reply(error_reply(error))
        reply = await answer(self.world, method, fields, uploads)
        if reply.cut and request.transport is not None:
            request.transport.abort()
        return _reply(reply)

    def _download(self, path: str) -> web.Response:
        file = self.world.files.by_path(path)
        if file is None:
            return _reply(error_reply(not_found()))
        return file_reply(file.data, file.mime_type, file.name)

    def _is_from_here(self, request: web.BaseRequest) -> bool:
        # A page elsewhere must not reach in, be it by a request or by a name that it points at this machine.
        host = request.headers.get("Host", "")
        if host != self._host and not _is_loopback(host):
            return False
        origin = request.headers.get("Origin")
        return origin is None or origin == f"http://{host}"


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def _make_request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: Any,
    writer: AbstractStreamWriter,
    task: Any,
) -> web.BaseRequest:
    loop = task.get_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=BODY_LIMIT_BYTES)


async def _read_fields(request: web.BaseRequest, query: str) -> tuple[dict[str, Any], dict[str, Upload]]:
    fields: dict[str, Any] = dict(_pairs(query.encode())) if query else {}
    if not request.can_read_body:
        return fields, {}
    match request.content_type:
        case "application/x-www-form-urlencoded":
            fields.update(_pairs(await request.read()))
        case "application/json":
            fields.update(_json_fields(await request.read()))
        case "multipart/form-data":
            return await _read_multipart(request, fields)
    return fields, {}


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise not_utf8() from None


def _json_fields(body: bytes) -> dict[str, Any]:
    fields = parse_json(body, "JSON object")
    if not isinstance(fields, dict):
        raise bad_request("can't parse JSON object")
    return fields


async def _read_multipart(
    request: web.BaseRequest, fields: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    try:
        parts = await request.post()
    except UnicodeDecodeError:
        raise not_utf8() from None
    for name, value in parts.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.file.read())
            value.file.close()
        else:
            fields[name] = value if isinstance(value, str) else value.decode()
    return fields, uploads


def _reply(reply: Reply) -> web.Response:
    if reply.cut:
        return web.Response(status=499)
    return web.Response(body=reply.body, status=reply.status, content_type="application/json")


def _page(path: str) -> web.Response:
    name = "index.html" if path == "/" else path.removeprefix("/static/")
    file = (PAGE / name).resolve()
    asked_for = path == "/" or path.startswith("/static/")
    if not (asked_for and file.is_relative_to(PAGE) and file.is_file()):
        return json_reply({"error": "no such address"}, status=404)
    mime_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    charset = "utf-8" if mime_type.startswith("text/") else None
    return web.Response(body=file.read_bytes(), content_type=mime_type, charset=charset, headers=NO_CACHE)
