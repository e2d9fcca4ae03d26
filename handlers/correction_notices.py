"""Notices about corrections: to the student whose money moved, to the second person who is asked, and to the first about what became of it.
Each is made from the state of things when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from actions import appeals, bonuses, corrections, two_people, withholdings
from actions.ports import Store, Tx
from handlers.language import N_, _
from handlers.screen import Button, Screen
from handlers.views import appeals as appeals_view
from handlers.views import bonuses as bonuses_view
from handlers.views import corrections as view
from handlers.views import withholdings as withholdings_view
from rules.text import Text

OPENS = {"adjustment": "x:see", "bonus": "k:see", "withholding": "w:see", "appeal": "q:case"}
ASKS = {
    # Translators: Notices to an admin or coordinator; a button below opens the thing.
    "adjustment": N_("An admin proposes a correction of pay. It needs your word, or another admin's."),
    "bonus": N_("A bonus is proposed that needs an admin's word."),
    "withholding": N_(
        "A coordinator proposes to hold pay back. Nothing is held back until an admin confirms it."
    ),
    "appeal": N_("A student asks a person to look at something again. You can answer it."),
    "limit": N_(
        "An admin proposes a higher limit, above which two people are needed. It needs your word, or another admin's."
    ),
}
BECAME = {
    # Translators: Notices to whoever proposed something.
    ("adjustment", True): N_(
        "A second admin agreed to the correction of pay that you proposed. It is booked."
    ),
    ("adjustment", False): N_(
        "A second admin refused the correction of pay that you proposed. Nothing was booked."
    ),
    ("bonus", True): N_("An admin agreed to the bonus that you proposed. It is given."),
    ("bonus", False): N_("An admin refused the bonus that you proposed. Nothing was given."),
    ("withholding", True): N_(
        "An admin confirmed what you proposed: the pay is held back, and the student was told."
    ),
    ("withholding", False): N_("An admin did not confirm what you proposed: nothing is held back."),
}


async def _adjusted(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    found = await store.read(corrections.get, notice["id"])
    return view.notice(found) if found is not None and found.state == "booked" else None


async def _bonus(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    found = await store.read(bonuses.given, notice["id"], person_id)
    return bonuses_view.notice(*found) if found is not None else None


async def _withheld(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    found = await store.read(withholdings.told, notice["id"], person_id)
    # One that was decided since has a notice of its own about that.
    if found is None or found.withholding.state != notice["state"]:
        return None
    return withholdings_view.notice(found)


async def _answered(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    found = await store.read(appeals.told, notice["id"], person_id)
    return appeals_view.answered(found) if found is not None else None


def _state(tx: Tx, what: str, number: int) -> str:
    if what == "adjustment":
        adjustment = corrections.get(tx, number)
        return adjustment.state if adjustment else ""
    if what == "bonus":
        grant = bonuses.get(tx, number)
        return grant.state if grant else ""
    if what == "withholding":
        return withholdings.existing(tx, number).state
    if what == "appeal":
        return appeals.existing(tx, number).state
    return "waiting" if two_people.waiting_micro(tx) == number else ""


async def _second(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    what, number = str(notice["what"]), int(notice["id"])
    if await store.read(_state, what, number) not in ("waiting", "proposed", "open"):
        return None
    data = "x:limit" if what == "limit" else f"{OPENS[what]}:{number}"
    return Screen(Text().plain(_(ASKS[what])), [[Button(_("Look at it"), data)]])


async def _decided(store: Store, person_id: int, notice: dict[str, Any]) -> Screen | None:
    what, number = str(notice["what"]), int(notice["id"])
    agreed = await store.read(_state, what, number) not in ("refused", "discarded")
    text = Text().plain(_(BECAME[what, agreed]))
    return Screen(text, [[Button(_("Look at it"), f"{OPENS[what]}:{number}")]])


COMPOSERS: dict[str, Callable[[Store, int, dict[str, Any]], Awaitable[Screen | None]]] = {
    "adjusted": _adjusted,
    "bonus": _bonus,
    "withheld": _withheld,
    "appeal_answered": _answered,
    "second": _second,
    "correction_decided": _decided,
}
