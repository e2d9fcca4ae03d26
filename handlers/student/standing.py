"""A student's own standing: how their answers on a project are checked, and the notices about changes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update

from actions import leniency, position, standings_told
from actions.leniency import Found
from actions.people import Visitor
from actions.ports import Store, Tx
from actions.standings_told import Checked
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Route, Tap
from handlers.screen import Screen
from handlers.views import leniency as leniency_view
from handlers.views import position as position_view
from handlers.views import standing as view
from rules.position import Bias


async def mine_tap(update: Update, context: Context) -> None:
    """How my answers are checked."""
    found, lenient, bias = await context.read(_checked, context.visitor, tapped.number(context))
    extra = [*leniency_view.own(lenient), *([position_view.own(bias)] if bias is not None else [])]
    await asyncio.gather(context.toast(), context.show(view.checked(found, extra)))


def _checked(tx: Tx, visitor: Visitor, project_id: int) -> tuple[Checked, Found, Bias | None]:
    return (
        standings_told.checked(tx, visitor, project_id),
        leniency.of_person(tx, visitor, project_id),
        position.of_person(tx, visitor, project_id),
    )


async def _changed(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    found = await store.read(standings_told.told, notice["id"], person_id)
    return view.told(found) if found is not None else None


ROUTES: list[Route] = [Tap("n:mine:", mine_tap)]
COMPOSERS: dict[str, Callable[[Store, int, dict[str, Any]], Awaitable[Screen | None]]] = {
    "standing": _changed
}
