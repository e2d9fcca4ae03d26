"""Projects as their coordinators see them: the list, one in full with what needs a person, its items, its people. Pure."""

from __future__ import annotations

import dataclasses
import json

from actions.items import Shown, Stocked
from actions.overview import Overview, People, Student
from actions.projects import Project
from handlers.language import N_, _, aligned, duration, listed, money, n_, number, p_
from handlers.screen import Button, Rows, Screen
from handlers.views import budgets, card
from handlers.views import pay as pay_view
from handlers.views import people as people_view
from handlers.views import quality as quality_view
from handlers.views import standing as standing_view
from rules.position import asks_preference
from rules.project_file import ProjectTrouble
from rules.project_state import Stock
from rules.text import Text

PREVIEWS = 5
STATES = {
    # Translators: The state of a project, after its title: "Maths check · open".
    "draft": N_("draft"),
    "open": N_("open"),
    "paused": N_("paused"),
    "closed": N_("closed"),
}
PAUSED = N_("Nobody gets another item until you open it again.")
STANDINGS = {
    # Translators: How a student stands on a project; only coordinators read it.
    "training": N_("in training"),
    "exam": N_("in the exam"),
    "active": N_("working"),
    "paused": N_("paused"),
    "removed": N_("removed"),
    "left": N_("left"),
    # Translators: A student who gets items with a known answer more often; only coordinators read it.
    "watched": N_("working, watched"),
}
FILES = N_(".jsonl, .csv or .tsv")


def example_button() -> Button:
    """Give the button for files to begin with."""
    return Button(_("Example files"), "c:example")


def listing(found: list[Project]) -> Screen:
    """List the projects that a coordinator manages."""
    if not found:
        text = Text().line(_("You have no project yet"), "bold").plain("\n")
        text.plain(_("Send me a project file (.toml) and I make one of it. An example is a good start."))
        return Screen(text, [[example_button()]])
    text = Text().line(_("Your projects"), "bold").plain("\n")
    for project in found:
        state = _("paused, nobody gets items") if project.state == "paused" else _(STATES[project.state])
        text.line(aligned(project.title, state))
    text.plain("\n").plain(_("To make another one, send its .toml file here."))
    rows = [[Button(project.title[:40], f"c:see:{project.id}")] for project in found[:40]]
    return Screen(text, [*rows, [example_button()]])


def page(found: Overview, note: str = "") -> Screen:
    """Show a project: how far it is, what it cost, what needs a person."""
    project, pay = found.project, found.project.rules.pay
    text = Text()
    if note:
        first, _end, rest = note.partition("\n")
        text.line(first, "italic").plain(f"{rest}\n" if rest else "").plain("\n")
    text.line(aligned(project.title, _(STATES[project.state])), "bold")
    if project.state == "paused":
        text.line(_(PAUSED))
    if project.state == "draft":
        expected, cap = duration(pay.expected_ms), duration(pay.cap_ms)
        text.line(pay_view.rate(pay))
        text.line(_("about {time} an item, at most {cap} paid", time=expected, cap=cap))
    if not found.stock.work:
        text.line(_("No items yet: send them here as a {files} file.", files=_(FILES)))
    elif project.state == "draft":
        text.line(n_("{n} item to work on", "{n} items to work on", found.stock.work))
        text.line(_known(found.stock))
    else:
        text.line(_progress(found))
    if found.people or found.spent_micro:
        text.line(_spent(found))
    elif project.state == "open":
        text.line(_("Nobody is on it yet: Broadcast calls students, /invite makes a link for new ones."))
    if found.budget is not None:
        text.line(budgets.line(found.budget, pay.currency))
    text.line(standing_view.strictness_in_short(project))
    eyes = people_view.line(found.standings)
    if eyes:
        text.line(eyes)
    questions = _questions(found)
    if questions:
        text.line(_("open questions: {questions}", questions=questions))
    return Screen(text, _rows(found))


def _known(stock: Stock) -> str:
    # Translators: Three numbers of items: with a known answer, for training, for the exam.
    return _(
        "{gold} gold · {training} training · {exam} exam",
        gold=stock.gold,
        training=stock.training,
        exam=stock.exam,
    )


def _progress(found: Overview) -> str:
    line, depth = quality_view.labels_count(found.labels), found.answers.an_item
    return line if depth is None else aligned(line, _("{share} answers an item", share=number(depth, 1)))


def _spent(found: Overview) -> str:
    rules = found.project.rules
    spent = money(found.spent_micro, rules.pay.currency)
    return n_(
        # Translators: The plural follows {n}, the places on the project.
        "spent {spent} · {people} of {n} place taken",
        "spent {spent} · {people} of {n} places taken",
        rules.audience.seats,
        spent=spent,
        people=found.people,
    )


def _questions(found: Overview) -> str:
    parts = []
    if found.disputes:
        parts.append(n_("{n} dispute", "{n} disputes", found.disputes))
    if found.flagged:
        parts.append(n_("{n} flagged item", "{n} flagged items", found.flagged))
    if found.frozen_golds:
        parts.append(n_("{n} frozen gold", "{n} frozen golds", found.frozen_golds))
    if found.appeals:
        parts.append(n_("{n} appeal", "{n} appeals", found.appeals))
    return listed(parts)


