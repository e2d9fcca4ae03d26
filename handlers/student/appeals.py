"""Asking a person: a student's one text about pay that is held back, one of their answers, or their standing."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import appeals, people
from actions.people import Visitor
from actions.ports import Tx
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Input, Route, Tap
from handlers.views import appeals as view


async def ask_tap(update: Update, context: Context) -> None:
    """Ask a person: wait for the text."""
    about = context.tapped.split(":")[1]
    thing = await context.write(appeals.begin, context.visitor, about, tapped.number(context))
    await context.toast()
    await context.say(view.ask_text(thing))


async def text_typed(update: Update, context: Context) -> None:
    """The text; it is sent at once."""
    await context.say(view.sent(await context.write(appeals.type_text, context.visitor, context.said)))


def _stop(tx: Tx, visitor: Visitor) -> None:
    people.stop_awaiting(tx, people.known(tx, visitor).id)


async def cancel_tap(update: Update, context: Context) -> None:
    """Rather not."""
    await context.write(_stop, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.cancelled()))


ROUTES: list[Route] = [
    Tap("q:withholding:", ask_tap),
    Tap("q:judgment:", ask_tap),
    Tap("q:standing:", ask_tap),
    Tap("q:cancel", cancel_tap),
    Input(appeals.AWAITS_TEXT, text_typed),
]
