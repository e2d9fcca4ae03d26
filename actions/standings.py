"""Standings: how a student at work comes to be watched, paused, back at work or removed, with the answers that a pause puts on hold.

Each change is kept with its rule and its figures. Rules pause and bring back; only a person removes. A pause always has an end. Whatever
becomes of answers here, they stay paid.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from actions import assignments, budgets, deliveries, ledger, people, practice, projects, quality
from actions.practice import Exercise
from actions.projects import Project
from rules import standing as rules
from rules.standing import Evidence
from storage.tx import Tx

CHECK, WATCH, PRACTICE, TIME, PERSON, APPEAL = "check", "watch", "practice", "time", "person", "appeal"
"""The rules: the running check paused; it watched, or no longer does; practice was done; the time was over; a person decided, or answered
an appeal."""
STATUS_RULE = "standing"
DUE_A_RUN = 1
"""A pause may hold hundreds of answers, and each is looked at anew when it ends; so one at a time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A change of standing as stored. `figures`: JSON; `by_person`: None where a rule made it."""

    id: int
    project_id: int
    person_id: int
    was: str
    became: str
    rule: str
    figures: str
    reason: str
    by_person: int | None
    at_ms: int

    @property
    def seen(self) -> Mapping[str, Any]:
        """The figures behind it."""
        return dict(json.loads(self.figures))


@dataclasses.dataclass(frozen=True, slots=True)
class Pause:
    """A pause as stored. State: open, practised, lapsed, lifted, removed. `answers`: those on hold are held, counted or excluded."""

    id: int
    change_id: int
    project_id: int
    person_id: int
    number: int
    strikes: int
    practice: int
    needed: int
    must_pass: int
    state: str
    ends_ms: int
    ended_ms: int | None
    answers: str
    left_out_by: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class PracticeEnded:
    """What a finished practice brought its student. `held`: how many answers were on hold."""

    right: int
    of: int
    needed: int
    is_back: bool
    counts: bool
    held: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Read:
    """A student at work, and what was read of their answers."""

    person_id: int
    standing: str
    log_e_milli: int
    since_id: int | None
    after_id: int
    golds_right: int
    golds: int
    peers_agreed: int
    peers: int
    stops: int
    alpha_micro: int

    @property
    def evidence(self) -> Evidence:
        """The same for the rule."""
        return Evidence(
            self.log_e_milli / 1000,
            self.alpha_micro / 1_000_000,
            bool(self.stops),
            self.golds + self.peers,
            self.since_id is not None and self.since_id > self.after_id,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Id:
    id: int


@dataclasses.dataclass(frozen=True, slots=True)
class _State:
    state: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Staff:
    person_id: int


def look(tx: Tx, project: Project) -> int:
    """Hold everybody's standing on a project to what was read of their answers last. Return how many were moved."""
    moved = 0
    for read in tx.all("standings.to_look_at", _Read, project_id=project.id):
        became = rules.after_reading(read.standing, read.evidence)
        if became == "paused":
            _pause(tx, project, read)
        elif became != read.standing:
            move(tx, project.id, read.person_id, read.standing, became, WATCH, _figures(tx, project, read))
        moved += became != read.standing
    return moved


def move(
    tx: Tx,
    project_id: int,
    person_id: int,
    was: str,
    became: str,
    rule: str,
    figures: Mapping[str, Any],
    *,
    by: int | None = None,
    reason: str = "",
) -> int | None:
    """Move a student and keep why; who left stays away, and goes on from the new standing should they come back.

    Return the number of the change; None where they stand elsewhere by now. Raises ValueError for a move that there is not.
    """
    if not rules.may_move(was, became, by_person=by is not None):
        raise ValueError(f"nobody goes from {was} to {became} by {rule}")
    where = {"person_id": person_id, "project_id": project_id, "was": was, "became": became}
    moved = tx.run("standings.move", **where, now_ms=tx.now_ms)
    if not moved and became != "removed":
        moved = tx.run("standings.move_away", **where, now_ms=tx.now_ms)
    if not moved:
        return None
    change_id = tx.number(
        "standings.add_change",
        **where,
        rule=rule,
        figures=json.dumps(dict(figures), sort_keys=True),
        reason=reason,
        by_person=by,
        now_ms=tx.now_ms,
    )
    actor = ledger.SYSTEM if by is None else f"person:{by}"
    people.audit(tx, actor, f"standing {became}", f"person:{person_id}", f"project:{project_id} {rule}")
    return change_id


