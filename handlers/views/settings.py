"""Settings, privacy and help, as screens. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from actions.settings import Settings
from handlers.language import NAMES, _, listed, spoken
from handlers.screen import Button, Rows, Screen, grid
from handlers.views.words import consent_text
from rules.audience import DEGREES, FIELDS, LANGUAGES
from rules.text import Text


def settings(found: Settings) -> Screen:
    """Show what a person can change, each with its button."""
    profile = found.profile
    languages = listed([LANGUAGES.get(code, code) for code in profile.languages])
    text = Text().line(_("Settings"), "bold").plain("\n")
    text.line(_("Degree: {degree}", degree=_(DEGREES.get(profile.degree, profile.degree))))
    text.line(_("Field: {field}", field=_(FIELDS.get(profile.field, profile.field))))
    # Translators: The languages that a student reads and can be asked about.
    text.line(_("Languages: {languages}", languages=languages))
    text.line(_("Time zone: {zone}", zone=profile.time_zone.replace("_", " ")))
    plain = _("Task texts: plain")
    text.line(plain if found.plain_text else _("Task texts: with formatting"))
    calls_off = _("Calls for new projects: off")
    text.plain(calls_off if found.muted else _("Calls for new projects: on"))
    rows: Rows = [
        [Button(_("Degree"), "o:ask:degree"), Button(_("Field"), "o:ask:field")],
        [Button(_("Languages"), "o:ask:languages"), Button(_("Time zone"), "o:ask:time_zone")],
        [_texts(found), Button(_("Payout"), "d:show")],
        [_calls(found)],
        [Button(f"🌐 {NAMES[spoken()]}", "s:language"), Button(_("Privacy"), "s:privacy")],
    ]
    return Screen(text, rows)


def _texts(found: Settings) -> Button:
    formatted, plain = _("Show formatting"), _("Plain texts")
    return Button(formatted, "s:formatted") if found.plain_text else Button(plain, "s:plain")


def _calls(found: Settings) -> Button:
    """Mute or unmute calls. It needs a row of its own: these words are long in some languages."""
    calls_on, calls_off = _("Turn calls on 🔔"), _("Turn calls off 🔕")
    return Button(calls_on, "s:unmute") if found.muted else Button(calls_off, "s:mute")


def languages(chosen: str) -> Screen:
    """Offer the languages of the interface, each in its own words. `chosen`: empty when it is as Telegram says."""
    text = Text().line(_("Language"), "bold").plain("\n")
    text.plain(_("In which language shall I speak to you? The tasks keep their own."))
    choices = [
        Button(f"✓ {name}" if code == chosen else name, f"s:speak:{code}") for code, name in NAMES.items()
    ]
    as_telegram = _("As in Telegram")
    rest = Button(as_telegram if chosen else f"✓ {as_telegram}", "s:speak:")
    return Screen(text, [*grid(choices, 2), [rest], [Button(_("Back"), "s:show")]])


def privacy(*, agreed: bool = True) -> Screen:
    """Say what is kept and why, and offer to take it away, to withdraw (who has not agreed: to agree) and to be erased."""
    text = Text().line(_("Privacy"), "bold").plain("\n").extend(consent_text())
    text.plain("\n").plain(
        _("Your Telegram id, name and profile are encrypted where they are stored; the key is kept apart.")
    )
    withdraw, agree = Button(_("Withdraw consent"), "s:withdraw"), Button(_("Read and agree"), "o:consent")
    rows: Rows = [
        [Button(_("My data as a file"), "s:data")],
        [withdraw if agreed else agree, Button(_("Erase me"), "s:erase")],
    ]
    return Screen(text, rows)


def privacy_for_strangers() -> Screen:
    """Say what is kept of somebody who never joined."""
    text = Text().line(_("Privacy"), "bold").plain("\n")
    text.line(_("You have not joined, so nothing is kept about you but this conversation with Telegram."))
    text.plain("\n").line(_("When somebody joins, they agree to this:"))
    return Screen(text.extend(consent_text()))


def confirm(what: str) -> Screen:
    """Ask before consent is withdrawn or a person erased."""
    words = {
        "withdraw": (
            _("Withdraw your consent?"),
            _(
                "You stop getting work and calls. New exports leave your answers out. What you earned is paid. "
                "You can agree again later with /start."
            ),
            _("Withdraw"),
        ),
        "erase": (
            _("Erase everything that names you?"),
            _(
                "Your name, Telegram id and profile are deleted for good. Entries about pay stay, without your name. "
                "Open pay can then no longer be sent to you here: ask for it first."
            ),
            _("Erase me"),
        ),
    }
    question, consequence, label = words[what]
    text = Text().bold(question).plain(f"\n\n{consequence}")
    return Screen(text, [[Button(label, f"s:{what}:yes", style="danger"), Button(_("Back"), "s:privacy")]])


def withdrawn() -> Screen:
    """Confirm that consent was withdrawn."""
    text = Text().line(_("Your consent is withdrawn"), "bold").plain("\n")
    text.plain(
        _(
            "No more work or calls, and new exports leave your answers out. /earnings still shows your pay. /start to come back."
        )
    )
    return Screen(text)


def erased() -> Screen:
    """Confirm that a person was erased."""
    text = Text().line(_("You are erased"), "bold").plain("\n")
    return Screen(text.plain(_("Nothing here names you any more. Goodbye.")))


def help_for(commands: Sequence[tuple[str, str]]) -> Screen:
    """List the commands that a person may use."""
    text = Text().line(_("What I can do"), "bold").plain("\n")
    for name, hint in commands:
        text.line(f"/{name}  {hint}")
    text.plain("\n").plain(_("Stuck? Write to the person who invited you."))
    return Screen(text)
