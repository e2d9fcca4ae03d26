"""/quality: how good a project's answers and labels are, in ten lines, and the pages behind them that have no other home."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import project_quality, projects, refusals
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_
from handlers.routing import Command, Route, Tap
from handlers.views import quality as view


async def quality_command(update: Update, context: Context) -> None:
    """/quality: of a project, or of which one."""
    slug = " ".join(context.said.split()[1:2])
    if slug:
        _person, project = await context.read(projects.managed, context.visitor, slug.casefold())
        found = [project]
    else:
        found = await context.read(projects.all_managed, context.visitor)
    if len(found) == 1:
        await context.say(view.page(await context.read(project_quality.of, context.visitor, found[0].id)))
    else:
        await context.say(view.listing(found))


async def see_tap(update: Update, context: Context) -> None:
    """The ten lines."""
    found = await context.read(project_quality.of, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.page(found)))


async def answers_tap(update: Update, context: Context) -> None:
    """Which answers count, and why some do not."""
    found = await context.read(project_quality.answers_page, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.answers(found)))


async def labels_tap(update: Update, context: Context) -> None:
    """The labels, and how sure they are."""
    found = await context.read(project_quality.labels_page, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.labels(found)))


async def agreement_tap(update: Update, context: Context) -> None:
    """How far answers agree; `u:agree:7` is the first page of that, `u:agree:7:2` the third."""
    parts = context.tapped.split(":")[2:]
    if len(parts) not in (1, 2):
        raise refusals.OutOfDate
    project_id, page = (context.number(part) for part in (*parts, "0")[:2])
    found = await context.read(project_quality.agreement_page, context.visitor, project_id)
    await asyncio.gather(context.toast(), context.show(view.agreement(found, page)))


ROUTES: list[Route] = [
    Command("quality", quality_command, N_("How good answers and labels are"), role="coordinator"),
    Tap("k:quality:", see_tap),
    Tap("u:answers:", answers_tap),
    Tap("u:labels:", labels_tap),
    Tap("u:agree:", agreement_tap),
]
