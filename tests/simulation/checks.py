"""What must be true at the end of a simulation. The students' own notes, what the screen told them, the export and the database are held
against each other; each check gives sentences about what is wrong, none when all is well."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rules import credit, money
from tests.simulation.gsm8k import OVERLAP, Solution
from tests.simulation.students import Library, Student

Line = dict[str, Any]
CURRENCY = "USD"
ONE_IN_A_MILLION = 1e-6
GOLD_LEAST, GOLD_MOST = 0.03, 0.30
"""The shares between which the project's own rule moves."""
ALL_SO_FAR = re.compile(r"^All so far {2}(?P<money>\S+) +(?P<time>.+)$", re.MULTILINE)
IN_THE_BOOKS = """
SELECT p.pseudonym, m.asset, SUM(m.amount) FROM people AS p JOIN (
    SELECT destination AS account, asset, amount FROM postings
    UNION ALL SELECT source, asset, -amount FROM postings) AS m ON m.account LIKE 'student:' || p.id || ':%'
GROUP BY p.pseudonym, m.asset"""
ON_THE_CARDS = """
SELECT p.pseudonym, SUM(e.credited_ms), SUM(e.amount_micro)
FROM earned AS e JOIN people AS p ON p.id = e.person_id GROUP BY p.pseudonym"""
PROMISED = """
SELECT i.external_id, (SELECT COUNT(*) FROM judgments AS j WHERE j.item_id = i.id AND j.undone_ms IS NULL)
    + (SELECT COUNT(*) FROM assignments AS a WHERE a.item_id = i.id AND a.state IN ('open', 'parked', 'paused'))
FROM items AS i WHERE i.use = 'work' AND i.id IN (SELECT item_id FROM assignments)"""


@dataclasses.dataclass(slots=True)
class Worked:
    """What a student's notes and the export's lines of one pseudonym come to, once they are found to be the same person."""

    student: Student
    pseudonym: str
    lines: list[Line]

    @property
    def credited_ms(self) -> int:
        """The time credited, by the export."""
        return sum(line["credited_ms"] for line in self.lines)

    @property
    def amount_micro(self) -> int:
        """The money earned, by the export."""
        return sum(line["amount_micro"] for line in self.lines)

    @property
    def work(self) -> list[Line]:
        """The work, gold among it."""
        return [line for line in self.lines if line["use"] in ("work", "gold")]

    @property
    def golds(self) -> list[Line]:
        """The gold items among the work."""
        return [line for line in self.lines if line["use"] == "gold"]


def read_export(path: Path) -> list[Line]:
    """Read an export."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def matched(
    students: Sequence[Student], lines: Iterable[Line], solutions: Sequence[Solution]
) -> tuple[list[Worked], list[str]]:
    """Find each student's lines: those that hold every answer that they saw saved, exactly once, and nothing else."""
    by_id = {solution.id: solution for solution in solutions}
    by_pseudonym: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_pseudonym[line["student"]].append(line)
    answers = {name: Counter(_told(line, by_id) for line in own) for name, own in by_pseudonym.items()}
    found, wrong = [], []
    for student in students:
        noted = Counter(
            (_stage(note.stage), note.item.question, note.item.text, note.answer) for note in student.notes
        )
        name = next((name for name, told in answers.items() if told == noted), None)
        if name is not None:
            found.append(Worked(student, name, by_pseudonym[name]))
            del answers[name]
        elif noted:
            wrong.append(_difference(student, noted, answers.values()))
    wrong += [f"{name} has {told.total()} judgments that no student noted" for name, told in answers.items()]
    return found, wrong


def _told(line: Line, by_id: dict[str, Solution]) -> tuple[str, str, str, str]:
    item = by_id[line["item"]]
    return _stage(line["use"]), item.question, item.text, line["answers"]["correct"]


def _stage(use: str) -> str:
    """Name what a student can tell apart: gold looks like work."""
    return "work" if use == "gold" else use


def _difference(student: Student, noted: Counter[Any], told: Iterable[Counter[Any]]) -> str:
    nearest = max(told, key=lambda other: (noted & other).total(), default=Counter())
    missing, extra = noted - nearest, nearest - noted
    return (
        f"{student.habits.name} student noted {noted.total()} saved answers; at the nearest pseudonym {missing.total()} of them "
        f"are missing and {extra.total()} are too many"
    )


