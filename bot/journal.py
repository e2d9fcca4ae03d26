"""The ledger as a plain-text journal, for hledger or beancount: so that a tool which is not ours can prove the books as well.

Every account and commodity is declared, every entry is a transaction with its key, and at the end each account's balance is asserted as the
bot keeps it. So the tool finds a changed amount, a lost or doubled entry and an account that there is not. Money is written as decimals of
six places, time as whole milliseconds in a commodity of its own. The standard library only, and no line shared with the ledger.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol, TextIO

from bot.verify.base import TIME, Entry, columns, entries
from bot.verify.report import CannotVerify, opened

FORMATS = ("hledger", "beancount")
MICRO = 1_000_000
DAY_MS = 86_400_000


class Kept(NamedTuple):
    """A balance as the bot keeps it."""

    account: str
    asset: str
    amount: int


class _Writer(Protocol):
    """What each of the forms can write."""

    def opening(self, kept: Iterable[Kept], /) -> Iterator[str]: ...
    def transaction(self, entry: Entry, /) -> Iterator[str]: ...
    def closing(self, kept: Iterable[Kept], /) -> Iterator[str]: ...


def lines(connection: sqlite3.Connection, form: str) -> Iterator[str]:
    """Write the whole journal of a database, a line at a time; `form`: one of FORMATS."""
    kept = balances(connection)
    days = connection.execute("SELECT MIN(recorded_ms), MAX(recorded_ms) FROM entries").fetchone()
    # Whatever the clock did, everything is declared on the first day and asserted after the last one.
    first, last = _day(days[0] or 0), _day(days[1] or 0)
    writer: _Writer = _Beancount(first, last) if form == "beancount" else _Hledger(first, last)
    yield from writer.opening(kept)
    for entry in entries(connection):
        yield from writer.transaction(entry)
    yield from writer.closing(kept)


def balances(connection: sqlite3.Connection) -> list[Kept]:
    """Give the balances that the bot keeps; for a file of an earlier version, which keeps none, those of its postings."""
    table = "balances"
    if not columns(connection, table):
        table = """(SELECT account, asset, SUM(amount) AS amount FROM (
            SELECT destination AS account, asset, amount FROM postings
            UNION ALL SELECT source, asset, -amount FROM postings) GROUP BY account, asset)"""
    rows = connection.execute(f"SELECT account, asset, amount FROM {table} ORDER BY account, asset")  # noqa: S608
    return [Kept(*row) for row in rows]


def _day(moment_ms: int) -> str:
    return _date(moment_ms // DAY_MS)


@functools.lru_cache
def _date(day: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()


def _amount(amount: int, asset: str) -> str:
    if asset == TIME:
        return f"{amount} {asset}"
    whole, part = divmod(abs(amount), MICRO)
    return f"{'-' if amount < 0 else ''}{whole}.{part:06d} {asset}"


def _words(text: str) -> str:
    """Give a text without what would end a string or a line."""
    return " ".join(text.replace("\\", "/").replace('"', "'").replace(";", ",").split())


class _Beancount:
    """Writes for beancount: accounts are capitalised parts below the five kinds of accounts that it knows."""

    def __init__(self, first: str, last: str) -> None:
        self._first = first
        self._last = last
        self._names: dict[str, str] = {}

    def opening(self, kept: Iterable[Kept]) -> Iterator[str]:
        """Declare what there is; beancount then takes nothing else."""
        yield 'option "title" "Veritap"'
        yield ""
        for asset in sorted({one.asset for one in kept}):
            yield f"{self._first} commodity {asset}"
        for account in sorted({one.account for one in kept}):
            yield f"{self._first} open {self._name(account)}"

    def transaction(self, entry: Entry) -> Iterator[str]:
        """Write an entry; what makes it traceable stands in its metadata."""
        day = _day(entry.recorded_ms)
        yield ""
        yield f'{day} * "{_words(entry.reason)}"'
        yield f'  key: "{entry.key}"'
        yield f'  kind: "{entry.kind}"'
        yield f'  actor: "{entry.actor}"'
        yield f'  hash: "{entry.hash}"'
        for posting in entry.postings:
            yield f"  {self._name(posting.source)}  {_amount(-posting.amount, posting.asset)}"
            yield f"  {self._name(posting.destination)}  {_amount(posting.amount, posting.asset)}"

    def closing(self, kept: Iterable[Kept]) -> Iterator[str]:
        """Assert each balance, to the last place."""
        # An assertion holds for the beginning of its day.
        day = (datetime.fromisoformat(self._last) + timedelta(days=1)).date().isoformat()
        yield ""
        for one in kept:
            # Without a tolerance of its own beancount would let the last place differ.
            number = _amount(one.amount, one.asset).partition(" ")[0]
            yield f"{day} balance {self._name(one.account)}  {number} ~ 0 {one.asset}"

    def _name(self, account: str) -> str:
        name = self._names.get(account)
        if name is None:
            parts = account.replace("_", "-").split(":")
            top = "Liabilities" if parts[0] == "student" else "Equity"
            name = self._names[account] = ":".join([top, *(part[:1].upper() + part[1:] for part in parts)])
        return name


class _Hledger:
    """Writes for hledger, whose accounts may be called as ours are."""

    def __init__(self, first: str, last: str) -> None:
        self._last = last

    def opening(self, kept: Iterable[Kept]) -> Iterator[str]:
        """Declare what there is; `hledger check --strict` then takes nothing else."""
        for asset in sorted({one.asset for one in kept}):
            yield f"commodity {'1000.' if asset == TIME else '1000.000000'} {asset}"
        for account in sorted({one.account for one in kept}):
            yield f"account {account}"

    def transaction(self, entry: Entry) -> Iterator[str]:
        """Write an entry; what makes it traceable stands in tags."""
        yield ""
        yield f"{_day(entry.recorded_ms)} * {_words(entry.reason)}"
        for name in ("key", "kind", "actor", "hash"):
            yield f"    ; {name}: {getattr(entry, name)}"
        for posting in entry.postings:
            yield f"    {posting.source}  {_amount(-posting.amount, posting.asset)}"
            yield f"    {posting.destination}  {_amount(posting.amount, posting.asset)}"

    def closing(self, kept: Iterable[Kept]) -> Iterator[str]:
        """Assert each balance, in a transaction that moves nothing."""
        yield ""
        yield f"{self._last} * closing balances"
        for one in kept:
            yield f"    {one.account}  0 {one.asset} = {_amount(one.amount, one.asset)}"


def write(path: Path, form: str, to: TextIO) -> int:
    """Write the journal of a database file to an open text, on one consistent view of it. Return how many lines it has.

    Raises CannotVerify when the file is no Veritap database.
    """
    written = 0
    try:
        with opened(path) as connection:
            for line in lines(connection, form):
                to.write(f"{line}\n")
                written += 1
    except sqlite3.DatabaseError as error:
        raise CannotVerify(f"{path} is damaged: {error}") from error
    return written
