"""The web server: /healthz, /metrics and, where Telegram is to call us, the webhook. On loopback unless told otherwise.

A webhook call is turned away by its secret before its body is read, and answered only once its update is on disk.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import SETTING, CannotRun
from bot.health import Health
from bot.intake import Intake
from bot.lanes import Lanes
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

BODY_LIMIT_BYTES = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
COME_AGAIN = {"Retry-After": "2"}
"""Seconds. Far below the 150 for which Telegram keeps a tap."""
SHUTDOWN_S = 2.0


class Hook:
    """Takes the updates that Telegram posts."""

    def __init__(self, intake: Intake, lanes: Lanes, secret: str) -> None:
        self._intake = intake
        self._lanes = lanes
        self._secret = secret.encode()
        self.is_open = asyncio.Event()
        """Set once older updates are taken up: theirs is the first turn."""

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one call."""
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return _turn_away(request, 403)
        if not self.is_open.is_set() or not self._lanes.has_room():
            return _turn_away(request, 503)
        raw = await request.read()
        try:
            try:
                body = json.loads(raw)
            except (ValueError, RecursionError):
                await self._intake.take_unreadable(raw)
            else:
                await self._intake.take_one(body)
        except StoreTrouble as error:
            _log.error("an update could not be kept; Telegram will bring it again: %s", error)
            return web.Response(status=503, headers=COME_AGAIN)
        return web.Response()


def _turn_away(request: web.Request, status: int) -> web.Response:
    # The body was not read, so the connection cannot be used again.
    response = web.Response(status=status, headers=COME_AGAIN if status == 503 else None)
    response.force_close()
    return response


class WebServer:
    """Serves on one address."""

    def __init__(self, health: Health, hook: Hook | None, webhook_url: str) -> None:
        application = web.Application(client_max_size=BODY_LIMIT_BYTES)
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/metrics", self._metrics)
        if hook is not None:
            application.router.add_post(urlsplit(webhook_url).path or "/", hook.receive)
        self._health = health
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises CannotRun when the address is taken or not ours."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise CannotRun(
                f"WEB_LISTEN is {host}:{port}, where nothing can listen ({error.strerror}); choose another port.",
                SETTING,
            ) from None
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Listen no longer."""
        await self._runner.cleanup()

    async def _healthz(self, request: web.Request) -> web.Response:
        report = await self._health.check()
        return web.json_response(report, status=200 if report["status"] == "ok" else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        return web.Response(text=await self._health.metrics(), content_type="text/plain", charset="utf-8")
