"""Withholding: pay that is held back because a person saw cheating and a second one confirmed it. Never for quality, never what is paid or
in a payout. A coordinator proposes, an admin confirms; it is decided within fourteen days, or released by itself."""

from __future__ import annotations

import dataclasses
from typing import Literal

from actions import deliveries, ledger, people, projects, refusals, two_people
from actions.people import Person, Visitor
from actions.projects import Project
from rules import corrections as rules
from rules import ledger as books
from rules.ledger import student_account
from storage.tx import Tx

JUDGMENTS_MAX = 2_000
"""So many judgments are held back at once, the newest; one transaction books them."""
SHOWN_MAX = 12
DUE_A_RUN = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Withholding:
    """Pay held back, as stored. State: draft, discarded, proposed, refused, lapsed, held, released, forfeited."""

    id: int
    project_id: int
    person_id: int
    from_ms: int
    until_ms: int
    reason: str
    state: str
    proposed_by: int
    proposed_ms: int
    confirmed_by: int | None
    confirmed_ms: int | None
    decide_by_ms: int | None
    decided_by: int | None
    decided_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """A judgment whose pay is or would be held back. `held_in`: where the money lies until then, pending or approved."""

    id: int
    currency: str
    amount_micro: int
    held_in: Literal["pending", "approved"]


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A withholding with what it covers; the rest says what the one who looks may do. `changed`: whether the last tap did anything."""

    withholding: Withholding
    project: Project
    pseudonym: str
    shares: list[Share]
    time_zone: str
    is_yours: bool = False
    can_confirm: bool = False
    can_release: bool = False
    can_take: bool = False
    appeal_id: int | None = None
    seconds: int = 0
    changed: bool = True


def see(tx: Tx, visitor: Visitor, withholding_id: int, *, seconds: int = 0, changed: bool = True) -> Seen:
    """Give a withholding to whoever manages its project. Raises OutOfDate when there is none."""
    found = existing(tx, withholding_id)
    person, project = projects.managed_by_id(tx, visitor, found.project_id)
    is_admin = people.has_role(tx, person.id, "admin")
    concerned = person.id == found.person_id
    may_second = is_admin and not concerned and person.id != found.proposed_by
    asked = tx.value("withholdings.open_appeal", withholding_id=found.id)
    return Seen(
        found,
        project,
        people.get(tx, found.person_id).pseudonym,
        shares(tx, found),
        people.profile_of(tx, person).time_zone,
        is_yours=found.proposed_by == person.id,
        can_confirm=found.state == "proposed" and may_second,
        can_release=found.state == "held" and not concerned,
        can_take=found.state == "held" and may_second and asked is None and _has_had_time(tx, found),
        appeal_id=asked,
        seconds=seconds,
        changed=changed,
    )


def existing(tx: Tx, withholding_id: int) -> Withholding:
    """Give a withholding. Raises OutOfDate when there is none."""
    found = tx.one("withholdings.by_id", Withholding, id=withholding_id)
    if found is None:
        raise refusals.OutOfDate
    return found


def shares(tx: Tx, found: Withholding) -> list[Share]:
    """List the judgments that a withholding holds back, or would."""
    if found.state in ("draft", "proposed"):
        return unpaid(tx, found.project_id, found.person_id, found.from_ms, found.until_ms)
    return tx.all("withholdings.withheld", Share, withholding_id=found.id)


def listing(tx: Tx, visitor: Visitor) -> list[Withholding]:
    """List what waits for a decision on the projects that a person manages."""
    person = people.require_role(tx, visitor, "coordinator")
    everything = int(people.has_role(tx, person.id, "admin"))
    return tx.all(
        "withholdings.open", Withholding, everything=everything, manager_id=person.id, most=SHOWN_MAX
    )


def propose(tx: Tx, visitor: Visitor, withholding_id: int) -> Seen:
    """Ask the admins to confirm a draft of one's own; nothing is held back yet. Raises HeldAlready."""
    person, found = _own(tx, visitor, withholding_id)
    if found.state != "draft":
        return see(tx, visitor, found.id, changed=False)
    if tx.value("withholdings.open_of", project_id=found.project_id, person_id=found.person_id) is not None:
        raise refusals.HeldAlready
    if not tx.run("withholdings.propose", id=found.id, now_ms=tx.now_ms):
        return see(tx, visitor, found.id, changed=False)
    people.audit(tx, f"person:{person.id}", "proposed withholding", *_subject(found))
    notice = {"what": "withholding", "id": found.id}
    told = two_people.ask_for_second(
        tx, f"withholding:{found.id}", notice, but=person.id, nor=found.person_id
    )
    return see(tx, visitor, found.id, seconds=told)


