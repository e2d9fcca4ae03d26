"""Adjustments, and the limit above which two people are needed, as screens; and what their students are told. Pure."""

from __future__ import annotations

from actions.corrections import Adjustment, Begun, Held, Page, Seen, Waiting
from actions.two_people import Limit
from handlers.language import N_, _, aligned, money, n_
from handlers.screen import Button, Rows, Screen
from handlers.views.roles import name
from rules import corrections as rules
from rules import money as amounts
from rules.text import Text, clip

REASON_SHOWN = 80
"""So much of a reason stands in a list, in UTF-16 units."""

STATES = {
    # Translators: The states of a student's money, each before an amount: "pending $21.10".
    "pending": N_("pending {amount}"),
    "approved": N_("approved {amount}"),
    "in_payout": N_("in a payout {amount}"),
    "paid": N_("paid {amount}"),
    "withheld": N_("held back {amount}"),
}
BECAME = {
    # Translators: What became of a correction of pay.
    "draft": N_("Not booked yet."),
    "discarded": N_("Dropped. Nothing was booked."),
    "waiting": N_("Waits for a second person. Nothing is booked yet."),
    "booked": N_("Booked. The student gets a message."),
    "refused": N_("Refused by a second person. Nothing was booked."),
}


def exactly(amount_micro: int, currency: str) -> str:
    """Write an amount, with all its decimals where it is no whole coin."""
    unit = amounts.MICRO // 10 ** amounts.decimals(currency)
    if amount_micro % unit:
        return f"{amounts.exact(amount_micro)} {currency}"
    return money(amount_micro, currency)


def signed(amount_micro: int, currency: str) -> str:
    """Write an amount with its sign: "+$5.00"."""
    sign = "+" if amount_micro > 0 else ""
    return f"{sign}{exactly(amount_micro, currency)}"


def start(found: Waiting) -> Screen:
    """Ask whose pay to correct; show what waits for a second admin, and the limit."""
    text = Text().line(_("Correct pay"), "bold").plain("\n")
    text.line(
        _(
            "Whose? Send me a part of their name, their @username or pseudonym, #512 for an answer, or W46-0193 for a payout."
        )
    )
    text.plain("\n").line(_limit_line(found.limit))
    rows: Rows = []
    if found.adjustments:
        text.plain("\n").line(_("Waiting for a second admin"), "bold")
    for one in found.adjustments:
        label = aligned(signed(one.amount_micro, one.currency), one.reason)
        rows.append([Button(label[:40], f"x:see:{one.id}")])
    rows.append([Button(_("Limit"), "x:limit")])
    return Screen(text, rows)


def _limit_line(found: Limit) -> str:
    return _("Above {limit} of a currency a second person must agree.", limit=_plain(found.limit_micro))


def _plain(micro: int) -> str:
    whole, _dot, part = amounts.exact(micro).partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def limit(found: Limit) -> Screen:
    """Show the limit, and a higher one that waits."""
    text = Text().line(_("Two people"), "bold").plain("\n").line(_limit_line(found))
    text.line(
        _(
            "What one person gave alone within seven days counts towards it, and one's own money always needs two."
        )
    )
    rows: Rows = []
    if found.waits_micro is not None:
        text.plain("\n").line(_("Proposed: {limit}", limit=_plain(found.waits_micro)), "bold")
        number = found.waits_micro
        if found.is_yours:
            text.line(_("It waits for another admin."))
            rows.append([Button(_("Take it back"), f"x:limit-no:{number}")])
        else:
            agree = Button(_("Agree"), f"x:limit-yes:{number}", style="primary")
            rows.append([agree, Button(_("Refuse"), f"x:limit-no:{number}")])
    return Screen(text, [*rows, [Button(_("Change"), "x:limit-set"), Button(_("Back"), "x:start")]])


def ask_limit() -> Screen:
    """Ask for another limit."""
    text = Text().line(_("Above how much must a second person agree?"), "bold").plain("\n")
    text.line(_("Send an amount such as 50.00. It holds for every currency."))
    text.plain(_("A lower limit holds at once; a higher one once another admin agrees. /cancel to leave it."))
    return Screen(text, [[Button(_("Back"), "x:limit")]])


def found(people: Screen) -> Screen:
    """Turn the list of people who were found into one that leads to their pay."""
    rows = [
        [
            Button(one.label, one.data.replace("r:who:", "x:who:"))
            for one in row
            if one.data.startswith("r:who:")
        ]
        for row in people.rows
    ]
    again = [Button(_("Look again"), "x:start")]
    return Screen(people.text, [*[row for row in rows if row], again])


def page(found: Page) -> Screen:
    """Show a student's money by state, and what was corrected before."""
    text = Text().line(aligned(name(found.holder), found.holder.pseudonym), "bold")
    for held in found.held:
        text.plain("\n").line(held.currency, "bold").line(_states(held))
    if not found.held:
        text.plain("\n").line(_("Nothing earned yet."))
    if found.recent:
        text.plain("\n").line(_("Corrected before"), "bold")
    for one in found.recent:
        text.line(aligned(signed(one.amount_micro, one.currency), clip(one.reason, REASON_SHOWN)))
    rows: Rows = [
        [Button(_("Correct {currency}", currency=code), f"x:new:{found.holder.id}:{code}")]
        for code in found.currencies
    ]
    return Screen(text, [*rows, [Button(_("Somebody else"), "x:start")]])


