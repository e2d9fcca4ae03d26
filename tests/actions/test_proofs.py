"""The nightly proof's keeping: when one is due, the lock on payouts, and what the admins are told."""

from __future__ import annotations

import json
from typing import Any

from actions import payouts, proofs
from handlers.views.proofs import told
from rules.credit import DAY_MS, HOUR_MS
from tests.actions.conftest import Db
from tests.actions.owed import admins
from tests.actions.projects_for_tests import card_of, make
from tests.actions.working import judge, start

HEAD = "ab" * 32
GOOD = proofs.Result(HEAD, [], 0)
BAD = proofs.Result(HEAD, ["entry 5 (judgment:5) was changed after it was written"] * 5, 9)


def notices(db: Db) -> list[dict[str, Any]]:
    """Give what the admins were told, oldest first, each once."""
    rows = db.rows("SELECT payload FROM deliveries WHERE key LIKE 'proof:%' ORDER BY id")
    opened = [db.vault.open("notice", row[0]) for row in rows]
    assert opened[::2] == opened[1::2], "both admins are told the same"
    return opened[::2]


def test_a_proof_is_due_once_a_night_and_not_on_the_first_day(db: Db) -> None:
    assert not db.run(proofs.is_due)
    assert not db.run(proofs.is_due)
    db.clock.advance(DAY_MS)
    assert db.run(proofs.is_due)
    db.run(proofs.record, GOOD)
    assert not db.run(proofs.is_due)
    db.clock.advance(DAY_MS - db.clock.now_ms % DAY_MS)
    assert not db.run(proofs.is_due), "midnight has passed, but not the hour"
    db.clock.advance(proofs.NIGHT_MS)
    assert db.run(proofs.is_due)


def test_red_books_lock_payouts_until_they_are_right(db: Db) -> None:
    admins(db)
    db.run(proofs.record, BAD)
    assert db.run(payouts.is_locked)
    since_ms = db.run(proofs.last).red_ms
    db.clock.advance(HOUR_MS)
    assert db.run(proofs.is_due), (
        "red books are proved again and again, so that they open as soon as they are right"
    )
    db.run(proofs.record, BAD)
    assert db.run(proofs.last).red_ms == since_ms
    assert len(notices(db)) == 1, "once told is enough for a day"
    db.run(proofs.record, GOOD)
    assert not db.run(payouts.is_locked)
    red, green = notices(db)
    assert (red["wrong"], len(red["findings"])) == (9, proofs.FINDINGS_TOLD)
    said = str(told(red))
    assert "Payouts are locked" in said
    assert "… and 6 more findings" in said
    assert "right again" in str(told(green))


def test_admins_get_the_totals_since_the_last_proof_and_the_head(db: Db) -> None:
    admins(db)
    project = make(db)
    visitor, following = start(db, project, 1)
    following = judge(db, visitor, card_of(following), "o0", 60)
    db.run(proofs.record, GOOD)
    judge(db, visitor, card_of(following), "o0", 90)
    db.clock.advance(DAY_MS)
    db.run(proofs.record, GOOD)
    first, second = notices(db)
    assert json.loads(first["money"]) == {"USD": {"earned": 400_000, "approved": 0, "paid": 0}}
    assert (second["entries"], second["credited_ms"]) == (1, 90_000)
    said = str(told(second))
    for words in ("The books are right.", "1 entry since", "1 min 30 s", "Earned $0.60", HEAD):
        assert words in said
