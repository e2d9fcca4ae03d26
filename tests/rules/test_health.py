"""What an admin is told: nothing while all is well, and each trouble with what to do, the worst first."""

from __future__ import annotations

import dataclasses

import pytest

from rules import health
from rules.credit import DAY_MS
from rules.health import Figures

NOW_MS = 1_700_000_000_000
WELL = Figures(
    now_ms=NOW_MS,
    heard_ms=NOW_MS,
    inbox_waiting=3,
    inbox_oldest_ms=NOW_MS - 1_000,
    set_aside=0,
    deliveries_waiting=5,
    uncertain=1,
    failed=0,
    people_ready=12,
    people_underway=2,
    judgments_today=400,
    unbalanced=(),
    database_bytes=10_000_000,
    disk_free_bytes=10_000_000_000,
    backup_ms=NOW_MS - DAY_MS,
)
TROUBLES = {
    "unbalanced": (("USD",), "do not balance in USD"),
    "books_red_ms": (NOW_MS - DAY_MS, "payouts are locked"),
    "heard_ms": (NOW_MS - health.SILENCE_MAX_MS - 1, "not been heard"),
    "disk_free_bytes": (health.DISK_FREE_MIN_BYTES - 1, "nearly full"),
    "inbox_oldest_ms": (NOW_MS - health.INBOX_OLDEST_MAX_MS - 1, "waiting too long"),
    "set_aside": (2, "2 updates"),
    "failed": (4, "4 messages"),
    "backup_ms": (NOW_MS - health.BACKUP_MAX_MS - 1, "no backup"),
}


def test_all_is_well() -> None:
    assert health.needs(WELL) == []
    assert health.needs(dataclasses.replace(WELL, inbox_oldest_ms=None)) == []


def test_books_that_were_not_proved_for_days_are_named() -> None:
    [said] = health.needs(dataclasses.replace(WELL, proven_ms=NOW_MS - health.PROOF_MAX_MS - 1))
    assert "not proved for two days" in said
    assert health.needs(dataclasses.replace(WELL, proven_ms=NOW_MS - DAY_MS)) == []


@pytest.mark.parametrize(
    ("by_ms", "words"), [(3_600_000, "set ahead by 3,600 s"), (-11_000, "set back by 11 s")]
)
def test_a_clock_that_was_set_is_told(by_ms: int, words: str) -> None:
    stepped = dataclasses.replace(WELL, clock_set_ms=NOW_MS - 5, clock_set_by_ms=by_ms)
    [said] = health.needs(stepped)
    assert words in said
    assert health.needs(dataclasses.replace(stepped, clock_set_by_ms=9_999)) == []


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_is_named_alone(name: str) -> None:
    value, words = TROUBLES[name]
    [said] = health.needs(dataclasses.replace(WELL, **{name: value}))  # type: ignore[arg-type]
    assert words in said


def test_the_worst_comes_first() -> None:
    worst = dataclasses.replace(WELL, **{name: value for name, (value, _) in TROUBLES.items()})  # type: ignore[arg-type]
    said = health.needs(worst)
    assert [words in line for line, (_, words) in zip(said, TROUBLES.values(), strict=True)] == [True] * len(
        TROUBLES
    )


def test_where_nothing_is_done_no_backup_is_missed() -> None:
    idle = dataclasses.replace(WELL, judgments_today=0, backup_ms=0)
    assert health.needs(idle) == []
