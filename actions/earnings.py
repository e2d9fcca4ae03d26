"""What a student has earned: hours and money, pending, approved and paid, and each judgment with its reasons. Only reads."""

from __future__ import annotations

import dataclasses

from actions import people
from actions.ledger import PENDING_MAX_MS
from actions.people import Visitor
from rules import calendar
from rules.credit import DAY_MS
from storage.tx import Tx

ITEMS_A_PAGE = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """Time and money in one currency. `pending_micro` and `approved_micro` make up `amount_micro`."""

    currency: str
    judgments: int
    credited_ms: int
    amount_micro: int
    approved_micro: int

    @property
    def pending_micro(self) -> int:
        """What waits for its item to settle, at most seven days."""
        return self.amount_micro - self.approved_micro


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """A student's sums by period: today, week, last_week, all."""

    periods: dict[str, list[Sum]]
    time_zone: str
    latest_settles_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One judgment, as its student sees it. `spent_ms` is the time it took, before the cap."""

    id: int
    project: str
    stage: str
    answered_ms: int
    spent_ms: int
    credited_ms: int
    cap_ms: int
    amount_micro: int
    rate_micro: int
    currency: str
    status: str
    approved_ms: int | None
    undone_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """A page of judgments, newest first; `before` leads to the next page, None at the end."""

    lines: list[Line]
    before: int | None
    time_zone: str


def summary(tx: Tx, visitor: Visitor) -> Summary:
    """Sum up a student's hours and money by period."""
    person = people.known(tx, visitor)
    zone = people.profile_of(tx, person).time_zone
    week_ms = calendar.week_start_ms(tx.now_ms, zone)
    # Half a day back from Monday's midnight is always inside the week before, whatever the clocks did.
    last_week_ms = calendar.week_start_ms(week_ms - DAY_MS // 2, zone)
    end = tx.now_ms + DAY_MS
    bounds = {
        "today": (calendar.day_start_ms(tx.now_ms, zone), end),
        "week": (week_ms, end),
        "last_week": (last_week_ms, week_ms),
        "all": (0, end),
    }
    periods = {
        name: tx.all("earnings.sums", Sum, person_id=person.id, since_ms=since, until_ms=until)
        for name, (since, until) in bounds.items()
    }
    # Nothing waits for longer, but for the minutes until the timetable comes round.
    since_ms = tx.now_ms - PENDING_MAX_MS - DAY_MS
    newest = tx.value("earnings.newest_pending", person_id=person.id, since_ms=since_ms)
    return Summary(periods, zone, newest + PENDING_MAX_MS if newest is not None else None)


def lines(tx: Tx, visitor: Visitor, before: int | None = None) -> Lines:
    """Give a page of a student's judgments, newest first, below an id."""
    person = people.known(tx, visitor)
    found = tx.all("earnings.lines", Line, person_id=person.id, before=before or 2**62, most=ITEMS_A_PAGE + 1)
    more = len(found) > ITEMS_A_PAGE
    shown = found[:ITEMS_A_PAGE]
    return Lines(shown, shown[-1].id if more else None, people.profile_of(tx, person).time_zone)


def line(tx: Tx, visitor: Visitor, judgment_id: int) -> tuple[Line, str] | None:
    """Give one judgment of a student's own and their time zone; None when it is not theirs."""
    person = people.known(tx, visitor)
    found = tx.one("earnings.line", Line, person_id=person.id, id=judgment_id)
    return None if found is None else (found, people.profile_of(tx, person).time_zone)
