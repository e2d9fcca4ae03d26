"""The export of a project as its coordinator sees it: what there is, in which formats, and what to do when it is too large. Pure."""

from __future__ import annotations

from actions.exports import Offered
from actions.projects import Project
from handlers.language import N_, _, n_
from handlers.screen import Button, Rows, Screen, grid
from rules.formats.exports import formats
from rules.formats.exports.formats import Format
from rules.formats.exports.report import Report
from rules.text import Text

GOLD = "+gold"
PER_ROW = 2
LABELS = {
    # Translators: Buttons that send a file. A judgment is one student's answer to an item; a label is the leading answer of an item.
    "judgments": N_("Judgments"),
    "judgments-csv": N_("Judgments (CSV)"),
    "labels": N_("Labels"),
    "labels-csv": N_("Labels (CSV)"),
}
NAMES = {
    "trl-preference": "TRL preference",
    "trl-unpaired": "TRL unpaired",
    "trl-stepwise": "TRL stepwise",
    "prm800k": "PRM800K",
    "processbench": "ProcessBench",
    "openai-dpo": "OpenAI DPO",
    "lmarena": "LMArena",
    "label-studio": "Label Studio",
}
"""Names of formats, the same in every language."""
REASONS = (
    # Translators: Why an item is not in an exported file, as in "12 items: not settled yet".
    N_("no answer leads"),
    N_("not settled yet"),
    N_("no judgment counts"),
    N_("both answers are bad"),
    N_("the two answers are as good as each other"),
    N_("the two answers are the same text"),
    N_("the problem itself is bad"),
    N_("the answer means neither good nor bad"),
    N_("nobody rated its steps"),
    N_("nobody compared its answers"),
)
WITH_GOLD = {"judgments": N_("Judgments with gold"), "labels": N_("Labels with gold")}


def offer(found: Offered) -> Screen:
    """Offer the formats that fit a project, and say what an export leaves out."""
    project, extent = found.project, found.extent
    text = Text().line(_("{project} · export", project=project.title), "bold").plain("\n")
    kept = extent.judgments - extent.left_out
    text.line(n_("{n} judgment, with pseudonyms.", "{n} judgments, with pseudonyms.", kept))
    if extent.left_out:
        text.line(
            n_(
                # Translators: {count} judgments of {n} students.
                "{count} of {n} student who withdrew their consent are left out.",
                "{count} of {n} students who withdrew their consent are left out.",
                extent.left_out_students,
                count=extent.left_out,
            )
        )
    if kept:
        text.plain("\n").line(_("Labels and files for training hold the leading answer of each item."))
        text.line(_("With each file come its dataset card and its Croissant metadata."))
    back = [Button(_("Back"), f"c:see:{project.id}")]
    return Screen(text, [*(_buttons(found) if kept else []), back])


def _buttons(found: Offered) -> Rows:
    number = found.project.id
    fitting = [one.name for one in formats.fitting(found.project.rules) if one.name in LABELS | NAMES]
    plain = [Button(name_of(name), f"c:file:{number}:{name}") for name in fitting]
    gold = [Button(_(label), f"c:file:{number}:{name}{GOLD}") for name, label in WITH_GOLD.items()]
    return [*grid(plain, PER_ROW), *([gold] if found.owns else [])]


def name_of(name: str) -> str:
    """Call a format as its button does."""
    return NAMES.get(name) or _(LABELS.get(name, name))


def file_name(project: Project, form: Format, *, with_gold: bool = False) -> str:
    """Call the file of an export; a file that tells the answers of gold items says so, lest it is passed on by mistake."""
    kind = form.name.removesuffix(f"-{form.shape}")
    return f"{project.slug}-{kind}{'-with-gold' if with_gold else ''}.{form.shape}"


def caption(project: Project, report: Report) -> str:
    """Say what is in the file."""
    words = n_(
        "{format} of {project}: {n} row.",
        "{format} of {project}: {n} rows.",
        report.rows,
        **_told(project, report),
    )
    if not report.left_out:
        return words
    left = report.left_out.total()
    return f"{words} " + n_(
        "{n} item is left out; the card says why.", "{n} items are left out; the card says why.", left
    )


def _told(project: Project, report: Report) -> dict[str, str]:
    name = report.form.name
    told = _(WITH_GOLD[name]) if report.plan.wishes.with_gold and name in WITH_GOLD else name_of(name)
    return {"format": told, "project": project.title}


def nothing(report: Report) -> Screen:
    """Say why a file would be empty."""
    text = Text().line(_("{format}: nothing to export yet", format=name_of(report.form.name)), "bold")
    for why, items in sorted(report.left_out.items()):
        text.line("• " + n_("{n} item: {why}", "{n} items: {why}", items, why=_(why)))
    return Screen(text)


def too_large(project: Project, form: Format) -> Screen:
    """Say how to get an export that no chat can carry."""
    text = Text().plain(_("This export is larger than a chat can carry. On the server, run:")).plain(" ")
    return Screen(
        text.code(f"veritap export {project.slug} --format {form.name} --out {file_name(project, form)}")
    )
