"""Hourly floors: what each student was to be topped up by for each week that was settled, worked out anew from the judgments."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.verify.base import HOUR_MS, columns

WEEK_MAX_MS = 7 * 24 * HOUR_MS + 2 * HOUR_MS
"""Clocks that are put back make a week longer, by two hours at the very most."""
MONDAY = 0

IN_WEEK = """
    FROM topup_weeks AS w JOIN judgments AS j ON j.project_id = w.project_id
    JOIN assignments AS a ON a.token = j.token
    LEFT JOIN withheld AS h ON h.judgment_id = j.id
    LEFT JOIN entries AS e ON e.key = 'withhold:' || h.withholding_id || ':' || j.id AND {e_by_then}
    LEFT JOIN entries AS r ON r.key = 'release:' || h.withholding_id || ':' || j.id AND {r_by_then}
    WHERE w.project_id = :project AND w.start_ms = :start AND j.scheme = 'floor' AND j.undone_ms IS NULL
        AND (e.id IS NULL OR r.id IS NOT NULL) AND {inside}"""
BY_THE_CLOCK = {
    "e_by_then": "e.recorded_ms <= w.settled_ms",
    "r_by_then": "r.recorded_ms <= w.settled_ms",
    "inside": "j.answered_ms >= w.start_ms AND j.answered_ms < w.end_ms",
}
"""Which judgments are in a week, and what was held back or released as it was settled, in files that keep no more than its moment."""
BY_THE_BOOKS = {
    "e_by_then": "(e.id <= w.through_entry_id OR (w.through_entry_id IS NULL AND e.recorded_ms <= w.settled_ms))",
    "r_by_then": "(r.id <= w.through_entry_id OR (w.through_entry_id IS NULL AND r.recorded_ms <= w.settled_ms))",
    # The line with OR only spares reading what earlier weeks hold.
    "inside": """j.answered_ms < w.end_ms AND j.id <= COALESCE(w.through_judgment_id, j.id)
        AND (j.answered_ms >= w.start_ms OR j.id > (SELECT MAX(p.through_judgment_id) FROM topup_weeks AS p
            WHERE p.project_id = :project AND p.start_ms < :start))
        AND NOT EXISTS (
            SELECT 1 FROM topup_weeks AS p WHERE p.project_id = w.project_id AND p.start_ms < w.start_ms
                AND j.answered_ms < p.end_ms AND j.id <= COALESCE(p.through_judgment_id, j.id))""",
}
"""The same where it is kept what the newest judgment and entry were: each judgment is in the first week that ended, and was settled,
after it, so that a clock which was set back moves nothing into a week that is settled."""


def of_week(connection: sqlite3.Connection, project: int, start_ms: int) -> dict[int, tuple[int, str]]:
    """Give what each student is to be topped up by for a settled week of a project: person → (amount, currency)."""
    return {
        person: (amount, currency)
        for person, amount, currency in _owed(connection, project, start_ms, _in_week(connection))
        if amount
    }


def _in_week(connection: sqlite3.Connection) -> str:
    """Give the judgments of a week without those that were held back when it was settled; what was released by then is in it."""
    in_week = IN_WEEK.format(
        **(BY_THE_BOOKS if "through_entry_id" in columns(connection, "topup_weeks") else BY_THE_CLOCK)
    )
    if columns(connection, "withheld"):
        return in_week
    return in_week.replace("LEFT JOIN withheld AS h ON h.judgment_id = j.id", "").replace(
        "h.withholding_id || ':' || j.id", "'none'"
    )


def _owed(
    connection: sqlite3.Connection, project: int, start_ms: int, in_week: str
) -> list[tuple[int, int, str]]:
    where = {"project": project, "start": start_ms}
    middle = _median(_times(connection, where, in_week))
    rows = connection.execute(
        f"SELECT j.person_id, j.currency, a.rate_micro, a.piece_micro, a.cap_ms, COUNT(*) {in_week} "
        "GROUP BY j.person_id, j.currency, a.rate_micro, a.piece_micro, a.cap_ms",
        where,
    )
    sums: dict[tuple[int, str], int] = {}
    for person, currency, rate, piece, cap, number in rows:
        lacks = max(0, _hourly(min(middle, cap), rate) - piece)
        sums[person, currency] = sums.get((person, currency), 0) + number * lacks
    return [(person, amount, currency) for (person, currency), amount in sums.items()]


def _times(connection: sqlite3.Connection, where: dict[str, int], in_week: str) -> list[int]:
    rows = connection.execute(
        f"SELECT j.credited_ms {in_week} AND j.use IN ('work', 'gold') ORDER BY j.credited_ms",
        where,
    )
    return [int(row[0]) for row in rows]


def _median(ordered: list[int]) -> int:
    """Give the middle one; of two, their mean, rounded up."""
    if not ordered:
        return 0
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (low + high + 1) // 2


def _hourly(milliseconds: int, rate_micro: int) -> int:
    """Give the pay in millionths, to the nearest, halves to even."""
    whole, rest = divmod(2 * milliseconds * rate_micro + HOUR_MS, 2 * HOUR_MS)
    return whole - (1 if rest == 0 and whole % 2 else 0)


def check_topups(connection: sqlite3.Connection) -> Iterator[str]:
    """Each settled week is a week of its own, has the sums of its judgments, and everybody who was owed a top-up got it."""
    if not columns(connection, "topup_weeks"):
        return
    in_week = _in_week(connection)
    ended: dict[int, int] = {}
    rows = connection.execute("""
        SELECT w.project_id, w.start_ms, w.end_ms, w.judgments, w.median_ms, w.topped_up_micro, w.settled_ms, p.definition
        FROM topup_weeks AS w JOIN projects AS p ON p.id = w.project_id ORDER BY w.project_id, w.start_ms""")
    for project, start, end, judgments, median, total, settled, definition in rows.fetchall():
        name = f"the week of project {project} from {start}"
        if start < ended.get(project, 0) or not 0 < end - start <= WEEK_MAX_MS or settled < end:
            yield f"{name} overlaps another one, or is no week"
        if not _is_monday(end, definition) and not _was_changed(connection, project):
            yield f"{name} does not end with a week of the project's time zone"
        ended[project] = end
        times = _times(connection, {"project": project, "start": start}, in_week)
        owed = _owed(connection, project, start, in_week)
        found = (len(times), _median(times), sum(amount for _, amount, _ in owed))
        if (judgments, median, total) != found:
            yield f"{name} was settled on {(judgments, median, total)}, where its judgments make {found}"
        for person, amount, _ in owed:
            key = f"topup:{project}:{start}:{person}"
            if amount and (settled,) not in connection.execute(
                "SELECT recorded_ms FROM entries WHERE key = ?", (key,)
            ):
                yield f"{name} owes person {person} {amount}, which was not posted as it was settled"


def zone(name: str) -> tzinfo | None:
    """Give a time zone; None for one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _is_monday(moment_ms: int, definition: str) -> bool:
    here = zone(str(json.loads(definition)["pay"].get("time_zone") or "UTC"))
    if here is None:
        return True
    day = datetime.fromtimestamp(moment_ms / 1000, here).date()
    midnight = datetime.combine(day, time(), here)
    return day.weekday() == MONDAY and int(midnight.timestamp()) * 1000 == moment_ms


def _was_changed(connection: sqlite3.Connection, project: int) -> bool:
    """Tell whether the project's file was changed, so that its weeks may have been another zone's."""
    changed = "SELECT 1 FROM audit WHERE subject = ? AND deed = 'changed project'"
    return connection.execute(changed, (f"project:{project}",)).fetchone() is not None
