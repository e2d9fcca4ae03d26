"""What a student has earned: hours and money by period and by project, what became of it, and each judgment with its reasons. Only reads.

What all so far comes to is read from the balances, which the ledger keeps: it costs the same whatever the history.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping

from actions import ledger, payouts, people, statements
from actions.ledger import PENDING_MAX_MS
from actions.people import Visitor
from rules import calendar
from rules.credit import DAY_MS
from rules.ledger import STUDENT_STATES, TIME, Posting, student_account
from rules.statement import Content
from storage.tx import Tx

ITEMS_A_PAGE = 8
KINDS_BESIDE = ("topup", "bonus", "adjustment", "forfeit")
"""Kinds of money that no answer brings in."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """Time and money in one currency: of so many live judgments, and money beside them. What was forfeited is not in it."""

    currency: str
    judgments: int
    credited_ms: int
    pending_micro: int = 0
    approved_micro: int = 0
    in_payout_micro: int = 0
    paid_micro: int = 0
    withheld_micro: int = 0
    beside: tuple[tuple[str, int], ...] = ()
    """Money that no answer brought in, by kind; it is part of the states."""

    @property
    def amount_micro(self) -> int:
        """All of it, whatever its state."""
        return sum(self.states.values())

    @property
    def states(self) -> dict[str, int]:
        """The amount in each state."""
        return {state: getattr(self, f"{state}_micro") for state in STUDENT_STATES}

    @property
    def rate_micro(self) -> int | None:
        """What an hour brought: all but bonuses and corrections, by credited time. None where no time is credited."""
        extra = sum(amount for kind, amount in self.beside if kind in ("bonus", "adjustment"))
        return hourly_micro(self.amount_micro - extra, self.credited_ms)


def hourly_micro(amount_micro: int, credited_ms: int) -> int | None:
    """Give what an hour brought; None where no time is credited."""
    return amount_micro * 3_600_000 // credited_ms if credited_ms > 0 else None


@dataclasses.dataclass(frozen=True, slots=True)
class OfProject:
    """What a student got from one project since they came to it, in one currency. `amount_micro`: for items, with top-ups."""

    title: str
    currency: str
    judgments: int
    credited_ms: int
    amount_micro: int

    @property
    def rate_micro(self) -> int | None:
        """What an hour brought; None where no time is credited."""
        return hourly_micro(self.amount_micro, self.credited_ms)


@dataclasses.dataclass(frozen=True, slots=True)
class LastPaid:
    """The newest payment that arrived."""

    reference: str
    settled_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """A student's sums by period: today, week, last_week, all."""

    periods: dict[str, list[Sum]]
    time_zone: str
    latest_settles_ms: int | None
    projects: list[OfProject] = dataclasses.field(default_factory=list)
    last_paid: LastPaid | None = None
    next_payout_ms: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One judgment, as its student sees it. `spent_ms` is the time it took, before the cap; `scheme`: hour, item or floor."""

    id: int
    project_id: int
    project: str
    stage: str
    answered_ms: int
    spent_ms: int
    credited_ms: int
    cap_ms: int
    amount_micro: int
    rate_micro: int
    currency: str
    scheme: str
    piece_micro: int
    approved_ms: int | None
    undone_ms: int | None
    withheld_id: int | None
    withholding: str | None
    line_state: str | None
    reference: str | None
    status: str = "counted"
    """Whether it counts as data: counted, held or excluded. It is paid all the same."""

    @property
    def state(self) -> str:
        """What became of its pay: undone, withheld, forfeited, pending, approved, in_payout or paid."""
        if self.undone_ms is not None:
            return "undone"
        if self.withholding in ("held", "forfeited"):
            return "withheld" if self.withholding == "held" else "forfeited"
        # What was held back and released is approved at once.
        if self.approved_ms is None and self.withheld_id is None:
            return "pending"
        return {"paid": "paid", "open": "in_payout", "short": "in_payout"}.get(
            self.line_state or "", "approved"
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """A page of judgments, newest first; `before` leads to the next page, None at the end."""

    lines: list[Line]
    before: int | None
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Booked:
    """Who made an entry, why, and when."""

    actor: str
    reason: str
    recorded_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class Detail:
    """One judgment with what touched its pay. `withheld_by`: the name of who withheld it; `topup_micro`: of all items of its week."""

    line: Line
    time_zone: str
    withheld: Booked | None = None
    withheld_by: str = ""
    forfeited: Booked | None = None
    topup_micro: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Judged:
    currency: str
    judgments: int
    credited_ms: int
    pending_micro: int
    approved_micro: int
    in_payout_micro: int
    paid_micro: int
    withheld_micro: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Other:
    kind: str
    currency: str
    state: str
    amount_micro: int


def summary(tx: Tx, visitor: Visitor) -> Summary:
    """Sum up a student's hours and money by period."""
    person = people.known(tx, visitor)
    zone = people.profile_of(tx, person).time_zone
    week_ms = calendar.week_start_ms(tx.now_ms, zone)
    # Half a day back from Monday's midnight is always inside the week before, whatever the clocks did.
    last_week_ms = calendar.week_start_ms(week_ms - DAY_MS // 2, zone)
    end = tx.now_ms + DAY_MS
    periods = {
        "today": _period(tx, person.id, calendar.day_start_ms(tx.now_ms, zone), end),
        "week": _period(tx, person.id, week_ms, end),
        "last_week": _period(tx, person.id, last_week_ms, week_ms),
    }
    totals = statements.so_far(tx, person.id)
    newest_currency = tx.value("earnings.newest_currency", person_id=person.id) or ""
    projects = _projects(totals, statements.titles(tx), newest_currency)
    periods["all"] = _all(tx, person.id, totals, projects, newest_currency)
    # Nothing waits for longer, but for the minutes until the timetable comes round.
    since_ms = tx.now_ms - PENDING_MAX_MS - DAY_MS
    newest = tx.value("earnings.newest_pending", person_id=person.id, since_ms=since_ms)
    return Summary(
        periods,
        zone,
        newest + PENDING_MAX_MS if newest is not None else None,
        projects,
        tx.one("earnings.last_paid", LastPaid, person_id=person.id),
        payouts.next_date_ms(tx),
    )


def _period(tx: Tx, person_id: int, since_ms: int, until_ms: int) -> list[Sum]:
    """Sum up a stretch of time: what was answered in it, and money that was booked in it."""
    bounds = {"person_id": person_id, "since_ms": since_ms, "until_ms": until_ms}
    judged = {one.currency: one for one in tx.all("earnings.sums", _Judged, **bounds)}
    others: dict[str, list[_Other]] = defaultdict(list)
    for other in tx.all("earnings.others", _Other, **bounds):
        others[other.currency].append(other)
    return [_sum(judged.get(currency), currency, others[currency]) for currency in sorted({*judged, *others})]


def _sum(judged: _Judged | None, currency: str, others: list[_Other]) -> Sum:
    amounts = {state: getattr(judged, f"{state}_micro", 0) for state in STUDENT_STATES}
    beside: dict[str, int] = defaultdict(int)
    for other in others:
        amounts[other.state] += other.amount_micro
        beside[other.kind] += other.amount_micro
    return Sum(
        currency,
        judged.judgments if judged else 0,
        judged.credited_ms if judged else 0,
        *_states(amounts),
        beside=_in_order(beside),
    )


def _states(amounts: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    pending, approved, in_payout, paid, withheld = (amounts[state] for state in STUDENT_STATES)
    return pending, approved, in_payout, paid, withheld


def _in_order(beside: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((kind, beside[kind]) for kind in KINDS_BESIDE if beside.get(kind))


def _all(tx: Tx, person_id: int, totals: Content, earned: list[OfProject], newest: str) -> list[Sum]:
    """Sum up everything, from the balances: each state's in one row. `newest`: the currency of who was paid nothing yet."""
    held = {
        (state, one.asset): one.amount
        for state in STUDENT_STATES
        for one in ledger.balances(tx, student_account(person_id, state))
    }
    beside: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (_project, kind, asset), amount in totals.totals.items():
        if kind in KINDS_BESIDE:
            beside[asset][kind] += amount
    credited = sum(amount for (_state, asset), amount in held.items() if asset == TIME)
    currencies = sorted({asset for _state, asset in held if asset != TIME}) or [newest]
    found = []
    for currency in currencies:
        mine = [one for one in earned if one.currency == currency or len(currencies) == 1]
        found.append(
            Sum(
                currency,
                sum(one.judgments for one in mine),
                # With one currency, as nearly always, the hours are a balance as well.
                credited if len(currencies) == 1 else sum(one.credited_ms for one in mine),
                *_states({state: held.get((state, currency), 0) for state in STUDENT_STATES}),
                beside=_in_order(beside[currency]),
            )
        )
    return [one for one in found if one.judgments or one.amount_micro or one.beside]


def _projects(found: Content, titles: Mapping[int, str], newest: str) -> list[OfProject]:
    """Give what each project brought, the one with the most hours first. `newest`: the currency where nothing was paid."""
    money: dict[tuple[int, str], int] = defaultdict(int)
    credited: dict[int, int] = defaultdict(int)
    for (project, kind, asset), amount in found.totals.items():
        if asset == TIME:
            credited[project] += amount
        elif kind in ("earning", "reversal", "topup", "forfeit"):
            money[project, asset] += amount
    for project, kind in found.total_counts:
        if kind == "earning" and project not in {one for one, _asset in money}:
            # Nothing there was paid, training perhaps; its hours are told all the same.
            money[project, newest] = 0
    shown = [
        OfProject(titles.get(project, ""), currency, _items(found, project), credited[project], amount)
        for (project, currency), amount in money.items()
    ]
    return sorted(
        (one for one in shown if one.judgments or one.amount_micro),
        key=lambda one: (-one.credited_ms, one.title),
    )


def _items(found: Content, project: int) -> int:
    """Count the live answers of a student on a project."""
    given, undone = (found.total_counts.get((project, kind), 0) for kind in ("earning", "reversal"))
    return given - undone


def lines(tx: Tx, visitor: Visitor, before: int | None = None) -> Lines:
    """Give a page of a student's judgments, newest first, below an id."""
    person = people.known(tx, visitor)
    found = tx.all("earnings.lines", Line, person_id=person.id, before=before or 2**62, most=ITEMS_A_PAGE + 1)
    more = len(found) > ITEMS_A_PAGE
    shown = found[:ITEMS_A_PAGE]
    return Lines(shown, shown[-1].id if more else None, people.profile_of(tx, person).time_zone)


def line(tx: Tx, visitor: Visitor, judgment_id: int) -> Detail | None:
    """Give one judgment of a student's own with what touched its pay; None when it is not theirs."""
    person = people.known(tx, visitor)
    found = tx.one("earnings.line", Line, person_id=person.id, id=judgment_id)
    if found is None:
        return None
    zone = people.profile_of(tx, person).time_zone
    topup = _topup_micro(tx, person.id, found) if found.scheme == "floor" else None
    if found.withheld_id is None:
        return Detail(found, zone, topup_micro=topup)
    withheld = tx.one("earnings.booked", Booked, key=f"withhold:{found.withheld_id}:{found.id}")
    forfeited = tx.one("earnings.booked", Booked, key=f"forfeit:{found.withheld_id}:{found.id}")
    return Detail(found, zone, withheld, _name(tx, withheld), forfeited, topup)


def _topup_micro(tx: Tx, person_id: int, line: Line) -> int | None:
    """Give what a student's items of a line's week were topped up by; None until that week is settled."""
    start_ms = tx.value(
        "earnings.topup_week", project_id=line.project_id, answered_ms=line.answered_ms, judgment_id=line.id
    )
    if start_ms is None:
        return None
    key = f"topup:{line.project_id}:{start_ms}:{person_id}"
    return sum(posting.amount for posting in tx.all("ledger.postings_of", Posting, key=key))


def _name(tx: Tx, booked: Booked | None) -> str:
    """Name the person who made an entry, as they call themselves; empty where no person did or they are erased."""
    kind, _, number = (booked.actor if booked else "").partition(":")
    if kind != "person" or not number.isdigit():
        return ""
    return str(people.contact_of(tx, people.get(tx, int(number))).get("name", ""))
