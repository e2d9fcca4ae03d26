"""Payouts as an admin sees them: the list, a draft, a batch on its way. Pure. What goes out and comes back is in `payout_reports`."""

from __future__ import annotations

from collections.abc import Sequence

from actions.payout_lines import Line
from actions.payout_preview import Batch, LeftOut, Preview
from actions.payouts import Overview, Page
from handlers.language import N_, _, aligned, day, listed, moment, money, n_, number
from handlers.screen import Button, Rows, Screen, grid
from rules.text import Text

LINES_SHOWN = 10
SHARED_SHOWN = 5
SHORT_SHOWN = 5
LISTED_CURRENCIES = 6

STATES = {
    # Translators: The state of a batch of payouts.
    "draft": N_("draft"),
    "discarded": N_("thrown away"),
    "frozen": N_("waits for approval"),
    "approved": N_("approved, not sent yet"),
    "exported": N_("on its way"),
    "settled": N_("settled"),
    "cancelled": N_("cancelled"),
}
LINE_STATES = {
    # Translators: The state of one student's payout, in a list.
    "open": N_("on its way"),
    "short": N_("another amount"),
    "paid": N_("paid"),
    "returned": N_("came back"),
    "cancelled": N_("cancelled"),
}
DAYS = {
    # Translators: A day of the week. A button, at most 12 characters.
    0: N_("Monday"),
    1: N_("Tuesday"),
    2: N_("Wednesday"),
    3: N_("Thursday"),
    4: N_("Friday"),
    5: N_("Saturday"),
    6: N_("Sunday"),
}
METHODS = {
    # Translators: A way to send money. "PayPal" and "Wise" are names.
    "paypal": N_("PayPal"),
    "wise": N_("Wise"),
    "bank": N_("Bank account"),
    "other": N_("Another way"),
}


def title(batch: Batch) -> str:
    """Name a batch: "Payout 3 · USD"."""
    payout = _("Payout {number}", number=str(batch.id))
    return f"{payout} · {batch.currency}"


def overview(found: Overview) -> Screen:
    """List the newest batches and what can be begun."""
    text = Text().line(_("Payouts"), "bold").plain("\n")
    if found.red:
        text.line(_("Locked: the last check of the books found something wrong.")).plain("\n")
    for batch in found.batches:
        total = money(batch.total_micro, batch.currency) if batch.total_micro is not None else ""
        text.line(aligned(*[part for part in (title(batch), total, _(STATES[batch.state])) if part]))
    if not found.batches:
        text.line(_("There was no payout yet."))
    when = day(found.next_ms, found.time_zone) if found.next_ms is not None else ""
    text.plain("\n").plain(_("Next payout: {day}", day=when) if when else _("No day for payouts is set."))
    opened = [Button(title(batch), f"y:see:{batch.id}") for batch in found.batches]
    drafts = {batch.currency for batch in found.batches if batch.state == "draft"}
    new = [
        Button(_("New payout · {currency}", currency=currency), f"y:draft:{currency}", style="primary")
        for currency in found.currencies[:LISTED_CURRENCIES]
        if currency not in drafts
    ]
    rest = [Button(_("Payout day"), "y:days"), Button(_("Send a report"), "y:report")]
    return Screen(text, [*[[one] for one in opened], *[[one] for one in new], rest])


def days(chosen: int | None) -> Screen:
    """Ask for the day of payouts."""
    text = Text().line(_("Payout day"), "bold").plain("\n")
    text.plain(
        _("On which day do you pay? Students see the next date under /earnings. Nothing happens by itself.")
    )
    buttons = [
        Button(f"✓ {_(name)}" if day == chosen else _(name), f"y:day:{day}") for day, name in DAYS.items()
    ]
    return Screen(
        text, [*grid(buttons, 2), [Button(_("No fixed day"), "y:day:9"), Button(_("Back"), "y:all")]]
    )


