"""Inviting people, as screens: to whom, to what, how many, and the link with words to forward. Pure."""

from __future__ import annotations

from actions.invitations import Issued, Options
from handlers.screen import Button, Rows, Screen, grid
from rules import calendar, money
from rules.text import Text

USES = (1, 5, 10, 25, 50, 100, 250, 1000)
ROLE_WORDS = {"student": "Students", "coordinator": "A coordinator", "admin": "An admin"}


def ask_role(options: Options) -> Screen:
    """Ask whom to invite."""
    buttons = [[Button(ROLE_WORDS[role], f"i:role:{role}")] for role in options.roles]
    return Screen(Text().bold("Whom do you invite?"), buttons)


def ask_project(options: Options, role: str) -> Screen:
    """Ask to which project the invitation leads."""
    rows: Rows = [[Button(project.title, f"i:project:{role}:{project.id}")] for project in options.projects]
    if "admin" in options.roles:
        rows.append([Button("No project in particular", f"i:project:{role}:0")])
    if not rows:
        text = Text().plain(
            "There is no project to invite to yet. Send me a project file (.toml) to make one."
        )
        return Screen(text)
    whom = (
        "Students will be shown this project first."
        if role == "student"
        else "They will manage this project."
    )
    text = Text().line("To which project?", "bold").plain(f"\n{whom}")
    return Screen(text, [*rows, _back(options)])


def ask_uses(project_id: int) -> Screen:
    """Ask for how many people a link is."""
    text = (
        Text()
        .line("For how many?", "bold")
        .plain("\nOne link serves that many people, once each, for 30 days.")
    )
    buttons = [Button(f"{uses:,}", f"i:make:student:{project_id}:{uses}") for uses in USES]
    return Screen(text, [*grid(buttons, 4), [Button("◀ Back", "i:role:student")]])


def issued(made: Issued, link: str, time_zone: str) -> Screen:
    """Confirm an invitation. The link itself is in the message below, so that it can be forwarded."""
    until = calendar.moment(made.expires_ms, time_zone) + ("" if time_zone else " UTC")
    text = Text().line(f"Invitation for {_whom(made)}", "bold").plain("\n")
    if made.project is not None:
        text.line(f"Project: {made.project.title}")
    text.line(f"Ends: {until}").plain(
        "\nForward the message below, or copy the link. It is shown only now.\n"
    ).code(link)
    return Screen(text, [[Button("Another invitation", "i:start")]])


def to_forward(made: Issued, link: str) -> Screen:
    """Give the words that the invited person reads."""
    text = Text()
    if made.role != "student":
        text.plain(
            f"You are invited to Veritap as {_whom(made)}. Open this link within two days and tap Start:\n\n"
        )
        return Screen(text.plain(link))
    text.plain(
        "You are invited to Veritap: check what AI models write, on your phone, and be paid for your time.\n"
    )
    if made.project is not None:
        pay = made.project.rules.pay
        rate = money.show(pay.rate_micro, pay.currency)
        text.plain(f"\n{made.project.title} · {rate} an hour of credited time\n")
    return Screen(text.plain(f"\nOpen this link and tap Start:\n{link}"))


def _whom(made: Issued) -> str:
    if made.role != "student":
        return ROLE_WORDS[made.role].lower()
    return "one student" if made.uses == 1 else f"{made.uses:,} students"


def _back(options: Options) -> list[Button]:
    return [Button("◀ Back", "i:start")] if len(options.roles) > 1 else []
