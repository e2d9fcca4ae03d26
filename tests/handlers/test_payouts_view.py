"""Payouts as screens: each fits a message however long the list, says what is needed, and no button of theirs is taken by another part."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from actions.payout_details import Details, Own, OwnLine, Typed
from actions.payout_lines import Line
from actions.payout_preview import LEFT_OUT, Batch, Entry, LeftOut, Preview, Withheld
from actions.payout_reports import Taken
from actions.payouts import Overview, Page, Sum
from handlers import routes
from handlers.language import NAMES, speaking
from handlers.routing import Tap
from handlers.views import payout_details, payout_lines, payout_reports, payouts
from rules.payees import METHODS, Payee
from rules.payout_files.reports import Finding, Problem, Row
from rules.payout_files.table import BadTable
from tests.handlers.screens import NOW_MS, data, labels, sound

DIGEST = "0f" * 32


def batch(state: str = "draft", **more: Any) -> Batch:
    frozen = state not in ("draft", "discarded")
    known: dict[str, Any] = {
        "id": 12,
        "currency": "USD",
        "period_end_ms": NOW_MS,
        "minimum_micro": 5_000_000,
        "state": state,
        "drafted_by": 1,
        "drafted_ms": NOW_MS,
        "frozen_by": 1 if frozen else None,
        "frozen_ms": NOW_MS if frozen else None,
        "lines": 2_000 if frozen else None,
        "total_micro": 412_350_000 if frozen else None,
        "digest": DIGEST if frozen else None,
        "approved_by": None,
        "approved_ms": None,
        "exported_ms": None,
        "ended_ms": None,
    }
    return Batch(**(known | more))


def entry(number: int) -> Entry:
    return Entry(
        person_id=number,
        pseudonym=f"s-{number:010d}",
        amount_micro=1_234_560_000,
        method="paypal",
        masked=f"a…@{'long.' * 20}example.org",
        suspended=bool(number % 2),
        sealed="x",
        payee_hash=f"h{number // 2}",
        left_out=(),
    )


def line(number: int = 1, state: str = "open", **more: Any) -> Line:
    known: dict[str, Any] = {
        "id": number,
        "batch_id": 12,
        "person_id": number,
        "pseudonym": f"s-{number:010d}",
        "person_state": "ready",
        "reference": f"W46-{number:04d}",
        "method": "paypal",
        "payee": "x",
        "amount_micro": 52_900_000,
        "state": state,
        "reported_micro": 50_000_000 if state == "short" else None,
        "currency": "USD",
        "batch_state": "exported",
    }
    return Line(**(known | more))


def draft(count: int) -> Page:
    entries = [entry(number) for number in range(count)]
    left = [
        LeftOut(number, f"s-{number}", 4_000_000, why)
        for number, why in enumerate(itertools.islice(itertools.cycle(LEFT_OUT), 50))
    ]
    shared = [[f"s-{number:010d}" for number in range(20)] for _ in range(20)] if count else []
    return Page(
        batch(),
        "UTC",
        may_approve=False,
        preview=Preview(batch(), entries, left, shared, Withheld(3, 9_000_000)),
    )


def later(state: str, **more: Any) -> Page:
    lines = tuple(line(number, "short" if number % 7 == 0 else "open") for number in range(2_000))
    known: dict[str, Any] = {"may_approve": True, "lines": lines, "masked": ("DE89 … 3000",) * 2_000}
    known["same_payee"] = tuple([f"s-{number:010d}"] * 30 for number in range(30))
    sums = (Sum("open", 1_700, 1_000_000), Sum("short", 286, 5_000_000))
    return Page(batch(state), "UTC", sums=sums, **(known | more))


@pytest.mark.parametrize("code", NAMES)
def test_every_page_fits_however_long_the_list(code: str) -> None:
    with speaking(code):
        for page in (
            draft(0),
            draft(2_000),
            *(later(state) for state in payouts.STATES if state not in ("draft", "discarded")),
        ):
            sound(payouts.page(page, notice="Look at it again."))


def test_a_draft_is_told_in_ten_lines_with_the_reasons_of_the_others() -> None:
    text = sound(payouts.page(draft(12)))
    assert text.count("$1,234.56") == 10
    assert "and 2 more" in text
    assert "10 below the minimum · $40.00" in text
    assert "3 with pay withheld · $9.00" in text
    assert "The same payee" in text
    assert "Freeze" in labels(payouts.page(draft(12)))
    assert "Freeze" not in labels(payouts.page(draft(0)))


def test_what_can_be_done_follows_from_the_state_and_from_who_looks() -> None:
    assert "Approve" in labels(payouts.page(later("frozen")))
    assert "Approve" not in labels(payouts.page(later("frozen", may_approve=False)))
    assert DIGEST in sound(payouts.page(later("frozen")))
    for state in ("exported", "settled", "cancelled"):
        assert "Cancel payout" not in labels(payouts.page(later(state)))
    assert (
        len([label for label in labels(payouts.page(later("exported"))) if label.startswith("Decide")]) == 5
    )
    assert labels(payouts.page(later("cancelled"))) == ["All payouts"]


def test_the_list_of_payouts_offers_a_draft_where_there_is_none() -> None:
    found = Overview([batch("frozen")], ["EUR", "USD"], 4, NOW_MS, True, "UTC")
    text = sound(payouts.overview(found))
    assert "Locked" in text
    assert "Next payout: Tue 14 Nov" in text
    assert {"New payout · EUR", "New payout · USD"} <= set(labels(payouts.overview(found)))
    drafted = Overview([batch()], ["USD"], None, None, False, "UTC")
    assert "New payout · USD" not in labels(payouts.overview(drafted))
    assert "✓ Friday" in labels(payouts.days(4))


def test_a_report_names_the_lines_that_somebody_must_look_at() -> None:
    rows = [
        Finding(Row(number, f"W46-{number:04d}", 1, "", "paid"), verdict, "")
        for number, verdict in enumerate(payout_reports.VERDICTS, start=2)
    ]
    problems = [
        Problem(number, why, "x" * 900) for number, why in enumerate(payout_reports.PROBLEMS, start=20)
    ]
    text = sound(payout_reports.taken(Taken(rows, problems * 10, list(range(50)))))
    assert "1 paid" in text
    assert "Line 8: W46-0008 · a reference that is not ours" in text
    assert "and 36 more" in text
    assert "No line of it could be used." in sound(payout_reports.taken(Taken([], [], [])))


def test_every_trouble_has_its_words() -> None:
    for why in payout_reports.TABLE_TROUBLES:
        assert sound(payout_reports.bad_table(BadTable(why, 3, ["reference", "amount"])))
    for why in payout_details.TROUBLES:
        assert sound(payout_details.trouble(why))
    assert "1 payment has no column there: W46-0001" in sound(payout_reports.filled(0, ["W46-0001"]))


@pytest.mark.parametrize(
    ("state", "what", "said"),
    [
        ("open", "sent", "$52.90 is on its way to you"),
        ("short", "sent", "$52.90 is on its way to you"),
        ("paid", "sent", None),
        ("paid", "paid", "$52.90 was paid to you"),
        ("returned", "paid", None),
        ("returned", "returned", "$52.90 came back to us"),
    ],
)
def test_a_student_is_told_only_what_is_still_so(state: str, what: str, said: str | None) -> None:
    screen = payout_lines.told(line(1, state), what)
    assert (screen is None) == (said is None)
    if screen is not None and said is not None:
        assert said in sound(screen)
        assert "W46-0001" in sound(screen)


def test_details_are_masked_but_where_they_are_to_be_read_again() -> None:
    lately = [OwnLine("W46-0001", "USD", 52_900_000, "paypal", "paid", NOW_MS, NOW_MS)]
    own = Own(Details("bank", "DE89 … 3000", "Ada Byron", NOW_MS), "UTC", lately)
    text = sound(payout_details.details(own))
    assert "Bank account · DE89 … 3000 · Ada Byron" in text
    assert "nothing is sent there before Tue 14 Nov" in text
    assert "W46-0001 · $52.90 · paid" in text
    assert labels(payout_details.details(Own(None, "UTC", []))) == [
        "PayPal",
        "Wise",
        "Bank account",
        "Another way",
        "Settings",
    ]
    again = payout_details.read_again(
        Typed(Payee("bank", "DE89370400440532013000", "Ada"), "yes", holds=True)
    )
    assert "DE89370400440532013000" in sound(again)
    assert "seven days" in sound(again)
    for method in METHODS:
        assert sound(payout_details.ask_account(method))


def test_a_short_line_asks_what_is_right() -> None:
    screen = payout_lines.short(line(7, "short"))
    assert "The report says $50.00." in sound(screen)
    assert data(screen) == ["y:paid:7", "y:return:7", "x:line:7", "y:see:12"]


def test_no_button_is_taken_by_another_part() -> None:
    prefixes = [route.prefix for route in routes.TABLE if isinstance(route, Tap)]
    ours = [prefix for prefix in prefixes if prefix.startswith(("y:", "d:"))]
    assert len(ours) > 20
    for prefix in ours:
        assert [other for other in prefixes if prefix.startswith(other)] == [prefix]
