"""Days and weeks as people live them, in zones whose clocks move."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import calendar
from rules.credit import DAY_MS, HOUR_MS
from rules.profile import KNOWN_ZONES

ZONES = st.sampled_from(sorted(KNOWN_ZONES))
MOMENTS = st.integers(1_500_000_000_000, 2_000_000_000_000)


def ms(year: int, month: int, day: int, hour: int, minute: int, zone: str, fold: int = 0) -> int:
    here = datetime.datetime(year, month, day, hour, minute, tzinfo=zoneinfo.ZoneInfo(zone), fold=fold)
    return int(here.timestamp()) * 1000


@pytest.mark.parametrize(
    ("zone", "month", "day", "hours"),
    [
        ("Europe/Kyiv", 3, 29, 23),
        ("Europe/Kyiv", 10, 25, 25),
        ("America/New_York", 3, 8, 23),
        ("America/New_York", 11, 1, 25),
        ("Asia/Kolkata", 3, 29, 24),
        ("Atlantic/Azores", 3, 29, 23),
        ("Atlantic/Azores", 10, 25, 25),
    ],
)
def test_a_day_is_as_long_as_it_is(zone: str, month: int, day: int, hours: int) -> None:
    noon = ms(2026, month, day, 12, 0, zone)
    start = calendar.day_start_ms(noon, zone)
    following = calendar.day_start_ms(noon + DAY_MS, zone)
    assert following - start == hours * HOUR_MS
    assert calendar.local(start - 1, zone).date() < calendar.local(noon, zone).date()


@pytest.mark.parametrize(
    ("zone", "month", "day", "hours"),
    [
        ("Europe/Kyiv", 3, 28, 167),
        ("Europe/Kyiv", 10, 24, 169),
        ("America/New_York", 3, 7, 167),
        ("America/New_York", 10, 31, 169),
        ("Asia/Kolkata", 3, 28, 168),
    ],
)
def test_a_week_in_which_the_clocks_change_is_as_long_as_it_is(
    zone: str, month: int, day: int, hours: int
) -> None:
    start = calendar.week_start_ms(ms(2026, month, day, 12, 0, zone), zone)
    following = calendar.week_start_ms(start + 7 * DAY_MS + 12 * HOUR_MS, zone)
    assert following - start == hours * HOUR_MS
    assert calendar.week_start_ms(following - 1, zone) == start


def test_where_midnight_comes_twice_the_first_one_begins_the_day() -> None:
    first = ms(2026, 10, 25, 0, 0, "Atlantic/Azores")
    again = ms(2026, 10, 25, 0, 30, "Atlantic/Azores", fold=1)
    assert again - first == HOUR_MS + 30 * 60_000
    assert calendar.day_start_ms(again, "Atlantic/Azores") == first


@given(MOMENTS, ZONES)
def test_a_day_holds_its_moment_and_begins_with_its_date(now_ms: int, zone: str) -> None:
    start = calendar.day_start_ms(now_ms, zone)
    assert start <= now_ms < start + 25 * HOUR_MS
    assert calendar.local(start, zone).date() == calendar.local(now_ms, zone).date()
    assert calendar.local(start - 1, zone).date() != calendar.local(now_ms, zone).date()
    assert calendar.day_start_ms(start, zone) == start


@given(MOMENTS, ZONES)
def test_a_week_begins_on_its_monday(now_ms: int, zone: str) -> None:
    start = calendar.week_start_ms(now_ms, zone)
    begun = calendar.local(start, zone)
    assert start <= calendar.day_start_ms(now_ms, zone) <= now_ms
    assert begun.weekday() == 0
    assert 0 <= (calendar.local(now_ms, zone).date() - begun.date()).days <= 6
    assert calendar.local(start - 1, zone).weekday() == 6


@given(MOMENTS, ZONES)
def test_days_and_weeks_begin_with_a_quarter_of_an_hour(now_ms: int, zone: str) -> None:
    for start in (calendar.day_start_ms(now_ms, zone), calendar.week_start_ms(now_ms, zone)):
        assert calendar.quarter_start_ms(start) == start
    quarter = calendar.quarter_start_ms(now_ms)
    assert quarter <= now_ms < quarter + calendar.QUARTER_MS


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 300]
)
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert calendar.zone(name) is datetime.UTC
    assert calendar.day_start_ms(DAY_MS + 5, name) == DAY_MS


def test_moments_are_written_as_their_reader_lives_them() -> None:
    at_ms = ms(2026, 11, 26, 18, 0, "Europe/Kyiv")
    assert calendar.moment(at_ms, "Europe/Kyiv") == "Thu 26 Nov, 18:00"
    assert calendar.moment(at_ms, "Asia/Kolkata") == "Thu 26 Nov, 21:30"
    assert calendar.clock(at_ms, "America/New_York") == "11:00"
