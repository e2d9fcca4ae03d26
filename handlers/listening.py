"""Which language is spoken while an update is answered or a notice made: what the person chose, else their Telegram's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from actions import languages
from actions.people import Visitor
from actions.ports import Store
from handlers.language import speak, speaking

KEPT_MAX = 50_000
"""So many choices are kept in mind; a tap need not look its person's up each time."""


class Languages:
    """What people chose, kept in mind: their key to a language's code, empty for as Telegram says."""

    def __init__(self) -> None:
        self._chosen: dict[str, str] = {}

    async def listen(self, store: Store, visitor: Visitor) -> None:
        """Speak to a visitor in their language from here on, within the present task."""
        # First what is known without asking, so that nobody is ever spoken to in the language of whoever came before.
        speak(visitor.language_code)
        chosen = self._chosen.get(visitor.key)
        if chosen is None:
            chosen = await store.read(languages.chosen, visitor.key)
            self.keep(visitor.key, chosen)
        if chosen:
            speak(chosen)

    def keep(self, key: str, chosen: str) -> None:
        """Keep in mind what somebody chose."""
        if len(self._chosen) >= KEPT_MAX:
            self._chosen.clear()
        self._chosen[key] = chosen

    def forget(self, key: str) -> None:
        """Look somebody's choice up anew the next time."""
        self._chosen.pop(key, None)


@contextlib.asynccontextmanager
async def speaking_to(store: Store, person_id: int) -> AsyncIterator[None]:
    """Speak the language of a person to whom something is sent that is no reply."""
    with speaking(await store.read(languages.of_person, person_id)):
        yield
