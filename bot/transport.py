"""Calls to Telegram over aiohttp: JSON where no file is sent, errors as python-telegram-bot names them.

`Wire` makes one call and tells what became of it; `TelegramApi` is what handlers hold; `Backend` lets
python-telegram-bot use the same wire. No address ever gets into an error or a log line, since it holds the
token.
"""

from __future__ import annotations

import asyncio
import dataclasses
import io
import json
import urllib.request
from collections.abc import Mapping
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData
from yarl import URL

from actions import refusals
from bot.errors import Flood, NotSent, SlowAnswer, Uncertain

JSON_HEADERS = {"Content-Type": "application/json"}
CONNECTIONS_MAX = 128
KEEP_ALIVE_S = 50.0
"""Below the minute or more after which servers hang up, so that a call seldom meets a closed connection."""
CHUNK_BYTES = 64 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")
TRY_PAUSES_S = (0.5, 2.0)
FLOOD_WAIT_MAX_S = 10.0
"""A person waits for the answer to a tap: a longer pause is handed back as the error that it is."""
HARMLESS_TWICE = ("edit", "answer", "delete", "set", "get", "pin", "unpin")
"""Methods that may be made again although they were perhaps carried out."""


@dataclasses.dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take, in seconds: to connect, to be answered, and to carry a file."""

    connect_s: float = 5.0
    answer_s: float = 20.0
    file_s: float = 120.0


class Wire:
    """One token's connections to one Bot API server."""

    def __init__(self, api_url: str, token: str, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._methods = f"{api_url}/bot{token}/"
        self._files = f"{api_url}/file/bot{token}/"
        self._urls: dict[str, URL] = {}
        self._proxy = _proxy_for(URL(api_url))
        self._session: aiohttp.ClientSession | None = None
        self.calls = 0

    async def open(self) -> None:
        """Get ready; needs a running loop."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX, keepalive_timeout=KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), proxy=self._proxy
            )

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, method: str, body: bytes | aiohttp.FormData, answer_s: float = 0.0) -> bytes:
        """Make one call and give the raw answer. Raises the TelegramError that the answer, or none, means."""
        url = self._urls.get(method)
        if url is None:
            url = self._urls[method] = URL(self._methods + method, encoded=True)
        headers = JSON_HEADERS if isinstance(body, bytes) else None
        status, answer = await self.exchange("POST", url, method, body, headers, answer_s)
        if 200 <= status < 300:
            return answer
        raise _meaning(status, answer, method)

    async def exchange(
        self,
        verb: str,
        url: URL,
        name: str,
        body: bytes | aiohttp.FormData | None,
        headers: dict[str, str] | None,
        answer_s: float = 0.0,
    ) -> tuple[int, bytes]:
        """Make one HTTP exchange: status and body. Raises NotSent or Uncertain."""
        self.calls += 1
        try:
            async with self._open_session().request(
                verb, url, data=body, headers=headers, timeout=self._timeout(answer_s), allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            trouble = _trouble(error, name)
        # Raised out here so that the library's error, which knows the address, is not dragged along.
        raise trouble

    async def fetch(self, path: str, limit_bytes: int) -> bytes | None:
        """Download a file that getFile named; None when it is larger than the limit."""
        url = URL(self._files + path)
        timeout = aiohttp.ClientTimeout(total=self.patience.file_s, connect=self.patience.connect_s)
        found = bytearray()
        try:
            async with self._open_session().get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != 200:
                    raise _meaning(response.status, await response.read(), "download")
                async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                    found += chunk
                    if len(found) > limit_bytes:
                        return None
                return bytes(found)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            trouble = _trouble(error, "download")
        raise trouble

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotSent("the connection to Telegram is closed")
        return self._session

    def _timeout(self, answer_s: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            connect=self.patience.connect_s,
            sock_connect=self.patience.connect_s,
            sock_read=answer_s or self.patience.answer_s,
        )


class TelegramApi:
    """Calls to Telegram as plain values: parameters in, the result as JSON out."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method for somebody who waits; short troubles are sat out where that is harmless."""
        for pause_s in TRY_PAUSES_S:
            try:
                return await self.attempt(method, **parameters)
            except Flood as error:
                wait_s = float(error.retry_after)
                if wait_s > FLOOD_WAIT_MAX_S:
                    raise
            except NotSent:
                wait_s = pause_s
            except Uncertain:
                if not method.startswith(HARMLESS_TWICE):
                    raise
                wait_s = pause_s
            await asyncio.sleep(wait_s)
        return await self.attempt(method, **parameters)

    async def attempt(self, method: str, **parameters: Any) -> Any:
        """Call a method once, whatever becomes of it."""
        return _result(await self.wire.post(method, json.dumps(parameters).encode()), method)

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        """Download a file. Raises FileTooLarge, before the download where Telegram tells the size."""
        limit = f"{limit_bytes / 1_000_000:.0f} MB"
        try:
            file = await self.call("getFile", file_id=file_id)
        except BadRequest as error:
            if "too big" in str(error):
                raise refusals.FileTooLarge(limit=limit) from None
            raise
        if int(file.get("file_size") or 0) > limit_bytes:
            raise refusals.FileTooLarge(limit=limit)
        data = await self.wire.fetch(str(file["file_path"]), limit_bytes)
        if data is None:
            raise refusals.FileTooLarge(limit=limit)
        return data

    async def upload(self, method: str, field: str, name: str, data: bytes, **parameters: Any) -> Any:
        """Call a method that carries a file."""
        form = _form(parameters)
        # A file object: the library warns that it must copy large bytes at once.
        form.add_field(field, io.BytesIO(data), filename=name, content_type="application/octet-stream")
        return _result(await self.wire.post(method, form, self.wire.patience.file_s), method)


class Backend(BaseRequest):
    """Lets python-telegram-bot make its own calls over the same wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def read_timeout(self) -> float:
        """The seconds that an answer may take."""
        return self._wire.patience.answer_s

    async def initialize(self) -> None:
        """Get ready."""
        await self._wire.open()

    async def shutdown(self) -> None:
        """Leave the wire open: whoever made it closes it."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Make one exchange; python-telegram-bot reads the answer itself. Timeouts are the wire's own."""
        name = url.rpartition("/")[2]
        body: bytes | aiohttp.FormData
        if request_data is None or not request_data.contains_files:
            body = json.dumps(request_data.parameters if request_data else {}).encode()
            headers, answer_s = JSON_HEADERS, 0.0
        else:
            body = _form(request_data.json_parameters)
            for key, part in request_data.multipart_data.items():
                body.add_field(key, part[1], filename=part[0], content_type=part[2])
            headers, answer_s = None, self._wire.patience.file_s
        status, answer = await self._wire.exchange(method, URL(url), name, body, headers, answer_s)
        if not 200 <= status < 300:
            raise _meaning(status, answer, name)
        return status, answer


def _form(parameters: Mapping[str, Any]) -> aiohttp.FormData:
    # Names of files go as they are, in UTF-8: Telegram shows them so.
    form = aiohttp.FormData(quote_fields=False)
    for key, value in parameters.items():
        form.add_field(key, value if isinstance(value, str) else json.dumps(value))
    return form


def _result(answer: bytes, method: str) -> Any:
    try:
        return json.loads(answer)["result"]
    except (ValueError, KeyError, TypeError, RecursionError):
        trouble = Uncertain(f"{method}: the answer could not be read")
    raise trouble


def _trouble(error: Exception, name: str) -> NetworkError:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotSent(f"{name}: the server did not take the connection in time")
    if isinstance(error, aiohttp.ClientConnectorError):
        reason = getattr(error, "os_error", None)  # A certificate that does not fit has none.
        return NotSent(
            f"{name}: the server could not be reached ({getattr(reason, 'strerror', None) or error!s})"
        )
    if isinstance(error, TimeoutError):
        return SlowAnswer(f"{name}: no answer came in time")
    return Uncertain(f"{name}: the connection was lost ({type(error).__name__})")


def _meaning(status: int, answer: bytes, method: str) -> TelegramError:
    """Turn an answer that is not a success into the error python-telegram-bot would raise."""
    try:
        said = json.loads(answer)
        description = str(said.get("description") or f"{method}: HTTP {status}")
        details = said.get("parameters") or {}
    except (ValueError, AttributeError, RecursionError):
        description, details = f"{method}: HTTP {status}", {}
    if details.get("migrate_to_chat_id"):
        return ChatMigrated(int(details["migrate_to_chat_id"]))
    if details.get("retry_after"):
        return Flood(int(details["retry_after"]))
    if status == 404 and method not in ("getMe", "getUpdates"):
        return EndPointNotFound(description)
    kinds: dict[int, type[TelegramError]] = {
        400: BadRequest,
        401: InvalidToken,
        403: Forbidden,
        404: InvalidToken,
        409: Conflict,
        429: NotSent,
    }
    return kinds.get(status, Uncertain if status >= 500 else NetworkError)(description)


def _proxy_for(url: URL) -> URL | None:
    # Looked up once: asking the environment at each call costs more than the rest of it.
    host = url.host or ""
    if host in LOOPBACK or urllib.request.proxy_bypass(host):
        return None
    proxy = urllib.request.getproxies().get(url.scheme)
    return URL(proxy) if proxy else None
