"""Statements as pure sums: weeks that hold each moment once in every zone, balances that follow from the movements, exact files."""

from __future__ import annotations

import csv
import datetime
import io
import zoneinfo
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import ledger, statement, statement_file
from rules.ledger import TIME, Posting
from rules.statement import EMPTY, OFFICE, OUTSIDE, Content, Entry, Week

HOUR_MS = 3_600_000
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
# Clocks that change at midnight or over it, far from UTC, by half an hour, or that skipped a whole day.
ODD_ZONES = (
    "America/Havana Atlantic/Azores America/St_Johns Africa/Cairo Asia/Beirut America/Asuncion "
    "Australia/Lord_Howe Pacific/Apia Pacific/Kiritimati Etc/GMT+12 Europe/Kyiv America/New_York"
).split()
MOMENTS = st.integers(0, 4_000_000_000_000)
WHERE = st.one_of(st.sampled_from(ODD_ZONES), st.sampled_from(ZONES))


@given(MOMENTS, WHERE)
def test_every_moment_lies_in_exactly_one_week(at_ms: int, zone: str) -> None:
    week = statement.week_of(at_ms, zone)
    assert statement.start_ms(week, zone) <= at_ms < statement.start_ms(statement.following(week), zone)
    assert datetime.date.fromisoformat(week).weekday() == 0


@given(MOMENTS, WHERE)
def test_weeks_follow_each_other_without_gap_or_overlap(at_ms: int, zone: str) -> None:
    week = statement.week_of(at_ms, zone)
    end_ms = statement.start_ms(statement.following(week), zone)
    assert statement.week_of(end_ms, zone) == statement.following(week)
    assert statement.week_of(end_ms - 1, zone) == week


@pytest.mark.parametrize(("week", "hours"), [("2023-10-23", 169), ("2024-03-25", 167), ("2023-11-20", 168)])
def test_a_week_is_as_long_as_it_is(week: str, hours: int) -> None:
    start, end = (statement.start_ms(one, "Europe/Kyiv") for one in (week, statement.following(week)))
    assert end - start == hours * HOUR_MS


def test_the_end_of_a_week_belongs_to_the_next() -> None:
    def entry(recorded_ms: int, number: int = 5, project: int = 7) -> Entry:
        return Entry(number, "earning", project, 1, recorded_ms, "", ())

    week = Week("2023-11-20", 5, "", {7: 1000})
    assert week.holds(entry(999))
    assert not week.holds(entry(1000))
    assert not week.holds(entry(999, number=6))
    assert not week.holds(entry(999, project=8)), "a project that came after the closing"


AMOUNTS = st.integers(1, 10**9)
PROJECTS = {1: "Europe/Kyiv", 2: "America/New_York", 3: "Pacific/Kiritimati"}
FIRST_MS = statement.start_ms("2024-03-04", "UTC")


@st.composite
def postings(draw: st.DrawFn) -> tuple[str, int, list[Posting]]:
    """Give one thing that can happen to a student's money."""
    project, amount = draw(st.sampled_from(sorted(PROJECTS))), draw(AMOUNTS)
    kinds = {
        "earning": ledger.earning(
            project, 1, draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6)), "USD"
        ),
        "approval": ledger.approval(1, amount, amount, "USD"),
        "topup": ledger.topup(project, 1, amount, "USD"),
        "bonus": ledger.bonus(project, 1, amount, "EUR"),
        "withholding": ledger.withholding(1, amount, "USD", held_in="pending"),
        "forfeit": ledger.forfeit(project, 1, amount, "USD"),
        "adjustment": ledger.adjustment(1, amount, "USD", gives=False),
        "payout": ledger.payout(1, amount, "USD"),
    }
    kind = draw(st.sampled_from(sorted(kinds)))
    return kind, OFFICE if kind in ("adjustment", "payout") else project, kinds[kind]


@st.composite
def books(draw: st.DrawFn) -> list[Entry]:
    """Give a student's entries over six weeks in which many clocks change; the clock may have been set back."""
    found = draw(st.lists(st.tuples(postings(), st.integers(0, 6 * 7 * 24)), max_size=30))
    return [
        Entry(number, kind, project, None, FIRST_MS + hour * HOUR_MS, "", tuple(moves))
        for number, ((kind, project, moves), hour) in enumerate(found, start=1)
    ]


