"""What stands between cards: explanations, the exam's end, the end of a set, and why there is nothing just now. Pure."""

from __future__ import annotations

import json

from actions.offers import SecondLook
from actions.outcomes import ExamEnded, Explained
from actions.projects import Project
from actions.standings_told import Paused, Removed
from actions.work import BreakDue, Card, ChooseProject, ExamToRetry, Next, NothingNow, SetEnded, StageBegins
from handlers.language import N_, _, about, aligned, duration, moment, money, n_, percent
from handlers.screen import Button, Screen
from handlers.views import card as card_view
from handlers.views import pay as pay_view
from handlers.views import questions, second_looks, standing
from rules import card as layout
from rules import credit, markdown, stint
from rules.kinds import Sheet, Steps
from rules.text import Text, clip

RIGHT_ANSWER_UNITS_MAX = 120
"""What a page of an item and its explanation leave of a message."""

WHY_NOTHING = {
    "none_left": N_(
        "You have seen everything there is on this project for now. When new items come they wait in /work."
    ),
    "paused": N_("This project is paused at the moment. What you did stays paid."),
    "closed": N_("This project has closed. What you did stays paid."),
    # Somebody whose answers tell little just now, while others are there who can tell more.
    "waiting": N_(
        "Items go to others first just now, as their answers settle them sooner. What is left comes to you; look again in an hour."
    ),
    "standing": N_("You have no work on this project at the moment. What you did stays paid."),
}


def next_screen(following: Next, note: str = "") -> Screen:
    """Show whatever comes next for a student."""
    match following:
        case Card():
            return card_view.screen(following, note)
        case SecondLook():
            return second_looks.screen(following, note=note)
        case SetEnded():
            return set_ended(following, note)
        case BreakDue():
            return break_due(following)
        case StageBegins():
            return stage_begins(following)
        case ExamToRetry():
            return exam_to_retry(following)
        case NothingNow():
            return nothing_now(following, note)
        case Paused():
            return standing.paused(following)
        case Removed():
            return standing.removed(following)
        case ChooseProject():
            text = Text().plain(_("Which project? Pick one and you are back at work."))
            return Screen(text, [[Button(_("Projects"), "p:list")]])


def go(project: Project, label: str, *, style: str = "") -> Button:
    """Give the button that leads on to a project's next card."""
    return Button(label, f"p:go:{project.id}", style=style)


def explained(outcome: Explained) -> Screen:
    """Say what was right on a training item, and why; the item stays in sight."""
    text = Text().line(_stage(outcome), "bold").plain("\n")
    pages = layout.laid_out(outcome.project.definition, outcome.fields, flipped=outcome.flipped).pages
    text.extend(layout.shown(pages[0], layout.Marks(_signs(outcome)))).plain("\n")
    if len(pages) > 1:
        text.line(_("(page 1 of {count})", count=len(pages)), "italic")
    text.plain("\n").bold(_verdict(outcome)).plain("\n")
    if outcome.exercise is not None and standing.figures(outcome.exercise):
        text.plain(standing.figures(outcome.exercise)).plain("\n\n")
    else:
        text.extend(markdown.pieces(outcome.explanation)).plain("\n\n")
    if outcome.project.rules.pay.training_paid:
        # Translators: {time} is a duration such as "41 s", {pay} an amount of money.
        paid = _("{time} · +{pay}. Training is paid, right or not.", **_earned(outcome))
    else:
        paid = _("{time} · training is not paid on this project.", time=duration(outcome.credited_ms))
    text.plain(paid)
    if outcome.ended is not None:
        text.plain("\n\n").extend(standing.practice_ended(outcome.ended))
    # After the last one, what comes next introduces itself.
    verb = "go" if outcome.place == outcome.of else "on"
    return Screen(text, [[Button(_("Next"), f"p:{verb}:{outcome.project.id}")]])


def _stage(outcome: Explained) -> str:
    told = {"place": outcome.place, "of": outcome.of}
    # Translators: Explained items that bring a paused student back; two numbers, such as "Practice · 2/6".
    return _("Practice · {place}/{of}", **told) if outcome.exercise else _("Training · {place}/{of}", **told)


