"""A house for the tests of chats: the sandbox and the real bot, as in the stories, with a pump that does not dawdle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import settings as bot_settings
from bot.app import Bot, Limits
from bot.delivery import PumpLimits
from sandbox.server import Sandbox
from tests.stories.conftest import House

BRISK = Limits(pump=PumpLimits(chat_pause_s=0.01, tick_s=0.2, progress_every_s=0.1))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Start a sandbox and a bot; stop them afterwards."""
    sandbox = Sandbox()
    await sandbox.start()
    settings = bot_settings.load(
        env_file=None,
        telegram_bot_token=sandbox.token,
        telegram_api_url=sandbox.url,
        database_url=f"sqlite:///{tmp_path}/veritap.db",
        web_listen="127.0.0.1:0",
    )
    bot = await Bot.start(settings, limits=BRISK)
    yield House(sandbox, bot)
    await bot.stop()
    await sandbox.stop()
