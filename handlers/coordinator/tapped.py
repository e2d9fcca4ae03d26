"""What a coordinator's buttons carry. Anybody can forge it, so it is taken apart in one place."""

from __future__ import annotations

from actions import refusals
from handlers.context import Context


def number(context: Context) -> int:
    """Give the id that a button of one part carries, as in `c:see:17`. Raise OutOfDate for anything else."""
    return context.number(parts(context, 1)[0])


def parts(context: Context, count: int) -> list[str]:
    """Give what a button carries behind its two words, as in `c:look:17:3`: so many parts, or raise OutOfDate."""
    found = context.tapped.split(":")[2:]
    if len(found) != count:
        raise refusals.OutOfDate
    return found