def _verdict(outcome: Explained) -> str:
    sheet = Sheet(json.loads(outcome.fields), outcome.flipped)
    answer = clip(_gold_said(outcome, sheet), RIGHT_ANSWER_UNITS_MAX)
    if any(isinstance(outcome.project.rules.asked(question), Steps) for question in outcome.gold):
        # Translators: {answer} is a short clause such as "step 2 is wrong".
        right, wrong = _("That's right: {answer}.", answer=answer), _("Not quite: {answer}.", answer=answer)
    else:
        right = _("That's right: the answer is {answer}.", answer=answer)
        wrong = _("Not quite: the answer is {answer}.", answer=answer)
    return right if outcome.correct else wrong


def _gold_said(outcome: Explained, sheet: Sheet) -> str:
    """Say the right answer; a gold chain of steps is stored as its first wrong one."""
    return questions.said(outcome.project.rules, outcome.gold, sheet)


def _signs(outcome: Explained) -> dict[int, str]:
    """Mark the first wrong step of a chain, where its gold answer names one."""
    rated = next((ask for ask in outcome.project.rules.ask if isinstance(ask, Steps)), None)
    wrong = outcome.gold.get(rated.id) if rated is not None else None
    return {wrong: layout.MARGINS["-"]} if isinstance(wrong, int) and wrong >= 0 else {}


def _earned(outcome: Explained | ExamEnded) -> dict[str, str]:
    pay = money(outcome.amount_micro, outcome.currency)
    return {"time": duration(outcome.credited_ms), "pay": pay}


def stage_begins(outcome: StageBegins) -> Screen:
    """Say how long training and exam take and what they pay, before they begin."""
    plan = outcome.project.rules.qualification
    text = Text().line(aligned(outcome.project.title), "bold").plain("\n")
    if outcome.passed_training:
        text.line(_("Training is done.")).plain("\n")
    text.line(_extent(outcome)).line(pay_view.of_time(outcome.project.rules.pay))
    if plan.exam:
        mark = percent(plan.pass_score)
        text.line(_("Pass mark {percent}. No answers are shown in the exam.", percent=mark))
    training = plan.training if outcome.stage == "training" else 0
    text.plain("\n").plain(pay_view.of_stages(outcome.project.rules.pay, training, plan.exam))
    return Screen(text, [[Button(_("Begin"), f"p:on:{outcome.project.id}"), Button(_("Later"), "p:list")]])


def _extent(outcome: StageBegins) -> str:
    """Say how many items a stage has, how long they take and what they pay."""
    rules = outcome.project.rules
    training = rules.qualification.training if outcome.stage == "training" else 0
    exam = rules.qualification.exam
    each_ms = rules.pay.expected_ms
    pay_micro = sum(
        pay_view.expected_micro(rules.pay.terms(outcome.degree, use), items, each_ms)
        for use, items in (("training", training), ("exam", exam))
    )
    told = {"time": about((training + exam) * each_ms), "pay": money(pay_micro, rules.pay.currency)}
    if training and exam:
        # Translators: Two numbers of items, then a duration such as "14 minutes" and an amount of money.
        return _(
            "{training} training + {exam} exam items, about {time}, about {pay}.",
            training=training,
            exam=exam,
            **told,
        )
    if training:
        return n_(
            "{n} training item, about {time}, about {pay}.",
            "{n} training items, about {time}, about {pay}.",
            training,
            **told,
        )
    return n_(
        "{n} exam item, about {time}, about {pay}.",
        "{n} exam items, about {time}, about {pay}.",
        exam,
        **told,
    )


def project_ended(project: Project) -> Screen:
    """Say that an answer came too late, since its project has closed."""
    text = Text().line(project.title, "bold").plain("\n")
    text.plain(
        _("This project has closed, so this last answer was not taken. What you did before stays paid.")
    )
    return Screen(text, [[Button(_("Earnings"), "e:now"), Button(_("Projects"), "p:list")]])


def exam_ended(outcome: ExamEnded) -> Screen:
    """Say how the exam went, what it paid, and what comes now."""
    pay = _("Last item: {time} · +{pay}", **_earned(outcome))
    text = Text()
    if outcome.passed:
        text.line(_("You passed"), "bold").plain("\n")
        text.line(_score(outcome)).line(pay).plain("\n").plain(_("You can start working now."))
        return Screen(text, [[go(outcome.project, _("Start working"))], [Button(_("Later"), "p:list")]])
    text.line(_("Not passed this time"), "bold").plain("\n")
    text.line(_score(outcome)).line(pay)
    if _is_all_paid(outcome.project):
        text.line(_("Everything you did is paid."))
    text.plain("\n")
    if outcome.retry_ms is not None:
        when = moment(outcome.retry_ms, outcome.time_zone)
        text.plain(_("You can take it again from {when}.", when=when))
    return Screen(text, [_projects_and_earnings()])


