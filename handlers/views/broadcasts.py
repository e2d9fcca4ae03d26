"""Broadcasts as screens: for the coordinator before, while and after they are sent, and for the student who is called. Pure."""

from __future__ import annotations

from actions.broadcasts import Desk, Progress
from actions.calls import Call, Survey
from actions.projects import Project
from handlers.screen import Button, Screen
from handlers.views.card import bar
from handlers.views.words import count
from rules import audience, calendar, credit, money
from rules.broadcasts import LEFT_OUT, SCHEDULES
from rules.text import Text

PREVIEW = "b:shown"


def which(found: list[Project]) -> Screen:
    """Ask which project to call for."""
    if not found:
        return Screen(
            Text().plain("None of your projects is open, so nobody could join. /project lists them.")
        )
    text = Text().plain("For which project do you want to call students?")
    return Screen(text, [[Button(project.title[:40], f"b:new:{project.id}")] for project in found[:40]])


def setup(desk: Desk, call: Call, survey: Survey) -> Screen:
    """Show a draft: whom it reaches, what they will read, and what to do with it."""
    number = desk.broadcast.id
    text = _head(desk, survey).plain("\n").line("They will read:").add(str(_words(call)), "blockquote")
    send = [Button("Send", f"b:ask:{number}:now", style="success")] if survey.recipients else []
    later = [Button("Schedule", f"b:when:{number}")] if survey.recipients else []
    return Screen(
        text,
        [
            [Button("Test to me", f"b:test:{number}"), *send],
            [*later, Button("Edit text", f"b:edit:{number}")],
            [Button("Cancel", f"b:cancel:{number}")],
        ],
    )


def _head(desk: Desk, survey: Survey) -> Text:
    wanted = audience.describe(desk.project.rules.audience.audience)
    text = Text().line(f"Call for {desk.project.title}", "bold").plain("\n")
    text.line(f"To {len(survey.recipients):,} of {survey.students:,}: {wanted}.")
    left_out = [
        f"{survey.left_out[key]:,} {words}" for key, words in LEFT_OUT.items() if survey.left_out[key]
    ]
    return text.line(f"Left out: {', '.join(left_out)}.") if left_out else text


def schedule(desk: Desk, survey: Survey) -> Screen:
    """Ask when to send."""
    number = desk.broadcast.id
    text = _head(desk, survey).plain("\nWhen shall it go out?")
    later = [[Button(label, f"b:ask:{number}:{key}")] for key, label in SCHEDULES.items() if key != "now"]
    return Screen(text, [*later, [Button("◀ Back", f"b:see:{number}")]])


def confirm(desk: Desk, survey: Survey, when: str) -> Screen:
    """Ask once more before anything is sent."""
    number, reached = desk.broadcast.id, len(survey.recipients)
    text = _head(desk, survey).plain("\n")
    text.bold(f"{SCHEDULES[when]} to {count(reached, 'student')}?")
    go = Button(f"Send to {reached:,}", f"b:go:{number}:{when}", style="success")
    return Screen(text, [[go, Button("◀ Back", f"b:see:{number}")]])


def ask_text(desk: Desk) -> Screen:
    """Ask for the coordinator's own words."""
    text = Text().plain("Send me a line or two of your own; they stand below the pay and the time. ")
    text.plain("At most 300 characters. /cancel leaves the call as it is.")
    plain = [Button("No words of my own", f"b:plain:{desk.broadcast.id}")] if desk.broadcast.text else []
    return Screen(text, [[*plain, Button("◀ Back", f"b:see:{desk.broadcast.id}")]])


def received(call: Call) -> Screen:
    """Show a call to a student: pay and time first."""
    return Screen(
        _words(call),
        [
            [
                Button(
                    f"I'm in · {count(call.seats_left, 'place')}", f"bc:in:{call.project.id}", style="success"
                )
            ],
            [Button("Not for me", f"bc:no:{call.broadcast_id}"), Button("🔕 Mute calls", "bc:mute")],
        ],
    )


