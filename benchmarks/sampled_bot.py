"""Veritap under a sampler: `python -m benchmarks.sampled_bot run`. The bot runs as ever; on SIGUSR1 the sampler begins, and on the next
it ends and writes, into the database's folder, how much processor time each part of the program took.

The store's thread is measured by its own processor clock, split by timers around the statements. The main thread is looked at
many times a second of processor time; where it is found decides whose time it was.
"""

from __future__ import annotations

import collections
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from bot import cli
from storage import database, tx

EVERY_S = 0.001
STACK_MAX = 200
INTAKE, STORAGE, RULES, RENDERING, CALLS, HANDLING, LOOP = (
    "intake",
    "storage",
    "rules",
    "rendering",
    "calls",
    "dispatch",
    "event loop",
)
RESULT = "samples.json"
PLACES = (
    ("/bot/poller", INTAKE),
    ("/bot/intake", INTAKE),
    ("/telegram/_", INTAKE),
    ("/bot/transport", CALLS),
    ("/aiohttp/", CALLS),
    ("/yarl/", CALLS),
    ("/handlers/views/", RENDERING),
    ("/handlers/screen", RENDERING),
    ("/rules/text", RENDERING),
    ("/rules/card", RENDERING),
    ("/rules/", RULES),
    ("/actions/", RULES),
    ("/storage/", STORAGE),
    ("/aiosqlite/", STORAGE),
    ("/handlers/", HANDLING),
    ("/bot/desk", HANDLING),
    ("/bot/lanes", HANDLING),
    ("/telegram/", HANDLING),
)
"""Whose time it is when a file lies on the stack; the innermost that is listed decides, but the poller's calls are intake."""


class Sampler:
    """Counts where the program is found, between two signals."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._found: collections.Counter[str] = collections.Counter()
        self._began_s = self._looked_s = 0.0
        self._is_on = False
        self.statements_s = 0.0
        self.batches_s = 0.0
        self.rules_s = 0.0

    def toggle(self, number: int, frame: FrameType | None) -> None:
        """Begin, or end and write."""
        if self._is_on:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._write()
            return
        self._is_on = True
        self._began_s = self._looked_s = time.thread_time()
        self.statements_s = self.batches_s = self.rules_s = 0.0
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)

    def look(self, number: int, frame: FrameType | None) -> None:
        """Count where the main thread is, in nanoseconds of its own since the last look: the timer runs for the other thread as well."""
        now_s = time.thread_time()
        names = list(_files(frame))
        place = next((part for name in names for piece, part in PLACES if piece in name), LOOP)
        if any("/bot/poller" in name for name in names):
            place = INTAKE
        self._found[place] += round((now_s - self._looked_s) * 1e9)
        self._looked_s = now_s

    def _write(self) -> None:
        main_s, looks = time.thread_time() - self._began_s, max(self._found.total(), 1)
        spent = {place: main_s * count / looks for place, count in self._found.items()}
        spent[STORAGE] = spent.get(STORAGE, 0.0) + self.batches_s - self.rules_s
        spent[RULES] = spent.get(RULES, 0.0) + self.rules_s
        half = self._target.with_suffix(".part")
        half.write_text(json.dumps(spent), encoding="ascii")
        half.rename(self._target)

    def install(self) -> None:
        """Put timers around the store's work, and listen for the signals."""
        signal.signal(signal.SIGUSR1, self.toggle)
        signal.signal(signal.SIGPROF, self.look)
        self._time_batches()
        self._time_statements()

    def _time_batches(self) -> None:
        run_batch, run_one = database.Database._run_batch, database.Database._run_one

        def timed_batch(store: database.Database, connection: Any, batch: Any) -> None:
            began = time.thread_time()
            run_batch(store, connection, batch)
            self.batches_s += time.thread_time() - began

        def timed_one(store: database.Database, connection: Any, write: Any) -> None:
            # What an action does between its statements is deciding, not storing.
            began, statements_s = time.thread_time(), self.statements_s
            run_one(store, connection, write)
            self.rules_s += time.thread_time() - began - (self.statements_s - statements_s)

        for name, timed in (("_run_batch", timed_batch), ("_run_one", timed_one)):
            setattr(database.Database, name, timed)

    def _time_statements(self) -> None:
        for name in ("one", "all", "value", "run"):
            setattr(tx.Tx, name, self._timed(getattr(tx.Tx, name)))

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(self_: tx.Tx, *arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return method(self_, *arguments, **named)
            finally:
                self.statements_s += time.thread_time() - began

        return timed


def _files(frame: FrameType | None) -> Iterator[str]:
    """Name the files that lie on the stack, the innermost first."""
    for _ in range(STACK_MAX):
        if frame is None:
            return
        yield frame.f_code.co_filename
        frame = frame.f_back


def main() -> int:
    assert threading.current_thread() is threading.main_thread()
    url = os.environ["DATABASE_URL"]
    Sampler(Path(url.removeprefix("sqlite:///")).parent / RESULT).install()
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