def weeks_of(closings: list[int]) -> list[Week]:
    """Close a week after the other, each with what was in the books by then."""
    found, through = [], 0
    for back, more in enumerate(closings):
        week = statement.following("2024-02-26", back)
        through += more
        ends = {
            project: statement.start_ms(statement.following(week), zone)
            for project, zone in {**PROJECTS, OFFICE: "UTC"}.items()
        }
        found.append(Week(week, through, "", ends))
    return found


@given(books(), st.lists(st.integers(0, 10), min_size=9, max_size=9))
def test_statements_part_all_entries_and_each_balance_goes_on_from_the_one_before(
    entries: list[Entry], closings: list[int]
) -> None:
    weeks = weeks_of(closings)
    placed: dict[int, int] = {}
    content, every = EMPTY, []
    for place, week in enumerate(weeks):
        mine = [entry for entry in entries if week.holds(entry) and entry.id not in placed]
        placed.update({entry.id: place for entry in mine})
        before, content = content, statement.content(1, mine, content)
        every += mine
        assert {key: before.closing.get(key, 0) for key in content.opening} == content.opening
        assert content.closing == plain_balances(every)
        assert content.totals == plain_totals(every)
    late = [entry for entry in entries if entry.id > weeks[-1].through_id]
    assert set(placed) | {entry.id for entry in late} == {entry.id for entry in entries}
    for entry in entries:
        # The later weeks hold whatever an earlier one held, so that the first is the only one.
        held = [week.holds(entry) for week in weeks]
        assert held == sorted(held)


def plain_balances(entries: list[Entry]) -> dict[tuple[str, str], int]:
    """Add up a student's accounts, another way than the code does."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        for (account, asset), amount in ledger.balances(entry.postings).items():
            if account.startswith("student:1:"):
                sums[account.rpartition(":")[2], asset] += amount
    return dict(sums)


def plain_totals(entries: list[Entry]) -> dict[tuple[int, str, str], int]:
    sums: dict[tuple[int, str, str], int] = defaultdict(int)
    for entry in entries:
        for (account, asset), amount in ledger.balances(entry.postings).items():
            if not account.startswith("student:1:"):
                sums[entry.project_id, entry.kind, asset] -= amount
    return dict(sums)


@given(books())
def test_what_was_written_is_read_again_and_has_one_spelling(entries: list[Entry]) -> None:
    content = statement.content(1, entries)
    written = statement.dump(content)
    assert statement.load(written) == content
    assert statement.dump(statement.load(written)) == written
    assert statement.dump(statement.content(1, reversed(entries))) == written


def test_the_fingerprint_covers_all_five() -> None:
    plain = statement.digest(1, "2023-11-20", 5, "h", "{}")
    others = [
        statement.digest(2, "2023-11-20", 5, "h", "{}"),
        statement.digest(1, "2023-11-27", 5, "h", "{}"),
        statement.digest(1, "2023-11-20", 6, "h", "{}"),
        statement.digest(1, "2023-11-20", 5, "i", "{}"),
        statement.digest(1, "2023-11-20", 5, "h", "[]"),
    ]
    assert len({plain, *others}) == 6


@given(books())
def test_the_sums_of_the_csv_are_those_of_the_statement(entries: list[Entry]) -> None:
    content: Content = statement.content(1, entries)
    rows = list(csv.DictReader(io.StringIO(statement_file.csv_text(1, entries, {}), newline="")))
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        sums[row["from"], row["asset"]] -= Fraction(row["amount"])
        sums[row["to"], row["asset"]] += Fraction(row["amount"])
    for (state, asset), amount in content.closing.items():
        assert sums[state, asset] == Fraction(amount, 1000 if asset == TIME else 10**6)
    assert sum(len(entry.postings) for entry in entries) == len(rows)


def test_cells_that_a_spreadsheet_would_run_are_guarded() -> None:
    entry = Entry(1, "bonus", 7, None, 0, "=2+2", (Posting("project:7", "student:1:approved", 5, "USD"),))
    row = statement_file.csv_text(1, [entry], {7: "@SUM(A1)"}).splitlines()[1]
    assert row == f"1970-01-01T00:00:00.000Z,bonus,'@SUM(A1),,{OUTSIDE},approved,USD,0.000005,'=2+2"


def test_an_entry_is_read_from_its_key_and_postings() -> None:
    assert statement.judgment_of("earning", "judgment:12") == 12
    assert statement.judgment_of("withholding", "withhold:3:12") == 12
    assert statement.judgment_of("bonus", "bonus:12") is None
    assert statement.judgment_of("payout", "payout:3:12") is None
    assert statement.project_of(ledger.bonus(7, 1, 5, "USD")) == 7
    assert statement.project_of(ledger.payout(1, 5, "USD")) is None
