"""Refits: brings the models of projects up to date, a project after the other. What is read comes from a reader, what is slow runs on a
thread, and what is written is written a little at a time, so that nobody's tap waits."""

from __future__ import annotations

import asyncio
import functools
import logging

from actions import projects, quality, refits
from actions.ports import Store, Tx
from bot.each import each
from rules.quality.verdicts import Models

_log = logging.getLogger(__name__)

REFIT_EVERY_S = 60.0
REFIT = "refit"


async def refit_when_due(store: Store) -> None:
    """Refit each project whose models are out of date; where they are not, read people in doubt who went on."""
    await each(await store.read(refits.due), functools.partial(refit, store))
    await each(await store.read(refits.to_read), functools.partial(read, store))


async def read(store: Store, project_id: int) -> None:
    """Read the people of one project between two refits, and see where they stand."""
    loaded = await store.read(refits.load_answers, project_id)
    serving = await store.read(_serving, project_id)
    seen = await asyncio.to_thread(refits.read, loaded, serving)
    moved = await store.write(refits.take_in, loaded, seen)
    _log.info("project %s: read between fits, %s people moved", project_id, moved)


def _serving(tx: Tx, project_id: int) -> Models:
    return quality.serving(tx, projects.get(tx, project_id))


async def refit(store: Store, project_id: int) -> None:
    """Refit one project. Cut short anywhere, it leaves nothing half, and is done again: the models come in one commit, and each item with
    all that follows for it."""
    loaded = await store.read(refits.load, project_id)
    fitted = await asyncio.to_thread(refits.fit, loaded)
    await store.write(refits.install, loaded, fitted)
    changed = await store.read(refits.to_look_at, loaded, fitted)
    for start in range(0, len(changed), refits.ITEMS_A_TURN):
        turn = changed[start : start + refits.ITEMS_A_TURN]
        await store.write(quality.look_again, project_id, turn)
    await store.write(refits.finish, loaded)
    _log.info(
        "project %s: fit %s, %s answers, %s items changed",
        project_id,
        fitted.models.version,
        len(loaded.data.answers.judgments),
        len(changed),
    )
