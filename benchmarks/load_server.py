"""A sandbox with students of its own, in one process: `python -m benchmarks.load_server`. Taps come from inside the server, so that the
time of phones and their connections is not taken for the bot's. It obeys lines of JSON on stdin, and answers each with a line."""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.models import Message
from sandbox.server import Sandbox

RIGHT, WRONG = "Correct", "Wrong"
SUM = re.compile(r"has (\d+) boxes of (\d+) apples each\. (\d+) apples are eaten\..*A: (\d+)", re.DOTALL)
"""What the items ask (`tests.simulation.gsm8k.written`), and the result that is to be judged."""
MISTAKES = 0.1
"""A student's share of wrong answers. Whoever always tapped the same button would be paused, as they should be."""
LABELS = (
    RIGHT,
    "Next set",
    "Let's start",
    "I agree",
    "Bachelor's",
    "Maths",
    "Done",
    "Yes, ",
    "Join",
    "Begin",
    "Start working",
    "Next",
    "Go on",
)
"""What is tapped wherever it stands: first the answer, then whatever leads to a card."""
PATIENCE_S = 60.0
ROAD_TAPS_MAX = 100


class Crowd:
    """Students who tap as soon as their card has changed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._world = sandbox.world
        self._ids: list[int] = []
        self._chance = random.Random(1)

    async def arrive(self, people: int, payload: str) -> dict[str, Any]:
        """Let people come by an invitation and walk to their first card, a few at a time."""
        new = [self._world.add_person(f"Student {number}").id for number in range(people)]
        self._ids += new
        for start in range(0, people, 16):
            await asyncio.gather(*(self._walk(person_id, payload) for person_id in new[start : start + 16]))
        return {"people": len(self._ids)}

    async def _walk(self, person_id: int, payload: str) -> None:
        self._world.send_text(person_id, f"/start {payload}".strip())
        await self._world.wait_for(lambda: self._has_message(person_id), PATIENCE_S, person_id=person_id)
        for _ in range(ROAD_TAPS_MAX):
            if any(button["text"] == RIGHT for button in self._world.last_message(person_id).buttons):
                return
            await self._tap(person_id)
        raise RuntimeError(f"no card after {ROAD_TAPS_MAX} taps")

    def _has_message(self, person_id: int) -> bool:
        return any(not message.outgoing for message in self._world.messages(person_id))

    async def tap(
        self, students: int, seconds: float, taps: int = sys.maxsize, first: int = 0
    ) -> dict[str, Any]:
        """Let students tap for so long, or so often each, and give how many taps were whole and how long each took."""
        waits_ms: list[float] = []
        began = time.perf_counter()
        end = began + seconds

        async def keep_tapping(person_id: int) -> None:
            for _ in range(taps):
                tapped = time.perf_counter()
                if tapped >= end:
                    return
                await self._tap(person_id)
                waits_ms.append((time.perf_counter() - tapped) * 1000)

        await asyncio.gather(*(keep_tapping(person_id) for person_id in self._ids[first : first + students]))
        return {"taps": len(waits_ms), "seconds": time.perf_counter() - began, "waits_ms": sorted(waits_ms)}

    async def _tap(self, person_id: int) -> None:
        """Tap once, and wait until the tap is answered and the message is another."""
        message = self._world.last_message(person_id)
        before = message.raw
        query_id = self._world.tap(person_id, message.message_id, _data(message, self._answer(message)))
        answers = self._world.answers
        await self._world.wait_for(
            lambda: query_id in answers and message.raw is not before, PATIENCE_S, person_id=person_id
        )

    def _answer(self, message: Message) -> str:
        """Say what an item's student says: what is true, but for some mistakes."""
        asked = SUM.search(message.text)
        if asked is None:
            return RIGHT
        boxes, apples, eaten, result = map(int, asked.groups())
        is_right = boxes * apples - eaten == result
        return RIGHT if is_right != (self._chance.random() < MISTAKES) else WRONG


def _data(message: Message, answer: str) -> str:
    for label in (answer, *LABELS):
        for button in message.buttons:
            if button["text"].startswith(label):
                return str(button["callback_data"])
    raise RuntimeError(f"nothing to tap under {message.text!r}")


async def main() -> None:
    sandbox = Sandbox(with_page=False)
    await sandbox.start()
    crowd = Crowd(sandbox)
    orders: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {"arrive": crowd.arrive, "tap": crowd.tap}
    print(f"READY {sandbox.url}", flush=True)
    loop = asyncio.get_running_loop()
    try:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            order = json.loads(line)
            done = await orders[order.pop("do")](**order)
            print(json.dumps(done), flush=True)
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(main())
