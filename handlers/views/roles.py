"""Who holds which role, and changing it, as screens. Pure."""

from __future__ import annotations

from actions.roles import Holder, RoleSet, Staff
from handlers.language import N_, _, aligned, listed, number
from handlers.screen import Button, Rows, Screen
from rules.text import Text

WORDS = {
    # Translators: Roles, as in "Roles: admin, student".
    "admin": N_("admin"),
    "coordinator": N_("coordinator"),
    "student": N_("student"),
}
BUTTONS_MAX = 30


def staff(found: Staff) -> Screen:
    """List admins and coordinators; students are counted."""
    text = Text().line(_("Roles"), "bold")
    for role, heading in (("admin", _("Admins")), ("coordinator", _("Coordinators"))):
        holders = [holder for holder in found.holders if role in holder.roles]
        text.plain("\n").line(heading, "bold")
        for holder in holders:
            text.plain("  ").line(_noted(holder))
        if not holders:
            text.plain("  ").line(_("nobody yet; /invite brings people in"))
    text.plain("\n").bold(_("Students")).plain(f"  {number(found.students)}")
    rows: Rows = [[Button(name(holder), f"r:who:{holder.id}")] for holder in found.holders[:BUTTONS_MAX]]
    return Screen(text, [*rows, [Button(_("Find somebody else 🔎"), "r:find")]])


def person(holder: Holder) -> Screen:
    """Show one person and what can be given to or taken from them."""
    text = Text().line(aligned(name(holder)), "bold").plain("\n")
    held = [_(WORDS[role]) for role in holder.roles]
    text.line(_("Roles: {roles}", roles=listed(held)) if held else _("Roles: none"))
    text.line(_("Pseudonym: {pseudonym}", pseudonym=holder.pseudonym))
    if holder.state == "suspended":
        text.line(_("Suspended"))
    rows: Rows = []
    for role in ("coordinator", "admin"):
        verb = "take" if role in holder.roles else "give"
        rows.append([Button(_(OFFERS[verb, role]), f"r:{verb}:{holder.id}:{role}")])
    return Screen(text, [*rows, [Button(_("All roles"), "r:all")]])


OFFERS = {
    # Translators: Buttons, at most 32 characters.
    ("give", "coordinator"): N_("Make a coordinator"),
    ("give", "admin"): N_("Make an admin"),
    ("take", "coordinator"): N_("Remove as a coordinator"),
    ("take", "admin"): N_("Remove as an admin"),
}
QUESTIONS = {
    ("give", "coordinator"): N_("Make {name} a coordinator?"),
    ("give", "admin"): N_("Make {name} an admin?"),
    ("take", "coordinator"): N_("Remove {name} as a coordinator?"),
    ("take", "admin"): N_("Remove {name} as an admin?"),
}


CAN = {
    "admin": N_("Admins can do everything: invite anybody, give and take roles, see names and health."),
    "coordinator": N_("Coordinators make projects, import items, invite students to them and call students."),
}
ENDS = {
    "admin": N_("That ends inviting anybody, giving and taking roles, seeing names and health."),
    "coordinator": N_("That ends making projects, importing items, inviting students and calling them."),
}
BECAME = {
    # Translators: What became of giving or taking a role; shown for a moment.
    (True, True, "coordinator"): N_("{name} is now a coordinator"),
    (True, True, "admin"): N_("{name} is now an admin"),
    (True, False, "coordinator"): N_("{name} is no longer a coordinator"),
    (True, False, "admin"): N_("{name} is no longer an admin"),
    (False, True, "coordinator"): N_("{name} was already a coordinator"),
    (False, True, "admin"): N_("{name} was already an admin"),
    (False, False, "coordinator"): N_("{name} was not a coordinator"),
    (False, False, "admin"): N_("{name} was not an admin"),
}
"""Whether anything changed, whether the role is held now, and which it is, to the sentence that says so."""


def confirm(holder: Holder, verb: str, role: str) -> Screen:
    """Ask before a role changes hands."""
    consequence = CAN[role] if verb == "give" else ENDS[role]
    text = Text().line(_(QUESTIONS[verb, role], name=name(holder)), "bold").plain("\n")
    text.line(_(consequence)).plain("\n").plain(_told(holder))
    yes = Button(_("Yes"), f"r:do-{verb}:{holder.id}:{role}", style="danger" if verb == "take" else "primary")
    return Screen(text, [[yes, Button(_("Cancel"), f"r:who:{holder.id}")]])


def changed(outcome: RoleSet) -> str:
    """Say in a line what became of a change."""
    holds = outcome.role in outcome.holder.roles
    return _(BECAME[outcome.changed, holds, outcome.role], name=name(outcome.holder))


def ask_name() -> Screen:
    """Ask whom to look for."""
    text = Text().line(_("Whom do you look for?"), "bold").plain("\n")
    text.plain(
        _("Send me a part of their name, their @username, or their pseudonym (s-…). /cancel to leave it.")
    )
    return Screen(text)


def found(holders: list[Holder]) -> Screen:
    """List who was found."""
    if not holders:
        text = Text().plain(_("Nobody here goes by that. New people come by invitation: /invite"))
        return Screen(text, [[Button(_("Look again"), "r:find"), Button(_("All roles"), "r:all")]])
    rows: Rows = [
        [Button(f"{name(holder)} · {holder.pseudonym}", f"r:who:{holder.id}")] for holder in holders
    ]
    return Screen(Text().bold(_("Found")), [*rows, [Button(_("All roles"), "r:all")]])


def name(holder: Holder) -> str:
    """Name a person as an admin knows them."""
    username = f" @{holder.username}" if holder.username else ""
    return f"{holder.name or holder.pseudonym}{username}"[:60]


def _noted(holder: Holder) -> str:
    """Name a person, with what is to be known about them at a glance."""
    if holder.is_you:
        return _("{name} (you)", name=name(holder))
    if holder.state == "suspended":
        return _("{name} · suspended", name=name(holder))
    return aligned(name(holder))


def _told(holder: Holder) -> str:
    if holder.is_you:
        return _("It takes effect at once.")
    return _("It takes effect at once, and they get a message.")
