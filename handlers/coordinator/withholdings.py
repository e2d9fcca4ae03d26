"""Holding pay back, in the chat: a coordinator proposes, an admin confirms, and it is decided; its student can look at what it covers."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import people, refusals, withholding_drafts, withholdings
from actions.people import Visitor
from actions.ports import Tx
from actions.withholdings import Seen
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Input, Route, Tap
from handlers.views import withholdings as view


async def start_tap(update: Update, context: Context) -> None:
    """Whose pay?"""
    project = await context.write(withholding_drafts.await_student, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.ask_student(project)))


async def student_typed(update: Update, context: Context) -> None:
    """Whose; then from when on."""
    begun = await context.write(withholding_drafts.type_student, context.visitor, context.said)
    await context.say(view.ask_from(begun))


async def all_tap(update: Update, context: Context) -> None:
    """All that is unpaid."""
    project_id, person_id = (context.number(part) for part in tapped.parts(context, 2))
    begun = await context.write(withholding_drafts.await_reason, context.visitor, project_id, person_id)
    await asyncio.gather(context.toast(), context.show(view.ask_reason(begun)))


async def day_tap(update: Update, context: Context) -> None:
    """What is unpaid from a day on."""
    project_id, person_id = (context.number(part) for part in tapped.parts(context, 2))
    begun = await context.write(withholding_drafts.await_day, context.visitor, project_id, person_id)
    await asyncio.gather(context.toast(), context.show(view.ask_day(begun)))


async def day_typed(update: Update, context: Context) -> None:
    """The first day."""
    begun = await context.write(withholding_drafts.type_day, context.visitor, context.said)
    await context.say(view.ask_reason(begun))


async def reason_typed(update: Update, context: Context) -> None:
    """What was seen; then it is shown before anybody is asked."""
    seen = await context.write(withholding_drafts.type_reason, context.visitor, context.said)
    await context.say(view.one(seen))


async def see_tap(update: Update, context: Context) -> None:
    """One withholding."""
    seen = await context.read(withholdings.see, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.one(seen)))


async def ask_tap(update: Update, context: Context) -> None:
    """Take it for good? Ask first."""
    seen = await context.read(withholdings.see, context.visitor, tapped.number(context))
    screen = view.confirm_taking(seen) if seen.can_take else view.one(seen)
    await asyncio.gather(context.toast(), context.show(screen))


async def move_tap(update: Update, context: Context) -> None:
    """Propose it, drop it, confirm or refuse it, release it or take it."""
    verb, number = context.tapped.split(":")[1], tapped.number(context)
    visitor = context.visitor
    if verb == "do":
        seen = await context.write(withholdings.propose, visitor, number)
    elif verb == "drop":
        seen = await context.write(withholdings.discard, visitor, number)
    elif verb in ("yes", "no"):
        seen = await context.write(withholdings.confirm, visitor, number, agrees=verb == "yes")
    else:
        seen = await context.write(withholdings.settle, visitor, number, takes=verb == "take")
    await asyncio.gather(context.toast(), context.show(view.one(seen)))


def _mine(tx: Tx, visitor: Visitor, withholding_id: int) -> Seen:
    found = withholdings.told(tx, withholding_id, people.known(tx, visitor).id)
    if found is None:
        raise refusals.OutOfDate
    return found


async def mine_tap(update: Update, context: Context) -> None:
    """What it covers, for its student."""
    found = await context.read(_mine, context.visitor, tapped.number(context))
    await context.toast()
    await context.say(view.mine(found))


ROUTES: list[Route] = [
    Tap("w:start:", start_tap),
    Tap("w:all:", all_tap),
    Tap("w:day:", day_tap),
    Tap("w:see:", see_tap),
    Tap("w:ask:", ask_tap),
    Tap("w:do:", move_tap),
    Tap("w:drop:", move_tap),
    Tap("w:yes:", move_tap),
    Tap("w:no:", move_tap),
    Tap("w:free:", move_tap),
    Tap("w:take:", move_tap),
    Tap("w:mine:", mine_tap),
    Input(withholding_drafts.AWAITS_STUDENT, student_typed),
    Input(withholding_drafts.AWAITS_DAY, day_typed),
    Input(withholding_drafts.AWAITS_REASON, reason_typed),
]
