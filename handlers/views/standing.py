"""A student's standing as they read it: why a project is paused for them and what ends it, why they are off it, that they are back, and
how their answers are checked. Plain and kind; nothing here tells which item was compared with what. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from actions.practice import Exercise
from actions.projects import Project
from actions.standings import PracticeEnded
from actions.standings_told import Asked, Back, Checked, Paused, Removed, Told
from handlers.language import N_, _, about, aligned, day, listed, moment, n_, percent
from handlers.screen import Button, Rows, Screen
from rules.quality import evidence, questions
from rules.text import Text

STRICTNESS = {
    # Translators: How strictly a project checks its answers; after "Checks:".
    "gentle": N_("gentle"),
    "normal": N_("normal"),
    "strict": N_("strict"),
}


def told(found: Told) -> Screen:
    """Tell a student of a change of their standing."""
    match found:
        case Paused():
            return paused(found)
        case Removed():
            return removed(found)
        case Back():
            return back(found)


def paused(found: Paused) -> Screen:
    """Say why a project is paused for a student: the figures, the rule, and all that ends it."""
    until = moment(found.ends_ms, found.time_zone)
    text = Text().line(_("{project} is paused for you", project=found.project.title), "bold")
    text.line(_("Until {when}, or sooner.", when=until)).plain("\n")
    since = day(found.since_ms, found.time_zone)
    text.line(
        n_(
            # Translators: The plural follows {n}, the answers compared; {agreed} of them agree.
            "{n} answer of yours since {day} could be compared; {agreed} agree with what is known or with others' answers.",
            "{n} answers of yours since {day} could be compared; {agreed} agree with what is known or with others' answers.",
            found.compared,
            agreed=found.agreed,
            day=since,
        )
    )
    text.line(_("Honest mistakes alone seldom explain that.")).plain("\n")
    text.line(_("Rule: a running check of all answers together.")).line(careful(found.alpha_micro))
    text.line(_("That may be you, so there are ways back.")).plain("\n")
    text.line(_("All you did stays paid."), "bold")
    _on_hold(text, found)
    text.plain("\n").line(_("What ends the pause"), "bold")
    for line in _ways(found, until):
        text.line(f"• {line}")
    return Screen(text, _paused_rows(found))


def _on_hold(text: Text, found: Paused) -> None:
    if not found.held:
        return
    if found.answers == "excluded":
        left_out = n_(
            "{n} answer is left out of the data: a person decided so.",
            "{n} answers are left out of the data: a person decided so.",
            found.held,
        )
        text.line(left_out)
    else:
        text.line(
            n_(
                "{n} answer is on hold and does not count for now.",
                "{n} answers are on hold and do not count for now.",
                found.held,
            )
        )


def _ways(found: Paused, until: str) -> list[str]:
    ways = [_practice(found)] if found.practice else []
    if found.asked.answer_by_ms is not None:
        when = moment(found.asked.answer_by_ms, found.time_zone)
        ways.append(_("A person: you asked, and the answer comes by {when}.", when=when))
    elif found.asked.can_ask:
        ways.append(_("A person: ask, and somebody answers within three days."))
    else:
        ways.append(_("A person has answered you; the pause stays until its end."))
    if not found.held or found.answers == "excluded":
        return [*ways, _("Time: {when} it ends by itself.", when=until)]
    return [
        *ways,
        _("Time: {when} it ends by itself. What is on hold is then left out.", when=until),
    ]


def _practice(found: Paused) -> str:
    told = {"right": found.right, "of": found.practice, "needed": found.needed}
    if not found.practice_left:
        return _("Practice is done: {right} of {of} right, {needed} were needed.", **told)
    time = about(found.practice_left * found.project.rules.pay.expected_ms)
    if found.must_pass:
        return n_(
            # Translators: {time} is a duration such as "6 minutes", {needed} how many must be right.
            "Practice: {n} explained item, about {time}. With {needed} right you are back at once, and your answers count.",
            "Practice: {n} explained items, about {time}. With {needed} right you are back at once, and your answers count.",
            found.practice,
            time=time,
            needed=found.needed,
        )
    return n_(
        "Practice: {n} explained item, about {time}. Then you are back at once. With {needed} right, your answers count again.",
        "Practice: {n} explained items, about {time}. Then you are back at once. With {needed} right, your answers count again.",
        found.practice,
        time=time,
        needed=found.needed,
    )


def _paused_rows(found: Paused) -> Rows:
    rows: Rows = []
    if found.practice_left:
        if found.project.rules.pay.training_paid:
            # Translators: A button: explained items that bring a paused student back.
            label = n_("Practise: {n} item, paid", "Practise: {n} items, paid", found.practice_left)
        else:
            label = n_("Practise: {n} item", "Practise: {n} items", found.practice_left)
        rows.append([Button(label, f"p:on:{found.project.id}", style="primary")])
    # Translators: A button: how answers on a project are checked.
    details = Button(_("How answers are checked"), f"n:mine:{found.project.id}")
    return [*rows, _ask(found.asked, found.change_id), [details], [Button(_("Earnings"), "e:now")]]


def _ask(asked: Asked, change_id: int) -> list[Button]:
    return [Button(_("Ask a person"), f"q:standing:{change_id}")] if asked.can_ask else []


def removed(found: Removed) -> Screen:
    """Say that a person took a student off a project, why, and whom to ask."""
    text = Text().line(_("You are no longer on {project}", project=found.project.title), "bold")
    when = moment(found.at_ms, found.time_zone)
    text.line(_("A person decided this, {when}.", when=when)).plain("\n")
    text.line(_("Reason: {reason}", reason=found.reason)).plain("\n")
    text.line(_("All you did stays paid."), "bold")
    if found.asked.answer_by_ms is not None:
        by = moment(found.asked.answer_by_ms, found.time_zone)
        text.line(_("You asked a person; the answer comes by {when}.", when=by))
    elif found.asked.can_ask:
        text.line(_("You can ask for a second look, once. It stays so only if somebody else agrees."))
    ways = [Button(_("Projects"), "p:list"), Button(_("Earnings"), "e:now")]
    return Screen(text, [_ask(found.asked, found.change_id), ways])


def back(found: Back) -> Screen:
    """Say that a student is back, and what became of the answers on hold."""
    text = Text().line(_("You are back on {project}", project=found.project.title), "bold").plain("\n")
    if found.rule == "time":
        text.line(_("The pause is over."))
    else:
        text.line(_("A person looked at it and decided so."))
    if found.held:
        text.line(_of_answers(found.held, counts=found.answers == "counted"))
    rows = [[Button(_("Go on"), f"p:go:{found.project.id}", style="primary")]]
    return Screen(text, [*rows, _ask(found.asked, found.change_id)])


def _of_answers(held: int, *, counts: bool) -> str:
    if counts:
        return n_("Your {n} answer on hold counts again.", "Your {n} answers on hold count again.", held)
    return n_(
        "Your {n} answer on hold is left out of the data. It stays paid.",
        "Your {n} answers on hold are left out of the data. They stay paid.",
        held,
    )


def practice_ended(ended: PracticeEnded) -> Text:
    """Say what a finished practice brought."""
    told = {"right": ended.right, "of": ended.of}
    text = Text().line(_("Practice done: {right} of {of} right", **told), "bold")
    if not ended.is_back:
        text.line(_("{needed} right were needed, so the pause goes on for now.", needed=ended.needed))
        return text.line(_("You can still ask a person, and all of it stays paid."))
    text.line(_("You are back at work."))
    if ended.held and not ended.counts and ended.right < ended.needed:
        needed = _("{needed} right were needed for the answers on hold to count again.", needed=ended.needed)
        text.line(needed)
    return text.line(_of_answers(ended.held, counts=ended.counts)) if ended.held else text


def figures(exercise: Exercise) -> str:
    """Explain an item that students settled, by its figures; empty for one that explains itself."""
    if exercise.given is None or exercise.confidence is None:
        return ""
    sure = percent(exercise.confidence / 1_000_000)
    return n_(
        # Translators: {percent} is how sure the answers of {n} students together make the right answer.
        "{n} student answered this. Together that makes it {percent} sure.",
        "{n} students answered this. Together that makes it {percent} sure.",
        exercise.given,
        percent=sure,
    )


def checked(found: Checked, extra: Sequence[str] = ()) -> Screen:
    """Say how a student's answers on a project are checked, and how they do, in words. `extra`: more sentences about them."""
    text = Text().line(aligned(found.project.title, _("how answers are checked")), "bold").plain("\n")
    if not is_compared(found.project):
        text.line(
            _("Answers here are words or quotes. People read them; no rule compares them or pauses anybody.")
        )
        return Screen(text, [[Button(_("Back"), f"p:see:{found.project.id}")]])
    text.line(_("Some answers are compared with what is known, others with what other students say."))
    text.line(_("Which ones is never shown. Never one answer, and never speed alone, counts against you."))
    text.plain("\n").line(
        _("If many together differ more than honest mistakes explain, the project pauses for you.")
    )
    text.line(_("You are told at once: the figures, what ends it, and whom to ask."))
    text.line(strictness(found.strictness)).plain("\n")
    text.line(_("You"), "bold")
    if found.in_ten is None:
        text.line(_("Too few of your answers were compared yet to say anything."))
    else:
        text.line(_("About {n} in 10 of your compared answers agree.", n=found.in_ten))
    text.line(_counts(found))
    for line in extra:
        text.line(line)
    if found.waits:
        text.line(
            _("Items go to others first just now, as their answers settle them sooner. You get the rest.")
        )
    return Screen(text, [[Button(_("Back"), f"p:see:{found.project.id}")]])


