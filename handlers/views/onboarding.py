"""Welcome, consent and profile, as screens. Pure."""

from __future__ import annotations

from actions.profiles import ProfileStep
from actions.projects import Project
from handlers.language import N_, _, city, clock, money
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import pay as pay_view
from handlers.views.words import consent_text, with_style
from rules import consent
from rules.audience import DEGREES, FIELDS, LANGUAGES
from rules.profile import STEPS, ZONES
from rules.text import Text

HOW = (
    N_("You join a project. A short training and an exam show you what is asked. Both are paid."),
    N_("You get one item at a time: read it, tap your answer, the next one is there."),
    N_(
        "Time counts from the moment an item is shown until you answer, up to a cap that you are told before."
    ),
    N_("Some items have a known answer. They look and pay like any other; they tell us how labels hold up."),
    N_("Pay is pending until the item is settled, at most seven days, and then approved."),
    N_(
        "An item that you skip, flag or let lapse is not paid. No answer of yours goes unpaid without a person telling you why."
    ),
)


def welcome(project: Project | None) -> Screen:
    """Say what this is to somebody who came by a link."""
    text = Text().line(_("Veritap · paid checking of AI answers"), "bold").plain("\n")
    text.plain(_("You check what AI models write and are paid for your time."))
    if project is not None:
        text.plain(" ").extend(
            with_style(_("You were invited to: {project}."), "bold", project=project.title)
        )
    text.plain("\n\n")
    if project is not None:
        pay = project.rules.pay
        if pay.scheme == "hour":
            # Translators: {rate} is an amount of money. The bullet stays.
            line = _("• {rate} an hour of credited time", rate=money(pay.rate_micro, pay.currency))
        else:
            line = f"• {pay_view.rate(pay)}"
        text.plain("  ").line(line)
    text.plain("  ").line(_("• any time, from this chat"))
    text.plain("  ").plain(_("• you always see what counted, and why"))
    return Screen(text, [[Button(_("How it works"), "o:how"), Button(_("Let's start"), "o:consent")]])


def how_it_works() -> Screen:
    """Explain the work in six points."""
    text = Text().line(_("How it works"), "bold")
    for number, words in enumerate(HOW, start=1):
        text.plain("\n").bold(f"{number}  ").line(_(words))
    return Screen(text, [[Button(_("Back"), "o:welcome"), Button(_("Let's start"), "o:consent")]])


def ask_consent() -> Screen:
    """Ask for consent: what, what for, who, how long, and that it can be withdrawn."""
    text = Text().line(_("Before you start"), "bold").plain("\n").extend(consent_text())
    text.plain("\n").italic(_("Version {version}", version=consent.VERSION))
    agree = Button(_("I agree"), f"o:agree:{consent.VERSION}")
    return Screen(text, [[agree, Button(_("Not now"), "o:later")]])


def not_now() -> Screen:
    """Accept a no."""
    text = Text().plain(
        _(
            "That's fine; nothing was agreed. Come back with /start if you change your mind. /privacy shows and erases what is kept."
        )
    )
    return Screen(text, [[Button(_("Read it again"), "o:consent")]])


def profile(step: ProfileStep, note: str = "") -> Screen:
    """Ask the present question of the profile. `note`: a line above it."""
    views = {"degree": _degree, "field": _field, "languages": _languages, "time_zone": _time_zone}
    assert step.step is not None
    screen = views[step.step](step)
    return Screen(Text().line(note).plain("\n").extend(screen.text), screen.rows) if note else screen


def _head(step: ProfileStep, question: str) -> Text:
    place = STEPS.index(step.step or "degree") + 1
    text = Text()
    if step.first_time:
        # Translators: The place of a question among all of them, as in "2 of 4".
        text.line(_("{place} of {of}", place=place, of=len(STEPS)), "italic").plain("\n")
    return text.bold(question)


def _back(step: ProfileStep) -> list[Button]:
    if not step.first_time:
        return [Button(_("Back"), "s:show")]
    place = STEPS.index(step.step or "degree")
    return [Button(_("Back"), f"o:ask:{STEPS[place - 1]}")] if place else []


def _degree(step: ProfileStep) -> Screen:
    choices = [
        Button(_chosen(_(label), step.profile.degree == word), f"o:set:degree:{word}")
        for word, label in DEGREES.items()
    ]
    return Screen(_head(step, _("What are you studying for?")), [*grid(choices, 2), _back(step)])


def _field(step: ProfileStep) -> Screen:
    choices = [
        Button(_chosen(_(label), step.profile.field == word), f"o:set:field:{word}")
        for word, label in FIELDS.items()
    ]
    text = _head(step, _("Your field?")).plain("\n\n")
    if step.profile.field and step.profile.field not in FIELDS:
        text.line(_("Now: {field}", field=step.profile.field))
    text.plain(_("Pick one, or type your own."))
    return Screen(text, [*grid(choices, 2), _back(step)])


def _languages(step: ProfileStep) -> Screen:
    choices = [
        Button(_chosen(label, word in step.profile.languages), f"o:set:languages:{word}")
        for word, label in LANGUAGES.items()
    ]
    text = _head(step, _("Which languages do you read well?")).plain("\n\n")
    text.plain(_("Tap all that apply, then Done."))
    return Screen(text, [*grid(choices, 3), [*_back(step), Button(_("Done"), "o:languages")]])


def _time_zone(step: ProfileStep) -> Screen:
    zone = step.profile.time_zone or step.guessed_zone
    time = clock(step.now_ms, zone)
    text = _head(step, _("Is it {time} where you are?", time=time)).plain("\n\n")
    text.plain(_("Your days and weeks are counted by it."))
    yes = Button(_("Yes, {time}", time=time), f"o:set:time_zone:{zone}")
    return Screen(text, [[yes, Button(_("Change"), "o:zones")], _back(step)])


def zones(now_ms: int) -> Screen:
    """Ask what the clock says, and so find the time zone."""
    choices = [Button(f"{clock(now_ms, zone)} {city(zone)}", f"o:set:time_zone:{zone}") for zone in ZONES]
    text = Text().bold(_("What does your clock say?")).plain("\n\n")
    text.plain(_("Pick the line with your time; the city need not be yours."))
    return Screen(text, [*grid(choices, 2), [Button(_("Back"), "o:ask:time_zone")]])


def field_not_understood() -> Screen:
    """Ask again for a typed field of study."""
    return Screen(Text().plain(_("Please type your field in 2 to 40 letters, such as: Linguistics")))


def _chosen(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def greeting(roles: list[str]) -> Screen:
    """Greet a coordinator or an admin, who need no profile."""
    text = Text().line(_("Welcome to Veritap"), "bold").plain("\n")
    rows: Rows = []
    if "admin" in roles:
        text.line(_("You are an admin: /invite people, give /roles, watch /health."))
    if "coordinator" in roles or "admin" in roles:
        text.line(
            _("You are a coordinator: send me a project file (.toml) to make a project, or open /project.")
        )
    text.plain(_("/help lists everything."))
    return Screen(text, rows)
