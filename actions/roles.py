"""Roles: who holds what, giving and taking it, and who manages which project. Each change is audited."""

from __future__ import annotations

import dataclasses

from actions import deliveries, menus, people, refusals
from actions.people import Visitor
from storage.tx import Tx

GIVEN_BY_HAND = ("coordinator", "admin")
"""Students come by invitation, since consent and profile stand at the beginning of their road."""
STAFF_SHOWN_MAX = 200
PEOPLE_SEARCHED_MAX = 20_000
"""Names are sealed, so a search opens them one by one: about a quarter of a second for so many."""
FOUND_MAX = 8
COMMAND_LINE = "command line"


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """A person as an admin sees them. `name` is what they call themselves on Telegram."""

    id: int
    pseudonym: str
    name: str
    username: str
    state: str
    roles: tuple[str, ...]
    is_you: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Staff:
    """Who holds which role. Students are only counted."""

    holders: list[Holder]
    students: int


@dataclasses.dataclass(frozen=True, slots=True)
class RoleSet:
    """A person after a role was given or taken. `changed` is False when it was so before."""

    holder: Holder
    role: str
    changed: bool


def staff(tx: Tx, visitor: Visitor) -> Staff:
    """List coordinators and admins, admins first."""
    admin = people.require_role(tx, visitor, "admin")
    by_person: dict[int, Holder] = {}
    for row in tx.all("roles.staff", _Held, most=STAFF_SHOWN_MAX):
        if row.id not in by_person:
            by_person[row.id] = _holder(tx, _Row(row.id, row.pseudonym, row.contact, row.state), admin.id)
    return Staff(list(by_person.values()), tx.number("roles.students"))


def holder(tx: Tx, visitor: Visitor, person_id: int) -> Holder:
    """Give one person with their roles; raise OutOfDate when there is none of that number."""
    admin = people.require_role(tx, visitor, "admin")
    return _known(tx, person_id, admin.id)


def find(tx: Tx, visitor: Visitor, text: str) -> list[Holder]:
    """Find people by a part of their name, @username or pseudonym; the first eight, newest first."""
    admin = people.require_role(tx, visitor, "admin")
    sought = text.strip().removeprefix("@").casefold()
    found: list[Holder] = []
    if not sought:
        return found
    for row in tx.all("roles.newest_people", _Row, most=PEOPLE_SEARCHED_MAX):
        contact = _contact(tx, row)
        words = (contact.get("name", ""), contact.get("username", ""), row.pseudonym)
        if any(sought in str(word).casefold() for word in words):
            found.append(_holder(tx, row, admin.id))
            if len(found) == FOUND_MAX:
                break
    return found


def give(tx: Tx, visitor: Visitor, person_id: int, role: str) -> RoleSet:
    """Give a person the role of a coordinator or an admin, and tell them. Giving it again changes nothing."""
    admin = people.require_role(tx, visitor, "admin")
    before = _known(tx, person_id, admin.id)
    _check_by_hand(role)
    if before.state == "suspended":
        raise refusals.TheySuspended
    changed = add(tx, person_id, role, granted_by=admin.id, because="by an admin")
    if changed and person_id != admin.id:
        _tell(tx, person_id, GIVEN[role])
    return RoleSet(_known(tx, person_id, admin.id), role, changed)


def take(tx: Tx, visitor: Visitor, person_id: int, role: str) -> RoleSet:
    """Take a role back, and tell the person. One admin always stays. Taking it again changes nothing."""
    admin = people.require_role(tx, visitor, "admin")
    _known(tx, person_id, admin.id)
    _check_by_hand(role)
    if role == "admin":
        keep_an_admin(tx, person_id)
    changed = tx.run("roles.take", person_id=person_id, role=role) > 0
    if changed:
        if role == "coordinator":
            tx.run("roles.stop_managing", person_id=person_id)
        people.audit(tx, _actor(admin.id), f"took role {role}", f"person:{person_id}")
        tx.announce(menus.TOPIC)
        if person_id != admin.id:
            _tell(tx, person_id, TAKEN[role])
    return RoleSet(_known(tx, person_id, admin.id), role, changed)


def keep_an_admin(tx: Tx, leaving_id: int) -> None:
    """Raise LastAdmin when nobody could act as an admin once this one is gone."""
    if "admin" in people.roles(tx, leaving_id) and not tx.number("roles.other_admins", person_id=leaving_id):
        raise refusals.LastAdmin


def add(tx: Tx, person_id: int, role: str, *, granted_by: int | None, because: str) -> bool:
    """Give a person a role and write it down, asking for no right. Tell whether it is new to them."""
    if not tx.run("roles.grant", person_id=person_id, role=role, granted_by=granted_by, now_ms=tx.now_ms):
        return False
    people.audit(tx, _actor(granted_by), f"gave role {role}", f"person:{person_id}", because)
    tx.announce(menus.TOPIC)
    return True


def let_manage(tx: Tx, person_id: int, project_id: int) -> None:
    """Let a coordinator manage a project; nothing changes when they do already."""
    tx.run("roles.let_manage", project_id=project_id, person_id=person_id)


def manages(tx: Tx, person_id: int, project_id: int) -> bool:
    """Tell whether a person may manage a project: its owner, its coordinators, any admin."""
    held = people.roles(tx, person_id)
    if "admin" in held:
        return True
    found = tx.value("roles.manages", project_id=project_id, person_id=person_id)
    return "coordinator" in held and found is not None


GIVEN = {
    "coordinator": "You are a coordinator now. /help lists what you can do.",
    "admin": "You are an admin now. /help lists what you can do.",
}
TAKEN = {
    "coordinator": "You are no longer a coordinator. Ask an admin if that surprises you.",
    "admin": "You are no longer an admin. Ask an admin if that surprises you.",
}
"""What a person is told when a role was given to them or taken back: whole sentences, so that they can be translated."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    id: int
    pseudonym: str
    contact: str
    state: str


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    role: str
    id: int
    pseudonym: str
    contact: str
    state: str


def _known(tx: Tx, person_id: int, admin_id: int) -> Holder:
    row = tx.one("roles.person", _Row, id=person_id)
    if row is None:
        raise refusals.OutOfDate
    return _holder(tx, row, admin_id)


def _holder(tx: Tx, row: _Row, admin_id: int) -> Holder:
    contact = _contact(tx, row)
    return Holder(
        id=row.id,
        pseudonym=row.pseudonym,
        name=str(contact.get("name", "")),
        username=str(contact.get("username", "")),
        state=row.state,
        roles=tuple(people.roles(tx, row.id)),
        is_you=row.id == admin_id,
    )


def _contact(tx: Tx, row: _Row) -> dict[str, object]:
    return dict(tx.vault.open("contact", row.contact)) if row.contact else {}


def _check_by_hand(role: str) -> None:
    if role not in GIVEN_BY_HAND:
        raise refusals.OutOfDate


def _tell(tx: Tx, person_id: int, sentence: str) -> None:
    key = f"role:{tx.new_id()}"
    deliveries.enqueue(tx, person_id=person_id, key=key, notice={"kind": "text", "text": sentence})


def _actor(person_id: int | None) -> str:
    return COMMAND_LINE if person_id is None else f"person:{person_id}"
