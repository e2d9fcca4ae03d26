"""What Telegram itself shows of the bot: its description, and the commands in a person's menu."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlers import routes
from handlers.language import N_

# Translators: Shown in an empty chat; at most 512 characters.
DESCRIPTION = N_(
    "You check what AI models write and are paid for your time.\n\n"
    "• any time, from this chat\n"
    "• you always see what counted, and why\n\n"
    "Veritap works by invitation: open the link that your coordinator sent you."
)
"""Shown in an empty chat; at most 512 characters."""
# Translators: Shown in the bot's profile; at most 120 characters.
SHORT_DESCRIPTION = N_("Paid checking of AI answers. By invitation.")
"""Shown in the bot's profile; at most 120 characters."""


def commands(roles: Iterable[str]) -> list[dict[str, Any]]:
    """List the commands of a menu as the Bot API wants them, in the language spoken."""
    return [{"command": name, "description": hint} for name, hint in routes.menu(roles)]
