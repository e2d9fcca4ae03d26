"""Inviting people, as screens: to whom, to what, how many, and the link with words to forward. Pure."""

from __future__ import annotations

from actions.invitations import Issued, Options
from handlers.language import N_, _, aligned, moment, money, n_, number
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import pay as pay_view
from rules.text import Text

USES = (1, 5, 10, 25, 50, 100, 250, 1000)
ROLE_WORDS = {
    # Translators: Buttons, whom to invite; at most 22 characters.
    "student": N_("Students"),
    "coordinator": N_("A coordinator"),
    "admin": N_("An admin"),
}
FORWARDED = {
    "coordinator": N_(
        "You are invited to Veritap as a coordinator. Open this link within two days and tap Start:"
    ),
    "admin": N_("You are invited to Veritap as an admin. Open this link within two days and tap Start:"),
}


def ask_role(options: Options) -> Screen:
    """Ask whom to invite."""
    buttons = [[Button(_(ROLE_WORDS[role]), f"i:role:{role}")] for role in options.roles]
    return Screen(Text().bold(_("Whom do you invite?")), buttons)


def ask_project(options: Options, role: str) -> Screen:
    """Ask to which project the invitation leads."""
    rows: Rows = [[Button(project.title, f"i:project:{role}:{project.id}")] for project in options.projects]
    if "admin" in options.roles:
        rows.append([Button(_("No project in particular"), f"i:project:{role}:0")])
    if not rows:
        text = Text().plain(
            _("There is no project to invite to yet. Send me a project file (.toml) to make one.")
        )
        return Screen(text)
    whom = (
        _("Students will be shown this project first.")
        if role == "student"
        else _("They will manage this project.")
    )
    text = Text().line(_("To which project?"), "bold").plain(f"\n{whom}")
    return Screen(text, [*rows, _back(options)])


def ask_uses(project_id: int) -> Screen:
    """Ask for how many people a link is."""
    text = (
        Text()
        .line(_("For how many?"), "bold")
        .plain("\n")
        .plain(_("One link serves that many people, once each, for 30 days."))
    )
    buttons = [Button(number(uses), f"i:make:student:{project_id}:{uses}") for uses in USES]
    return Screen(text, [*grid(buttons, 4), [Button(_("Back"), "i:role:student")]])


def issued(made: Issued, link: str, time_zone: str) -> Screen:
    """Confirm an invitation. The link itself is in the message below, so that it can be forwarded."""
    until = moment(made.expires_ms, time_zone) + ("" if time_zone else " UTC")
    text = Text().line(_for_whom(made), "bold").plain("\n")
    if made.project is not None:
        text.line(_("Project: {project}", project=made.project.title))
    text.line(_("Ends: {when}", when=until)).plain("\n")
    text.line(_("Forward the message below, or copy the link. It is shown only now.")).code(link)
    return Screen(text, [[Button(_("Another invitation"), "i:start")]])


def to_forward(made: Issued, link: str) -> Screen:
    """Give the words that the invited person reads."""
    text = Text()
    if made.role != "student":
        return Screen(text.line(_(FORWARDED[made.role])).plain(f"\n{link}"))
    text.line(
        _("You are invited to Veritap: check what AI models write, on your phone, and be paid for your time.")
    )
    if made.project is not None:
        pay = made.project.rules.pay
        title = made.project.title
        if pay.scheme == "hour":
            rate = money(pay.rate_micro, pay.currency)
            line = _("{project} · {rate} an hour of credited time", project=title, rate=rate)
        else:
            line = aligned(title, pay_view.rate(pay))
        text.plain("\n").line(line)
    return Screen(text.plain("\n").line(_("Open this link and tap Start:")).plain(link))


def _for_whom(made: Issued) -> str:
    if made.role == "coordinator":
        return _("Invitation for a coordinator")
    if made.role == "admin":
        return _("Invitation for an admin")
    if made.uses == 1:
        return _("Invitation for one student")
    return n_("Invitation for {n} student", "Invitation for {n} students", made.uses)


def _back(options: Options) -> list[Button]:
    return [Button(_("Back"), "i:start")] if len(options.roles) > 1 else []