def discard(tx: Tx, visitor: Visitor, withholding_id: int) -> Seen:
    """Drop a draft of one's own, or take back a proposal."""
    person, found = _own(tx, visitor, withholding_id)
    if found.state not in ("draft", "proposed") or not _decide(tx, found, "discarded", person.id):
        return see(tx, visitor, found.id, changed=False)
    if found.state == "proposed":
        people.audit(tx, f"person:{person.id}", "took back withholding", *_subject(found))
    return see(tx, visitor, found.id)


def confirm(tx: Tx, visitor: Visitor, withholding_id: int, *, agrees: bool) -> Seen:
    """Hold the pay back, as a second person, or refuse to. Of two admins the first decides.

    Raises SamePerson, YourOwnMoney or NothingToHold.
    """
    admin, found = people.require_role(tx, visitor, "admin"), existing(tx, withholding_id)
    _require_other(admin, found)
    if found.state != "proposed":
        return see(tx, visitor, found.id, changed=False)
    moved = _hold(tx, found, admin.id) if agrees else _decide(tx, found, "refused", admin.id)
    if not moved:
        return see(tx, visitor, found.id, changed=False)
    people.audit(
        tx, f"person:{admin.id}", f"{'confirmed' if agrees else 'refused'} withholding", *_subject(found)
    )
    notice = {"what": "withholding", "id": found.id}
    two_people.tell_first(tx, f"withholding:{found.id}", found.proposed_by, notice)
    return see(tx, visitor, found.id)


def settle(tx: Tx, visitor: Visitor, withholding_id: int, *, takes: bool) -> Seen:
    """Release what is held back, or take it for good.

    Whoever manages the project may release it. Taking it needs an admin who did not propose it, seven days for the student to answer, and
    no open appeal: that is answered instead. Raises SamePerson, YourOwnMoney, TooEarlyToTake or AnswerTheAppeal.
    """
    found = existing(tx, withholding_id)
    person, _project = projects.managed_by_id(tx, visitor, found.project_id)
    if found.state != "held":
        return see(tx, visitor, found.id, changed=False)
    require_decider(tx, person, found, takes=takes)
    if takes and tx.value("withholdings.open_appeal", withholding_id=found.id) is not None:
        raise refusals.AnswerTheAppeal
    if takes and not _has_had_time(tx, found):
        raise refusals.TooEarlyToTake
    changed = settle_as(tx, found, person.id, takes=takes)
    return see(tx, visitor, found.id, changed=changed)


def require_decider(tx: Tx, person: Person, found: Withholding, *, takes: bool) -> None:
    """Refuse whoever may not decide: nobody their own; and taking it needs an admin who did not propose it."""
    if person.id == found.person_id:
        raise refusals.YourOwnMoney
    if takes:
        if not people.has_role(tx, person.id, "admin"):
            raise refusals.NotAllowed(role="admin")
        _require_other(person, found)


def settle_as(tx: Tx, found: Withholding, decided_by: int | None, *, takes: bool, tells: bool = True) -> bool:
    """Release or take what is held back, and close its appeal. `decided_by`: None is the timetable. `tells`: the student is told of it.

    False when somebody else was first; then nothing changes.
    """
    actor = ledger.SYSTEM if decided_by is None else f"person:{decided_by}"
    kind, state = ("forfeit", "forfeited") if takes else ("release", "released")
    reason = (
        "not decided in time" if decided_by is None else found.reason if takes else "released by a person"
    )
    if not _decide(tx, found, state, decided_by):
        return False
    for share in shares(tx, found):
        if takes:
            postings = books.forfeit(found.project_id, found.person_id, share.amount_micro, share.currency)
        else:
            postings = books.release(found.person_id, share.amount_micro, share.currency)
        ledger.post(
            tx,
            key=f"{kind}:{found.id}:{share.id}",
            kind=kind,
            person_id=found.person_id,
            actor=actor,
            reason=reason,
            postings=postings,
        )
    closed = "lapsed" if decided_by is None else "upheld" if takes else "released"
    tx.run(
        "withholdings.close_appeal",
        withholding_id=found.id,
        state=closed,
        answered_by=decided_by,
        now_ms=tx.now_ms,
    )
    people.audit(tx, actor, f"{state} withholding", *_subject(found))
    if tells:
        _tell(tx, found, state)
    return True


