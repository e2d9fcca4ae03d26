"""Standing, the pure part: whatever was read, nobody is removed by a rule, every pause has an end, and small counts tell nothing."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from rules import qualification, standing
from rules.credit import DAY_MS
from rules.qualification import Plan
from rules.standing import Evidence

WORDS = st.sampled_from(["training", "exam", "active", "watched", "paused", "removed", "left"])
SEEN = st.builds(
    Evidence,
    log_e=st.floats(-50.0, 50.0),
    alpha=st.sampled_from([0.002, 0.01, 0.03]),
    stops=st.booleans(),
    compared=st.integers(0, 1_000),
    fresh=st.booleans(),
)


@given(WORDS, SEEN)
def test_a_reading_only_makes_moves_that_a_rule_may_make(word: str, seen: Evidence) -> None:
    became = standing.after_reading(word, seen)
    assert became == word or standing.may_move(word, became, by_person=False)
    if became == "paused" != word:
        assert seen.stops
        assert seen.compared
        assert seen.fresh
    if not seen.compared:
        assert became == word


@given(SEEN)
def test_looking_again_at_the_same_reading_changes_nothing_more(seen: Evidence) -> None:
    once = standing.after_reading("active", seen)
    assert standing.after_reading(once, seen) == once


@given(st.integers(0, 300), st.integers(1, 9), st.floats(0.0, 1.0), st.integers(0, 2**45))
def test_a_pause_always_has_an_end(items: int, strikes: int, pass_score: float, now_ms: int) -> None:
    offer = standing.offer(items, strikes, pass_score, now_ms)
    assert now_ms < offer.ends_ms <= now_ms + 7 * DAY_MS
    assert offer.practice in (0, *range(standing.PRACTICE_LEAST, standing.PRACTICE_ITEMS + 1))
    assert offer.practice <= items
    assert 0 <= offer.needed <= offer.practice
    if not offer.practice:
        assert not offer.must_pass
        assert offer.ends_ms == now_ms + 3 * DAY_MS
    assert not (strikes == 1 and offer.must_pass), "the first practice brings back whatever its answers"


@given(st.integers(3, 6), st.integers(0, 100))
def test_practice_is_passed_as_the_exam_is(items: int, percent: int) -> None:
    plan = Plan(0, items, percent / 100, 0)
    assert standing.needed_right(items, percent / 100) == qualification.needed_right(plan)


@given(st.integers(0, 6), st.integers(0, 6), st.booleans())
def test_answers_never_count_again_for_somebody_who_is_not_back(
    right: int, needed: int, must_pass: bool
) -> None:
    ending = standing.ending(right, needed, must_pass=must_pass)
    assert ending.is_back or not ending.counts
    assert ending.is_back == (right >= needed or not must_pass)


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(0, 8))
def test_a_practice_takes_the_right_answers_in_turn(kinds: list[str], most: int) -> None:
    chosen = standing.mixed(kinds, most)
    assert len(chosen) == min(most, len(kinds)) == len(set(chosen))
    counts = {kind: sum(kinds[place] == kind for place in chosen) for kind in set(kinds)}
    for kind, count in counts.items():
        spare = kinds.count(kind) > count
        assert not spare or count >= max(counts.values()) - 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_rough_figure_is_the_nearest_tenth(agreed: int, more: int) -> None:
    compared = agreed + more
    told = standing.tenths(agreed, compared)
    if compared < standing.COMPARED_LEAST:
        assert told is None
    else:
        assert told is not None
        assert abs(told / 10 - agreed / compared) <= 0.05 + 1e-12


def test_the_way_is_one_where_the_project_pauses() -> None:
    for alpha in (0.002, 0.01, 0.03):
        assert math.isclose(Evidence(-math.log(alpha), alpha, True, 9, True).way, 1.0)
    assert Evidence(3.0, 0.0, False, 9, True).way == 0.0, "a reading that was begun anew has no limit yet"
