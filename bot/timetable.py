"""The timetable: wakes actions at intervals. A job carries no state; each looks up what is due, so that one that was
late, skipped or run twice does no harm. A new chore is a line in CHORES."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from actions import (
    appeals,
    assignments,
    budgets,
    caps,
    deliveries,
    inbox,
    ledger,
    payout_details,
    prevalidation,
    rounds,
    standings,
    statements,
    topups,
    withholdings,
)
from actions.ports import Store, Tx
from bot import incidents
from storage.errors import StoreTrouble

_log = logging.getLogger(__name__)

ROUNDS_MAX = 50
"""Batches of one chore in a row; the rest waits for its next turn, so that nobody's tap waits long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Chore:
    """An action that returns how much it did; it is run again at once until that is nothing."""

    every_s: int
    action: Callable[[Tx], int]


CHORES = (
    Chore(30, assignments.expire_leases),
    Chore(60, ledger.approve_due),
    Chore(600, topups.settle_due),
    Chore(600, statements.close_due),
    Chore(3600, payout_details.ask_due),
    Chore(600, budgets.warn_due),
    Chore(300, withholdings.release_due),
    Chore(300, appeals.escalate_due),
    Chore(300, standings.end_due),
    Chore(600, prevalidation.decide_due),
    Chore(3600, caps.look),
    Chore(300, rounds.close_due),
    Chore(3600, inbox.sweep),
    Chore(3600, deliveries.sweep),
)


class Timetable:
    """Runs chores, and functions of the top floor, at their intervals."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for chore in CHORES:
            self.add(chore.every_s, functools.partial(self._run, chore), _name(chore.action))

    def add(
        self, every_s: float, function: Callable[[], Awaitable[None]], name: str, *, may_queue: bool = False
    ) -> None:
        """Have a function run at an interval. `may_queue`: one turn more may wait for the end of the one under way."""
        self._scheduler.add_job(
            self._guarded,
            "interval",
            args=(function, name),
            seconds=every_s,
            id=name,
            name=name,
            # A job that comes late, after a night's sleep of the machine say, runs once, and is not skipped.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=2 if may_queue else 1,
        )

    def soon(self, name: str) -> None:
        """Have a function run now, whenever its turn would be."""
        if self._scheduler.running:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin; needs a running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start no more jobs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _run(self, chore: Chore) -> None:
        for _ in range(ROUNDS_MAX):
            if not await self._store.write(chore.action):
                return

    async def _guarded(self, function: Callable[[], Awaitable[None]], name: str) -> None:
        try:
            await function()
        except asyncio.CancelledError:
            # The timetable stops; what was under way is looked up anew at the next start.
            _log.debug("%s was cut short", name)
        except StoreTrouble as error:
            _log.error("%s waits for its next turn: %s", name, error)
        except Exception as error:
            number = incidents.number_of(f"{name}:{id(error)}")
            alert = incidents.note(number, f"{name} met a fault", error)
            await self._store.write(deliveries.alert_admins, "incident", alert)


def _name(action: Callable[[Tx], int]) -> str:
    return f"{action.__module__}.{action.__name__}"
