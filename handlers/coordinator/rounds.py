"""Calibration rounds, for a project's coordinators: draft one, open it, close it, rule on its items, tell the students."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Update

from actions import people, round_drafts, round_results, round_rulings, rounds
from actions.people import Visitor
from actions.ports import Store, Tx
from actions.round_rulings import Ruling
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_, _
from handlers.routing import Input, Route, Tap
from handlers.screen import Screen
from handlers.views import round_rulings as item_view
from handlers.views import rounds as view

DONE = {
    "open": N_("It is open, and its students were told."),
    "close": N_("It is over. Rule on each item, then tell the students."),
    "tell": N_("The students are told. Agreement after it is measured for two weeks."),
}
ACTIONS = {"open": round_drafts.open_round, "close": rounds.close, "tell": rounds.tell}


async def list_tap(update: Update, context: Context) -> None:
    """A project's rounds."""
    found = await context.read(rounds.of_project, context.visitor, tapped.number(context))
    await _show(context, view.listing(found))


async def new_tap(update: Update, context: Context) -> None:
    """Draft a round, or go on with the draft."""
    await _show(
        context, view.page(await context.write(round_drafts.begin, context.visitor, tapped.number(context)))
    )


async def see_tap(update: Update, context: Context) -> None:
    """One round."""
    await _show(context, view.page(await context.read(rounds.see, context.visitor, tapped.number(context))))


async def count_tap(update: Update, context: Context) -> None:
    """More items, or fewer."""
    number, count = await _numbers(context)
    await _show(
        context, view.page(await context.write(round_drafts.set_count, context.visitor, number, count))
    )


async def add_tap(update: Update, context: Context) -> None:
    """Items on which answers do not part, since a coordinator wants them."""
    number, count = await _numbers(context)
    await _show(
        context, view.page(await context.write(round_drafts.add_others, context.visitor, number, count))
    )


async def days_tap(update: Update, context: Context) -> None:
    """How long it stays open."""
    number, days = await _numbers(context)
    await _show(context, view.page(await context.write(round_drafts.set_days, context.visitor, number, days)))


async def swap_tap(update: Update, context: Context) -> None:
    """Another item in the place of one; it is shown at once."""
    number, place = await _numbers(context)
    await context.write(round_drafts.swap, context.visitor, number, place)
    await _show(
        context, item_view.item(await context.read(round_rulings.see, context.visitor, number, place))
    )


async def who_tap(update: Update, context: Context) -> None:
    """Who takes part."""
    number, page = await _numbers(context)
    await _show(context, view.cohort(await context.read(round_drafts.cohort, context.visitor, number, page)))


async def pick_tap(update: Update, context: Context) -> None:
    """Put a student in, or take them out."""
    number, page, person = (context.number(part) for part in tapped.parts(context, 3))
    found = await context.write(round_drafts.choose, context.visitor, number, person, page)
    await _show(context, view.cohort(found))


async def all_tap(update: Update, context: Context) -> None:
    """Everybody, or nobody yet."""
    number, everyone = await _numbers(context)
    found = await context.write(round_drafts.choose_everyone, context.visitor, number, bool(everyone))
    await _show(context, view.cohort(found))


async def drop_tap(update: Update, context: Context) -> None:
    """Drop the draft."""
    await _show(
        context,
        view.listing(await context.write(round_drafts.discard, context.visitor, tapped.number(context))),
    )


async def move_tap(update: Update, context: Context) -> None:
    """Open it, close it, tell the students."""
    verb = context.tapped.split(":")[1].removeprefix("r")
    action, number = ACTIONS[verb], tapped.number(context)
    await context.write(action, context.visitor, number)
    # How far the students agree takes many answers, so it is looked at where nobody's tap waits for it.
    seen = await context.read(rounds.see, context.visitor, number)
    await _show(context, view.page(seen, _(DONE[verb])))


async def item_tap(update: Update, context: Context) -> None:
    """One item with its answers; a reason that was being typed is left."""
    number, place, page = tapped.parts(context, 3)
    seen = await context.write(_item, context.visitor, context.number(number), context.number(place))
    await _show(context, item_view.item(seen, _page(context, page)))


def _item(tx: Tx, visitor: Visitor, round_id: int, place: int) -> Ruling:
    seen = round_rulings.see(tx, visitor, round_id, place)
    people.stop_awaiting(tx, people.require(tx, visitor).id)
    return seen


async def rule_tap(update: Update, context: Context) -> None:
    """Rule on it: a ruling that was made before is begun anew, one under way goes on."""
    number, place, page = tapped.parts(context, 3)
    action = round_rulings.again if page == "-" else round_rulings.see
    seen = await context.write(action, context.visitor, context.number(number), context.number(place))
    await _show(context, item_view.ruling(seen, _page(context, page)))


async def again_tap(update: Update, context: Context) -> None:
    """Start the ruling again."""
    number, place = await _numbers(context)
    await _show(
        context, item_view.ruling(await context.write(round_rulings.again, context.visitor, number, place))
    )


async def answer_tap(update: Update, context: Context) -> None:
    """One answer of a ruling."""
    number, place, step, operation = tapped.parts(context, 4)
    numbers = (context.number(number), context.number(place), context.number(step))
    seen = await context.write(round_rulings.tap, context.visitor, *numbers, operation)
    await _show(context, item_view.ruling(seen))


async def why_typed(update: Update, context: Context) -> None:
    """The words behind a ruling."""
    seen = await context.write(round_rulings.type_why, context.visitor, context.said)
    await context.say(item_view.item(seen))


async def teach_tap(update: Update, context: Context) -> None:
    """Make it a training item."""
    number, place = await _numbers(context)
    seen = await context.write(round_rulings.teach, context.visitor, number, place)
    await asyncio.gather(
        context.toast(item_view.taught(seen), alert=True), context.show(item_view.item(seen))
    )


async def closed_notice(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the notice that a round waits for its rulings; nothing once they were made."""
    found = await store.read(round_results.closed, int(notice["id"]))
    return view.closed(found[0].title, found[1]) if found is not None else None


async def _numbers(context: Context) -> tuple[int, int]:
    first, second = tapped.parts(context, 2)
    return context.number(first), context.number(second)


def _page(context: Context, text: str) -> int | None:
    """Read a page; "-" is wherever the answers are."""
    return None if text == "-" else context.number(text)


async def _show(context: Context, screen: Screen) -> None:
    await asyncio.gather(context.toast(), context.show(screen))


ROUTES: list[Route] = [
    Tap("k:rounds:", list_tap),
    Tap("k:round:", see_tap),
    Tap("k:rnew:", new_tap),
    Tap("k:rmore:", count_tap),
    Tap("k:radd:", add_tap),
    Tap("k:rdays:", days_tap),
    Tap("k:rswap:", swap_tap),
    Tap("k:rwho:", who_tap),
    Tap("k:rpick:", pick_tap),
    Tap("k:rall:", all_tap),
    Tap("k:rdrop:", drop_tap),
    Tap("k:ropen:", move_tap),
    Tap("k:rclose:", move_tap),
    Tap("k:rtell:", move_tap),
    Tap("k:ritem:", item_tap),
    Tap("k:rrule:", rule_tap),
    Tap("k:ragain:", again_tap),
    Tap("k:rtap:", answer_tap),
    Tap("k:rteach:", teach_tap),
    Input(round_rulings.AWAITS_WHY, why_typed),
]
