"""A plain model of who did what, and the promises that the tables must keep whatever was tapped: for the state machine of taps.

The model knows only what students were told (outcomes) and how much time passed while an item lay open before them. It shares no code with
the actions but the arithmetic of pay.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from rules.ledger import GENESIS, Posting, chain_hash
from rules.money import earned_micro
from rules.overlap import still_wanted
from tests.actions.conftest import Db

WEEK_MS = 7 * 24 * 3_600_000
UNDO_WINDOW_MS = 600_000
QUARTER_MS = 900_000
HELD = "(state = 'open' OR state = 'parked' OR state = 'paused')"


@dataclasses.dataclass(slots=True)
class Live:
    """A judgment that counts, as its student was told."""

    person_id: int
    credited_ms: int
    amount_micro: int
    currency: str


@dataclasses.dataclass(slots=True)
class Oracle:
    """What must be in the books: live judgments by token, items of the set under way, and time spent before each item."""

    db: Db
    live: dict[str, Live] = dataclasses.field(default_factory=dict)
    set_done: dict[tuple[int, int], int] = dataclasses.field(default_factory=dict)
    spent_ms: dict[str, int] = dataclasses.field(default_factory=dict)
    passed_ms: int = 0
    clock_went_back: bool = False
    _entries_seen: int = 0
    _head: str = GENESIS
    _sums: dict[tuple[str, str], int] = dataclasses.field(default_factory=dict)

    def let_pass(self, duration_ms: int) -> None:
        """Let time pass; it counts for each item that lies open."""
        for (token,) in self.db.rows("SELECT token FROM assignments WHERE state = 'open'"):
            self.spent_ms[token] = self.spent_ms.get(token, 0) + duration_ms
        self.passed_ms += duration_ms
        self.db.clock.advance(duration_ms)

    def set_back(self, duration_ms: int) -> None:
        """Set the clock back."""
        self.clock_went_back = True
        self.db.clock.advance(-duration_ms)

    def record(self, token: str, credited_ms: int, amount_micro: int, currency: str) -> None:
        """Take down that a student was told that an answer counts, and hold the figures against the time that passed."""
        assert token not in self.live, "one answer, one judgment"
        person_id, project_id, use, cap_ms, rate_micro = self.db.rows(
            "SELECT person_id, project_id, use, cap_ms, rate_micro FROM assignments WHERE token = :token",
            token=token,
        )[0]
        owed_ms = min(self.spent_ms.get(token, 0), cap_ms)
        assert credited_ms == owed_ms or (self.clock_went_back and credited_ms < owed_ms)
        assert amount_micro == earned_micro(credited_ms, rate_micro)
        self.live[token] = Live(person_id, credited_ms, amount_micro, currency)
        self._count(person_id, project_id, use, 1)

    def take_back(self, token: str) -> None:
        """Take down that a student was told that an answer was undone."""
        del self.live[token]
        person_id, project_id, use = self.db.rows(
            "SELECT person_id, project_id, use FROM assignments WHERE token = :token", token=token
        )[0]
        self._count(person_id, project_id, use, -1)

    def _count(self, person_id: int, project_id: int, use: str, change: int) -> None:
        if use in ("work", "gold"):
            key = (person_id, project_id)
            self.set_done[key] = self.set_done.get(key, 0) + change

    def check(self) -> None:
        """Hold the tables against the model and against each other."""
        self.check_judgments()
        self.check_ledger()
        self.check_balances()
        self.check_slots()
        self.check_assignments()
        self.check_tallies()

    def check_judgments(self) -> None:
        rows = self.db.rows(
            "SELECT token, person_id, credited_ms, amount_micro, currency FROM judgments WHERE undone_ms IS NULL"
        )
        assert {token: Live(*row) for token, *row in rows} == self.live
        assert len(rows) == len(self.live)
        earned = self.db.rows(
            "SELECT person_id, quarter_ms, currency, credited_ms, amount_micro FROM earned "
            "WHERE credited_ms <> 0 OR amount_micro <> 0 ORDER BY person_id, quarter_ms, currency"
        )
        assert earned == self.db.rows(
            "SELECT person_id, answered_ms - answered_ms % :quarter AS q, currency, SUM(credited_ms) AS c, SUM(amount_micro) AS a "
            "FROM judgments WHERE undone_ms IS NULL GROUP BY person_id, q, currency HAVING c <> 0 OR a <> 0 "
            "ORDER BY person_id, q, currency",
            quarter=QUARTER_MS,
        ), "what every card shows of today's pay is what the judgments say"
        credited: dict[int, int] = {}
        for one in self.live.values():
            credited[one.person_id] = credited.get(one.person_id, 0) + one.credited_ms
        assert all(total <= self.passed_ms for total in credited.values()), (
            "no more than the clock on the wall"
        )

    def check_ledger(self) -> None:
        """Follow the chain from where it was left, and see that each event is there once."""
        fresh = self.db.rows(
            "SELECT id, key, kind, actor, reason, recorded_ms, previous_hash, hash FROM entries WHERE id > :seen ORDER BY id",
            seen=self._entries_seen,
        )
        for entry_id, key, kind, actor, reason, recorded_ms, previous, digest in fresh:
            lines = self.db.rows(
                "SELECT source, destination, amount, asset FROM postings WHERE entry_id = :id ORDER BY line",
                id=entry_id,
            )
            postings = [Posting(*line) for line in lines]
            assert previous == self._head
            assert chain_hash(previous, key, kind, actor, reason, recorded_ms, postings) == digest
            self._head, self._entries_seen = digest, entry_id
            for posting in postings:
                for account, change in (
                    (posting.source, -posting.amount),
                    (posting.destination, posting.amount),
                ):
                    self._sums[account, posting.asset] = self._sums.get((account, posting.asset), 0) + change
        keys = {key for (key,) in self.db.rows("SELECT key FROM entries")}
        expected = set()
        for number, undone, approved in self.db.rows("SELECT id, undone_ms, approved_ms FROM judgments"):
            assert undone is None or approved is None, "what is approved can no longer be undone"
            expected |= {f"judgment:{number}"}
            expected |= {f"undo:{number}"} if undone is not None else set()
            expected |= {f"approve:{number}"} if approved is not None else set()
        assert keys == expected

    def check_balances(self) -> None:
        totals: dict[str, int] = {}
        for (_, asset), amount in self._sums.items():
            totals[asset] = totals.get(asset, 0) + amount
        assert not any(totals.values()), "each asset sums to zero"
        owed: dict[tuple[str, str], int] = {}
        for token, person_id, approved_ms in self.db.rows(
            "SELECT token, person_id, approved_ms FROM judgments WHERE undone_ms IS NULL"
        ):
            account = f"student:{person_id}:{'pending' if approved_ms is None else 'approved'}"
            one = self.live[token]
            for asset, amount in ((one.currency, one.amount_micro), ("TIME", one.credited_ms)):
                owed[account, asset] = owed.get((account, asset), 0) + amount
        students = {
            key: amount for key, amount in self._sums.items() if key[0].startswith("student") and amount
        }
        assert students == {key: amount for key, amount in owed.items() if amount}

    def check_slots(self) -> None:
        """See that an item gets neither too many judgments nor too few, and that no slot is lost on the way."""
        for item_id, definition, settled_ms, queued, returned, held in self.db.rows(
            "SELECT i.id, p.definition, i.settled_ms, "
            "COALESCE((SELECT slots FROM queue AS q WHERE q.item_id = i.id), 0), "
            "(SELECT COUNT(*) FROM returned AS r WHERE r.item_id = i.id), "
            f"(SELECT COUNT(*) FROM assignments AS a WHERE a.item_id = i.id AND {HELD}) "
            "FROM items AS i JOIN projects AS p ON p.id = i.project_id WHERE i.use = 'work'"
        ):
            least, most = json.loads(definition)["quality"]["overlap"]
            answers = [
                json.loads(text)["correct"]
                for (text,) in self.db.rows(
                    "SELECT answers FROM judgments WHERE item_id = :id AND undone_ms IS NULL", id=item_id
                )
            ]
            out = queued + returned + held
            assert len(answers) + out <= most
            wanted = still_wanted(answers, least, most)
            if settled_ms is None:
                assert wanted > 0
                assert out >= wanted, "somebody can still give what is wanted"
            else:
                assert wanted == 0
                assert queued == returned == 0, "nobody new is sent to a settled item"

    def check_assignments(self) -> None:
        assert not self.db.rows(
            "SELECT person_id FROM assignments WHERE state = 'open' GROUP BY person_id HAVING COUNT(*) > 1"
        )
        assert not self.db.rows(
            "SELECT 1 FROM assignments WHERE use IN ('work', 'gold') GROUP BY person_id, item_id HAVING COUNT(*) > 1"
        ), "nobody meets an item twice"
        judged = self.db.rows("SELECT token FROM assignments WHERE state = 'judged'")
        assert {token for (token,) in judged} == set(self.live)
        assert not self.db.rows(
            f"SELECT 1 FROM assignments AS a WHERE {HELD} AND person_id IN (SELECT id FROM people WHERE state = 'withdrawn')"
        ), "who took consent back holds nothing"
        assert not self.db.rows(
            f"SELECT 1 FROM assignments AS a JOIN qualifications AS q ON q.person_id = a.person_id AND q.project_id = a.project_id "
            f"WHERE {HELD} AND q.standing = 'left'"
        ), "nor does who left the project"

    def check_tallies(self) -> None:
        """Work out each standing anew from the judgments."""
        for row in self.db.rows(
            "SELECT person_id, project_id, standing, attempt, answered, exam_right, gold_right, gold_wrong, set_done, "
            "set_credited_ms, set_amount_micro FROM qualifications"
        ):
            (
                person_id,
                project_id,
                standing,
                attempt,
                answered,
                exam_right,
                *golds,
                set_done,
                set_ms,
                set_micro,
            ) = row
            where: dict[str, Any] = {"person": person_id, "project": project_id}
            assert golds == [self._golds(1, **where), self._golds(0, **where)]
            assert set_done == self.set_done.get((person_id, project_id), 0)
            assert min(set_done, set_ms, set_micro) >= 0
            if standing in ("training", "exam"):
                found = self.db.rows(
                    "SELECT COUNT(*), COALESCE(SUM(j.correct), 0) FROM judgments AS j JOIN assignments AS a ON a.token = j.token "
                    "WHERE j.person_id = :person AND j.project_id = :project AND j.use = :use AND a.attempt = :attempt "
                    "AND j.undone_ms IS NULL",
                    **where,
                    use=standing,
                    attempt=attempt,
                )
                assert answered == found[0][0]
                assert exam_right == (found[0][1] if standing == "exam" else 0)

    def _golds(self, correct: int, **where: Any) -> int:
        return int(
            self.db.value(
                "SELECT COUNT(*) FROM judgments WHERE person_id = :person AND project_id = :project AND use = 'gold' "
                "AND undone_ms IS NULL AND correct = :correct",
                **where,
                correct=correct,
            )
        )

    def check_approvals(self) -> None:
        """After a run of approvals: nothing that waited a week waits on, and nothing was approved while it could be undone."""
        now_ms = self.db.clock.now_ms
        assert not self.db.rows(
            "SELECT id FROM judgments WHERE undone_ms IS NULL AND approved_ms IS NULL AND answered_ms < :before",
            before=now_ms - WEEK_MS,
        )
        if not self.clock_went_back:
            assert not self.db.rows(
                "SELECT id FROM judgments WHERE approved_ms IS NOT NULL AND approved_ms < answered_ms + :window",
                window=UNDO_WINDOW_MS,
            )
        assert not self.db.rows(
            "SELECT 1 FROM approvals_due AS d JOIN judgments AS j ON j.id = d.judgment_id "
            "WHERE j.approved_ms IS NOT NULL OR j.undone_ms IS NOT NULL"
        ), "nothing is left behind that nobody waits for"
