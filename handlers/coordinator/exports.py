"""Exports in chat: the formats that fit a project, and a file on a tap, with its dataset card and Croissant metadata behind it."""

from __future__ import annotations

import asyncio
import hashlib

from telegram import Update

from actions import exports, refusals
from actions.exports import Offered
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import _
from handlers.routing import Route, Tap
from handlers.views import exports as view
from rules.formats.exports import card, croissant, formats
from rules.formats.exports.croissant import Stored
from rules.formats.exports.file import DataFile
from rules.formats.exports.judged import CannotExport, Wishes

EXPORT_BYTES_MAX = 45_000_000
"""Telegram takes files of up to 50 MB from a bot."""


async def offer_tap(update: Update, context: Context) -> None:
    """What an export holds and leaves out, and the formats that fit."""
    found = await context.read(exports.offered, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.offer(found)))


async def file_tap(update: Update, context: Context) -> None:
    """The export itself, as a file with its card and metadata."""
    number, wanted = tapped.parts(context, 2)
    with_gold = wanted.endswith(view.GOLD)
    found = await context.read(exports.offered, context.visitor, context.number(number), with_gold)
    data = _begin(found, wanted)
    await context.toast(_("On its way."))
    await context.typing()
    content = await _gather(context, found, data)
    if content is None:
        await context.say(view.too_large(found.project, data.form))
        return
    if not data.report.rows:
        await context.say(view.nothing(data.report))
        return
    await context.write(exports.note, context.visitor, found.project.id, wanted)
    name = view.file_name(found.project, data.form, with_gold=with_gold)
    stored = Stored(name, len(content), hashlib.sha256(content).hexdigest())
    await context.send_file(name, content, view.caption(found.project, data.report))
    await context.send_file(f"{name}.card.md", card.write(data.report, name).encode())
    await context.send_file(f"{name}.croissant.json", croissant.write(data.report, stored).encode())


def _begin(found: Offered, wanted: str) -> DataFile:
    """Make the file that a button names; anybody can forge it."""
    name, with_gold = wanted.removesuffix(view.GOLD), wanted.endswith(view.GOLD)
    if with_gold and not found.owns:
        raise refusals.OutOfDate
    try:
        form = formats.find(name)
        if form.shape == "parquet":
            raise refusals.OutOfDate
        return DataFile(form, formats.plan(form, found.project.rules, Wishes(with_gold=with_gold)))
    except CannotExport:
        raise refusals.OutOfDate from None


async def _gather(context: Context, found: Offered, data: DataFile) -> bytes | None:
    """Gather an export a page at a time, so that nobody waits for it; None when it grows too large."""
    content, late = bytearray(data.head().encode()), 0
    after_id: int | None = 0
    with_gold = data.plan.wishes.with_gold
    while after_id is not None:
        page = await context.read(
            exports.managed_page, context.visitor, found.project.id, with_gold, after_id
        )
        for item in page.items:
            content += data.text(item).encode()
        if len(content) > EXPORT_BYTES_MAX:
            return None
        late += page.late
        after_id = page.last_id
    data.report.withheld = exports.withheld(found.extent, late)
    content += data.tail().encode()
    return bytes(content)


ROUTES: list[Route] = [
    Tap("c:export:", offer_tap),
    Tap("c:file:", file_tap),
]
