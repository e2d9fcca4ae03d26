"""Invitations: links that bring people in with a role.

A token is told once and stored hashed; it ends, and it acts once for a person.
"""

from __future__ import annotations

import dataclasses
import re

from actions import people, projects, refusals, roles
from actions.people import Person, Visitor
from actions.projects import Project
from rules.credit import DAY_MS, HOUR_MS
from storage.tx import Tx

STUDENT_LIFE_MS = 30 * DAY_MS
STAFF_LIFE_MS = 48 * HOUR_MS
"""Coordinators and admins can do harm, so a link left lying about ends soon and serves one person."""
LIFE_MAX_MS = 365 * DAY_MS
USES_MAX = 10_000
PROJECTS_OFFERED_MAX = 20
BOT_USERNAME = "bot_username"
"""The mark under which the bot notes what it is called, since a link needs it."""
ROLES = ("student", "coordinator", "admin")
_TOKEN = re.compile(r"\A[A-Za-z0-9_-]{22}\Z")


@dataclasses.dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as stored. `role`: what it gives; `project_id`: for which project, if for one."""

    id: int
    role: str
    project_id: int | None
    uses_left: int
    expires_ms: int
    created_by: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody came by an invitation. `fresh` is False when they had come by the same one before."""

    person: Person
    role: str
    project_id: int | None
    fresh: bool


