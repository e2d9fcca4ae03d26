"""The route table of the bot, read from top to bottom. The first route that fits an update answers it; `handlers.register` adds what
answers when none does."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.admin import corrections, health, invitations, payouts, roles
from handlers.coordinator import appeals as asked
from handlers.coordinator import (
    bonuses,
    broadcasts,
    caps,
    disputes,
    exports,
    gold_items,
    imports,
    pairs,
    position,
    quality,
    withholdings,
)
from handlers.coordinator import people as managed_people
from handlers.coordinator import projects as managed
from handlers.coordinator import rounds as calibration
from handlers.language import N_, _
from handlers.routing import Callback, Command, Input, Route
from handlers.student import (
    appeals,
    earnings,
    onboarding,
    payout_details,
    projects,
    rounds,
    second_looks,
    settings,
    standing,
    statements,
    work,
)

TABLE: list[Route] = [
    *work.ROUTES,
    *onboarding.ROUTES,
    *projects.ROUTES,
    *rounds.ROUTES,
    *second_looks.ROUTES,
    *earnings.ROUTES,
    *statements.ROUTES,
    *appeals.ROUTES,
    *standing.ROUTES,
    *settings.ROUTES,
    *payout_details.ROUTES,
    *managed.ROUTES,
    *managed_people.ROUTES,
    *imports.ROUTES,
    *exports.ROUTES,
    *position.ROUTES,
    *pairs.ROUTES,
    *disputes.ROUTES,
    *gold_items.ROUTES,
    *quality.ROUTES,
    *calibration.ROUTES,
    *caps.ROUTES,
    *broadcasts.ROUTES,
    *bonuses.ROUTES,
    *withholdings.ROUTES,
    *asked.ROUTES,
    *invitations.ROUTES,
    *roles.ROUTES,
    *payouts.ROUTES,
    *corrections.ROUTES,
    *health.ROUTES,
]

GENERAL = [("help", N_("What I can do")), ("cancel", N_("Forget what was asked for"))]


def menu(held_roles: Iterable[str]) -> list[tuple[str, str]]:
    """List the commands for somebody who holds these roles, with their hints in the language spoken: what fewest people may
    use comes first.

    An admin holds every role.
    """
    held = {*held_roles, "everyone"}
    if "admin" in held:
        held.add("coordinator")
    wanted = [route for route in TABLE if isinstance(route, Command) and route.hint and route.role in held]
    wanted.sort(key=lambda route: {"student": 1, "everyone": 2}.get(route.role, 0))
    return [(name, _(hint)) for name, hint in [*((route.name, route.hint) for route in wanted), *GENERAL]]


def input_for(kind: str) -> Callback | None:
    """Find what takes an awaited message of a kind."""
    return next((route.callback for route in TABLE if isinstance(route, Input) and route.kind == kind), None)