def hours_and_money(worked: Sequence[Worked], database: Path) -> list[str]:
    """Hold the export's sums against the ledger, against what the cards add up, and against what /earnings shows."""
    with _opened(database) as connection:
        books = {(name, asset): amount for name, asset, amount in connection.execute(IN_THE_BOOKS)}
        cards = {name: (spent, amount) for name, spent, amount in connection.execute(ON_THE_CARDS)}
    wrong = []
    for one in worked:
        sums = (one.credited_ms, one.amount_micro)
        in_books = (books.get((one.pseudonym, "TIME"), 0), books.get((one.pseudonym, CURRENCY), 0))
        if in_books != sums:
            wrong.append(f"{one.pseudonym}: the export comes to {sums}, the ledger to {in_books}")
        if cards.get(one.pseudonym, (0, 0)) != sums:
            wrong.append(
                f"{one.pseudonym}: the export comes to {sums}, the cards to {cards.get(one.pseudonym)}"
            )
        shown = ALL_SO_FAR.search(one.student.earnings)
        expected = (money.show(one.amount_micro, CURRENCY), credit.show(one.credited_ms))
        if shown is None or (shown["money"], shown["time"].strip()) != expected:
            wrong.append(
                f"{one.pseudonym}: /earnings should show {expected}, but says {one.student.earnings!r}"
            )
    return wrong


def overlap(lines: Iterable[Line], database: Path) -> list[str]:
    """See that no work item has, or was promised, more judgments than it may have."""
    most = OVERLAP[1]
    wrong = [
        f"{item} has {count} judgments"
        for item, count in Counter(line["item"] for line in lines if line["use"] == "work").items()
        if count > most
    ]
    with _opened(database) as connection:
        promised = connection.execute(PROMISED).fetchall()
    return wrong + [f"{item} is promised to {count}" for item, count in promised if count > most]


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading, beside the bot."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def nothing_twice(worked: Sequence[Worked], library: Library) -> list[str]:
    """See that nobody met a work item twice, by the export and by what they saw on their phones."""
    wrong = []
    for one in worked:
        judged = Counter(line["item"] for line in one.lines)
        wrong += [
            f"{one.pseudonym} judged {item} {times} times" for item, times in judged.items() if times > 1
        ]
        met = Counter((item.question, item.text) for _, item in one.student.seen.values())
        wrong += [
            f"{one.pseudonym} saw this {times} times: {key[0][:60]!r}"
            for key, times in met.items()
            if times > library.copies[key]
        ]
    return wrong


def at_most(count: int, of: int, chance: float) -> float:
    """Give the chance of at most so many successes (binomial)."""
    ways = (math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in range(count + 1))
    return math.fsum(
        math.exp(way + k * math.log(chance) + (of - k) * math.log1p(-chance)) for k, way in enumerate(ways)
    )


def gold_rate(worked: Sequence[Worked]) -> list[str]:
    """See that everybody met gold about as often as the project asks; one false alarm in a million is allowed for."""
    wrong = []
    for one in worked:
        seen, golds = len(one.work), len(one.golds)
        too_few = at_most(golds, seen, GOLD_LEAST) < ONE_IN_A_MILLION
        too_many = at_most(seen - golds, seen, 1 - GOLD_MOST) < ONE_IN_A_MILLION
        if seen and (too_few or too_many):
            wrong.append(f"{one.pseudonym} met {golds} gold items among {seen}")
    return wrong


def gold_is_judged(lines: Iterable[Line], solutions: Sequence[Solution]) -> list[str]:
    """See that each answer to a known item was judged as the data says."""
    by_id = {solution.id: solution for solution in solutions}
    return [
        f"judgment {line['judgment']} on {line['item']} is marked {line.get('correct')}"
        for line in lines
        if line["use"] != "work"
        and line.get("correct") != (line["answers"]["correct"] == by_id[line["item"]].answer)
    ]


def pay(lines: Iterable[Line], rate_micro: int, cap_ms: int) -> list[str]:
    """Work out each line's time and pay again, from its own figures."""
    return [
        f"judgment {line['judgment']} has {line['credited_ms']} ms and {line['amount_micro']} millionths"
        for line in lines
        if not 0 <= line["credited_ms"] <= cap_ms
        or line["amount_micro"] != money.earned_micro(line["credited_ms"], rate_micro)
        or line["answered_at_ms"] < line["shown_at_ms"]
    ]


def troubles(students: Iterable[Student]) -> list[str]:
    """List what the students themselves saw go wrong."""
    return [f"{student.habits.name}: {trouble}" for student in students for trouble in student.troubles]
