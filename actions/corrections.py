"""Adjustments: an admin gives a student money that no project pays, or takes it back, with a reason; never below zero, and nobody sets a
balance. Above a limit, or for one's own money, a second admin must agree."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import deliveries, ledger, people, projects, refusals, roles, two_people
from actions.people import Visitor
from actions.roles import Holder
from rules import corrections as rules
from rules import ledger as books
from rules import money
from rules.ledger import STUDENT_STATES, student_account
from storage.tx import Tx

AWAITS_PERSON = "adjust:person"
AWAITS_AMOUNT = "adjust:amount"
AWAITS_REASON = "adjust:reason"
SHOWN_MAX = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment as stored; `judgment_id` or `line_id` is what it corrects. State: draft, discarded, waiting, booked, refused."""

    id: int
    person_id: int
    currency: str
    amount_micro: int
    reason: str
    judgment_id: int | None
    line_id: int | None
    state: str
    needs_second: int
    proposed_by: int
    proposed_ms: int
    decided_by: int | None
    decided_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """An adjustment as an admin sees it, with what the student has approved now. `changed`: whether the last tap did anything."""

    adjustment: Adjustment
    holder: Holder
    approved_micro: int
    is_yours: bool
    can_decide: bool
    seconds: int = 0
    changed: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """A student's money in one currency, by state."""

    currency: str
    by_state: dict[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A student's money, what was corrected before, and in which currencies it can be corrected."""

    holder: Holder
    held: list[Held]
    recent: list[Adjustment]
    currencies: list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A correction under way: whose, in what, what it corrects, and how much so far."""

    holder: Holder
    currency: str
    approved_micro: int
    judgment_id: int | None
    line_id: int | None
    amount_micro: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a second admin, and the limit that made it wait."""

    adjustments: list[Adjustment]
    limit: two_people.Limit


@dataclasses.dataclass(frozen=True, slots=True)
class _Subject:
    person_id: int
    currency: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Currency:
    currency: str


def start(tx: Tx, visitor: Visitor) -> Waiting:
    """Wait for whose pay to correct, and give what waits for a second admin."""
    admin = people.require_role(tx, visitor, "admin")
    people.await_input(tx, admin.id, AWAITS_PERSON)
    waiting = tx.all("corrections.adjustments_waiting", Adjustment, most=SHOWN_MAX)
    return Waiting(waiting, two_people.limit(tx, visitor))


def page(tx: Tx, visitor: Visitor, person_id: int) -> Page:
    """Give a student's money by currency and state. Raises OutOfDate for nobody."""
    found = roles.holder(tx, visitor, person_id)
    pending, approved = (student_account(person_id, state) for state in ("pending", "approved"))
    own = [
        row.currency
        for row in tx.all("corrections.currencies", _Currency, pending=pending, approved=approved)
    ]
    held = [
        Held(currency, {state: _balance(tx, person_id, state, currency) for state in STUDENT_STATES})
        for currency in own
    ]
    recent = tx.all("corrections.adjustments_of", Adjustment, person_id=person_id, most=SHOWN_MAX)
    offered = own or sorted({one.rules.pay.currency for one in projects.all_managed(tx, visitor)})
    return Page(found, held, recent, offered[:SHOWN_MAX])


def begin(
    tx: Tx,
    visitor: Visitor,
    person_id: int,
    currency: str,
    *,
    judgment_id: int | None = None,
    line_id: int | None = None,
) -> Begun:
    """Begin to correct a student's pay, and wait for the amount."""
    admin = people.require_role(tx, visitor, "admin")
    if currency not in money.DECIMALS:
        raise refusals.OutOfDate
    draft: dict[str, Any] = {
        "person": person_id,
        "currency": currency,
        "judgment": judgment_id,
        "line": line_id,
    }
    begun = _begun(tx, visitor, draft)
    people.await_input(tx, admin.id, AWAITS_AMOUNT, json.dumps(draft))
    return begun


def begin_from(
    tx: Tx, visitor: Visitor, *, judgment_id: int | None = None, line_id: int | None = None
) -> Begun:
    """Begin to correct the pay of a judgment, or a line of a payout. Raises OutOfDate when there is none."""
    people.require_role(tx, visitor, "admin")
    if judgment_id is not None:
        subject = tx.one("corrections.judgment", _Subject, id=judgment_id)
    else:
        subject = tx.one("corrections.payout_line", _Subject, id=line_id)
    if subject is None:
        raise refusals.NoSuchThing
    return begin(tx, visitor, subject.person_id, subject.currency, judgment_id=judgment_id, line_id=line_id)


def begin_from_reference(tx: Tx, visitor: Visitor, reference: str) -> Begun:
    """Begin to correct the line of a payout that goes by a reference such as W46-0193. Raises NoSuchThing when there is none."""
    people.require_role(tx, visitor, "admin")
    line_id = tx.value("corrections.line_of_reference", reference=reference)
    if line_id is None:
        raise refusals.NoSuchThing
    return begin_from(tx, visitor, line_id=int(line_id))


def type_amount(tx: Tx, visitor: Visitor, text: str) -> Begun:
    """Take the amount that was typed, and wait for the reason. Raises NotAnAmount or BelowZero."""
    admin = people.require_role(tx, visitor, "admin")
    draft = _awaited(tx, admin.id, AWAITS_AMOUNT)
    try:
        amount = rules.parse_signed(text)
    except ValueError as error:
        raise refusals.NotAnAmount(text=text.strip()[:40]) from error
    begun = dataclasses.replace(_begun(tx, visitor, draft), amount_micro=amount)
    _check_left(begun.approved_micro, amount, begun.currency)
    people.await_input(tx, admin.id, AWAITS_REASON, json.dumps(draft | {"amount": amount}))
    return begun


def type_reason(tx: Tx, visitor: Visitor, text: str) -> Seen:
    """Take the reason that was typed, and show it all before anything moves. Raises WordsOutOfBounds."""
    admin = people.require_role(tx, visitor, "admin")
    draft = _awaited(tx, admin.id, AWAITS_REASON)
    reason = typed_words(text, rules.REASON_LEAST, rules.REASON_MOST)
    amount, person_id, currency = int(draft["amount"]), int(draft["person"]), str(draft["currency"])
    adjustment_id = tx.number(
        "corrections.add_adjustment",
        person_id=person_id,
        currency=currency,
        amount_micro=amount,
        reason=reason,
        judgment_id=draft["judgment"],
        line_id=draft["line"],
        needs_second=int(_needs_second(tx, admin.id, person_id, currency, amount)),
        proposed_by=admin.id,
        now_ms=tx.now_ms,
    )
    people.stop_awaiting(tx, admin.id)
    return see(tx, visitor, adjustment_id)


def see(tx: Tx, visitor: Visitor, adjustment_id: int, *, seconds: int = 0, changed: bool = True) -> Seen:
    """Give an adjustment as an admin sees it. Raises OutOfDate when there is none."""
    admin = people.require_role(tx, visitor, "admin")
    found = get(tx, adjustment_id)
    if found is None:
        raise refusals.OutOfDate
    return Seen(
        found,
        roles.holder(tx, visitor, found.person_id),
        _balance(tx, found.person_id, "approved", found.currency),
        is_yours=found.proposed_by == admin.id,
        can_decide=found.state == "waiting" and admin.id not in (found.proposed_by, found.person_id),
        seconds=seconds,
        changed=changed,
    )


def get(tx: Tx, adjustment_id: int) -> Adjustment | None:
    """Give an adjustment, if there is one of that number."""
    return tx.one("corrections.adjustment", Adjustment, id=adjustment_id)


def confirm(tx: Tx, visitor: Visitor, adjustment_id: int) -> Seen:
    """Book a draft of one's own, or have it wait for a second admin. A second tap changes nothing. Raises BelowZero."""
    admin = people.require_role(tx, visitor, "admin")
    found = get(tx, adjustment_id)
    if found is None or found.proposed_by != admin.id:
        raise refusals.OutOfDate
    if found.state != "draft":
        return see(tx, visitor, found.id, changed=False)
    second = _needs_second(tx, admin.id, found.person_id, found.currency, found.amount_micro)
    actor, subject = f"person:{admin.id}", f"adjust:{found.id}"
    state, decided_by = ("waiting", None) if second else ("booked", admin.id)
    if not _move(tx, found, state, decided_by, needs_second=second):
        return see(tx, visitor, found.id, changed=False)
    if second:
        people.audit(tx, actor, "proposed adjustment", subject, _detail(found))
        notice = {"what": "adjustment", "id": found.id}
        told = two_people.ask_for_second(tx, subject, notice, but=admin.id, nor=found.person_id)
        return see(tx, visitor, found.id, seconds=told)
    _book(tx, found, admin.id)
    return see(tx, visitor, found.id)


def discard(tx: Tx, visitor: Visitor, adjustment_id: int) -> Seen:
    """Drop a draft of one's own, or take back what waits."""
    admin = people.require_role(tx, visitor, "admin")
    found = get(tx, adjustment_id)
    if found is None or found.proposed_by != admin.id:
        raise refusals.OutOfDate
    changed = found.state in ("draft", "waiting") and _move(
        tx, found, "discarded", None, needs_second=bool(found.needs_second)
    )
    if changed and found.state == "waiting":
        people.audit(tx, f"person:{admin.id}", "took back adjustment", f"adjust:{found.id}", _detail(found))
    return see(tx, visitor, found.id, changed=changed)


def decide(tx: Tx, visitor: Visitor, adjustment_id: int, *, agrees: bool) -> Seen:
    """Agree to what another admin proposed, or refuse it. Of two admins the first decides. Raises SamePerson, YourOwnMoney or BelowZero."""
    admin = people.require_role(tx, visitor, "admin")
    found = get(tx, adjustment_id)
    if found is None:
        raise refusals.OutOfDate
    if admin.id == found.proposed_by:
        raise refusals.SamePerson
    if admin.id == found.person_id:
        raise refusals.YourOwnMoney
    state = "booked" if agrees else "refused"
    if found.state != "waiting" or not _move(tx, found, state, admin.id, needs_second=True):
        return see(tx, visitor, found.id, changed=False)
    if agrees:
        _book(tx, found, admin.id)
    else:
        people.audit(tx, f"person:{admin.id}", "refused adjustment", f"adjust:{found.id}", _detail(found))
    notice = {"what": "adjustment", "id": found.id}
    two_people.tell_first(tx, f"adjust:{found.id}", found.proposed_by, notice)
    return see(tx, visitor, found.id)


def typed_words(text: str, least: int, most: int) -> str:
    """Take a reason or an answer as typed. Raises WordsOutOfBounds."""
    try:
        return rules.parse_words(text, least, most)
    except ValueError as error:
        raise refusals.WordsOutOfBounds(least=least, most=most) from error


def _book(tx: Tx, found: Adjustment, decided_by: int) -> None:
    approved = _balance(tx, found.person_id, "approved", found.currency)
    _check_left(approved, found.amount_micro, found.currency)
    gives = found.amount_micro > 0
    ledger.post(
        tx,
        key=f"adjust:{found.id}",
        kind="adjustment",
        person_id=found.person_id,
        actor=f"person:{decided_by}",
        reason=found.reason,
        postings=books.adjustment(found.person_id, abs(found.amount_micro), found.currency, gives=gives),
    )
    people.audit(tx, f"person:{decided_by}", "booked adjustment", f"adjust:{found.id}", _detail(found))
    deliveries.enqueue(
        tx,
        person_id=found.person_id,
        key=f"adjusted:{found.id}",
        notice={"kind": "adjusted", "id": found.id},
    )


def _move(tx: Tx, found: Adjustment, state: str, decided_by: int | None, *, needs_second: bool) -> bool:
    changed = tx.run(
        "corrections.move_adjustment",
        id=found.id,
        before=found.state,
        state=state,
        needs_second=int(needs_second),
        decided_by=decided_by,
        decided_ms=None if decided_by is None else tx.now_ms,
    )
    return changed > 0


def _needs_second(tx: Tx, admin_id: int, person_id: int, currency: str, amount_micro: int) -> bool:
    alone = tx.number(
        "corrections.adjusted_alone",
        person_id=person_id,
        currency=currency,
        proposed_by=admin_id,
        since_ms=tx.now_ms - rules.ALONE_MS,
    )
    return rules.needs_second(amount_micro, alone, two_people.limit_micro(tx), is_own=person_id == admin_id)


def _check_left(approved_micro: int, amount_micro: int, currency: str) -> None:
    if approved_micro + amount_micro < 0:
        raise refusals.BelowZero(approved=money.show(approved_micro, currency))


def _balance(tx: Tx, person_id: int, state: str, currency: str) -> int:
    return ledger.balance(tx, student_account(person_id, state), currency)


def _begun(tx: Tx, visitor: Visitor, draft: dict[str, Any]) -> Begun:
    person_id, currency = int(draft["person"]), str(draft["currency"])
    holder, approved = roles.holder(tx, visitor, person_id), _balance(tx, person_id, "approved", currency)
    return Begun(holder, currency, approved, draft["judgment"], draft["line"])


def _awaited(tx: Tx, person_id: int, kind: str) -> dict[str, Any]:
    awaited = people.awaited(tx, person_id)
    if awaited is None or awaited.kind != kind:
        raise refusals.OutOfDate
    return dict(json.loads(awaited.detail))


def _detail(found: Adjustment) -> str:
    sign = "+" if found.amount_micro > 0 else ""
    return f"{sign}{money.exact(found.amount_micro)} {found.currency} person:{found.person_id}"
