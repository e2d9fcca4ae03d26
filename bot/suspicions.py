"""The nightly look for pairs and patterns that honest work hardly explains: a project after the other, read on a reader, found on a thread,
kept in one small transaction, so that nobody's tap waits."""

from __future__ import annotations

import asyncio
import functools
import logging

from actions import pairs
from actions.ports import Store
from bot.each import each

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 1800.0
LOOK = "suspicions"


async def look_when_due(store: Store) -> None:
    """Look at each project whose night has come."""
    await each(await store.read(pairs.due), functools.partial(look, store))


async def look(store: Store, project_id: int) -> None:
    """Look at one project. Cut short anywhere, it leaves nothing, and is done again."""
    loaded = await store.read(pairs.load, project_id)
    found = await asyncio.to_thread(pairs.look, loaded)
    waiting = await store.write(pairs.keep, loaded, found)
    _log.info("project %s: looked at %s answers, %s to look at", project_id, len(loaded.data.given), waiting)
