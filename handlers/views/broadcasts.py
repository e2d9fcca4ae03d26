"""Broadcasts as screens: for the coordinator before, while and after they are sent, and for the student who is called. Pure."""

from __future__ import annotations

from actions.broadcasts import Desk, Progress
from actions.calls import Call, Survey
from actions.projects import Project
from handlers.language import N_, _, about, aligned, duration, listed, moment, money, n_, number
from handlers.screen import Button, Screen
from handlers.views import pay as pay_view
from handlers.views.card import bar
from handlers.views.words import audience
from rules.broadcasts import LEFT_OUT, SCHEDULES
from rules.text import Text

PREVIEW = "b:shown"
UNDER_WAY = {
    # Translators: {count} deliveries of a call; part of a row such as "168/240 · 4 unreachable · 1 uncertain".
    "unreachable": N_("{count} unreachable"),
    # Translators: {count} deliveries of which it is not known whether they arrived.
    "uncertain": N_("{count} uncertain"),
    # Translators: {count} deliveries that failed.
    "failed": N_("{count} failed"),
}
ENDS = {
    # Translators: A line of a report on a call: {count} students.
    "unreachable": N_("{count} unreachable: they blocked the bot"),
    "uncertain": N_("{count} uncertain: sent, but Telegram did not confirm it; not sent again"),
    "failed": N_("{count} failed"),
    "cancelled": N_("{count} not sent: stopped, muted or no place left by then"),
    "waiting": N_("{count} not sent"),
    "sending": N_("{count} under way"),
}


def which(found: list[Project]) -> Screen:
    """Ask which project to call for."""
    if not found:
        return Screen(
            Text().plain(_("None of your projects is open, so nobody could join. /project lists them."))
        )
    text = Text().plain(_("For which project do you want to call students?"))
    return Screen(text, [[Button(project.title[:40], f"b:new:{project.id}")] for project in found[:40]])


def setup(desk: Desk, call: Call, survey: Survey) -> Screen:
    """Show a draft: whom it reaches, what they will read, and what to do with it."""
    broadcast_id = desk.broadcast.id
    text = _head(desk, survey).plain("\n").line(_("They will read:")).add(str(_words(call)), "blockquote")
    send = [Button(_("Send"), f"b:ask:{broadcast_id}:now", style="success")] if survey.recipients else []
    later = [Button(_("Schedule"), f"b:when:{broadcast_id}")] if survey.recipients else []
    return Screen(
        text,
        [
            [Button(_("Test to me"), f"b:test:{broadcast_id}"), *send],
            [*later, Button(_("Edit text"), f"b:edit:{broadcast_id}")],
            [Button(_("Cancel"), f"b:cancel:{broadcast_id}")],
        ],
    )


def _head(desk: Desk, survey: Survey) -> Text:
    wanted = audience(desk.project.rules.audience.audience)
    text = Text().line(_("Call for {project}", project=desk.project.title), "bold").plain("\n")
    reached, students = len(survey.recipients), survey.students
    # Translators: To so many of all students: those whom the project is for.
    text.line(
        _("To {reached} of {students}: {audience}.", reached=reached, students=students, audience=wanted)
    )
    left_out = [
        # Translators: A number of students and why a call leaves them out, as in "31 muted".
        _("{count} {reason}", count=survey.left_out[key], reason=_(words))
        for key, words in LEFT_OUT.items()
        if survey.left_out[key]
    ]
    return text.line(_("Left out: {reasons}.", reasons=listed(left_out))) if left_out else text


def schedule(desk: Desk, survey: Survey) -> Screen:
    """Ask when to send."""
    broadcast_id = desk.broadcast.id
    text = _head(desk, survey).plain("\n").plain(_("When shall it go out?"))
    later = [
        [Button(_(label), f"b:ask:{broadcast_id}:{key}")] for key, label in SCHEDULES.items() if key != "now"
    ]
    return Screen(text, [*later, [Button(_("Back"), f"b:see:{broadcast_id}")]])


def confirm(desk: Desk, survey: Survey, when: str) -> Screen:
    """Ask once more before anything is sent."""
    broadcast_id, reached = desk.broadcast.id, len(survey.recipients)
    text = _head(desk, survey).plain("\n")
    # Translators: {when} is "Send now", "In 1 hour" or "Tomorrow 9:00, their time".
    text.bold(n_("{when} to {n} student?", "{when} to {n} students?", reached, when=_(SCHEDULES[when])))
    go = Button(n_("Send to {n}", "Send to {n}", reached), f"b:go:{broadcast_id}:{when}", style="success")
    return Screen(text, [[go, Button(_("Back"), f"b:see:{broadcast_id}")]])


