"""Position bias, for a project's coordinators: one screen with the figures."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import position
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Route, Tap
from handlers.views import position as view


async def see_tap(update: Update, context: Context) -> None:
    """How often the answer shown first is chosen."""
    found = await context.read(position.of_project, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.report(found)))


ROUTES: list[Route] = [Tap("c:position:", see_tap)]
