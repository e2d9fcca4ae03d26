"""One line of a payout: for the admin who decides about it, and for its student. Pure."""

from __future__ import annotations

from actions.payout_lines import Line
from actions.payout_preview import Batch
from handlers.language import _, aligned, money
from handlers.screen import Button, Screen
from handlers.views import payouts
from rules.text import Text


def short(line: Line) -> Screen:
    """Ask an admin about a line of which another amount was reported."""
    text = Text().line(aligned(line.reference, line.pseudonym), "bold").plain("\n")
    text.line(_("We sent {amount}.", amount=money(line.amount_micro, line.currency)))
    text.line(_("The report says {amount}.", amount=money(line.reported_micro or 0, line.currency)))
    text.plain("\n").plain(_("Nothing was moved. What is right? An adjustment can mend the rest."))
    paid = Button(_("It counts as paid"), f"y:paid:{line.id}")
    back = Button(_("Approve it again"), f"y:return:{line.id}", style="danger")
    correct = Button(_("Correct the pay"), f"x:line:{line.id}")
    return Screen(text, [[paid], [back], [correct], [Button(_("Back"), f"y:see:{line.batch_id}")]])


def waits(batch: Batch) -> Screen:
    """Tell the other admins that a batch waits for one of them."""
    total = money(batch.total_micro or 0, batch.currency)
    text = Text().line(_("A payout waits for a second admin"), "bold").plain("\n")
    text.plain(aligned(payouts.title(batch), total))
    return Screen(text, [[Button(_("Look at it"), f"y:see:{batch.id}", style="primary")]])


def told(line: Line, what: str) -> Screen | None:
    """Tell a student about their line; None when that is no longer so."""
    amount, text = money(line.amount_micro, line.currency), Text()
    if what == "sent" and line.state in ("open", "short"):
        text.line(_("{amount} is on its way to you", amount=amount), "bold").plain("\n")
        text.plain(_("Reference: {reference}", reference=line.reference))
        return Screen(text)
    if what == "paid" and line.state == "paid":
        text.line(_("{amount} was paid to you", amount=amount), "bold").plain("\n")
        text.plain(_("Reference: {reference}", reference=line.reference))
        return Screen(text)
    if what == "returned" and line.state == "returned":
        text.line(_("{amount} came back to us", amount=amount), "bold").plain("\n")
        text.line(_("Reference: {reference}", reference=line.reference))
        text.plain(
            _(
                "It is approved again, and the next payout sends it. Please see whether your payout details are right."
            )
        )
        return Screen(text, [[Button(_("Payout details"), "d:show")]])
    return None
