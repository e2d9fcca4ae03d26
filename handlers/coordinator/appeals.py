"""/appeals: what students ask a person to look at again, with everything needed to answer; and the answer, which decides."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import appeals, people, withholdings
from actions.appeals import Case, Told
from actions.people import Visitor
from actions.ports import Tx
from actions.withholdings import Withholding
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_
from handlers.routing import Command, Input, Route, Tap
from handlers.views import appeals as view


def _listing(tx: Tx, visitor: Visitor) -> tuple[list[Told], list[Withholding]]:
    return appeals.listing(tx, visitor), withholdings.listing(tx, visitor)


async def appeals_command(update: Update, context: Context) -> None:
    """/appeals."""
    await context.say(view.listing(*await context.read(_listing, context.visitor)))


async def list_tap(update: Update, context: Context) -> None:
    """Back to the list."""
    screen = view.listing(*await context.read(_listing, context.visitor))
    await asyncio.gather(context.toast(), context.show(screen))


def _case(tx: Tx, visitor: Visitor, appeal_id: int) -> Case:
    found = appeals.case(tx, visitor, appeal_id)
    people.stop_awaiting(tx, people.require(tx, visitor).id)
    return found


async def case_tap(update: Update, context: Context) -> None:
    """One appeal; an answer that was being typed is left."""
    found = await context.write(_case, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.case(found)))


async def answer_tap(update: Update, context: Context) -> None:
    """Decide, and wait for the words."""
    number, verdict = tapped.parts(context, 2)
    found = await context.write(appeals.begin_answer, context.visitor, context.number(number), verdict)
    await asyncio.gather(context.toast(), context.show(view.ask_answer(found, verdict)))


async def answer_typed(update: Update, context: Context) -> None:
    """The words of the answer; sending them decides."""
    await context.say(view.case(await context.write(appeals.type_answer, context.visitor, context.said)))


ROUTES: list[Route] = [
    Command("appeals", appeals_command, N_("What students ask you to look at"), role="coordinator"),
    Tap("q:list", list_tap),
    Tap("q:case:", case_tap),
    Tap("q:do:", answer_tap),
    Input(appeals.AWAITS_ANSWER, answer_typed),
]