def release_due(tx: Tx) -> int:
    """Release what nobody decided in time, and let proposals lapse that nobody confirmed. Return how many."""
    before_ms = tx.now_ms - rules.DECIDE_MS
    due = tx.all("withholdings.due", Withholding, now_ms=tx.now_ms, before_ms=before_ms, most=DUE_A_RUN)
    for found in due:
        if found.state == "held":
            settle_as(tx, found, None, takes=False)
        elif _decide(tx, found, "lapsed", None):
            people.audit(tx, ledger.SYSTEM, "let withholding lapse", *_subject(found))
    return len(due)


def told(tx: Tx, withholding_id: int, person_id: int) -> Seen | None:
    """Give a withholding to the student whom it is about; None when it is not about them."""
    found = tx.one("withholdings.by_id", Withholding, id=withholding_id)
    if found is None or found.person_id != person_id or found.confirmed_ms is None:
        return None
    person = people.get(tx, person_id)
    zone = people.profile_of(tx, person).time_zone
    project = projects.get(tx, found.project_id)
    return Seen(found, project, person.pseudonym, shares(tx, found), zone)


def sums(found: list[Share]) -> dict[str, int]:
    """Add up shares by currency, in millionths."""
    total: dict[str, int] = {}
    for share in found:
        total[share.currency] = total.get(share.currency, 0) + share.amount_micro
    return total


def _hold(tx: Tx, found: Withholding, admin_id: int) -> bool:
    held = unpaid(tx, found.project_id, found.person_id, found.from_ms, found.until_ms)
    if not held:
        raise refusals.NothingToHold
    decide_by_ms = tx.now_ms + rules.DECIDE_MS
    if not tx.run(
        "withholdings.hold", id=found.id, confirmed_by=admin_id, decide_by_ms=decide_by_ms, now_ms=tx.now_ms
    ):
        return False
    for share in held:
        row = dataclasses.asdict(share)
        tx.run("withholdings.withhold", judgment_id=row.pop("id"), withholding_id=found.id, **row)
        tx.run("withholdings.mark", judgment_id=share.id, withholding_id=found.id)
        ledger.post(
            tx,
            key=f"withhold:{found.id}:{share.id}",
            kind="withholding",
            person_id=found.person_id,
            actor=f"person:{admin_id}",
            reason=found.reason,
            postings=books.withholding(
                found.person_id, share.amount_micro, share.currency, held_in=share.held_in
            ),
        )
    _tell(tx, found, "held")
    return True


def unpaid(tx: Tx, project_id: int, person_id: int, from_ms: int, until_ms: int) -> list[Share]:
    """List the judgments of a student whose pay can be held back: unpaid, in no payout, and never held back before."""
    rows = tx.all(
        "withholdings.unpaid",
        Share,
        person_id=person_id,
        project_id=project_id,
        from_ms=from_ms,
        until_ms=until_ms,
        most=JUDGMENTS_MAX,
    )
    # What was taken back by an adjustment is not there to be held back as well.
    left: dict[str, int] = {}
    kept = []
    for share in rows:
        if share.held_in == "approved":
            account = student_account(person_id, "approved")
            there = left.get(share.currency, ledger.balance(tx, account, share.currency))
            if share.amount_micro > there:
                continue
            left[share.currency] = there - share.amount_micro
        kept.append(share)
    return kept


def _tell(tx: Tx, found: Withholding, state: str) -> None:
    deliveries.enqueue(
        tx,
        person_id=found.person_id,
        key=f"withholding:{found.id}:{state}",
        notice={"kind": "withheld", "id": found.id, "state": state},
    )


def _decide(tx: Tx, found: Withholding, state: str, decided_by: int | None) -> bool:
    changed = tx.run(
        "withholdings.decide",
        id=found.id,
        before=found.state,
        state=state,
        decided_by=decided_by,
        now_ms=tx.now_ms,
    )
    return changed > 0


def _own(tx: Tx, visitor: Visitor, withholding_id: int) -> tuple[Person, Withholding]:
    found = existing(tx, withholding_id)
    person, _project = projects.managed_by_id(tx, visitor, found.project_id)
    if found.proposed_by != person.id:
        raise refusals.OutOfDate
    return person, found


def _require_other(person: Person, found: Withholding) -> None:
    if person.id == found.proposed_by:
        raise refusals.SamePerson
    if person.id == found.person_id:
        raise refusals.YourOwnMoney


def _has_had_time(tx: Tx, found: Withholding) -> bool:
    return found.confirmed_ms is not None and tx.now_ms >= found.confirmed_ms + rules.APPEAL_MS


def _subject(found: Withholding) -> tuple[str, str]:
    return f"withholding:{found.id}", f"person:{found.person_id} project:{found.project_id}"
