"""Budgets: what a project may spend, what it has spent, and what the items that are out may yet cost it.

Kept only for projects that have a budget. What is out is set aside at its most, so that a project pauses itself before it can be overspent.
"""

from __future__ import annotations

import dataclasses

from actions import deliveries, ledger, marks, people
from actions.projects import Project
from rules import pay
from rules.ledger import project_account
from rules.pay import Terms
from storage.tx import Tx

WARN_AT = (4, 5)
"""From this share of a budget on that is spent or set aside, those who look after the project are told, once a budget."""
WARNED = "budget_warned:{id}"
"""The mark that names the budget of a project which was warned of."""
STAFF_TOLD_MAX = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Budget:
    """A project's money in millionths. `reserved`: what the items that are out, and top-ups to come, cost at most."""

    budget_micro: int
    spent_micro: int
    reserved_micro: int

    @property
    def left_micro(self) -> int:
        """What can still be promised; below zero when a budget was lowered under what is spent."""
        return self.budget_micro - self.spent_micro - self.reserved_micro


def of(tx: Tx, project: Project) -> Budget | None:
    """Give a project's budget as it stands; None when it has none."""
    budget_micro = project.rules.pay.budget_micro
    if budget_micro is None:
        return None
    reserved = tx.value("budgets.reserved", project_id=project.id)
    return Budget(
        budget_micro,
        -ledger.balance(tx, project_account(project.id), project.rules.pay.currency),
        reserved_now(tx, project.id) if reserved is None else int(reserved),
    )


def left(tx: Tx, project: Project) -> int | None:
    """Give what a project can still promise, in millionths; None is without limit."""
    found = of(tx, project)
    return None if found is None else found.left_micro


def can_pay(tx: Tx, project: Project, most_micro: int) -> bool:
    """Tell whether a project's budget holds one more thing of this cost. Without a budget it does; nothing is looked up then."""
    budget_micro = project.rules.pay.budget_micro
    if budget_micro is None:
        return True
    if tx.value("budgets.reserved", project_id=project.id) is None:
        # The first time since there is a budget; from here on it is kept in step.
        tx.run("budgets.begin", project_id=project.id, reserved_micro=reserved_now(tx, project.id))
    found = of(tx, project)
    assert found is not None
    return not pay.is_overspent_by(
        most_micro,
        budget_micro=budget_micro,
        spent_micro=found.spent_micro,
        reserved_micro=found.reserved_micro,
    )


def reserve(tx: Tx, project_id: int, amount_micro: int) -> None:
    """Set aside what an item that goes out may cost. Nothing changes for a project without a budget."""
    tx.run("budgets.add", project_id=project_id, amount_micro=amount_micro)


def release(tx: Tx, project_id: int, amount_micro: int) -> None:
    """Set free what was set aside for an item that is out no longer, or what became spent."""
    tx.run("budgets.add", project_id=project_id, amount_micro=-amount_micro)


@dataclasses.dataclass(frozen=True, slots=True)
class _Out:
    scheme: str
    rate_micro: int
    piece_micro: int
    cap_ms: int
    number: int

    @property
    def terms(self) -> Terms:
        return Terms(self.scheme, self.rate_micro, self.piece_micro, self.cap_ms)


def reserved_now(tx: Tx, project_id: int) -> int:
    """Work out from the assignments and judgments what is to be set aside: what the kept figure must always be."""
    out = tx.all("budgets.out", _Out, project_id=project_id)
    to_top_up = tx.all("budgets.to_top_up", _Out, project_id=project_id)
    return sum(one.number * one.terms.most_micro for one in out) + sum(
        one.number * one.terms.most_topup_micro for one in to_top_up
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


def pause(tx: Tx, project: Project, most_micro: int) -> Project:
    """Pause a project whose budget is reached, and tell those who look after it. Items that are out can still be answered.

    `most_micro`: what the item that no longer fits could have cost.
    """
    if project.state != "open":
        return project
    tx.run("projects.set_state", id=project.id, state="paused", now_ms=tx.now_ms)
    people.audit(tx, ledger.SYSTEM, "set project paused", f"project:{project.id}", "budget reached")
    _tell_staff(tx, project, "reached", most_micro)
    return dataclasses.replace(project, state="paused")


def warn_due(tx: Tx) -> int:
    """Tell of each open project whose budget is four fifths spent or set aside, once a budget. Return how many."""
    return sum(_warn(tx, project) for project in tx.all("budgets.open_projects", Project))


def _warn(tx: Tx, project: Project) -> bool:
    found = of(tx, project)
    part, whole = WARN_AT
    if found is None or (found.spent_micro + found.reserved_micro) * whole < found.budget_micro * part:
        return False
    mark, budget = WARNED.format(id=project.id), str(found.budget_micro)
    if marks.get(tx, mark) == budget:
        return False
    marks.put(tx, mark, budget)
    _tell_staff(tx, project, "warning", project.rules.pay.dearest_micro)
    return True


def _tell_staff(tx: Tx, project: Project, event: str, most_micro: int) -> None:
    found = of(tx, project)
    assert found is not None
    notice = {"kind": "budget", "event": event, "project_id": project.id, "most_micro": most_micro}
    notice |= dataclasses.asdict(found)
    for one in tx.all("budgets.staff", _Staff, project_id=project.id, most=STAFF_TOLD_MAX):
        key = f"budget:{event}:{project.id}:{tx.now_ms}:{one.person_id}"
        deliveries.enqueue(tx, person_id=one.person_id, key=key, notice=notice)
