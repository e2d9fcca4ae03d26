"""The open card, shown again after an outage: taps may have been lost while the bot was away, and only a card may say "saved"."""

from __future__ import annotations

from typing import Any

from actions import cards
from actions.ports import Store
from handlers.screen import Screen
from handlers.views import card as view

AWAY = "I was away for a while. This one is not saved yet; please answer it here."


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the screen of a card that is to be shown again."""
    found = await store.read(cards.open_card, person_id, notice["token"])
    return view.screen(found[0], AWAY) if found is not None else None
