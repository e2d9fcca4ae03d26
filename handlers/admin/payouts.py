"""/payouts: drafting, freezing, approving by a second admin, files out and reports back."""

from __future__ import annotations

import asyncio

from telegram import Document, Update

from actions import payout_files, payout_lines, payout_preview, payout_reports, payouts, people, refusals
from actions.payout_lines import Line
from actions.payout_preview import Batch
from actions.payout_reports import Taken
from actions.payouts import OwnBatch, Page
from actions.people import Awaited, Visitor
from actions.ports import Tx
from handlers.context import Context
from handlers.coordinator import tapped
from handlers.language import N_, _, money
from handlers.routing import Command, Input, Route, Tap
from handlers.views import payout_lines as line_view
from handlers.views import payout_reports as report_view
from handlers.views import payouts as view
from rules import money as amounts
from rules.payout_files import reports
from rules.payout_files.base import File
from rules.payout_files.reports import Report
from rules.payout_files.table import BadTable
from rules.payout_files.wise import Filled

AWAITS_MINIMUM, AWAITS_REPORT, AWAITS_TEMPLATE = "payouts:minimum", "payouts:report", "payouts:wise"
FILE_BYTES_MAX = 5_000_000
NO_DAY = 9
REPORT_CAPTION = "report"
NO_TABLES = (".toml", ".json", ".jsonl", ".gz")
"""Files that are for projects, whatever is awaited."""


async def payouts_command(update: Update, context: Context) -> None:
    """/payouts."""
    await context.say(view.overview(await context.read(payouts.overview, context.visitor)))


async def all_tap(update: Update, context: Context) -> None:
    """Back to the list."""
    found = await context.read(payouts.overview, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.overview(found)))


async def see_tap(update: Update, context: Context) -> None:
    """One batch."""
    found = await context.read(payouts.page, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.page(found)))


async def draft_tap(update: Update, context: Context) -> None:
    """Draft a batch in a currency."""
    found = await context.write(payouts.draft, context.visitor, tapped.parts(context, 1)[0])
    await asyncio.gather(context.toast(), context.show(view.page(found)))


async def now_tap(update: Update, context: Context) -> None:
    """Have a draft reach until this moment."""
    found = await context.write(_until_now, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(view.page(found)))


def _until_now(tx: Tx, visitor: Visitor, batch_id: int) -> Page:
    return payouts.change(tx, visitor, batch_id, period_end_ms=tx.now_ms)


async def minimum_tap(update: Update, context: Context) -> None:
    """Ask for the least amount to pay."""
    batch = await context.write(_await, context.visitor, AWAITS_MINIMUM, tapped.number(context))
    await asyncio.gather(context.toast(), context.say(view.ask_minimum(batch)))


def _await(tx: Tx, visitor: Visitor, kind: str, batch_id: int) -> Batch:
    admin = people.require_role(tx, visitor, "admin")
    batch = payout_preview.get(tx, batch_id)
    people.await_input(tx, admin.id, kind, str(batch_id))
    return batch


async def minimum_typed(update: Update, context: Context) -> None:
    """The least amount to pay."""
    try:
        amount_micro = amounts.parse_amount(context.said.strip().replace(",", "."))
        found = await context.write(_set_minimum, context.visitor, amount_micro)
    except (ValueError, refusals.OutOfDate):
        await context.say(view.not_an_amount())
        return
    await context.say(view.page(found))


def _set_minimum(tx: Tx, visitor: Visitor, amount_micro: int) -> Page:
    admin = people.require_role(tx, visitor, "admin")
    awaited = people.awaited(tx, admin.id)
    number = awaited.detail if awaited is not None and awaited.kind == AWAITS_MINIMUM else ""
    people.stop_awaiting(tx, admin.id)
    return payouts.change(tx, visitor, Context.number(number), minimum_micro=amount_micro)


async def discard_tap(update: Update, context: Context) -> None:
    """Throw a draft away."""
    await context.write(payouts.discard, context.visitor, tapped.number(context))
    found = await context.read(payouts.overview, context.visitor)
    await asyncio.gather(context.toast(_("Thrown away")), context.show(view.overview(found)))