def _rows(found: Overview) -> Rows:
    project, number = found.project, found.project.id
    # Translators: A button: let students in and work.
    begin = Button(p_("button", "Open"), f"c:open:{number}", style="success")
    again = Button(_("Open again"), f"c:open:{number}")
    end = Button(p_("button", "Close"), f"c:ask:{number}")
    moves = {
        "draft": [begin],
        "open": [Button(_("Pause"), f"c:pause:{number}"), end],
        "paused": [dataclasses.replace(again, style="success"), end],
        "closed": [again],
    }
    call = [Button(_("Broadcast"), f"b:new:{number}")] if project.state == "open" else []
    # Translators: A button: bonuses, pay that is held back, and appeals.
    pay = [Button(p_("button", "Pay"), f"k:pay:{number}")] if project.state != "draft" else []
    rows = [
        [Button(_("Items"), f"c:items:{number}"), *call],
        [Button(_("People"), f"c:people:{number}:0"), Button(_("Export"), f"c:export:{number}"), *pay],
        *_quality_rows(found),
    ]
    if asks_preference(question.kind for question in project.rules.ask):
        # Translators: A button: whether the answer that is shown first is chosen more often.
        rows.append([Button(_("Position"), f"c:position:{number}")])
    # What begins the work is in reach of the thumb at once; what stops it is not.
    begins = project.state in ("draft", "paused")
    rows = [moves[project.state], *rows] if begins else [*rows, moves[project.state]]
    return [*rows, [Button(_("Projects"), "c:list")]]


def _quality_rows(found: Overview) -> Rows:
    """Give the way to the quality of a project that was opened, and, where something is in dispute, straight to that."""
    if found.project.state == "draft":
        return []
    number = found.project.id
    row = [Button(_("Quality"), f"k:quality:{number}")]
    if found.disputes:
        row.insert(0, Button(aligned(_("Disputes"), str(found.disputes)), f"k:disputes:{number}:0"))
    return [row]


def confirm_close(project: Project) -> Screen:
    """Ask before a project is closed."""
    text = Text().bold(_("Close {project}?", project=project.title)).plain("\n\n")
    text.plain(
        _(
            "Nobody gets another item. What lies open can still be answered, for an hour at most. What was earned stays earned."
        )
    )
    # Translators: A button: end the project.
    yes = Button(p_("button", "Close"), f"c:close:{project.id}", style="danger")
    return Screen(text, [[yes, Button(_("Keep it"), f"c:see:{project.id}")]])


def troubles(name: str, trouble: ProjectTrouble) -> Screen:
    """Say what is wrong with a project file, and what to do."""
    text = Text().line(_("{name} cannot be used yet", name=name), "bold").plain("\n")
    for line in trouble.lines:
        text.line(f"• {line}")
    if len(trouble.lines) == 1:
        ending = _("Put this right and send the file again. Nothing was changed.")
    else:
        ending = _("Put these right and send the file again. Nothing was changed.")
    text.plain("\n").plain(ending)
    return Screen(text)


def items(found: Stocked) -> Screen:
    """Show how many items a project has, and how more come in."""
    stock, project_id = found.stock, found.project.id
    text = Text().line(_("{project} · items", project=found.project.title), "bold").plain("\n")
    text.line(_("{count} to work on", count=stock.work))
    text.line(_known(stock)).plain("\n")
    if found.project.state == "closed":
        text.plain(_("The project is closed, so nothing can be added."))
    else:
        text.plain(_("To add items, send them here as a {files} file.", files=_(FILES)))
    look = [Button(_("Preview"), f"c:look:{project_id}:0")] if stock.work else []
    return Screen(text, [[*look, Button(_("Back"), f"c:see:{project_id}")]])


def preview(project: Project, found: list[Shown], place: int) -> Screen:
    """Show one of the first items as a student will see it, with the way to the others."""
    place = max(0, min(place, len(found) - 1))
    shown = card.preview(project.rules, json.loads(found[place].fields))
    number = project.id
    back = Button("◀", f"c:look:{number}:{place - 1}") if place else Button("·", "c:nothing")
    forth = (
        Button("▶", f"c:look:{number}:{place + 1}") if place + 1 < len(found) else Button("·", "c:nothing")
    )
    here = Button(_("Preview {place}/{of}", place=place + 1, of=len(found)), "c:nothing")
    return Screen(shown.text, [*shown.rows, [back, here, forth], [Button(_("Items"), f"c:items:{number}")]])


def people(found: People) -> Screen:
    """List the students on a project by pseudonym."""
    number = found.project.id
    heading = n_("{project} · {n} student", "{project} · {n} students", found.of, project=found.project.title)
    text = Text().line(heading, "bold")
    if not found.of:
        text.plain("\n").plain(
            _("Nobody has joined yet. A broadcast calls them; /invite brings new ones in.")
        )
    for student in found.students:
        standing = _(STANDINGS.get(student.standing, student.standing))
        text.plain("\n").code(student.pseudonym).plain(f" · {standing}\n")
        text.plain(f"   {_record(student)}\n")
    rows: Rows = []
    if found.pages > 1:
        back = [Button("◀", f"c:people:{number}:{found.page - 1}")] if found.page else []
        forth = [Button("▶", f"c:people:{number}:{found.page + 1}")] if found.page + 1 < found.pages else []
        rows.append([*back, Button(f"{found.page + 1}/{found.pages}", "c:page"), *forth])
    # Translators: A button: who is paused, watched or removed on a project.
    rows.append([Button(_("People to look at"), f"n:list:{number}")])
    return Screen(text, [*rows, [Button(_("Back"), f"c:see:{number}")]])


def _record(student: Student) -> str:
    golds = student.gold_right + student.gold_wrong
    told = {"time": duration(student.credited_ms), "right": student.gold_right, "golds": golds}
    if not golds:
        return n_("{n} answer · {time}", "{n} answers · {time}", student.judgments, time=told["time"])
    return n_(
        # Translators: Gold: items whose answer is known. Only coordinators read it. The plural follows {n}, the answers.
        "{n} answer · {time} · gold {right} of {golds} right",
        "{n} answers · {time} · gold {right} of {golds} right",
        student.judgments,
        **told,
    )
