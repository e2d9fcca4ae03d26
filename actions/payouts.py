"""Payouts: batches that one admin drafts and freezes and another approves. What freezing moves is in the books at once; a batch that is
cancelled before it left moves it back. What comes back from banks is in `payout_reports`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from actions import deliveries, ledger, marks, payout_details, payout_lines, people
from actions.payout_details import Currency
from actions.payout_lines import Line
from actions.payout_preview import Batch, Entry, Preview, compose, get
from actions.people import Person, Visitor
from actions.refusals import BatchMoved, BooksRed, EmptyBatch, ListChanged, NoDraftNow, OutOfDate
from rules import ledger as books
from rules import payees, payouts
from rules.payees import Payee
from rules.payouts import Sealed
from storage.tx import Tx

BOOKS_RED = "books_red_ms"
"""The mark of the moment since when the books are known to be wrong; whoever proves them sets and clears it."""
WEEKDAY = "payout_weekday"
LISTED_MAX = 6
WAITS = "payout_waits"
"""The kind of notice that a batch waits for a second admin."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """How many lines of a batch are in a state, and their amount."""

    state: str
    lines: int
    amount_micro: int


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A batch with all that its page tells. `preview` for a draft; lines and sums after it. `may_approve`: by whoever looks."""

    batch: Batch
    time_zone: str
    may_approve: bool
    preview: Preview | None = None
    lines: tuple[Line, ...] = ()
    masked: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    same_payee: tuple[list[str], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """The newest batches, in which currencies something may be owed, and the day of payouts."""

    batches: list[Batch]
    currencies: list[str]
    weekday: int | None
    next_ms: int | None
    red: bool
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class OwnBatch:
    """Whoever drafted or froze a batch wanted to approve it as well; nothing was changed."""

    batch: Batch


@dataclasses.dataclass(frozen=True, slots=True)
class _Person:
    id: int


def is_locked(tx: Tx) -> bool:
    """Tell whether the books were found wrong, so that no money may leave."""
    return marks.moment(tx, BOOKS_RED) > 0


def overview(tx: Tx, visitor: Visitor) -> Overview:
    """List the newest batches, for an admin."""
    admin = people.require_role(tx, visitor, "admin")
    return Overview(
        batches=tx.all("payouts.batches", Batch, most=LISTED_MAX),
        currencies=[one.currency for one in tx.all("payouts.currencies", Currency)],
        weekday=weekday(tx),
        next_ms=next_date_ms(tx),
        red=is_locked(tx),
        time_zone=people.profile_of(tx, admin).time_zone,
    )


def weekday(tx: Tx) -> int | None:
    """Give the day of the week on which payouts are made, 0 for Monday; None when none was set."""
    text = marks.get(tx, WEEKDAY)
    return int(text) if text is not None and text in "0123456" and len(text) == 1 else None


def next_date_ms(tx: Tx) -> int | None:
    """Give the noon (UTC) of the next day of payouts; None when no weekday was set."""
    day = weekday(tx)
    return None if day is None else payouts.next_day_ms(tx.now_ms, day)


def set_weekday(tx: Tx, visitor: Visitor, day: int | None) -> Overview:
    """Set the day of the week on which payouts are made, or none."""
    admin = people.require_role(tx, visitor, "admin")
    if day is None:
        marks.drop(tx, WEEKDAY)
    elif 0 <= day <= 6:
        marks.put(tx, WEEKDAY, str(day))
    else:
        raise OutOfDate
    _note(tx, admin, "set payout day", "payouts", "none" if day is None else str(day))
    return overview(tx, visitor)


def draft(tx: Tx, visitor: Visitor, currency: str) -> Page:
    """Draft a batch of all that was approved in a currency until now, or give the draft that is there.

    Who is owed enough and has no payout details is asked for them.
    """
    admin = people.require_role(tx, visitor, "admin")
    batch_id = tx.value("payouts.draft_of", currency=currency)
    if batch_id is None:
        if currency not in {one.currency for one in tx.all("payouts.currencies", Currency)}:
            raise NoDraftNow(currency=currency)
        batch_id = tx.number(
            "payouts.add_batch",
            currency=currency,
            period_end_ms=tx.now_ms,
            minimum_micro=payout_details.minimum_micro(tx, currency),
            person_id=admin.id,
            now_ms=tx.now_ms,
        )
        _note(tx, admin, "draft payout", f"payout:{batch_id}", currency)
        _ask_for_details(tx, batch_id)
    return page(tx, visitor, batch_id)


def _ask_for_details(tx: Tx, batch_id: int) -> None:
    for one in compose(tx, get(tx, batch_id)).left_out:
        if one.why == "details":
            payout_details.ask(tx, one.person_id, f":{batch_id}")


def change(
    tx: Tx,
    visitor: Visitor,
    batch_id: int,
    *,
    minimum_micro: int | None = None,
    period_end_ms: int | None = None,
) -> Page:
    """Change what a draft takes in. The minimum is kept for later batches of the currency."""
    admin = people.require_role(tx, visitor, "admin")
    batch = get(tx, batch_id)
    least = batch.minimum_micro if minimum_micro is None else minimum_micro
    end_ms = batch.period_end_ms if period_end_ms is None else period_end_ms
    if least < payouts.coin_micro(batch.currency) or end_ms > tx.now_ms:
        raise OutOfDate
    if not tx.run("payouts.change_draft", id=batch_id, minimum_micro=least, period_end_ms=end_ms):
        raise BatchMoved
    payout_details.keep_minimum(tx, batch.currency, least)
    _note(tx, admin, "change payout draft", f"payout:{batch_id}", f"minimum {least}, period end {end_ms}")
    return page(tx, visitor, batch_id)


def discard(tx: Tx, visitor: Visitor, batch_id: int) -> Batch:
    """Throw a draft away; nothing was moved for it."""
    admin = people.require_role(tx, visitor, "admin")
    if not tx.run("payouts.discard", id=batch_id, now_ms=tx.now_ms):
        raise BatchMoved
    _note(tx, admin, "discard payout", f"payout:{batch_id}")
    return get(tx, batch_id)


def page(tx: Tx, visitor: Visitor, batch_id: int) -> Page:
    """Give all that an admin sees of a batch."""
    admin = people.require_role(tx, visitor, "admin")
    batch = get(tx, batch_id)
    zone = people.profile_of(tx, admin).time_zone
    if batch.state in ("draft", "discarded"):
        return Page(batch, zone, may_approve=False, preview=compose(tx, batch))
    lines = payout_lines.lines_of(tx, batch.id)
    opened = [payout_lines.payee_of(tx, line) for line in lines]
    return Page(
        batch,
        zone,
        may_approve=admin.id not in (batch.drafted_by, batch.frozen_by),
        lines=tuple(lines),
        masked=tuple(payees.masked(one) if one else "" for one in opened),
        same_payee=tuple(_sharing(lines, opened)),
        sums=tuple(tx.all("payouts.sums", Sum, batch_id=batch.id)),
    )


def _sharing(lines: Sequence[Line], opened: Sequence[Payee | None]) -> list[list[str]]:
    together: dict[str, list[str]] = {}
    for line, payee in zip(lines, opened, strict=True):
        if payee is not None:
            together.setdefault(payees.same(payee), []).append(line.pseudonym)
    return [names for names in together.values() if len(names) > 1]


def freeze(tx: Tx, visitor: Visitor, batch_id: int, fingerprint: str) -> Page:
    """Write a draft's lines down, move their money from approved to in payout, and ask the other admins to approve.

    `fingerprint`: of the preview that was looked at; when the list is another by now, nothing is frozen.
    """
    admin = people.require_role(tx, visitor, "admin")
    _require_green(tx)
    batch = get(tx, batch_id)
    if batch.state != "draft":
        raise BatchMoved
    preview = compose(tx, batch)
    if not preview.entries:
        raise EmptyBatch
    if preview.fingerprint != fingerprint:
        raise ListChanged
    first = tx.number("payouts.last_number") + 1
    sealed = [
        _freeze_line(tx, admin, batch, entry, first + place) for place, entry in enumerate(preview.entries)
    ]
    tx.run(
        "payouts.freeze",
        id=batch.id,
        person_id=admin.id,
        now_ms=tx.now_ms,
        lines=len(sealed),
        total_micro=preview.total_micro,
        digest=payouts.digest(batch.currency, batch.period_end_ms, batch.minimum_micro, sealed),
    )
    _note(tx, admin, "freeze payout", f"payout:{batch.id}")
    _ask_the_others(tx, batch, admin)
    return page(tx, visitor, batch.id)


def _freeze_line(tx: Tx, admin: Person, batch: Batch, entry: Entry, number: int) -> Sealed:
    reference = payouts.reference(tx.now_ms, number)
    line = Sealed(
        reference,
        entry.person_id,
        entry.method,
        payouts.payee_digest(reference, entry.payee_hash),
        entry.amount_micro,
    )
    line_id = tx.number(
        "payouts.add_line", batch_id=batch.id, number=number, payee=entry.sealed, **line._asdict()
    )
    tx.run("payouts.take", line_id=line_id, person_id=entry.person_id, currency=batch.currency)
    for row in entry.left_out:
        tx.run("payouts.leave", entry_id=row.entry_id)
    tx.run("payouts.note_taken", line_id=line_id)
    ledger.post(
        tx,
        key=f"payout:{batch.id}:{entry.person_id}",
        kind="payout",
        person_id=entry.person_id,
        actor=f"person:{admin.id}",
        reason=reference,
        postings=books.payout(entry.person_id, entry.amount_micro, batch.currency),
    )
    return line


def _ask_the_others(tx: Tx, batch: Batch, admin: Person) -> None:
    others = tx.all("payouts.other_admins", _Person, drafter=batch.drafted_by, freezer=admin.id)
    for other in others:
        key, notice = f"payout:waits:{batch.id}:{other.id}", {"kind": WAITS, "batch": batch.id}
        deliveries.enqueue(tx, person_id=other.id, key=key, notice=notice)


def approve(tx: Tx, visitor: Visitor, batch_id: int) -> Page | OwnBatch:
    """Approve a frozen batch, as an admin who neither drafted nor froze it. The attempt of one who did is audited."""
    admin = people.require_role(tx, visitor, "admin")
    _require_green(tx)
    batch = get(tx, batch_id)
    if batch.state != "frozen":
        raise BatchMoved
    if admin.id in (batch.drafted_by, batch.frozen_by):
        _note(tx, admin, "refused", f"payout:{batch.id}", "approving one's own payout")
        return OwnBatch(batch)
    tx.run("payouts.approve", id=batch.id, person_id=admin.id, now_ms=tx.now_ms)
    _note(tx, admin, "approve payout", f"payout:{batch.id}", batch.digest or "")
    return page(tx, visitor, batch.id)


def cancel(tx: Tx, visitor: Visitor, batch_id: int) -> Page:
    """Take a frozen or approved batch back before its files were made: all its money is approved again."""
    admin = people.require_role(tx, visitor, "admin")
    if not tx.run("payouts.cancel", id=batch_id, now_ms=tx.now_ms):
        raise BatchMoved
    for line in payout_lines.lines_of(tx, batch_id):
        payout_lines.give_back(tx, line, f"person:{admin.id}", "cancelled")
    _note(tx, admin, "cancel payout", f"payout:{batch_id}")
    return page(tx, visitor, batch_id)


def _require_green(tx: Tx) -> None:
    if is_locked(tx):
        raise BooksRed


def _note(tx: Tx, admin: Person, deed: str, subject: str, detail: str = "") -> None:
    people.audit(tx, f"person:{admin.id}", deed, subject, detail)
