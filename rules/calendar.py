"""Days and weeks as people live them: where a day and a week begin in a time zone, in UTC milliseconds, and how a moment is written."""

from __future__ import annotations

import datetime
import functools
import zoneinfo

UTC = datetime.UTC
QUARTER_MS = 15 * 60 * 1000


@functools.cache
def zone(name: str) -> datetime.tzinfo:
    """Give a time zone by its IANA name; UTC when the name is empty or unknown."""
    try:
        return zoneinfo.ZoneInfo(name) if name else UTC
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local(now_ms: int, time_zone: str) -> datetime.datetime:
    """Give a moment in a time zone."""
    return datetime.datetime.fromtimestamp(now_ms / 1000, zone(time_zone))


def day_start_ms(now_ms: int, time_zone: str) -> int:
    """Give the midnight that began the day of a moment. Days of 23 and 25 hours are as long as they are."""
    here = local(now_ms, time_zone)
    # Where the clocks go back over midnight there are two of them; the first one began the day.
    return _ms(here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0))


def week_start_ms(now_ms: int, time_zone: str) -> int:
    """Give the Monday midnight that began the week of a moment."""
    here = local(now_ms, time_zone)
    monday = here.date() - datetime.timedelta(days=here.weekday())
    return _ms(datetime.datetime.combine(monday, datetime.time(), here.tzinfo))


def quarter_start_ms(now_ms: int) -> int:
    """Give the beginning of the quarter of an hour that a moment lies in. Midnights are such beginnings in every zone in use."""
    return now_ms - now_ms % QUARTER_MS


def _ms(moment: datetime.datetime) -> int:
    return int(moment.timestamp()) * 1000


def clock(now_ms: int, time_zone: str) -> str:
    """Write the time of day: "14:05"."""
    return local(now_ms, time_zone).strftime("%H:%M")


def moment(at_ms: int, time_zone: str) -> str:
    """Write a moment: "Thu 26 Nov, 18:00"."""
    here = local(at_ms, time_zone)
    return f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"
