"""/settings, /privacy: a person's own switches, their data as a file, withdrawing, erasing."""

from __future__ import annotations

import asyncio
import json

from telegram import Update

from actions import consents, languages, people, refusals, settings
from handlers.context import Context
from handlers.language import N_, NAMES, _, speak
from handlers.routing import Command, Route, Tap
from handlers.screen import Screen
from handlers.views import settings as view


async def screen(context: Context) -> Screen:
    """Give the settings as they stand."""
    return view.settings(await context.read(settings.of, context.visitor))


async def settings_command(update: Update, context: Context) -> None:
    """/settings."""
    await context.say(await screen(context))


async def show_tap(update: Update, context: Context) -> None:
    """Back to the settings."""
    await asyncio.gather(context.toast(), context.show(await screen(context)))


async def mute_tap(update: Update, context: Context) -> None:
    """Calls off or on."""
    muted = context.tapped == "s:mute"
    changed = await context.write(settings.mute, context.visitor, muted=muted)
    toast = _("Calls are off") if muted else _("Calls are on")
    await asyncio.gather(context.toast(toast), context.show(view.settings(changed)))


async def plain_tap(update: Update, context: Context) -> None:
    """Task texts without formatting, or with it."""
    plain = context.tapped == "s:plain"
    changed = await context.write(settings.set_plain, context.visitor, plain)
    toast = _("Task texts are plain now") if plain else _("Task texts have their formatting now")
    await asyncio.gather(context.toast(toast), context.show(view.settings(changed)))


async def language_command(update: Update, context: Context) -> None:
    """/language: for everybody."""
    await context.say(view.languages(await context.read(languages.chosen, context.visitor.key)))


async def language_tap(update: Update, context: Context) -> None:
    """The languages to choose from."""
    chosen = await context.read(languages.chosen, context.visitor.key)
    await asyncio.gather(context.toast(), context.show(view.languages(chosen)))


async def speak_tap(update: Update, context: Context) -> None:
    """Choose a language, or leave it to Telegram; everything is said in it from here on."""
    code = context.tapped.removeprefix("s:speak:")
    if code and code not in NAMES:
        raise refusals.OutOfDate
    visitor = context.visitor
    await context.write(languages.choose, visitor, code)
    context.services.languages.keep(visitor.key, code)
    speak(code or visitor.language_code)
    await asyncio.gather(context.toast(), context.show(view.languages(code)))


async def privacy_command(update: Update, context: Context) -> None:
    """/privacy: answered to everybody, also to strangers."""
    await context.say(await _privacy(context))


async def _privacy(context: Context) -> Screen:
    known = await context.read(people.find, context.visitor.key)
    if known is None:
        return view.privacy_for_strangers()
    return view.privacy(agreed=known.state not in ("invited", "withdrawn"))


async def privacy_tap(update: Update, context: Context) -> None:
    """Back to privacy."""
    await asyncio.gather(context.toast(), context.show(await _privacy(context)))


async def data_tap(update: Update, context: Context) -> None:
    """My data as a file."""
    own = await context.read(consents.own_data, context.visitor)
    data = json.dumps(own, ensure_ascii=False, indent=2).encode()
    await context.toast()
    await context.send_file(
        "my-veritap-data.json", data, _("Your contact, profile, consent, projects, judgments and pay.")
    )


async def leave_tap(update: Update, context: Context) -> None:
    """Withdraw or erase: ask first, then do it."""
    what, _colon, confirmed = context.tapped.removeprefix("s:").partition(":")
    if what not in ("withdraw", "erase"):
        raise refusals.OutOfDate
    if confirmed != "yes":
        await asyncio.gather(context.toast(), context.show(view.confirm(what)))
    elif what == "withdraw":
        await context.write(consents.withdraw, context.visitor)
        await asyncio.gather(context.toast(), context.show(view.withdrawn()))
    else:
        await context.write(consents.erase, context.visitor)
        context.services.languages.forget(context.visitor.key)
        await asyncio.gather(context.toast(), context.show(view.erased()))


ROUTES: list[Route] = [
    Command("settings", settings_command, N_("Profile and calls")),
    Command("privacy", privacy_command, N_("What is kept, and leaving"), role="everyone"),
    Command("language", language_command, N_("In which language I speak"), role="everyone"),
    Tap("s:show", show_tap),
    Tap("s:language", language_tap),
    Tap("s:speak:", speak_tap),
    Tap("s:mute", mute_tap),
    Tap("s:unmute", mute_tap),
    Tap("s:plain", plain_tap),
    Tap("s:formatted", plain_tap),
    Tap("s:privacy", privacy_tap),
    Tap("s:data", data_tap),
    Tap("s:withdraw", leave_tap),
    Tap("s:erase", leave_tap),
]
