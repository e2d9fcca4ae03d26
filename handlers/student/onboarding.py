"""/start and everything up to the first project: invitation, consent, profile."""

from __future__ import annotations

import asyncio

from telegram import Update

from actions import consents, invitations, people, profiles, projects
from actions.people import Person, Visitor
from actions.ports import Tx
from actions.profiles import ProfileStep
from actions.projects import Project
from handlers.context import Context
from handlers.language import N_, _, spoken
from handlers.routing import Command, Input, Route, Tap
from handlers.student import projects as project_handlers
from handlers.student import settings
from handlers.views import onboarding as view
from rules import consent


def _arrive(tx: Tx, visitor: Visitor, token: str) -> tuple[Person, list[str], Project | None]:
    """Take an invitation, or greet somebody who is known already."""
    person = invitations.accept(tx, visitor, token).person if token else people.require(tx, visitor)
    people.enrol(tx, visitor)
    person = people.get(tx, person.id)
    invited_to = projects.get(tx, person.project_id) if person.project_id is not None else None
    return person, people.roles(tx, person.id), invited_to


async def start(update: Update, context: Context) -> None:
    """/start, alone or with an invitation's token."""
    token = context.said.partition(" ")[2].strip()
    person, roles, project = await context.write(_arrive, context.visitor, token)
    if roles and "student" not in roles:
        await context.say(view.greeting(roles))
    elif person.state in ("invited", "withdrawn"):
        await context.say(view.welcome(project))
    elif person.state == "profiling":
        await context.say(view.profile(await context.write(_resume, context.visitor)))
    else:
        await project_handlers.home(context)


def _resume(tx: Tx, visitor: Visitor) -> ProfileStep:
    step = profiles.look(tx, visitor)
    return profiles.ask(tx, visitor, step.step) if step.step else step


async def welcome_tap(update: Update, context: Context) -> None:
    """The first screens: what this is, how it works, the consent."""
    verb = context.tapped.removeprefix("o:")
    if verb == "welcome":
        _person, _roles, project = await context.write(_arrive, context.visitor, "")
        screen = view.welcome(project)
    else:
        screen = {"how": view.how_it_works, "consent": view.ask_consent, "later": view.not_now}[verb]()
    await asyncio.gather(context.toast(), context.show(screen))


async def agree(update: Update, context: Context) -> None:
    """I agree: to the version that the button belongs to."""
    if context.tapped.removeprefix("o:agree:") != consent.VERSION:
        await asyncio.gather(
            context.toast(_("The text has changed; please read it again.")), context.show(view.ask_consent())
        )
        return
    await context.write(consents.give, context.visitor, spoken())
    await context.toast(_("Thank you"))
    step = await context.write(_resume, context.visitor)
    if step.step is None:
        await project_handlers.home(context, edit=True)
    else:
        await context.show(view.profile(step))


async def ask(update: Update, context: Context) -> None:
    """Go to a question of the profile."""
    step = await context.write(profiles.ask, context.visitor, context.tapped.removeprefix("o:ask:"))
    await asyncio.gather(context.toast(), context.show(view.profile(step)))


async def choose(update: Update, context: Context) -> None:
    """A button of the profile."""
    name, _colon, value = context.tapped.removeprefix("o:set:").partition(":")
    step = await context.write(profiles.choose, context.visitor, name, value)
    # Somebody at work has a language always, so theirs is the only one just when it was the last to be taken off.
    last_kept = name == "languages" and not step.first_time and step.profile.languages == (value,)
    await context.toast(_("One language is needed; add another first.") if last_kept else "")
    await _show_step(context, step)


async def languages_done(update: Update, context: Context) -> None:
    """Done with the languages."""
    step = await context.write(profiles.languages_done, context.visitor)
    await context.toast("" if step.profile.languages else _("Please tap at least one language."))
    await _show_step(context, step)


async def zones(update: Update, context: Context) -> None:
    """The guessed time is wrong: offer all of them."""
    step = await context.write(profiles.ask, context.visitor, "time_zone")
    await asyncio.gather(context.toast(), context.show(view.zones(step.now_ms)))


async def typed(update: Update, context: Context) -> None:
    """A text while the profile is open: the field of study, typed; the other questions have buttons only."""
    asked, step = await context.write(_take_text, context.visitor, context.said)
    if step is None:
        await context.say(view.field_not_understood())
    elif asked != "field" and step.step is not None:
        await context.say(view.profile(step, _("Please tap one of the buttons.")))
    else:
        await _show_step(context, step, new=True)


def _take_text(tx: Tx, visitor: Visitor, text: str) -> tuple[str, ProfileStep | None]:
    """Take a typed field. Give which question was open, and the next one; None when the text cannot be a field."""
    step = profiles.look(tx, visitor)
    person = people.require(tx, visitor)
    awaited = people.awaited(tx, person.id)
    asked = awaited.detail if awaited is not None else ""
    if asked == "field":
        return asked, profiles.type_field(tx, visitor, text)
    asked = asked or step.step or ""
    return asked, profiles.ask(tx, visitor, asked) if asked else step


async def _show_step(context: Context, step: ProfileStep, *, new: bool = False) -> None:
    show = context.say if new else context.show
    if step.step is not None:
        await show(view.profile(step))
    elif step.first_time:
        await project_handlers.home(context, edit=not new)
    else:
        await show(await settings.screen(context))


ROUTES: list[Route] = [
    Command("start", start, N_("Begin, or come back")),
    Tap("o:welcome", welcome_tap),
    Tap("o:how", welcome_tap),
    Tap("o:consent", welcome_tap),
    Tap("o:later", welcome_tap),
    Tap("o:agree:", agree),
    Tap("o:ask:", ask),
    Tap("o:set:", choose),
    Tap("o:languages", languages_done),
    Tap("o:zones", zones),
    Input("profile", typed),
]