def page(found: Page, *, notice: str = "") -> Screen:
    """Show a batch as its state has it."""
    text = Text()
    if notice:
        text.line(notice).plain("\n")
    text.bold(aligned(title(found.batch), _(STATES[found.batch.state]))).plain("\n")
    text.line(_until(found)).plain("\n")
    if found.preview is not None:
        _draft(text, found.preview)
        return Screen(text, _draft_rows(found.preview) if found.batch.state == "draft" else [back()])
    _frozen(text, found)
    return Screen(text, _rows(found))


def _until(found: Page) -> str:
    batch = found.batch
    return _(
        "Approved until {when} · at least {minimum}",
        when=moment(batch.period_end_ms, found.time_zone),
        minimum=money(batch.minimum_micro, batch.currency),
    )


def _draft(text: Text, preview: Preview) -> None:
    count, total = len(preview.entries), money(preview.total_micro, preview.batch.currency)
    text.line(n_("{n} person · {total}", "{n} people · {total}", count, total=total), "bold")
    for one in preview.entries[:LINES_SHOWN]:
        parts = [
            one.pseudonym,
            money(one.amount_micro, preview.batch.currency),
            _(METHODS[one.method]),
            one.masked,
        ]
        if one.suspended:
            parts.append(_("suspended"))
        text.line(aligned(*parts))
    more(text, count - LINES_SHOWN)
    reasons = _reasons(preview.left_out, preview.batch.currency)
    if preview.withheld.people:
        held = money(preview.withheld.amount_micro, preview.batch.currency)
        reasons.append(
            n_(
                "{n} with pay withheld · {total}",
                "{n} with pay withheld · {total}",
                preview.withheld.people,
                total=held,
            )
        )
    if reasons:
        text.plain("\n").line(_("Not in it"), "bold")
    for line in reasons:
        text.line(line)
    _shared(text, preview.same_payee)


def _shared(text: Text, same_payee: Sequence[list[str]]) -> None:
    if same_payee:
        text.plain("\n").line(_("The same payee: look before you go on"), "bold")
    for names in same_payee[:SHARED_SHOWN]:
        text.line(listed(names[:SHARED_SHOWN]))


def _reasons(left: Sequence[LeftOut], currency: str) -> list[str]:
    lines = []
    for why in dict.fromkeys(one.why for one in left):
        found = [one for one in left if one.why == why]
        lines.append(_reason(why, len(found), money(sum(one.amount_micro for one in found), currency)))
    return lines


def _reason(why: str, count: int, total: str) -> str:
    if why == "minimum":
        return n_("{n} below the minimum · {total}", "{n} below the minimum · {total}", count, total=total)
    if why == "details":
        return n_(
            "{n} without payout details, asked for them · {total}",
            "{n} without payout details, asked for them · {total}",
            count,
            total=total,
        )
    if why == "hold":
        return n_(
            "{n} with details changed within seven days · {total}",
            "{n} with details changed within seven days · {total}",
            count,
            total=total,
        )
    if why == "erased":
        return n_("{n} erased · {total}", "{n} erased · {total}", count, total=total)
    return n_(
        "{n} for the next payout, as this one is full · {total}",
        "{n} for the next payout, as this one is full · {total}",
        count,
        total=total,
    )


def more(text: Text, count: int) -> None:
    """Say how many lines more there are."""
    if count > 0:
        text.line(n_("and {n} more", "and {n} more", count))


def _draft_rows(preview: Preview) -> Rows:
    batch = preview.batch
    freeze = [Button(_("Freeze"), f"y:freeze:{batch.id}:{preview.fingerprint}", style="primary")]
    return [
        freeze if preview.entries else [],
        [Button(_("Minimum"), f"y:minimum:{batch.id}"), Button(_("Until now"), f"y:now:{batch.id}")],
        [Button(_("Throw away"), f"y:discard:{batch.id}", style="danger"), *back()],
    ]


