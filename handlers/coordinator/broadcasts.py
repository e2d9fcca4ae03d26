"""Broadcasts: drafting a call, trying it on oneself, sending it, watching it; and the buttons of those who received it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from telegram import Update
from telegram.error import BadRequest

from actions import broadcasts, calls, projects, refusals
from actions.broadcasts import BATCH, Progress
from actions.ports import Store
from handlers.context import Context, Services
from handlers.coordinator import tapped
from handlers.language import N_, _
from handlers.listening import speaking_to
from handlers.routing import Command, Input, Route, Tap
from handlers.screen import Screen
from handlers.student import projects as student_projects
from handlers.views import broadcasts as view
from rules.broadcasts import SCHEDULES


async def broadcast_command(update: Update, context: Context) -> None:
    """/broadcast: call students for a project."""
    slug = " ".join(context.said.split()[1:2])
    if slug:
        _person, project = await context.read(projects.managed, context.visitor, slug.casefold())
        await context.say(await _begin(context, project.id))
        return
    found = await context.read(projects.all_managed, context.visitor)
    opened = [project for project in found if project.state == "open"]
    await context.say(await _begin(context, opened[0].id) if len(opened) == 1 else view.which(opened))


async def new_tap(update: Update, context: Context) -> None:
    """Begin a call for a project, or go on with the draft."""
    screen = await _begin(context, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(screen))


async def _begin(context: Context, project_id: int) -> Screen:
    draft = await context.write(broadcasts.draft, context.visitor, project_id)
    return await _setup(context, draft.id)


async def _setup(context: Context, broadcast_id: int) -> Screen:
    desk = await context.read(broadcasts.desk, context.visitor, broadcast_id)
    if desk.broadcast.state != "draft":
        return view.progress(await context.read(broadcasts.look, context.visitor, broadcast_id))
    call = await context.read(calls.call_for_test, context.visitor, broadcast_id)
    return view.setup(desk, call, await _survey(context, desk))


async def _survey(context: Context, desk: broadcasts.Desk) -> calls.Survey:
    return await calls.survey(context.services.store, context.visitor, desk.project.id)


async def see_tap(update: Update, context: Context) -> None:
    """Back to the draft, or to the progress."""
    screen = await _setup(context, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(screen))


async def test_tap(update: Update, context: Context) -> None:
    """The call, exactly as it is received, to the coordinator alone."""
    call = await context.read(calls.call_for_test, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(_("Sent to you, below")), context.say(view.test(call)))


async def shown_tap(update: Update, context: Context) -> None:
    """A button of a test."""
    await context.toast(_("This is how students see it. For you the buttons do nothing."))


async def edit_tap(update: Update, context: Context) -> None:
    """Other words: wait for them."""
    number = tapped.number(context)
    await context.write(broadcasts.await_text, context.visitor, number)
    desk = await context.read(broadcasts.desk, context.visitor, number)
    await asyncio.gather(context.toast(), context.show(view.ask_text(desk)))


async def take_text(update: Update, context: Context) -> None:
    """The words that were waited for."""
    number = await context.read(broadcasts.awaited_draft, context.visitor)
    await context.write(broadcasts.set_text, context.visitor, number, context.said)
    await context.say(await _setup(context, number))


async def plain_tap(update: Update, context: Context) -> None:
    """No words of the coordinator's own."""
    number = tapped.number(context)
    await context.write(broadcasts.set_text, context.visitor, number, "")
    screen = await _setup(context, number)
    await asyncio.gather(context.toast(), context.show(screen))


async def when_tap(update: Update, context: Context) -> None:
    """When to send."""
    desk = await context.read(broadcasts.desk, context.visitor, tapped.number(context))
    screen = view.schedule(desk, await _survey(context, desk))
    await asyncio.gather(context.toast(), context.show(screen))


async def ask_tap(update: Update, context: Context) -> None:
    """Send? Ask once more."""
    number, when = _scheduled(context)
    desk = await context.read(broadcasts.desk, context.visitor, number)
    screen = view.confirm(desk, await _survey(context, desk), when)
    await asyncio.gather(context.toast(), context.show(screen))


