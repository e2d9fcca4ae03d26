"""What a replay asks of a labelling engine, whoever wrote it. Words only; no engine lives here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Eligible = Callable[[str], bool]
"""Tells whether a person may get an item: in a replay, whether their answer to it is on record and still unused."""
Result = tuple[str, float, int, str]
"""Label, confidence, answers behind it, and `done`, `open` or `unresolved`."""


class Engine(Protocol):
    """Hands out items, takes answers, and says what they come to. People and items go by the names that a recording gives them."""

    def add_item(self, item: str) -> None:
        """Take an item whose label is wanted."""

    def add_gold(self, item: str, label: str) -> None:
        """Take a hidden item whose label is known."""

    def next_task(self, worker: str, eligible: Eligible) -> str | None:
        """Give a person an item that is eligible for them, or None when there is nothing for them now."""

    def submit(self, worker: str, item: str, label: str, ms: int | None = None) -> None:
        """Take a person's answer. `ms`: how long it took, where that is known."""

    def suspended(self, worker: str) -> bool:
        """Tell whether a person gets no more items."""

    def result(self, item: str) -> Result:
        """Say what an item's answers come to."""
