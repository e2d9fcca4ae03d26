"""The pay of a project, for its coordinators: giving a bonus, and the admin's word where it needs one."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import bonuses, people, projects
from actions.people import Visitor
from actions.ports import Tx
from actions.projects import Project
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Input, Route, Tap
from handlers.views import bonuses as view


def _pay(tx: Tx, visitor: Visitor, project_id: int) -> Project:
    person, project = projects.managed_by_id(tx, visitor, project_id)
    people.stop_awaiting(tx, person.id)
    return project


async def pay_tap(update: Update, context: Context) -> None:
    """What can be done about the pay of a project; whatever was being typed is left."""
    project = await context.write(_pay, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.pay(project)))


async def start_tap(update: Update, context: Context) -> None:
    """A bonus: to whom?"""
    found = await context.read(bonuses.start, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.start(*found)))


async def all_tap(update: Update, context: Context) -> None:
    """To all who work on the project."""
    begun = await context.write(bonuses.begin, context.visitor, tapped.number(context), None)
    await asyncio.gather(context.toast(), context.show(view.ask_amount(begun)))


async def one_tap(update: Update, context: Context) -> None:
    """To one student."""
    project = await context.write(bonuses.await_student, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.ask_student(project)))


async def student_typed(update: Update, context: Context) -> None:
    """Whom."""
    begun = await context.write(bonuses.type_student, context.visitor, context.said)
    await context.say(view.ask_amount(begun))


async def amount_typed(update: Update, context: Context) -> None:
    """How much for each."""
    begun = await context.write(bonuses.type_amount, context.visitor, context.said)
    await context.say(view.ask_reason(begun))


async def reason_typed(update: Update, context: Context) -> None:
    """What for; then it is shown before anything moves."""
    await context.say(view.one(await context.write(bonuses.type_reason, context.visitor, context.said)))


async def see_tap(update: Update, context: Context) -> None:
    """One bonus."""
    seen = await context.read(bonuses.see, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.one(seen)))


async def move_tap(update: Update, context: Context) -> None:
    """Give it, drop it, agree to it or refuse it."""
    verb, number = context.tapped.split(":")[1], tapped.number(context)
    if verb == "do":
        seen = await context.write(bonuses.confirm, context.visitor, number)
    elif verb == "drop":
        seen = await context.write(bonuses.discard, context.visitor, number)
    else:
        seen = await context.write(bonuses.decide, context.visitor, number, agrees=verb == "yes")
    await asyncio.gather(context.toast(), context.show(view.one(seen)))


ROUTES: list[Route] = [
    Tap("k:pay:", pay_tap),
    Tap("k:start:", start_tap),
    Tap("k:all:", all_tap),
    Tap("k:one:", one_tap),
    Tap("k:see:", see_tap),
    Tap("k:do:", move_tap),
    Tap("k:drop:", move_tap),
    Tap("k:yes:", move_tap),
    Tap("k:no:", move_tap),
    Input(bonuses.AWAITS_STUDENT, student_typed),
    Input(bonuses.AWAITS_AMOUNT, amount_typed),
    Input(bonuses.AWAITS_REASON, reason_typed),
]
