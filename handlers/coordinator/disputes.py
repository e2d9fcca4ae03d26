"""/disputes: items whose answers do not decide, one after the other under the thumb; ruling on them, taking back, and who is senior."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import disputes, people, projects, reviews
from actions.disputes import Dispute
from actions.people import Visitor
from actions.ports import Tx
from actions.projects import Project
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_, _
from handlers.routing import Command, Input, Route, Tap
from handlers.screen import Screen
from handlers.views import disputes as view


async def disputes_command(update: Update, context: Context) -> None:
    """/disputes: the first dispute where one project has any, else the projects that have."""
    found = await context.read(disputes.queues, context.visitor)
    if len(found) == 1:
        await context.say(await _at(context, found[0].project.id, 0))
    else:
        await context.say(view.queues(found))


async def _at(context: Context, project_id: int, place: int) -> Screen:
    project, found = await context.write(_open, context.visitor, project_id, place)
    return view.none_left(project.id, project.title) if found is None else view.one(found)


def _open(tx: Tx, visitor: Visitor, project_id: int, place: int) -> tuple[Project, Dispute | None]:
    person, project = projects.managed_by_id(tx, visitor, project_id)
    # Whoever goes on has left the words that a ruling waited for.
    awaited = people.awaited(tx, person.id)
    if awaited is not None and awaited.kind == disputes.AWAITS_REASON:
        people.stop_awaiting(tx, person.id)
    return project, disputes.at(tx, visitor, project_id, place)


async def at_tap(update: Update, context: Context) -> None:
    """A place in the queue."""
    project_id, place = (context.number(part) for part in tapped.parts(context, 2))
    screen = await _at(context, project_id, place)
    await asyncio.gather(context.toast(), context.show(screen))


async def see_tap(update: Update, context: Context) -> None:
    """A page of one dispute."""
    item_id, place, page = (context.number(part) for part in tapped.parts(context, 3))
    found = await context.read(disputes.see, context.visitor, item_id, place)
    await asyncio.gather(context.toast(), context.show(view.one(found, page)))


LAST_PAGE = 999


async def more_tap(update: Update, context: Context) -> None:
    """Every step of a chain, to rule which one is the first wrong."""
    item_id, place = (context.number(part) for part in tapped.parts(context, 2))
    found = await context.read(disputes.see, context.visitor, item_id, place)
    await asyncio.gather(context.toast(), context.show(view.one(found, LAST_PAGE, all_steps=True)))


def _rule(tx: Tx, visitor: Visitor, item_id: int, place: int, operations: list[str]) -> tuple[Dispute, bool]:
    outcome = disputes.rule(tx, visitor, item_id, operations)
    return disputes.see(tx, visitor, item_id, place), isinstance(outcome, Dispute)


async def rule_tap(update: Update, context: Context) -> None:
    """What is right."""
    number, place, taps = tapped.parts(context, 3)
    operations = taps.split(".")
    found, is_ruled = await context.write(
        _rule, context.visitor, context.number(number), context.number(place), operations
    )
    screen = view.done(found) if is_ruled else view.one(found, LAST_PAGE, operations)
    await asyncio.gather(context.toast(), context.show(screen))


async def undo_tap(update: Update, context: Context) -> None:
    """Take a ruling back."""
    project = await context.write(disputes.take_back, context.visitor, tapped.number(context))
    screen = await _at(context, project.id, 0)
    await asyncio.gather(
        context.toast(_("Taken back. The answers speak for themselves again.")), context.show(screen)
    )


async def why_tap(update: Update, context: Context) -> None:
    """Wait for the words behind a ruling."""
    found = await context.write(disputes.begin_reason, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.ask_reason(found)))


async def why_typed(update: Update, context: Context) -> None:
    """The words behind a ruling."""
    await context.say(view.done(await context.write(disputes.type_reason, context.visitor, context.said)))


async def ruled_tap(update: Update, context: Context) -> None:
    """What was ruled."""
    found = await context.read(disputes.ruled, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.ruled(found)))


async def seniors_tap(update: Update, context: Context) -> None:
    """Who is senior."""
    found = await context.read(reviews.candidates, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.senior_students(found)))


async def name_tap(update: Update, context: Context) -> None:
    """Make a student senior, or say that they are none."""
    verb = context.tapped.split(":")[1]
    project_id, person_id = (context.number(part) for part in tapped.parts(context, 2))
    found = await context.write(reviews.name, context.visitor, project_id, person_id, named=verb == "on")
    await asyncio.gather(context.toast(), context.show(view.senior_students(found)))


ROUTES: list[Route] = [
    Command("disputes", disputes_command, N_("Items whose answers disagree"), role="coordinator"),
    Tap("k:disputes:", at_tap),
    Tap("j:see:", see_tap),
    Tap("j:more:", more_tap),
    Tap("j:rule:", rule_tap),
    Tap("j:undo:", undo_tap),
    Tap("j:why:", why_tap),
    Tap("j:ruled:", ruled_tap),
    Tap("j:seniors:", seniors_tap),
    Tap("j:on:", name_tap),
    Tap("j:off:", name_tap),
    Input(disputes.AWAITS_REASON, why_typed),
]
