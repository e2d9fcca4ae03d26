"""The clock on the wall: nobody is credited more time than went by, and a clock that was set back accuses nobody.

Time is measured on the steady clock that goes on whatever the one on the wall is set to. Rows from before it was kept have only the wall's.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from bot.verify.base import columns


class _Work(NamedTuple):
    """A judgment as the clock sees it. The two moments are steady ones where they were kept, and the wall's on older rows."""

    person_id: int
    is_steady: bool
    id: int
    shown_ms: int
    answered_ms: int
    credited_ms: int
    is_live: bool


STEADY = """
    SELECT j.person_id, j.answered_steady_ms IS NOT NULL AND a.first_steady_ms IS NOT NULL AS is_steady, j.id,
        COALESCE(CASE WHEN j.answered_steady_ms IS NOT NULL THEN a.first_steady_ms END, j.shown_ms),
        COALESCE(CASE WHEN a.first_steady_ms IS NOT NULL THEN j.answered_steady_ms END, j.answered_ms),
        j.credited_ms, j.undone_ms IS NULL
    FROM judgments AS j JOIN assignments AS a ON a.token = j.token ORDER BY j.person_id, is_steady, j.id"""
WALL = """
    SELECT person_id, 0, id, shown_ms, answered_ms, credited_ms, undone_ms IS NULL FROM judgments ORDER BY person_id, id"""


def check_clock(connection: sqlite3.Connection) -> Iterator[str]:
    """Nobody is credited more time than went by: over every stretch in which their items touch or overlap."""
    has_steady = "answered_steady_ms" in columns(connection, "judgments")
    turned_back = _turned_back(connection)
    rows = map(_Work._make, connection.execute(STEADY if has_steady else WALL))
    for (person_id, is_steady), own in itertools.groupby(rows, key=lambda work: work[:2]):
        yield from _follow(person_id, list(own), [] if is_steady else turned_back)
    if has_steady:
        yield from _steady(connection)


def _steady(connection: sqlite3.Connection) -> Iterator[str]:
    """Steady time never falls, and no item is answered before it was shown."""
    latest = 0
    rows = connection.execute("""
        SELECT j.id, a.first_steady_ms, j.answered_steady_ms FROM judgments AS j JOIN assignments AS a ON a.token = j.token
        WHERE j.answered_steady_ms IS NOT NULL ORDER BY j.id""")
    for number, shown, answered in rows:
        if answered < latest or (shown is not None and shown > answered):
            yield f"judgment {number} is answered at {answered} of steady time, after {latest} and shown at {shown}"
        latest = answered


def _follow(person_id: int, works: list[_Work], turned_back: list[int]) -> Iterator[str]:
    before = {work.id: earlier.id for earlier, work in itertools.pairwise(works)}
    begin = end = credited = 0
    first = last = 0
    for work in sorted(
        (one for one in works if one.is_live), key=lambda one: (one.shown_ms, one.answered_ms)
    ):
        if work.shown_ms > end or not first:
            begin, end, credited = work.shown_ms, work.shown_ms, 0
            first, last = before.get(work.id, 1), work.id
        end = max(end, work.answered_ms)
        credited += work.credited_ms
        first, last = min(first, before.get(work.id, 1)), max(last, work.id)
        # Where nothing steadier was kept than the clock on the wall, one that was set back accuses nobody.
        if credited > end - begin and not any(first - 1 <= place <= last for place in turned_back):
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
        number = key.rpartition(":")[2]
        if kind == "earning" and number.isdigit():
            place = int(number)
    odd = connection.execute("SELECT id FROM judgments WHERE shown_ms > answered_ms")
    return places + [int(row[0]) for row in odd]
