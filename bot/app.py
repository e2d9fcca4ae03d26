"""The wiring: builds everything that runs, starts it in order and stops it without losing anything."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from actions.ports import Sources, Store
from bot import sources as real_sources
from bot.settings import Settings
from storage.database import open_sqlite
from storage.vault import Vault


@contextlib.asynccontextmanager
async def open_store(settings: Settings, sources: Sources | None = None) -> AsyncIterator[Store]:
    """Open the store that the settings name, migrated and ready; it is closed at the end of the block."""
    vault = Vault(settings.key())
    store = await open_sqlite(settings.database_path, sources or real_sources.real(), vault)
    try:
        yield store
    finally:
        await store.close()


async def run(settings: Settings) -> None:
    """Run the bot until it is told to stop. Raises CannotRun when it cannot go on."""
    raise NotImplementedError
