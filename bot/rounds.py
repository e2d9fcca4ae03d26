"""Follows calibration rounds: how far their cohorts agree before and after is taken by a reader, round after round, and kept."""

from __future__ import annotations

from actions import round_figures
from actions.ports import Store

FOLLOW_EVERY_S = 600.0
FOLLOW = "calibration rounds"


async def follow_when_due(store: Store) -> None:
    """Take the figures of the rounds that are due."""
    for round_id in await store.read(round_figures.due):
        await store.write(round_figures.keep, await store.read(round_figures.take, round_id))