def is_compared(project: Project) -> bool:
    """Tell whether a project asks anything whose answers can be compared."""
    return bool(questions.deciding(questions.of_definition(project.definition)))


def _counts(found: Checked) -> str:
    parts = [n_("{n} answer counts", "{n} answers count", found.counted)]
    if found.held:
        parts.append(n_("{n} is on hold", "{n} are on hold", found.held))
    if found.excluded:
        parts.append(n_("{n} is left out", "{n} are left out", found.excluded))
    return _("{counts}; all are paid.", counts=listed(parts))


def strictness_of(project: Project) -> str:
    """Say how strictly a project checks, and how often that is wrong; that it does not, where nothing can be compared."""
    if not is_compared(project):
        return _("Checks: none, since answers here are words or quotes.")
    return strictness(project.rules.quality.strictness)


def strictness_in_short(project: Project) -> str:
    """Say only how strictly a project checks; how often that is wrong stands with the people whom it is about."""
    if not is_compared(project):
        return strictness_of(project)
    return _("Checks: {strictness}", strictness=_(STRICTNESS[project.rules.quality.strictness]))


def strictness(word: str) -> str:
    """Say a strictness in words, and how often it is wrong."""
    often = careful(round(1_000_000 * evidence.alpha_of(word)))
    return _("Checks: {strictness}. {careful}", strictness=_(STRICTNESS[word]), careful=often)


def careful(alpha_micro: int) -> str:
    """Say how often the running check is wrong about somebody who works well: at most so often, as the check promises."""
    answers = evidence.HORIZON
    return n_(
        "Of a hundred students who are right nine times in ten, at most {n} is paused in error within {answers} answers.",
        "Of a hundred students who are right nine times in ten, at most {n} are paused in error within {answers} answers.",
        max(1, math.ceil(alpha_micro / 10_000)),
        answers=answers,
    )
