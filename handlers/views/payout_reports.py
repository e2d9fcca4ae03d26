"""Reports and templates of payouts, as screens: what to send, why a file cannot be read, and what one came to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from actions.payout_preview import Batch
from actions.payout_reports import Taken
from handlers.language import N_, _, listed, n_, number
from handlers.screen import Button, Screen
from handlers.views.payouts import back, more
from rules.payout_files.reports import Finding, Problem
from rules.payout_files.table import BadTable
from rules.text import Text

TROUBLES_SHOWN = 10
BATCHES_SHOWN = 5
LEFT_OUT_SHOWN = 10


def ask_report() -> Screen:
    """Ask for the file that came back."""
    text = Text().line(_("What came back?"), "bold").plain("\n")
    text.plain(
        _(
            "Send the report of your bank or PayPal as a CSV file. It needs our reference, an amount and a status for each payment. "
            "A file with the caption “report” works at any time. The same file twice changes nothing."
        )
    )
    return Screen(text, [back()])


def ask_template(batch: Batch) -> Screen:
    """Ask for the admin's own Wise template."""
    text = Text().line(_("Your Wise template, please"), "bold").plain("\n")
    text.plain(
        _(
            "Download a batch payment template at Wise, as CSV, and send it here. Its header stays as it is; I fill the rows and "
            "send it back."
        )
    )
    return Screen(text, [[Button(_("Back"), f"y:see:{batch.id}")]])


def wants_file() -> Screen:
    """Say that a file is awaited where words came."""
    return Screen(Text().plain(_("Send it as a CSV file. /cancel forgets it.")))


TABLE_TROUBLES = {
    "empty": N_("This file is empty."),
    "encoding": N_(
        "Line {line} is neither UTF-8 nor UTF-16. Save the file as CSV in UTF-8 and send it again."
    ),
    "spreadsheet": N_("This is a spreadsheet. Save it as CSV and send that."),
    "table": N_("Line {line} cannot be read as a table. Save the file as CSV again and send it."),
    "rows": N_("This file has too many rows. Split it and send the parts one by one."),
    # Translators: {columns} are names of columns in a file, in English.
    "columns": N_("I found no line with the columns {columns}. Nothing was changed."),
}


def bad_table(trouble: BadTable) -> Screen:
    """Say why a file cannot be read, and what was looked for."""
    sentence = _(TABLE_TROUBLES[trouble.why], line=str(trouble.line), columns=listed(trouble.looked_for))
    return Screen(Text().plain(sentence))


def filled(files: int, left_out: Sequence[str]) -> Screen:
    """Say what a Wise template took in, and what it has no column for."""
    text = Text()
    if files:
        text.line(
            n_("Filled: {n} file. Upload it at Wise.", "Filled: {n} files. Upload them at Wise.", files)
        )
    else:
        text.line(_("Nothing in this payout fits the columns of this template."))
    if left_out:
        text.line(
            n_(
                "{n} payment has no column there: {which}",
                "{n} payments have no column there: {which}",
                len(left_out),
                which=listed(left_out[:LEFT_OUT_SHOWN]),
            )
        )
    return Screen(text)


VERDICTS = {
    # Translators: What a line of a bank's report came to, as in "3 paid".
    "matched": N_("paid"),
    "returned": N_("came back, approved again"),
    "short": N_("another amount: nothing was moved, please decide"),
    "waiting": N_("not there yet"),
    "repeated": N_("known already"),
    "late": N_("paid after it had come back: please look"),
    "foreign": N_("a reference that is not ours"),
    "currency": N_("another currency"),
    "unsent": N_("its payout was not sent yet"),
    "cancelled": N_("its payout was cancelled"),
}
QUIET = ("matched", "returned", "waiting", "repeated")
"""Verdicts that are counted; a row of any other is named with its line."""
PROBLEMS = {
    "reference": N_("no reference"),
    "amount": N_("no amount: {cell}"),
    "status": N_("a status that I do not know: {cell}"),
    "duplicate": N_("the same line again: {cell}"),
}


def taken(found: Taken) -> Screen:
    """Say what a report came to, line by line where somebody must look."""
    text = Text().line(_("The report"), "bold").plain("\n")
    for verdict in VERDICTS:
        count = found.count(verdict)
        if count:
            text.line(f"{number(count)} {_(VERDICTS[verdict])}")
    if not found.findings:
        text.line(_("No line of it could be used."))
    named = troubles(found)
    if named:
        text.plain("\n")
        for line in named[:TROUBLES_SHOWN]:
            text.line(line)
        more(text, len(named) - TROUBLES_SHOWN)
    opened = [
        [Button(_("Payout {number}", number=str(one)), f"y:see:{one}")]
        for one in found.batches[:BATCHES_SHOWN]
    ]
    return Screen(text, [*opened, back()])


def troubles(found: Taken) -> list[str]:
    """Name every line of a report that somebody must look at."""
    rows: list[tuple[int, str]] = [
        (one.row.line, _finding(one)) for one in found.findings if one.verdict not in QUIET
    ]
    rows += [(one.line, _problem(one)) for one in found.problems]
    return [_("Line {line}: {what}", line=str(line), what=what) for line, what in sorted(rows)]


def _finding(finding: Finding) -> str:
    return f"{finding.row.reference[:30]} · {_(VERDICTS[finding.verdict])}"


def _problem(problem: Problem) -> str:
    return _(PROBLEMS[problem.why], cell=problem.cell[:40])
