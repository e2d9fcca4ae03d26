"""Reports back from banks and PayPal: what each line of one does to the line of its reference. A report that comes again
changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from actions import payout_lines, people
from actions.payout_lines import Line
from actions.people import Visitor
from actions.refusals import OutOfDate
from rules.payout_files import reports
from rules.payout_files.reports import Finding, Known, Problem, Report, Row
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """What a report came to: a finding for each of its rows that could be read, and the problems of the others."""

    findings: list[Finding]
    problems: list[Problem]
    batches: list[int]

    def count(self, verdict: str) -> int:
        """Count the rows of a verdict."""
        return sum(one.verdict == verdict for one in self.findings)


def take(tx: Tx, visitor: Visitor, report: Report) -> Taken:
    """Take a report in: payments and returns are posted, other amounts noted for an admin to decide, anything else only named."""
    admin = people.require_role(tx, visitor, "admin")
    actor = f"person:{admin.id}"
    findings: list[Finding] = []
    touched: set[int] = set()
    for row in report.rows:
        line = _line_of(tx, row)
        finding = reports.judge(row, _known(line))
        findings.append(finding)
        if line is not None and finding.state != line.state:
            _apply(tx, line, finding, actor)
            touched.add(line.batch_id)
    _settle(tx, touched)
    counts = {one.verdict: 0 for one in findings}
    for one in findings:
        counts[one.verdict] += 1
    told = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    people.audit(tx, actor, "take payout report", "payouts", told)
    return Taken(findings, report.problems, sorted(touched))


def decide(tx: Tx, visitor: Visitor, line_id: int, *, paid: bool) -> Line:
    """Decide about a line of which another amount was reported: it counts as paid, or is approved again."""
    admin = people.require_role(tx, visitor, "admin")
    line = payout_lines.get(tx, line_id)
    if line.state != "short":
        raise OutOfDate
    actor = f"person:{admin.id}"
    if paid:
        payout_lines.pay(tx, line, actor)
    else:
        payout_lines.bring_back(tx, line, actor)
    told = f"{line.reference} of {line.amount_micro}, reported {line.reported_micro}: {'paid' if paid else 'returned'}"
    people.audit(tx, actor, "decide payout line", f"payout:{line.batch_id}", told)
    _settle(tx, {line.batch_id})
    return payout_lines.get(tx, line_id)


def _line_of(tx: Tx, row: Row) -> Line | None:
    line_id = tx.value("payouts.line_of_reference", reference=row.reference)
    return None if line_id is None else payout_lines.get(tx, line_id)


def _known(line: Line | None) -> Known | None:
    return None if line is None else Known(line.amount_micro, line.currency, line.state, line.batch_state)


def _apply(tx: Tx, line: Line, finding: Finding, actor: str) -> None:
    if finding.state == "paid":
        payout_lines.pay(tx, line, actor)
    elif finding.state == "returned":
        payout_lines.bring_back(tx, line, actor)
    else:
        payout_lines.move_line(tx, line, "short", finding.row.amount_micro)


def _settle(tx: Tx, batch_ids: Iterable[int]) -> None:
    for batch_id in sorted(batch_ids):
        tx.run("payouts.settle", id=batch_id, now_ms=tx.now_ms)
