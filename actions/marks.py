"""Marks: the few small values that the bot remembers about itself, such as when Telegram last answered.

They are no settings of anybody's; the key check of the store lives in the same table.
"""

from __future__ import annotations

from storage.tx import Tx

LAST_GOOD = "last_good_ms"
"""When Telegram was last heard, in UTC milliseconds."""
HEALTH = "health_ms"
"""Written by a health check, to see that the store can be written."""


def get(tx: Tx, name: str) -> str | None:
    """Give a mark, if it was set."""
    value = tx.value("marks.get", name=name)
    return None if value is None else str(value)


def put(tx: Tx, name: str, value: str) -> None:
    """Set a mark."""
    tx.run("marks.put", name=name, value=value)


def drop(tx: Tx, name: str) -> None:
    """Forget a mark."""
    tx.run("marks.drop", name=name)


def moment(tx: Tx, name: str) -> int:
    """Give a mark that holds a moment; 0 when it was never set."""
    text = get(tx, name)
    return int(text) if text is not None and text.isdigit() else 0


def touch(tx: Tx, name: str) -> int:
    """Set a mark to this moment and give it."""
    put(tx, name, str(tx.now_ms))
    return tx.now_ms
