"""Projects, for their coordinators: the list, one in full, opening, pausing and closing it, and its people."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import gold_items, overview, projects, refusals
from handlers import errors
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_, _
from handlers.routing import Command, Route, Tap
from handlers.views import example
from handlers.views import gold_items as gold_items_view
from handlers.views import projects_managed as view

STATES = {"open": "open", "pause": "paused", "close": "closed"}
DONE = {
    "open": N_("Open: students can join and work."),
    "paused": N_("It is paused now."),
    "closed": N_("Closed. What was earned stays earned."),
}
ALREADY = {
    "open": N_("It was open already."),
    "paused": N_("It was paused already."),
    "closed": N_("It was closed already."),
}


async def project_command(update: Update, context: Context) -> None:
    """/project: the coordinator's projects, or one of them."""
    slug = " ".join(context.said.split()[1:2])
    if slug:
        _person, project = await context.read(projects.managed, context.visitor, slug.casefold())
        await context.say(view.page(await context.read(overview.of, context.visitor, project.id)))
        return
    found = await context.read(projects.all_managed, context.visitor)
    if len(found) == 1:
        await context.say(view.page(await context.read(overview.of, context.visitor, found[0].id)))
    else:
        await context.say(view.listing(found))


async def list_tap(update: Update, context: Context) -> None:
    """Back to the list."""
    found = await context.read(projects.all_managed, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.listing(found)))


async def see_tap(update: Update, context: Context) -> None:
    """One project in full."""
    found = await context.read(overview.of, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.page(found)))


async def state_tap(update: Update, context: Context) -> None:
    """Open, pause or close."""
    verb = context.tapped.split(":")[1]
    _person, project = await context.read(projects.managed_by_id, context.visitor, tapped.number(context))
    try:
        outcome = await context.write(projects.set_state, context.visitor, project.slug, STATES[verb])
    except refusals.NotReadyToOpen as refusal:
        # What is missing takes more than a glance, so it stays on the page instead of flashing over it.
        note = errors.words(refusal)
    else:
        note = _((DONE if outcome.changed else ALREADY)[outcome.project.state])
        if outcome.changed and verb == "open":
            outlook = await context.read(gold_items.outlook, context.visitor, project.id)
            note = "\n".join(filter(None, (note, gold_items_view.warning(outlook))))
    found = await context.read(overview.of, context.visitor, project.id)
    await asyncio.gather(context.toast(), context.show(view.page(found, note)))


async def ask_close_tap(update: Update, context: Context) -> None:
    """Close? Ask first."""
    _person, project = await context.read(projects.managed_by_id, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.confirm_close(project)))


async def people_tap(update: Update, context: Context) -> None:
    """Who works on it, a page at a time."""
    number, page = tapped.parts(context, 2)
    found = await context.read(
        overview.students, context.visitor, context.number(number), context.number(page)
    )
    await asyncio.gather(context.toast(), context.show(view.people(found)))


async def example_tap(update: Update, context: Context) -> None:
    """A project file and a file of items to begin with."""
    await context.toast()
    await context.send_file(
        "example.toml", example.PROJECT.encode(), _("A project file: change it and send it back.")
    )
    await context.send_file(
        "example.jsonl", example.ITEMS.encode(), _("Its items, one a line: send yours after it.")
    )


async def page_tap(update: Update, context: Context) -> None:
    """The number of a page: there is nothing behind it."""
    await context.toast()


ROUTES: list[Route] = [
    Command("project", project_command, N_("Your projects"), "coordinator"),
    Tap("c:list", list_tap),
    Tap("c:see:", see_tap),
    Tap("c:open:", state_tap),
    Tap("c:pause:", state_tap),
    Tap("c:ask:", ask_close_tap),
    Tap("c:close:", state_tap),
    Tap("c:people:", people_tap),
    Tap("c:page", page_tap),
    Tap("c:example", example_tap),
]
