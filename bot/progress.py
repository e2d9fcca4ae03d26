"""Progress of long work on a terminal: a bar that redraws itself, or a line now and then where nobody can redraw."""

from __future__ import annotations

import sys
import time
from typing import TextIO

BAR_CELLS = 24
REDRAW_EVERY_S = 0.1
LINE_EVERY_S = 5.0


class Progress:
    """The progress of one piece of work: call it with what is done, and of how much. It writes to stderr."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self._label = label
        self._stream = stream or sys.stderr
        self._redraws = self._stream.isatty()
        self._told_s = time.monotonic()
        self._width = 0

    def __call__(self, done: int, of: int) -> None:
        """Tell how far the work is; the end is always shown on a terminal."""
        now_s = time.monotonic()
        every_s = REDRAW_EVERY_S if self._redraws else LINE_EVERY_S
        if now_s - self._told_s < every_s and not (self._redraws and done >= of):
            return
        self._told_s = now_s
        figures = f"{self._label} {done:,} of {of:,}"
        if not self._redraws:
            self._write(f"{figures}\n")
            return
        filled = BAR_CELLS if not of else min(BAR_CELLS, BAR_CELLS * done // of)
        line = f"{figures} {'▓' * filled}{'░' * (BAR_CELLS - filled)}"
        self._write("\r" + line.ljust(self._width))
        self._width = len(line)

    def close(self) -> None:
        """Take the bar off the screen, so that what follows stands alone."""
        if self._redraws and self._width:
            self._write("\r" + " " * self._width + "\r")
            self._width = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
