"""Second looks: what a senior student taps after they judged a disputed item and saw the other answers."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import people, second_looks
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import _
from handlers.routing import Route, Tap
from handlers.views import second_looks as view
from handlers.views import work as work_view


async def see_tap(update: Update, context: Context) -> None:
    """Another page of it."""
    token, page = tapped.parts(context, 2)
    found = await context.read(second_looks.see, context.visitor, token)
    await asyncio.gather(context.toast(), context.show(view.screen(found, context.number(page))))


async def do_tap(update: Update, context: Context) -> None:
    """Rule, leave it to the coordinator, or just go on; then comes the next task."""
    token, operation = tapped.parts(context, 2)
    state, following = await context.write(second_looks.decide, context.visitor, token, operation)
    toast = _(view.BECAME[state])
    _done, message_id = await asyncio.gather(
        context.toast(toast), context.show(work_view.next_screen(following))
    )
    await context.write(people.place_card, context.visitor, message_id)


ROUTES: list[Route] = [
    Tap("l:see:", see_tap),
    Tap("l:do:", do_tap),
]
