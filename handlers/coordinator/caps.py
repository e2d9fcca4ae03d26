"""Caps that prove too tight: the notice to a project's coordinators, and its two buttons."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update

from actions import caps, refusals
from actions.ports import Store
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import _
from handlers.routing import Route, Tap
from handlers.screen import Screen
from handlers.views import caps as view
from handlers.views import projects_managed
from rules.project_file import ProjectTrouble


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the notice; nothing when the cap has changed before it could be sent."""
    found = await store.read(caps.told, int(notice["id"]))
    return view.notice(found) if found is not None and found.is_open else None


async def decide_tap(update: Update, context: Context) -> None:
    """Raise the cap, or leave it."""
    number, answer = tapped.parts(context, 2)
    if answer not in ("y", "n"):
        raise refusals.OutOfDate
    action = caps.take if answer == "y" else caps.leave
    try:
        found = await context.write(action, context.visitor, context.number(number))
    except ProjectTrouble as trouble:
        screen = projects_managed.troubles(_("The higher cap"), trouble)
    else:
        screen = view.notice(found)
    await asyncio.gather(context.toast(), context.show(screen))


ROUTES: list[Route] = [Tap("c:cap:", decide_tap)]