def back() -> list[Button]:
    """Lead back to the list of payouts."""
    return [Button(_("All payouts"), "y:all")]


def _frozen(text: Text, found: Page) -> None:
    batch = found.batch
    total = money(batch.total_micro or 0, batch.currency)
    text.line(n_("{n} person · {total}", "{n} people · {total}", batch.lines or 0, total=total), "bold")
    if batch.state in ("exported", "settled"):
        for one in found.sums:
            amount = money(one.amount_micro, batch.currency)
            text.line(aligned(_(LINE_STATES[one.state]), number(one.lines), amount))
        text.plain("\n")
    for line, masked in list(zip(found.lines, found.masked, strict=True))[:LINES_SHOWN]:
        text.line(_line(line, masked, batch))
    more(text, len(found.lines) - LINES_SHOWN)
    if batch.state in ("frozen", "approved"):
        _shared(text, found.same_payee)
    text.plain("\n").plain(_("SHA-256 of the list:")).plain(" ").code(batch.digest or "")


def _line(line: Line, masked: str, batch: Batch) -> str:
    parts = [line.reference, line.pseudonym, money(line.amount_micro, batch.currency)]
    if batch.state in ("exported", "settled"):
        return aligned(*parts, _(LINE_STATES[line.state]))
    return aligned(*parts, _(METHODS[line.method]), masked)


def _rows(found: Page) -> Rows:
    batch = found.batch
    number = batch.id
    cancel = Button(_("Cancel payout"), f"y:cancel:{number}", style="danger")
    if batch.state == "frozen":
        approve = [Button(_("Approve"), f"y:approve:{number}", style="primary")] if found.may_approve else []
        return [approve, [Button(_("The list as a file"), f"y:list:{number}")], [cancel, *back()]]
    files = [Button(_("Files"), f"y:files:{number}"), Button(_("Wise file"), f"y:wise:{number}")]
    if batch.state == "approved":
        return [files, [cancel, *back()]]
    if batch.state == "cancelled":
        return [back()]
    shorts = [line for line in found.lines if line.state == "short"][:SHORT_SHOWN]
    word = _("Decide")
    decide = [[Button(f"{word} · {line.reference}", f"y:short:{line.id}")] for line in shorts]
    return [*decide, files, [Button(_("Send a report"), "y:report"), *back()]]


def confirm_cancel(batch: Batch) -> Screen:
    """Ask before a batch is taken back."""
    text = Text().line(_("Cancel this payout?"), "bold").plain("\n")
    text.plain(
        _("All of its money is approved again, and the next payout takes it up. Nobody was told of this one.")
    )
    yes = Button(_("Cancel payout"), f"y:cancel:{batch.id}:yes", style="danger")
    return Screen(text, [[yes, Button(_("Back"), f"y:see:{batch.id}")]])


def confirm_files(batch: Batch) -> Screen:
    """Ask before the files are made for the first time, since students are told then."""
    text = Text().line(_("Make the files?"), "bold").plain("\n")
    text.plain(
        _(
            "They hold everybody's payee in full. Everybody in the list is told that their money is on its way, and the payout "
            "can no longer be cancelled."
        )
    )
    yes = Button(_("Make the files"), f"y:files:{batch.id}:yes", style="primary")
    return Screen(text, [[yes, Button(_("Back"), f"y:see:{batch.id}")]])


def ask_minimum(batch: Batch) -> Screen:
    """Ask for the least amount to pay."""
    text = Text().line(_("The least to pay, in {currency}?", currency=batch.currency), "bold").plain("\n")
    text.plain(
        _("Send an amount such as 5.00. Who is owed less waits for a later payout. /cancel to leave it.")
    )
    return Screen(text)


def not_an_amount() -> Screen:
    """Say that no amount was understood."""
    return Screen(
        Text().plain(_("That is no amount of this currency. Send digits such as 5.00, or /cancel."))
    )
