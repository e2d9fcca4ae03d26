"""Replay: recorded or simulated crowds run through Veritap and through the rules of others, and scored. `make_engine` is the door for any
harness that speaks the words of `bot.replay.protocol`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.replay.engine import ReplayEngine, Terms


def make_engine(labels: Sequence[str], seed: int = 0, **config: Any) -> ReplayEngine:
    """Make Veritap as an engine of a replay. `config`: what its project asks for, see `Terms`; the defaults of every project otherwise."""
    return ReplayEngine(labels, seed, Terms(**config))
