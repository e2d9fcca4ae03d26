"""Entry by entry: each moves exactly what its own records call for, is linked to what it answers, and names who did it.

What each kind must move is worked out anew here. Payouts, which are held against their batches, have a module of their own.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bot.verify import topups
from bot.verify.base import KINDS, OFFICE, TIME, Entry, Posting, account, columns, entries, say

_ACTOR = re.compile(r"system|command line|person:([0-9]+)")
_NUMBERS = {"topup": 3, "withhold": 2, "release": 2, "forfeit": 2, "payout": 2, "paid": 2, "return": 3}
"""How many numbers a key holds; one, where it is not said."""
BY_A_PERSON = {"withholding", "forfeit", "bonus", "adjustment", "payout", "payment", "return"}
"""Kinds that only a named human decides on."""
BY_THE_STUDENT = {"earning", "reversal"}


class Judgment(NamedTuple):
    """What the ledger must say of a judgment."""

    id: int
    person_id: int
    project_id: int
    credited_ms: int
    amount_micro: int
    currency: str
    approved_ms: int | None
    undone_ms: int | None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _require_decided(entry: Entry, reason: str, decided_by: int, decided_ms: int) -> None:
    if (entry.reason, entry.actor, entry.recorded_ms) != (reason, f"person:{decided_by}", decided_ms):
        raise Wrong(
            f"does not say why, by whom or when, as what calls for it does: person {decided_by} at {decided_ms}"
        )


class Wrong(Exception):
    """What is wrong with an entry, as the end of a sentence about it."""


RECORDS = ("withheld", "bonuses", "adjustments", "payout_lines", "topup_weeks")


class Owed(NamedTuple):
    """What an entry must move, for whom, and what calls for it."""

    person_id: int
    postings: list[Posting]
    because: str


def check_entries(connection: sqlite3.Connection) -> Iterator[str]:
    """Each entry moves exactly what its own records say, from and to the right accounts, and somebody stands for it."""
    walk = _Walk(connection)
    for entry in entries(connection):
        yield from walk.look(entry)


class _Walk:
    """Goes through the ledger in its order, and remembers what later entries answer."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._people = {int(row[0]) for row in connection.execute("SELECT id FROM people")}
        self._names = {name: columns(connection, name) for name in RECORDS}
        self._earned: set[int] = set()
        self._approved: set[int] = set()
        self._answered: dict[str, Entry] = {}
        self._returned: dict[tuple[int, int], int] = {}
        self._weeks: dict[tuple[int, int], dict[int, tuple[int, str]]] = {}
        self._owed: dict[str, Callable[[Entry, list[int]], Owed]] = {
            "earning": self._judged,
            "reversal": self._judged,
            "approval": self._judged,
            "withholding": self._withheld,
            "release": self._withheld_before,
            "forfeit": self._withheld_before,
            "payout": self._paid_out,
            "payment": self._paid_out_before,
            "return": self._paid_out_before,
            "topup": self._topped_up,
            "bonus": self._bonus,
            "adjustment": self._adjusted,
        }

    def look(self, entry: Entry) -> Iterator[str]:
        """Tell what is wrong with an entry; entries come in their order."""
        prefix, *parts = entry.key.split(":")
        if KINDS.get(prefix) != entry.kind:
            yield f"{entry.name} is of the kind {entry.kind!r}, which no event makes"
            return
        if len(parts) != _NUMBERS.get(prefix, 1) or not all(_is_number(part) for part in parts):
            yield f"{entry.name} has a key that no event makes"
            return
        yield from self._actor(entry)
        try:
            owed = self._owed[entry.kind](entry, [int(part) for part in parts])
        except Wrong as wrong:
            yield f"{entry.name} {wrong}"
            return
        if sorted(entry.postings) != sorted(owed.postings):
            yield f"{entry.name} moves {say(entry.postings)}, where {owed.because} calls for {say(owed.postings)}"
        if entry.person_id != owed.person_id:
            yield f"{entry.name} names person {entry.person_id}, not {owed.person_id}"

    def _actor(self, entry: Entry) -> Iterator[str]:
        found = _ACTOR.fullmatch(entry.actor)
        if found is None or (found[1] and int(found[1]) not in self._people):
            yield f"{entry.name} was made by {entry.actor!r}, whom the books do not know"
        elif entry.kind in BY_THE_STUDENT and found[1] != str(entry.person_id):
            yield f"{entry.name} was made by {entry.actor}, not by its student"
        elif entry.kind in BY_A_PERSON and not found[1]:
            yield f"{entry.name} was made by {entry.actor}, where a person must decide"
        if not entry.reason.strip():
            yield f"{entry.name} has no reason"

    def _judgment(self, number: int) -> Judgment:
        row = self._connection.execute(
            "SELECT id, person_id, project_id, credited_ms, amount_micro, currency, approved_ms, undone_ms "
            "FROM judgments WHERE id = ?",
            (number,),
        ).fetchone()
        if row is None:
            raise Wrong("is about a judgment that is not there")
        return Judgment(*row)

    def _judged(self, entry: Entry, numbers: list[int]) -> Owed:
        judgment = self._judgment(numbers[0])
        money, project = judgment.amount_micro, f"project:{judgment.project_id}"
        pending, approved = (account(judgment.person_id, state) for state in ("pending", "approved"))
        if entry.kind == "earning":
            self._earned.add(judgment.id)
            source, destination = project, pending
        elif judgment.id not in self._earned:
            raise Wrong("comes before the earning that it answers")
        elif entry.kind == "reversal":
            if judgment.undone_ms is None:
                raise Wrong(f"takes back judgment {judgment.id}, which was not undone")
            source, destination = pending, project
        else:
            if judgment.approved_ms is None or judgment.undone_ms is not None:
                raise Wrong(f"approves judgment {judgment.id}, which is undone or not approved")
            self._approved.add(judgment.id)
            source, destination = pending, approved
            if f"withheld:{judgment.id}" in self._answered:
                # Its money was withheld before, and only a release can give that to its student.
                money = 0
        both = ((money, judgment.currency), (judgment.credited_ms, TIME))
        postings = [Posting(source, destination, amount, asset) for amount, asset in both if amount > 0]
        return Owed(judgment.person_id, postings, f"judgment {judgment.id}")

    def _withheld(self, entry: Entry, numbers: list[int]) -> Owed:
        withholding, judgment = numbers[0], self._judgment(numbers[1])
        if judgment.id not in self._earned:
            raise Wrong("comes before the earning that it answers")
        if f"withheld:{judgment.id}" in self._answered:
            raise Wrong(f"withholds judgment {judgment.id}, which was withheld before")
        row = self._row("withheld", "withholding_id, held_in", "judgment_id", judgment.id)
        lies_in = "approved" if judgment.id in self._approved else "pending"
        if row != (withholding, lies_in):
            raise Wrong(f"answers no row of withheld that holds judgment {judgment.id} back from {lies_in}")
        self._answered[f"withheld:{judgment.id}"] = entry
        return self._of_withheld(judgment, lies_in, account(judgment.person_id, "withheld"))

    def _withheld_before(self, entry: Entry, numbers: list[int]) -> Owed:
        withholding, judgment = numbers[0], self._judgment(numbers[1])
        last = self._answered.get(f"withheld:{judgment.id}")
        if last is None or last.key != f"withhold:{withholding}:{judgment.id}":
            raise Wrong(f"answers a withholding of judgment {judgment.id} that is not open")
        self._answered[f"withheld:{judgment.id}"] = entry
        is_released = entry.kind == "release"
        back = account(judgment.person_id, "approved") if is_released else f"project:{judgment.project_id}"
        return self._of_withheld(judgment, "withheld", back)

    def _of_withheld(self, judgment: Judgment, state: str, destination: str) -> Owed:
        source = account(judgment.person_id, state)
        posting = Posting(source, destination, judgment.amount_micro, judgment.currency)
        return Owed(judgment.person_id, [posting], f"judgment {judgment.id}")

    def _row(self, table: str, wanted: str, column: str, number: int) -> tuple[Any, ...] | None:
        if not self._names[table]:
            return None
        row = self._connection.execute(
            f"SELECT {wanted} FROM {table} WHERE {column} = ?",  # noqa: S608
            (number,),
        ).fetchone()
        return None if row is None else tuple(row)

    def _line(self, batch: int, person_id: int) -> tuple[int, str]:
        row = None
        if self._names["payout_lines"]:
            row = self._connection.execute(
                "SELECT l.amount_micro, b.currency FROM payout_lines AS l JOIN payout_batches AS b ON b.id = l.batch_id "
                "WHERE l.batch_id = ? AND l.person_id = ? AND b.state NOT IN ('draft', 'discarded')",
                (batch, person_id),
            ).fetchone()
        if row is None:
            raise Wrong(f"answers no line of batch {batch} for person {person_id}")
        return int(row[0]), str(row[1])

    def _paid_out(self, entry: Entry, numbers: list[int]) -> Owed:
        batch, person_id = numbers
        amount, currency = self._line(batch, person_id)
        self._answered[entry.key] = entry
        source, destination = account(person_id, "approved"), account(person_id, "in_payout")
        return Owed(person_id, [Posting(source, destination, amount, currency)], f"its line in batch {batch}")

    def _paid_out_before(self, entry: Entry, numbers: list[int]) -> Owed:
        """See that money that arrived, or came back, was sent before, and that no more comes back than was sent."""
        batch, person_id = numbers[:2]
        sent = self._answered.get(f"payout:{batch}:{person_id}")
        if sent is None:
            raise Wrong(f"answers a payout of batch {batch} to person {person_id} that was not made")
        amount, currency = self._line(batch, person_id)
        paid_key = f"paid:{batch}:{person_id}"
        if entry.kind == "payment":
            self._answered[entry.key] = entry
            source, destination = account(person_id, "in_payout"), account(person_id, "paid")
        else:
            held = "paid" if paid_key in self._answered else "in_payout"
            source, destination = account(person_id, held), account(person_id, "approved")
        moved = entry.postings[0].amount if entry.postings else 0
        before = self._returned.get((batch, person_id), 0)
        if entry.kind == "return":
            self._returned[batch, person_id] = before + moved
        if before + moved > amount:
            raise Wrong(f"moves {moved} {currency}, where {amount - before} are left of its payout")
        return Owed(person_id, [Posting(source, destination, moved, currency)], sent.name)

    def _adjusted(self, entry: Entry, numbers: list[int]) -> Owed:
        wanted = "state, person_id, amount_micro, currency, reason, decided_by, decided_ms"
        row = self._row("adjustments", wanted, "id", numbers[0])
        if row is None or row[0] != "booked":
            raise Wrong("answers no adjustment that was booked")
        person_id, amount, currency = row[1:4]
        _require_decided(entry, *row[4:])
        approved = account(person_id, "approved")
        source, destination = (OFFICE, approved) if amount > 0 else (approved, OFFICE)
        posting = Posting(source, destination, abs(amount), currency)
        return Owed(person_id, [posting], f"adjustment {numbers[0]}")

    def _bonus(self, entry: Entry, numbers: list[int]) -> Owed:
        row = self._row("bonuses", "grant_id, person_id", "id", numbers[0])
        grant = (
            row
            and self._connection.execute(
                "SELECT project_id, amount_micro, currency FROM bonus_grants WHERE id = ? AND state = 'booked'",
                (row[0],),
            ).fetchone()
        )
        if not row or not grant:
            raise Wrong("answers no bonus that was booked")
        project, amount, currency = grant
        posting = Posting(f"project:{project}", account(row[1], "approved"), amount, currency)
        return Owed(row[1], [posting], f"bonus {numbers[0]}")

    def _topped_up(self, entry: Entry, numbers: list[int]) -> Owed:
        project, start_ms, person_id = numbers
        if (project, start_ms) not in self._weeks:
            self._weeks[project, start_ms] = topups.of_week(self._connection, project, start_ms)
        owed = self._weeks[project, start_ms].get(person_id)
        if owed is None:
            raise Wrong("answers no week that was settled with less than its floor")
        amount, currency = owed
        posting = Posting(f"project:{project}", account(person_id, "approved"), amount, currency)
        return Owed(person_id, [posting], f"the floor of the week from {start_ms}")
