"""Settings, privacy and help, as screens. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from actions.settings import Settings
from handlers.screen import Button, Rows, Screen
from rules import consent
from rules.audience import DEGREES, FIELDS, LANGUAGES
from rules.text import Text


def settings(found: Settings) -> Screen:
    """Show what a person can change, each with its button."""
    profile = found.profile
    languages = ", ".join(LANGUAGES.get(code, code) for code in profile.languages)
    text = Text().line("Settings", "bold").plain("\n")
    text.line(f"Degree: {DEGREES.get(profile.degree, profile.degree)}")
    text.line(f"Field: {FIELDS.get(profile.field, profile.field)}")
    text.line(f"Languages: {languages}")
    text.line(f"Time zone: {profile.time_zone.replace('_', ' ')}")
    text.line(f"Task texts: {'plain' if found.plain_text else 'with formatting'}")
    text.plain(f"Calls for new projects: {'off' if found.muted else 'on'}")
    mute = Button("🔔 Turn calls on", "s:unmute") if found.muted else Button("🔕 Turn calls off", "s:mute")
    shown = Button("Show formatting", "s:formatted") if found.plain_text else Button("Plain texts", "s:plain")
    rows: Rows = [
        [Button("Degree", "o:ask:degree"), Button("Field", "o:ask:field")],
        [Button("Languages", "o:ask:languages"), Button("Time zone", "o:ask:time_zone")],
        [shown, mute],
        [Button("Privacy", "s:privacy")],
    ]
    return Screen(text, rows)


def privacy(*, agreed: bool = True) -> Screen:
    """Say what is kept and why, and offer to take it away, to withdraw (who has not agreed: to agree) and to be erased."""
    text = Text().line("Privacy", "bold").plain("\n")
    for heading, words in consent.POINTS:
        text.bold(f"{heading}: ").line(words)
    text.plain("\n").plain(
        "Your Telegram id, name and profile are encrypted where they are stored; the key is kept apart."
    )
    consenting = Button("Withdraw consent", "s:withdraw") if agreed else Button("Read and agree", "o:consent")
    rows: Rows = [[Button("My data as a file", "s:data")], [consenting, Button("Erase me", "s:erase")]]
    return Screen(text, rows)


def privacy_for_strangers() -> Screen:
    """Say what is kept of somebody who never joined."""
    text = Text().line("Privacy", "bold").plain("\n")
    text.line("You have not joined, so nothing is kept about you but this conversation with Telegram.")
    text.plain("\n").line("When somebody joins, they agree to this:")
    for heading, words in consent.POINTS:
        text.bold(f"{heading}: ").line(words)
    return Screen(text)


def confirm(what: str) -> Screen:
    """Ask before consent is withdrawn or a person erased."""
    words = {
        "withdraw": (
            "Withdraw your consent?",
            "You stop getting work and calls. New exports leave your answers out. What you earned is paid. You can agree again "
            "later with /start.",
            "Withdraw",
        ),
        "erase": (
            "Erase everything that names you?",
            "Your name, Telegram id and profile are deleted for good. Entries about pay stay, without your name. Open pay can then "
            "no longer be sent to you here: ask for it first.",
            "Erase me",
        ),
    }
    question, consequence, label = words[what]
    text = Text().bold(question).plain(f"\n\n{consequence}")
    return Screen(text, [[Button(label, f"s:{what}:yes", style="danger"), Button("◀ Back", "s:privacy")]])


def withdrawn() -> Screen:
    """Confirm that consent was withdrawn."""
    text = Text().line("Your consent is withdrawn", "bold").plain("\n")
    text.plain(
        "No more work or calls, and new exports leave your answers out. /earnings still shows your pay. /start to come back."
    )
    return Screen(text)


def erased() -> Screen:
    """Confirm that a person was erased."""
    return Screen(
        Text().line("You are erased", "bold").plain("\n").plain("Nothing here names you any more. Goodbye.")
    )


def help_for(commands: Sequence[tuple[str, str]]) -> Screen:
    """List the commands that a person may use."""
    text = Text().line("What I can do", "bold").plain("\n")
    for name, hint in commands:
        text.line(f"/{name}  {hint}")
    text.plain("\n").plain("Stuck? Write to the person who invited you.")
    return Screen(text)
