"""The inbox: raw updates kept until their effect is in the books. Effect and mark are one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from storage.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")


def with_mark(
    tx: Tx, inbox_id: int, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run an action and mark an inbox row done; both or neither."""
    outcome = action(tx, *args, **kwargs)
    finish(tx, inbox_id)
    return outcome


def finish(tx: Tx, inbox_id: int, trouble: str | None = None) -> None:
    """Mark a row done and empty its payload."""
    tx.run("inbox.finish", id=inbox_id, trouble=trouble, now_ms=tx.now_ms)
