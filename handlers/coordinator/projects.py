"""Projects, for their coordinators: the list, one in full, opening, pausing and closing it, its people and its export."""

from __future__ import annotations

import asyncio
import json

from telegram import Update

from actions import overview, people, projects, refusals
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.routing import Command, Route, Tap
from handlers.views import example
from handlers.views import projects_managed as view

EXPORT_BYTES_MAX = 45_000_000
"""Telegram takes files of up to 50 MB from a bot."""
STATES = {"open": "open", "pause": "paused", "close": "closed"}
DONE = {
    "open": "Open: students can join and work.",
    "paused": "Paused: nobody gets another item until you open it again.",
    "closed": "Closed. What was earned stays earned.",
}


async def project_command(update: Update, context: Context) -> None:
    """/project: the coordinator's projects, or one of them."""
    slug = " ".join(context.said.split()[1:2])
    if slug:
        _, project = await context.read(projects.managed, context.visitor, slug.casefold())
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
    _, project = await context.read(projects.managed_by_id, context.visitor, tapped.number(context))
    try:
        outcome = await context.write(projects.set_state, context.visitor, project.slug, STATES[verb])
    except refusals.NotReadyToOpen as refusal:
        # What is missing takes more than a glance, so it stays on the page instead of flashing over it.
        note = refusal.sentence
    else:
        note = DONE[outcome.project.state] if outcome.changed else f"It was {outcome.project.state} already."
    found = await context.read(overview.of, context.visitor, project.id)
    await asyncio.gather(context.toast(), context.show(view.page(found, note)))


async def ask_close_tap(update: Update, context: Context) -> None:
    """Close? Ask first."""
    _, project = await context.read(projects.managed_by_id, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.confirm_close(project)))


async def people_tap(update: Update, context: Context) -> None:
    """Who works on it, a page at a time."""
    number, page = tapped.parts(context, 2)
    found = await context.read(
        overview.students, context.visitor, context.number(number), context.number(page)
    )
    await asyncio.gather(context.toast(), context.show(view.people(found)))


async def export_tap(update: Update, context: Context) -> None:
    """What an export holds and leaves out."""
    project, extent = await context.read(overview.export_extent, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.export(project, extent)))


async def file_tap(update: Update, context: Context) -> None:
    """The export itself, as a file."""
    number, with_gold = tapped.parts(context, 2)
    person, project = await context.read(projects.managed_by_id, context.visitor, context.number(number))
    await context.toast("On its way.")
    data = await _export(context, project.id, with_gold == "1")
    if data is None:
        await context.say(view.too_large_to_send(project))
        return
    subject = f"project:{project.id}"
    await context.write(
        people.audit, f"person:{person.id}", "exported judgments", subject, f"gold {with_gold}"
    )
    await context.send_file(f"{project.slug}-judgments.jsonl", data, f"Judgments of {project.title}")


async def _export(context: Context, project_id: int, with_gold: bool) -> bytes | None:
    """Gather an export a page at a time; None when it grows too large."""
    found, after_id = bytearray(), 0
    while True:
        lines = await context.read(overview.export_page, context.visitor, project_id, with_gold, after_id)
        if not lines:
            return bytes(found)
        found += ("\n".join(lines) + "\n").encode()
        if len(found) > EXPORT_BYTES_MAX:
            return None
        after_id = int(json.loads(lines[-1])["judgment"])


async def example_tap(update: Update, context: Context) -> None:
    """A project file and a file of items to begin with."""
    await context.toast()
    await context.send_file(
        "example.toml", example.PROJECT.encode(), "A project file: change it and send it back."
    )
    await context.send_file(
        "example.jsonl", example.ITEMS.encode(), "Its items, one a line: send yours after it."
    )


async def page_tap(update: Update, context: Context) -> None:
    """The number of a page: there is nothing behind it."""
    await context.toast()


ROUTES: list[Route] = [
    Command("project", project_command, "Your projects", "coordinator"),
    Tap("c:list", list_tap),
    Tap("c:see:", see_tap),
    Tap("c:open:", state_tap),
    Tap("c:pause:", state_tap),
    Tap("c:ask:", ask_close_tap),
    Tap("c:close:", state_tap),
    Tap("c:people:", people_tap),
    Tap("c:export:", export_tap),
    Tap("c:file:", file_tap),
    Tap("c:page", page_tap),
    Tap("c:example", example_tap),
]
