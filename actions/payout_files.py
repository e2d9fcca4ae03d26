"""The files of a payout, as admins take them: made for an approved batch, the same bytes each time. The first
time, the money is on its way."""

from __future__ import annotations

import hashlib

from actions import payout_lines, payout_preview, payouts, people
from actions.payout_preview import Batch
from actions.people import Visitor
from actions.refusals import BatchMoved, BooksRed, PayeeGone
from rules import calendar
from rules.payees import Payee, masked
from rules.payout_files import base, generic, paypal, wise
from rules.payout_files.base import File
from rules.payout_files.wise import Filled
from storage.tx import Tx


def of_list(tx: Tx, visitor: Visitor, batch_id: int) -> File:
    """Write the list of a frozen batch for whoever is to approve it, with payees masked."""
    people.require_role(tx, visitor, "admin")
    batch = payout_preview.get(tx, batch_id)
    if batch.state in ("draft", "discarded"):
        raise BatchMoved
    return generic.write(_batch(tx, batch, hidden=True))


def export(tx: Tx, visitor: Visitor, batch_id: int) -> list[File]:
    """Make the files of a batch: the generic one with every line, and PayPal's where lines go that way."""
    whole = _leaving(tx, visitor, batch_id)
    files = [generic.write(whole), *paypal.write(whole)]
    _note(tx, visitor, batch_id, files)
    return files


def fill_wise(tx: Tx, visitor: Visitor, batch_id: int, template: bytes) -> Filled:
    """Fill an admin's own Wise template with the lines that go that way. Raises BadTable when it is no such template."""
    filled = wise.fill(_leaving(tx, visitor, batch_id), template)
    _note(tx, visitor, batch_id, filled.files)
    return filled


def _leaving(tx: Tx, visitor: Visitor, batch_id: int) -> base.Batch:
    """Give a batch whose files may be made, and note that it is on its way when it was not before."""
    admin = people.require_role(tx, visitor, "admin")
    if payouts.is_locked(tx):
        raise BooksRed
    batch = payout_preview.get(tx, batch_id)
    if batch.state not in ("approved", "exported", "settled"):
        raise BatchMoved
    whole = _batch(tx, batch)
    if tx.run("payouts.export", id=batch.id, person_id=admin.id, now_ms=tx.now_ms):
        for line in payout_lines.lines_of(tx, batch.id):
            payout_lines.tell(tx, line, "sent")
    return whole


def _batch(tx: Tx, batch: Batch, *, hidden: bool = False) -> base.Batch:
    lines = []
    for line in payout_lines.lines_of(tx, batch.id):
        payee = payout_lines.payee_of(tx, line)
        if payee is None and not hidden:
            raise PayeeGone
        shown = _hidden(payee) if hidden or payee is None else payee
        lines.append(
            base.Line(
                line.reference, line.pseudonym, line.method, shown.account, shown.name, line.amount_micro
            )
        )
    end = calendar.local(batch.period_end_ms, "UTC").date().isoformat()
    return base.Batch(batch.id, batch.currency, end, tuple(lines))


def _hidden(payee: Payee | None) -> Payee:
    return Payee("", masked(payee)) if payee is not None else Payee("", "")


def _note(tx: Tx, visitor: Visitor, batch_id: int, files: list[File]) -> None:
    admin = people.require_role(tx, visitor, "admin")
    digests = ", ".join(f"{file.name} {hashlib.sha256(file.data).hexdigest()}" for file in files)
    people.audit(tx, f"person:{admin.id}", "export payout", f"payout:{batch_id}", digests)
