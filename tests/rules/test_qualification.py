"""The road of a student: training, exam, work, and a second try."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import qualification
from rules.credit import HOUR_MS
from rules.qualification import Plan, Progress

PLANS = st.builds(
    Plan,
    st.integers(0, 5),
    st.integers(0, 12),
    st.integers(0, 100).map(lambda percent: percent / 100),
    st.integers(0, 48),
)
NOW_MS = 1_700_000_000_000


@pytest.mark.parametrize(
    ("pass_score", "exam", "needed"),
    [
        (0.75, 10, 8),
        (0.75, 4, 3),
        (0.7, 10, 7),
        (0.1, 30, 3),
        (0.3, 10, 3),
        (0.29, 100, 29),
        (0.57, 100, 57),
        (0.58, 100, 58),
        (0.55, 100, 55),
        (0.07, 100, 7),
        (0.56, 25, 14),
        (1.0, 7, 7),
        (0.0, 7, 0),
        (0.3333, 3, 1),
        (0.5, 0, 0),
    ],
)
def test_the_pass_mark_is_what_a_person_would_work_out(pass_score: float, exam: int, needed: int) -> None:
    assert qualification.needed_right(Plan(0, exam, pass_score, 24)) == needed


@pytest.mark.parametrize("percent", range(101))
def test_no_pass_mark_slips_at_its_edge(percent: int) -> None:
    for exam in range(1, 101):
        plan = Plan(0, exam, percent / 100, 24)
        edge = -(-percent * exam // 100)
        assert qualification.passes(plan, edge)
        assert not qualification.passes(plan, edge - 1)


def walk(plan: Plan, answers: list[bool], now_ms: int = NOW_MS) -> list[Progress]:
    """Answer so many items and give each progress on the way."""
    found = [qualification.begin(plan)]
    for correct in answers:
        found.append(qualification.after_answer(plan, found[-1], correct, now_ms))
    return found


@given(PLANS, st.lists(st.booleans(), max_size=60))
def test_the_road_is_walked_in_order(plan: Plan, answers: list[bool]) -> None:
    order = {"training": 0, "exam": 1, "active": 2}
    road = walk(plan, answers)
    for before, after in itertools.pairwise(road):
        assert order[after.standing] >= order[before.standing]
        assert after.attempt in (before.attempt, before.attempt + 1)
        assert 0 <= after.answered < max(plan.training, plan.exam, 1)
        if before.standing == "active":
            assert after == before, "work changes nothing here"
        if after.attempt > before.attempt:
            assert after == Progress(
                "exam", before.attempt + 1, 0, 0, NOW_MS + plan.retry_after_hours * HOUR_MS
            )


@given(PLANS)
def test_right_answers_lead_straight_to_work(plan: Plan) -> None:
    road = walk(plan, [True] * (plan.training + plan.exam))
    assert road[-1].standing == "active"
    assert road[-1].attempt == 1
    assert [step.standing for step in road[: plan.training]] == ["training"] * plan.training


def test_training_may_be_answered_wrong() -> None:
    assert walk(Plan(2, 0, 1.0, 24), [False, False])[-1].standing == "active"


def test_the_exam_counts_only_its_own_answers() -> None:
    plan = Plan(3, 2, 1.0, 24)
    assert walk(plan, [True, True, True, True, False])[-1] == Progress("exam", 2, 0, 0, NOW_MS + 24 * HOUR_MS)
    assert walk(plan, [False, False, False, True, True])[-1] == Progress("active", 1, 0, 2, None)


def test_a_second_try_starts_clean() -> None:
    plan = Plan(0, 2, 0.5, 0)
    assert walk(plan, [False, False, False, True])[-1] == Progress("active", 2, 0, 1, None)


def test_a_plan_that_was_shortened_lets_nobody_wait() -> None:
    late = Progress("training", 1, 4, 0, None)
    assert qualification.after_answer(Plan(2, 3, 0.5, 24), late, True, NOW_MS).standing == "exam"
    late = Progress("exam", 1, 4, 4, None)
    assert qualification.after_answer(Plan(2, 3, 0.5, 24), late, True, NOW_MS).standing == "active"
