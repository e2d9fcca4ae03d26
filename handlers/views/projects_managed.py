"""Projects as their coordinators see them: the list, one in full with what needs a person, its items, its people. Pure."""

from __future__ import annotations

import json

from actions.exports import Extent
from actions.items import Shown, Stocked
from actions.overview import Overview, People, Student
from actions.projects import Project
from handlers.language import _
from handlers.screen import Button, Rows, Screen
from handlers.views import card
from handlers.views.words import count
from rules import credit, money
from rules.project_file import ProjectTrouble
from rules.project_state import Stock
from rules.text import Text

PREVIEWS = 5
STATES = {"draft": "draft", "open": "open", "paused": "paused", "closed": "closed"}
STANDINGS = {"active": "working", "watched": "working, watched"}
FILES = ".jsonl, .csv or .tsv"


def example_button() -> Button:
    """Give the button for files to begin with."""
    return Button(_("Example files"), "c:example")


def listing(found: list[Project]) -> Screen:
    """List the projects that a coordinator manages."""
    if not found:
        text = Text().line("You have no project yet", "bold").plain("\n")
        text.plain("Send me a project file (.toml) and I make one of it. An example is a good start.")
        return Screen(text, [[example_button()]])
    text = Text().line("Your projects", "bold").plain("\n")
    for project in found:
        text.line(f"{project.title} · {STATES[project.state]}")
    text.plain("\nTo make another one, send its .toml file here.")
    rows = [[Button(project.title[:40], f"c:see:{project.id}")] for project in found[:40]]
    return Screen(text, [*rows, [example_button()]])


def page(found: Overview, note: str = "") -> Screen:
    """Show a project: how far it is, what it cost, what needs a person."""
    project, pay = found.project, found.project.rules.pay
    text = Text()
    if note:
        first, _, rest = note.partition("\n")
        text.line(first, "italic").plain(f"{rest}\n" if rest else "").plain("\n")
    text.line(f"{project.title} · {STATES[project.state]}", "bold")
    if project.state == "draft":
        text.line(f"{money.show(pay.rate_micro, pay.currency)}/h")
        text.line(f"about {credit.show(pay.expected_ms)} an item, at most {credit.show(pay.cap_ms)} paid")
    if not found.stock.work:
        text.line(f"No items yet: send them here as a {FILES} file.")
    elif project.state == "draft":
        text.line(f"{count(found.stock.work, 'item')} to work on").line(_known(found.stock))
    else:
        text.line(f"{found.settled:,} of {found.stock.work:,} settled{_depth(found)}")
    if found.people or found.spent_micro:
        spent = money.show(found.spent_micro, pay.currency)
        text.line(f"spent {spent} · {found.people} of {count(project.rules.audience.seats, 'place')} taken")
    elif project.state == "open":
        text.line("Nobody is on it yet: Broadcast calls students, /invite makes a link for new ones.")
    questions = _questions(found)
    if questions:
        text.line(f"open questions: {questions}")
    return Screen(text, _rows(project))


def _known(stock: Stock) -> str:
    return f"{stock.gold:,} gold · {stock.training:,} training · {stock.exam:,} exam"


def _depth(found: Overview) -> str:
    if not found.judged_items:
        return ""
    return f" · {found.judgments / found.judged_items:.1f} answers an item"


def _questions(found: Overview) -> str:
    parts = [(found.disputes, "dispute"), (found.flagged, "flagged item")]
    return ", ".join(count(number, word) for number, word in parts if number)


def _rows(project: Project) -> Rows:
    number = project.id
    begin = Button("Open", f"c:open:{number}", style="success")
    end = Button("Close", f"c:ask:{number}")
    moves = {
        "draft": [begin],
        "open": [Button("Pause", f"c:pause:{number}"), end],
        "paused": [begin, end],
        "closed": [Button("Open again", f"c:open:{number}")],
    }
    call = [Button("Broadcast", f"b:new:{number}")] if project.state == "open" else []
    rows = [
        [Button("Items", f"c:items:{number}"), *call],
        [Button("People", f"c:people:{number}:0"), Button("Export", f"c:export:{number}")],
    ]
    # What begins the work is in reach of the thumb at once; what stops it is not.
    rows = [moves[project.state], *rows] if begin in moves[project.state] else [*rows, moves[project.state]]
    return [*rows, [Button("◀ Projects", "c:list")]]


