"""The real clock, chance and ids. Tests hand in their own; nothing below this floor makes any."""

from __future__ import annotations

import random
import secrets
import time

from actions.ports import Sources

ID_BYTES = 16
"""128 bits: nobody guesses an id, and 22 characters fit a button."""
_chance = random.SystemRandom()


def now_ms() -> int:
    """Tell the time: UTC milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def real() -> Sources:
    """Give the sources that a running bot uses."""
    return Sources(now_ms=now_ms, draw=_chance.random, new_id=lambda: secrets.token_urlsafe(ID_BYTES))
