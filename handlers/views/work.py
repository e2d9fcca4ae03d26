"""What stands between cards: explanations, the exam's end, the end of a set, and why there is nothing just now. Pure."""

from __future__ import annotations

from actions.outcomes import ExamEnded, Explained
from actions.projects import Project
from actions.work import Card, ChooseProject, ExamToRetry, Next, NothingNow, SetEnded, StageBegins
from handlers.screen import Button, Screen
from handlers.views import card as card_view
from handlers.views.words import count
from rules import calendar, credit, money
from rules import card as layout
from rules.text import Text, clip

RIGHT_ANSWER_UNITS_MAX = 120
"""What a page of an item and its explanation leave of a message."""


def next_screen(following: Next, note: str = "") -> Screen:
    """Show whatever comes next for a student."""
    match following:
        case Card():
            return card_view.screen(following, note)
        case SetEnded():
            return set_ended(following, note)
        case StageBegins():
            return stage_begins(following)
        case ExamToRetry():
            return exam_to_retry(following)
        case NothingNow():
            return nothing_now(following, note)
        case ChooseProject():
            text = Text().plain("Which project? Pick one and you are back at work.")
            return Screen(text, [[Button("Projects", "p:list")]])


def go(project: Project, label: str, *, style: str = "") -> Button:
    """Give the button that leads on to a project's next card."""
    return Button(label, f"p:go:{project.id}", style=style)


def explained(outcome: Explained) -> Screen:
    """Say what was right on a training item, and why; the item stays in sight."""
    verdict = "That's right" if outcome.correct else "Not quite"
    right_answer = clip(outcome.right_answer, RIGHT_ANSWER_UNITS_MAX)
    text = Text().line(f"Training · {outcome.place}/{outcome.of}", "bold").plain("\n")
    pages = layout.paged(outcome.project.definition, outcome.fields)
    text.extend(pages[0]).plain("\n")
    if len(pages) > 1:
        text.line(f"(page 1 of {len(pages)})", "italic")
    text.plain("\n").bold(f"{verdict}: the answer is {right_answer}.").plain("\n")
    text.line(outcome.explanation).plain("\n")
    pay = money.show(outcome.amount_micro, outcome.currency)
    text.plain(f"{credit.show(outcome.credited_ms)} · +{pay}. Training is paid, right or not.")
    # After the last one, what comes next introduces itself.
    verb = "go" if outcome.place == outcome.of else "on"
    return Screen(text, [[Button("Next", f"p:{verb}:{outcome.project.id}")]])


def stage_begins(outcome: StageBegins) -> Screen:
    """Say how long training and exam take and what they pay, before they begin."""
    rules = outcome.project.rules
    plan = rules.qualification
    parts = []
    if outcome.stage == "training" and plan.training:
        parts.append(f"{plan.training} training")
    if plan.exam:
        parts.append(f"{plan.exam} exam")
    number = plan.exam + (plan.training if outcome.stage == "training" else 0)
    expected_ms = number * rules.pay.expected_ms
    about = money.show(money.earned_micro(expected_ms, rules.pay.rate_micro), rules.pay.currency)
    text = Text().line(outcome.project.title, "bold").plain("\n")
    if outcome.passed_training:
        text.line("Training is done.").plain("\n")
    text.line(f"{' + '.join(parts)} items, about {credit.show_about(expected_ms)}, about {about}.")
    if plan.exam:
        text.line(f"Pass mark {round(plan.pass_score * 100)} %. No answers are shown in the exam.")
    text.plain("\n").plain("All of it is paid, passed or not.")
    return Screen(text, [[Button("Begin", f"p:on:{outcome.project.id}"), Button("Later", "p:list")]])


def exam_ended(outcome: ExamEnded) -> Screen:
    """Say how the exam went, what it paid, and what comes now."""
    pay = f"Last item: {credit.show(outcome.credited_ms)} · +{money.show(outcome.amount_micro, outcome.currency)}"
    text = Text()
    if outcome.passed:
        text.line("You passed", "bold").plain("\n")
        text.line(_score(outcome)).line(pay).plain("\n").plain("You can start working now.")
        return Screen(text, [[go(outcome.project, "Start working")], [Button("Later", "p:list")]])
    text.line("Not passed this time", "bold").plain("\n")
    text.line(_score(outcome)).line(pay).line("Everything you did is paid.").plain("\n")
    if outcome.retry_ms is not None:
        text.plain(f"You can take it again from {calendar.moment(outcome.retry_ms, outcome.time_zone)}.")
    return Screen(text, [[Button("Projects", "p:list"), Button("Earnings", "e:now")]])


def _score(outcome: ExamEnded) -> str:
    verb = "was" if outcome.needed == 1 else "were"
    return f"{outcome.right} of {outcome.of} right; {outcome.needed} {verb} needed."


def exam_to_retry(outcome: ExamToRetry) -> Screen:
    """Say when the exam can be taken again."""
    when = calendar.moment(outcome.retry_ms, outcome.time_zone)
    text = Text().line(outcome.project.title, "bold").plain("\n")
    text.plain(f"You can take the exam again from {when}. What you did so far is paid.")
    return Screen(text, [[Button("Projects", "p:list"), Button("Earnings", "e:now")]])


def set_ended(outcome: SetEnded, note: str = "", *, paused: bool = False) -> Screen:
    """Sum up a set: time credited, money, the rate it comes to, and the week so far."""
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    text.line("Paused. Your item waits for two hours." if paused else "Set done", "bold").plain("\n")
    if outcome.done:
        text.line(f"{count(outcome.done, 'item')} · {money.show(outcome.amount_micro, outcome.currency)}")
        text.line(f"{credit.show(outcome.credited_ms)} credited{_rate(outcome)}").plain("\n")
    week = money.show(outcome.week_amount_micro, outcome.currency)
    text.plain(f"This week {week} · {credit.show(outcome.week_credited_ms)}")
    if paused:
        return Screen(text, [[go(outcome.project, "Go on")], [Button("Earnings", "e:now")]])
    rows = [
        [Button("Next set", f"p:set:{outcome.project.id}"), Button("That's it for now", "p:rest")],
        [Button("Earnings", "e:now")],
    ]
    return Screen(text, rows)


def _rate(outcome: SetEnded) -> str:
    if not outcome.credited_ms:
        return ""
    hourly = outcome.amount_micro * credit.HOUR_MS // outcome.credited_ms
    return f" · {money.show(hourly, outcome.currency)}/h"


def nothing_now(outcome: NothingNow, note: str = "") -> Screen:
    """Say why there is no item and what one can do."""
    sentences = {
        "none_left": "You have seen everything there is on this project for now. When new items come they wait in /work.",
        "paused": "This project is paused by its coordinator. What you did stays paid.",
        "closed": "This project has closed. What you did stays paid.",
        "standing": "You have no work on this project at the moment. What you did stays paid.",
    }
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    text.line(outcome.project.title, "bold").plain("\n").plain(sentences[outcome.why])
    return Screen(text, [[Button("Other projects", "p:list"), Button("Earnings", "e:now")]])


def rest() -> Screen:
    """Say goodbye until the student comes back."""
    text = Text().line("See you soon", "bold").plain("\n")
    text.plain("Come back any time with /work. /earnings shows what counted, and why.")
    return Screen(text, [[Button("Earnings", "e:now"), Button("Projects", "p:list")]])
