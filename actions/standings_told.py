"""What a student is told of their standing: why a project is paused for them and what ends it, why they are off it, and how their answers
are checked. Figures are sums of golds and peers, so nothing tells which item was compared with what. Only reads."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from actions import people, practice, projects, qualifications, quality, refusals, standings
from actions.people import Person, Visitor
from actions.projects import Project
from actions.standings import Change, Pause
from rules import standing as rules
from storage.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Whether a student asked a person about a change of standing. `answer_by_ms`: None unless an answer is awaited."""

    can_ask: bool
    answer_by_ms: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Paused:
    """A project is paused for a student. `agreed` of `compared`: over the run that led to it; `alpha_micro`: how
    often the check is wrong, in millionths; `held`: answers on hold; `answers`: what
    became of them, held or excluded. `practised`: how many items of the practice are done, `right` of them right."""

    project: Project
    change_id: int
    agreed: int
    compared: int
    since_ms: int
    alpha_micro: int
    ends_ms: int
    held: int
    answers: str
    practice: int
    practised: int
    right: int
    needed: int
    must_pass: bool
    asked: Asked
    time_zone: str
    degree: str

    @property
    def practice_left(self) -> int:
        """How many items of the practice wait."""
        return self.practice - self.practised


@dataclasses.dataclass(frozen=True, slots=True)
class Removed:
    """A person took a student off a project, with a reason."""

    project: Project
    change_id: int
    reason: str
    at_ms: int
    asked: Asked
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Back:
    """A student is back at work after a pause or a removal. `rule`: time, person; `answers`: what became of those that were on hold."""

    project: Project
    rule: str
    reason: str
    held: int
    answers: str
    change_id: int
    asked: Asked


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """How a student's answers on a project are checked, and how they do. `in_ten`: how many in ten agree, roughly; None from too few."""

    project: Project
    standing: str
    strictness: str
    in_ten: int | None
    counted: int
    held: int
    excluded: int
    waits: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Appeal:
    id: int
    state: str
    answer_by_ms: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    status: str
    answers: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Own:
    project: str
    was: str
    became: str
    rule: str
    figures: str
    reason: str
    at_ms: int


Told = Paused | Removed | Back


def paused(tx: Tx, person: Person, project: Project) -> Paused | None:
    """Say why a project is paused for a student, and what ends it; None when it is not."""
    pause = standings.open_pause(tx, project.id, person.id)
    return None if pause is None else _paused(tx, person, project, pause)


def _paused(tx: Tx, person: Person, project: Project, pause: Pause) -> Paused:
    began = standings.change(tx, pause.change_id)
    assert began is not None
    seen, done = began.seen, practice.done(tx, pause.id)
    profile = people.profile_of(tx, person)
    return Paused(
        project=project,
        change_id=began.id,
        agreed=seen["golds_right"] + seen["peers_agreed"],
        compared=seen["golds"] + seen["peers"],
        since_ms=seen["since_ms"] or began.at_ms,
        alpha_micro=seen["alpha_micro"],
        ends_ms=pause.ends_ms,
        held=len(standings.held(tx, pause)),
        answers=pause.answers,
        practice=pause.practice,
        practised=done.answered,
        right=done.correct,
        needed=pause.needed,
        must_pass=bool(pause.must_pass),
        asked=asked(tx, began),
        time_zone=profile.time_zone,
        degree=profile.degree,
    )


def removed(tx: Tx, person: Person, project: Project) -> Removed | None:
    """Say why a student is off a project; None when they are not, or when nobody wrote it down."""
    gone = standings.newest_change(tx, project.id, person.id)
    if gone is None or gone.became != "removed":
        return None
    zone = people.profile_of(tx, person).time_zone
    return Removed(project, gone.id, gone.reason, gone.at_ms, asked(tx, gone), zone)


def asked(tx: Tx, change: Change) -> Asked:
    """Tell whether a student can still ask a person about a change, once each, or is waiting for an answer."""
    found = tx.one("standings.appeal_on", _Appeal, change_id=change.id)
    if found is not None:
        return Asked(can_ask=False, answer_by_ms=found.answer_by_ms if found.state == "open" else None)
    return Asked(can_ask=can_ask(tx, change), answer_by_ms=None)


def can_ask(tx: Tx, change: Change) -> bool:
    """Tell whether there is anything to ask: a removal or a pause that stands, or answers that a pause left out of the data."""
    if change.became == "removed":
        newest = standings.newest_change(tx, change.project_id, change.person_id)
        return newest is not None and newest.id == change.id
    pause = standings.pause_of(tx, change.id)
    return (
        pause is not None
        and pause.state != "removed"
        and (pause.state == "open" or pause.answers == "excluded")
    )


def told(tx: Tx, change_id: int, person_id: int) -> Told | None:
    """Give what a notice about a change of standing says now; None when it is no longer so, or is not about them."""
    found = standings.change(tx, change_id)
    if found is None or found.person_id != person_id:
        return None
    person, project = people.get(tx, person_id), projects.get(tx, found.project_id)
    newest = standings.newest_change(tx, project.id, person_id)
    if newest is None or newest.id != found.id:
        return None
    if found.became == "paused":
        return paused(tx, person, project)
    return removed(tx, person, project) if found.became == "removed" else _back(tx, project, found)


def _back(tx: Tx, project: Project, found: Change) -> Back:
    pause = standings.pause(tx, int(found.seen.get("pause", 0)))
    if pause is None:
        return Back(project, found.rule, found.reason, 0, "", 0, Asked(can_ask=False, answer_by_ms=None))
    began = standings.change(tx, pause.change_id)
    assert began is not None
    held = len(standings.held(tx, pause))
    return Back(project, found.rule, found.reason, held, pause.answers, began.id, asked(tx, began))


def checked(tx: Tx, visitor: Visitor, project_id: int) -> Checked:
    """Say how the answers of a student on a project are checked. Raises OutOfDate for somebody who was never on it."""
    person = people.known(tx, visitor)
    project = qualifications.known_project(tx, project_id)
    standing = qualifications.of(tx, person.id, project.id)
    if standing is None:
        raise refusals.OutOfDate
    place = {"person_id": person.id, "project_id": project.id}
    counts = {row.status: row.answers for row in tx.all("standings.counts_of", _Count, **place)}
    read = quality.of_person(tx, project, person.id)
    agreed, compared = (read.golds_right + read.peers_agreed, read.golds + read.peers) if read else (0, 0)
    return Checked(
        project,
        standing.standing,
        project.rules.quality.strictness,
        rules.tenths(agreed, compared),
        counts.get("counted", 0),
        counts.get("held", 0),
        counts.get("excluded", 0),
        bool(read and read.waits),
    )


def own(tx: Tx, person_id: int) -> list[dict[str, Any]]:
    """List the changes of a person's standings, for them to take away. Watching only has answers compared more often, and is not told."""
    found = []
    for row in tx.all("standings.own_changes", _Own, person_id=person_id):
        if "watched" in (row.was, row.became) and row.became != "paused":
            continue
        seen = json.loads(row.figures)
        figures = {}
        if "golds" in seen:
            figures = {
                "agreed": seen["golds_right"] + seen["peers_agreed"],
                "compared": seen["golds"] + seen["peers"],
            }
        was = "active" if row.was == "watched" else row.was
        found.append(
            {
                "project": row.project,
                "was": was,
                "became": row.became,
                "rule": row.rule,
                **figures,
                "reason": row.reason,
                "at_ms": row.at_ms,
            }
        )
    return found
