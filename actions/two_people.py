"""Two people: what money one of them may move alone, the limit that says so, and telling those who can be the second.

The limit itself takes two as well when it is raised, or whoever it binds could set it aside.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from actions import deliveries, marks, people, refusals
from actions.people import Visitor
from rules import corrections, money
from storage.tx import Tx

LIMIT = "correction_limit_micro"
RAISE = "correction_limit_raise"
"""The setting that holds a raise which waits: millionths and the admin who asked for it."""
AWAITS_LIMIT = "limit:amount"


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """Above how much of a currency a second person must agree; and a higher one that waits for a second admin."""

    limit_micro: int
    waits_micro: int | None
    asked_by: int | None
    is_yours: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Admin:
    person_id: int


def limit_micro(tx: Tx) -> int:
    """Give the limit in millionths, whatever the currency."""
    kept = marks.get(tx, LIMIT)
    return corrections.LIMIT_MICRO if kept is None else int(kept)


def waiting_micro(tx: Tx) -> int | None:
    """Give a higher limit that waits for a second admin."""
    asked = marks.get(tx, RAISE)
    return None if asked is None else int(asked.partition(":")[0])


def limit(tx: Tx, visitor: Visitor) -> Limit:
    """Give the limit as an admin sees it."""
    admin = people.require_role(tx, visitor, "admin")
    asked = marks.get(tx, RAISE)
    if asked is None:
        return Limit(limit_micro(tx), None, None, is_yours=False)
    waits, _colon, by = asked.partition(":")
    return Limit(limit_micro(tx), int(waits), int(by), is_yours=int(by) == admin.id)


def await_limit(tx: Tx, visitor: Visitor) -> None:
    """Wait for the new limit from an admin."""
    people.await_input(tx, people.require_role(tx, visitor, "admin").id, AWAITS_LIMIT)


def set_limit(tx: Tx, visitor: Visitor, text: str) -> Limit:
    """Lower the limit at once, or ask a second admin to raise it. Raises NotAnAmount."""
    admin = people.require_role(tx, visitor, "admin")
    try:
        wanted = money.parse_amount(text.strip(), corrections.LIMIT_MAX_MICRO)
    except ValueError as error:
        raise refusals.NotAnAmount(text=text.strip()[:40]) from error
    people.stop_awaiting(tx, admin.id)
    actor = f"person:{admin.id}"
    if wanted <= limit_micro(tx):
        marks.put(tx, LIMIT, str(wanted))
        marks.drop(tx, RAISE)
        people.audit(tx, actor, "set correction limit", "limit", money.exact(wanted))
    else:
        marks.put(tx, RAISE, f"{wanted}:{admin.id}")
        people.audit(tx, actor, "asked to raise correction limit", "limit", money.exact(wanted))
        ask_for_second(tx, f"limit:{tx.new_id()}", {"what": "limit", "id": wanted}, but=admin.id)
    return limit(tx, visitor)


def decide_limit(tx: Tx, visitor: Visitor, wanted_micro: int, *, agrees: bool) -> Limit:
    """Agree to a higher limit, or refuse it; who asked for it can only take it back. Raises SamePerson or OutOfDate."""
    admin = people.require_role(tx, visitor, "admin")
    found = limit(tx, visitor)
    if found.waits_micro is None or found.waits_micro != wanted_micro:
        raise refusals.OutOfDate
    if agrees and found.asked_by == admin.id:
        raise refusals.SamePerson
    marks.drop(tx, RAISE)
    if agrees:
        marks.put(tx, LIMIT, str(wanted_micro))
    deed = "raised correction limit" if agrees else "refused to raise correction limit"
    people.audit(tx, f"person:{admin.id}", deed, f"person:{found.asked_by}", money.exact(wanted_micro))
    return limit(tx, visitor)


def ask_for_second(tx: Tx, key: str, notice: dict[str, Any], *, but: int, nor: int = 0) -> int:
    """Tell every admin who can be the second person, but for the first and whom it is about. Return how many."""
    found = tx.all("corrections.admins", _Admin, but=but, nor=nor)
    for one in found:
        deliveries.enqueue(
            tx,
            person_id=one.person_id,
            key=f"second:{key}:{one.person_id}",
            notice={"kind": "second", **notice},
        )
    return len(found)


def tell_first(tx: Tx, key: str, person_id: int, notice: dict[str, Any]) -> None:
    """Tell whoever proposed something what became of it."""
    deliveries.enqueue(
        tx, person_id=person_id, key=f"decided:{key}", notice={"kind": "correction_decided", **notice}
    )
