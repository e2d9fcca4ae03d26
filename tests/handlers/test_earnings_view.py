"""The screens of hours, money and statements, as pure values: what they say adds up, and each leads on."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.earnings import Booked, Detail, LastPaid, Line, Lines, OfProject, Sum, Summary
from actions.statements import Named, OpenWeek, Statement, Weeks
from handlers.language import NAMES, speaking
from handlers.views import earnings as view
from handlers.views import statements as statements_view
from rules import ledger, money, statement
from rules.statement import EMPTY, OFFICE, Content, Entry
from tests.handlers.screens import NOW_MS, data, labels, sound

KYIV = "Europe/Kyiv"
NOTHING: dict[str, list[Sum]] = {"today": [], "week": [], "last_week": [], "all": []}
WEEK = Sum("USD", 182, 11_100_000, pending_micro=21_100_000, approved_micro=52_900_000)


def line(**changes: Any) -> Line:
    plain = Line(
        512, 7, "Check maths", "work", NOW_MS, 41_000, 41_000, 180_000, 273_333, 24_000_000, "USD", "hour", 0,
        None, None, None, None, None, None,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)


def one(found: Line, **more: Any) -> str:
    return sound(view.line(Detail(found, KYIV, **more)))


def test_earnings_name_each_period_with_what_became_of_it() -> None:
    whole = dataclasses.replace(
        WEEK, paid_micro=412_350_000, beside=(("topup", 1_200_000), ("bonus", 5_000_000))
    )
    periods = NOTHING | {"week": [WEEK], "all": [Sum("EUR", 1, 1_000, pending_micro=6_667), whole]}
    projects = [OfProject("Maths", "USD", 182, 11_100_000, 74_000_000)]
    found = Summary(periods, KYIV, NOW_MS, projects, LastPaid("W46-0193", NOW_MS), NOW_MS + 172_800_000)
    text = sound(view.summary(found))
    assert "This week  $74.00   3 h 05 min\n  pending $21.10 · approved $52.90\n" in text
    assert "All so far  $486.35   3 h 05 min\n  pending $21.10 · approved $52.90 · paid $412.35\n" in text
    assert "  of it top-up $1.20 · bonus $5.00\n" in text
    assert "€0.01" in text
    assert "Maths · $74.00 · $24.00/h" in text
    assert "Next payout Fri 17 Nov, about $52.90." in text
    assert "Last paid Wed 15 Nov, reference W46-0193." in text
    assert "by Wed 15 Nov, 00:13 at the latest" in text
    assert {"e:items", "e:weeks", "e:chart", "e:hours"} <= set(data(view.summary(found)))
    assert "/work" in sound(view.summary(Summary(NOTHING, "", None)))


def test_hours_put_time_first() -> None:
    text = sound(view.hours(Summary(NOTHING | {"week": [WEEK], "all": [WEEK]}, KYIV, None)))
    assert "This week  3 h 05 min   $74.00\n  182 items · 1 min an item · $24.00/h\n" in text
    assert text.startswith("Hours")
    assert "/work" in sound(view.hours(Summary(NOTHING, "", None)))


def test_an_hour_is_worth_its_items_and_top_ups_but_no_bonus() -> None:
    paid = Sum(
        "USD", 1, 3_600_000, paid_micro=35_000_000, beside=(("topup", 4_000_000), ("bonus", 5_000_000))
    )
    assert paid.rate_micro == 30_000_000
    assert Sum("USD", 0, 0, approved_micro=5).rate_micro is None


@given(
    st.lists(st.integers(-(10**9), 10**12), min_size=1, max_size=6), st.sampled_from(["USD", "JPY", "EUR"])
)
def test_the_parts_of_a_sum_add_up_as_they_are_shown(parts: list[int], currency: str) -> None:
    shown = view.shares({str(place): part for place, part in enumerate(parts)}, currency)
    whole = money.show(sum(parts), currency)
    assert money.show(sum(shown.values()), currency) == whole
    unit = 10**6 if currency == "JPY" else 10**4
    for before, after in zip(parts, shown.values(), strict=True):
        assert after % unit == 0
        assert abs(before - after) <= unit
        assert before or not after, "nothing is shown as nothing"


def test_a_line_says_each_rule_that_touched_it() -> None:
    capped = one(line(spent_ms=372_000, credited_ms=180_000, amount_micro=1_200_000))
    assert "Time 3 min of 6 min 12 s (cap)" in capped
    assert "credited at most its cap, 3 min" in capped
    assert "Rate $24.00/h → 1.200000 USD" in capped
    assert "Pending" in capped
    assert "cap" not in one(line())
    assert "Approved Wed 15 Nov." in one(line(approved_ms=NOW_MS))
    assert "took this answer back" in one(line(undone_ms=NOW_MS))
    assert "paid like work" in one(line(stage="exam"))


def test_a_line_says_whether_it_counts_as_data_and_stays_paid() -> None:
    assert "On hold: it does not count as data for now. Its pay stays." in one(line(status="held"))
    assert "Left out of the data. Its pay stays." in one(line(status="excluded"))
    assert "data" not in one(line())
    assert "data" not in one(line(status="held", undone_ms=NOW_MS))


def test_a_line_says_that_training_was_not_paid() -> None:
    text = one(line(stage="training", rate_micro=0, amount_micro=0))
    assert "Training is not paid on this project" in text
    assert "Rate" not in text


def test_a_line_by_the_item_says_its_price_and_its_floor() -> None:
    piece = line(scheme="item", rate_micro=0, piece_micro=400_000, amount_micro=400_000)
    assert "Price of the item: 0.400000 USD" in one(piece)
    assert "topped up" not in one(piece)
    floor = dataclasses.replace(piece, scheme="floor", rate_micro=30_000_000)
    assert "topped up to $30.00 an hour" in one(floor)
    assert "topped up by $2.50 in all" in one(floor, topup_micro=2_500_000)
    assert "needed no top-up" in one(floor, topup_micro=0)


def test_a_line_says_who_withheld_it_and_why() -> None:
    held = line(withheld_id=3, withholding="held")
    booked = Booked("person:2", "same answers as another account", NOW_MS)
    text = one(held, withheld=booked, withheld_by="Olha")
    assert "Olha held the pay back Wed 15 Nov, 00:13: same answers as another account" in text
    assert "taken back for good" in one(
        line(withheld_id=3, withholding="forfeited"), withheld=booked, forfeited=booked
    )
    assert "held back" in one(held)
    released = line(withheld_id=3, withholding="released")
    assert "released: it is approved" in one(released)
    assert "Paid, reference W" in one(dataclasses.replace(released, line_state="paid", reference="W"))


@pytest.mark.parametrize(
    ("state", "said"),
    [("open", "In payout, reference W46-1"), ("short", "In payout"), ("paid", "Paid, reference W46-1"), ("returned", "Approved")],
)  # fmt: skip
def test_a_line_says_how_far_its_payout_is(state: str, said: str) -> None:
    assert said in one(line(approved_ms=NOW_MS, line_state=state, reference="W46-1"))


def test_lines_lead_to_each_and_to_older_ones() -> None:
    many = [line(id=number, project="😀" * 60) for number in range(8)]
    screen = view.lines(Lines(many, 1, ""))
    text = sound(screen)
    assert text.count("$24.00/h") == 1, "the rate stands once above lines that share it"
    assert {f"e:one:{number}" for number in range(8)} <= set(data(screen))
    assert "e:items:1" in data(screen)
    assert "e:items:1" not in data(view.lines(Lines(many, None, "")))
    assert "Nothing yet." in sound(view.lines(Lines([], None, "")))


def entries() -> list[Entry]:
    def entry(number: int, kind: str, project: int, postings: list[ledger.Posting]) -> Entry:
        return Entry(number, kind, project, number, NOW_MS, "so", tuple(postings))

    return [
        entry(1, "earning", 7, ledger.earning(7, 1, 41_000, 273_333, "USD")),
        entry(2, "earning", 7, ledger.earning(7, 1, 60_000, 400_000, "USD")),
        entry(3, "approval", 7, ledger.approval(1, 41_000, 273_333, "USD")),
        entry(4, "bonus", 7, ledger.bonus(7, 1, 5_000_000, "USD")),
        entry(5, "payout", OFFICE, ledger.payout(1, 5_270_000, "USD")),
    ]


CONTENT = statement.content(1, entries())


def closed(content: Content = CONTENT, title: str = "Maths", week: str = "2023-11-13") -> Statement:
    named = {7: Named(title, KYIV, NOW_MS), OFFICE: Named("", "UTC", NOW_MS)}
    return Statement(week, 5, "a" * 64, "b" * 64, NOW_MS, content, named)


def test_a_statement_says_what_the_week_brought_and_where_it_stands() -> None:
    text = sound(statements_view.message(closed(), KYIV))
    assert "Statement · week of Mon 13 Nov" in text
    assert "Maths\n  2 items · 1 min 41 s · $0.67" in text
    assert "Bonus $5.00\nApproved $0.27\nPut into a payout $5.27\n" in text
    assert "Pending: $0.00 → $0.40" in text
    assert "In payout: $0.00 → $5.27" in text
    assert "b" * 12 in text
    assert {"e:text:2023-11-13", "e:csv:2023-11-13"} <= set(data(statements_view.message(closed(), KYIV)))
    assert statements_view.notice(closed(), KYIV).silent


def test_the_text_file_adds_up_by_hand() -> None:
    text = statements_view.text_file(
        closed(title="A title that is so long that it has to be cut, whatever it says")
    )
    assert all(len(row) <= statements_view.WIDTH or ":" in row or len(row) == 64 for row in text.splitlines())
    sums, whole = 0, []
    for row in text.splitlines():
        sign, _, rest = row.partition(" ")
        figure = rest.rpartition(" ")[2].replace(".", "")
        if row.startswith("  before"):
            sums = int(figure)
        elif sign in ("+", "−"):
            sums += int(figure) if sign == "+" else -int(figure)
        elif sign == "=":
            assert sums == int(figure)
            whole.append(sums)
    assert sorted(whole) == sorted(CONTENT.closing.values())
    assert "a" * 64 in text
    assert "b" * 64 in text


@pytest.mark.parametrize("code", NAMES)
def test_statements_are_sound_in_every_language(code: str) -> None:
    with speaking(code):
        sound(statements_view.message(closed(title="😀" * 60), KYIV))
        weeks = [closed(week=statement.following("2023-11-13", -back)) for back in range(8)]
        screen = statements_view.listed(Weeks([OpenWeek("2023-11-20", CONTENT, {})], weeks, "2023-09-25"))
        sound(screen)
        assert "e:weeks:2023-09-25" in data(screen)
        assert len(statements_view.chart_caption([("2023-11-13", CONTENT), ("2023-11-20", EMPTY)])) <= 1024
        sound(view.summary(Summary(NOTHING | {"all": [WEEK]}, KYIV, NOW_MS, [], None, NOW_MS)))
        sound(view.hours(Summary(NOTHING | {"all": [WEEK]}, KYIV, NOW_MS)))
    assert all(labels(screen))


def test_the_chart_says_its_conclusion_in_words() -> None:
    weeks = [("2023-11-06", EMPTY), ("2023-11-13", CONTENT), ("2023-11-20", CONTENT)]
    assert statements_view.chart_caption(weeks) == (
        "The last 3 weeks: 3 min 22 s, $11.35. Most in the week of Mon 13 Nov: 1 min 41 s. 1 week without work. "
        "Below each bar is its Monday; the last week is not over."
    )
    chart = statements_view.chart(weeks)
    assert chart.labels == ("6.11", "13.11", "20.11")
    assert [panel.title for panel in chart.panels] == ["h", "USD"]
    assert chart.panels[0].figures == ("0", "0.1", "0.1")
    assert chart.panels[1].figures == ("0", "5.67", "5.67")
    assert "/work" in sound(statements_view.no_chart())


@pytest.mark.parametrize(
    ("amount_micro", "said"),
    [(0, "0"), (1, "0.01"), (33_345_000, "33.35"), (99_999_999, "100.00"), (115_080_000, "115.1"), (1_204_600_000, "1205")],
)  # fmt: skip
def test_a_figure_has_as_many_digits_as_fit_above_its_bar(amount_micro: int, said: str) -> None:
    entry = Entry(
        1,
        "bonus",
        7,
        None,
        NOW_MS,
        "",
        tuple(ledger.bonus(7, 1, amount_micro, "USD") if amount_micro else ()),
    )
    extra = Entry(2, "bonus", 7, None, NOW_MS, "", tuple(ledger.bonus(7, 1, 5, "USD")))
    weeks = [("2023-11-13", statement.content(1, [extra])), ("2023-11-20", statement.content(1, [entry]))]
    assert statements_view.chart(weeks).panels[1].figures[1] == said


def test_a_line_leads_to_a_person() -> None:
    def asks(found: Line) -> list[str]:
        return [one for one in data(view.line(Detail(found, KYIV))) if one.startswith("q:")]

    assert asks(line()) == ["q:judgment:512"]
    assert asks(line(withheld_id=3, withholding="held")) == ["q:withholding:3"]
    assert asks(line(undone_ms=NOW_MS)) == []
