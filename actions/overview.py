"""A project as its coordinator sees it: how far it is, what it cost, what needs a person, and who works on it. Only reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from actions import (
    appeals,
    budgets,
    disputes,
    gold_items,
    ledger,
    project_quality,
    projects,
    standings_managed,
)
from actions.budgets import Budget
from actions.people import Visitor
from actions.project_quality import Answers, Labels
from actions.projects import Project
from rules.ledger import project_account
from rules.project_state import Stock
from storage.tx import Tx

PEOPLE_A_PAGE = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """A project with its figures. Its answers and labels are those of the page of its quality, so that both say the same."""

    project: Project
    stock: Stock
    labels: Labels
    answers: Answers
    spent_micro: int
    people: int
    flagged: int
    disputes: int
    budget: Budget | None = None
    appeals: int = 0
    frozen_golds: int = 0
    standings: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """How many students are paused, watched or removed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Student:
    """A student on a project, by pseudonym. `judgments` and `credited_ms` are theirs on this project."""

    pseudonym: str
    standing: str
    gold_right: int
    gold_wrong: int
    judgments: int
    credited_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """A page of a project's students. `page` counts from 0."""

    project: Project
    students: list[Student]
    page: int
    of: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.of // PEOPLE_A_PAGE))


def of(tx: Tx, visitor: Visitor, project_id: int) -> Overview:
    """Give a project with its figures to whoever manages it."""
    _, project = projects.managed_by_id(tx, visitor, project_id)
    return Overview(
        project=project,
        stock=projects.stock(tx, project.id),
        labels=project_quality.labels_of(tx, project),
        answers=project_quality.answers_of(tx, project.id),
        spent_micro=-ledger.balance(tx, project_account(project.id), project.rules.pay.currency),
        people=tx.number("projects.count_people", id=project.id),
        flagged=tx.number("projects.count_flagged", id=project.id),
        disputes=disputes.count(tx, project.id),
        appeals=appeals.count_open(tx, project.id),
        standings=standings_managed.counts(tx, project.id),
        budget=budgets.of(tx, project),
        frozen_golds=gold_items.count(tx, project.id, gold_items.DOUBTFUL),
    )


def students(tx: Tx, visitor: Visitor, project_id: int, page: int) -> People:
    """Give a page of a project's students to whoever manages it, in the order in which they joined."""
    _, project = projects.managed_by_id(tx, visitor, project_id)
    count = tx.number("projects.count_ever_on", id=project.id)
    page = max(0, min(page, (count - 1) // PEOPLE_A_PAGE))
    found = tx.all(
        "projects.people_on", Student, id=project.id, most=PEOPLE_A_PAGE, skipped=page * PEOPLE_A_PAGE
    )
    return People(project, found, page, count)