async def freeze_tap(update: Update, context: Context) -> None:
    """Freeze the list that was looked at; one that changed since is shown again."""
    number, fingerprint = tapped.parts(context, 2)
    batch_id = context.number(number)
    try:
        found = await context.write(payouts.freeze, context.visitor, batch_id, fingerprint)
    except refusals.ListChanged:
        found = await context.read(payouts.page, context.visitor, batch_id)
        notice = _("The list has changed since. Look at it again before you freeze it.")
        await asyncio.gather(context.toast(), context.show(view.page(found, notice=notice)))
        return
    notice = _("Frozen. The other admins are asked to approve it.")
    await asyncio.gather(context.toast(), context.show(view.page(found, notice=notice)))


async def approve_tap(update: Update, context: Context) -> None:
    """Approve as the second admin."""
    outcome = await context.write(payouts.approve, context.visitor, tapped.number(context))
    if isinstance(outcome, OwnBatch):
        sentence = _("You drafted or froze this payout. Another admin has to approve it.")
        await context.toast(sentence, alert=True)
        return
    await asyncio.gather(context.toast(_("Approved")), context.show(view.page(outcome)))


async def cancel_tap(update: Update, context: Context) -> None:
    """Ask, then take a batch back."""
    number, confirmed = _confirmed(context)
    if not confirmed:
        found = await context.read(payouts.page, context.visitor, number)
        await asyncio.gather(context.toast(), context.show(view.confirm_cancel(found.batch)))
        return
    found = await context.write(payouts.cancel, context.visitor, number)
    await asyncio.gather(context.toast(_("Cancelled")), context.show(view.page(found)))


def _confirmed(context: Context) -> tuple[int, bool]:
    number, _colon, yes = context.tapped.split(":", 2)[2].partition(":")
    return context.number(number), yes == "yes"


async def list_tap(update: Update, context: Context) -> None:
    """The list of a frozen batch, payees masked."""
    file = await context.read(payout_files.of_list, context.visitor, tapped.number(context))
    await context.toast()
    await _send(context, [file])


async def files_tap(update: Update, context: Context) -> None:
    """The files of an approved batch; the first time, ask before."""
    number, confirmed = _confirmed(context)
    found = await context.read(payouts.page, context.visitor, number)
    if found.batch.state == "approved" and not confirmed:
        await asyncio.gather(context.toast(), context.show(view.confirm_files(found.batch)))
        return
    files = await context.write(payout_files.export, context.visitor, number)
    found = await context.read(payouts.page, context.visitor, number)
    await asyncio.gather(context.toast(), context.show(view.page(found)))
    await _send(context, files)


async def _send(context: Context, files: list[File]) -> None:
    for file in files:
        await context.send_file(file.name, file.data)


async def wise_tap(update: Update, context: Context) -> None:
    """Ask for the admin's Wise template."""
    batch = await context.write(_await, context.visitor, AWAITS_TEMPLATE, tapped.number(context))
    await asyncio.gather(context.toast(), context.say(report_view.ask_template(batch)))


async def report_tap(update: Update, context: Context) -> None:
    """Ask for a report."""
    await context.write(_await_report, context.visitor)
    await asyncio.gather(context.toast(), context.say(report_view.ask_report()))


def _await_report(tx: Tx, visitor: Visitor) -> None:
    people.await_input(tx, people.require_role(tx, visitor, "admin").id, AWAITS_REPORT)


async def text_instead(update: Update, context: Context) -> None:
    """Words where a file is awaited."""
    await context.say(report_view.wants_file())


async def took_file(context: Context, found: Document, caption: str) -> bool:
    """Take a file that belongs to payouts: a report by its caption, or what was asked for. Tell whether it was one."""
    if (found.file_name or "").casefold().endswith(NO_TABLES):
        return False
    awaited = await context.read(_awaited, context.visitor)
    kind = AWAITS_REPORT if caption.strip().casefold().startswith(REPORT_CAPTION) else awaited.kind
    if kind not in (AWAITS_REPORT, AWAITS_TEMPLATE) or not await context.read(_is_admin, context.visitor):
        return False
    if (found.file_size or 0) > FILE_BYTES_MAX:
        raise refusals.FileTooLarge(limit=f"{FILE_BYTES_MAX // 1_000_000} MB")
    data = await context.services.api.download(found.file_id, FILE_BYTES_MAX)
    try:
        if kind == AWAITS_REPORT:
            await _report(context, data)
        else:
            await _template(context, context.number(awaited.detail), data)
    except BadTable as trouble:
        await context.say(report_view.bad_table(trouble))
    return True