def test(call: Call) -> Screen:
    """Show a call to its coordinator exactly as it is received; the buttons do nothing."""
    seen = received(call)
    return Screen(
        seen.text, [[Button(one.label, PREVIEW, style=one.style) for one in row] for row in seen.rows]
    )


def _words(call: Call) -> Text:
    rules = call.project.rules
    pay, plan = rules.pay, rules.qualification
    text = Text().line(
        f"{money.show(pay.rate_micro, pay.currency)} an hour · about {credit.show(pay.expected_ms)} an item",
        "bold",
    )
    text.line(f"{call.project.title}: any time you like, from this chat.")
    first = plan.training + plan.exam
    if first:
        time = credit.show_about(first * pay.expected_ms)
        text.line(f"It begins with {first} items to learn and to pass, about {time}, paid the same.")
    if call.text:
        text.plain("\n").line(call.text)
    return text


def declined(project: Project) -> Screen:
    """Take a no."""
    text = Text().plain(
        f"All right: no more calls for {project.title}. /projects shows it if you change your mind."
    )
    return Screen(text, [[Button("🔕 Mute all calls", "bc:mute")]])


def muted() -> Screen:
    """Say that calls are off."""
    text = Text().plain("Calls are off. You still hear what concerns your own work.")
    return Screen(text, [[Button("Calls on again", "bc:unmute")]])


def unmuted() -> Screen:
    """Say that calls are on."""
    return Screen(Text().plain("Calls are on again. /projects shows what is open to you now."))


def cancelled(project: Project) -> Screen:
    """Say that a draft was dropped."""
    text = Text().plain(f"Cancelled. Nobody was called for {project.title}.")
    return Screen(text, [[Button("To the project", f"c:see:{project.id}")]])


def progress(found: Progress) -> Screen:
    """Show how far a broadcast is: one line while it runs, the report once it has ended."""
    number, state = found.broadcast.id, found.broadcast.state
    if state in ("done", "stopped"):
        return report(found)
    text = Text().line(f"Call for {found.project.title}", "bold")
    stop = Button("Stop", f"b:stop:{number}", style="danger")
    if state == "paused":
        text.line(_line(found)).plain("Paused.")
        return Screen(text, [[Button("Resume", f"b:resume:{number}", style="success"), stop]])
    if found.first_due_ms is not None:
        moment = calendar.moment(found.first_due_ms, found.time_zone)
        text.line(_line(found)).plain(f"Next: {moment} your time.")
    else:
        text.plain(_line(found))
    return Screen(text, [[Button("Pause", f"b:pause:{number}"), stop]])


def _line(found: Progress) -> str:
    parts = [f"{bar(found.ended, found.of)} {found.ended:,}/{found.of:,}"]
    parts += [
        f"{found.counts[state]:,} {state}"
        for state in ("unreachable", "uncertain", "failed")
        if found.counts[state]
    ]
    return " · ".join(parts)


def report(found: Progress) -> Screen:
    """Show how each delivery of a broadcast ended."""
    counts, ended = found.counts, "done" if found.broadcast.state == "done" else "stopped"
    text = Text().line(f"Call for {found.project.title} · {ended}", "bold").plain("\n")
    text.line(f"{counts['sent']:,} of {found.of:,} sent")
    for state, words in (
        ("unreachable", "unreachable: they blocked the bot"),
        ("uncertain", "uncertain: sent, but Telegram did not confirm it; not sent again"),
        ("failed", "failed"),
        ("cancelled", "not sent: stopped, muted or no place left by then"),
        ("waiting", "not sent"),
        ("sending", "under way"),
    ):
        if counts[state]:
            text.line(f"{counts[state]:,} {words}")
    return Screen(text, [[Button("To the project", f"c:see:{found.project.id}")]])