def _is_all_paid(project: Project) -> bool:
    return project.rules.pay.training_paid and project.rules.pay.exam_paid


def _projects_and_earnings() -> list[Button]:
    return [Button(_("Projects"), "p:list"), Button(_("Earnings"), "e:now")]


def _score(outcome: ExamEnded) -> str:
    return n_(
        # Translators: The plural follows {n}, the right answers that were needed.
        "{right} of {of} right; {n} was needed.",
        "{right} of {of} right; {n} were needed.",
        outcome.needed,
        right=outcome.right,
        of=outcome.of,
    )


def exam_to_retry(outcome: ExamToRetry) -> Screen:
    """Say when the exam can be taken again."""
    when = moment(outcome.retry_ms, outcome.time_zone)
    text = Text().line(aligned(outcome.project.title), "bold").plain("\n")
    if _is_all_paid(outcome.project):
        text.plain(_("You can take the exam again from {when}. What you did so far is paid.", when=when))
    else:
        text.plain(_("You can take it again from {when}.", when=when))
    return Screen(text, [_projects_and_earnings()])


def set_ended(outcome: SetEnded, note: str = "", *, paused: bool = False) -> Screen:
    """Sum up a set: time credited, money, the rate it comes to, and the week so far."""
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    # Translators: A set is a row of items (20 or so) that a student works through in one go.
    heading = _("Paused. Your item waits for two hours.") if paused else _("Set done")
    text.line(heading, "bold").plain("\n")
    if outcome.done:
        pay = money(outcome.amount_micro, outcome.currency)
        text.line(n_("{n} item · {pay}", "{n} items · {pay}", outcome.done, pay=pay))
        text.line(_credited(outcome)).plain("\n")
    week = money(outcome.week_amount_micro, outcome.currency)
    text.plain(_("This week {pay} · {time}", pay=week, time=duration(outcome.week_credited_ms)))
    if paused:
        return Screen(text, [[go(outcome.project, _("Go on"))], [Button(_("Earnings"), "e:now")]])
    rows = [
        [Button(_("Next set"), f"p:set:{outcome.project.id}"), Button(_("That's it for now"), "p:rest")],
        [Button(_("Earnings"), "e:now")],
    ]
    return Screen(text, rows)


def _credited(outcome: SetEnded) -> str:
    """Say what time was credited, and the rate that the set came to."""
    time = duration(outcome.credited_ms)
    if not outcome.credited_ms:
        return _("{time} credited", time=time)
    hourly = outcome.amount_micro * credit.HOUR_MS // outcome.credited_ms
    # Translators: {time} is the time that is paid, {rate} what an hour of it came to.
    return _("{time} credited · {rate}/h", time=time, rate=money(hourly, outcome.currency))


def nothing_now(outcome: NothingNow, note: str = "") -> Screen:
    """Say why there is no item and what one can do."""
    text = Text()
    if note:
        text.line(note, "italic").plain("\n")
    text.line(aligned(outcome.project.title), "bold").plain("\n").plain(_(WHY_NOTHING[outcome.why]))
    return Screen(text, [[Button(_("Other projects"), "p:list"), Button(_("Earnings"), "e:now")]])


def break_due(outcome: BreakDue) -> Screen:
    """Offer a break after 25 active minutes. Nothing lies open meanwhile, so nobody is hurried."""
    today = money(outcome.today_micro, outcome.currency)
    text = Text().line(_("Time for a short break"), "bold").plain("\n")
    minutes = stint.WORK_MS // credit.MINUTE_MS
    text.line(
        _("You have worked for {minutes} minutes. Five minutes away keep your eye sharp.", minutes=minutes)
    )
    text.line(_("No item is open, so no time runs and nothing is lost.")).plain("\n")
    # Translators: where a student is in a set, and what they earned today: "12/20 · today $3.12".
    text.plain(_("{done}/{of} · today {money}", done=outcome.done, of=outcome.of, money=today))
    return Screen(text, [[go(outcome.project, _("Go on")), Button(_("Take a break"), "p:rest")]])


def rest() -> Screen:
    """Say goodbye until the student comes back."""
    text = Text().line(_("See you soon"), "bold").plain("\n")
    text.plain(_("Come back any time with /work. /earnings shows what counted, and why."))
    return Screen(text, [[Button(_("Earnings"), "e:now"), Button(_("Projects"), "p:list")]])
