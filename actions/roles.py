"""Roles: who holds what, giving and taking it, and who manages which project. Each change is audited."""

from __future__ import annotations

from actions import people
from storage.tx import Tx

ROLES = ("student", "coordinator", "admin")
WORDS = {"student": "a student", "coordinator": "a coordinator", "admin": "an admin"}


def add(tx: Tx, person_id: int, role: str, *, granted_by: int | None, because: str) -> bool:
    """Give a person a role and write it down. Tell whether it is new to them."""
    if not tx.run("roles.grant", person_id=person_id, role=role, granted_by=granted_by, now_ms=tx.now_ms):
        return False
    people.audit(tx, _actor(granted_by), f"gave role {role}", f"person:{person_id}", because)
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


def _actor(person_id: int | None) -> str:
    return "command line" if person_id is None else f"person:{person_id}"
