"""Who holds which role, and changing it, as screens. Pure."""

from __future__ import annotations

from actions.roles import Holder, RoleSet, Staff
from handlers.screen import Button, Rows, Screen
from rules.text import Text

WORDS = {"admin": "admin", "coordinator": "coordinator", "student": "student"}
ARTICLES = {"admin": "an admin", "coordinator": "a coordinator"}
BUTTONS_MAX = 30


def staff(found: Staff) -> Screen:
    """List admins and coordinators; students are counted."""
    text = Text().line("Roles", "bold")
    for role, heading in (("admin", "Admins"), ("coordinator", "Coordinators")):
        holders = [holder for holder in found.holders if role in holder.roles]
        text.plain("\n").line(heading, "bold")
        for holder in holders:
            text.line(f"  {name(holder)}{_note(holder)}")
        if not holders:
            text.line("  nobody yet; /invite brings people in")
    text.plain("\n").bold("Students  ").plain(f"{found.students:,}")
    rows: Rows = [[Button(name(holder), f"r:who:{holder.id}")] for holder in found.holders[:BUTTONS_MAX]]
    return Screen(text, [*rows, [Button("🔎 Find somebody else", "r:find")]])


def person(holder: Holder) -> Screen:
    """Show one person and what can be given to or taken from them."""
    text = Text().line(name(holder), "bold").plain("\n")
    text.line(f"Roles: {', '.join(WORDS[role] for role in holder.roles) or 'none'}")
    text.line(f"Pseudonym: {holder.pseudonym}")
    if holder.state == "suspended":
        text.line("Suspended")
    rows: Rows = []
    for role in ("coordinator", "admin"):
        verb, words = ("take", "Remove as") if role in holder.roles else ("give", "Make")
        rows.append([Button(f"{words} {ARTICLES[role]}", f"r:{verb}:{holder.id}:{role}")])
    return Screen(text, [*rows, [Button("◀ All roles", "r:all")]])


CAN = {
    "admin": "Admins can do everything: invite anybody, give and take roles, see names and health.",
    "coordinator": "Coordinators make projects, import items, invite students to them and call students.",
}
ENDS = {
    "admin": "That ends inviting anybody, giving and taking roles, seeing names and health.",
    "coordinator": "That ends making projects, importing items, inviting students and calling them.",
}


def confirm(holder: Holder, verb: str, role: str) -> Screen:
    """Ask before a role changes hands."""
    words, consequence = ("Make", CAN[role]) if verb == "give" else ("Remove", ENDS[role])
    as_what = ARTICLES[role] if verb == "give" else f"as {ARTICLES[role]}"
    text = Text().line(f"{words} {name(holder)} {as_what}?", "bold")
    text.plain(f"\n{consequence}\n\n{_told(holder)}")
    yes = Button("Yes", f"r:do-{verb}:{holder.id}:{role}", style="danger" if verb == "take" else "primary")
    return Screen(text, [[yes, Button("Cancel", f"r:who:{holder.id}")]])


def changed(outcome: RoleSet) -> str:
    """Say in a line what became of a change."""
    holds = outcome.role in outcome.holder.roles
    word = ARTICLES[outcome.role]
    if not outcome.changed:
        return f"{name(outcome.holder)} was {'already' if holds else 'not'} {word}"
    return f"{name(outcome.holder)} is {'now' if holds else 'no longer'} {word}"


def ask_name() -> Screen:
    """Ask whom to look for."""
    text = Text().line("Whom do you look for?", "bold")
    text.plain(
        "\nSend me a part of their name, their @username, or their pseudonym (s-…). /cancel to leave it."
    )
    return Screen(text)


def found(holders: list[Holder]) -> Screen:
    """List who was found."""
    if not holders:
        text = Text().plain("Nobody here goes by that. New people come by invitation: /invite")
        return Screen(text, [[Button("Look again", "r:find"), Button("◀ All roles", "r:all")]])
    rows: Rows = [
        [Button(f"{name(holder)} · {holder.pseudonym}", f"r:who:{holder.id}")] for holder in holders
    ]
    return Screen(Text().bold("Found"), [*rows, [Button("◀ All roles", "r:all")]])


def name(holder: Holder) -> str:
    """Name a person as an admin knows them."""
    username = f" @{holder.username}" if holder.username else ""
    return f"{holder.name or holder.pseudonym}{username}"[:60]


def _note(holder: Holder) -> str:
    return " (you)" if holder.is_you else " · suspended" if holder.state == "suspended" else ""


def _told(holder: Holder) -> str:
    return "It takes effect at once." if holder.is_you else "It takes effect at once, and they get a message."
