"""A student's payout details, as screens. Pure. Only the message in which they are to be read again shows them in full."""

from __future__ import annotations

from actions.payout_details import Own, Typed
from handlers.language import N_, _, aligned, moment, money
from handlers.screen import Button, Rows, Screen, grid
from handlers.views.payouts import LINE_STATES, METHODS
from rules.payees import METHODS as WAYS
from rules.text import Text

ASKS = {
    "paypal": N_("Send me the e-mail address of your PayPal account."),
    "wise": N_("Send me the e-mail address of your Wise account, or your recipient id."),
    "bank": N_("Send me your IBAN, or your account number with the bank and its code."),
    "other": N_("Write in a line how and where you can be paid. An admin reads it."),
}
TROUBLES = {
    "email": N_("That is no e-mail address. Send it once more, such as name@example.org."),
    "wise": N_("That is neither an e-mail address nor a recipient id. Send it once more."),
    "iban": N_("The check digits of that IBAN do not fit, so a sign in it is wrong. Send it once more."),
    "account": N_("That is no account. Send an IBAN, or an account number with the bank and its code."),
    "text": N_("Write 4 to 200 characters."),
    "name": N_("Write the name as it stands on the account, 2 to 70 characters."),
}


def details(own: Own) -> Screen:
    """Show where somebody's money goes, masked, and the last payouts."""
    found = own.details
    text = Text().line(_("Payout details"), "bold").plain("\n")
    if found is None:
        return choose(_("Where should your pay be sent? You tell this once; it is stored encrypted."))
    text.line(aligned(*[part for part in (_(METHODS[found.method]), found.masked, found.name) if part]))
    if found.held_until_ms is not None:
        when = moment(found.held_until_ms, own.time_zone)
        text.line(_("Changed lately: nothing is sent there before {when}.", when=when))
    if own.lately:
        text.plain("\n").line(_("Your last payouts"), "bold")
    for line in reversed(own.lately):
        text.line(
            aligned(line.reference, money(line.amount_micro, line.currency), _(LINE_STATES[line.state]))
        )
    return Screen(text, [[Button(_("Change"), "d:change"), Button(_("Settings"), "s:show")]])


def change() -> Screen:
    """Offer the ways to be paid to somebody who has told one before."""
    return choose(
        _(
            "How do you want to be paid from now on? After a change nothing is sent for seven days, so that nobody who takes your "
            "Telegram can take your pay."
        )
    )


def choose(why: str) -> Screen:
    """Offer the ways to be paid."""
    text = Text().line(_("Payout details"), "bold").plain("\n").plain(why)
    rows: Rows = grid([Button(_(METHODS[way]), f"d:way:{way}") for way in WAYS], 2)
    return Screen(text, [*rows, [Button(_("Settings"), "s:show")]])


def ask_account(method: str) -> Screen:
    """Ask for the address of a way to be paid."""
    text = Text().line(_(METHODS[method]), "bold").plain("\n").plain(_(ASKS[method]))
    return Screen(text.plain(" ").plain(_("/cancel to leave it.")))


def ask_name() -> Screen:
    """Ask for the name on the account."""
    return Screen(Text().plain(_("And the name on the account?")))


def read_again(typed: Typed) -> Screen:
    """Show what was typed in full, to be read again before it is kept."""
    payee = typed.payee
    text = Text().line(_("Is this right?"), "bold").plain("\n")
    text.line(_(METHODS[payee.method])).add(payee.account, "code").plain("\n")
    if payee.name:
        text.line(payee.name)
    if typed.holds:
        text.plain("\n").plain(
            _("It replaces what you told before, and nothing is sent there for seven days.")
        )
    save = Button(_("Yes, save"), "d:save", style="primary")
    return Screen(text, [[save, Button(_("Type it again"), f"d:way:{payee.method}")]])


def trouble(why: str) -> Screen:
    """Say why that cannot be a payee."""
    return Screen(Text().plain(_(TROUBLES[why])))


def tap_instead() -> Screen:
    """Say that a button is awaited where words came."""
    return Screen(Text().plain(_("Tap one of the buttons above, or /cancel.")))


def asked() -> Screen:
    """Ask for payout details, when they are first needed."""
    text = Text().line(_("Your pay can be sent"), "bold").plain("\n")
    text.plain(
        _(
            "Enough of it is approved for a payout. Where should it go? You tell this once; it is stored encrypted."
        )
    )
    return Screen(text, [[Button(_("Tell where"), "d:show", style="primary")]])
