"""Projects: the list, one in full, joining and leaving."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import people, position, qualifications, round_results, work
from actions.people import Visitor
from actions.ports import Tx
from actions.qualifications import Offer
from handlers.context import Context
from handlers.language import N_, _
from handlers.routing import Command, Route, Tap
from handlers.views import projects as view
from handlers.views import work as work_view
from rules.position import Bias


async def projects_command(update: Update, context: Context) -> None:
    """/projects: what is open to this student."""
    await context.say(view.offers(await context.read(qualifications.offers, context.visitor)))


def _offers_and_aim(tx: Tx, visitor: Visitor) -> tuple[list[Offer], Offer | None]:
    """Give what is open to a student, and the one to show first: what they were invited to or work on, else the only one.

    Who was invited to a project that does not fit them sees it all the same: joining says what it asks for.
    """
    found = qualifications.offers(tx, visitor)
    project_id = people.require(tx, visitor).project_id
    if project_id is not None:
        aim = qualifications.offer(tx, visitor, project_id)
        if aim.standing or aim.project.state == "open":
            return found, aim
    return found, found[0] if len(found) == 1 else None


async def home(context: Context, *, edit: bool = False) -> None:
    """Show a student their place to go on from."""
    found, chosen = await context.read(_offers_and_aim, context.visitor)
    show = context.show if edit else context.say
    if chosen is None:
        await show(view.offers(found))
    else:
        await show(view.welcome_back(chosen) if chosen.standing else view.details(chosen))


async def list_tap(update: Update, context: Context) -> None:
    """Back to the list."""
    found = await context.read(qualifications.offers, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.offers(found)))


async def see_tap(update: Update, context: Context) -> None:
    """One project in full."""
    offer, bias, has_rounds = await context.read(_in_full, context.visitor, _number(context))
    await asyncio.gather(context.toast(), context.show(view.details(offer, bias, has_rounds=has_rounds)))


def _in_full(tx: Tx, visitor: Visitor, project_id: int) -> tuple[Offer, Bias | None, bool]:
    offer = qualifications.offer(tx, visitor, project_id)
    person = people.require(tx, visitor)
    bias = position.of_person(tx, visitor, project_id)
    return offer, bias, round_results.has_any(tx, person.id, project_id)


async def join_tap(update: Update, context: Context) -> None:
    """Join, and see what comes first."""
    await join(context, _number(context))


async def join(context: Context, project_id: int) -> None:
    """Take a place on a project and show what comes first; also the answer to a received broadcast."""
    following = await context.write(_join_and_go, context.visitor, project_id)
    _toasted, message_id = await asyncio.gather(
        context.toast(_("You're in")), context.show(work_view.next_screen(following))
    )
    await context.write(people.place_card, context.visitor, message_id)


def _join_and_go(tx: Tx, visitor: Visitor, project_id: int) -> work.Next:
    qualifications.join(tx, visitor, project_id)
    return work.go_on(tx, visitor, project_id)


async def ask_leave_tap(update: Update, context: Context) -> None:
    """Leave? Ask first."""
    offer = await context.read(qualifications.offer, context.visitor, _number(context))
    await asyncio.gather(context.toast(), context.show(view.confirm_leave(offer)))


async def leave_tap(update: Update, context: Context) -> None:
    """Give up the place."""
    project = await context.write(qualifications.leave, context.visitor, _number(context))
    await context.toast(_("You left {project}.", project=project.title))
    found = await context.read(qualifications.offers, context.visitor)
    await context.show(view.offers(found))


def _number(context: Context) -> int:
    return context.number(context.tapped.rpartition(":")[2])


ROUTES: list[Route] = [
    Command("projects", projects_command, N_("What is open to you")),
    Tap("p:list", list_tap),
    Tap("p:see:", see_tap),
    Tap("p:join:", join_tap),
    Tap("p:leave:", ask_leave_tap),
    Tap("p:left:", leave_tap),
]
