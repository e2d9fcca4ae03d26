"""The open card, shown again after an outage: taps may have been lost while the bot was away, and only a card may say "saved"."""

from __future__ import annotations

import dataclasses
from typing import Any

from actions import cards
from actions.ports import Store
from handlers.language import N_, _
from handlers.screen import Screen
from handlers.views import card as view

AWAY = N_("I was away for a while. This one is not saved yet; please answer it here.")


async def compose(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    """Make the screen of a card that is to be shown again."""
    found = await store.read(cards.open_card, person_id, notice["token"])
    if found is None:
        return None
    card, message_id = found
    return dataclasses.replace(view.screen(card, _(AWAY)), replaces=message_id, silent=True)
