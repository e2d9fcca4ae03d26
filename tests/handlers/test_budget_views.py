"""What coordinators read of caps and budgets."""

from __future__ import annotations

import dataclasses

import pytest

from actions.budgets import Budget
from actions.caps import Proposal, Told
from actions.projects import Project
from handlers.views import budgets, caps
from rules import project_file
from tests.handlers.screens import WIDEST, data, sound
from tests.rules.definitions import define

PROPOSAL = Proposal(7, 3, 180_000, 210_000, 400, 52, "open")
BUDGET = Budget(900_000_000, 890_000_000, 6_900_000)


def project(**changes: object) -> Project:
    return Project(3, "sums", "Sums", project_file.dump(define(**changes)), "open", 1)


def capped(seconds: int) -> Project:
    pay = {"currency": "USD", "rate_per_hour": "24.00", "expected_seconds": 60, "cap_seconds": seconds}
    return project(pay=pay)


def test_a_tight_cap_is_told_with_its_figures_and_two_ways() -> None:
    screen = caps.notice(Told(capped(180), PROPOSAL))
    text = sound(screen)
    assert "The cap of 3 min an item may be too tight." in text
    assert "Of the newest 400 answers of careful students 52 took that long or longer (13 %)." in text
    assert "3 min 30 s would be enough for 19 in 20. An item could then cost up to $1.40." in text
    assert data(screen) == ["c:cap:7:y", "c:cap:7:n", "c:see:3"]


@pytest.mark.parametrize(
    ("state", "seconds", "words"),
    [
        ("taken", 210, "items shown from now on have a cap of 3 min 30 s"),
        ("left", 180, "Left as it is."),
        ("open", 200, "The cap has changed since."),
    ],
)
def test_what_came_of_it_is_told(state: str, seconds: int, words: str) -> None:
    screen = caps.notice(Told(capped(seconds), dataclasses.replace(PROPOSAL, state=state)))
    assert words in sound(screen)
    assert data(screen) == ["c:see:3"]


def test_a_budget_that_is_reached_is_told_with_what_is_left() -> None:
    screen = budgets.reached(project(), BUDGET, 3_600_000)
    text = sound(screen)
    assert "$3.10 of $900.00 left.\nThe next item could cost up to $3.60." in text
    assert "raise budget in the project file" in text
    assert data(screen) == ["c:see:3"]


def test_a_budget_that_runs_low_is_told_before_it_ends() -> None:
    text = sound(budgets.warning(project(), BUDGET))
    assert "99 % of the budget" in text
    assert "spent $890.00 · reserved $6.90 · left $3.10 of $900.00" in text


def test_the_widest_titles_fit() -> None:
    wide = Project(3, "sums", "😀" * 60, project_file.dump(WIDEST), "open", 1)
    sound(caps.notice(Told(wide, PROPOSAL)))
    sound(budgets.reached(wide, BUDGET, 3_600_000))
    sound(budgets.warning(wide, BUDGET))
