"""Top-ups: once a week is over, what its items lack to the hourly floor of their project, the same for everybody per judgment.

A week is settled once, whether or not it brings a top-up; what comes later belongs to a later week.
"""

from __future__ import annotations

import dataclasses

from actions import budgets, deliveries, ledger, projects
from actions.projects import Project
from rules import calendar, pay
from rules import ledger as books
from rules.credit import DAY_MS, HOUR_MS
from rules.pay import Share, Terms, Topup
from storage.tx import Tx

SETTLES_AFTER_MS = HOUR_MS
"""A week is settled this long after its end: by then its last answer can no longer be undone."""
NOTICE = "topup"


@dataclasses.dataclass(frozen=True, slots=True)
class _Waiting:
    project_id: int
    first_ms: int
    settled_until_ms: int
    through_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Time:
    credited_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Done:
    person_id: int
    scheme: str
    rate_micro: int
    piece_micro: int
    cap_ms: int
    judgments: int
    withheld: int

    @property
    def terms(self) -> Terms:
        return Terms(self.scheme, self.rate_micro, self.piece_micro, self.cap_ms)


@dataclasses.dataclass(frozen=True, slots=True)
class _Week:
    """A half-open week of a project's own time zone. `through_id`: what was judged later than this one is in no settled week."""

    project: Project
    start_ms: int
    end_ms: int
    through_id: int


def settle_due(tx: Tx) -> int:
    """Settle one week that is over, of one project; run again until there is none. Return how many were settled."""
    for waiting in tx.all("topups.waiting", _Waiting):
        week = _week(projects.get(tx, waiting.project_id), waiting)
        if tx.now_ms >= week.end_ms + SETTLES_AFTER_MS:
            _settle(tx, week)
            return 1
    return 0


def _week(project: Project, waiting: _Waiting) -> _Week:
    zone = project.rules.pay.time_zone
    monday_ms = calendar.week_start_ms(waiting.first_ms, zone)
    # Half a day more than a week lies in the next one, whatever the clocks do.
    end_ms = calendar.week_start_ms(monday_ms + 7 * DAY_MS + DAY_MS // 2, zone)
    # After a change of the time zone a week may begin within one that was settled.
    return _Week(project, max(monday_ms, waiting.settled_until_ms), end_ms, waiting.through_id)


def _settle(tx: Tx, week: _Week) -> None:
    where = {"project_id": week.project.id, "start_ms": week.start_ms, "end_ms": week.end_ms}
    among = {**where, "through_id": week.through_id}
    times = [row.credited_ms for row in tx.all("topups.times", _Time, **among)]
    middle_ms = pay.median_ms(times)
    done = tx.all("topups.done", _Done, **among)
    shares = [Share(one.person_id, one.judgments - one.withheld, one.terms) for one in done]
    found = pay.topups(shares, middle_ms)
    for person_id, topup in sorted(found.items()):
        _top_up(tx, week, person_id, topup)
    tx.run(
        "topups.add_week",
        judgments=len(times),
        median_ms=middle_ms,
        topped_up_micro=sum(topup.amount_micro for topup in found.values()),
        now_ms=tx.now_ms,
        **where,
    )
    set_aside = sum(one.judgments * one.terms.most_topup_micro for one in done)
    budgets.release(tx, week.project.id, set_aside)


def _top_up(tx: Tx, week: _Week, person_id: int, topup: Topup) -> None:
    """Post one student's top-up and tell them; the sum tells nothing of which items were which."""
    key, currency = f"topup:{week.project.id}:{week.start_ms}:{person_id}", week.project.rules.pay.currency
    ledger.post(
        tx,
        key=key,
        kind="topup",
        person_id=person_id,
        actor=ledger.SYSTEM,
        reason=f"hourly floor, {topup.judgments} judgments",
        postings=books.topup(week.project.id, person_id, topup.amount_micro, currency),
    )
    deliveries.enqueue(
        tx,
        person_id=person_id,
        key=key,
        notice={
            "kind": NOTICE,
            "title": week.project.title,
            "judgments": topup.judgments,
            "amount_micro": topup.amount_micro,
            "currency": currency,
        },
    )
