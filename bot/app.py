"""The wiring: builds everything that runs, starts it in order and stops it without losing anything."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import gc
import logging
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, NoReturn

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes

from actions import clock, consents, deliveries, invitations, marks, menus
from actions.ports import Sources, Store
from bot import drawing, instance, logs
from bot import sources as real_sources
from bot.delivery import Pump, PumpLimits
from bot.desk import Desk
from bot.errors import AGAIN, SETTING, CannotRun, Flood
from bot.gate import Gate, pauses
from bot.health import Health, Parts
from bot.instance import LEASE_S, FileLock, Instance
from bot.intake import Intake
from bot.lanes import Lanes
from bot.menus import Menus
from bot.poller import KINDS, REJECTED, Poller, PollLimits
from bot.proof import PROOF, PROOF_EVERY_S, prove_when_due
from bot.pulse import KEPT_EVERY_S, TAP_KEPT_MS, Pulse
from bot.refit import REFIT, REFIT_EVERY_S, refit_when_due
from bot.rounds import FOLLOW, FOLLOW_EVERY_S, follow_when_due
from bot.settings import BadSetting, Settings
from bot.suspicions import LOOK, LOOK_EVERY_S, look_when_due
from bot.timetable import Timetable
from bot.transport import Backend, Patience, TelegramApi, Wire
from bot.watchdog import Heartbeat, Watchdog, WatchLimits
from bot.web import Hook, WebServer
from handlers import notices, register
from handlers.context import Context, Services
from handlers.coordinator import broadcasts
from storage.database import open_sqlite
from storage.errors import StoreBusy, StoreFull, StoreTrouble
from storage.vault import Vault

_log = logging.getLogger(__name__)

MENUS = "command menus"
MENUS_EVERY_S = 60.0
HOOK_CONNECTIONS = 40
STOP_LIMIT_S = 60.0
INTAKE = "intake"


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the machinery in one place; a test makes some of them short. In seconds."""

    reach_s: float = 45.0
    drain_s: float = 20.0
    lease_s: float = LEASE_S
    tap_kept_ms: int = TAP_KEPT_MS
    patience: Patience = dataclasses.field(default_factory=Patience)
    poll: PollLimits = dataclasses.field(default_factory=PollLimits)
    pump: PumpLimits = dataclasses.field(default_factory=PumpLimits)
    watch: WatchLimits = dataclasses.field(default_factory=WatchLimits)


@contextlib.asynccontextmanager
async def open_store(settings: Settings, sources: Sources | None = None) -> AsyncIterator[Store]:
    """Open the store that the settings name, migrated and ready; it is closed at the end of the block."""
    vault = Vault(settings.key())
    store = await open_sqlite(settings.database_path, sources or real_sources.real(), vault)
    try:
        resumed = await store.read(clock.look)
        real_sources.CLOCK.resume(resumed.stepped_ms, resumed.latest_ms)
        yield store
    finally:
        await store.close()


