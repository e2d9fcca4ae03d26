"""/adjust: correcting a student's pay with a reason, the second admin's word, and the limit above which it is needed."""

from __future__ import annotations

import asyncio
import re

from telegram import Update

from actions import corrections, people, refusals, roles, two_people
from actions.people import Visitor
from actions.ports import Tx
from actions.roles import Holder
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_
from handlers.routing import Command, Input, Route, Tap
from handlers.screen import Screen
from handlers.views import corrections as view
from handlers.views import roles as roles_view

_JUDGMENT = re.compile(r"\A\s*#\s*([0-9]{1,18})\s*\Z")
_REFERENCE = re.compile(r"\A\s*(W[0-9]{2}-[0-9]{4,12})\s*\Z", re.IGNORECASE)


async def adjust_command(update: Update, context: Context) -> None:
    """/adjust."""
    await context.say(view.start(await context.write(corrections.start, context.visitor)))


async def start_tap(update: Update, context: Context) -> None:
    """Back to the beginning."""
    screen = view.start(await context.write(corrections.start, context.visitor))
    await asyncio.gather(context.toast(), context.show(screen))


def _find(tx: Tx, visitor: Visitor, text: str) -> list[Holder]:
    found = roles.find(tx, visitor, text)
    people.stop_awaiting(tx, people.require(tx, visitor).id)
    return found


async def person_typed(update: Update, context: Context) -> None:
    """A name to look for, the number of an answer, or the reference of a payout's line."""
    number = _JUDGMENT.match(context.said)
    if number is not None:
        begun = await context.write(
            corrections.begin_from, context.visitor, judgment_id=context.number(number[1])
        )
        await context.say(view.ask_amount(begun))
        return
    reference = _REFERENCE.match(context.said)
    if reference is not None:
        begun = await context.write(corrections.begin_from_reference, context.visitor, reference[1].upper())
        await context.say(view.ask_amount(begun))
        return
    holders = await context.write(_find, context.visitor, context.said)
    await context.say(view.found(roles_view.found(holders)))


def _page(tx: Tx, visitor: Visitor, person_id: int) -> corrections.Page:
    found = corrections.page(tx, visitor, person_id)
    people.stop_awaiting(tx, people.require(tx, visitor).id)
    return found


async def who_tap(update: Update, context: Context) -> None:
    """One person's money."""
    found = await context.write(_page, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.page(found)))


async def new_tap(update: Update, context: Context) -> None:
    """Begin a correction in a currency."""
    number, currency = tapped.parts(context, 2)
    begun = await context.write(corrections.begin, context.visitor, context.number(number), currency)
    await asyncio.gather(context.toast(), context.show(view.ask_amount(begun)))


async def thing_tap(update: Update, context: Context) -> None:
    """Begin a correction of a judgment's pay, or of a line of a payout."""
    number = tapped.number(context)
    if context.tapped.startswith("x:judgment:"):
        begun = await context.write(corrections.begin_from, context.visitor, judgment_id=number)
    else:
        begun = await context.write(corrections.begin_from, context.visitor, line_id=number)
    await context.toast()
    await context.say(view.ask_amount(begun))


async def amount_typed(update: Update, context: Context) -> None:
    """How much."""
    begun = await context.write(corrections.type_amount, context.visitor, context.said)
    await context.say(view.ask_reason(begun))


async def reason_typed(update: Update, context: Context) -> None:
    """Why; then it is shown before anything moves."""
    await context.say(view.one(await context.write(corrections.type_reason, context.visitor, context.said)))


async def see_tap(update: Update, context: Context) -> None:
    """One correction."""
    seen = await context.read(corrections.see, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.one(seen)))


async def move_tap(update: Update, context: Context) -> None:
    """Book it, drop it, agree to it or refuse it."""
    verb, number = context.tapped.split(":")[1], tapped.number(context)
    if verb == "do":
        seen = await context.write(corrections.confirm, context.visitor, number)
    elif verb == "drop":
        seen = await context.write(corrections.discard, context.visitor, number)
    else:
        seen = await context.write(corrections.decide, context.visitor, number, agrees=verb == "yes")
    await asyncio.gather(context.toast(), context.show(view.one(seen)))


async def limit_tap(update: Update, context: Context) -> None:
    """The limit."""
    await _show(context, view.limit(await context.read(two_people.limit, context.visitor)))


async def ask_limit_tap(update: Update, context: Context) -> None:
    """Ask for another limit."""
    await context.write(two_people.await_limit, context.visitor)
    await _show(context, view.ask_limit())


async def limit_typed(update: Update, context: Context) -> None:
    """Another limit."""
    await context.say(view.limit(await context.write(two_people.set_limit, context.visitor, context.said)))


async def decide_limit_tap(update: Update, context: Context) -> None:
    """Agree to a higher limit, or refuse it."""
    verb, number = context.tapped.split(":")[1], tapped.number(context)
    if verb not in ("limit-yes", "limit-no"):
        raise refusals.OutOfDate
    agrees = verb == "limit-yes"
    found = await context.write(two_people.decide_limit, context.visitor, number, agrees=agrees)
    await _show(context, view.limit(found))


async def _show(context: Context, screen: Screen) -> None:
    await asyncio.gather(context.toast(), context.show(screen))


ROUTES: list[Route] = [
    Command("adjust", adjust_command, N_("Correct somebody's pay"), role="admin"),
    Tap("x:start", start_tap),
    Tap("x:who:", who_tap),
    Tap("x:new:", new_tap),
    Tap("x:judgment:", thing_tap),
    Tap("x:line:", thing_tap),
    Tap("x:see:", see_tap),
    Tap("x:do:", move_tap),
    Tap("x:drop:", move_tap),
    Tap("x:yes:", move_tap),
    Tap("x:no:", move_tap),
    Tap("x:limit-set", ask_limit_tap),
    Tap("x:limit-", decide_limit_tap),
    Tap("x:limit", limit_tap),
    Input(corrections.AWAITS_PERSON, person_typed),
    Input(corrections.AWAITS_AMOUNT, amount_typed),
    Input(corrections.AWAITS_REASON, reason_typed),
    Input(two_people.AWAITS_LIMIT, limit_typed),
]
