"""/roles: who holds what; giving and taking, each confirmed first."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import people, refusals, roles
from actions.people import Visitor
from actions.ports import Tx
from actions.roles import Holder
from handlers.context import Context
from handlers.language import N_
from handlers.routing import Command, Input, Route, Tap
from handlers.views import roles as view

AWAITS_NAME = "roles:name"


async def roles_command(update: Update, context: Context) -> None:
    """/roles."""
    await context.say(view.staff(await context.read(roles.staff, context.visitor)))


async def all_tap(update: Update, context: Context) -> None:
    """Back to the list."""
    screen = view.staff(await context.read(roles.staff, context.visitor))
    await asyncio.gather(context.toast(), context.show(screen))


async def who_tap(update: Update, context: Context) -> None:
    """One person of the list."""
    person_id = context.number(context.tapped.removeprefix("r:who:"))
    holder = await context.read(roles.holder, context.visitor, person_id)
    await asyncio.gather(context.toast(), context.show(view.person(holder)))


def _parts(context: Context) -> tuple[str, int, str]:
    """Read verb, person and role from a button; anybody can forge it, so each is looked up later."""
    _word, verb, number, role = ([*context.tapped.split(":"), "", "", ""])[:4]
    if role not in roles.GIVEN_BY_HAND:
        raise refusals.OutOfDate
    return verb.removeprefix("do-"), context.number(number), role


async def ask_tap(update: Update, context: Context) -> None:
    """Ask before a role is given or taken."""
    verb, person_id, role = _parts(context)
    holder = await context.read(roles.holder, context.visitor, person_id)
    await asyncio.gather(context.toast(), context.show(view.confirm(holder, verb, role)))


async def do_tap(update: Update, context: Context) -> None:
    """Give or take the role."""
    verb, person_id, role = _parts(context)
    action = roles.give if verb == "give" else roles.take
    outcome = await context.write(action, context.visitor, person_id, role)
    await asyncio.gather(context.toast(view.changed(outcome)), context.show(view.person(outcome.holder)))


def _await_name(tx: Tx, visitor: Visitor) -> None:
    people.await_input(tx, people.require_role(tx, visitor, "admin").id, AWAITS_NAME)


async def find_tap(update: Update, context: Context) -> None:
    """Ask for a name."""
    await context.write(_await_name, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.ask_name()))


def _find(tx: Tx, visitor: Visitor, text: str) -> list[Holder]:
    found = roles.find(tx, visitor, text)
    people.stop_awaiting(tx, people.require(tx, visitor).id)
    return found


async def name_typed(update: Update, context: Context) -> None:
    """A name, to look for."""
    await context.say(view.found(await context.write(_find, context.visitor, context.said)))


ROUTES: list[Route] = [
    Command("roles", roles_command, N_("Who may do what"), role="admin"),
    Tap("r:all", all_tap),
    Tap("r:who:", who_tap),
    Tap("r:give:", ask_tap),
    Tap("r:take:", ask_tap),
    Tap("r:do-give:", do_tap),
    Tap("r:do-take:", do_tap),
    Tap("r:find", find_tap),
    Input(AWAITS_NAME, name_typed),
]
