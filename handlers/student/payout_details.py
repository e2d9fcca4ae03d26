"""Settings → Payout: where a student's money goes, told once and changed with a hold; and the notices about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from telegram import Update

from actions import payout_details, payout_lines, payout_preview, payouts
from actions.payout_details import Typed
from actions.people import Visitor
from actions.ports import Store, Tx
from handlers.context import Context
from handlers.language import _
from handlers.routing import Command, Input, Route, Tap
from handlers.screen import Screen
from handlers.views import payout_details as view
from handlers.views import payout_lines as line_view
from rules.payees import BadPayee


async def payout_command(update: Update, context: Context) -> None:
    """/payout."""
    await context.say(view.details(await context.read(payout_details.of, context.visitor)))


async def show_tap(update: Update, context: Context) -> None:
    """The details as they stand."""
    own = await context.read(payout_details.of, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.details(own)))


async def change_tap(update: Update, context: Context) -> None:
    """Another way to be paid."""
    await asyncio.gather(context.toast(), context.show(view.change()))


async def way_tap(update: Update, context: Context) -> None:
    """A way was picked; the next message is the address."""
    method = context.tapped.removeprefix("d:way:")
    await context.write(payout_details.begin, context.visitor, method)
    await asyncio.gather(context.toast(), context.show(view.ask_account(method)))


async def account_typed(update: Update, context: Context) -> None:
    """The address."""
    await _take(context, payout_details.take_account)


async def name_typed(update: Update, context: Context) -> None:
    """The name on the account."""
    await _take(context, payout_details.take_name)


async def _take(context: Context, action: Callable[[Tx, Visitor, str], Typed]) -> None:
    try:
        typed = await context.write(action, context.visitor, context.said)
    except BadPayee as bad:
        await context.say(view.trouble(bad.why))
        return
    await context.say(view.ask_name() if typed.wants == "name" else view.read_again(typed))
    # What was typed stands in the question now, and is masked there once it is saved.
    await context.drop_message()


async def yes_awaited(update: Update, context: Context) -> None:
    """Words where a button is awaited."""
    await context.say(view.tap_instead())


async def save_tap(update: Update, context: Context) -> None:
    """It was read again and is right."""
    own = await context.write(payout_details.save, context.visitor)
    await asyncio.gather(context.toast(_("Saved")), context.show(view.details(own)))


async def compose_question(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Ask for payout details; who told them meanwhile is not asked any more."""
    stored = await store.read(payout_details.stored, person_id)
    return view.asked() if stored is None else None


async def compose_line(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Tell a student what became of a line, if that is still so."""
    line = await store.read(payout_lines.own, person_id, int(notice["line"]))
    return line_view.told(line, str(notice["what"])) if line is not None else None


async def compose_waiting(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Tell an admin that a batch waits for them, as long as it does."""
    batch = await store.read(payout_preview.get, int(notice["batch"]))
    return line_view.waits(batch) if batch.state == "frozen" else None


COMPOSERS = {
    payout_details.NOTICE: compose_question,
    payout_lines.NOTICE: compose_line,
    payouts.WAITS: compose_waiting,
}

ROUTES: list[Route] = [
    Command("payout", payout_command),
    Tap("d:show", show_tap),
    Tap("d:change", change_tap),
    Tap("d:way:", way_tap),
    Tap("d:save", save_tap),
    Input(payout_details.AWAITS_ACCOUNT, account_typed),
    Input(payout_details.AWAITS_NAME, name_typed),
    Input(payout_details.AWAITS_YES, yes_awaited),
]
