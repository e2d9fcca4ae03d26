"""What everybody may say: /help, /cancel, a message that something waits for, and anything that nothing waits for."""

from __future__ import annotations

from telegram import Update

from actions import people
from actions.people import Awaited, Visitor
from actions.ports import Tx
from handlers import routes
from handlers.context import Context
from handlers.language import _
from handlers.screen import Screen
from handlers.student import work
from handlers.views import settings as view
from rules.text import Text


def _roles(tx: Tx, visitor: Visitor) -> list[str]:
    person = people.find(tx, visitor.key)
    return people.roles(tx, person.id) if person is not None else []


async def help_command(update: Update, context: Context) -> None:
    """/help: the commands that this person may use."""
    roles = await context.read(_roles, context.visitor)
    await context.say(view.help_for(routes.menu(roles or ["student"])))


def _cancel(tx: Tx, visitor: Visitor) -> bool:
    return people.stop_awaiting(tx, people.require(tx, visitor).id)


async def cancel_command(update: Update, context: Context) -> None:
    """/cancel: forget what was asked for."""
    cancelled = await context.write(_cancel, context.visitor) or await work.cancel(context)
    sentence = (
        _("Cancelled. Nothing was changed.")
        if cancelled
        else _("There is nothing to cancel. /help lists what I can do.")
    )
    await context.say(Screen(Text().plain(sentence)))


def _awaited(tx: Tx, visitor: Visitor) -> Awaited | None:
    found = people.awaited(tx, people.known(tx, visitor).id)
    if found is None or not found.kind.startswith(("payout:", "appeal:text")):
        # Suspended people are kept from everything but their pay.
        people.require(tx, visitor)
    return found


async def message(update: Update, context: Context) -> None:
    """Any message that is no known command: what it was awaited for, or a helpful line."""
    awaited = await context.read(_awaited, context.visitor)
    callback = routes.input_for(awaited.kind) if awaited is not None else None
    if callback is not None and not context.said.startswith("/"):
        await callback(update, context)
        return
    said = context.said
    if not said.startswith("/") and await work.typed(update, context):
        return
    sentence = (
        _("I don't know {command}. /help lists what I can do.", command=said.split()[0][:40])
        if said.startswith("/")
        else _("I work with buttons and commands. /work shows your task, /help lists everything.")
    )
    await context.say(Screen(Text().plain(sentence)))


async def edited(update: Update, context: Context) -> None:
    """A message that somebody changed: taken anew where words are asked for; what was recorded from it before stays as it was."""
    if not context.said.startswith("/"):
        await work.typed(update, context)


async def old_button(update: Update, context: Context) -> None:
    """A button that no part of the bot knows."""
    await context.toast(_("This button is out of date. /help lists what I can do."), alert=True)
