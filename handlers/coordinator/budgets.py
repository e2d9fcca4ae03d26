"""Budgets: what a project's coordinators are told of its money without having asked."""

from __future__ import annotations

from typing import Any

from actions import projects
from actions.budgets import Budget
from actions.ports import Store
from handlers.screen import Screen
from handlers.views import budgets as view


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the notice of a budget that is reached, or nearly; nothing when the project has gone on to another state meanwhile."""
    project = await store.read(projects.get, int(notice["project_id"]))
    found = Budget(notice["budget_micro"], notice["spent_micro"], notice["reserved_micro"])
    if project.rules.pay.budget_micro != found.budget_micro:
        return None
    if notice["event"] == "reached":
        return view.reached(project, found, notice["most_micro"]) if project.state == "paused" else None
    return view.warning(project, found) if project.state == "open" else None
