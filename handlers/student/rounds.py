"""Calibration rounds, for students: the notice that one is open, and its results item by item."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update

from actions import round_results
from actions.ports import Store
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Route, Tap
from handlers.screen import Screen
from handlers.views import round_results as view


async def list_tap(update: Update, context: Context) -> None:
    """The rounds of a project whose results can be read."""
    found = await context.read(round_results.listing, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.listing(found)))


async def one_tap(update: Update, context: Context) -> None:
    """One item of a round's results."""
    number, place, page = tapped.parts(context, 3)
    found = await context.read(round_results.see, context.visitor, context.number(number))
    at = None if page == "-" else context.number(page)
    await asyncio.gather(context.toast(), context.show(view.item(found, context.number(place), at)))


async def open_notice(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the notice of an open round; nothing for somebody who is through with it."""
    found = await store.read(round_results.opened, int(notice["id"]), person_id)
    return view.opened(found) if found is not None else None


async def told_notice(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the notice of a round's results; nothing for somebody who met none of its items."""
    found = await store.read(round_results.told, int(notice["id"]), person_id)
    return view.told(found) if found is not None else None


ROUTES: list[Route] = [Tap("rd:list:", list_tap), Tap("rd:one:", one_tap)]
