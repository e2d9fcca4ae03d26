"""A file of items on its way into a project: what is in it, what is wrong with it, how far the import is. Pure."""

from __future__ import annotations

from collections import Counter

from actions.items import BAD_LINES_MAX, Checked, Imported
from actions.projects import Project
from handlers.language import N_, _, n_, number
from handlers.screen import Button, Screen
from handlers.views.card import bar
from handlers.views.words import with_style
from rules.item_file import BadLine
from rules.text import Text

BAD_LINES_SHOWN = 10
REASON_CHARACTERS = 200
USES = (
    # Translators: {count} items for work; part of a row such as "12 to work on · 3 gold · 4 training · 10 exam".
    ("work", N_("{count} to work on")),
    # Translators: {count} items whose answer is known; for coordinators. Part of a row.
    ("gold", N_("{count} gold")),
    # Translators: {count} items for training. Part of a row.
    ("training", N_("{count} training")),
    # Translators: {count} items for the exam. Part of a row.
    ("exam", N_("{count} exam")),
)


def which(found: list[Project], name: str, tag: str) -> Screen:
    """Ask which project a file is for."""
    text = with_style(_("For which project are the items in {name}?"), "bold", name=name)
    rows = [[Button(project.title[:40], f"c:into:{project.id}:{tag}")] for project in found[:40]]
    return Screen(text, [*rows, [Button(_("Cancel"), f"c:drop:{tag}")]])


def chosen(project: Project, name: str) -> Screen:
    """Say which project a file is for."""
    return Screen(Text().plain(_("{name} is for {project}.", name=name, project=project.title)))


def no_project() -> Screen:
    """Say that items need a project first."""
    return Screen(
        Text().plain(_("There is no project that these items could be for. Send its file (.toml) first."))
    )


def report(project: Project, name: str, checked: Checked, tag: str) -> Screen:
    """Say what is in a file before anything is imported."""
    good, bad = len(checked.good), checked.bad_count
    text = Text().line(_("{name} for {project}", name=name, project=project.title), "bold").plain("\n")
    if checked.trouble is not None:
        return Screen(text.line(checked.trouble).plain("\n").plain(_("Nothing was imported.")))
    if not good and not bad:
        return Screen(text.plain(_("The file is empty. Write one item a line and send it again.")))
    if checked.shape is not None:
        # Translators: {shape} is the name of a file format, such as "TRL preference".
        text.line(_("Read as {shape}.", shape=checked.shape))
    text.line(_found(checked))
    for line in checked.bad[:BAD_LINES_SHOWN]:
        text.line(f"• {_short(line)}")
    if bad > BAD_LINES_SHOWN:
        rest = bad - BAD_LINES_SHOWN
        text.line(
            n_(
                "• and {n} more; all are in the file above.",
                "• and {n} more; all of them are in the file above.",
                rest,
            )
        )
    if bad >= BAD_LINES_MAX:
        text.line(_("• there reading ended: with so many, it is probably another kind of file."))
    if not good:
        return Screen(
            text.plain("\n").plain(_("Put this right and send the file again. Nothing was imported."))
        )
    text.plain("\n").plain(_uses(checked))
    if checked.known:
        text.plain("\n\n").plain(_known(checked.known))
    return Screen(text, _ways(checked, f"{project.id}:{tag}", tag))


def _known(count: int) -> str:
    return n_(
        "{n} has a known answer. It can become gold; otherwise the answer is left out.",
        "{n} have a known answer. They can become gold; otherwise the answers are left out.",
        count,
    )


def _ways(checked: Checked, file: str, tag: str) -> list[list[Button]]:
    """Offer to import the good lines, and with their known answers as gold where they have some."""
    good = len(checked.good)
    only_these = n_("Import that {n}", "Import those {n}", good)
    label = only_these if checked.bad_count else n_("Import {n}", "Import {n}", good)
    cancel = Button(_("Cancel"), f"c:drop:{tag}")
    if not checked.known:
        return [[Button(label, f"c:import:{file}", style="success"), cancel]]
    # Translators: A button: import {n} items, whose known answers become gold.
    gold = n_("With {n} as gold", "With {n} as gold", checked.known)
    # Translators: A button: import the items and leave their known answers out.
    work = _("All as work")
    return [[Button(gold, f"c:golden:{file}"), Button(work, f"c:import:{file}")], [cancel]]


def _found(checked: Checked) -> str:
    good, bad = len(checked.good), checked.bad_count
    if not bad:
        return n_("{n} item, all good.", "{n} items, all good.", good)
    if not good:
        if bad == 1:
            return _("The only line cannot be used:")
        return n_("No line can be used; {n} bad:", "No line can be used; {n} bad:", bad)
    # Translators: Two numbers of lines of a file.
    return _("{good} good, {bad} bad:", good=good, bad=bad)


def _short(line: BadLine) -> str:
    words = str(line)
    return words if len(words) <= REASON_CHARACTERS else words[: REASON_CHARACTERS - 1] + "…"


def _uses(checked: Checked) -> str:
    count = Counter(item.use for item in checked.good)
    return " · ".join(_(words, count=count[use]) for use, words in USES if count[use])


def bad_lines(checked: Checked) -> bytes:
    """Write all bad lines as a text file."""
    lines = [str(line) for line in checked.bad]
    if checked.bad_count > len(checked.bad):
        rest = checked.bad_count - len(checked.bad)
        lines.append(n_("and {n} more, which is not listed", "and {n} more, which are not listed", rest))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def progress(project: Project, done: int, of: int) -> Screen:
    """Show how far an import is."""
    text = Text().line(_("Importing into {project}", project=project.title))
    return Screen(text.plain(f"{bar(done, of)} {number(done)}/{number(of)}"))


def imported(project: Project, result: Imported, left_out: int = 0) -> Screen:
    """Say what became of a file's items, and what comes next. `left_out`: bad lines of the file."""
    title = project.title
    heading = n_("{n} item is in {project}", "{n} items are in {project}", result.added, project=title)
    text = Text().line(heading, "bold")
    if result.replaced:
        text.line(
            n_(
                # Translators: {n} items that were in the project before.
                "{n} that was there took its new text.",
                "{n} that were there took their new text.",
                result.replaced,
            )
        )
    if result.kept:
        text.line(
            n_(
                "{n} that was there reads differently now; students may have seen it, so it stays.",
                "{n} that were there read differently now; students may have seen them, so they stay.",
                result.kept,
            )
        )
    same = result.present - result.replaced - result.kept
    if same:
        text.line(n_("{n} was there already.", "{n} were there already.", same))
    if left_out:
        text.line(n_("{n} bad line was left out.", "{n} bad lines were left out.", left_out))
    if project.state == "draft":
        text.plain("\n").plain(_("Look at them with Preview; when all is well, open the project."))
    look = Button(_("Preview"), f"c:look:{project.id}:0")
    return Screen(text, [[look, Button(_("To the project"), f"c:see:{project.id}")]])


def dropped() -> Screen:
    """Say that nothing was imported."""
    return Screen(Text().plain(_("Cancelled. Nothing was imported.")))
