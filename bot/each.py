"""A turn for each: chores that go through projects one after the other, where one that fails must not keep the others waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable


async def each(numbers: Iterable[int], do: Callable[[int], Awaitable[None]]) -> None:
    """Do something for each number in turn. A fault waits until all had their turn; then the first one is raised."""
    faults: list[Exception] = []
    for number in numbers:
        try:
            await do(number)
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
