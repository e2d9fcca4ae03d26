"""Whom a call for a project reaches, why others are left out, and when it is sent. Nobody is called who did not agree to be."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from rules import audience, calendar
from rules.audience import Audience, Profile
from rules.credit import HOUR_MS

MORNING_HOUR = 9
SCHEDULES: Mapping[str, str] = {
    "now": "Send now",
    "hour": "In 1 hour",
    "morning": f"Tomorrow {MORNING_HOUR}:00, their time",
}
LEFT_OUT: Mapping[str, str] = {
    "muted": "muted",
    "unreachable": "unreachable",
    "on it": "already on it",
    "left": "left it before",
    "declined": "said no to it",
    "joining": "not finished joining",
    "suspended": "suspended",
    "degree": "other degree",
    "field": "other field",
    "language": "other language",
}
"""Reasons for leaving somebody out, in the order and the words in which a coordinator reads them."""


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A student as far as a call is concerned. `state`: of the person; `standing`: on the project, None when never joined."""

    state: str
    agreed: bool
    muted: bool
    unreachable: bool
    standing: str | None
    declined: bool


def left_out(wanted: Audience, candidate: Candidate, profile: Profile) -> str | None:
    """Say why a student is not called (a key of LEFT_OUT), or None when they are.

    Whoever took their consent back, muted calls, cannot be reached or is suspended is never called; of several reasons the one is told that
    the coordinator can do least about.
    """
    if candidate.state == "suspended":
        return "suspended"
    if candidate.state != "ready" or not candidate.agreed:
        return "joining"
    mismatch = audience.mismatch(wanted, profile)
    if mismatch is not None:
        return mismatch
    if candidate.standing in ("left", "removed"):
        return "left"
    if candidate.standing is not None:
        return "on it"
    if candidate.declined:
        return "declined"
    if candidate.muted:
        return "muted"
    return "unreachable" if candidate.unreachable else None


def send_at_ms(schedule: str, now_ms: int, time_zone: str) -> int:
    """Give the moment to send to somebody in a time zone: a key of SCHEDULES in, UTC milliseconds out, 0 for at once."""
    if schedule == "hour":
        return now_ms + HOUR_MS
    if schedule == "morning":
        here = calendar.local(now_ms, time_zone)
        day = here.date() + datetime.timedelta(days=1)
        nine = datetime.datetime.combine(day, datetime.time(MORNING_HOUR), here.tzinfo)
        return int(nine.timestamp()) * 1000
    return 0