def ask_text(desk: Desk) -> Screen:
    """Ask for the coordinator's own words."""
    text = Text().plain(
        _(
            "Send me a line or two of your own; they stand below the pay and the time. "
            "At most 300 characters. /cancel leaves the call as it is."
        )
    )
    plain = [Button(_("No words of my own"), f"b:plain:{desk.broadcast.id}")] if desk.broadcast.text else []
    return Screen(text, [[*plain, Button(_("Back"), f"b:see:{desk.broadcast.id}")]])


def received(call: Call) -> Screen:
    """Show a call to a student: pay and time first."""
    # Translators: {n} places are left on the project.
    label = n_("I'm in · {n} place", "I'm in · {n} places", call.seats_left)
    rows = [
        [Button(label, f"bc:in:{call.project.id}", style="success")],
        [Button(_("Not for me"), f"bc:no:{call.broadcast_id}"), Button(_("Mute calls 🔕"), "bc:mute")],
    ]
    return Screen(_words(call), rows)


def test(call: Call) -> Screen:
    """Show a call to its coordinator exactly as it is received; the buttons do nothing."""
    seen = received(call)
    return Screen(
        seen.text, [[Button(one.label, PREVIEW, style=one.style) for one in row] for row in seen.rows]
    )


def _words(call: Call) -> Text:
    rules = call.project.rules
    pay, plan = rules.pay, rules.qualification
    time = duration(pay.expected_ms)
    if pay.scheme == "hour":
        rate = money(pay.rate_micro, pay.currency)
        # Translators: {rate} is an amount of money, {time} a duration such as "1 min".
        heading = _("{rate} an hour · about {time} an item", rate=rate, time=time)
    else:
        heading = aligned(pay_view.rate(pay), _("about {time} each", time=time))
    text = Text().line(heading, "bold")
    text.line(_("{project}: any time you like, from this chat.", project=call.project.title))
    first = plan.training + plan.exam
    if first:
        text.line(
            n_(
                "It begins with {n} items to learn and to pass, about {time}, paid the same.",
                "It begins with {n} items to learn and to pass, about {time}, paid the same.",
                first,
                time=about(first * pay.expected_ms),
            )
        )
    if call.text:
        text.plain("\n").line(call.text)
    return text


def declined(project: Project) -> Screen:
    """Take a no."""
    text = Text().plain(
        _(
            "All right: no more calls for {project}. /projects shows it if you change your mind.",
            project=project.title,
        )
    )
    return Screen(text, [[Button(_("Mute all calls 🔕"), "bc:mute")]])


def muted() -> Screen:
    """Say that calls are off."""
    text = Text().plain(_("Calls are off. You still hear what concerns your own work."))
    return Screen(text, [[Button(_("Calls on again"), "bc:unmute")]])


def unmuted() -> Screen:
    """Say that calls are on."""
    return Screen(Text().plain(_("Calls are on again. /projects shows what is open to you now.")))


def cancelled(project: Project) -> Screen:
    """Say that a draft was dropped."""
    text = Text().plain(_("Cancelled. Nobody was called for {project}.", project=project.title))
    return Screen(text, [[Button(_("To the project"), f"c:see:{project.id}")]])


def progress(found: Progress) -> Screen:
    """Show how far a broadcast is: one line while it runs, the report once it has ended."""
    broadcast_id, state = found.broadcast.id, found.broadcast.state
    if state in ("done", "stopped"):
        return report(found)
    text = Text().line(_("Call for {project}", project=found.project.title), "bold")
    stop = Button(_("Stop"), f"b:stop:{broadcast_id}", style="danger")
    if state == "paused":
        text.line(_line(found)).plain(_("Paused."))
        return Screen(text, [[Button(_("Resume"), f"b:resume:{broadcast_id}", style="success"), stop]])
    if found.first_due_ms is not None:
        when = moment(found.first_due_ms, found.time_zone)
        # Translators: When the next delivery goes out.
        text.line(_line(found)).plain(_("Next: {when} your time.", when=when))
    else:
        text.plain(_line(found))
    return Screen(text, [[Button(_("Pause"), f"b:pause:{broadcast_id}"), stop]])


def _line(found: Progress) -> str:
    parts = [f"{bar(found.ended, found.of)} {number(found.ended)}/{number(found.of)}"]
    counts = found.counts
    parts += [_(words, count=counts[state]) for state, words in UNDER_WAY.items() if counts[state]]
    return " · ".join(parts)


def report(found: Progress) -> Screen:
    """Show how each delivery of a broadcast ended."""
    counts, title = found.counts, found.project.title
    done = _("Call for {project} · done", project=title)
    heading = done if found.broadcast.state == "done" else _("Call for {project} · stopped", project=title)
    text = Text().line(heading, "bold").plain("\n")
    text.line(_("{sent} of {of} sent", sent=counts["sent"], of=found.of))
    for state, words in ENDS.items():
        if counts[state]:
            text.line(_(words, count=counts[state]))
    return Screen(text, [[Button(_("To the project"), f"c:see:{found.project.id}")]])