def _states(held: Held) -> str:
    shown = {state: amount for state, amount in held.by_state.items() if amount or state == "approved"}
    return aligned(
        *(_(STATES[state], amount=money(amount, held.currency)) for state, amount in shown.items())
    )


def ask_amount(found: Begun) -> Screen:
    """Ask how much to give or to take back."""
    text = Text().line(_heading(found), "bold").plain("\n")
    text.line(_("How much? +5.00 gives, -5.00 takes back."))
    approved = exactly(found.approved_micro, found.currency)
    text.line(_("At most what is approved can be taken back: {approved}.", approved=approved))
    return Screen(text, [[Button(_("Cancel"), f"x:who:{found.holder.id}")]])


def ask_reason(found: Begun) -> Screen:
    """Ask why."""
    text = Text().line(_heading(found), "bold").plain("\n")
    text.line(signed(found.amount_micro or 0, found.currency))
    least, most = rules.REASON_LEAST, rules.REASON_MOST
    text.line(_("Why? Write {least} to {most} characters.", least=least, most=most))
    text.plain(_("The student reads it, and it stays in the books for good: no names."))
    return Screen(text, [[Button(_("Cancel"), f"x:who:{found.holder.id}")]])


def _heading(found: Begun) -> str:
    parts = [name(found.holder), found.holder.pseudonym]
    about = _about(found.judgment_id, found.line_id)
    return aligned(*parts, about) if about else aligned(*parts)


def _about(judgment_id: int | None, line_id: int | None) -> str:
    if judgment_id is not None:
        return f"#{judgment_id}"
    # Translators: A line of a payout, by its number.
    return "" if line_id is None else _("payout line {line}", line=str(line_id))


def one(found: Seen) -> Screen:
    """Show an adjustment, with the approved money before and after, and what the one who looks may do."""
    what, currency = found.adjustment, found.adjustment.currency
    text = Text().line(_("Correction of pay"), "bold").plain("\n")
    text.line(aligned(name(found.holder), found.holder.pseudonym))
    text.bold(signed(what.amount_micro, currency)).plain("\n")
    about = _about(what.judgment_id, what.line_id)
    if about:
        text.line(_("It corrects {thing}.", thing=about))
    text.line(_("Reason: {reason}", reason=what.reason))
    if what.state in ("draft", "waiting"):
        before = money(found.approved_micro, currency)
        after = money(found.approved_micro + what.amount_micro, currency)
        text.line(_("Approved: {before} now, {after} after it.", before=before, after=after))
    text.plain("\n").line(_(BECAME[what.state]))
    if what.state == "draft" and what.needs_second:
        text.line(_("It needs a second admin: it is above the limit, or about your own money."))
    if what.state == "waiting" and found.is_yours and found.changed:
        text.line(told_seconds(found.seconds))
    return Screen(text, [*_moves(found), [Button(_("Correct pay"), "x:start")]])


def told_seconds(seconds: int) -> str:
    """Say how many people were asked to agree."""
    if not seconds:
        return _("There is no other admin who could agree: /roles makes one.")
    return n_("{n} admin was asked to agree.", "{n} admins were asked to agree.", seconds)


def _moves(found: Seen) -> Rows:
    number, state = found.adjustment.id, found.adjustment.state
    if found.is_yours and state == "draft":
        label = _("Ask a second admin") if found.adjustment.needs_second else _("Book it")
        yes = Button(label, f"x:do:{number}", style="primary")
        return [[yes, Button(_("Drop it"), f"x:drop:{number}")]]
    if found.is_yours and state == "waiting":
        return [[Button(_("Take it back"), f"x:drop:{number}")]]
    if found.can_decide:
        yes = Button(_("Agree"), f"x:yes:{number}", style="primary")
        return [[yes, Button(_("Refuse"), f"x:no:{number}")]]
    return []


def notice(what: Adjustment) -> Screen:
    """Tell a student what was corrected: how much, why, who."""
    amount = exactly(abs(what.amount_micro), what.currency)
    if what.amount_micro > 0:
        text = Text().line(_("{amount} was added to your approved pay", amount=amount), "bold")
    else:
        text = Text().line(_("{amount} was taken back from your approved pay", amount=amount), "bold")
    text.plain("\n").line(_("Reason: {reason}", reason=what.reason))
    about = _about(what.judgment_id, what.line_id)
    if about:
        text.line(_("It corrects {thing}.", thing=about))
    text.line(
        _("Decided by an admin; a second one agreed.") if what.needs_second else _("Decided by an admin.")
    )
    return Screen(text, [[Button(_("Earnings"), "e:now")]])
