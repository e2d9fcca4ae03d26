"""The main job on real input, whole: eight students and more work hundreds of items with the real bot process, and what is left behind is
held against what they noted. Then each check is shown something wrong, so that one that no longer bites is noticed."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.simulation import checks, gsm8k, run
from tests.simulation.checks import Line, Worked
from tests.simulation.run import Plan, Result
from tests.simulation.students import KINDS, Library

STUDENTS = 9
ITEMS = 450


@dataclasses.dataclass(slots=True)
class Ended:
    """A simulation that has ended, with all that it left behind."""

    result: Result
    folder: Path
    solutions: list[gsm8k.Solution]

    @property
    def database(self) -> Path:
        """The bot's database."""
        return self.folder / run.DATABASE

    @property
    def lines(self) -> list[Line]:
        """The export's lines, to be tampered with at will."""
        return checks.read_export(self.folder / run.EXPORT)

    def matched(self, lines: list[Line]) -> tuple[list[Worked], list[str]]:
        """Find each student's lines among these."""
        return checks.matched(self.result.students, lines, self.solutions)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Run the simulation once for all tests here."""
    folder, data = tmp_path_factory.mktemp("simulation"), run.load_data()
    plan = Plan(STUDENTS, ITEMS, ITEMS * run.TAPS_AN_ITEM, data)
    result = asyncio.run(run.simulate(plan, folder, lambda done, of: None))
    return Ended(result, folder, gsm8k.solutions(data))


def test_nothing_is_wrong(ended: Ended) -> None:
    assert ended.result.wrong == []


def test_the_work_was_done_by_all_kinds_of_students(ended: Ended) -> None:
    result = ended.result
    assert result.uses == {"training": 4, "exam": 10, "gold": 158, "work": 1428}
    assert result.items >= ITEMS
    assert len([one for one in result.worked if len(one.work) > ITEMS // STUDENTS // 2]) >= 8
    assert {one.student.habits.name for one in result.worked} == {kind.name for kind in KINDS}


def test_students_did_what_people_do(ended: Ended) -> None:
    deeds: Counter[str] = sum((student.deeds for student in ended.result.students), Counter())
    assert set(+deeds) >= {"tapped twice", "tapped an old card", "undid", "skipped", "paused"}


def _without_one(lines: list[Line]) -> list[Line]:
    return lines[:-1]


def _with_one_twice(lines: list[Line]) -> list[Line]:
    return [*lines, {**lines[0], "judgment": lines[-1]["judgment"] + 1}]


def _with_another_answer(lines: list[Line]) -> list[Line]:
    answer = lines[20]["answers"]["correct"]
    lines[20]["answers"]["correct"] = "no" if answer == "yes" else "yes"
    return lines


@pytest.mark.parametrize("tamper", [_without_one, _with_one_twice, _with_another_answer])
def test_a_tap_that_is_lost_doubled_or_changed_is_noticed(
    ended: Ended, tamper: Callable[[list[Line]], list[Line]]
) -> None:
    assert ended.matched(ended.lines)[1] == []
    assert ended.matched(tamper(ended.lines))[1] != []


@pytest.mark.parametrize("field", ["credited_ms", "amount_micro"])
def test_a_sum_that_differs_by_one_is_noticed(ended: Ended, field: str) -> None:
    lines = ended.lines
    lines[0][field] += 1
    worked, _ = ended.matched(lines)
    assert checks.hours_and_money(worked, ended.database)
    assert checks.pay(lines, 24_000_000, 180_000)


def test_earnings_that_show_something_else_are_noticed(ended: Ended) -> None:
    worked, _ = ended.matched(ended.lines)
    student = copy.copy(worked[0].student)
    student.earnings = student.earnings.replace("All so far  $", "All so far  $1")
    assert checks.hours_and_money([dataclasses.replace(worked[0], student=student)], ended.database)


def test_a_crowded_item_is_noticed(ended: Ended) -> None:
    work = next(line for line in ended.lines if line["use"] == "work")
    assert checks.overlap([work] * 6, ended.database)
    assert checks.overlap([work] * 5, ended.database) == []


def test_a_crowded_promise_is_noticed(ended: Ended, tmp_path: Path) -> None:
    database = tmp_path / "crowded.db"
    shutil.copyfile(ended.database, database)
    connection = sqlite3.connect(database)
    busiest = connection.execute(
        "SELECT item_id FROM assignments WHERE use = 'work' GROUP BY item_id ORDER BY COUNT(*) DESC LIMIT 1"
    ).fetchone()[0]
    connection.execute("UPDATE judgments SET item_id = ? WHERE use = 'work'", (busiest,))
    connection.commit()
    connection.close()
    assert checks.overlap([], database)


def test_an_item_met_twice_is_noticed(ended: Ended) -> None:
    worked, library = ended.matched(ended.lines)[0], Library(ended.solutions)
    one = worked[0]
    assert checks.nothing_twice([dataclasses.replace(one, lines=[*one.lines, one.lines[-1]])], library)
    student = copy.copy(one.student)
    met = ("work", student.notes[-1].item)
    student.seen = {**student.seen, "again": met, "and again": met}
    assert checks.nothing_twice([dataclasses.replace(one, student=student)], library)


@pytest.mark.parametrize("use", ["work", "gold"])
def test_too_little_and_too_much_gold_is_noticed(ended: Ended, use: str) -> None:
    worked = ended.matched(ended.lines)[0][0]
    lines: list[dict[str, Any]] = [{**line, "use": use} for line in worked.work] * 40
    assert checks.gold_rate([dataclasses.replace(worked, lines=lines)])


def test_gold_that_is_judged_wrongly_is_noticed(ended: Ended) -> None:
    lines = ended.lines
    known = next(line for line in lines if line["use"] == "gold")
    known["correct"] = not known["correct"]
    assert len(checks.gold_is_judged(lines, ended.solutions)) == 1


def test_written_lines_have_the_shape_of_the_real_ones() -> None:
    found = gsm8k.solutions(gsm8k.written(run.WRITTEN_PROBLEMS))
    uses = list(gsm8k.uses(found).values())
    assert (len(found), uses.count("training"), uses.count("exam"), uses.count("gold")) == (1600, 4, 10, 158)
    assert len({(solution.question, solution.text) for solution in found}) == 1600
    assert gsm8k.uses(found) == gsm8k.uses(gsm8k.solutions(gsm8k.written(run.WRITTEN_PROBLEMS)))
