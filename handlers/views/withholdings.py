"""Pay that is held back, as screens: for whoever proposes, confirms and decides it, and for its student, in plain words. Pure."""

from __future__ import annotations

from actions.projects import Project
from actions.withholding_drafts import Begun
from actions.withholdings import Seen, Share, sums
from handlers.language import N_, _, aligned, listed, moment, money, n_
from handlers.screen import Button, Rows, Screen
from handlers.views.corrections import told_seconds
from rules import corrections as rules
from rules.text import Text

STATES = {
    # Translators: The state of pay that is held back; coordinators and admins read it.
    "draft": N_("Nobody was asked yet. Nothing is held back."),
    "discarded": N_("Dropped. Nothing is held back."),
    "proposed": N_("Waits for an admin to confirm it. Nothing is held back yet."),
    "refused": N_("An admin did not confirm it. Nothing is held back."),
    "lapsed": N_("Nobody confirmed it in time. Nothing is held back."),
    "released": N_("Released: it is approved pay again."),
    "forfeited": N_("Taken for good; it went back to the project."),
}


def covered(shares: list[Share]) -> str:
    """Say what is held back: "$12.30 for 41 answers"."""
    amounts = listed([money(amount, currency) for currency, amount in sums(shares).items()])
    return n_("{amounts} for {n} answer", "{amounts} for {n} answers", len(shares), amounts=amounts or "0")


def ask_student(project: Project) -> Screen:
    """Ask for a pseudonym."""
    text = Text().line(_("{project} · hold pay back", project=project.title), "bold").plain("\n")
    text.line(_("Only for cheating that you saw, never for quality: poor answers stay paid."))
    text.line(_("What is paid, or in a payout already, is never touched.")).plain("\n")
    text.plain(_("Send me their pseudonym (s-…), as People shows it. /cancel to leave it."))
    return Screen(text, [[Button(_("Cancel"), f"k:pay:{project.id}")]])


def ask_from(found: Begun) -> Screen:
    """Show what is unpaid, and ask from when on."""
    text = Text().line(aligned(found.project.title, found.student.pseudonym), "bold").plain("\n")
    text.line(_("Unpaid: {covered}", covered=covered(found.shares)))
    text.plain(_("Which of it?"))
    number, student = found.project.id, found.student.id
    rows: Rows = [
        [Button(_("All of it"), f"w:all:{number}:{student}")],
        [Button(_("From a day on"), f"w:day:{number}:{student}")],
        [Button(_("Cancel"), f"k:pay:{number}")],
    ]
    return Screen(text, rows)


def ask_day(found: Begun) -> Screen:
    """Ask for the first day."""
    text = Text().line(aligned(found.project.title, found.student.pseudonym), "bold").plain("\n")
    text.plain(_("From which day on? Send it like this: 2026-11-03. /cancel to leave it."))
    return Screen(text, [[Button(_("Cancel"), f"k:pay:{found.project.id}")]])


def ask_reason(found: Begun) -> Screen:
    """Ask what was seen."""
    text = Text().line(aligned(found.project.title, found.student.pseudonym), "bold").plain("\n")
    text.line(_("Unpaid: {covered}", covered=covered(found.shares)))
    if found.from_ms:
        text.line(_("From {when} on", when=moment(found.from_ms, found.time_zone)))
    least, most = rules.REASON_LEAST, rules.REASON_MOST
    text.line(_("What did you see? Write {least} to {most} characters.", least=least, most=most))
    text.plain(_("The student reads it, and it stays in the books for good: figures, no names."))
    return Screen(text, [[Button(_("Cancel"), f"k:pay:{found.project.id}")]])


def one(found: Seen) -> Screen:
    """Show a withholding to staff, and what the one who looks may do."""
    what = found.withholding
    text = Text().line(_("{project} · hold pay back", project=found.project.title), "bold").plain("\n")
    text.code(found.pseudonym).plain("\n")
    text.bold(covered(found.shares)).plain("\n")
    if what.from_ms:
        text.line(_("From {when} on", when=moment(what.from_ms, found.time_zone)))
    text.line(_("Reason: {reason}", reason=what.reason)).plain("\n")
    if what.state == "held" and what.decide_by_ms is not None:
        when = moment(what.decide_by_ms, found.time_zone)
        text.line(_("Held back. Decide by {when}; after that it is released by itself.", when=when))
    else:
        text.line(_(STATES[what.state]))
    if what.state == "proposed" and found.is_yours and found.changed:
        text.line(told_seconds(found.seconds))
    if found.can_release and not found.can_take and found.appeal_id is None:
        text.line(
            _("It can be taken for good by an admin who did not propose it, once seven days have passed.")
        )
    return Screen(text, [*_moves(found), [Button(_("Back"), f"k:pay:{found.project.id}")]])