def _figures(tx: Tx, project: Project, read: _Read) -> dict[str, Any]:
    return {
        "golds_right": read.golds_right,
        "golds": read.golds,
        "peers_agreed": read.peers_agreed,
        "peers": read.peers,
        "log_e_milli": read.log_e_milli,
        "alpha_micro": read.alpha_micro,
        "strictness": project.rules.quality.strictness,
        "since_id": read.since_id,
        "since_ms": tx.value("standings.answered_ms", id=read.since_id),
    }


def _pause(tx: Tx, project: Project, read: _Read) -> None:
    """Pause a student: the answers of the bad run go on hold, what is laid aside goes back, and they are told what ends it.

    A card that lies open can still be answered, and is paid.
    """
    person_id = read.person_id
    change_id = move(tx, project.id, person_id, read.standing, "paused", CHECK, _figures(tx, project, read))
    assert change_id is not None
    states = [
        row.state for row in tx.all("standings.earlier_pauses", _State, **_place(project.id, person_id))
    ]
    strikes = 1 + sum(state != "lifted" for state in states)
    found = practice.candidates(tx, project, person_id)
    offer = rules.offer(len(found), strikes, project.rules.qualification.pass_score, tx.now_ms)
    pause_id = tx.number(
        "standings.add_pause",
        change_id=change_id,
        **_place(project.id, person_id),
        number=len(states) + 1,
        strikes=strikes,
        practice=offer.practice,
        needed=offer.needed,
        must_pass=int(offer.must_pass),
        ends_ms=offer.ends_ms,
    )
    practice.keep(tx, pause_id, found[: offer.practice])
    _hold(tx, pause_id, answers_since(tx, project.id, person_id, read.since_id), change_id)
    assignments.release_laid_aside(tx, person_id, project.id)
    tell(tx, change_id, person_id)
    if not offer.practice or strikes > 1:
        _tell_staff(tx, project.id, change_id, person_id)


def answers_since(tx: Tx, project_id: int, person_id: int, since_id: int | None) -> list[int]:
    """List the answers of a student at work, from one on, that count."""
    rows = tx.all("standings.answers_since", _Id, **_place(project_id, person_id), since_id=since_id)
    return [row.id for row in rows]


def _hold(tx: Tx, pause_id: int, judgment_ids: Sequence[int], change_id: int) -> None:
    for judgment_id in judgment_ids:
        tx.run("standings.hold_answer", pause_id=pause_id, judgment_id=judgment_id)
    quality.set_status(tx, judgment_ids, "held", STATUS_RULE, {"change": change_id})


def open_pause(tx: Tx, project_id: int, person_id: int) -> Pause | None:
    """Give the pause under way of a student on a project."""
    return tx.one("standings.open_pause", Pause, **_place(project_id, person_id))


def pause(tx: Tx, pause_id: int) -> Pause | None:
    """Give a pause by its number."""
    return tx.one("standings.pause", Pause, id=pause_id)


def pause_of(tx: Tx, change_id: int) -> Pause | None:
    """Give the pause that a change of standing began."""
    return tx.one("standings.pause_of_change", Pause, change_id=change_id)


def change(tx: Tx, change_id: int) -> Change | None:
    """Give a change of standing by its number."""
    return tx.one("standings.change", Change, id=change_id)


def held(tx: Tx, of: Pause) -> list[int]:
    """List the answers that a pause put on hold, but for those that were undone."""
    return [row.id for row in tx.all("standings.held_answers", _Id, pause_id=of.id)]


def practised(tx: Tx, asked: Exercise, *, correct: bool) -> PracticeEnded | None:
    """Note the answer to an item of a practice. Give what the practice brought, once this was its last one and the pause still stands."""
    done = practice.answer(tx, asked, correct=correct)
    before = pause(tx, asked.pause_id)
    assert before is not None
    if done.answered < asked.of or before.state != "open":
        return None
    ending = rules.ending(done.correct, before.needed, must_pass=bool(before.must_pass))
    if ending.is_back:
        come_back(tx, before, "practised", PRACTICE, counts=ending.counts)
    after = pause(tx, before.id)
    assert after is not None
    return PracticeEnded(
        done.correct,
        asked.of,
        before.needed,
        ending.is_back,
        after.answers == "counted",
        len(held(tx, before)),
    )


