"""News of the world for onlookers: the chat page's sockets and the tests that wait. No HTTP, no Telegram."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.models import Json, dump_json

Seen = TypeVar("Seen")

EVENTS_WAITING = 2_000
PEOPLE_EVERY_SECONDS = 0.1


class Subscriber:
    """Hold the events, as JSON text, that one onlooker has not read; a full line ends the subscription."""

    def __init__(self, person_id: int | None, with_people: bool) -> None:
        self.person_id = person_id
        self.with_people = with_people
        self.events: asyncio.Queue[str | None] = asyncio.Queue()

    def push(self, text: str) -> bool:
        """Queue an event; False once the onlooker has fallen too far behind."""
        if self.events.qsize() >= EVENTS_WAITING:
            self.events.put_nowait(None)
            return False
        self.events.put_nowait(text)
        return True


class Feed:
    """Tell onlookers what changes. It costs next to nothing while nobody looks."""

    def __init__(self, list_people: Callable[[], list[Json]]) -> None:
        self._list_people = list_people
        self._by_person: dict[int | None, set[Subscriber]] = {}
        self._people_onlookers = 0
        self._people_timer: asyncio.TimerHandle | None = None
        self._waiters: dict[int | None, set[asyncio.Future[None]]] = {}

    def subscribe(self, person_id: int | None, *, with_people: bool) -> Subscriber:
        """Start to look on at one person's chat, or at everybody's."""
        subscriber = Subscriber(person_id, with_people)
        self._by_person.setdefault(person_id, set()).add(subscriber)
        self._people_onlookers += with_people
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop looking on."""
        onlookers = self._by_person.get(subscriber.person_id)
        if onlookers is not None and subscriber in onlookers:
            onlookers.discard(subscriber)
            self._people_onlookers -= subscriber.with_people
            if not onlookers:
                del self._by_person[subscriber.person_id]

    def watches(self, person_id: int) -> bool:
        """Tell whether somebody has this person's chat open."""
        return person_id in self._by_person

    def watched(self) -> list[int]:
        """Return whose chats are open."""
        return [person_id for person_id in self._by_person if person_id is not None]

    def tell(self, person_id: int, kind: str, **payload: Any) -> None:
        """Send an event about one chat to those who look at it, and wake the tests that wait."""
        self.wake(person_id)
        if not self._by_person:
            return
        onlookers = [*self._by_person.get(person_id, ()), *self._by_person.get(None, ())]
        if onlookers:
            self._push(onlookers, dump_json({"type": kind, "person": person_id, **payload}))

    def has_onlookers(self, person_id: int) -> bool:
        """Tell whether an event about this chat would reach anybody; wake the tests that wait."""
        self.wake(person_id)
        return person_id in self._by_person or None in self._by_person

    def wake(self, person_id: int | None) -> None:
        """Let the tests look again that wait for a change of this chat, or of anything."""
        for waited_for in {person_id, None} if self._waiters else ():
            for waiter in self._waiters.get(waited_for, ()):
                if not waiter.done():
                    waiter.set_result(None)

    def people_changed(self) -> None:
        """Send the fresh list of people soon, many changes in one."""
        if self._people_timer is None and self._people_onlookers:
            loop = asyncio.get_running_loop()
            self._people_timer = loop.call_later(PEOPLE_EVERY_SECONDS, self._send_people)

    async def wait_for(
        self, predicate: Callable[[], Seen], timeout_seconds: float, person_id: int | None
    ) -> Seen:
        """Return the predicate's first true value, asking again after each change (of that person's chat)."""
        async with asyncio.timeout(timeout_seconds):
            while not (seen := predicate()):
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                waiters = self._waiters.setdefault(person_id, set())
                waiters.add(waiter)
                try:
                    await waiter
                finally:
                    self._forget(person_id, waiter)
        return seen

    def _forget(self, person_id: int | None, waiter: asyncio.Future[None]) -> None:
        waiters = self._waiters.get(person_id)
        if waiters is not None:
            waiters.discard(waiter)
            if not waiters:
                del self._waiters[person_id]

    def _send_people(self) -> None:
        self._people_timer = None
        everybody = [one for onlookers in self._by_person.values() for one in onlookers if one.with_people]
        self._push(everybody, dump_json({"type": "people", "people": self._list_people()}))

    def _push(self, onlookers: list[Subscriber], text: str) -> None:
        for subscriber in onlookers:
            if not subscriber.push(text):
                self.unsubscribe(subscriber)
