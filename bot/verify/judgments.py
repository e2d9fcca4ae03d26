"""Judgments: each is in the ledger exactly once, pays what its time or its piece makes, and answers its own assignment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bot.verify.base import HOUR_MS, columns, tables


def check_judgments(connection: sqlite3.Connection) -> Iterator[str]:
    """No judgment is without its earning, no undone one without its reversal, no approval without its entry."""
    for name, condition, words in (
        ("judgment", "1 = 1", "is not in the ledger"),
        ("undo", "j.undone_ms IS NOT NULL", "was undone, but its pay was not taken back"),
        ("approve", "j.approved_ms IS NOT NULL", "is marked approved, but its pay was not approved"),
    ):
        sql = f"""
            SELECT j.id FROM judgments AS j LEFT JOIN entries AS e ON e.key = :name || ':' || j.id
            WHERE {condition} AND e.id IS NULL ORDER BY j.id"""  # noqa: S608
        for (number,) in connection.execute(sql, {"name": name}):
            yield f"judgment {number} {words}"
    yield from _moments(connection)


def _moments(connection: sqlite3.Connection) -> Iterator[str]:
    """An entry and the judgment that it is about say the same moment."""
    for name, column in (("judgment", "answered_ms"), ("undo", "undone_ms"), ("approve", "approved_ms")):
        sql = f"""
            SELECT j.id, j.{column}, e.recorded_ms FROM judgments AS j JOIN entries AS e ON e.key = :name || ':' || j.id
            WHERE j.{column} IS NOT e.recorded_ms AND j.{column} IS NOT NULL ORDER BY j.id"""  # noqa: S608
        for number, said, recorded in connection.execute(sql, {"name": name}):
            yield f"judgment {number} says {column} {said}, its entry {recorded}"


def check_pay(connection: sqlite3.Connection) -> Iterator[str]:
    """Credited time is the time that the item lay open, up to its cap, and the pay is what was told when it was shown: credited time at
    the rate, or the piece."""
    names = columns(connection, "judgments")
    by_piece = "scheme" in names
    scheme, piece = ("a.scheme", "a.piece_micro") if by_piece else ("'hour'", "0")
    same = " AND j.flipped = a.flipped" if "flipped" in names else ""
    same += " AND j.scheme = a.scheme AND j.piece_micro = a.piece_micro" if by_piece else ""
    rows = connection.execute(f"""
        SELECT j.id, j.credited_ms, j.amount_micro, j.currency, a.cap_ms, a.rate_micro, a.currency, {scheme}, {piece},
            a.spent_ms, j.undone_ms IS NULL AND a.state = 'judged',
            j.person_id = a.person_id AND j.item_id = a.item_id AND j.project_id = a.project_id AND j.use = a.use
                AND j.shown_ms = a.first_shown_ms{same}
        FROM judgments AS j JOIN assignments AS a ON a.token = j.token ORDER BY j.id""")  # noqa: S608
    for number, credited, amount, currency, cap, rate, agreed, way, micro, spent, is_last, fits in rows:
        if credited > cap:
            yield f"judgment {number} is credited {credited} ms, above its cap of {cap} ms"
        if credited > spent or (is_last and credited != min(spent, cap)):
            yield f"judgment {number} is credited {credited} ms, but its item lay open for {spent} ms"
        due = _pay(credited, rate) if way == "hour" else micro
        if (amount, currency) != (due, agreed):
            yield f"judgment {number} pays {amount} {currency}, where {credited} ms at its rate make {due} {agreed}"
        if not fits:
            yield f"judgment {number} does not belong to the assignment that it answers"
    states = connection.execute("""
        SELECT a.token FROM assignments AS a
        WHERE (a.state = 'judged') <> EXISTS (SELECT 1 FROM judgments AS j WHERE j.token = a.token AND j.undone_ms IS NULL)""")
    for (token,) in states:
        yield f"assignment {token} and its judgments disagree on whether it was judged"


def _pay(credited_ms: int, rate_micro: int) -> int:
    """Give the pay in millionths, to the nearest, halves to even."""
    doubled = 2 * credited_ms * rate_micro
    whole, rest = divmod(doubled + HOUR_MS, 2 * HOUR_MS)
    return whole - (1 if rest == 0 and whole % 2 else 0)


def check_sums(connection: sqlite3.Connection) -> Iterator[str]:
    """The sums kept for the cards are those of the live judgments, quarter of an hour by quarter of an hour."""
    rows = connection.execute("""
        SELECT person_id, quarter_ms, currency, SUM(kept_ms), SUM(kept), SUM(live_ms), SUM(live) FROM (
            SELECT person_id, quarter_ms, currency, credited_ms AS kept_ms, amount_micro AS kept, 0 AS live_ms, 0 AS live FROM earned
            UNION ALL
            SELECT person_id, answered_ms - answered_ms % 900000, currency, 0, 0, credited_ms, amount_micro
            FROM judgments WHERE undone_ms IS NULL)
        GROUP BY person_id, quarter_ms, currency""")
    for person_id, quarter, currency, kept_ms, kept, live_ms, live in rows:
        if (kept_ms, kept) != (live_ms, live):
            yield (
                f"student {person_id}, from {quarter}: cards sum {kept_ms} ms and {kept} {currency}, "
                f"the judgments {live_ms} ms and {live}"
            )


def _within_overlap(connection: sqlite3.Connection) -> str:
    """Leave out what comes beside an item's overlap: answers of seniors to disputes and of rounds, and items of which answers were held or
    excluded, so that others were asked in their place."""
    known = tables(connection)
    found = [
        f"AND j.token NOT IN (SELECT token FROM {table})"  # noqa: S608
        for table in ("reviews", "round_leases")
        if table in known
    ]
    if "validations" in known:
        found.append(
            "AND j.item_id NOT IN (SELECT k.item_id FROM validations AS v JOIN judgments AS k ON k.id = v.judgment_id)"
        )
    return " ".join(found)


def check_overlap(connection: sqlite3.Connection) -> Iterator[str]:
    """No item has more judgments than its project asks for, and nobody met a work or gold item twice."""
    # A lowered overlap leaves earlier judgments standing; it binds the items that were handed out after it.
    rows = connection.execute(f"""
        SELECT j.item_id, r.slug, COUNT(*) AS judged, json_extract(r.definition, '$.quality.overlap[1]') AS most
        FROM judgments AS j JOIN projects AS r ON r.id = j.project_id
        WHERE j.use = 'work' AND j.undone_ms IS NULL {_within_overlap(connection)}
        GROUP BY j.item_id
        HAVING judged > most AND MAX(j.shown_ms) > COALESCE(
            (SELECT MAX(done_ms) FROM audit WHERE subject = 'project:' || r.id
                AND deed = 'changed project' AND detail LIKE '%quality%'), -1)""")  # noqa: S608
    for item_id, slug, judged, most in rows:
        yield f"item {item_id} of {slug} has {judged} judgments; at most {most} were asked for"
    for name, table, condition in (
        ("judged", "judgments", "AND undone_ms IS NULL"),
        ("was given", "assignments", ""),
    ):
        twice = connection.execute(
            f"SELECT person_id, item_id, COUNT(*) AS times FROM {table} "  # noqa: S608
            f"WHERE use IN ('work', 'gold') {condition} GROUP BY person_id, item_id HAVING times > 1"
        )
        for person_id, item_id, times in twice:
            yield f"person {person_id} {name} item {item_id} {times} times"