async def go_tap(update: Update, context: Context) -> None:
    """Send. A second tap finds it under way and sends nothing."""
    number, when = _scheduled(context)
    visitor, store = context.visitor, context.services.store
    desk = await context.read(broadcasts.desk, visitor, number)
    people = (await _survey(context, desk)).recipients
    while len(people) > BATCH:
        await store.write(broadcasts.write_rows, visitor, number, people[:BATCH], when)
        people = people[BATCH:]
    query = update.callback_query
    message_id = query.message.message_id if query is not None and query.message is not None else None
    outcome = await context.write(broadcasts.start, visitor, number, people, when, message_id)
    toast = _("It is under way already") if outcome.again else _("Under way")
    _toasted, shown_id = await asyncio.gather(
        context.toast(toast), context.show(view.progress(outcome.progress))
    )
    if shown_id != message_id:
        await context.write(broadcasts.place_progress, number, shown_id)


def _scheduled(context: Context) -> tuple[int, str]:
    number, when = tapped.parts(context, 2)
    if when not in SCHEDULES:
        raise refusals.OutOfDate
    return context.number(number), when


async def cancel_tap(update: Update, context: Context) -> None:
    """Drop a draft."""
    found = await _stop(context)
    screen = view.progress(found) if found.broadcast.started_ms else view.cancelled(found.project)
    await asyncio.gather(context.toast(), context.show(screen))


async def stop_tap(update: Update, context: Context) -> None:
    """Send no more, for good."""
    found = await _stop(context)
    await asyncio.gather(context.toast(_("Stopped")), context.show(view.progress(found)))


async def _stop(context: Context) -> Progress:
    number = tapped.number(context)
    found = await context.write(broadcasts.stop, context.visitor, number)
    if not found.counts["waiting"] or found.broadcast.state != "stopped":
        return found
    while await context.write(broadcasts.cancel_waiting, number):
        pass
    return await context.read(broadcasts.look, context.visitor, number)


async def pause_tap(update: Update, context: Context) -> None:
    """Send no more for now."""
    found = await context.write(broadcasts.pause, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.progress(found)))


async def resume_tap(update: Update, context: Context) -> None:
    """Send on."""
    found = await context.write(broadcasts.resume, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.progress(found)))


async def refresh_progress(services: Services, broadcast_id: int) -> None:
    """Bring the coordinator's line about a broadcast up to date, and report the end of a long one. The pump says when."""
    found = await services.store.read(broadcasts.progress, broadcast_id)
    chat_id = await services.store.read(broadcasts.author_chat, found.broadcast)
    if chat_id is None:
        return
    async with speaking_to(services.store, found.broadcast.author_id):
        screen, report = view.progress(found), str(view.report(found).text)
    if found.broadcast.progress_message_id is not None:
        # The message may be gone, or read like this already.
        with contextlib.suppress(BadRequest):
            await services.api.call(
                "editMessageText",
                chat_id=chat_id,
                message_id=found.broadcast.progress_message_id,
                **screen.payload(),
            )
    if found.was_long:
        await services.store.write(broadcasts.report_end, broadcast_id, report)


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the call that a person receives, unless they are not to be called any more."""
    call = await store.read(calls.call, person_id, int(notice["broadcast"]))
    return None if call is None else view.received(call)


async def in_tap(update: Update, context: Context) -> None:
    """I'm in."""
    await student_projects.join(context, tapped.number(context))


async def no_tap(update: Update, context: Context) -> None:
    """Not for me."""
    project = await context.write(calls.decline, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(_("Noted")), context.show(view.declined(project)))


async def mute_tap(update: Update, context: Context) -> None:
    """No more calls at all."""
    await context.write(calls.mute, context.visitor, muted=True)
    await asyncio.gather(context.toast(_("Calls are off")), context.show(view.muted()))


async def unmute_tap(update: Update, context: Context) -> None:
    """Calls again."""
    await context.write(calls.mute, context.visitor, muted=False)
    await asyncio.gather(context.toast(_("Calls are on")), context.show(view.unmuted()))


ROUTES: list[Route] = [
    Command("broadcast", broadcast_command, N_("Call students for a project"), "coordinator"),
    Input("broadcast", take_text),
    Tap("b:new:", new_tap),
    Tap("b:see:", see_tap),
    Tap("b:test:", test_tap),
    Tap("b:shown", shown_tap),
    Tap("b:edit:", edit_tap),
    Tap("b:plain:", plain_tap),
    Tap("b:when:", when_tap),
    Tap("b:ask:", ask_tap),
    Tap("b:go:", go_tap),
    Tap("b:cancel:", cancel_tap),
    Tap("b:stop:", stop_tap),
    Tap("b:pause:", pause_tap),
    Tap("b:resume:", resume_tap),
    Tap("bc:in:", in_tap),
    Tap("bc:no:", no_tap),
    Tap("bc:mute", mute_tap),
    Tap("bc:unmute", unmute_tap),
]
