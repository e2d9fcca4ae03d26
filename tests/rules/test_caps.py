"""A cap is too tight when more than a tenth of careful work meets it, and what is proposed is enough for nineteen in twenty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import caps
from rules.caps import CAP_MAX_MS, FEWEST_JUDGMENTS, Tight

TIMES = st.lists(st.integers(0, 4 * CAP_MAX_MS), max_size=120)
CAPS = st.integers(1, 3_600).map(lambda seconds: seconds * 1_000)


def times(quick: int, slow: int, slow_ms: int = 200_000) -> list[int]:
    return [30_000] * quick + [slow_ms] * slow


@pytest.mark.parametrize(
    ("spent_ms", "expected"),
    [
        (times(27, 3), None),
        (times(26, 4), Tight(180_000, 30, 4, 210_000)),
        (times(25, 4), None),
        (times(900, 100), None),
        (times(899, 101), Tight(180_000, 1_000, 101, 210_000)),
        (times(26, 4, 180_000), Tight(180_000, 30, 4, 210_000)),
        (times(26, 4, 179_999), None),
    ],
)
def test_more_than_a_tenth_of_enough_judgments(spent_ms: list[int], expected: Tight | None) -> None:
    assert caps.judge(spent_ms, 180_000) == expected


@given(TIMES, CAPS)
def test_what_is_proposed_is_higher_and_enough_for_nineteen_in_twenty(
    spent_ms: list[int], cap_ms: int
) -> None:
    found = caps.judge(spent_ms, cap_ms)
    if found is None:
        assert (
            cap_ms == CAP_MAX_MS
            or len(spent_ms) < FEWEST_JUDGMENTS
            or 10 * sum(one >= cap_ms for one in spent_ms) <= len(spent_ms)
        )
        return
    assert cap_ms < found.proposed_ms <= CAP_MAX_MS
    enough = sum(one <= found.proposed_ms for one in spent_ms)
    assert 20 * enough >= 19 * len(spent_ms) or found.proposed_ms == CAP_MAX_MS
    assert found.proposed_ms % 5_000 == 0
    assert (found.judgments, found.met) == (len(spent_ms), sum(one >= cap_ms for one in spent_ms))


@pytest.mark.parametrize(
    ("duration_s", "friendly_s"),
    [(1, 5), (41, 45), (60, 60), (61, 90), (91, 120), (300, 300), (301, 360), (1_801, 2_100), (9_999, 3_600)],
)
def test_friendly_numbers(duration_s: int, friendly_s: int) -> None:
    assert caps.friendly_ms(duration_s * 1_000) == friendly_s * 1_000


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=60))
def test_the_percentile_is_the_least_that_is_enough(spent_ms: list[int]) -> None:
    found = caps.percentile_95_ms(spent_ms)
    assert 20 * sum(one <= found for one in spent_ms) >= 19 * len(spent_ms)
    assert 20 * sum(one < found for one in spent_ms) < 19 * len(spent_ms)