def come_back(
    tx: Tx, ended: Pause, state: str, rule: str, *, counts: bool, by: int | None = None, reason: str = ""
) -> int | None:
    """End a pause: the student works again, the check begins anew, and the answers on hold count again, or are left out.

    What a person left out stays out until a person says otherwise. `state`: practised, lapsed, lifted. Return the number of the change;
    None where the pause had ended already.
    """
    if not tx.run("standings.end_pause", id=ended.id, state=state, now_ms=tx.now_ms):
        return None
    stays_out = ended.left_out_by is not None and by is None
    decide_answers(tx, ended, "counted" if counts and not stays_out else "excluded", by)
    quality.restart(tx, ended.project_id, ended.person_id)
    return move(
        tx,
        ended.project_id,
        ended.person_id,
        "paused",
        "active",
        rule,
        {"pause": ended.id},
        by=by,
        reason=reason,
    )


def decide_answers(tx: Tx, of: Pause, answers: str, by: int | None) -> int:
    """Count the answers of a pause again, or leave them out of the data; they stay paid. Return how many."""
    ids = held(tx, of)
    quality.set_status(tx, ids, answers, STATUS_RULE, {"change": of.change_id}, decided_by=by)
    left_out_by = by if answers == "excluded" else None
    tx.run("standings.set_answers", id=of.id, answers=answers, left_out_by=left_out_by or of.left_out_by)
    return len(ids)


def end_due(tx: Tx) -> int:
    """Bring back whose pause is over. Nobody vouched for the answers on hold, so they are left out. Return how many."""
    due = tx.all("standings.due", Pause, now_ms=tx.now_ms, most=DUE_A_RUN)
    for over in due:
        change_id = come_back(tx, over, "lapsed", TIME, counts=False)
        if change_id is not None:
            tell(tx, change_id, over.person_id)
    return len(due)


def remove(tx: Tx, project_id: int, person_id: int, was: str, by: int, reason: str) -> int | None:
    """Take a student off a project, in a person's words. A pause under way ends with it, and its answers are left out.

    What they hold goes back. Return the number of the change; None where they stand elsewhere by now.
    """
    change_id = move(tx, project_id, person_id, was, "removed", PERSON, {}, by=by, reason=reason)
    if change_id is None:
        return None
    under_way = open_pause(tx, project_id, person_id)
    if under_way is not None:
        tx.run("standings.end_pause", id=under_way.id, state="removed", now_ms=tx.now_ms)
        decide_answers(tx, under_way, "excluded", by)
    assignments.release_all(tx, person_id, project_id)
    tell(tx, change_id, person_id)
    return change_id


def take_back(tx: Tx, gone: Change, by: int, rule: str, reason: str = "") -> int | None:
    """Take a removal back: the student stands where they stood, or at work if they were paused. Answers left out stay out."""
    became = gone.was if gone.was in ("training", "exam") else "active"
    quality.restart(tx, gone.project_id, gone.person_id)
    return move(tx, gone.project_id, gone.person_id, "removed", became, rule, {}, by=by, reason=reason)


def newest_change(tx: Tx, project_id: int, person_id: int) -> Change | None:
    """Give the last change of a student's standing on a project."""
    return next(iter(changes(tx, project_id, person_id, 1)), None)


def changes(tx: Tx, project_id: int, person_id: int, most: int) -> list[Change]:
    """List the changes of a student's standing on a project, the newest first."""
    return tx.all("standings.changes", Change, **_place(project_id, person_id), most=most)


def tell(tx: Tx, change_id: int, person_id: int) -> None:
    """Tell a student of a change of their standing."""
    deliveries.enqueue(
        tx,
        person_id=person_id,
        key=f"standing:{change_id}",
        notice={"kind": "standing", "id": change_id},
    )


def _tell_staff(tx: Tx, project_id: int, change_id: int, person_id: int) -> None:
    """Tell who looks after a project of a pause that wants their eye: practice cannot end it, or it is not the first."""
    for one in tx.all("budgets.staff", _Staff, project_id=project_id, most=budgets.STAFF_TOLD_MAX):
        if one.person_id != person_id:
            deliveries.enqueue(
                tx,
                person_id=one.person_id,
                key=f"standing:{change_id}:staff:{one.person_id}",
                notice={"kind": "standing_staff", "id": change_id},
            )


def project_of(tx: Tx, change_id: int) -> Project | None:
    """Give the project of a change of standing."""
    found = change(tx, change_id)
    return projects.get(tx, found.project_id) if found is not None else None


def _place(project_id: int, person_id: int) -> dict[str, int]:
    return {"project_id": project_id, "person_id": person_id}
