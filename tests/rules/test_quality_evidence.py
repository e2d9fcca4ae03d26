"""The sequential test of people: who is stopped, who never, and what it says of its reasons."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.quality import crowd, evidence
from rules.quality.evidence import Reading, Row, read_all, read_one
from rules.quality.evidence_odds import earlier_alike
from rules.quality.evidence_peers import listen
from rules.quality.votes import votes_of

Rows = list[tuple[int, int, int]]
ALPHA = evidence.ALPHAS["normal"]


def read(rows: Rows, keys: dict[int, int], classes: int, **options: object) -> dict[int, Reading]:
    return read_all(votes_of(rows, keys, classes)[0], **options)  # type: ignore[arg-type]


def mixed_answers(classes: int, seed: int = 5, each: int = 120) -> tuple[crowd.Crowd, Rows, dict[int, int]]:
    people = crowd.mixed(1800, classes, seed)
    return people, *crowd.survey(people, seed, each=each, overlap=4)


def stopped(people: crowd.Crowd, readings: dict[int, Reading], kind: str) -> float:
    found = [reading.stops for person, reading in readings.items() if people.people[person].kind == kind]
    return sum(found) / len(found)


@pytest.mark.parametrize("classes", [2, 4])
def test_careful_people_go_on_and_clickers_are_stopped(classes: int) -> None:
    people, rows, keys = mixed_answers(classes)
    readings = read(rows, keys, classes)
    assert stopped(people, readings, "good") == 0
    assert stopped(people, readings, "decent") <= 1 / 15
    assert stopped(people, readings, "same button") == 1
    assert stopped(people, readings, "random") >= 7 / 8


@pytest.mark.parametrize("classes", [2, 4])
def test_all_honest_crowds_keep_the_stated_rate_over_500_answers_however_often_one_looks(
    classes: int,
) -> None:
    persons, each = 40, 500
    alarms: set[tuple[int, int]] = set()
    for seed in range(2):
        people = crowd.honest(persons, persons * each // 3 + 200, classes, seed)
        rows, keys = crowd.survey(people, seed, each=each)
        for seen in range(len(rows) // 12, len(rows) + 1, len(rows) // 12):
            alarms |= {(seed, p) for p, found in read(rows[:seen], keys, classes).items() if found.stops}
    assert len(alarms) <= ALPHA * 2 * persons


def test_nobody_is_stopped_without_gold_and_peers() -> None:
    alone = [(person, 10_000 * person + item, 0) for person in range(3) for item in range(4000)]
    for reading in read(alone, {}, 2).values():
        assert reading == Reading(0.0, 4000, 0, 0, 0, 0, False, ALPHA)


def test_names_of_labels_and_people_mean_nothing() -> None:
    people, rows, keys = mixed_answers(4, each=60)
    plain = read(rows, keys, 4)
    turned = read([(p, i, (c + 1) % 4) for p, i, c in rows], {i: (c + 1) % 4 for i, c in keys.items()}, 4)
    renamed = read([(1000 - p, 7 * i, c) for p, i, c in rows], {7 * i: c for i, c in keys.items()}, 4)
    for person, reading in plain.items():
        for other in (turned[person], renamed[1000 - person]):
            assert other.log_e == pytest.approx(reading.log_e, abs=1e-6)
            assert dataclasses.replace(other, log_e=reading.log_e) == reading
    assert len(people.people) == len(plain)


def test_a_second_reading_is_the_same() -> None:
    _, rows, keys = mixed_answers(2, each=40)
    assert read(rows, keys, 2) == read(rows, keys, 2)


def test_who_turns_lazy_is_stopped_and_keeps_what_was_good() -> None:
    people = [crowd.Person("good", 0.9)] * 20 + [crowd.Person("drifting", 0.9, drifts_at=60)]
    made = crowd.crowd_of(people, 900, 4, 3)
    rows, keys = crowd.survey(made, 3, each=110)
    reading = read(rows, keys, 4)[20]
    assert reading.stops
    assert 52 <= reading.since <= 66
    run = [(item, label) for person, item, label in rows if person == 20][reading.since :]
    assert reading.golds == sum(item in keys for item, _ in run)
    assert reading.golds_right == sum(keys.get(item) == label for item, label in run)
    assert reading.golds + reading.peers == len(run)
    assert reading.peers_agreed < reading.peers / 2


def test_one_button_on_skewed_classes_is_seen_and_careful_people_are_not_hurt() -> None:
    people = [crowd.Person("good", 0.9)] * 20 + [crowd.Person("same button", button=0)]
    made = crowd.crowd_of(people, 1700, 2, 11, shares=(0.85, 0.15))
    readings = read(*crowd.survey(made, 11, each=200), 2)
    assert [person for person, reading in readings.items() if reading.stops] == [20]


def test_a_wrong_key_does_not_convict_those_who_see_it_is_wrong() -> None:
    people = crowd.honest(20, 1000, 2, 4, accuracy=0.97)
    rows, keys = crowd.survey(people, 4, each=100, golds=30, gold_share=0.2)
    wrong = {item: 1 - key if item < 3 else key for item, key in keys.items()}
    assert not any(reading.stops for reading in read(rows, wrong, 2).values())


def test_a_key_that_all_contradict_loses_its_force() -> None:
    people = crowd.honest(20, 1000, 2, 4, accuracy=0.97)
    rows, keys = crowd.survey(people, 4, each=100, golds=60, gold_share=0.1)
    votes, _, _ = votes_of(rows, {item: 1 - key if item < 10 else key for item, key in keys.items()}, 2)
    right = listen(votes).right
    seen = [right[n] for n, (_, item, label) in enumerate(rows) if item < 10 and label == keys[item]]
    assert np.mean(seen) > 0.5


def test_nobody_is_their_own_peer() -> None:
    rows = [(person, item, person) for item in range(10) for person in range(2)]
    for reading in read(rows, {}, 2).values():
        assert (reading.peers_agreed, reading.peers) == (0, 10)


def test_what_was_before_a_return_is_past() -> None:
    people = [crowd.Person("good", 0.9)] * 12 + [crowd.Person("random")]
    rows, keys = crowd.survey(crowd.crowd_of(people, 500, 4, 2), 2, each=80)
    assert read(rows, keys, 4)[12].stops
    back = read(rows, keys, 4, after={12: 80})[12]
    assert back == Reading(0.0, 80, 0, 0, 0, 0, False, ALPHA)
    some = read(rows, keys, 4, after={12: 40})[12]
    assert some.stops
    assert some.since >= 40


def gold_rows(labels: Sequence[int], keys: Sequence[int]) -> list[Row]:
    return [Row(label, key, True) for label, key in zip(labels, keys, strict=True)]


def test_one_person_is_read_by_golds_and_by_what_peers_think() -> None:
    keys = [0, 1, 2, 3] * 8
    assert not read_one(gold_rows(keys, keys), 4).stops
    wrong = read_one(gold_rows([0] * 32, keys), 4)
    assert wrong.stops
    assert (wrong.golds_right, wrong.golds, wrong.peers) == (8, 32, 0)
    doubt = [Row(0, (0.25, 0.25, 0.25, 0.25), False)] * 300
    assert read_one(doubt, 4).log_e <= 0.0
    others = [Row(0, tuple(0.94 if c == key else 0.02 for c in range(4)), False) for key in 2 * keys]
    assert read_one(others, 4).stops
    assert read_one(others, 4).peers_agreed == 16
    assert read_one([], 4).since == 0


def test_stricter_projects_stop_sooner() -> None:
    keys, labels = [0, 1] * 40, [0, 0, 1, 1] * 20
    stops = [
        [read_one(gold_rows(labels[:n], keys[:n]), 2, word).stops for n in range(1, 81)].index(True)
        for word in ("gentle", "normal", "strict")
    ]
    assert stops[0] > stops[2]
    assert stops == sorted(stops, reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda classes: st.tuples(
            st.just(classes),
            st.lists(
                st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, classes - 1)), max_size=60
            ),
            st.dictionaries(st.integers(0, 6), st.integers(0, classes - 1)),
        )
    )
)
def test_any_votes_can_be_read(case: tuple[int, Rows, dict[int, int]]) -> None:
    classes, rows, keys = case
    readings = read(rows, keys, classes)
    assert set(readings) == {person for person, _, _ in rows}
    for person, reading in readings.items():
        answers = sum(row[0] == person for row in rows)
        assert math.isfinite(reading.log_e)
        assert 0 <= reading.since <= answers
        assert 0 <= reading.golds_right <= reading.golds
        assert 0 <= reading.peers_agreed <= reading.peers
        assert reading.golds + reading.peers <= answers
        assert reading.stops == (reading.log_e >= -math.log(ALPHA))


def test_200_classes_are_read() -> None:
    people = crowd.honest(12, 300, 200, 1)
    rows, keys = crowd.survey(people, 1, each=60)
    assert not any(reading.stops for reading in read(rows, keys, 200).values())


@given(st.lists(st.integers(0, 5), max_size=40))
def test_earlier_rows_alike_are_counted(keys: list[int]) -> None:
    expected = [keys[:n].count(key) for n, key in enumerate(keys)]
    assert earlier_alike(np.array(keys, dtype=np.int64)).tolist() == expected
