"""The clock on the wall: nobody is credited more time than went by, and a clock that was set back accuses nobody.

Judgments are taken in the order in which they were given, which is that of their ids whatever the clock said.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from bot.verify.base import columns


class _Work(NamedTuple):
    """A judgment as the clock sees it. `back_ms`: by how much the clock was seen to go back since the judgment before it."""

    person_id: int
    id: int
    shown_ms: int
    answered_ms: int
    credited_ms: int
    is_live: bool
    back_ms: int


def check_clock(connection: sqlite3.Connection) -> Iterator[str]:
    """Nobody is credited more time than went by: over every stretch in which their items touch or overlap."""
    turned_back = _turned_back(connection)
    back = "back_ms" if "back_ms" in columns(connection, "judgments") else "0"
    rows = connection.execute(f"""
        SELECT person_id, id, shown_ms, answered_ms, credited_ms, undone_ms IS NULL, {back} FROM judgments
        ORDER BY person_id, id""")  # noqa: S608
    for person_id, own in itertools.groupby(map(_Work._make, rows), key=lambda work: work.person_id):
        yield from _follow(person_id, own, turned_back)


def _follow(person_id: int, own: Iterator[_Work], turned_back: list[int]) -> Iterator[str]:
    works = list(own)
    before = {work.id: earlier.id for earlier, work in itertools.pairwise(works)}
    begin = end = credited = back = 0
    first = last = 0
    for work in sorted(
        (one for one in works if one.is_live), key=lambda one: (one.shown_ms, one.answered_ms)
    ):
        if work.shown_ms > end or not first:
            begin, end, credited, back = work.shown_ms, work.shown_ms, 0, 0
            first, last = before.get(work.id, 0), work.id
        end = max(end, work.answered_ms)
        credited += work.credited_ms
        back += work.back_ms
        first, last = min(first, before.get(work.id, 0)), max(last, work.id)
        if credited > end - begin + back and not any(first <= place <= last for place in turned_back):
            yield f"person {person_id} is credited {credited} ms within {end - begin} ms from {begin} on"
            return


def _turned_back(connection: sqlite3.Connection) -> list[int]:
    """Give the last judgments before the clock is seen to go back: an entry bears an earlier moment than the one before it, or an answer
    an earlier one than when its item was shown."""
    places, place, latest = [], 0, 0
    rows = connection.execute("SELECT kind, key, recorded_ms FROM entries ORDER BY id")
    for kind, key, recorded_ms in rows:
        if recorded_ms < latest:
            places.append(place)
        latest = recorded_ms
        if kind == "earning":
            place = int(key.rpartition(":")[2])
    odd = connection.execute("SELECT id FROM judgments WHERE shown_ms > answered_ms")
    return places + [int(row[0]) for row in odd]
