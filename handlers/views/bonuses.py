"""Bonuses as screens: for whoever gives one, whoever must agree, and the student who gets it. Pure."""

from __future__ import annotations

from actions.bonuses import Begun, Given, Grant, Seen
from actions.projects import Project
from handlers.language import _, aligned, n_
from handlers.screen import Button, Rows, Screen
from handlers.views.corrections import BECAME, REASON_SHOWN, exactly, told_seconds
from rules import corrections as rules
from rules.text import Text, clip


def pay(project: Project) -> Screen:
    """Offer what can be done about the pay of a project."""
    text = Text().line(_("{project} · pay", project=project.title), "bold").plain("\n")
    text.line(_("A bonus is something extra, from this project's budget."))
    text.line(_("Pay is held back only for cheating that a second person confirms, never for quality."))
    number = project.id
    return Screen(
        text,
        [
            [Button(_("Give a bonus"), f"k:start:{number}")],
            [Button(_("Hold pay back"), f"w:start:{number}")],
            [Button(_("Appeals"), "q:list"), Button(_("Back"), f"c:see:{number}")],
        ],
    )


def start(project: Project, active: int, recent: list[Grant]) -> Screen:
    """Ask to whom a bonus goes; show the last ones."""
    text = Text().line(_("{project} · bonus", project=project.title), "bold").plain("\n")
    text.line(_("To whom?"))
    if recent:
        text.plain("\n").line(_("Given before"), "bold")
    for one in recent:
        text.line(aligned(_each(one), clip(one.reason, REASON_SHOWN)))
    rows: Rows = []
    if active:
        label = n_("The {n} who works on it", "All {n} who work on it", active)
        rows.append([Button(label, f"k:all:{project.id}")])
    rows.append([Button(_("One student"), f"k:one:{project.id}")])
    return Screen(text, [*rows, [Button(_("Back"), f"k:pay:{project.id}")]])


def _each(one: Grant) -> str:
    amount = exactly(one.amount_micro, one.currency)
    return n_("{amount} to {n} student", "{amount} to each of {n} students", one.students, amount=amount)


def ask_student(project: Project) -> Screen:
    """Ask for a pseudonym."""
    text = Text().line(_("{project} · whom?", project=project.title), "bold").plain("\n")
    text.plain(_("Send me their pseudonym (s-…), as People shows it. /cancel to leave it."))
    return Screen(text, [[Button(_("Cancel"), f"k:pay:{project.id}")]])


def ask_amount(found: Begun) -> Screen:
    """Ask how much each gets."""
    currency = found.project.rules.pay.currency
    text = Text().line(_("{project} · bonus", project=found.project.title), "bold").plain("\n")
    text.line(_to(found))
    text.line(
        _(
            "How much for each, in {currency}? Send an amount such as 5.00. /cancel to leave it.",
            currency=currency,
        )
    )
    if found.left_micro is not None:
        left = exactly(max(0, found.left_micro), currency)
        text.line(_("{left} of the budget is left.", left=left))
    return Screen(text, [[Button(_("Cancel"), f"k:pay:{found.project.id}")]])


def _to(found: Begun) -> str:
    if found.student is not None:
        return _("To {pseudonym}", pseudonym=found.student.pseudonym)
    return n_("To {n} student who works on it", "To all {n} students who work on it", found.students)


def ask_reason(found: Begun) -> Screen:
    """Ask what it is for."""
    amount = exactly(found.amount_micro or 0, found.project.rules.pay.currency)
    text = Text().line(_("{project} · bonus", project=found.project.title), "bold").plain("\n")
    text.line(aligned(_to(found), amount))
    least, most = rules.REASON_LEAST, rules.REASON_MOST
    text.line(_("What for? Write {least} to {most} characters.", least=least, most=most))
    text.plain(_("The student reads it, and it stays in the books for good: no names."))
    return Screen(text, [[Button(_("Cancel"), f"k:pay:{found.project.id}")]])


def one(found: Seen) -> Screen:
    """Show a bonus with its total, and what the one who looks may do."""
    grant = found.grant
    text = Text().line(_("{project} · bonus", project=found.project.title), "bold").plain("\n")
    text.line(_each(grant))
    if found.pseudonym:
        text.line(_("To {pseudonym}", pseudonym=found.pseudonym))
    text.bold(_("Together {total}", total=exactly(grant.total_micro, grant.currency))).plain("\n")
    if found.left_micro is not None and grant.state in ("draft", "waiting"):
        left = exactly(max(0, found.left_micro), grant.currency)
        text.line(_("{left} of the budget is left.", left=left))
    text.line(_("Reason: {reason}", reason=grant.reason)).plain("\n")
    text.line(_(BECAME[grant.state]))
    if grant.state == "draft" and grant.needs_second:
        text.line(_("It needs an admin as a second person: it is above the limit, or about your own money."))
    if grant.state == "waiting" and found.is_yours and found.changed:
        text.line(told_seconds(found.seconds))
    return Screen(text, [*_moves(found), [Button(_("Back"), f"k:pay:{found.project.id}")]])


def _moves(found: Seen) -> Rows:
    number, state = found.grant.id, found.grant.state
    if found.is_yours and state == "draft":
        label = _("Ask an admin") if found.grant.needs_second else _("Give it")
        yes = Button(label, f"k:do:{number}", style="primary")
        return [[yes, Button(_("Drop it"), f"k:drop:{number}")]]
    if found.is_yours and state == "waiting":
        return [[Button(_("Take it back"), f"k:drop:{number}")]]
    if found.can_decide:
        yes = Button(_("Agree"), f"k:yes:{number}", style="primary")
        return [[yes, Button(_("Refuse"), f"k:no:{number}")]]
    return []


def notice(found: Given, project: Project) -> Screen:
    """Tell a student of their bonus: how much, why, who."""
    amount = exactly(found.amount_micro, found.currency)
    text = Text().line(_("A bonus for you: {amount}", amount=amount), "bold").plain("\n")
    text.line(_("From {project}. It is approved already.", project=project.title))
    text.line(_("Reason: {reason}", reason=found.reason))
    text.line(
        _("Given by who looks after the project; an admin agreed.")
        if found.needs_second
        else _("Given by who looks after the project.")
    )
    return Screen(text, [[Button(_("Earnings"), "e:now")]])