def confirm_close(project: Project) -> Screen:
    """Ask before a project is closed."""
    text = Text().bold(f"Close {project.title}?").plain("\n\n")
    text.plain(
        "Nobody gets another item. What lies open can still be answered, for an hour at most. What was earned stays earned."
    )
    yes = Button("Close", f"c:close:{project.id}", style="danger")
    return Screen(text, [[yes, Button("Keep it", f"c:see:{project.id}")]])


def troubles(name: str, trouble: ProjectTrouble) -> Screen:
    """Say what is wrong with a project file, and what to do."""
    text = Text().line(f"{name} cannot be used yet", "bold").plain("\n")
    for line in trouble.lines:
        text.line(f"• {line}")
    text.plain(
        f"\nPut {'this' if len(trouble.lines) == 1 else 'these'} right and send the file again. Nothing was changed."
    )
    return Screen(text)


def items(found: Stocked) -> Screen:
    """Show how many items a project has, and how more come in."""
    stock, number = found.stock, found.project.id
    text = Text().line(f"{found.project.title} · items", "bold").plain("\n")
    text.line(f"{stock.work:,} to work on")
    text.line(_known(stock)).plain("\n")
    if found.project.state == "closed":
        text.plain("The project is closed, so nothing can be added.")
    else:
        text.plain(f"To add items, send them here as a {FILES} file.")
    look = [Button("Preview", f"c:look:{number}:0")] if stock.work else []
    return Screen(text, [[*look, Button("◀ Back", f"c:see:{number}")]])


def preview(project: Project, found: list[Shown], place: int) -> Screen:
    """Show one of the first items as a student will see it, with the way to the others."""
    place = max(0, min(place, len(found) - 1))
    shown = card.preview(project.rules, json.loads(found[place].fields))
    number = project.id
    back = Button("◀", f"c:look:{number}:{place - 1}") if place else Button("·", "c:nothing")
    forth = (
        Button("▶", f"c:look:{number}:{place + 1}") if place + 1 < len(found) else Button("·", "c:nothing")
    )
    here = Button(f"Preview {place + 1}/{len(found)}", "c:nothing")
    return Screen(shown.text, [*shown.rows, [back, here, forth], [Button("◀ Items", f"c:items:{number}")]])


def people(found: People) -> Screen:
    """List the students on a project by pseudonym."""
    number = found.project.id
    text = Text().line(f"{found.project.title} · {count(found.of, 'student')}", "bold")
    if not found.of:
        text.plain("\nNobody has joined yet. A broadcast calls them; /invite brings new ones in.")
    for student in found.students:
        text.plain("\n").code(student.pseudonym).plain(
            f" · {STANDINGS.get(student.standing, student.standing)}\n"
        )
        text.plain(f"   {_record(student)}\n")
    rows: Rows = []
    if found.pages > 1:
        back = [Button("◀", f"c:people:{number}:{found.page - 1}")] if found.page else []
        forth = [Button("▶", f"c:people:{number}:{found.page + 1}")] if found.page + 1 < found.pages else []
        rows.append([*back, Button(f"{found.page + 1}/{found.pages}", "c:page"), *forth])
    return Screen(text, [*rows, [Button("◀ Back", f"c:see:{number}")]])


def _record(student: Student) -> str:
    golds = student.gold_right + student.gold_wrong
    known = f" · gold {student.gold_right} of {golds} right" if golds else ""
    return f"{count(student.judgments, 'answer')} · {credit.show(student.credited_ms)}{known}"


def export(project: Project, extent: Extent) -> Screen:
    """Offer the export of a project, and say what it leaves out."""
    text = Text().line(f"{project.title} · export", "bold").plain("\n")
    kept = extent.judgments - extent.left_out
    text.line(f"{count(kept, 'judgment')}, one a line (JSONL), with pseudonyms.")
    if extent.left_out:
        text.line(
            f"{extent.left_out:,} of {count(extent.left_out_students, 'student')} who withdrew their consent are left out."
        )
    number = project.id
    choices = [Button("Judgments", f"c:file:{number}:0"), Button("With gold results", f"c:file:{number}:1")]
    return Screen(text, [choices if kept else [], [Button("◀ Back", f"c:see:{number}")]])


def too_large_to_send(project: Project) -> Screen:
    """Say how to get an export that no chat can carry."""
    text = Text().plain("This export is larger than a chat can carry. On the server, run: ")
    return Screen(text.code(f"veritap export {project.slug} --format judgments --out {project.slug}.jsonl"))