def create(
    tx: Tx,
    *,
    role: str,
    project_id: int | None = None,
    uses: int = 1,
    lasts_ms: int | None = None,
    created_by: int | None = None,
) -> str:
    """Make an invitation and return its token, which cannot be read again later.

    `created_by`: the person who invites, whose right to do so is checked; None is the command line.
    `lasts_ms`: 30 days for students and 48 hours for others unless given. Raises NotAllowed, OneUseOnly or
    OutOfBounds.
    """
    _check_right(tx, created_by, role, project_id)
    lasts_ms = life_ms(role) if lasts_ms is None else lasts_ms
    if role != "student" and uses != 1:
        raise refusals.OneUseOnly(role=role)
    if not 1 <= uses <= USES_MAX:
        raise refusals.OutOfBounds(what="Uses", least="1", most=f"{USES_MAX:,}")
    if not 1 <= lasts_ms <= LIFE_MAX_MS:
        raise refusals.OutOfBounds(what="Days", least="1", most=str(LIFE_MAX_MS // DAY_MS))
    token = tx.new_id()
    invitation_id = tx.number(
        "invitations.add",
        token_hash=_hash(tx, token),
        role=role,
        project_id=project_id,
        uses=uses,
        expires_ms=tx.now_ms + lasts_ms,
        created_by=created_by,
        now_ms=tx.now_ms,
    )
    actor = "command line" if created_by is None else f"person:{created_by}"
    people.audit(tx, actor, f"invited {role}", f"invitation:{invitation_id}", f"{uses} uses")
    return token


def _check_right(tx: Tx, person_id: int | None, role: str, project_id: int | None) -> None:
    if person_id is not None and not may_invite(tx, person_id, role, project_id):
        needed = "admin" if role != "student" else "coordinator of that project"
        raise refusals.NotAllowed(role=needed)


def may_invite(tx: Tx, person_id: int, role: str, project_id: int | None) -> bool:
    """Let admins invite anybody, and coordinators invite students to the projects that they manage."""
    if people.get(tx, person_id).state == "suspended":
        return False
    if people.has_role(tx, person_id, "admin"):
        return True
    return role == "student" and project_id is not None and roles.manages(tx, person_id, project_id)


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What somebody may invite to: roles, and the projects that they manage."""

    roles: tuple[str, ...]
    projects: list[Project]


def options(tx: Tx, visitor: Visitor) -> Options:
    """Tell whom a person may invite and to what; refuse everybody but coordinators and admins."""
    person = people.require_role(tx, visitor, "coordinator")
    roles_offered = ROLES if people.has_role(tx, person.id, "admin") else ("student",)
    managed = [project for project in projects.all_managed(tx, visitor) if project.state != "closed"]
    return Options(roles_offered, managed[:PROJECTS_OFFERED_MAX])


@dataclasses.dataclass(frozen=True, slots=True)
class Issued:
    """A new invitation, told once."""

    token: str
    role: str
    project: Project | None
    uses: int
    expires_ms: int


def issue(tx: Tx, visitor: Visitor, role: str, project_id: int | None, uses: int) -> Issued:
    """Make an invitation in somebody's name; their right to it is checked. Raises as `create` does, and OutOfDate."""
    person = people.require_role(tx, visitor, "coordinator")
    if role not in ROLES:
        raise refusals.OutOfDate
    project = None if project_id is None else projects.managed_by_id(tx, visitor, project_id)[1]
    lasts_ms = life_ms(role)
    token = create(tx, role=role, project_id=project_id, uses=uses, lasts_ms=lasts_ms, created_by=person.id)
    return Issued(token, role, project, uses, tx.now_ms + lasts_ms)


def life_ms(role: str) -> int:
    """Tell how long an invitation for a role lasts unless something else is asked for."""
    return STUDENT_LIFE_MS if role == "student" else STAFF_LIFE_MS


def look_up(tx: Tx, token: str) -> Invitation:
    """Find the invitation of a token, or raise UnknownInvitation."""
    found = None
    if _TOKEN.match(token):
        found = tx.one("invitations.by_hash", Invitation, token_hash=_hash(tx, token))
    if found is None:
        raise refusals.UnknownInvitation
    return found


def accept(tx: Tx, visitor: Visitor, token: str) -> Accepted:
    """Bring in whoever opened an invitation link: enrol them, give the role, count one use.

    A second time changes nothing. An invitation does not outlive the right of whoever made it.
    Raises UnknownInvitation, InvitationExpired, InvitationUsedUp or Suspended.
    """
    invitation = look_up(tx, token)
    known = people.find(tx, visitor.key)
    if known is not None:
        people.require(tx, visitor)
        if _used_by(tx, invitation.id, known.id):
            return Accepted(people.enrol(tx, visitor), invitation.role, invitation.project_id, fresh=False)
    if invitation.expires_ms <= tx.now_ms or not _still_backed(tx, invitation):
        raise refusals.InvitationExpired
    if not tx.run("invitations.take_use", id=invitation.id):
        raise refusals.InvitationUsedUp
    person = people.enrol(tx, visitor)
    tx.run("invitations.note_use", invitation_id=invitation.id, person_id=person.id, now_ms=tx.now_ms)
    _let_in(tx, person.id, invitation)
    return Accepted(people.get(tx, person.id), invitation.role, invitation.project_id, fresh=True)


def _still_backed(tx: Tx, invitation: Invitation) -> bool:
    by = invitation.created_by
    return by is None or may_invite(tx, by, invitation.role, invitation.project_id)


def _let_in(tx: Tx, person_id: int, invitation: Invitation) -> None:
    because = f"invitation:{invitation.id}"
    roles.add(tx, person_id, invitation.role, granted_by=invitation.created_by, because=because)
    if invitation.project_id is None:
        return
    if invitation.role == "student":
        tx.run("people.set_project", id=person_id, project_id=invitation.project_id)
    else:
        roles.let_manage(tx, person_id, invitation.project_id)


def link(bot_username: str, token: str) -> str:
    """Write the link that opens the bot with an invitation."""
    return f"https://t.me/{bot_username.removeprefix('@')}?start={token}"


def _used_by(tx: Tx, invitation_id: int, person_id: int) -> bool:
    used = tx.value("invitations.used_by", invitation_id=invitation_id, person_id=person_id)
    return used is not None


def _hash(tx: Tx, token: str) -> str:
    return tx.vault.index(f"invitation:{token}")
