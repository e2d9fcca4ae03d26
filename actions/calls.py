"""Calls: a broadcast on the side of those it reaches. Whom it reaches and who is left out, what it says when it is sent, and what they may
answer to it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter

from actions import broadcasts, people, projects, qualifications
from actions.broadcasts import Recipient
from actions.people import Visitor
from actions.ports import Store
from actions.projects import Project
from rules import broadcasts as rules
from rules.audience import Profile
from rules.broadcasts import Candidate
from storage.tx import Tx

PAGE = 500
"""Students looked at in one read: their profiles have to be opened one by one."""
NO_END = 2**62


@dataclasses.dataclass(frozen=True, slots=True)
class Survey:
    """Whom a broadcast reaches, of how many students, and how many are left out for which reason."""

    recipients: list[Recipient]
    students: int
    left_out: Counter[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """What a call says at the moment it is sent."""

    broadcast_id: int
    project: Project
    seats_left: int
    text: str


async def survey(store: Store, visitor: Visitor, project_id: int) -> Survey:
    """Find whom a call for a project reaches now, reading the students a page at a time."""
    found, after_id = Survey([], 0, Counter()), 0
    while True:
        page = await store.read(_page, visitor, project_id, after_id)
        for row, profile, reason in page:
            if reason is None:
                found.recipients.append(Recipient(row.id, profile.time_zone))
            else:
                found.left_out[reason] += 1
        if len(page) < PAGE:
            students = len(found.recipients) + found.left_out.total()
            return dataclasses.replace(found, students=students)
        after_id = page[-1][0].id


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    id: int
    state: str
    profile: str
    muted: int
    unreachable: int
    agreed: int
    standing: str | None
    declined: int


Judged = tuple[_Row, Profile, str | None]


def _page(tx: Tx, visitor: Visitor, project_id: int, after_id: int) -> list[Judged]:
    _, project = projects.managed_by_id(tx, visitor, project_id)
    return _judged(tx, project, after_id=after_id, until_id=NO_END)


def _judged(tx: Tx, project: Project, *, after_id: int, until_id: int) -> list[Judged]:
    """Look at students in the order of their ids, each with the reason for leaving them out, if any."""
    rows = tx.all(
        "broadcasts.candidates", _Row, project_id=project.id, after_id=after_id, until_id=until_id, most=PAGE
    )
    wanted, found = project.rules.audience.audience, []
    for row in rows:
        profile = _profile(tx, row.profile)
        candidate = Candidate(
            row.state,
            bool(row.agreed),
            bool(row.muted),
            bool(row.unreachable),
            row.standing,
            bool(row.declined),
        )
        found.append((row, profile, rules.left_out(wanted, candidate, profile)))
    return found


def _profile(tx: Tx, sealed: str) -> Profile:
    if not sealed:
        return Profile()
    raw = tx.vault.open("profile", sealed)
    return Profile(raw["degree"], raw["field"], tuple(raw["languages"]), raw["time_zone"])


def call(tx: Tx, person_id: int, broadcast_id: int) -> Call | None:
    """Give what a call says to a person now; None when they are not to be called any more."""
    broadcast = broadcasts.get(tx, broadcast_id)
    project = projects.get(tx, broadcast.project_id)
    judged = _judged(tx, project, after_id=person_id - 1, until_id=person_id)
    seats = qualifications.seats_left(tx, project)
    if project.state != "open" or not seats or not judged or judged[0][2] is not None:
        return None
    return Call(broadcast.id, project, seats, broadcast.text)


def call_for_test(tx: Tx, visitor: Visitor, broadcast_id: int) -> Call:
    """Give what a call says, for the coordinator to see."""
    found = broadcasts.desk(tx, visitor, broadcast_id)
    return Call(found.broadcast.id, found.project, found.seats_left, found.broadcast.text)


def decline(tx: Tx, visitor: Visitor, broadcast_id: int) -> Project:
    """Note that a person is not interested: no other call for that project reaches them. Give the project."""
    person, broadcast = people.require(tx, visitor), broadcasts.get(tx, broadcast_id)
    tx.run("broadcasts.decline", key=broadcasts.key_of(broadcast.id, person.id))
    return projects.get(tx, broadcast.project_id)


def mute(tx: Tx, visitor: Visitor, *, muted: bool) -> None:
    """Switch calls off or on. Nobody has to do anything else first to be left in peace."""
    person = people.require(tx, visitor)
    tx.run("people.set_muted", id=person.id, muted_ms=tx.now_ms if muted else None)
