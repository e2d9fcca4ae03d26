"""The files of a payout: what goes out, to the byte, and what comes back, in any order and as often as it likes."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.payout_files import base, generic, paypal, reports, wise
from rules.payout_files.base import Batch, Line
from rules.payout_files.reports import Known, Row
from rules.payout_files.table import BadTable

CENT = 10_000
LINES = (
    Line("W46-0001", "s-ada", "paypal", "ada@example.org", "", 5_290 * CENT),
    Line("W46-0002", "s-ben", "bank", "DE89370400440532013000", "Ben Gold", 3_000 * CENT),
    Line("W46-0003", "s-eva", "wise", "eva@example.org", "=Eva()", 1_234 * CENT),
    Line("W46-0004", "s-zoe", "wise", "148563324", "Zoe Ray", 700 * CENT),
    Line("W46-0005", "s-kim", "other", "+254 700 000000", "", 500 * CENT),
)
BATCH = Batch(3, "USD", "2026-11-23", LINES)
TEMPLATE = (
    "name,recipientId,recipientEmail,IBAN,paymentReference,amountCurrency,amount,sourceCurrency,targetCurrency,type\n"
    "Zoe Known,148563324,,,,source,,EUR,EUR,PERSON\n"
)


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def test_the_generic_file_has_every_line_and_runs_nothing() -> None:
    file = generic.write(BATCH)
    assert file.data.startswith(b"\xef\xbb\xbf")
    header, *found = rows(file.data)
    assert header == generic.HEADER
    assert found[0] == [
        "3",
        "W46-0001",
        "s-ada",
        "paypal",
        "ada@example.org",
        "",
        "52.90",
        "USD",
        "2026-11-23",
    ]
    assert found[2][5] == "'=Eva()"
    assert found[4][4] == "'+254 700 000000"
    assert (file.rows, len(found)) == (5, 5)


def test_paypals_file_begins_with_an_address_and_has_its_order() -> None:
    [file] = paypal.write(BATCH)
    assert file.data == b"ada@example.org,52.90,USD,W46-0001,Veritap W46-0001,PAYPAL\n"


def test_paypals_file_is_split_at_five_thousand_rows() -> None:
    many = tuple(
        Line(f"W46-{n:04d}", f"s-{n}", "paypal", f"s{n}@example.org", "", CENT) for n in range(5_001)
    )
    files = paypal.write(Batch(3, "USD", "2026-11-23", many))
    assert [(file.name, file.rows) for file in files] == [
        ("payout-3-USD-paypal-1.csv", 5_000),
        ("payout-3-USD-paypal-2.csv", 1),
    ]
    assert paypal.write(Batch(3, "USD", "2026-11-23", LINES[1:])) == []


@pytest.mark.parametrize(
    ("micro", "currency", "text"),
    [
        (52_900_000, "USD", "52.90"),
        (1_200_000_000, "JPY", "1200"),
        (9_876_000, "KWD", "9.876"),
        (0, "USD", "0.00"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(micro: int, currency: str, text: str) -> None:
    assert base.amount(micro, currency) == text


@pytest.mark.parametrize("micro", [1, 5_290_001, -CENT])
def test_an_amount_that_is_no_whole_coin_is_never_written(micro: int) -> None:
    with pytest.raises(ValueError, match="whole coins"):
        base.amount(micro, "USD")


def test_a_wise_template_is_filled_below_its_own_header() -> None:
    filled = wise.fill(BATCH, TEMPLATE.encode())
    [file] = filled.files
    assert file.data.decode().splitlines()[0] == TEMPLATE.splitlines()[0]
    _header, ben, eva, zoe = rows(file.data)
    assert ben == [
        "Ben Gold",
        "",
        "",
        "DE89370400440532013000",
        "W46-0002",
        "target",
        "30.00",
        "USD",
        "USD",
        "",
    ]
    assert eva[:3] == ["'=Eva()", "", "eva@example.org"]
    # What Wise knew of a saved recipient stays; only what is paid, and how, is ours.
    assert zoe == ["Zoe Known", "148563324", "", "", "W46-0004", "target", "7.00", "EUR", "USD", "PERSON"]
    assert filled.left_out == []
    assert wise.fill(BATCH, TEMPLATE.encode()) == filled


def test_a_template_without_a_column_leaves_those_lines_out() -> None:
    filled = wise.fill(BATCH, b"Recipient email;Amount\n")
    assert rows(filled.files[0].data, ";") == [["Recipient email", "Amount"], ["eva@example.org", "12.34"]]
    assert filled.left_out == ["W46-0002", "W46-0004"]


@pytest.mark.parametrize("template", [b"name,total\n", b"amount,name\n"])
def test_a_template_that_is_none_says_what_was_looked_for(template: bytes) -> None:
    with pytest.raises(BadTable) as bad:
        wise.fill(BATCH, template)
    assert bad.value.why == "columns"
    assert "amount" in bad.value.looked_for


@pytest.mark.parametrize(
    ("text", "outcome", "amount"),
    [
        ("reference,amount,status\nW46-0001,52.90,Paid\n", "paid", 5_290),
        ("Reference;Amount;Status\nw46-0001;52,90;Completed\n", "paid", 5_290),
        (
            '"Date","Transaction Status","Type","Gross","Fee","Currency","Custom Number"\n'
            '"1/2/2026","Unclaimed","Mass Payment","-1,052.90","-0.25","USD","W46-0001"\n',
            "waiting",
            105_290,
        ),
        (
            "Payouts report\nBatch,Q8KV\n\nTransaction ID\tSender item id\tAmount\tTransaction_status\nX\tW46-0001\t$52.90\tRETURNED\n",
            "returned",
            5_290,
        ),
    ],
    ids=["ours", "semicolons", "paypal activity", "paypal payouts, with lines before the header"],
)
def test_reports_are_read_by_the_names_of_their_columns(text: str, outcome: str, amount: int) -> None:
    for encoded in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        report = reports.read(encoded)
        assert not report.problems
        [row] = report.rows
        assert (row.reference, row.outcome, row.amount_micro) == ("W46-0001", outcome, amount * CENT)


def test_the_generic_file_with_a_status_is_a_report() -> None:
    header, *lines = generic.write(BATCH).data.decode("utf-8-sig").splitlines()
    back = "\n".join([f"{header},status", *(f"{line},paid" for line in lines)])
    report = reports.read(back.encode())
    said = [(row.reference, row.amount_micro, row.currency) for row in report.rows]
    assert said == [(line.reference, line.amount_micro, "USD") for line in LINES]
    assert not report.problems


def test_each_line_that_says_nothing_is_named_with_its_number() -> None:
    text = (
        "reference,amount,status\n"
        "W46-0001,52.90,Paid\n"
        ",1.00,Paid\n"
        "\n"
        "W46-0002,NaN,Paid\n"
        "W46-0002,-0.00,Paid\n"
        "W46-0002,1e3,Paid\n"
        "W46-0002,99999999.00,Paid\n"
        "W46-0003,12.34,Perhaps\n"
        "W46-0001,52.90,Paid\n"
        "W46-0004\n"
        f'W46-0005,"1{",000" * 2_000}",Paid\n'
        'W46-0006,"\u0661,\u0662\u0663\u0664",Paid\n'
    )
    report = reports.read(text.encode())
    assert [row.line for row in report.rows] == [2]
    assert [(one.line, one.why) for one in report.problems] == [
        (3, "reference"),
        (5, "amount"),
        (6, "amount"),
        (7, "amount"),
        (8, "amount"),
        (9, "status"),
        (10, "duplicate"),
        (11, "amount"),
        (12, "amount"),
        (13, "amount"),
    ]


@pytest.mark.parametrize(
    ("data", "why", "line"),
    [
        (b"", "empty", 0),
        (b" \n ", "empty", 0),
        (b"PK\x03\x04rest", "spreadsheet", 0),
        ("reference,amount,status\nMüller,1.00,Paid\n".encode("latin-1"), "encoding", 2),
        (b"reference,amount,status\nW46\x00,1.00,Paid\n", "encoding", 2),
        (b"name,sum\nx,1\n", "columns", 1),
        (b"reference,amount,status\n" + b"W46-0001,1.00,Paid\n" * 20_001, "rows", 20_001),
        (b"reference,amount,status\n" + b"x" * 200_000 + b"\n", "table", 2),
    ],
)
def test_a_file_that_is_no_report_says_why(data: bytes, why: str, line: int) -> None:
    with pytest.raises(BadTable) as bad:
        reports.read(data)
    assert (bad.value.why, bad.value.line) == (why, line)


@pytest.mark.parametrize(
    ("known", "row", "verdict", "state"),
    [
        (None, {}, "foreign", ""),
        ({}, {}, "matched", "paid"),
        ({}, {"outcome": "returned"}, "returned", "returned"),
        ({}, {"outcome": "waiting"}, "waiting", "open"),
        ({}, {"amount_micro": CENT}, "short", "short"),
        ({}, {"amount_micro": 6 * CENT}, "short", "short"),
        ({"state": "paid"}, {"amount_micro": CENT}, "short", "paid"),
        ({"state": "paid"}, {}, "repeated", "paid"),
        ({"state": "paid"}, {"outcome": "returned"}, "returned", "returned"),
        ({"state": "returned"}, {}, "late", "returned"),
        ({}, {"currency": "EUR"}, "currency", "open"),
        ({"batch": "approved"}, {}, "unsent", "open"),
        ({"batch": "cancelled", "state": "cancelled"}, {}, "cancelled", "cancelled"),
    ],
)
def test_what_a_row_does_to_its_line(
    known: dict[str, Any] | None, row: dict[str, Any], verdict: str, state: str
) -> None:
    line = None if known is None else dataclasses.replace(Known(5 * CENT, "USD", "open"), **known)
    said = dataclasses.replace(Row(2, "W46-0001", 5 * CENT, "", "paid"), **row)
    finding = reports.judge(said, line)
    assert (finding.verdict, finding.state) == (verdict, state)


SAID = st.builds(
    Row,
    st.just(2),
    st.sampled_from(["A", "B", "C", "foreign"]),
    st.sampled_from([5 * CENT, 4 * CENT]),
    st.sampled_from(["", "USD", "EUR"]),
    st.sampled_from(["paid", "returned", "waiting"]),
)


def settled(said: list[Row]) -> dict[str, str]:
    """Take rows in one after the other, and give the states of the lines."""
    states = dict.fromkeys("ABC", "open")
    for row in said:
        known = Known(5 * CENT, "USD", states[row.reference]) if row.reference in states else None
        finding = reports.judge(row, known)
        if known is not None:
            states[row.reference] = finding.state
    return states


@given(st.lists(SAID, max_size=12), st.data())
def test_reports_settle_the_same_in_any_order_and_repetition(said: list[Row], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(said))
    again = data.draw(st.lists(st.sampled_from(said), max_size=6)) if said else []
    assert settled([*shuffled, *again]) == settled(said)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    for noise in (data, b"reference,amount,status\n" + data):
        with contextlib.suppress(BadTable):
            assert all(row.line > 1 for row in reports.read(noise).rows)
