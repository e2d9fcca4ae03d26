"""Gold items, for their coordinators: how they are, those that need a decision one after the other, and taking new ones."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update

from actions import gold_items, gold_proposals, projects
from actions.gold_items import DOUBTFUL, LEAKED, Health, Laid
from actions.gold_proposals import Proposal
from actions.people import Visitor
from actions.ports import Store, Tx
from actions.projects import Project
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import _
from handlers.routing import Route, Tap
from handlers.screen import Screen
from handlers.views import gold_items as view


def _health(
    tx: Tx, visitor: Visitor, project_id: int
) -> tuple[Project, Health, dict[str, int], tuple[int, int, int]]:
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    counts = (
        gold_items.count(tx, project_id, DOUBTFUL),
        gold_items.count(tx, project_id, LEAKED),
        gold_proposals.count(tx, project),
    )
    return project, gold_items.health(tx, project_id), gold_items.by_key(tx, project), counts


async def see_tap(update: Update, context: Context) -> None:
    """How a project's golds are."""
    found = await context.read(_health, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.health(*found)))


def _at(tx: Tx, visitor: Visitor, project_id: int, kind: str, place: int) -> tuple[Project, Laid | None]:
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    return project, gold_items.at(tx, visitor, project_id, kind, place)


async def _case(
    context: Context, project_id: int, kind: str, place: int, page: int = 0, note: str = ""
) -> Screen:
    project, found = await context.read(_at, context.visitor, project_id, kind, place)
    return view.nothing(project, note) if found is None else view.case(found, page, note)


async def at_tap(update: Update, context: Context) -> None:
    """A gold item that needs a decision, at its place among them."""
    project, kind, place, page = tapped.parts(context, 4)
    numbers = [context.number(part) for part in (project, place, page)]
    screen = await _case(context, numbers[0], kind, numbers[1], numbers[2])
    await asyncio.gather(context.toast(), context.show(screen))


async def decide_tap(update: Update, context: Context) -> None:
    """The key is right, or the item is used no more."""
    action = gold_items.keep if context.tapped.startswith("g:keep:") else gold_items.drop
    case = await context.write(action, context.visitor, tapped.number(context))
    await _next(context, case)


async def key_tap(update: Update, context: Context) -> None:
    """The key is another one."""
    number, operation = tapped.parts(context, 2)
    case = await context.write(gold_items.rekey, context.visitor, context.number(number), operation)
    await _next(context, case)


async def _next(context: Context, case: gold_items.Case) -> None:
    stays_retired = (case.kind, case.state) == (LEAKED, "dropped")
    note = _(view.LEAK_DROPPED if stays_retired else view.DECIDED[case.state])
    screen = await _case(context, case.project_id, case.kind, 0, note=note)
    await asyncio.gather(context.toast(), context.show(screen))


def _proposed(tx: Tx, visitor: Visitor, project_id: int) -> tuple[Project, Proposal | None]:
    _person, project = projects.managed_by_id(tx, visitor, project_id)
    return project, gold_proposals.following(tx, visitor, project_id)


async def _proposal(context: Context, project_id: int, note: str = "") -> Screen:
    project, found = await context.read(_proposed, context.visitor, project_id)
    return view.nothing(project, note) if found is None else view.proposal(found, note=note)


async def new_tap(update: Update, context: Context) -> None:
    """The next item that would make a good gold."""
    project_id, _place = (context.number(part) for part in tapped.parts(context, 2))
    screen = await _proposal(context, project_id)
    await asyncio.gather(context.toast(), context.show(screen))


async def show_tap(update: Update, context: Context) -> None:
    """A page of an item that is proposed."""
    item_id, page = (context.number(part) for part in tapped.parts(context, 2))
    found = await context.read(gold_proposals.see, context.visitor, item_id)
    await asyncio.gather(context.toast(), context.show(view.proposal(found, page)))


async def take_tap(update: Update, context: Context) -> None:
    """Make it gold, or leave it what it is; then comes the next one."""
    takes = context.tapped.startswith("g:yes:")
    action = gold_proposals.accept if takes else gold_proposals.decline
    project = await context.write(action, context.visitor, tapped.number(context))
    word = "accepted" if takes else "declined"
    note = _(view.DECIDED[word])
    screen = await _proposal(context, project.id, note)
    await asyncio.gather(context.toast(), context.show(screen))


def _counts(tx: Tx, project_id: int) -> tuple[Project, int, int]:
    doubtful, leaked = (gold_items.count(tx, project_id, kind) for kind in gold_items.KINDS)
    return projects.get(tx, project_id), doubtful, leaked


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Tell a coordinator of golds that need them, as things stand when it is sent."""
    return view.notice(*await store.read(_counts, int(notice["project_id"])))


ROUTES: list[Route] = [
    Tap("g:see:", see_tap),
    Tap("g:at:", at_tap),
    Tap("g:keep:", decide_tap),
    Tap("g:drop:", decide_tap),
    Tap("g:key:", key_tap),
    Tap("g:new:", new_tap),
    Tap("g:show:", show_tap),
    Tap("g:yes:", take_tap),
    Tap("g:no:", take_tap),
]