class Bot:
    """A running bot. Make it with `await Bot.start(settings)`, end it with `await bot.stop()`."""

    def __init__(self, settings: Settings, sources: Sources | None, limits: Limits | None) -> None:
        self.settings = settings
        self.sources = sources or real_sources.real()
        self.limits = limits or Limits()
        self.failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        """Set when the bot cannot go on, with the reason."""
        self.store: Store
        self.services: Services
        self.application: Application[Any, Any, Any, Any, Any, Any]
        self.web_port = 0
        self._exits = contextlib.AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def start(
        cls, settings: Settings, sources: Sources | None = None, limits: Limits | None = None
    ) -> Bot:
        """Start a bot; when this returns it is at work. Raises CannotRun, BadSetting or StoreTrouble, each with a
        sentence for whoever runs it, and leaves nothing behind."""
        bot = cls(settings, sources, limits)
        try:
            await bot._start()
        except BaseException:
            await bot._exits.aclose()
            raise
        return bot

    async def stop(self) -> None:
        """Take nothing more in, let what is under way end within a bound, and close everything."""
        await self._exits.aclose()

    def fail(self, error: Exception) -> None:
        """Note that the bot cannot go on; the first reason stands."""
        if not self.failed.done():
            self.failed.set_result(error)

    async def _start(self) -> None:
        if not self.settings.token:
            raise CannotRun(
                "TELEGRAM_BOT_TOKEN is not set; write the token that @BotFather gave you.", SETTING
            )
        holder = instance.holder_name(self.sources.now_ms())
        lock = FileLock(self.settings.database_path.with_name(f"{self.settings.database_path.name}.lock"))
        lock.acquire(holder)
        self._exits.callback(lock.release)
        self.store = await self._exits.enter_async_context(open_store(self.settings, self.sources))
        self._instance = Instance(self.store, lock, holder, self.limits.lease_s)
        await self._instance.take()
        self._exits.push_async_callback(_unless_stuck, self._instance.release)

        self._wire = Wire(self.settings.telegram_api_url, self.settings.token, self.limits.patience)
        await self._wire.open()
        self._exits.push_async_callback(self._wire.close)
        await self._build_application()
        self._build_machinery()
        await self._begin()

    async def _build_application(self) -> None:
        self.services = Services(self.store, TelegramApi(self._wire), drawing.draw)
        self.application = (
            Application.builder()
            .token(self.settings.token)
            .base_url(f"{self.settings.telegram_api_url}/bot")
            .base_file_url(f"{self.settings.telegram_api_url}/file/bot")
            .request(Backend(self._wire))
            .get_updates_request(Backend(self._wire))
            .updater(None)
            .job_queue(None)
            .context_types(ContextTypes(context=Context))
            .build()
        )
        self.application.bot_data["services"] = self.services
        register.register(self.application)
        await self._reach_telegram(self.application.initialize)
        self._exits.push_async_callback(self.application.shutdown)
        self.services.bot_username = self.application.bot.username
        await self.store.write(marks.put, invitations.BOT_USERNAME, self.services.bot_username)
        _log.info("this is @%s", self.services.bot_username)

    def _build_machinery(self) -> None:
        store, api, limits = self.store, TelegramApi(self._wire), self.limits
        self._gate = Gate()
        self._desk = Desk(self.application, store, api, self._gate)
        self._desk.on_fatal = self.fail
        self._lanes = Lanes(self._desk.handle)
        self._intake = Intake(store, self._lanes, self._gate)
        self._pulse = Pulse(store, self.sources.now_ms, limits.tap_kept_ms)
        self._pump = Pump(store, api, notices.compose, self._show_progress, limits.pump)
        store.listen(deliveries.TOPIC, self._pump.wake)
        self._menus = Menus(store, api)
        self._poller: Poller | None = None
        self._hook: Hook | None = None
        if self.settings.webhook_url:
            secret = self.settings.webhook_secret
            self._secret = secret.get_secret_value() if secret else secrets.token_urlsafe(32)
            self._hook = Hook(self._intake, self._lanes, self._secret)
        else:
            self._poller = Poller(self._wire, self._intake, self._lanes, self._gate, self._pulse, limits.poll)
        self._watchdog = Watchdog(
            self._instance, self._lanes, self._pulse, self._poller, limits.watch, self.store
        )

    async def _begin(self) -> None:
        await self._pulse.start()
        await self.store.write(consents.ask_again)
        await self._serve_web()
        await self._reach_telegram(self._choose_road)
        heartbeat = Heartbeat(self.limits.watch.loop_s)
        heartbeat.start()
        self._exits.callback(heartbeat.stop)
        self._exits.push_async_callback(self._wind_down)
        self._spawn(self._pump.run(), "delivery")
        self._spawn(self._take_in(), INTAKE)
        self._spawn(self._watchdog.run(), "watchdog")
        self._timetable = Timetable(self.store)
        # What changes while the menus of all languages are being told is told right after.
        self._timetable.add(MENUS_EVERY_S, self._menus.refresh, MENUS, may_queue=True)
        self.store.listen(menus.TOPIC, lambda: self._timetable.soon(MENUS))
        self._timetable.add(PROOF_EVERY_S, functools.partial(prove_when_due, self.store), PROOF)
        self._timetable.add(FOLLOW_EVERY_S, functools.partial(follow_when_due, self.store), FOLLOW)
        self._timetable.add(REFIT_EVERY_S, functools.partial(refit_when_due, self.store), REFIT)
        self._timetable.add(LOOK_EVERY_S, functools.partial(look_when_due, self.store), LOOK)
        if self._hook is not None:
            self._timetable.add(KEPT_EVERY_S, self._pulse.beat, "pulse")
        self._timetable.start()
        self._timetable.soon(MENUS)

    async def _serve_web(self) -> None:
        pulse = self._pulse if self._poller is not None else None
        parts = Parts(
            self.store, self._wire, self._gate, self._lanes, self._desk, self._intake, self._pump, pulse
        )
        server = WebServer(Health(parts), self._hook, self.settings.webhook_url)
        host, port = self.settings.listen
        try:
            await server.start(host, port)
        except CannotRun as error:
            if self._hook is not None or "web_listen" in self.settings.model_fields_set:
                raise
            _log.warning("%s Going on without /healthz and /metrics.", error)
            return
        self._exits.push_async_callback(server.stop)
        self.web_port = server.port
        _log.info("/healthz and /metrics are at http://%s:%s", host, server.port)

    async def _choose_road(self) -> None:
        """Tell Telegram by which road updates come. Waiting ones are never dropped."""
        if self._hook is not None:
            await self.services.api.call(
                "setWebhook",
                url=self.settings.webhook_url,
                secret_token=self._secret,
                allowed_updates=KINDS,
                max_connections=HOOK_CONNECTIONS,
            )
            return
        known = await self.services.api.call("getWebhookInfo")
        if known.get("url"):
            _log.warning("a webhook was set for this bot; it is taken off, since updates are asked for")
            await self.services.api.call("deleteWebhook")

    async def _reach_telegram(self, call: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Make a first call, again and again for a while. Raises CannotRun when the token is wrong or nobody answers."""
        url, clock = self.settings.telegram_api_url, asyncio.get_running_loop().time
        ends_s, waits = clock() + self.limits.reach_s, pauses()
        while True:
            try:
                await call()
                return
            except InvalidToken:
                raise CannotRun(REJECTED, SETTING) from None
            except TelegramError as error:
                wait_s = error.retry_after if isinstance(error, Flood) else next(waits)
                if clock() + wait_s > ends_s:
                    raise CannotRun(
                        f"Telegram cannot be reached at {url}: {error}. Check the network and TELEGRAM_API_URL.",
                        AGAIN,
                    ) from None
                _log.warning(
                    "Telegram cannot be reached at %s: %s; trying again in %.0f s", url, error, wait_s
                )
                await asyncio.sleep(wait_s)

    async def _take_in(self) -> None:
        await self._intake.resume()
        if self._hook is not None:
            self._hook.is_open.set()
        if self._poller is not None:
            await self._poller.run()

    async def _show_progress(self, broadcast_id: int) -> None:
        await broadcasts.refresh_progress(self.services, broadcast_id)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._look_at_end)

    def _look_at_end(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        if not isinstance(error, CannotRun | StoreTrouble):
            _log.error("%s ended by a fault", task.get_name(), exc_info=error)
            error = CannotRun(f"{task.get_name()} ended by a fault; see the log.", AGAIN)
        self.fail(error)

    async def _wind_down(self) -> None:
        """Take nothing more in, then let what is under way end. What is not begun waits in the inbox."""
        self._timetable.stop()
        if self._hook is not None:
            self._hook.is_open.clear()
        await _cancel([task for task in self._tasks if task.get_name() == INTAKE])
        if not await self._lanes.close(self.limits.drain_s):
            _log.warning(
                "some updates did not end in %.0f s; they are taken up at the next start", self.limits.drain_s
            )
        await self._pump.close(self.limits.drain_s)
        await _cancel(self._tasks)
        await _unless_stuck(self._pulse.keep)


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    waiting = [task for task in tasks if not task.done()]
    for task in waiting:
        task.cancel()
    if waiting:
        await asyncio.wait(waiting)


async def _unless_stuck(write: Callable[[], Coroutine[Any, Any, None]]) -> None:
    # At the end a store in trouble must not keep everything else from being closed.
    try:
        await write()
    except StoreTrouble as error:
        _log.error("at the end: %s", error)


async def run(settings: Settings, limits: Limits | None = None) -> None:
    """Run the bot until it is told to stop; a second signal ends it at once.

    Raises SystemExit when it cannot start or go on, after a log line that says why.
    """
    secret_parts = (settings.token, settings.veritap_key, settings.webhook_secret)
    logs.set_up(
        settings.log_format,
        *(part if isinstance(part, str) else part.get_secret_value() for part in secret_parts if part),
    )
    told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _listen_to_signals(told)
    starting = asyncio.create_task(Bot.start(settings, limits=limits))
    await asyncio.wait((starting, told), return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        await _cancel([starting])
        return
    try:
        bot = starting.result()
    except (BadSetting, CannotRun, StoreTrouble) as error:
        _end(error)
    _calm_collector()
    _log.info("at work as @%s; stop with Ctrl-C", bot.services.bot_username)
    try:
        await asyncio.wait((bot.failed, told), return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _stop(bot)
    if bot.failed.done():
        _end(bot.failed.result())
    _log.info("stopped")


def _calm_collector() -> None:
    """Have Python's garbage collector look less often: what was made until now stays for as long as the program runs,
    and a tap leaves few cycles behind. It takes a tenth off the cost of a tap."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _stop(bot: Bot) -> None:
    _log.info("stopping")
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await bot.stop()
    except TimeoutError:
        _log.critical(
            "Stopping took more than %.0f s; ending at once. Nothing is lost by that.", STOP_LIMIT_S
        )
        os._exit(AGAIN)


def _end(error: Exception) -> NoReturn:
    _log.critical("%s", error)
    passing = AGAIN if isinstance(error, StoreBusy | StoreFull) else SETTING
    raise SystemExit(error.code if isinstance(error, CannotRun) else passing)


def _listen_to_signals(told: asyncio.Future[None]) -> None:
    def hear() -> None:
        if told.done():
            _log.warning("told twice to stop; ending at once. Nothing is lost by that.")
            os._exit(1)
        told.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        # Where signals cannot be heard like this (Windows), Ctrl-C cancels the whole run instead.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, hear)
