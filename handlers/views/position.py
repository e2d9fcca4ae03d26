"""Position bias as people read it: how often the answer that is shown first is chosen, for a project and for a student. Pure."""

from __future__ import annotations

from actions.position import Report, StudentBias
from handlers.language import _, n_, percent
from handlers.screen import Button, Screen
from rules.position import LEAST_CHOICES, Bias
from rules.text import Text


def report(found: Report) -> Screen:
    """Show a coordinator how often the first place wins, over all and by student."""
    text = Text().line(_("{project} · position", project=found.project.title), "bold").plain("\n")
    if found.overall is None:
        text.plain(_("Nobody has chosen between two answers yet."))
    else:
        _overall(text, found.overall)
        _students(text, found)
    return Screen(text, [[Button(_("Back"), f"c:see:{found.project.id}")]])


def _overall(text: Text, bias: Bias) -> None:
    share = percent(bias.share)
    # Translators: {n} is the number of choices made.
    text.line(_("The answer shown first was chosen {share} of the time (of {n}).", share=share, n=bias.of))
    text.line(_("95 % interval: {low} to {high}", low=percent(bias.low), high=percent(bias.high)))
    text.line(_meaning(bias)).plain("\n")
    text.line(
        _("Which answer comes first is drawn anew each time, so this favours neither answer."), "italic"
    )


def _meaning(bias: Bias) -> str:
    if not bias.beyond_chance:
        return _("Chance alone can explain that.")
    if bias.prefers_first:
        return _("That is more than chance explains: the first place has an advantage.")
    return _("That is more than chance explains: the second place has an advantage.")


def _students(text: Text, found: Report) -> None:
    text.plain("\n")
    if not found.students:
        text.plain(_("No student has made {n} choices yet.", n=LEAST_CHOICES))
        return
    text.line(_("By student, the most uneven first"), "bold")
    for student in found.students:
        text.code(student.pseudonym).line(f" · {_figure(student)}")
    more = found.compared - len(found.students)
    if more:
        text.plain(
            n_("and {n} more who is nearer to one half", "and {n} more who are nearer to one half", more)
        )


def _figure(student: StudentBias) -> str:
    bias = student.bias
    # Translators: Of {n} choices, the answer shown first won {share}; a note behind a name.
    figure = _("first {share} of {n}", share=percent(bias.share), n=bias.of)
    # Translators: a note behind a figure that chance does not explain.
    beyond = _("beyond chance")
    return f"{figure} · {beyond}" if bias.beyond_chance else figure


def own(bias: Bias) -> str:
    """Tell a student how they choose themselves, in a sentence."""
    share = percent(bias.share)
    return _(
        "In A/B tasks you chose the answer shown first {share} of the time (of {n}).", share=share, n=bias.of
    )
