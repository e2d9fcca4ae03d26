"""Pairs to look at, for a project's coordinators: the list, each with its evidence, and what they think of it. Pay is held back elsewhere,
by a draft that an admin confirms."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update

from actions import pairs, refusals, withholding_drafts
from actions.ports import Store
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Route, Tap
from handlers.screen import Screen
from handlers.views import pairs as view
from handlers.views import withholdings as withholding_view


async def list_tap(update: Update, context: Context) -> None:
    """What stands out on a project; `k:pairs:7` is its first page, `k:pairs:7:2` its third."""
    found = context.tapped.split(":")[2:]
    if len(found) not in (1, 2):
        raise refusals.OutOfDate
    project_id, page = (context.number(part) for part in (*found, "0")[:2])
    listed = await context.read(pairs.of_project, context.visitor, project_id, page)
    await asyncio.gather(context.toast(), context.show(view.listing(listed)))


async def see_tap(update: Update, context: Context) -> None:
    """One of them, with the evidence."""
    seen = await context.read(pairs.see, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.seen(seen)))


async def decide_tap(update: Update, context: Context) -> None:
    """Nothing here, it is cheating, or take that back."""
    verb = context.tapped.split(":")[1].removeprefix("pair")
    seen = await context.write(pairs.decide, context.visitor, tapped.number(context), verb)
    await asyncio.gather(context.toast(), context.show(view.seen(seen)))


async def pay_tap(update: Update, context: Context) -> None:
    """Begin the draft of a withholding: what of one of the two is unpaid."""
    project_id, person_id = (context.number(part) for part in tapped.parts(context, 2))
    begun = await context.read(withholding_drafts.begin, context.visitor, project_id, person_id)
    await asyncio.gather(context.toast(), context.show(withholding_view.ask_from(begun)))


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Tell a coordinator what a nightly look found for the first time; nothing once all of it was decided or is gone."""
    project, waiting = await store.read(pairs.news, int(notice["project_id"]), int(notice["found_ms"]))
    return view.notice(project, waiting) if waiting else None


ROUTES: list[Route] = [
    Tap("k:pairs:", list_tap),
    Tap("k:pair:", see_tap),
    Tap("k:pairno:", decide_tap),
    Tap("k:pairyes:", decide_tap),
    Tap("k:pairback:", decide_tap),
    Tap("k:pairpay:", pay_tap),
]