def _awaited(tx: Tx, visitor: Visitor) -> Awaited:
    person = people.find(tx, visitor.key)
    found = people.awaited(tx, person.id) if person is not None else None
    return found or Awaited("", "", 0)


def _is_admin(tx: Tx, visitor: Visitor) -> bool:
    return people.has_role(tx, people.require(tx, visitor).id, "admin")


async def _report(context: Context, data: bytes) -> None:
    taken = await context.write(_take, context.visitor, reports.read(data))
    named = report_view.troubles(taken)
    if len(named) > report_view.TROUBLES_SHOWN:
        text = "\n".join(named).encode()
        await context.send_file("report-lines.txt", text, _("Every line that needs a look"))
    await context.say(report_view.taken(taken))


def _take(tx: Tx, visitor: Visitor, report: Report) -> Taken:
    taken = payout_reports.take(tx, visitor, report)
    _stop_awaiting(tx, visitor)
    return taken


def _fill(tx: Tx, visitor: Visitor, batch_id: int, template: bytes) -> Filled:
    filled = payout_files.fill_wise(tx, visitor, batch_id, template)
    _stop_awaiting(tx, visitor)
    return filled


def _stop_awaiting(tx: Tx, visitor: Visitor) -> None:
    # A report may come by its caption while something else is asked for; that is asked for all the same.
    admin = people.require_role(tx, visitor, "admin")
    awaited = people.awaited(tx, admin.id)
    if awaited is not None and awaited.kind in (AWAITS_REPORT, AWAITS_TEMPLATE):
        people.stop_awaiting(tx, admin.id)


async def _template(context: Context, batch_id: int, data: bytes) -> None:
    filled = await context.write(_fill, context.visitor, batch_id, data)
    await _send(context, filled.files)
    await context.say(report_view.filled(len(filled.files), filled.left_out))


async def short_tap(update: Update, context: Context) -> None:
    """A line of which another amount was reported."""
    line = await context.read(_short, context.visitor, tapped.number(context))
    await asyncio.gather(context.toast(), context.show(line_view.short(line)))


def _short(tx: Tx, visitor: Visitor, line_id: int) -> Line:
    people.require_role(tx, visitor, "admin")
    line = payout_lines.get(tx, line_id)
    if line.state != "short":
        raise refusals.OutOfDate
    return line


async def decide_tap(update: Update, context: Context) -> None:
    """Decide about such a line."""
    paid = context.tapped.startswith("y:paid:")
    line = await context.write(payout_reports.decide, context.visitor, tapped.number(context), paid=paid)
    found = await context.read(payouts.page, context.visitor, line.batch_id)
    amount = money(line.amount_micro, line.currency)
    toast = (
        _("{amount} counts as paid", amount=amount)
        if paid
        else _("{amount} is approved again", amount=amount)
    )
    await asyncio.gather(context.toast(toast), context.show(view.page(found)))


async def days_tap(update: Update, context: Context) -> None:
    """The days to choose from."""
    found = await context.read(payouts.overview, context.visitor)
    await asyncio.gather(context.toast(), context.show(view.days(found.weekday)))


async def day_tap(update: Update, context: Context) -> None:
    """Set the day of payouts."""
    day = tapped.number(context)
    found = await context.write(payouts.set_weekday, context.visitor, None if day == NO_DAY else day)
    await asyncio.gather(context.toast(), context.show(view.overview(found)))


ROUTES: list[Route] = [
    Command("payouts", payouts_command, N_("Pay students"), role="admin"),
    Tap("y:all", all_tap),
    Tap("y:see:", see_tap),
    Tap("y:draft:", draft_tap),
    Tap("y:now:", now_tap),
    Tap("y:minimum:", minimum_tap),
    Tap("y:discard:", discard_tap),
    Tap("y:freeze:", freeze_tap),
    Tap("y:approve:", approve_tap),
    Tap("y:cancel:", cancel_tap),
    Tap("y:list:", list_tap),
    Tap("y:files:", files_tap),
    Tap("y:wise:", wise_tap),
    Tap("y:report", report_tap),
    Tap("y:short:", short_tap),
    Tap("y:paid:", decide_tap),
    Tap("y:return:", decide_tap),
    Tap("y:days", days_tap),
    Tap("y:day:", day_tap),
    Input(AWAITS_MINIMUM, minimum_typed),
    Input(AWAITS_REPORT, text_instead),
    Input(AWAITS_TEMPLATE, text_instead),
]
