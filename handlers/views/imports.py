"""A file of items on its way into a project: what is in it, what is wrong with it, how far the import is. Pure."""

from __future__ import annotations

from collections import Counter

from actions.items import BAD_LINES_MAX, Checked, Imported
from actions.projects import Project
from handlers.screen import Button, Screen
from handlers.views.card import bar
from rules.item_file import BadLine
from rules.text import Text

BAD_LINES_SHOWN = 10
REASON_CHARACTERS = 200
USES = (("work", "to work on"), ("gold", "gold"), ("training", "training"), ("exam", "exam"))


def which(found: list[Project], name: str, tag: str) -> Screen:
    """Ask which project a file is for."""
    text = Text().plain("For which project are the items in ").bold(name).plain("?")
    rows = [[Button(project.title[:40], f"c:into:{project.id}:{tag}")] for project in found[:40]]
    return Screen(text, [*rows, [Button("Cancel", f"c:drop:{tag}")]])


def chosen(project: Project, name: str) -> Screen:
    """Say which project a file is for."""
    return Screen(Text().plain(f"{name} is for {project.title}."))


def no_project() -> Screen:
    """Say that items need a project first."""
    return Screen(
        Text().plain("There is no project that these items could be for. Send its file (.toml) first.")
    )


def report(project: Project, name: str, checked: Checked, tag: str) -> Screen:
    """Say what is in a file before anything is imported."""
    good, bad = len(checked.good), checked.bad_count
    text = Text().line(f"{name} for {project.title}", "bold").plain("\n")
    if not good and not bad:
        return Screen(text.plain("The file is empty. Write one item a line and send it again."))
    text.line(_found(checked))
    for line in checked.bad[:BAD_LINES_SHOWN]:
        text.line(f"• {_short(line)}")
    if bad > BAD_LINES_SHOWN:
        text.line(f"• and {bad - BAD_LINES_SHOWN:,} more; all of them are in the file above.")
    if bad >= BAD_LINES_MAX:
        text.line("• there reading ended: with so many, it is probably another kind of file.")
    if not good:
        return Screen(text.plain("\nPut this right and send the file again. Nothing was imported."))
    text.plain("\n").plain(_uses(checked))
    label = f"Import those {good:,}" if bad else f"Import {good:,}"
    go = Button(label, f"c:import:{project.id}:{tag}", style="success")
    return Screen(text, [[go, Button("Cancel", f"c:drop:{tag}")]])


def _found(checked: Checked) -> str:
    good, bad = len(checked.good), checked.bad_count
    if not bad:
        return f"{good:,} items, all good."
    if not good:
        return f"No line can be used; {bad:,} bad:" if bad > 1 else "The only line cannot be used:"
    return f"{good:,} good, {bad:,} bad:"


def _short(line: BadLine) -> str:
    words = str(line)
    return words if len(words) <= REASON_CHARACTERS else words[: REASON_CHARACTERS - 1] + "…"


def _uses(checked: Checked) -> str:
    count = Counter(item.use for item in checked.good)
    return " · ".join(f"{count[use]:,} {words}" for use, words in USES if count[use])


def bad_lines(checked: Checked) -> bytes:
    """Write all bad lines as a text file."""
    lines = [str(line) for line in checked.bad]
    if checked.bad_count > len(checked.bad):
        lines.append(f"and {checked.bad_count - len(checked.bad):,} more, which are not listed")
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def progress(project: Project, done: int, of: int) -> Screen:
    """Show how far an import is."""
    return Screen(Text().plain(f"Importing into {project.title}\n{bar(done, of)} {done:,}/{of:,}"))


def imported(project: Project, result: Imported) -> Screen:
    """Say what became of a file's items, and what comes next."""
    text = Text().line(f"{result.added:,} items are in {project.title}", "bold")
    if result.replaced:
        text.line(f"{result.replaced:,} that were there took their new text.")
    if result.kept:
        text.line(
            f"{result.kept:,} that were there read differently now; students may have seen them, so they stay."
        )
    same = result.present - result.replaced - result.kept
    if same:
        text.line(f"{same:,} were there already.")
    if project.state == "draft":
        text.plain("\nLook at them with Preview; when all is well, open the project.")
    look = Button("Preview", f"c:look:{project.id}:0")
    return Screen(text, [[look, Button("To the project", f"c:see:{project.id}")]])


def dropped() -> Screen:
    """Say that nothing was imported."""
    return Screen(Text().plain("Cancelled. Nothing was imported."))
