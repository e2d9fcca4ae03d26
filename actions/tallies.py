"""The running sums beside the judgments: what a person earned by quarter-hours, and their set and golds on a project. Each is changed in
the transaction that records or undoes the judgment."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from actions import position, twins
from actions.desk import Desk
from rules import calendar
from rules.kinds import Preference, TextAnswer, Value
from rules.qualification import QUALIFYING
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Judgment:
    """A judgment as stored, as far as taps need it."""

    id: int
    token: str
    project_id: int
    item_id: int
    use: str
    answers: str
    correct: int | None
    answered_ms: int
    credited_ms: int
    amount_micro: int
    currency: str
    flipped: int
    approved_ms: int | None
    undone_ms: int | None
    withheld_id: int | None


def add_earned(
    tx: Tx, person_id: int, answered_ms: int, currency: str, credited_ms: int, amount_micro: int
) -> None:
    """Keep the sums that every card shows in step with the judgments."""
    tx.run(
        "judgments.add_earned",
        person_id=person_id,
        quarter_ms=calendar.quarter_start_ms(answered_ms),
        currency=currency,
        credited_ms=credited_ms,
        amount_micro=amount_micro,
    )


def tally(tx: Tx, held: Desk, done: int, credited_ms: int, amount_micro: int, correct: bool | None) -> None:
    """Add an answer to the set and to the golds (or take it back: `done` -1)."""
    standing = held.standing
    right, wrong = (done if correct else 0, 0 if correct else done) if correct is not None else (0, 0)
    tx.run(
        "qualifications.tally",
        person_id=standing.person_id,
        project_id=standing.project_id,
        done=done,
        credited_ms=done * credited_ms,
        amount_micro=done * amount_micro,
        gold_right=right,
        gold_wrong=wrong,
    )


def note_answers(tx: Tx, held: Desk, judgment_id: int, answers: Mapping[str, Value]) -> None:
    """Note what a judgment tells beside its verdict: which place the better answer had, and words that somebody else wrote as well."""
    lease = held.held
    for ask in held.project.rules.ask:
        value = answers.get(ask.id)
        if isinstance(ask, Preference) and isinstance(value, str):
            position.count(tx, lease.project_id, lease.person_id, bool(lease.flipped), value)
        elif isinstance(ask, TextAnswer) and isinstance(value, str) and lease.use not in QUALIFYING:
            # In training and exam everybody writes about the same items.
            twins.note(tx, judgment_id, lease.project_id, lease.person_id, ask.id, value)


def forget_answers(tx: Tx, held: Desk, last: Judgment) -> None:
    """Take back what was noted beside a judgment that is undone."""
    answers = json.loads(last.answers)
    asks = held.project.rules.ask
    for ask in asks:
        if isinstance(ask, Preference) and ask.id in answers:
            chosen, flipped = answers[ask.id], bool(last.flipped)
            position.count(tx, last.project_id, held.person.id, flipped, chosen, done=-1)
    if any(isinstance(ask, TextAnswer) for ask in asks):
        twins.forget(tx, last.id)
