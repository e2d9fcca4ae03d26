"""Leaked gold, scripts, accounts that move together, and the look at all of them."""

from __future__ import annotations

import numpy as np
import pytest

from rules.quality import leaks, moves, scripts, suspicions
from rules.quality.leaks import Record
from rules.quality.moves import Activity
from rules.quality.scripts import Times
from rules.quality.suspicions import Data, Given
from rules.quality.votes import votes_of

HOUR, DAY = 3_600_000, 24 * 3_600_000


def honest_records(seed: int, gold: float = 0.85, work: float = 0.8, people: int = 60) -> list[Record]:
    chance = np.random.default_rng(seed)
    return [
        Record(person, int(chance.binomial(20, gold)), 20, int(chance.binomial(80, work)), 80)
        for person in range(people)
    ]


def test_a_clicker_who_knows_every_gold_is_found() -> None:
    for seed in range(20):
        everybody = [*honest_records(seed, gold=0.8), Record(99, 15, 15, 30, 60)]
        found, tested = leaks.look(everybody)
        assert [leak.record.person for leak in found] == [99]
        assert tested == 61
        assert 7 < found[0].expected < 11


def test_gold_that_is_easier_for_everybody_is_no_leak() -> None:
    false = sum(len(leaks.look(honest_records(seed, gold=0.97, work=0.7))[0]) for seed in range(100))
    assert false <= 3, "of 6,000 honest people"


def test_records_leave_out_items_on_which_others_do_not_lead() -> None:
    rows = [(1, 1, 0), (2, 1, 0), (3, 1, 1), (1, 2, 0), (2, 2, 1), (3, 3, 1), (1, 3, 0), (9, 3, 0)]
    votes = votes_of(rows, {3: 1}, 2)[0]
    found = {record.person: record for record in leaks.records_of(votes)}
    # Item 1: others of 1 are split, of 2 as well, of 3 both say 0. Item 2 has one other each. Item 3 is gold.
    assert found[3] == Record(3, 1, 1, 0, 1)
    assert found[1] == Record(1, 0, 1, 0, 0)
    assert found[9] == Record(9, 0, 1, 0, 0)
    assert leaks.records_of(votes_of([], {}, 2)[0]) == []


def human(person: int, seed: int, answers: int = 60) -> Times:
    chance = np.random.default_rng(seed)
    spent = np.exp(chance.normal(9.8, 0.5, answers)).astype(int).tolist()
    starts = np.cumsum(np.array(spent) + chance.integers(500, 4_000, answers)).tolist()
    return Times(person, starts, spent)


def test_people_of_many_paces_are_no_scripts() -> None:
    assert scripts.look([human(person, person) for person in range(200)]) == []


def test_a_script_is_told_by_what_it_does() -> None:
    chance = np.random.default_rng(1)
    people = [human(person, person) for person in range(20)]
    even = Times(50, list(range(0, 60 * 9_000, 9_000)), (8_000 + chance.integers(-300, 300, 60)).tolist())
    round_seconds = (chance.integers(5, 60, 60) * 1000 + 120 + chance.integers(0, 80, 60)).tolist()
    whole = Times(51, list(range(0, 60 * 60_000, 60_000)), round_seconds)
    night = human(52, 7, 400)
    night = Times(52, [place * 5 * 60_000 for place in range(400)], night.spent_ms)
    found = {one.person: set(one.patterns) for one in scripts.look([*people, even, whole, night])}
    assert found == {50: {"even"}, 51: {"round"}, 52: {"sleepless"}}


def test_few_answers_and_long_days_say_nothing() -> None:
    assert scripts.look([Times(1, [0] * 39, [5_000] * 39)]) == []
    # An answer every 25 minutes from six in the morning to three at night: long, but no script's work.
    slow = [place * 25 * 60_000 for place in range(51)]
    assert scripts.look([Times(1, slow, human(1, 1, 51).spent_ms)]) == []


def active(person: int, seed: int, days: int = 14, payee: str = "") -> Activity:
    chance = np.random.default_rng(seed)
    starts = [day * DAY + int(chance.normal(18, 2) * HOUR) for day in range(days)]
    moments = [start + minute * 60_000 for start in starts for minute in range(20)]
    return Activity(person, moments, payee)


def shifted(other: Activity, person: int, by_ms: int, payee: str = "") -> Activity:
    return Activity(person, [moment + by_ms for moment in other.answered_ms], payee)


def test_people_who_all_work_in_the_evening_do_not_move_together() -> None:
    flagged, tested = moves.look([active(person, person) for person in range(80)])
    assert (flagged, tested) == ([], 80 * 79 // 2)


@pytest.mark.parametrize("by_ms", [60_000, 20 * 60_000])
def test_one_person_with_two_accounts_is_found(by_ms: int) -> None:
    # A minute apart each time, or one account after the other.
    crowd = [active(person, person) for person in range(30)]
    found, _ = moves.look([*crowd, shifted(crowd[3], 77, by_ms)])
    assert [{move.one, move.other} for move in found] == [{3, 77}]
    assert found[0].together >= 12
    assert found[0].expected < 2


def test_a_shared_payee_alone_is_not_enough() -> None:
    crowd = [active(person, person, payee="same" if person < 2 else "") for person in range(20)]
    assert moves.look(crowd)[0] == []
    assert moves.look([])[0] == []


def test_all_is_found_in_one_look() -> None:
    chance = np.random.default_rng(4)
    given = []
    for item in range(60):
        truth, copied = int(chance.integers(3)), int(chance.integers(3))
        for person in range(12):
            label = copied if person < 2 else truth if chance.random() < 0.9 else int(chance.integers(3))
            spent = 8_000 if person == 5 else int(np.exp(chance.normal(9.5, 0.6)))
            given.append(Given(person, item, label, item * 60_000 + person * 700, spent))
    found = suspicions.look(Data(given, {}, 3, {}))
    assert {(one.kind, one.people) for one in found.suspicions} >= {("pair", (0, 1)), ("script", (5,))}
    pair = next(one for one in found.suspicions if one.kind == "pair")
    assert pair.figures["common"] == 60
    assert pair.chance is not None
    assert pair.chance < 1e-4
    assert found.tested["pair"] == 66
    assert suspicions.look(Data([], {}, 2, {})).suspicions == ()
    unlabelled = [Given(1, item, -1, item, 5_000) for item in range(5)]
    assert suspicions.look(Data(unlabelled, {}, 2, {})).suspicions == ()
