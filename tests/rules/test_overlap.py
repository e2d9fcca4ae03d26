"""Overlap: an item gets at least its least, at most its most, and stops when its answers agree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules import overlap

BOUNDS = st.tuples(st.integers(1, 6), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
ANSWERS = st.lists(st.sampled_from(["yes", "no", "unsure"]), max_size=15)


@given(ANSWERS, BOUNDS)
def test_never_fewer_than_the_least_nor_more_than_the_most(
    answers: list[str], bounds: tuple[int, int]
) -> None:
    least, most = bounds
    wanted = overlap.still_wanted(answers, least, most)
    assert wanted >= 0
    if len(answers) <= most:
        assert least <= len(answers) + wanted <= most
    else:
        assert wanted == 0, "an item that got too many, since its bounds were lowered, is settled"


@given(ANSWERS, BOUNDS, st.randoms(use_true_random=False))
def test_the_order_of_answers_is_no_matter(
    answers: list[str], bounds: tuple[int, int], chance: object
) -> None:
    mixed = list(answers)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert overlap.still_wanted(mixed, *bounds) == overlap.still_wanted(answers, *bounds)


@given(ANSWERS, BOUNDS)
def test_every_item_settles_within_its_most_whatever_is_answered(
    answers: list[str], bounds: tuple[int, int]
) -> None:
    least, most = bounds
    given_so_far: list[str] = []
    for answer in [*answers, *["yes"] * most]:
        if overlap.still_wanted(given_so_far, least, most) == 0:
            break
        given_so_far.append(answer)
    assert least <= len(given_so_far) <= most


@given(BOUNDS, st.integers(0, 20))
def test_agreement_settles_at_the_least(bounds: tuple[int, int], count: int) -> None:
    assert overlap.still_wanted(["yes"] * count, *bounds) == max(0, bounds[0] - count)


@given(ANSWERS.filter(bool), BOUNDS)
def test_what_is_settled_stays_settled_when_the_leading_answer_comes_again(
    answers: list[str], bounds: tuple[int, int]
) -> None:
    leading = max(sorted(set(answers)), key=answers.count)
    if overlap.still_wanted(answers, *bounds) == 0:
        assert overlap.still_wanted([*answers, leading], *bounds) == 0


def test_the_table_of_the_rule() -> None:
    table = {
        "": 2,
        "a": 1,
        "aa": 0,
        "ab": 1,
        "aab": 1,
        "aabb": 1,
        "aaab": 0,
        "abc": 1,
        "aabc": 1,
        "aabbc": 0,
    }
    assert {text: overlap.still_wanted(list(text), 2, 5) for text in table} == table


def test_with_room_for_as_many_as_asked_nobody_is_asked_twice() -> None:
    assert overlap.still_wanted(["yes", "no"], 2, 2) == 0
    assert overlap.still_wanted(["yes"], 1, 5) == 0
