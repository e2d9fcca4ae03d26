"""/health: the figures of the house, for admins."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import health
from handlers.context import Context
from handlers.language import N_, _
from handlers.routing import Command, Route, Tap
from handlers.screen import Screen
from handlers.views import health as view


async def _screen(context: Context) -> Screen:
    disk = await asyncio.to_thread(health.disk, context.services.store.path)
    return view.health(await context.read(health.look, context.visitor, disk))


async def health_command(update: Update, context: Context) -> None:
    """/health."""
    await context.say(await _screen(context))


async def look_again(update: Update, context: Context) -> None:
    """Measure anew, in place."""
    screen = await _screen(context)
    await asyncio.gather(context.toast(_("Measured anew")), context.show(screen))


ROUTES: list[Route] = [
    Command("health", health_command, N_("How the bot is doing"), role="admin"),
    Tap("h:now", look_again),
]
