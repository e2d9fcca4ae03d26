"""The second look of a senior student: their own answer to a disputed item beside what others answered, and one tap that rules. Pure."""

from __future__ import annotations

from actions.offers import SecondLook
from handlers.language import N_, _
from handlers.screen import CALLBACK_BYTES_MAX, Button, Rows, Screen
from handlers.views import judged_item, questions
from handlers.views.judged_item import Around, Sight
from rules import rulings as rules
from rules.rulings import Answers
from rules.text import Text

ALTERNATIVES = 4
"""Other answers that have a button each; beyond them one can still leave it to the coordinator."""
LABEL_MAX = 40
BECAME = {
    # Translators: the toast after a senior student's second look at a disputed item.
    "kept": N_("Thank you. Your ruling stands."),
    "changed": N_("Thank you. Your ruling stands."),
    "doubted": N_("Thank you. The coordinator will look at it."),
    "passed": "",
}


def screen(look: SecondLook, page: int = 0, note: str = "") -> Screen:
    """Show what others answered to an item that its reader has just judged, with what they may do about it.

    `note`: a line above everything, in italics.
    """
    sight = Sight(look.project.definition, look.fields, look.flipped, look.is_rich)
    project, sheet = look.project.rules, sight.sheet
    own = rules.verdict_of(project, look.questions, look.own)
    top = Text()
    if note:
        top.line(note, "italic").plain("\n")
    top.line(_("The others disagree here"), "bold")
    top.line(_("Your answer: {answer}", answer=judged_item.begun(questions.said(project, own, sheet))))
    top.line(_("It is saved and paid as it is. What follows is up to you.")).plain("\n")
    below = Text().plain(_("You are asked as a senior student: what you say here decides the item."))
    around = Around(top, judged_item.said(project, look.sides, sheet), below, _rows(look, own), [_on(look)])
    return judged_item.screen(sight, page, around, lambda to: f"l:see:{look.token}:{to}")


def _rows(look: SecondLook, own: Answers) -> Rows:
    project, sheet = look.project.rules, Sight("", look.fields, look.flipped).sheet
    rows: Rows = []
    if rules.can_be_ruled(project, own) and len(own) == len(look.questions):
        # Translators: a button: the student stays with their answer, and is sure of it.
        label = _("Sure: {answer}", answer=judged_item.begun(questions.said(project, own, sheet)))
        rows.append([_button(look, label, "k", style="primary")])
    others = [side.verdict for side in look.sides if side.verdict != own]
    full = [one for one in others if rules.can_be_ruled(project, one) and len(one) == len(look.questions)]
    # An answer to very many questions is longer than a button carries.
    carried = [one for one in full if len(_data(look, f"c{_operations(look, one)}")) <= CALLBACK_BYTES_MAX]
    for verdict in carried[:ALTERNATIVES]:
        # Translators: a button: the student changes their answer, since they overlooked something.
        label = _(
            "I overlooked it: {answer}", answer=judged_item.begun(questions.said(project, verdict, sheet))
        )
        rows.append([_button(look, label, f"c{_operations(look, verdict)}")])
    return [*rows, [_button(look, _("It can be read both ways"), "d")]]


def _operations(look: SecondLook, verdict: Answers) -> str:
    project = look.project.rules
    asked = [(project.asked(question), verdict[question]) for question in look.questions]
    return ".".join(rules.operation_of(ask, value) for ask, value in asked if ask is not None)


def _on(look: SecondLook) -> list[Button]:
    return [_button(look, _("Next"), "n")]


def _button(look: SecondLook, label: str, operation: str, style: str = "") -> Button:
    return Button(label[:LABEL_MAX], _data(look, operation), style=style)


def _data(look: SecondLook, operation: str) -> str:
    return f"l:do:{look.token}:{operation}"
