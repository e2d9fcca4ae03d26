"""Weekly statements in chat: the list, one of them, its files, the chart, and the notice that brings a new one."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from telegram import Update

from actions import people, refusals, statements
from actions.ports import Store, Tx
from actions.statements import Statement
from handlers.context import Context
from handlers.language import _
from handlers.routing import Route, Tap
from handlers.screen import Screen
from handlers.views import statements as view
from rules import statement_file

_WEEK = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


async def weeks_tap(update: Update, context: Context) -> None:
    """A page of weeks."""
    _weeks, _colon, before = context.tapped.removeprefix("e:").partition(":")
    found = await context.read(statements.listed, context.visitor, _checked(before) if before else None)
    await asyncio.gather(context.toast(), context.show(view.listed(found)))


async def week_tap(update: Update, context: Context) -> None:
    """One statement."""
    found = await _statement(context, "e:week:")
    zone = await context.read(statements.time_zone_of, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.message(found, zone)))


async def text_tap(update: Update, context: Context) -> None:
    """A statement as plain text."""
    found = await _statement(context, "e:text:")
    await context.toast(_("On its way."))
    await context.send_file(f"statement-{found.week}.txt", view.text_file(found).encode())


async def csv_tap(update: Update, context: Context) -> None:
    """A statement's postings as CSV."""
    found = await _statement(context, "e:csv:")
    await context.toast(_("On its way."))
    person_id, entries = await context.read(statements.entries_of, context.visitor, found.week)
    titles = {project: named.title for project, named in found.projects.items()}
    data = statement_file.csv_text(person_id, entries, titles)
    # A byte order mark tells spreadsheets that titles are UTF-8.
    await context.send_file(f"statement-{found.week}.csv", b"\xef\xbb\xbf" + data.encode())


async def chart_tap(update: Update, context: Context) -> None:
    """Hours and money by week, as a picture."""
    weeks = await context.read(statements.recent, context.visitor, view.CHART_WEEKS)
    if not weeks:
        await asyncio.gather(context.toast(), context.show(view.no_chart()))
        return
    await context.toast(_("On its way."))
    data = await context.services.draw(view.chart(weeks))
    await context.send_photo("weeks.png", data, view.chart_caption(weeks))


async def _statement(context: Context, prefix: str) -> Statement:
    week = _checked(context.tapped.removeprefix(prefix))
    found = await context.read(statements.of, context.visitor, week)
    if found is None:
        raise refusals.OutOfDate
    return found


def _checked(week: str) -> str:
    """Read a week from a button; anybody can forge it."""
    if not _WEEK.match(week):
        raise refusals.OutOfDate
    return week


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the message that brings a statement."""
    found, zone = await store.read(_for_notice, person_id, str(notice["week"]))
    return None if found is None else view.notice(found, zone)


def _for_notice(tx: Tx, person_id: int, week: str) -> tuple[Statement | None, str]:
    person = people.get(tx, person_id)
    return statements.of_person(tx, person_id, week), people.profile_of(tx, person).time_zone


ROUTES: list[Route] = [
    Tap("e:weeks", weeks_tap),
    Tap("e:week:", week_tap),
    Tap("e:text:", text_tap),
    Tap("e:csv:", csv_tap),
    Tap("e:chart", chart_tap),
]