def _moves(found: Seen) -> Rows:
    number, state = found.withholding.id, found.withholding.state
    if found.is_yours and state == "draft":
        yes = Button(_("Ask an admin"), f"w:do:{number}", style="primary")
        return [[yes, Button(_("Drop it"), f"w:drop:{number}")]]
    if found.is_yours and state == "proposed":
        return [[Button(_("Take it back"), f"w:drop:{number}")]]
    if found.can_confirm:
        yes = Button(_("Hold it back"), f"w:yes:{number}", style="danger")
        return [[yes, Button(_("Refuse"), f"w:no:{number}")]]
    if found.appeal_id is not None:
        return [[Button(_("Read the appeal"), f"q:case:{found.appeal_id}")]]
    release = [Button(_("Release"), f"w:free:{number}")] if found.can_release else []
    # Translators: A button: pay that is held back goes back to the project for good.
    take = [Button(_("Take for good"), f"w:ask:{number}", style="danger")] if found.can_take else []
    return [[*release, *take]] if release or take else []


def confirm_taking(found: Seen) -> Screen:
    """Ask before pay is taken for good."""
    text = Text().line(_("Take {covered} for good?", covered=covered(found.shares)), "bold").plain("\n")
    text.plain(_("It goes back to the project, and the student gets a message. It cannot be undone."))
    yes = Button(_("Take for good"), f"w:take:{found.withholding.id}", style="danger")
    return Screen(text, [[yes, Button(_("Cancel"), f"w:see:{found.withholding.id}")]])


def notice(found: Seen) -> Screen:
    """Tell a student that pay is held back, with the figures, the rule, its end and whom to ask; or how it was decided."""
    what, project = found.withholding, found.project.title
    if what.state == "held" and what.decide_by_ms is not None:
        return _held(found, moment(what.decide_by_ms, found.time_zone))
    if what.state == "released":
        text = Text().line(_("{covered} is yours again", covered=covered(found.shares)), "bold").plain("\n")
        text.line(_("It was held back on {project}, and is approved pay now.", project=project))
        if what.decided_by is None:
            text.line(_("Nobody decided in time, so it was released by itself."))
        return Screen(text, [[Button(_("Earnings"), "e:now")]])
    text = Text().line(_("{covered} is not paid", covered=covered(found.shares)), "bold").plain("\n")
    text.line(_("It was held back on {project}, and an admin has decided that it stays so.", project=project))
    text.line(_("What was seen: {reason}", reason=what.reason))
    text.line(_("Your other pay stays yours."))
    return Screen(text, [[Button(_("Earnings"), "e:now")]])


def _held(found: Seen, when: str) -> Screen:
    what = found.withholding
    title = _(
        "Pay on {project} is held back until {when} at the latest", project=found.project.title, when=when
    )
    text = Text().line(title, "bold").plain("\n")
    text.line(_("It is {covered}.", covered=covered(found.shares)))
    if what.from_ms:
        text.line(_("From {when} on", when=moment(what.from_ms, found.time_zone)))
    text.line(_("What was seen: {reason}", reason=what.reason))
    text.line(_("Rule: pay is held back only for cheating that one person saw and an admin confirmed."))
    text.line(_("Everything that is paid, or on its way to you, stays yours."))
    text.plain("\n").line(
        _(
            "You can say how it was. A person reads it and answers; taking it needs an admin who did not propose it."
        )
    )
    text.line(_("If nobody decides by {when}, it is released to you by itself.", when=when))
    number = what.id
    return Screen(
        text,
        [[Button(_("Ask a person"), f"q:withholding:{number}"), Button(_("Details"), f"w:mine:{number}")]],
    )


def mine(found: Seen) -> Screen:
    """List the answers of a student whose pay is held back, as far as a message holds them."""
    text = Text().line(_("{project} · held back", project=found.project.title), "bold").plain("\n")
    text.line(covered(found.shares)).plain("\n")
    for share in found.shares[:ANSWERS_SHOWN]:
        text.line(f"#{share.id} · {money(share.amount_micro, share.currency)}")
    more = len(found.shares) - ANSWERS_SHOWN
    if more > 0:
        text.line(n_("and {n} more", "and {n} more", more))
    ask = [Button(_("Ask a person"), f"q:withholding:{found.withholding.id}")]
    rows: Rows = [ask] if found.withholding.state == "held" else []
    return Screen(text, [*rows, [Button(_("Earnings"), "e:now")]])


ANSWERS_SHOWN = 40
