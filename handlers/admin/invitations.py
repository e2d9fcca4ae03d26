"""/invite: admins invite anybody, coordinators invite students to their projects."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import invitations, people, refusals
from actions.invitations import Issued, Options
from actions.people import Visitor
from actions.ports import Tx
from handlers.context import Context
from handlers.language import N_
from handlers.routing import Command, Route, Tap
from handlers.screen import Screen
from handlers.views import invitations as view


def _first(options: Options) -> Screen:
    """Leave out the first question for whom it has one answer only."""
    return view.ask_role(options) if len(options.roles) > 1 else view.ask_project(options, options.roles[0])


async def invite_command(update: Update, context: Context) -> None:
    """/invite."""
    await context.say(_first(await context.read(invitations.options, context.visitor)))


async def start_tap(update: Update, context: Context) -> None:
    """Back to the first question. The link that stood here stays in the chat below."""
    options = await context.read(invitations.options, context.visitor)
    await asyncio.gather(context.toast(), context.show(_first(options)))


async def role_tap(update: Update, context: Context) -> None:
    """A role was picked; an admin's link needs no project."""
    role = context.tapped.removeprefix("i:role:")
    options = await context.read(invitations.options, context.visitor)
    if role not in options.roles:
        raise refusals.OutOfDate
    if role == "admin":
        await _make(context, role, None, 1)
    else:
        await asyncio.gather(context.toast(), context.show(view.ask_project(options, role)))


async def project_tap(update: Update, context: Context) -> None:
    """A project was picked; a link for staff serves one person."""
    role, _colon, number = context.tapped.removeprefix("i:project:").partition(":")
    project_id = context.number(number)
    if role == "student":
        await asyncio.gather(context.toast(), context.show(view.ask_uses(project_id)))
    else:
        await _make(context, role, project_id or None, 1)


async def make_tap(update: Update, context: Context) -> None:
    """The number was picked: make the link."""
    role, number, uses = ([*context.tapped.removeprefix("i:make:").split(":"), "", ""])[:3]
    await _make(context, role, context.number(number) or None, context.number(uses))


async def _make(context: Context, role: str, project_id: int | None, uses: int) -> None:
    made, time_zone = await context.write(_issue, context.visitor, role, project_id, uses)
    link = invitations.link(context.services.bot_username, made.token)
    await asyncio.gather(context.toast(), context.show(view.issued(made, link, time_zone)))
    await context.say(view.to_forward(made, link))


def _issue(tx: Tx, visitor: Visitor, role: str, project_id: int | None, uses: int) -> tuple[Issued, str]:
    made = invitations.issue(tx, visitor, role, project_id, uses)
    return made, people.profile_of(tx, people.require(tx, visitor)).time_zone


ROUTES: list[Route] = [
    Command("invite", invite_command, N_("Invite people with a link"), role="coordinator"),
    Tap("i:start", start_tap),
    Tap("i:role:", role_tap),
    Tap("i:project:", project_tap),
    Tap("i:make:", make_tap),
]
