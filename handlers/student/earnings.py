"""/earnings and /hours: the sums, the lines behind them, and one line in full."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import earnings
from handlers.context import Context
from handlers.language import N_, _
from handlers.routing import Command, Route, Tap
from handlers.views import earnings as view


async def earnings_command(update: Update, context: Context) -> None:
    """/earnings: money first."""
    await context.say(view.summary(await context.read(earnings.summary, context.visitor)))


async def hours_command(update: Update, context: Context) -> None:
    """/hours: time first."""
    await context.say(view.hours(await context.read(earnings.summary, context.visitor)))


async def now_tap(update: Update, context: Context) -> None:
    """The sums again."""
    found = await context.read(earnings.summary, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.summary(found)))


async def hours_tap(update: Update, context: Context) -> None:
    """The hours, in the place of the money."""
    found = await context.read(earnings.summary, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.hours(found)))


async def items_tap(update: Update, context: Context) -> None:
    """A page of judgments."""
    _items, _colon, before = context.tapped.removeprefix("e:").partition(":")
    found = await context.read(earnings.lines, context.visitor, context.number(before) if before else None)
    await asyncio.gather(context.toast(), context.show(view.lines(found)))


async def one_tap(update: Update, context: Context) -> None:
    """One judgment in full."""
    number = context.number(context.tapped.removeprefix("e:one:"))
    found = await context.read(earnings.line, context.visitor, number)
    if found is None:
        await context.toast(_("That is not one of yours."))
    else:
        await asyncio.gather(context.toast(), context.show(view.line(found)))


ROUTES: list[Route] = [
    Command("earnings", earnings_command, N_("Your money, and why")),
    Command("hours", hours_command, N_("Your hours")),
    Tap("e:now", now_tap),
    Tap("e:hours", hours_tap),
    Tap("e:items", items_tap),
    Tap("e:one:", one_tap),
]
