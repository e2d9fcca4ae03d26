"""Disputes as screens: the queues, one dispute with all that was answered, what was ruled, and who is senior. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from actions.disputes import Dispute, Queue, Ruled
from actions.reviews import Candidate, Seniors
from actions.rulings import MILLION, Contested, Ruling
from actions.work import Card
from handlers.language import N_, _, aligned, moment, n_, number, percent
from handlers.screen import Button, Rows, Screen, grid
from handlers.views import judged_item, questions
from handlers.views.judged_item import Around, Sight
from rules import rulings as rules
from rules import seniors
from rules.answers import EMPTY
from rules.card import Block, Page
from rules.kinds import AnyQuestion, Sheet, Steps
from rules.project_file import Project
from rules.text import Text

STEPS_IN_REACH = 4
"""Steps that students named have a button each; the others are behind one more tap."""
STEPS_SHOWN = 90
"""A keyboard holds a hundred buttons."""
STEPS_PER_ROW = 6
LINE_MAX = 40

REASONS = {
    # Translators: why a senior student ruled as they did.
    "sure": N_("sure after reading the other answers"),
    "overlooked": N_("overlooked something at first"),
}


def queues(found: Sequence[Queue]) -> Screen:
    """List the projects that have disputes."""
    text = Text().line(_("Disputes"), "bold").plain("\n")
    if not found:
        text.plain(_("Nothing is in dispute on your projects."))
        return Screen(text, [[Button(_("Projects"), "c:list")]])
    text.plain(_("Items that took all their answers and still do not agree:")).plain("\n")
    for queue in found:
        text.line(aligned(queue.project.title, str(queue.open)))
    return Screen(
        text,
        [
            [
                Button(
                    aligned(queue.project.title[:LINE_MAX], str(queue.open)),
                    f"k:disputes:{queue.project.id}:0",
                )
            ]
            for queue in found
        ],
    )


def none_left(project_id: int, title: str) -> Screen:
    """Say that there is nothing to rule on."""
    text = Text().line(_("{project} · disputes", project=title), "bold").plain("\n")
    text.plain(
        _("Nothing is in dispute. An item comes here when its answers disagree and nobody else is asked.")
    )
    return Screen(text, [[*_elsewhere(project_id), _quality(project_id)]])


def one(found: Dispute, page: int = 0, operations: Sequence[str] = (), *, all_steps: bool = False) -> Screen:
    """Show a dispute: the item as students saw it, every answer with its reasons, and the buttons that rule.

    `operations`: what was tapped so far where several questions are in dispute; `all_steps`: with a button for every step.
    """
    sight = Sight(found.project.definition, found.item.fields, is_rich=found.is_rich)
    rules_of, sheet = found.project.rules, sight.sheet
    top = Text().line(_heading(found), "bold").plain("\n")
    said = judged_item.said(rules_of, found.sides, sheet)
    asked = _asked(found, operations)
    below = _below(found, asked, sheet, operations)
    rows = _ruling_rows(found, asked, operations, all_steps=all_steps) if asked is not None else []
    around = Around(top, said, below, rows, _ways(found))
    # Taps so far are not kept while pages are turned: there is one page where something can be tapped.
    return judged_item.screen(sight, page, around, lambda to: f"j:see:{found.item.id}:{found.place}:{to}")


def _heading(found: Dispute) -> str:
    if found.ruling is not None:
        return aligned(found.project.title, _("ruled"))
    return _(
        "Dispute {place} of {of} · {project}", place=found.place + 1, of=found.of, project=found.project.title
    )


def _asked(found: Dispute, operations: Sequence[str]) -> AnyQuestion | None:
    """Give the question that is to be ruled next."""
    return (
        found.project.rules.asked(found.asked[len(operations)])
        if len(operations) < len(found.asked)
        else None
    )


def _below(found: Dispute, asked: AnyQuestion | None, sheet: Sheet, operations: Sequence[str]) -> Text:
    text = Text()
    for look in found.looks:
        if look.state == "doubted":
            text.line(_("A senior student finds that it can be read both ways."), "italic")
        elif look.state == "passed":
            text.line(_("A senior student has answered too, and leaves it to you."), "italic")
    if found.is_in_hand:
        text.line(_("A senior student has it before them now; you can rule all the same."), "italic")
    open_ones = [one for one in found.questions if one.state == "unsure" and one.label is not None]
    for contested in open_ones:
        label = _leaning(found, contested, sheet, is_alone=len(open_ones) == 1)
        share = percent(contested.confidence / MILLION)
        # Translators: what the answers come to: "Weighed by who answered: Wrong, 61 %".
        text.line(_("Weighed by who answered: {label}, {share}", label=label, share=share))
    if found.ruling is not None:
        text.plain("\n").extend(_ruled_line(found.project.rules, found.ruling, sheet))
    if asked is not None:
        # A chain is ruled as a whole, while students are asked of each step.
        wording = _("Which step is the first wrong one?") if isinstance(asked, Steps) else asked.text
        text.plain("\n").bold(wording).plain("\n")
        text.plain(_("What you tap becomes the label."))
    return text


def _leaning(found: Dispute, contested: Contested, sheet: Sheet, *, is_alone: bool) -> str:
    """Say the likeliest answer to a question; with its name where several are in dispute."""
    ask = found.project.rules.asked(contested.question)
    if ask is None or contested.label is None:
        return "–"
    value = rules.answer_of(ask, contested.label)
    label = judged_item.begun(questions.said(found.project.rules, {ask.id: value}, sheet))
    name = judged_item.begun(ask.id)
    return label if is_alone or label.startswith(name) else f"{name}: {label}"


def _ruled_line(project: Project, ruling: Ruling, sheet: Sheet) -> Text:
    who = _("by a senior student") if ruling.role == "senior" else _("by a coordinator")
    text = Text().bold(
        _("Ruled: {label}", label=judged_item.begun(questions.said(project, ruling.verdict, sheet)))
    )
    text.plain(f" · {who}\n")
    if ruling.reason:
        text.line(_(REASONS.get(ruling.reason, ruling.reason)), "blockquote")
    return text


def _ruling_rows(found: Dispute, ask: AnyQuestion, operations: Sequence[str], *, all_steps: bool) -> Rows:
    def data(operation: str) -> str:
        return f"j:rule:{found.item.id}:{found.place}:{'.'.join([*operations, operation])}"

    if isinstance(ask, Steps):
        return _step_rows(found, ask, data, all_steps=all_steps)
    project = found.project
    card = Card(project, "", 0, "work", found.item.fields, EMPTY, 0, 0, 1, 1, 0, project.rules.pay.currency)
    return questions.rows(ask, card, Page(Block(())), data)


def _step_rows(found: Dispute, ask: Steps, data: questions.Data, *, all_steps: bool) -> Rows:
    count = len(ask.steps(found.item.values))
    if all_steps:
        steps = [Button(str(place + 1), data(f"k{place}")) for place in range(min(count, STEPS_SHOWN))]
        back = Button(_("Back"), f"j:see:{found.item.id}:{found.place}:999")
        return [*grid(steps, STEPS_PER_ROW), [back]]
    given = [side.verdict.get(ask.id) for side in found.sides]
    named = sorted({step for step in given if isinstance(step, int) and step >= 0})[:STEPS_IN_REACH]
    rows = grid(
        [Button(judged_item.begun(questions.said_steps(step)), data(f"k{step}")) for step in named], 1
    )
    # Translators: rulings on a chain of reasoning, button labels; at most 18 characters each.
    rows.append([Button(_("No step is wrong"), data("xn")), Button(_("Bad problem"), data("xb"))])
    if count > len(named):
        rows.append([Button(_("Another step"), f"j:more:{found.item.id}:{found.place}")])
    return rows


def _ways(found: Dispute) -> Rows:
    project_id = found.project.id
    if found.ruling is not None:
        back = Button(_("Take it back"), f"j:undo:{found.ruling.id}")
        return [[back], [Button(_("Disputes"), f"k:disputes:{project_id}:0"), _quality(project_id)]]
    skip = Button(_("Skip"), f"k:disputes:{project_id}:{found.place + 1}")
    return [[skip] if found.of > 1 else [], [*_elsewhere(project_id), _quality(project_id)]]


def _elsewhere(project_id: int) -> list[Button]:
    # Translators: buttons: rulings that were made; senior students. At most 14 characters.
    return [Button(_("Rulings"), f"j:ruled:{project_id}"), Button(_("Seniors"), f"j:seniors:{project_id}")]


def _quality(project_id: int) -> Button:
    return Button(_("Quality"), f"k:quality:{project_id}")


def done(found: Dispute) -> Screen:
    """Say what was ruled, with the way to the next dispute, to a reason, and back."""
    assert found.ruling is not None
    project, sheet = found.project, Sheet(found.item.values)
    label = judged_item.begun(questions.said(project.rules, found.ruling.verdict, sheet))
    text = Text().line(_("Ruled: {label}", label=label), "bold").plain("\n")
    text.plain(
        _("It is the label of {item} now, marked as ruled by a person.", item=found.item.external_id)
    ).plain(" ")
    text.plain(_("All its answers stay paid.")).plain("\n")
    if found.ruling.reason:
        text.plain("\n").add(found.ruling.reason, "blockquote").plain("\n")
    why = Button(_("Say why") if not found.ruling.reason else _("Other words"), f"j:why:{found.ruling.id}")
    rows: Rows = [[why, Button(_("Take it back"), f"j:undo:{found.ruling.id}")]]
    if found.of:
        label = n_("Next · {n} left", "Next · {n} left", found.of)
        rows.insert(0, [Button(label, f"k:disputes:{project.id}:{found.place}", style="primary")])
    return Screen(text, [*rows, [_quality(project.id)]])


def ask_reason(found: Dispute) -> Screen:
    """Ask for the words behind a ruling; it stands without them."""
    assert found.ruling is not None
    label = judged_item.begun(
        questions.said(found.project.rules, found.ruling.verdict, Sheet(found.item.values))
    )
    text = Text().line(_("Ruled: {label}", label=label), "bold").plain("\n")
    least, most = rules.REASON_LEAST, rules.REASON_MOST
    text.line(_("Why? One message, {least} to {most} characters.", least=least, most=most))
    text.plain(_("It stands beside the ruling. /cancel leaves the ruling without words."))
    return Screen(text, [[Button(_("Leave it"), f"k:disputes:{found.project.id}:{found.place}")]])


def ruled(found: Ruled) -> Screen:
    """List the newest rulings of a project; each opens."""
    text = Text().line(_("{project} · rulings", project=found.project.title), "bold").plain("\n")
    counts = {"coordinators": found.by_coordinators, "seniors": found.by_seniors}
    text.line(_("{coordinators} by coordinators · {seniors} by senior students", **counts))
    rows: Rows = []
    for ruling, item in found.rulings:
        sheet = Sheet(json.loads(item.fields))
        label = judged_item.begun(questions.said(found.project.rules, ruling.verdict, sheet))
        when = moment(ruling.ruled_ms, found.time_zone)
        who = _("senior") if ruling.role == "senior" else _("coordinator")
        text.plain("\n").code(item.external_id).plain(f" · {label} · {who} · {when}")
        rows.append([Button(f"{item.external_id} · {label}"[:LINE_MAX], f"j:see:{item.id}:0:0")])
    if not found.rulings:
        text.plain("\n").plain(_("Nobody has ruled on anything yet."))
    return Screen(text, [*rows, [Button(_("Back"), f"k:disputes:{found.project.id}:0")]])


def senior_students(found: Seniors) -> Screen:
    """Say who is senior and why, with a button for each who could be."""
    text = Text().line(_("{project} · senior students", project=found.project.title), "bold").plain("\n")
    golds, worth = seniors.GOLDS_LEAST, number(seniors.WORTH_LEAST_MILLI / 1000, 2)
    text.line(
        _(
            "Disputes go to them before they come to you. They judge on their own first, and are paid as always. Who has answered {golds} "
            "gold items or more, and tells {worth} times as much as the median answer, is one by their figures; your tap decides "
            "otherwise.",
            golds=golds,
            worth=worth,
        )
    )
    if not found.project.rules.quality.senior:
        text.plain("\n").line(_("This project's file keeps disputes from them: senior = false."), "italic")
    for student in found.candidates:
        text.plain("\n").code(student.pseudonym).plain(f" · {_record(student)}")
    if not found.candidates:
        text.plain("\n").plain(_("Nobody is at work on this project yet."))
    return Screen(text, [*_toggles(found), [Button(_("Back"), f"k:disputes:{found.project.id}:0")]])


def _record(student: Candidate) -> str:
    parts = [_("senior")] if student.is_senior else []
    if student.golds:
        # Translators: of {n} items whose answer is known, so many were right.
        parts.append(_("gold {right} of {n}", right=student.gold_right, n=student.golds))
    if student.worth_milli is not None:
        # Translators: what an answer of theirs tells, beside the median answer.
        parts.append(_("tells {worth} ×", worth=number(student.worth_milli / 1000, 2)))
    return " · ".join(parts) or _("nothing known yet")


def _toggles(found: Seniors) -> Rows:
    buttons = []
    for student in found.candidates:
        mark = "✓ " if student.is_senior else ""
        verb = "off" if student.is_senior else "on"
        buttons.append(
            Button(f"{mark}{student.pseudonym}", f"j:{verb}:{found.project.id}:{student.person_id}")
        )
    return grid(buttons, 2)
