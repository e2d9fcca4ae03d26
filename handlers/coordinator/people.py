"""People whom a coordinator has to look at, in the chat: who is paused, watched or removed; bringing back, leaving answers out, and
removing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update

from actions import people, standings, standings_managed
from actions.people import Visitor
from actions.ports import Store, Tx
from actions.standings import Change
from actions.standings_managed import Student
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import _
from handlers.routing import Input, Route, Tap
from handlers.screen import Screen
from handlers.views import people as view


async def list_tap(update: Update, context: Context) -> None:
    """Who is paused, watched or removed."""
    found = await context.read(standings_managed.listing, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.listing(found)))


def _see(tx: Tx, visitor: Visitor, project_id: int, person_id: int) -> Student:
    found = standings_managed.see(tx, visitor, project_id, person_id)
    people.stop_awaiting(tx, people.require(tx, visitor).id)
    return found


async def one_tap(update: Update, context: Context) -> None:
    """One student; a reason that was being typed is left."""
    found = await context.write(_see, context.visitor, *_place(context))
    await asyncio.gather(context.toast(), context.show(view.one(found)))


async def back_tap(update: Update, context: Context) -> None:
    """Back to work, or taken back."""
    found = await context.write(standings_managed.bring_back, context.visitor, *_place(context))
    await asyncio.gather(context.toast(_done(found)), context.show(view.one(found)))


async def out_tap(update: Update, context: Context) -> None:
    """Leave the answers of the bad run out of the data."""
    found = await context.write(standings_managed.leave_out, context.visitor, *_place(context))
    await asyncio.gather(context.toast(_done(found)), context.show(view.one(found)))


def _done(found: Student) -> str:
    return _("Done") if found.changed else _("Nothing was changed: somebody was first.")


async def ask_tap(update: Update, context: Context) -> None:
    """Remove? Ask first."""
    found = await context.read(standings_managed.ask_removal, context.visitor, *_place(context))
    await asyncio.gather(context.toast(), context.show(view.confirm_removal(found)))


async def why_tap(update: Update, context: Context) -> None:
    """Yes: wait for the reason."""
    found = await context.write(standings_managed.await_reason, context.visitor, *_place(context))
    await asyncio.gather(context.toast(), context.show(view.ask_reason(found)))


async def reason_typed(update: Update, context: Context) -> None:
    """The reason; it removes."""
    await context.say(
        view.one(await context.write(standings_managed.type_reason, context.visitor, context.said))
    )


def _place(context: Context) -> tuple[int, int]:
    project_id, person_id = tapped.parts(context, 2)
    return context.number(project_id), context.number(person_id)


def _paused(tx: Tx, change_id: int) -> tuple[Change, str, str] | None:
    """Give a pause with its student's pseudonym and its project's title, while it stands."""
    found, project = standings.change(tx, change_id), standings.project_of(tx, change_id)
    pause = standings.pause_of(tx, change_id)
    if found is None or project is None or pause is None or pause.state != "open":
        return None
    return found, people.get(tx, found.person_id).pseudonym, project.title


async def _told(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    found = await store.read(_paused, notice["id"])
    return view.notice(*found) if found is not None else None


ROUTES: list[Route] = [
    Tap("n:list:", list_tap),
    Tap("n:one:", one_tap),
    Tap("n:back:", back_tap),
    Tap("n:out:", out_tap),
    Tap("n:ask:", ask_tap),
    Tap("n:why:", why_tap),
    Input(standings_managed.AWAITS_REASON, reason_typed),
]
COMPOSERS: dict[str, Callable[[Store, int, dict[str, Any]], Awaitable[Screen | None]]] = {
    "standing_staff": _told
}
